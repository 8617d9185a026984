//! A failed attempt passes through here and becomes a wait: how long, and how often at all.

use std::time::Duration;

use sockeye_core::Random;

/// The shortest wait where nothing else was said.
const SHORTEST: Duration = Duration::from_millis(500);

/// The longest wait where nothing else was said.
const LONGEST: Duration = Duration::from_secs(30);

/// The wait between two attempts while the process ends.
pub(crate) const AT_THE_END: Duration = Duration::from_secs(1);

/// The longest wait that a server can ask for with `Retry-After`.
const LONGEST_ASKED: Duration = Duration::from_hours(1);

/// After how many failures the wait grows no more: 2 to that power is beyond every cap.
const MOST_DOUBLINGS: u32 = 24;

/// How often a chunk is tried once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryLimit {
    /// Never: the first failure is the last.
    NoRetries,
    /// That many times after the first attempt.
    Times(u32),
    /// For as long as it takes.
    Unlimited,
}

impl RetryLimit {
    /// What `retry_limit` says; what is no limit at all counts as 1, and the caller should warn.
    pub fn read(text: &str) -> Result<Self, Self> {
        match text.to_ascii_lowercase().as_str() {
            "no_limits" | "false" | "off" => Ok(Self::Unlimited),
            "no_retries" => Ok(Self::NoRetries),
            word => match word.parse() {
                Ok(times @ 1..) => Ok(Self::Times(times)),
                _ => Err(Self::Times(1)),
            },
        }
    }

    /// Whether a chunk that has failed so often may be tried again.
    pub(crate) fn allows(self, failures: u32) -> bool {
        match self {
            Self::NoRetries => false,
            Self::Times(times) => failures <= times,
            Self::Unlimited => true,
        }
    }
}

/// How waits grow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Growth {
    /// Twice as long each time, from half a second to half a minute, and up to as much again less by chance.
    Quick,
    /// As the scheduler of the reference: one second and a whole number of seconds between `base`
    /// and `min(cap, base * 2^n)`, n being the number of failures.
    Scheduler {
        /// The shortest number of seconds.
        base: u64,
        /// The longest one.
        cap: u64,
    },
}

/// How long to wait before the next attempt. Each success starts from the beginning.
#[derive(Debug)]
pub struct Backoff {
    growth: Growth,
    failures: u32,
    random: Random,
}

impl Backoff {
    /// Nothing has failed yet.
    pub fn new(growth: Growth, random: Random) -> Self {
        Self {
            growth,
            failures: 0,
            random,
        }
    }

    /// An attempt has failed: how long to wait.
    pub fn failed(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let doublings = self.failures.min(MOST_DOUBLINGS);
        match self.growth {
            Growth::Quick => {
                let most = SHORTEST.saturating_mul(1 << (doublings - 1)).min(LONGEST);
                most.mul_f64(0.5 + self.random.unit() / 2.0)
            }
            Growth::Scheduler { base, cap } => {
                let most = base.saturating_mul(1 << doublings).min(cap).max(base);
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                let base = i64::try_from(base).unwrap_or(i64::MAX);
                let drawn = self.random.between(base, most);
                Duration::from_secs(1 + drawn.unsigned_abs())
            }
        }
    }

    /// The peer itself has said how long; not longer than an hour.
    pub fn asked_for(&mut self, wait: Duration) -> Duration {
        let own = self.failed();
        wait.min(LONGEST_ASKED).max(own)
    }

    /// An attempt has succeeded.
    pub fn succeeded(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sockeye_core::Random;

    use super::{Backoff, Growth, RetryLimit};

    #[test]
    fn limits_as_files_write_them() {
        for (text, limit) in [
            ("no_limits", Ok(RetryLimit::Unlimited)),
            ("False", Ok(RetryLimit::Unlimited)),
            ("off", Ok(RetryLimit::Unlimited)),
            ("no_retries", Ok(RetryLimit::NoRetries)),
            ("3", Ok(RetryLimit::Times(3))),
            ("0", Err(RetryLimit::Times(1))),
            ("-2", Err(RetryLimit::Times(1))),
            ("often", Err(RetryLimit::Times(1))),
        ] {
            assert_eq!(RetryLimit::read(text), limit, "{text}");
        }
        assert!(RetryLimit::Times(2).allows(2));
        assert!(!RetryLimit::Times(2).allows(3));
        assert!(!RetryLimit::NoRetries.allows(1));
        assert!(RetryLimit::Unlimited.allows(u32::MAX));
    }

    #[test]
    fn the_formula_of_the_scheduler() {
        for seed in 0..200 {
            let growth = Growth::Scheduler { base: 5, cap: 2000 };
            let mut backoff = Backoff::new(growth, Random::seeded(seed));
            for most in [11, 21, 41, 81, 161, 321, 641, 1281, 2001, 2001] {
                let wait = backoff.failed().as_secs();
                assert!((6..=most).contains(&wait), "{wait} of 6 to {most}");
            }
            backoff.succeeded();
            assert!((6..=11).contains(&backoff.failed().as_secs()));
        }
    }

    #[test]
    fn f53_quick_waits_double_with_jitter_up_to_half_a_minute() {
        let mut different = std::collections::HashSet::new();
        for seed in 0..50 {
            let mut backoff = Backoff::new(Growth::Quick, Random::seeded(seed));
            for most in [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000] {
                let wait = backoff.failed().as_millis();
                assert!((most / 2..=most).contains(&wait), "{wait} of {most}");
                different.insert(wait);
            }
        }
        assert!(different.len() > 100, "chance has a say");
    }

    #[test]
    fn a_server_may_ask_for_more_but_not_for_for_ever() {
        let mut backoff = Backoff::new(Growth::Quick, Random::seeded(1));
        let asked = backoff.asked_for(Duration::from_secs(7));
        assert_eq!(asked, Duration::from_secs(7));
        assert_eq!(backoff.asked_for(Duration::MAX), Duration::from_hours(1));
        assert!(backoff.asked_for(Duration::ZERO) > Duration::from_secs(1));
    }
}
