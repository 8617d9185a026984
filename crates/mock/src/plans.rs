//! The current plan, and word of its changes.

use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
};

use arc_swap::ArcSwap;
use tokio::sync::Notify;

use crate::plan::Plan;

/// Holds the plan that is in force.
#[derive(Debug)]
pub(crate) struct Plans {
    current: ArcSwap<Plan>,
    /// Of the current plan; one load tells a session whether it has to look again.
    generation: AtomicU64,
    changed: Notify,
}

impl Plans {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            generation: AtomicU64::new(plan.generation),
            current: ArcSwap::from_pointee(plan),
            changed: Notify::new(),
        }
    }

    pub(crate) fn swap(&self, plan: Plan) {
        let generation = plan.generation;
        self.current.store(Arc::new(plan));
        // Whoever sees the new number sees the new plan.
        self.generation.store(generation, Release);
        self.changed.notify_waiters();
    }

    pub(crate) fn current(&self) -> Arc<Plan> {
        self.current.load_full()
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Acquire)
    }

    /// Waits until the plan is another one than that of `generation`.
    pub(crate) async fn changed_since(&self, generation: u64) {
        loop {
            // Before the look: a change between the two is not missed.
            let changed = self.changed.notified();
            if self.generation() != generation {
                return;
            }
            changed.await;
        }
    }
}
