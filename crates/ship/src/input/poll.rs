//! Inputs that look at something again and again pass through here: when they look, and when they end.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};

/// Keys of every input with an interval.
pub(super) const INTERVAL: &[Key] = &[
    Key::new(
        "interval_sec",
        Kind::Integer,
        Some("1"),
        "seconds between two samples",
    ),
    Key::new(
        "interval_nsec",
        Kind::Integer,
        Some("0"),
        "nanoseconds to be added to them",
    ),
];

/// The shortest interval; shorter ones are this long.
const SHORTEST: Duration = Duration::from_millis(1);

/// The time between two samples, which is one second where it makes no sense.
pub(super) fn interval(properties: &Properties<'_>) -> Duration {
    let nanos = properties.count("interval_nsec").min(u64::from(u32::MAX));
    let time = Duration::from_secs(properties.count("interval_sec")) + Duration::from_nanos(nanos);
    if time.is_zero() {
        Duration::from_secs(1)
    } else {
        time.max(SHORTEST)
    }
}

/// Something that gives a record for each interval.
pub(super) trait Sampler: Send {
    /// Appends the records of one interval; gives their number. An error is told, and the next
    /// interval tries again.
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String>;

    /// Whether it has nothing more to give.
    fn is_over(&self) -> bool {
        false
    }
}

/// Samples once per interval until the end. While the engine has no room samples are left out.
pub(super) async fn poll(
    mut sampler: impl Sampler,
    every: Duration,
    collector: Collector,
) -> Result<(), String> {
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut records = Vec::new();
    while !sampler.is_over() {
        tokio::select! {
            biased;
            () = collector.stopping() => return Ok(()),
            _ = ticks.tick() => {}
        }
        records.clear();
        match sampler.sample(&mut records) {
            Ok(0) => {}
            Ok(count) => {
                if collector.append(None, &records, count).await.is_err() {
                    return Ok(());
                }
            }
            Err(problem) => {
                let name = collector.name();
                collector
                    .log()
                    .error(format_args!("[input:{name}] {problem}"));
            }
        }
    }
    collector.stopping().await;
    Ok(())
}
