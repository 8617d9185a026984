//! How many samples are due passes through here: a rate or an interval, and the time that has gone by.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::properties::Properties;

/// The longest gap in which samples pile up; what was due longer ago is left out.
const LONGEST_GAP: Duration = Duration::from_secs(1);
/// The most samples that a rate may ask for per second.
const FASTEST: u64 = 1_000_000_000;

/// Says when samples are due.
#[derive(Debug)]
pub(super) struct Pace {
    /// Nanoseconds between two samples.
    every: u64,
    is_at_once: bool,
    /// When the next sample is due.
    next: Instant,
}

impl Pace {
    pub(super) fn of(properties: &Properties<'_>) -> Self {
        let seconds = properties.count("interval_sec").min(u64::from(u32::MAX));
        let nanos = properties.count("interval_nsec").min(u64::from(u32::MAX));
        let interval = seconds * 1_000_000_000 + nanos;
        let rate = properties.count("rate").clamp(1, FASTEST);
        Self {
            every: if interval > 0 {
                interval
            } else {
                1_000_000_000 / rate
            },
            is_at_once: properties.flag("flush_on_startup"),
            next: Instant::now(),
        }
    }

    /// The time runs from now on.
    pub(super) fn start(&mut self) {
        self.next = Instant::now();
        if !self.is_at_once {
            self.next += Duration::from_nanos(self.every);
        }
    }

    /// Until a sample is due.
    pub(super) async fn wait(&self) {
        sleep_until(self.next).await;
    }

    /// How many samples are due, at least one.
    pub(super) fn due(&mut self) -> u64 {
        let late = self.next.elapsed();
        if late > LONGEST_GAP {
            self.next += late.saturating_sub(LONGEST_GAP);
        }
        let late = u64::try_from(self.next.elapsed().as_nanos()).unwrap_or(u64::MAX);
        1 + late / self.every
    }

    /// So many were given.
    pub(super) fn given(&mut self, samples: u64) {
        self.next += Duration::from_nanos(self.every.saturating_mul(samples));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(every: Duration) -> Pace {
        Pace {
            every: u64::try_from(every.as_nanos()).unwrap(),
            is_at_once: false,
            next: Instant::now(),
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_rate_is_kept_over_the_timers_grain() {
        let mut pace = pace(Duration::from_micros(10));
        pace.start();
        let mut samples = 0;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(1) {
            pace.wait().await;
            let due = pace.due();
            pace.given(due);
            samples += due;
        }
        assert!((99_000..=101_000).contains(&samples), "{samples}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_due_long_ago_is_left_out() {
        let mut pace = pace(Duration::from_millis(100));
        pace.start();
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(pace.due(), 11);
    }
}
