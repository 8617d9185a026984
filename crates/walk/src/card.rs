//! What everybody may see of a session passes through here, and what observers want of it, from any thread to any thread.

mod progress;
mod wishes;

use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sockeye_core::Timestamp;
use sockeye_model::Suite;

use crate::summons::Summons;
use wishes::Control;
pub(crate) use wishes::Gate;

/// Whoever watches or steers sessions: a connection, or a page of the dashboard.
pub type Observer = u64;

/// A session as others see it.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) suite: Arc<Suite>,
    pub(crate) seed: i64,
    pub(crate) started: Timestamp,
    /// The group that hears of its steps.
    pub(crate) group: Arc<str>,
    /// Where each model's elements begin in `visits`.
    offsets: Box<[usize]>,
    visits: Box<[AtomicU32]>,
    statuses: Box<[AtomicU8]>,
    steps: AtomicU64,
    /// Of each model when it was last stepped; behind them that of the model that was stepped last.
    fulfilments: Box<[AtomicU64]>,
    /// Model and element it stands at, as one number; 0 before the first step.
    at: AtomicU64,
    /// Those who hear of each step, in either shape.
    pub(crate) watchers: [AtomicUsize; 2],
    /// Somebody wants to know variables and requirements.
    wants_state: AtomicBool,
    state: Mutex<Option<Arc<str>>>,
    /// Why a step could not be made.
    failure: Mutex<Option<Arc<str>>>,
    /// Whether steps are held back, delayed or looked at.
    is_steered: AtomicBool,
    control: Mutex<Control>,
    summons: Summons,
}

/// Who a card is made for.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) group: Arc<str>,
    pub(crate) seed: i64,
    pub(crate) started: Timestamp,
    pub(crate) summons: Summons,
}

impl Card {
    pub(crate) fn new(identity: Identity, suite: &Arc<Suite>) -> Self {
        let mut offsets = Vec::with_capacity(suite.models.len());
        let mut total = 0;
        for model in &suite.models {
            offsets.push(total);
            total += model.vertices.len() + model.edges.len();
        }
        Self {
            id: identity.id,
            name: identity.name,
            suite: Arc::clone(suite),
            seed: identity.seed,
            started: identity.started,
            group: identity.group,
            offsets: offsets.into(),
            visits: (0..total).map(|_| AtomicU32::new(0)).collect(),
            statuses: suite.models.iter().map(|_| AtomicU8::new(0)).collect(),
            steps: AtomicU64::new(0),
            fulfilments: (0..=suite.models.len())
                .map(|_| AtomicU64::new(0))
                .collect(),
            at: AtomicU64::new(0),
            watchers: Default::default(),
            wants_state: AtomicBool::new(false),
            state: Mutex::default(),
            failure: Mutex::default(),
            is_steered: AtomicBool::new(false),
            control: Mutex::default(),
            summons: identity.summons,
        }
    }

    /// Asks for variables and requirements.
    pub(crate) fn want_state(&self) {
        self.wants_state.store(true, Release);
        self.summons.call();
    }

    /// Whether somebody asks for them; asked once.
    pub(crate) fn is_state_wanted(&self) -> bool {
        self.wants_state.load(Relaxed) && self.wants_state.swap(false, Acquire)
    }

    pub(crate) fn keep_state(&self, state: &str) {
        *locked(&self.state) = Some(state.into());
    }

    /// What was last said about variables and requirements.
    pub(crate) fn state(&self) -> Option<Arc<str>> {
        locked(&self.state).clone()
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
