//! What the functions of one render share passes through here: randomness, the clock, turns of `cycle`.
//!
//! minijinja keeps only values that outlive every borrow, so a render gets its own copy of what it may ask: a
//! generator that starts where the caller's draws next, and the counts and variables its template names.

use std::sync::{Mutex, PoisonError};

use minijinja::value::Object;
use sockeye_core::{Clock, Random};

use crate::template::scope::{Found, Root, Scope, Step, Vars};
use crate::template::uses::Uses;

/// The name of the session among a template's variables.
pub(super) const SESSION: &str = "session";

#[derive(Debug)]
pub(super) struct Session {
    world: World,
    clock: Clock,
    moving: Mutex<Moving>,
}

/// What changes while a template is rendered.
#[derive(Debug)]
struct Moving {
    random: Random,
    /// How often each `cycle` tag has been reached.
    turns: Vec<usize>,
}

/// What the template's helpers may ask, asked beforehand.
#[derive(Debug, Default)]
struct World {
    on_path: u64,
    everywhere: u64,
    env: Vec<(String, Option<String>)>,
}

impl Object for Session {}

impl Vars for World {
    /// Paths are variables of the tag engine and never asked for here.
    fn find(&self, _: Root, _: &[Step]) -> Found<'_> {
        Found::Missing
    }

    fn connection_count(&self, everywhere: bool) -> u64 {
        if everywhere {
            self.everywhere
        } else {
            self.on_path
        }
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env
            .iter()
            .find(|(known, _)| known == name)
            .and_then(|(_, value)| value.clone())
    }
}

impl Session {
    pub(super) fn new(scope: &mut Scope<'_>, uses: &Uses, cycles: usize) -> Self {
        let mut world = World::default();
        if uses.connection_count {
            world.on_path = scope.vars.connection_count(false);
            world.everywhere = scope.vars.connection_count(true);
        }
        world.env = uses
            .env
            .iter()
            .map(|name| (name.clone(), scope.vars.env(name)))
            .collect();
        let random = Random::seeded(scope.random.bits());
        let moving = Mutex::new(Moving {
            random,
            turns: vec![0; cycles],
        });
        Self {
            world,
            clock: scope.clock.clone(),
            moving,
        }
    }

    /// Lends what a helper or filter may use.
    pub(super) fn with_scope<T>(&self, work: impl FnOnce(&mut Scope<'_>) -> T) -> T {
        let mut moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut Scope {
            vars: &self.world,
            random: &mut moving.random,
            clock: &self.clock,
        })
    }

    /// How often the `cycle` tag number `site` was reached before.
    pub(super) fn turn(&self, site: usize) -> usize {
        let mut moving = self.moving.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(turns) = moving.turns.get_mut(site) else {
            return 0;
        };
        *turns += 1;
        *turns - 1
    }
}
