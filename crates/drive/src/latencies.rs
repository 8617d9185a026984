//! Latencies pass through here: counted in a histogram, asked for as percentiles.

use std::time::Duration;

use hdrhistogram::Histogram;

use crate::limits::LONGEST;
use crate::watch::{Nanos, nanos};

/// Significant decimal digits of a latency.
const DIGITS: u8 = 3;

/// Latencies of any number of messages, in bounded memory: about 300 KiB.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

impl Default for Latencies {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1, nanos(LONGEST), DIGITS);
        Self(histogram.expect("these bounds are right ones"))
    }
}

impl Latencies {
    /// Counts one. More than an hour counts as an hour.
    #[inline]
    pub(crate) fn record(&mut self, latency: Nanos) {
        self.0.saturating_record(latency);
    }

    pub(crate) fn add(&mut self, other: &Self) {
        // Both have the same bounds, so that nothing can be out of them.
        let _same_bounds = self.0.add(&other.0);
    }

    /// How many were counted.
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    /// Whether none was counted.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The latency that this share of the messages, from 0 to 1, did not exceed, rounded up by a thousandth at most.
    pub fn quantile(&self, share: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_quantile(share))
    }

    /// The longest one.
    pub fn max(&self) -> Duration {
        Duration::from_nanos(self.0.max())
    }

    /// Their mean.
    pub fn mean(&self) -> Duration {
        Duration::from_secs_f64(self.0.mean() / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_right_to_a_thousandth() {
        let mut one = Latencies::default();
        let mut other = Latencies::default();
        for value in 1..=1_000_u64 {
            let side = if value % 2 == 0 { &mut one } else { &mut other };
            side.record(value * 1_000_000);
        }
        one.add(&other);
        assert_eq!(one.len(), 1_000);
        for expected in [0.5, 0.9, 0.99, 0.999] {
            let found = one.quantile(expected).as_secs_f64();
            assert!(
                (expected..expected * 1.001).contains(&found),
                "{expected}: {found}"
            );
        }
        let longest = one.max().as_secs_f64();
        assert!((1.0..1.001).contains(&longest), "{longest}");
        assert!(!one.is_empty());
    }

    #[test]
    fn nothing_is_too_long() {
        let mut latencies = Latencies::default();
        latencies.record(u64::MAX);
        assert_eq!(latencies.len(), 1);
        assert!(latencies.max() >= LONGEST);
    }
}
