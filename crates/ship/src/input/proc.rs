//! Whether a process is there, and how much it takes, once per interval, from `/proc`.

use std::fs;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes};

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::RecordWriter;

/// The lines of `/proc/PID/status` that are told, in this order.
const MEMORY: [&str; 11] = [
    "VmPeak", "VmSize", "VmLck", "VmHWM", "VmRSS", "VmData", "VmStk", "VmExe", "VmLib", "VmPTE",
    "VmSwap",
];

const KEYS: &[Key] = &[
    Key::new(
        "proc_name",
        Kind::Text,
        None,
        "name of the process, as `ps -o comm` shows it; needed",
    ),
    Key::new(
        "alert",
        Kind::Bool,
        Some("off"),
        "whether there is a record only while it is not there",
    ),
    Key::new("mem", Kind::Bool, Some("on"), "whether its memory is told"),
    Key::new(
        "fd",
        Kind::Bool,
        Some("on"),
        "whether the number of its open files is",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "proc",
    about: "whether a process is there",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Proc {
    name: String,
    is_alert: bool,
    tells_memory: bool,
    tells_files: bool,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    Ok(Box::new(Proc {
        name: properties.need("proc_name")?.to_owned(),
        is_alert: properties.flag("alert"),
        tells_memory: properties.flag("mem"),
        tells_files: properties.flag("fd"),
        every: interval(properties),
        clock: context.clock.clone(),
    }))
}

impl Input for Proc {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        let every = self.every;
        Box::pin(async move { poll(*self, every, collector).await })
    }
}

impl Sampler for Proc {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let found = find(&self.name)?;
        if self.is_alert && found.is_some() {
            return Ok(0);
        }
        let mut record = RecordWriter::new(out, now(&self.clock));
        record.boolean("alive", found.is_some());
        record.string("proc_name", self.name.as_bytes());
        // Of one that is not there nothing more can be said.
        if let Some(pid) = found {
            record.uint("pid", pid);
            if self.tells_memory {
                for (name, bytes) in memory(pid) {
                    record.uint(&format!("mem.{name}"), bytes);
                }
            }
            if self.tells_files
                && let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd"))
            {
                record.uint("fd", files.count() as u64);
            }
        }
        record.finish();
        Ok(1)
    }
}

/// The process of that name with the smallest number.
fn find(name: &str) -> Result<Option<u64>, String> {
    let folder = fs::read_dir("/proc").map_err(|error| format!("cannot read /proc: {error}"))?;
    let pids = folder
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u64>().ok());
    let is_named = |pid: &u64| {
        // One that has just ended is none.
        fs::read(format!("/proc/{pid}/comm"))
            .is_ok_and(|comm| comm.strip_suffix(b"\n") == Some(name.as_bytes()))
    };
    Ok(pids.filter(is_named).min())
}

/// What a process takes, in the reference's units: the kernel's kB times 1000. A process of the kernel
/// takes nothing, and has no such lines.
fn memory(pid: u64) -> Vec<(&'static str, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = |name: &str| {
        let mut lines = status.lines().filter_map(|line| line.split_once(':'));
        let (_, rest) = lines.find(|(key, _)| *key == name)?;
        rest.split_ascii_whitespace().next()?.parse::<u64>().ok()
    };
    let found = MEMORY.iter().filter_map(|name| Some((*name, line(name)?)));
    found
        .map(|(name, kib)| (name, kib.saturating_mul(1000)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_there_and_takes_memory() {
        let pid = u64::from(std::process::id());
        let comm = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap();
        assert!(find(comm.trim_end()).unwrap().is_some());
        let memory = memory(pid);
        assert_eq!(memory.len(), MEMORY.len());
        assert!(
            memory
                .iter()
                .any(|(name, bytes)| *name == "VmRSS" && *bytes > 0)
        );
        assert_eq!(find("nobody has this name").unwrap(), None);
    }

    #[test]
    fn a_process_that_is_not_there_is_said_to_be_dead_and_nothing_else() {
        let mut proc = Proc {
            name: "nobody has this name".to_owned(),
            is_alert: true,
            tells_memory: true,
            tells_files: true,
            every: Duration::from_secs(1),
            clock: Clock::system(),
        };
        let mut out = Vec::new();
        assert_eq!(proc.sample(&mut out), Ok(1));
        assert_eq!(
            crate::input::line::shown(&out),
            r#"{"alive":false,"proc_name":"nobody has this name"}"#
        );
    }
}
