//! A machine without its script engine passes through here, on its way to another thread.

use std::sync::Arc;
use std::time::Duration;

use sockeye_script::js::{PackedScopes, ScopeLimits, Scopes};

use super::{Bounds, Compat, Lane, Machine, WalkError};
use crate::topology::Node;
use crate::{JavaRandom, Suite};

/// The scope that all models see.
const GLOBAL: usize = usize::MAX;

/// A machine that stands still and may go to another thread, where it goes on from the same place.
#[derive(Debug)]
pub struct Frozen {
    suite: Arc<Suite>,
    lanes: Vec<Lane>,
    at: usize,
    came_from: Option<(usize, Node)>,
    random: JavaRandom,
    executions: u64,
    total: u64,
    elapsed: Duration,
    bounds: Bounds,
    seed: u32,
    scripts: Kept,
}

/// What is kept of the scripts.
#[derive(Debug)]
enum Kept {
    /// All of them: there was no engine.
    Whole(PackedScopes),
    /// Assignments that bring the variables back, each with its scope.
    Assignments(Vec<(usize, String)>),
}

impl Machine {
    /// Whether it has an engine for its scripts, which stays on its thread.
    pub fn has_engine(&self) -> bool {
        self.scripts.has_engine()
    }

    /// Takes the machine from its thread. If there is an engine, variables must be numbers, texts or truths: what else they
    /// hold is lost.
    pub fn freeze(mut self) -> Result<Frozen, WalkError> {
        let scripts = match self.scripts.pack() {
            Some(packed) => Kept::Whole(packed),
            None => Kept::Assignments(self.assignments()?),
        };
        Ok(Frozen {
            suite: self.suite,
            lanes: self.lanes,
            at: self.at,
            came_from: self.came_from,
            random: self.random,
            executions: self.executions,
            total: self.total,
            elapsed: self.elapsed,
            bounds: self.bounds,
            seed: self.script_seed,
            scripts,
        })
    }

    fn assignments(&mut self) -> Result<Vec<(usize, String)>, WalkError> {
        let mut variables = Vec::new();
        for scope in (0..self.lanes.len()).chain([GLOBAL]) {
            let found = self.scripts.data(scope).map_err(WalkError::loose)?;
            for (name, shown) in found {
                let is_text = self
                    .scripts
                    .test(scope, &format!("typeof {name} === 'string'"));
                let is_text = is_text.map_err(WalkError::loose)?;
                let value = if is_text {
                    // The text must not send its assignment into the global scope.
                    let quoted = serde_json::Value::from(shown).to_string();
                    quoted.replace("global.", "global\\u002e")
                } else {
                    shown
                };
                variables.push((scope, format!("{name} = {value};")));
            }
        }
        Ok(variables)
    }

    /// Adds the models of `suite` behind its own, which must be the first of `suite` and in the same order. The walk stays
    /// where it is. Models that cannot be added change nothing but variables.
    pub fn extend(&mut self, suite: Arc<Suite>) -> Result<(), WalkError> {
        let first = self.lanes.first();
        let compat = first.map_or_else(Compat::default, |lane| lane.place.compat);
        let more = self.lanes.len()..suite.models.len();
        let before = std::mem::replace(&mut self.suite, suite);
        for number in more {
            let added = super::lane(&self.suite, number, compat);
            let added = added.map(|lane| self.lanes.push(lane));
            if let Err(error) = added.and_then(|()| self.prepare(number)) {
                self.lanes.truncate(before.models.len());
                self.suite = before;
                return Err(error);
            }
        }
        Ok(())
    }
}

impl Frozen {
    /// The machine again, with these bounds for its scripts.
    pub fn thaw(self, limits: ScopeLimits) -> Result<Machine, WalkError> {
        let scripts = match self.scripts {
            Kept::Whole(packed) => packed.unpack(limits),
            Kept::Assignments(assignments) => {
                let mut scripts = Scopes::new(limits, self.seed);
                for (scope, assignment) in &assignments {
                    scripts.run(*scope, assignment).map_err(WalkError::loose)?;
                }
                scripts
            }
        };
        Ok(Machine {
            suite: self.suite,
            lanes: self.lanes,
            at: self.at,
            came_from: self.came_from,
            random: self.random,
            scripts,
            script_seed: self.seed,
            executions: self.executions,
            total: self.total,
            elapsed: self.elapsed,
            bounds: self.bounds,
            open: Vec::new(),
        })
    }
}
