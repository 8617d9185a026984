//! The wall clock passes through here: what time it is, asked of a value that tests can fix.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// Tells the time of day. Cheap to clone.
///
/// Durations and deadlines do not come from here: they use the runtime's monotonic clock.
#[derive(Clone, Debug, Default)]
pub struct Clock(Source);

#[derive(Clone, Debug, Default)]
enum Source {
    #[default]
    System,
    Fixed(Timestamp),
    Hands(Hands),
}

/// The hands of a clock that somebody sets, in a test say: it stands still, and may jump. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hands(Arc<Mutex<Timestamp>>);

impl Hands {
    /// Hands at `instant`.
    pub fn at(instant: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }

    /// Sets them.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = instant;
    }

    /// The clock that has them.
    pub fn clock(&self) -> Clock {
        Clock(Source::Hands(self.clone()))
    }

    fn read(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `instant`.
    pub fn fixed(instant: Timestamp) -> Self {
        Self(Source::Fixed(instant))
    }

    /// The current instant, UTC, with nanoseconds.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => Timestamp::now(),
            Source::Fixed(instant) => *instant,
            Source::Hands(hands) => hands.read(),
        }
    }
}
