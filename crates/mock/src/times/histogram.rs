//! Durations on their way into buckets: written by many threads, each to memory of its own, and summed when asked.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::hits::{SHARDS, own_shard};

/// Bounds of a power of ten.
const STEPS: [u64; 10] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

/// Powers of ten, from a microsecond on.
const DECADES: usize = 7;

const BOUND_COUNT: usize = STEPS.len() * DECADES + 1;

/// Upper bounds of the buckets in nanoseconds, from 1 µs to 10 s; one more bucket is for what takes longer.
const BOUNDS: [u64; BOUND_COUNT] = bounds();

const fn bounds() -> [u64; BOUND_COUNT] {
    let mut bounds = [0; BOUND_COUNT];
    let (mut at, mut unit) = (0, 100);
    while at < BOUND_COUNT {
        bounds[at] = STEPS[at % STEPS.len()] * unit;
        at += 1;
        if at.is_multiple_of(STEPS.len()) {
            unit *= 10;
        }
    }
    bounds
}

/// The bounds that metrics show, in microseconds: each of them is a bound of a bucket.
pub const LATENCY_BOUNDS: [u64; 16] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
    1_000_000, 2_500_000, 5_000_000,
];

/// What one thread, or one of several that share it, has counted. About 600 bytes, made when it is needed.
struct Shard {
    buckets: [AtomicU64; BOUND_COUNT + 1],
    nanoseconds: AtomicU64,
    /// No two threads meet in a cache line.
    _apart: [u64; 16],
}

/// How long things have taken.
#[derive(Default)]
pub(crate) struct Histogram([OnceLock<Box<Shard>>; SHARDS]);

impl Histogram {
    /// Counts `count` things that took `time` each. No lock; no allocation but a thread's first.
    pub(crate) fn record(&self, time: Duration, count: u64) {
        let Some(shard) = self.0.get(own_shard()) else {
            return;
        };
        let shard = shard.get_or_init(Box::default);
        let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        let at = BOUNDS.partition_point(|bound| *bound < nanoseconds);
        if let Some(bucket) = shard.buckets.get(at) {
            bucket.fetch_add(count, Relaxed);
        }
        let sum = nanoseconds.saturating_mul(count);
        shard.nanoseconds.fetch_add(sum, Relaxed);
    }

    /// Adds what was counted so far to `sum`.
    pub(crate) fn add_to(&self, sum: &mut Durations) {
        for shard in self.0.iter().filter_map(OnceLock::get) {
            for (count, bucket) in sum.buckets.iter_mut().zip(&shard.buckets) {
                *count += bucket.load(Relaxed);
            }
            let more = shard.nanoseconds.load(Relaxed);
            sum.nanoseconds = sum.nanoseconds.saturating_add(more);
        }
    }

    /// What was counted so far.
    pub(crate) fn durations(&self) -> Durations {
        let mut sum = Durations::default();
        self.add_to(&mut sum);
        sum
    }
}

impl Default for Shard {
    fn default() -> Self {
        Self {
            buckets: std::array::from_fn(|_| AtomicU64::new(0)),
            nanoseconds: AtomicU64::new(0),
            _apart: [0; 16],
        }
    }
}

impl fmt::Debug for Histogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Histogram").finish_non_exhaustive()
    }
}

/// Durations, counted in buckets of which each is at most a third wider than the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Durations {
    buckets: [u64; BOUND_COUNT + 1],
    nanoseconds: u64,
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            buckets: [0; BOUND_COUNT + 1],
            nanoseconds: 0,
        }
    }
}

impl Durations {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// Their sum, in seconds.
    pub fn seconds(&self) -> f64 {
        Duration::from_nanos(self.nanoseconds).as_secs_f64()
    }

    /// How many took at most `microseconds`, which is one of [`LATENCY_BOUNDS`].
    pub fn within(&self, microseconds: u64) -> u64 {
        let bound = microseconds.saturating_mul(1_000);
        let buckets = BOUNDS.partition_point(|known| *known <= bound);
        self.buckets.iter().take(buckets).sum()
    }

    /// The duration that the share `quantile` (0 to 1) of them does not exceed, in milliseconds; none if there are
    /// no durations. Exact to the width of a bucket; 10 s stands for everything longer.
    pub fn quantile(&self, quantile: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
        let rank = quantile * count as f64;
        let mut below = 0.0;
        let mut from = 0.0;
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS) {
            #[expect(clippy::cast_precision_loss, reason = "a share of a count")]
            let (inside, to) = (*bucket as f64, bound as f64);
            if inside > 0.0 && below + inside >= rank {
                let share = ((rank - below) / inside).clamp(0.0, 1.0);
                return Some(in_milliseconds(from + (to - from) * share));
            }
            below += inside;
            from = to;
        }
        Some(in_milliseconds(from))
    }

    /// What has come since `before`.
    pub(super) fn since(&self, before: &Self) -> Self {
        let pairs = std::iter::zip(self.buckets, before.buckets);
        let mut more = pairs.map(|(now, then)| now.saturating_sub(then));
        Self {
            buckets: std::array::from_fn(|_| more.next().unwrap_or(0)),
            nanoseconds: self.nanoseconds.saturating_sub(before.nanoseconds),
        }
    }
}

/// Nanoseconds in milliseconds, to the microsecond.
fn in_milliseconds(nanoseconds: f64) -> f64 {
    (nanoseconds / 1e3).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(times: &[(u64, u64)]) -> Durations {
        let histogram = Histogram::default();
        for (microseconds, count) in times {
            histogram.record(Duration::from_micros(*microseconds), *count);
        }
        histogram.durations()
    }

    #[test]
    fn bounds_go_from_a_microsecond_to_ten_seconds() {
        assert!(BOUNDS.is_sorted());
        assert_eq!(
            (BOUNDS[0], BOUNDS[BOUND_COUNT - 1]),
            (1_000, 10_000_000_000)
        );
        for bound in LATENCY_BOUNDS {
            assert!(BOUNDS.contains(&(bound * 1_000)), "{bound}");
        }
    }

    #[test]
    fn durations_are_counted_at_their_bound_and_below() {
        let durations = counted(&[(50, 2), (51, 3), (6_000_000, 1), (60_000_000, 1)]);
        assert_eq!(durations.count(), 7);
        assert_eq!(durations.within(50), 2);
        assert_eq!(durations.within(100), 5);
        assert_eq!(durations.within(5_000_000), 5);
        assert!((durations.seconds() - 66.000_253).abs() < 1e-9);
    }

    #[test]
    fn quantiles_lie_within_the_bucket() {
        assert_eq!(counted(&[]).quantile(0.5), None);
        let durations = counted(&[(90, 98), (4_500, 2)]);
        let [half, most] = [0.5, 0.99].map(|share| durations.quantile(share).unwrap());
        assert!((0.080..=0.1).contains(&half), "{half}");
        assert!((4.0..=5.0).contains(&most), "{most}");
        assert_eq!(counted(&[(60_000_000, 1)]).quantile(0.5), Some(10_000.0));
    }

    #[test]
    fn all_threads_are_summed() {
        let histogram = Histogram::default();
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| histogram.record(Duration::from_millis(1), 2));
            }
        });
        assert_eq!(histogram.durations().count(), 40);
    }
}
