//! The current plan, and word of its changes.

use std::sync::Arc;
use std::sync::atomic::{
    AtomicU64,
    Ordering::{Acquire, Release},
};

use arc_swap::{ArcSwap, ArcSwapOption};
use tokio::sync::Notify;

use crate::chaos::Chaos;
use crate::plan::{Plan, SocketRoute};

/// Holds the plan that is in force.
#[derive(Debug)]
pub(crate) struct Plans {
    current: ArcSwap<Plan>,
    /// Of the current plan.
    generation: AtomicU64,
    /// Grows with every plan and every wish for chaos; one load tells a session whether it has to look again.
    edition: AtomicU64,
    /// What an operator wants to go wrong instead of what the files say.
    chaos: ArcSwapOption<Chaos>,
    changed: Notify,
}

impl Plans {
    pub(crate) fn new(plan: Plan) -> Self {
        Self {
            generation: AtomicU64::new(plan.generation),
            edition: AtomicU64::new(0),
            chaos: ArcSwapOption::empty(),
            current: ArcSwap::from_pointee(plan),
            changed: Notify::new(),
        }
    }

    pub(crate) fn swap(&self, plan: Plan) {
        let generation = plan.generation;
        self.current.store(Arc::new(plan));
        // Whoever sees the new number sees the new plan.
        self.generation.store(generation, Release);
        self.edition.fetch_add(1, Release);
        self.changed.notify_waiters();
    }

    /// Lets `chaos` hold for all routes; `None`: what the files say.
    pub(crate) fn want_chaos(&self, chaos: Option<Arc<Chaos>>) {
        self.chaos.store(chaos);
        self.edition.fetch_add(1, Release);
    }

    /// What an operator wants to go wrong.
    pub(crate) fn wanted_chaos(&self) -> Option<Arc<Chaos>> {
        self.chaos.load_full()
    }

    /// What goes wrong on a route, if anything does.
    pub(crate) fn chaos_of(&self, route: &SocketRoute) -> Option<Arc<Chaos>> {
        let wanted = self.wanted_chaos();
        let chaos = wanted.or_else(|| route.chaos.clone());
        chaos.filter(|chaos| chaos.is_on())
    }

    pub(crate) fn edition(&self) -> u64 {
        self.edition.load(Acquire)
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
