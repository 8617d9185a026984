//! Records that are made up: the same one again and again, at a rate or an interval.

mod pace;

use sockeye_core::Clock;
use tokio::time::Instant;

use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::json::{Reader, Rules};
use crate::properties::{Key, Kind, Properties};
use crate::record::{NO_METADATA, Time, append_record};
use crate::report::Log;
use pace::Pace;

const KEYS: &[Key] = &[
    Key::new(
        "dummy",
        Kind::Text,
        Some(BODY),
        "the record; several objects in a row are several records",
    ),
    Key::new("metadata", Kind::Text, Some("{}"), "its metadata"),
    Key::new("rate", Kind::Integer, Some("1"), "records per second"),
    Key::new(
        "interval_sec",
        Kind::Integer,
        Some("0"),
        "seconds between two records, instead of a rate",
    ),
    Key::new(
        "interval_nsec",
        Kind::Integer,
        Some("0"),
        "nanoseconds to be added to them",
    ),
    Key::new(
        "samples",
        Kind::Integer,
        Some("0"),
        "how many; 0 for no end",
    ),
    Key::new(
        "copies",
        Kind::Integer,
        Some("1"),
        "how often each record is there",
    ),
    Key::new(
        "start_time_sec",
        Kind::Integer,
        Some("-1"),
        "time of the first record, seconds since 1970; -1 for now",
    ),
    Key::new(
        "start_time_nsec",
        Kind::Integer,
        Some("-1"),
        "nanoseconds to be added to them",
    ),
    Key::new(
        "fixed_timestamp",
        Kind::Bool,
        Some("off"),
        "whether all records have the time of the first",
    ),
    Key::new(
        "flush_on_startup",
        Kind::Bool,
        Some("off"),
        "whether the first record comes at once",
    ),
    Key::new(
        "test_hang_on_exit",
        Kind::Unused("it is for the reference's own tests"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "dummy",
    about: "the same record again and again",
    tables: &[KEYS, crate::engine::INPUT_KEYS],
    build: |properties, context| Ok(build(properties, context)),
};

const BODY: &str = r#"{"message":"dummy"}"#;

/// How many records are given to the engine at once.
const AT_ONCE: u64 = 1000;

#[derive(Debug)]
struct Dummy {
    bodies: Vec<Vec<u8>>,
    metadata: Vec<u8>,
    copies: u64,
    left: Option<u64>,
    pace: Pace,
    times: Times,
    /// What is to be said before the first record.
    problem: Option<String>,
}

fn build(properties: &Properties<'_>, context: &Context) -> Box<dyn Input> {
    let (bodies, problem) = bodies(properties.raw("dummy").unwrap_or(BODY));
    let metadata = properties.raw("metadata").unwrap_or("{}");
    let metadata = maps(metadata).ok().and_then(|maps| maps.into_iter().next());
    Box::new(Dummy {
        bodies,
        metadata: metadata.unwrap_or_else(|| NO_METADATA.to_vec()),
        copies: properties.count("copies").max(1),
        left: Some(properties.count("samples")).filter(|&samples| samples > 0),
        pace: Pace::of(properties),
        times: Times::of(properties, context.clock.clone()),
        problem,
    })
}

/// The records of a text, and what is wrong with it.
fn bodies(text: &str) -> (Vec<Vec<u8>>, Option<String>) {
    match maps(text) {
        Ok(maps) => (maps, None),
        Err(NotMaps::Json(why)) => {
            let default = maps(BODY).unwrap_or_default();
            let problem = format!("`dummy` is not JSON ({why}); {BODY} is sent instead");
            (default, Some(problem))
        }
        Err(NotMaps::Value) => {
            let problem = "`dummy` is no object, so there is nothing to send".to_owned();
            (Vec::new(), Some(problem))
        }
    }
}

enum NotMaps {
    Json(crate::json::Fault),
    Value,
}

/// The objects in a text, as msgpack.
fn maps(text: &str) -> Result<Vec<Vec<u8>>, NotMaps> {
    let mut reader = Reader::new(text.as_bytes(), Rules::STRICT);
    let mut maps = Vec::new();
    while reader.has_more() || maps.is_empty() {
        let is_object = reader.peek() == Some(b'{');
        let mut map = Vec::new();
        reader.value(&mut map).map_err(NotMaps::Json)?;
        if !is_object {
            return Err(NotMaps::Value);
        }
        maps.push(map);
    }
    Ok(maps)
}

impl Input for Dummy {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        if let Some(problem) = self.problem.take() {
            log.error(format_args!("[input:dummy:{name}] {problem}"));
        }
        Ok(())
    }

    fn run(mut self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let mut records = Vec::new();
            self.pace.start();
            while self.left != Some(0) && !self.bodies.is_empty() {
                tokio::select! {
                    biased;
                    () = collector.stopping() => return Ok(()),
                    () = self.pace.wait() => {}
                }
                records.clear();
                let count = self.append(&mut records);
                if collector.append(None, &records, count).await.is_err() {
                    return Ok(());
                }
            }
            collector.stopping().await;
            Ok(())
        })
    }
}

impl Dummy {
    /// Every sample that is due by now.
    fn append(&mut self, out: &mut Vec<u8>) -> u32 {
        let due = self.pace.due().min(AT_ONCE);
        let samples = self.left.map_or(due, |left| left.min(due));
        self.pace.given(samples);
        let mut count = 0;
        for _ in 0..samples {
            let time = self.times.next();
            for body in &self.bodies {
                for _ in 0..self.copies {
                    append_record(out, time, &self.metadata, body);
                    count += 1;
                }
            }
        }
        if let Some(left) = &mut self.left {
            *left -= samples;
        }
        count
    }
}

/// The times of the records.
#[derive(Debug)]
struct Times {
    base: Option<Time>,
    is_fixed: bool,
    first: Option<(Instant, Time)>,
    clock: Clock,
}

impl Times {
    fn of(properties: &Properties<'_>, clock: Clock) -> Self {
        let seconds = properties.integer("start_time_sec").unwrap_or(-1);
        let nanos = properties.integer("start_time_nsec").unwrap_or(-1);
        let base = (seconds >= 0 || nanos >= 0).then(|| {
            Time::new(
                seconds.max(0),
                u32::try_from(nanos).unwrap_or(0).min(999_999_999),
            )
        });
        Self {
            base,
            is_fixed: properties.flag("fixed_timestamp"),
            first: None,
            clock,
        }
    }

    fn next(&mut self) -> Time {
        let (Some(base), false) = (self.base, self.is_fixed) else {
            if !self.is_fixed {
                return now(&self.clock);
            }
            let fixed = self.base.unwrap_or_else(|| now(&self.clock));
            self.base = Some(fixed);
            return fixed;
        };
        let (since, base) = *self.first.get_or_insert((Instant::now(), base));
        let nanos = u64::from(base.nanos) + u64::from(since.elapsed().subsec_nanos());
        let seconds = base.seconds + i64::try_from(since.elapsed().as_secs()).unwrap_or(0);
        let carried = i64::try_from(nanos / 1_000_000_000).unwrap_or(0);
        let nanos = u32::try_from(nanos % 1_000_000_000).unwrap_or(0);
        Time::new(seconds + carried, nanos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_objects_are_several_records() {
        let (bodies, problem) = bodies(r#"{"a":1} {"b":2}"#);
        assert_eq!((bodies.len(), problem), (2, None));
    }

    #[test]
    fn what_is_not_json_is_told_and_replaced() {
        let (made, problem) = bodies("{a}");
        assert_eq!(made, maps(BODY).ok().unwrap());
        assert!(problem.unwrap().contains("is not JSON"));
    }

    #[test]
    fn what_is_no_object_gives_nothing() {
        let (made, problem) = bodies("[1]");
        assert!(made.is_empty());
        assert!(problem.unwrap().contains("is no object"));
    }
}
