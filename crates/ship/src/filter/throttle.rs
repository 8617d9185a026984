//! `throttle` lets so many records pass in an interval, on the average of a window of intervals.

use std::time::Duration;

use sockeye_core::Mistakes;

use super::{COMMON_KEYS, Fate, Filter, Filtered, Known, each};
use crate::parser::Parsers;
use crate::properties::{Key, Kind, Properties};

const KEYS: &[Key] = &[
    Key::new(
        "rate",
        Kind::Integer,
        Some("1"),
        "records for each interval",
    ),
    Key::new(
        "window",
        Kind::Integer,
        Some("5"),
        "over how many intervals the average is taken",
    ),
    Key::new(
        "interval",
        Kind::Time,
        Some("1s"),
        "how long an interval is",
    ),
    Key::new(
        "print_status",
        Kind::Unused("the figures are at the monitoring endpoints"),
        None,
        "accepted for existing files",
    ),
    Key::new(
        "retain_data",
        Kind::Bool,
        Some("off"),
        "must be off: records over the rate are left out",
    ),
];

/// The largest window.
const MOST_INTERVALS: u64 = 100_000;

pub(super) const KNOWN: Known = Known {
    name: "throttle",
    about: "lets so many records pass in an interval",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Throttle {
    rate: u64,
    interval: Duration,
    /// What passed in the intervals of the window, the one that runs last.
    window: std::collections::VecDeque<u64>,
    passed: u64,
    started: tokio::time::Instant,
}

fn build(properties: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    if properties.count("rate") == 0 {
        let mistake = properties.mistake("rate", "a rate of 0 lets no record pass");
        return Err(mistake
            .remedy("write how many records may pass in an interval")
            .into());
    }
    if properties.flag("retain_data") {
        let message = "records over the rate are left out and not kept: `retain_data` cannot be on";
        let mistake = properties.mistake("retain_data", message);
        return Err(mistake
            .label("not built in")
            .remedy("write `off`; an input with `mem_buf_limit` waits and loses nothing")
            .into());
    }
    let window = properties.count("window").clamp(1, MOST_INTERVALS);
    let window = usize::try_from(window).unwrap_or(1);
    let interval = properties
        .time("interval")
        .unwrap_or(Duration::from_secs(1));
    Ok(Box::new(Throttle {
        rate: properties.count("rate"),
        interval: interval.max(Duration::from_millis(1)),
        window: std::iter::repeat_n(0, window).collect(),
        passed: 0,
        started: tokio::time::Instant::now(),
    }))
}

impl Throttle {
    /// Past the intervals that are over.
    fn turn(&mut self) {
        let now = tokio::time::Instant::now();
        let mut turns = 0;
        while now.duration_since(self.started) >= self.interval {
            self.started += self.interval;
            self.passed -= self.window.pop_front().unwrap_or_default();
            self.window.push_back(0);
            turns += 1;
            if turns >= self.window.len() {
                // The whole window is over.
                self.started = now;
            }
        }
    }

    /// Whether one more may pass.
    fn passes(&mut self) -> bool {
        let most = self.rate.saturating_mul(self.window.len() as u64);
        let may = self.passed < most;
        if may {
            self.passed += 1;
            if let Some(running) = self.window.back_mut() {
                *running += 1;
            }
        }
        may
    }
}

impl Filter for Throttle {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        self.turn();
        each(records, out, |_| {
            if self.passes() {
                Fate::Same
            } else {
                Fate::Gone
            }
        })
    }
}
