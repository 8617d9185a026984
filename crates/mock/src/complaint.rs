//! Lines of the log that peers can cause pass here: at most one of a kind in a second.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// At most one line in this time; peers could fill a disk otherwise.
const PAUSE: Duration = Duration::from_secs(1);

/// One kind of complaint.
#[derive(Debug, Default)]
pub(crate) struct Complaint {
    last: Mutex<Option<Instant>>,
}

impl Complaint {
    /// One that has not been made yet.
    pub(crate) const fn new() -> Self {
        Self {
            last: Mutex::new(None),
        }
    }

    /// Whether one may be logged now.
    pub(crate) fn may_be_logged(&self) -> bool {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let may = last.is_none_or(|last| now - last >= PAUSE);
        if may {
            *last = Some(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_of_two_complaints_is_not_logged() {
        let complaint = Complaint::default();
        assert_eq!(
            [complaint.may_be_logged(), complaint.may_be_logged()],
            [true, false]
        );
    }
}
