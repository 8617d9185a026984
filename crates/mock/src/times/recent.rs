//! What has been counted in the last seconds: the difference of two sums, one of which was kept.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::histogram::Durations;

/// Sums are kept this far apart, and a difference spans no less.
const STEP: Duration = Duration::from_secs(1);

/// What counts as the last seconds.
const WINDOW: Duration = Duration::from_secs(10);

/// Sums that are kept: those of the window, and one before it.
const MOST_KEPT: usize = 12;

/// Sums of the last seconds; they are kept when somebody asks, so nothing happens while nobody does.
#[derive(Debug)]
pub(crate) struct Recent(Mutex<VecDeque<(Instant, Durations)>>);

impl Recent {
    /// Nothing has been counted before `start`.
    pub(crate) fn new(start: Instant) -> Self {
        Self(Mutex::new([(start, Durations::default())].into()))
    }

    /// What has come in the last ten seconds, and how long that really is: from the start on at most, and from the
    /// time of the last question where that is longer ago.
    pub(crate) fn of(&self, now: Instant, sum: Durations) -> (Duration, Durations) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let age = |at: Instant| now.saturating_duration_since(at);
        let recent = kept
            .iter()
            .find(|(at, _)| (STEP..=WINDOW).contains(&age(*at)));
        let older = || kept.iter().rev().find(|(at, _)| age(*at) >= STEP);
        let base = recent.or_else(older).or_else(|| kept.front());
        let (window, news) = base.map_or_else(Default::default, |(at, before)| {
            (age(*at), sum.since(before))
        });
        if kept.back().is_none_or(|(at, _)| age(*at) >= STEP) {
            kept.push_back((now, sum));
        }
        while kept.len() > MOST_KEPT {
            kept.pop_front();
        }
        (window, news)
    }
}

#[cfg(test)]
mod tests {
    use super::super::histogram::Histogram;
    use super::*;

    #[test]
    fn the_last_ten_seconds_count() {
        let start = Instant::now();
        let (recent, histogram) = (Recent::new(start), Histogram::default());
        let ask = |tenths: u64, more: u64| {
            histogram.record(Duration::from_millis(1), more);
            let now = start + Duration::from_millis(tenths * 100);
            let (window, news) = recent.of(now, histogram.durations());
            (window.as_millis(), news.count())
        };
        assert_eq!(ask(5, 3), (500, 3));
        assert_eq!(ask(40, 2), (4_000, 5));
        for second in 5..40 {
            ask(second * 10, 1);
        }
        assert_eq!(ask(400, 1), (10_000, 10));
        assert_eq!(ask(401, 1), (9_100, 10));
        // After a silence, all that has come in it; and then what has come since.
        assert_eq!(ask(5_000, 7), (460_000, 8));
        assert_eq!(ask(5_005, 7), (460_500, 15));
        assert_eq!(ask(5_020, 1), (2_000, 8));
    }
}
