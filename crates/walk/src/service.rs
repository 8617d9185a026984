//! What all connections of a model service share passes through here: its options, its sessions, its threads.

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire};
use std::sync::{Arc, Mutex};

use sockeye_core::{Clock, Random};
use sockeye_model::machine::Compat;

use crate::card::locked;
use crate::limits::THREADS;
use crate::profile::Protocol;
use crate::registry::Registry;

/// How a service is to behave.
#[derive(Clone, Debug, Default)]
pub struct WalkOptions {
    /// The generation of the protocol that all connections speak; if there is none, each shows its own.
    pub protocol: Option<Protocol>,
    /// Stay silent where the reference does, and send nothing that it does not send.
    pub strict_silence: bool,
    /// Repeat faults of the reference that clients could have come to depend on.
    pub bug_compatible: bool,
    /// The seed of every walk whose client and model give none; random if there is none here either.
    pub seed: Option<i64>,
}

impl WalkOptions {
    /// Whose habits the machines keep.
    pub(crate) fn compat(&self) -> Compat {
        if self.bug_compatible {
            Compat::Strict
        } else {
            Compat::Improved
        }
    }
}

/// What all connections share.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) options: WalkOptions,
    pub(crate) registry: Registry,
    random: Mutex<Random>,
    threads: AtomicUsize,
}

/// A thread of a session's own; counted until it is dropped.
#[derive(Debug)]
pub(crate) struct ThreadPermit(Arc<Service>);

/// Random seeds stay below what every client can tell apart as a number.
const SEED_BITS: u32 = 53;

impl Service {
    pub(crate) fn new(options: WalkOptions, clock: Clock) -> Self {
        Self {
            options,
            registry: Registry::new(clock),
            random: Mutex::new(Random::from_os()),
            threads: AtomicUsize::new(0),
        }
    }

    /// A generator for one connection's ids.
    pub(crate) fn random(&self) -> Random {
        Random::seeded(locked(&self.random).bits())
    }

    /// The seed of a walk for which nobody has given one.
    pub(crate) fn seed(&self) -> i64 {
        let drawn = || locked(&self.random).bits() >> (u64::BITS - SEED_BITS);
        let drawn = || i64::try_from(drawn()).unwrap_or_default();
        self.options.seed.unwrap_or_else(drawn)
    }

    /// Permission for one more thread; none if there are too many.
    pub(crate) fn thread(self: &Arc<Self>) -> Option<ThreadPermit> {
        let more = |running: usize| (running < THREADS).then_some(running + 1);
        let taken = self.threads.fetch_update(AcqRel, Acquire, more);
        taken.ok().map(|_| ThreadPermit(Arc::clone(self)))
    }
}

impl Drop for ThreadPermit {
    fn drop(&mut self) {
        self.0.threads.fetch_sub(1, AcqRel);
    }
}
