//! How busy this machine's processors are, once per interval, from `/proc`.

use std::fs;
use std::time::Duration;

use sockeye_core::Clock;

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::{RecordWriter, Time};

const KEYS: &[Key] = &[Key::new(
    "pid",
    Kind::Integer,
    Some("-1"),
    "a process to look at, instead of the machine",
)];

pub(super) const KNOWN: Known = Known {
    name: "cpu",
    about: "how busy the processors are",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build: |properties, context| Ok(build(properties, context)),
};

#[derive(Debug)]
struct Cpu {
    process: Option<u64>,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Box<dyn Input> {
    let process = properties
        .integer("pid")
        .and_then(|pid| u64::try_from(pid).ok());
    Box::new(Cpu {
        process,
        every: interval(properties),
        clock: context.clock.clone(),
    })
}

impl Input for Cpu {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let before = read(self.process)?;
            let every = self.every;
            let sampler = Samples {
                cpu: *self,
                before,
                ticks: ticks_per_second(),
            };
            poll(sampler, every, collector).await
        })
    }
}

struct Samples {
    cpu: Cpu,
    before: Usage,
    ticks: f64,
}

impl Sampler for Samples {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let usage = read(self.cpu.process)?;
        let ticks = self.ticks * self.cpu.every.as_secs_f64();
        append(out, now(&self.cpu.clock), &self.before, &usage, ticks);
        self.before = usage;
        Ok(1)
    }
}

/// Ticks since the start, as `/proc` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ticks {
    user: u64,
    system: u64,
}

/// The total, and what each processor did; no processors for a single process.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Usage {
    total: Ticks,
    each: Vec<Ticks>,
    processors: usize,
}

fn read(process: Option<u64>) -> Result<Usage, String> {
    let path = process.map_or("/proc/stat".to_owned(), |pid| format!("/proc/{pid}/stat"));
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let usage = match process {
        None => machine(&text),
        Some(_) => one(&text),
    };
    usage.ok_or_else(|| format!("{path} is not as expected"))
}

/// `/proc/stat`: a line for all processors, then one for each.
fn machine(text: &str) -> Option<Usage> {
    let mut lines = text.lines().take_while(|line| line.starts_with("cpu"));
    let total = ticks(lines.next()?)?;
    let each: Vec<Ticks> = lines.map_while(ticks).collect();
    Some(Usage {
        total,
        processors: each.len().max(1),
        each,
    })
}

/// User and nice count as one.
fn ticks(line: &str) -> Option<Ticks> {
    let mut numbers = line.split_ascii_whitespace().skip(1).map(str::parse::<u64>);
    let mut next = || numbers.next()?.ok();
    let (user, nice, system) = (next()?, next()?, next()?);
    Some(Ticks {
        user: user + nice,
        system,
    })
}

/// `/proc/<pid>/stat`: the name in parentheses may hold anything, also blanks and parentheses.
fn one(text: &str) -> Option<Usage> {
    let (_, behind) = text.rsplit_once(") ")?;
    let mut fields = behind.split_ascii_whitespace().skip(11);
    let mut next = || fields.next()?.parse().ok();
    let total = Ticks {
        user: next()?,
        system: next()?,
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Some(Usage {
        total,
        each: Vec::new(),
        processors,
    })
}

fn ticks_per_second() -> f64 {
    let ticks = u32::try_from(rustix::param::clock_ticks_per_second());
    ticks.map_or(100.0, f64::from)
}

/// The differences in percent. `ticks` is what one processor can do in an interval.
fn append(out: &mut Vec<u8>, time: Time, before: &Usage, now: &Usage, ticks: f64) {
    let mut record = RecordWriter::new(out, time);
    let processors = f64::from(u32::try_from(now.processors).unwrap_or(1));
    let percent = |before: u64, now: u64, share: f64| {
        let difference = u32::try_from(now.saturating_sub(before)).unwrap_or(u32::MAX);
        f64::from(difference) / ticks * 100.0 / share
    };
    let all = |usage: &Ticks| usage.user + usage.system;
    let (old, new) = (&before.total, &now.total);
    record.float("cpu_p", percent(all(old), all(new), processors));
    record.float("user_p", percent(old.user, new.user, processors));
    record.float("system_p", percent(old.system, new.system, processors));
    // A processor that was switched on meanwhile has done nothing before.
    let old = before
        .each
        .iter()
        .copied()
        .chain(std::iter::repeat(Ticks::default()));
    for (index, (new, old)) in now.each.iter().zip(old).enumerate() {
        record.float(
            &format!("cpu{index}.p_cpu"),
            percent(all(&old), all(new), 1.0),
        );
        record.float(
            &format!("cpu{index}.p_user"),
            percent(old.user, new.user, 1.0),
        );
        record.float(
            &format!("cpu{index}.p_system"),
            percent(old.system, new.system, 1.0),
        );
    }
    record.finish();
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "cpu  100 10 50 0 0\ncpu0 60 10 20 0\ncpu1 40 0 30 0\nintr 5\n";
    const NOW: &str = "cpu  160 10 70 0 0\ncpu0 120 10 30 0\ncpu1 40 0 40 0\nintr 9\n";

    #[test]
    fn percentages_of_a_second_with_100_ticks() {
        let (before, now) = (machine(BEFORE).unwrap(), machine(NOW).unwrap());
        let mut out = Vec::new();
        append(&mut out, Time::new(1, 0), &before, &now, 100.0);
        let shown = crate::input::line::shown(&out);
        assert_eq!(
            shown,
            r#"{"cpu_p":40.0,"user_p":30.0,"system_p":10.0,"cpu0.p_cpu":70.0,"cpu0.p_user":60.0,"cpu0.p_system":10.0,"cpu1.p_cpu":10.0,"cpu1.p_user":0.0,"cpu1.p_system":10.0}"#
        );
    }

    #[test]
    fn a_process_whose_name_is_odd() {
        let usage = one("7 (a) b) S 1 1 1 0 -1 4 1 0 0 0 25 12 0 0 20\n").unwrap();
        assert_eq!(
            usage.total,
            Ticks {
                user: 25,
                system: 12
            }
        );
        assert_eq!(usage.each.len(), 0);
    }

    #[test]
    fn this_machine_has_processors() {
        assert!(!read(None).unwrap().each.is_empty());
        assert!(read(Some(u64::MAX)).is_err());
    }
}
