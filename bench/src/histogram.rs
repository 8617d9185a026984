//! Latencies pass through here: counted in buckets of constant relative width, asked for as percentiles.

use std::time::Duration;

/// Buckets to each doubling of the latency: a percentile is at most 1/64 above the true value.
const STEPS: u64 = 64;
const STEPS_LOG2: u32 = STEPS.trailing_zeros();
/// Doublings from [`STEPS`] ns to the largest `u64`, and the part below, which is exact.
const DOUBLINGS: usize = 59;
const BUCKETS: usize = DOUBLINGS * 64;

/// Counts of latencies; about 30 KB whatever the number of messages.
pub(crate) struct Histogram {
    counts: Vec<u32>,
    total: u64,
}

impl Histogram {
    /// An empty histogram.
    pub(crate) fn new() -> Self {
        Self {
            counts: vec![0; BUCKETS],
            total: 0,
        }
    }

    /// Forgets everything that was counted.
    pub(crate) fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }

    /// Counts `times` messages that took `latency`. More than 584 years count as 584 years.
    pub(crate) fn record(&mut self, latency: Duration, times: u32) {
        let nanoseconds = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(bucket_of(nanoseconds)) {
            *count = count.saturating_add(times);
            self.total += u64::from(times);
        }
    }

    /// The latency that `percent` of the messages did not exceed, as the upper edge of its bucket:
    /// rounded up by 1.6 % at most. Zero when nothing was counted.
    pub(crate) fn percentile(&self, percent: u32) -> Duration {
        let wanted = (self.total * u64::from(percent.min(100)))
            .div_ceil(100)
            .max(1);
        let mut seen = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= wanted {
                return Duration::from_nanos(upper_edge(bucket));
            }
        }
        Duration::ZERO
    }
}

/// Below [`STEPS`] each nanosecond has its bucket; above, each doubling is cut into [`STEPS`] parts.
fn bucket_of(nanoseconds: u64) -> usize {
    let doubling = nanoseconds.max(STEPS).ilog2() - STEPS_LOG2;
    let part = nanoseconds >> doubling;
    usize::try_from(u64::from(doubling) * STEPS + part).unwrap_or(usize::MAX)
}

fn upper_edge(bucket: usize) -> u64 {
    let bucket = bucket as u64;
    let doubling = (bucket / STEPS).saturating_sub(1);
    let part = bucket - doubling * STEPS;
    // The last bucket ends one above the largest `u64`: wrapping gives that largest value.
    ((part + 1) << doubling).wrapping_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanoseconds(histogram: &Histogram, percent: u32) -> u128 {
        histogram.percentile(percent).as_nanos()
    }

    #[test]
    fn an_empty_histogram_answers_zero() {
        assert_eq!(Histogram::new().percentile(99), Duration::ZERO);
    }

    #[test]
    fn small_values_are_exact() {
        let mut histogram = Histogram::new();
        for value in 1..=100 {
            histogram.record(Duration::from_nanos(value), 1);
        }
        assert_eq!(nanoseconds(&histogram, 50), 50);
        assert_eq!(nanoseconds(&histogram, 99), 99);
        assert_eq!(nanoseconds(&histogram, 100), 100);
    }

    #[test]
    fn large_values_are_never_flattered_and_at_most_one_step_above() {
        for value in [
            127_u64,
            128,
            129,
            1_000,
            65_535,
            1_234_567,
            3_000_000_000,
            u64::MAX,
        ] {
            let mut histogram = Histogram::new();
            histogram.record(Duration::from_nanos(value), 1);
            let answer = nanoseconds(&histogram, 50);
            let value = u128::from(value);
            assert!(answer >= value, "{answer} is below {value}");
            assert!(
                answer <= value + value / 64,
                "{answer} is too far above {value}"
            );
        }
    }

    #[test]
    fn buckets_follow_each_other_without_gap() {
        for bucket in 0..BUCKETS - 1 {
            assert_eq!(bucket_of(upper_edge(bucket)), bucket);
            assert_eq!(bucket_of(upper_edge(bucket) + 1), bucket + 1);
        }
        assert_eq!(bucket_of(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn weights_count_as_that_many_messages() {
        let mut histogram = Histogram::new();
        histogram.record(Duration::from_nanos(10), 98);
        histogram.record(Duration::from_nanos(60), 2);
        assert_eq!(nanoseconds(&histogram, 98), 10);
        assert_eq!(nanoseconds(&histogram, 99), 60);
        histogram.clear();
        assert_eq!(histogram.percentile(99), Duration::ZERO);
    }
}
