//! What everybody may see of a session passes through here, and what observers want of it, from any thread to any thread.

mod progress;

use std::collections::HashSet;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sockeye_core::Timestamp;
use sockeye_model::machine::Step;
use sockeye_model::{Element, Suite};

use crate::limits::OBSERVERS;
use crate::summons::Summons;

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

/// What observers want.
#[derive(Debug, Default)]
struct Control {
    wishes: Vec<(Observer, Wish)>,
    /// Steps that may be made all the same.
    permits: u32,
}

/// What one observer wants.
#[derive(Debug, Default)]
struct Wish {
    paused: bool,
    delay: Duration,
    breakpoints: HashSet<(usize, Element)>,
}

/// Whether the next step may be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    Open,
    /// Not before this instant.
    Until(Instant),
    /// Not before somebody says so.
    Shut,
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

    fn control(&self) -> MutexGuard<'_, Control> {
        locked(&self.control)
    }

    /// Whether anybody steers it. One load where nobody does.
    pub(crate) fn is_steered(&self) -> bool {
        self.is_steered.load(Acquire)
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.is_steered() && self.control().is_paused()
    }

    /// Whether a step may be made. `due` is when a delayed one was to be made, if it was asked for before.
    pub(crate) fn gate(&self, due: &mut Option<Instant>) -> Gate {
        if !self.is_steered() {
            return Gate::Open;
        }
        let mut control = self.control();
        if control.is_paused() {
            let Some(left) = control.permits.checked_sub(1) else {
                return Gate::Shut;
            };
            control.permits = left;
            return Gate::Open;
        }
        let delay = control.wishes.iter().map(|(_, wish)| wish.delay).max();
        let delay = delay.unwrap_or_default();
        if delay.is_zero() {
            *due = None;
            return Gate::Open;
        }
        let now = Instant::now();
        match *due {
            Some(instant) if instant <= now => {
                *due = None;
                Gate::Open
            }
            Some(instant) => Gate::Until(instant),
            None => {
                *due = Some(now + delay);
                Gate::Until(now + delay)
            }
        }
    }

    /// Pauses at a breakpoint. True: there is one.
    pub(crate) fn breaks_at(&self, step: Step) -> bool {
        if !self.is_steered() {
            return false;
        }
        let mut control = self.control();
        let place = (step.model, step.element);
        let mut is_met = false;
        for (_, wish) in &mut control.wishes {
            if wish.breakpoints.contains(&place) {
                wish.paused = true;
                is_met = true;
            }
        }
        is_met
    }

    /// Changes what an observer wants. None: too many observers want something. Otherwise whether it is paused now, and
    /// whether it was.
    fn wish(&self, observer: Observer, change: impl FnOnce(&mut Wish)) -> Option<(bool, bool)> {
        let mut control = self.control();
        let was_paused = control.is_paused();
        let known = control.wishes.iter().position(|(who, _)| *who == observer);
        let at = match known {
            Some(at) => at,
            None if control.wishes.len() >= OBSERVERS => return None,
            None => {
                control.wishes.push((observer, Wish::default()));
                control.wishes.len() - 1
            }
        };
        change(&mut control.wishes[at].1);
        self.settle(&mut control);
        let paused = (control.is_paused(), was_paused);
        drop(control);
        self.summons.call();
        Some(paused)
    }

    fn settle(&self, control: &mut Control) {
        control.wishes.retain(|(_, wish)| !wish.is_empty());
        if !control.is_paused() {
            control.permits = 0;
        }
        self.is_steered.store(!control.wishes.is_empty(), Release);
    }

    /// Pauses. None: too many observers; otherwise whether that changes anything.
    pub(crate) fn pause(&self, observer: Observer) -> Option<bool> {
        let (_, was_paused) = self.wish(observer, |wish| wish.paused = true)?;
        Some(!was_paused)
    }

    /// Goes on, whoever has paused it. Whether it was paused.
    pub(crate) fn resume(&self) -> bool {
        let mut control = self.control();
        let was_paused = control.is_paused();
        for (_, wish) in &mut control.wishes {
            wish.paused = false;
        }
        self.settle(&mut control);
        drop(control);
        self.summons.call();
        was_paused
    }

    /// Lets one step pass. False: it is not paused.
    pub(crate) fn step_once(&self) -> bool {
        let mut control = self.control();
        if !control.is_paused() {
            return false;
        }
        control.permits = control.permits.saturating_add(1);
        drop(control);
        self.summons.call();
        true
    }

    /// Makes each step wait. False: too many observers.
    pub(crate) fn delay(&self, observer: Observer, delay: Duration) -> bool {
        self.wish(observer, |wish| wish.delay = delay).is_some()
    }

    /// Replaces the breakpoints of an observer. False: too many observers.
    pub(crate) fn break_at(&self, observer: Observer, places: HashSet<(usize, Element)>) -> bool {
        self.wish(observer, |wish| wish.breakpoints = places)
            .is_some()
    }

    /// Forgets what an observer wanted, and only that. Whether that ends a pause.
    pub(crate) fn forget(&self, observer: Observer) -> bool {
        if !self.is_steered() {
            return false;
        }
        let changed = self.wish(observer, |wish| *wish = Wish::default());
        changed.is_some_and(|(is_paused, was_paused)| was_paused && !is_paused)
    }
}

impl Control {
    fn is_paused(&self) -> bool {
        self.wishes.iter().any(|(_, wish)| wish.paused)
    }
}

impl Wish {
    fn is_empty(&self) -> bool {
        !self.paused && self.delay.is_zero() && self.breakpoints.is_empty()
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
