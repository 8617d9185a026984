//! The last minute passes through here: how many errors it had, and whether that is too many.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, interval};

use super::{Counters, View};
use crate::service::Health as Limits;

/// How often the counters are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// Looks that are kept at most: a period longer than a day is judged by its last day.
const LOOKS: usize = 24 * 60 * 60;

/// Whether things are well.
#[derive(Debug)]
pub(crate) struct Health {
    pub(super) limits: Limits,
    looks: Mutex<VecDeque<Look>>,
}

/// The counters at an instant.
#[derive(Clone, Copy, Debug)]
struct Look {
    at: Instant,
    errors: u64,
    retries_failed: u64,
}

impl Look {
    fn now(counters: &Counters) -> Self {
        let outputs = || counters.outputs.iter();
        Self {
            at: Instant::now(),
            errors: outputs().map(|output| output.errors.get()).sum(),
            retries_failed: outputs().map(|output| output.retries_failed.get()).sum(),
        }
    }
}

impl Health {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            looks: Mutex::default(),
        }
    }

    fn look(&self, look: Look) {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        looks.push_back(look);
        // The oldest one is what the others are compared with: it may be older than the period.
        while looks.len() > LOOKS
            || looks
                .get(1)
                .is_some_and(|second| look.at - second.at >= self.limits.period)
        {
            looks.pop_front();
        }
    }

    /// Errors and exhausted retries within the period.
    pub(super) fn recent(&self) -> (u64, u64) {
        let looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        match (looks.front(), looks.back()) {
            (Some(first), Some(last)) => (
                last.errors - first.errors,
                last.retries_failed - first.retries_failed,
            ),
            _ => (0, 0),
        }
    }

    /// Whether neither is beyond its limit.
    pub(super) fn is_good(&self) -> bool {
        let (errors, failures) = self.recent();
        errors <= self.limits.errors && failures <= self.limits.retry_failures
    }
}

/// Looks at the counters, for as long as it is let.
pub(super) async fn sample(view: Arc<View>) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        if let Some(health) = &view.health {
            health.look(Look::now(&view.counters));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::{Health, Limits, Look};

    #[test]
    fn health_is_about_the_period_alone() {
        let health = Health::new(Limits {
            errors: 5,
            retry_failures: 5,
            period: Duration::from_mins(1),
        });
        let start = Instant::now();
        let look = |second, errors, retries_failed| {
            health.look(Look {
                at: start + Duration::from_secs(second),
                errors,
                retries_failed,
            });
            health.is_good()
        };
        assert!(look(0, 0, 0));
        assert!(look(1, 5, 5), "as many as there may be");
        assert!(!look(2, 6, 0));
        assert!(!look(59, 6, 0));
        assert!(look(120, 6, 0), "a minute later that is past");
        assert!(!look(121, 6, 6));
    }
}
