//! What observers want of a session passes through here: pauses, delays, breakpoints, and whether a step may be made.

use std::collections::HashSet;
use std::sync::MutexGuard;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::time::{Duration, Instant};

use sockeye_model::Element;
use sockeye_model::machine::Step;

use super::{Card, Observer, locked};
use crate::limits::OBSERVERS;

/// What observers want.
#[derive(Debug, Default)]
pub(super) struct Control {
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

impl Card {
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
