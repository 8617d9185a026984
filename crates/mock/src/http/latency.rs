//! Bad weather on request: an answer or a handshake waits, fails or times out here as often as the file says.

use std::ops::RangeInclusive;
use std::time::Duration;

use sockeye_core::Random;
use tokio::time::sleep;

use super::refusal::Refusal;
use super::refuse::milliseconds;

/// How slow and how unreliable an endpoint is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Latency {
    /// Answers wait for a time in this range.
    pub(crate) delay: RangeInclusive<Duration>,
    /// The share of requests, 0 to 1, that get a 500 at once.
    pub(crate) failure_rate: f64,
    /// The share of the others, 0 to 1, that get a 504.
    pub(crate) timeout_rate: f64,
    /// How long those wait for their 504.
    pub(crate) timeout: Duration,
}

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    AnswerAfter(Duration),
    Fail,
    TimeOutAfter(Duration),
}

impl Latency {
    /// Waits as long as this request has to.
    ///
    /// Errors: the simulated failure or timeout that it met.
    pub(crate) async fn pass(&self, random: &mut Random) -> Result<(), Refusal> {
        match self.fate(random) {
            // Even the shortest sleep takes a millisecond.
            Fate::AnswerAfter(Duration::ZERO) => Ok(()),
            Fate::AnswerAfter(delay) => {
                sleep(delay).await;
                Ok(())
            }
            Fate::Fail => Err(Refusal::SimulatedFailure),
            Fate::TimeOutAfter(delay) => {
                sleep(delay).await;
                Err(Refusal::SimulatedTimeout)
            }
        }
    }

    /// Lets a handshake pass; its messages are what waits.
    ///
    /// Errors: the simulated failure or timeout that it met.
    pub(crate) async fn admit(&self, random: &mut Random) -> Result<(), Refusal> {
        match self.fate(random) {
            Fate::AnswerAfter(_) => Ok(()),
            Fate::Fail => Err(Refusal::SimulatedFailure),
            Fate::TimeOutAfter(delay) => {
                sleep(delay).await;
                Err(Refusal::SimulatedTimeout)
            }
        }
    }

    /// How long one message waits.
    pub(crate) fn delay(&self, random: &mut Random) -> Duration {
        let whole =
            |duration: &Duration| i64::try_from(milliseconds(*duration)).unwrap_or(i64::MAX);
        let delay = random.between(whole(self.delay.start()), whole(self.delay.end()));
        Duration::from_millis(delay.unsigned_abs())
    }

    /// In words, for explanations.
    pub(crate) fn note(&self) -> String {
        let (low, high) = (self.delay.start().as_millis(), self.delay.end().as_millis());
        let mut notes = vec![format!("waits {low} to {high} ms")];
        if self.failure_rate > 0.0 {
            notes.push(format!("fails at a rate of {}", self.failure_rate));
        }
        if self.timeout_rate > 0.0 {
            let (rate, after) = (self.timeout_rate, self.timeout.as_millis());
            notes.push(format!("times out after {after} ms at a rate of {rate}"));
        }
        notes.join("; ")
    }

    /// Draws three values whatever happens, so that with a seed the k-th request meets the same delay
    /// under any rates.
    fn fate(&self, random: &mut Random) -> Fate {
        let fails = random.unit() < self.failure_rate;
        let times_out = random.unit() < self.timeout_rate;
        let delay = self.delay(random);
        match (fails, times_out) {
            (true, _) => Fate::Fail,
            (false, true) => Fate::TimeOutAfter(self.timeout),
            (false, false) => Fate::AnswerAfter(delay),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn latency(failure_rate: f64, timeout_rate: f64) -> Latency {
        Latency {
            delay: 50 * MS..=100 * MS,
            failure_rate,
            timeout_rate,
            timeout: 7 * MS,
        }
    }

    #[test]
    fn a_delay_lies_between_its_bounds_and_differs() {
        let mut random = Random::seeded(1);
        let mut delays: Vec<Fate> = (0..50)
            .map(|_| latency(0.0, 0.0).fate(&mut random))
            .collect();
        for fate in &delays {
            let Fate::AnswerAfter(delay) = fate else {
                panic!("{fate:?}")
            };
            assert!((50 * MS..=100 * MS).contains(delay), "{delay:?}");
        }
        delays.dedup();
        assert!(delays.len() > 10);
    }

    #[test]
    fn a_rate_of_one_always_strikes_and_failures_come_first() {
        let mut random = Random::seeded(1);
        for _ in 0..50 {
            assert_eq!(latency(1.0, 0.0).fate(&mut random), Fate::Fail);
            assert_eq!(
                latency(0.0, 1.0).fate(&mut random),
                Fate::TimeOutAfter(7 * MS)
            );
            assert_eq!(latency(1.0, 1.0).fate(&mut random), Fate::Fail);
        }
    }

    #[test]
    fn a_seed_repeats_every_fate_and_a_rate_is_about_kept() {
        let fates = |seed| -> Vec<Fate> {
            let mut random = Random::seeded(seed);
            (0..1000)
                .map(|_| latency(0.25, 0.0).fate(&mut random))
                .collect()
        };
        assert_eq!(fates(7), fates(7));
        assert_ne!(fates(7), fates(8));
        let failures = fates(7)
            .into_iter()
            .filter(|fate| *fate == Fate::Fail)
            .count();
        assert!((200..300).contains(&failures), "{failures}");
    }
}
