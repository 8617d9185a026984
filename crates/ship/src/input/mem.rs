//! How much memory this machine has left, once per interval.

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
    Some("0"),
    "a process whose memory is to be told, too",
)];

pub(super) const KNOWN: Known = Known {
    name: "mem",
    about: "how much memory is used",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build: |properties, context| Ok(build(properties, context)),
};

#[derive(Debug)]
struct Mem {
    process: Option<u64>,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Box<dyn Input> {
    Box::new(Mem {
        process: Some(properties.count("pid")).filter(|&pid| pid > 0),
        every: interval(properties),
        clock: context.clock.clone(),
    })
}

impl Input for Mem {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        let every = self.every;
        Box::pin(async move { poll(*self, every, collector).await })
    }
}

impl Sampler for Mem {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let memory = machine();
        let process = self.process.map(process).transpose()?;
        append(out, now(&self.clock), &memory, process);
        Ok(1)
    }
}

/// In KiB.
struct Memory {
    total: u64,
    free: u64,
    swap_total: u64,
    swap_free: u64,
}

fn machine() -> Memory {
    let info = rustix::system::sysinfo();
    // What the system counts is smaller than 64 bits on small machines.
    let kib = |units: u64| units.saturating_mul(u64::from(info.mem_unit)) / 1024;
    Memory {
        total: kib(info.totalram),
        free: kib(info.freeram),
        swap_total: kib(info.totalswap),
        swap_free: kib(info.freeswap),
    }
}

/// The bytes that a process has in memory.
fn process(pid: u64) -> Result<u64, String> {
    let path = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
    // A process of the kernel has no such line, and no memory.
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| {
        line.trim()
            .trim_end_matches("kB")
            .trim()
            .parse::<u64>()
            .ok()
    });
    Ok(kib.unwrap_or(0).saturating_mul(1024))
}

fn append(out: &mut Vec<u8>, time: Time, memory: &Memory, process: Option<u64>) {
    let mut record = RecordWriter::new(out, time);
    record.uint("Mem.total", memory.total);
    record.uint("Mem.used", memory.total.saturating_sub(memory.free));
    record.uint("Mem.free", memory.free);
    record.uint("Swap.total", memory.swap_total);
    record.uint(
        "Swap.used",
        memory.swap_total.saturating_sub(memory.swap_free),
    );
    record.uint("Swap.free", memory.swap_free);
    if let Some(bytes) = process {
        record.uint("proc_bytes", bytes);
        record.string("proc_hr", readable(bytes).as_bytes());
    }
    record.finish();
}

/// `11.24M`: two digits behind the point, units of 1024.
fn readable(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["b", "K", "M", "G", "T"];
    let (mut whole, mut rest, mut unit) = (bytes, 0, 0);
    while whole >= 1024 && unit + 1 < UNITS.len() {
        (whole, rest) = (whole / 1024, whole % 1024);
        unit += 1;
    }
    let letter = UNITS.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        return format!("{whole}{letter}");
    }
    format!("{whole}.{:02}{letter}", rest * 100 / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b19_a_record_of_the_machine_and_a_process() {
        let memory = Memory {
            total: 1000,
            free: 400,
            swap_total: 10,
            swap_free: 10,
        };
        let mut out = Vec::new();
        append(&mut out, Time::new(1, 0), &memory, Some(2_595_840));
        assert_eq!(
            crate::input::line::shown(&out),
            r#"{"Mem.total":1000,"Mem.used":600,"Mem.free":400,"Swap.total":10,"Swap.used":0,"Swap.free":10,"proc_bytes":2595840,"proc_hr":"2.47M"}"#
        );
    }

    #[test]
    fn sizes_to_read() {
        for (bytes, text) in [(5, "5b"), (2048, "2.00K"), (1 << 30, "1.00G")] {
            assert_eq!(readable(bytes), text);
        }
    }

    #[test]
    fn this_process_has_memory() {
        let pid = u64::from(std::process::id());
        assert!(process(pid).unwrap() > 0);
        assert!(machine().total > machine().free);
    }
}
