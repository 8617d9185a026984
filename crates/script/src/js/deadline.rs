//! The time a piece of JavaScript may still run passes through here; the engine asks for it every few thousand steps.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A deadline that the engine's interrupt handler and its owner share.
#[derive(Clone, Debug)]
pub(super) struct Deadline(Rc<Cells>);

#[derive(Debug)]
struct Cells {
    at: Cell<Option<Instant>>,
    passed: Cell<bool>,
}

impl Deadline {
    pub(super) fn new() -> Self {
        Self(Rc::new(Cells {
            at: Cell::new(None),
            passed: Cell::new(false),
        }))
    }

    /// Starts a new piece that may take this long.
    pub(super) fn set(&self, time: Duration) {
        self.set_at(Instant::now() + time);
    }

    /// Starts a new piece that may run until then.
    pub(super) fn set_at(&self, at: Instant) {
        self.0.at.set(Some(at));
        self.0.passed.set(false);
    }

    /// No code is running that could be late.
    pub(super) fn clear(&self) {
        self.0.at.set(None);
        self.0.passed.set(false);
    }

    /// Whether the time is over. Once it is, it stays so until the next piece starts.
    pub(super) fn is_over(&self) -> bool {
        let over = self.0.passed.get() || self.0.at.get().is_some_and(|at| Instant::now() >= at);
        self.0.passed.set(over);
        over
    }
}
