//! The wall clock passes through here: what time it is, asked of a value that tests can fix.

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
        match self.0 {
            Source::System => Timestamp::now(),
            Source::Fixed(instant) => instant,
        }
    }
}
