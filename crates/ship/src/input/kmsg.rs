//! What the kernel logs, from `/dev/kmsg`: looked for once per interval, each message once.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use sockeye_core::{Clock, Mistake, Mistakes};

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::{RecordWriter, Time};
use crate::report::Log;

const PATH: &str = "/dev/kmsg";

/// The kernel gives one message at a time and cuts it to this length.
const MESSAGE_BYTES: usize = 8192;

/// Messages that are taken at once; further ones wait for the next interval in the kernel's own buffer.
const MOST_AT_ONCE: u32 = 4096;

/// The bits of a priority that are its level; the others name the facility.
const LEVEL: u64 = 7;

const KEYS: &[Key] = &[Key::new(
    "prio_level",
    Kind::Integer,
    Some("8"),
    "messages of a higher number are left out: 0 emergencies, 7 debugging; 8 takes all",
)];

pub(super) const KNOWN: Known = Known {
    name: "kmsg",
    about: "what the kernel logs",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Kmsg {
    most: u64,
    every: Duration,
    clock: Clock,
    file: Option<File>,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let level = properties.integer("prio_level");
    let most = level.and_then(|level| u64::try_from(level).ok());
    let most = most.filter(|most| *most <= 8).ok_or_else(|| {
        let message = "`prio_level` must be from 0 to 8";
        let mistake: Mistake = properties.mistake("prio_level", message);
        mistake.remedy("write 8 for all messages, or 4 for warnings and worse")
    })?;
    Ok(Box::new(Kmsg {
        most,
        every: interval(properties),
        clock: context.clock.clone(),
        file: None,
    }))
}

impl Input for Kmsg {
    fn open(&mut self, _: &str, _: &Log) -> Result<(), String> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = rustix::fs::open(PATH, flags, Mode::empty());
        let file = opened.map_err(|error| {
            format!("cannot read {PATH}: {error}; it needs root, or CAP_SYSLOG")
        })?;
        self.file = Some(File::from(file));
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let Self {
                most,
                every,
                clock,
                file,
            } = *self;
            let file = file.ok_or("it was never opened")?;
            let messages = Messages {
                file,
                most,
                booted: booted(&clock),
            };
            poll(messages, every, collector).await
        })
    }
}

/// When the machine was started, in seconds since 1970.
fn booted(clock: &Clock) -> i64 {
    let uptime = fs::read_to_string("/proc/uptime").unwrap_or_default();
    let seconds = uptime.split('.').next().and_then(|text| text.parse().ok());
    clock.now().as_second() - seconds.unwrap_or(0_i64)
}

struct Messages {
    file: File,
    most: u64,
    booted: i64,
}

impl Sampler for Messages {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let mut buffer = [0; MESSAGE_BYTES];
        let mut records = 0;
        while records < MOST_AT_ONCE {
            let length = match self.file.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // Messages were overwritten before they were read: the next one is there.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => continue,
                Err(error) => return Err(format!("cannot read {PATH}: {error}")),
            };
            let text = buffer.get(..length).unwrap_or_default();
            if let Some(message) = Message::of(text)
                && message.level <= self.most
            {
                message.append(out, self.booted);
                records += 1;
            }
        }
        Ok(records)
    }
}

/// `6,339,5140900,-;NET: Registered protocol family 10`, and lines behind it that are not told.
#[derive(Debug, PartialEq, Eq)]
struct Message<'t> {
    level: u64,
    sequence: u64,
    /// Since the start of the machine.
    micros: u64,
    text: &'t [u8],
}

impl<'t> Message<'t> {
    fn of(bytes: &'t [u8]) -> Option<Self> {
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let line = bytes.get(..end.unwrap_or(bytes.len()))?;
        let split = line.iter().position(|byte| *byte == b';')?;
        let (head, text) = line.split_at(split);
        let mut numbers = std::str::from_utf8(head).ok()?.split(',');
        let mut number = || numbers.next()?.parse::<u64>().ok();
        Some(Self {
            level: number()? & LEVEL,
            sequence: number()?,
            micros: number()?,
            text: text.get(1..)?,
        })
    }

    fn append(&self, out: &mut Vec<u8>, booted: i64) {
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        let nanos = u32::try_from(micros * 1000).unwrap_or_default();
        let since = i64::try_from(seconds).unwrap_or(i64::MAX);
        let mut record = RecordWriter::new(out, Time::new(booted.saturating_add(since), nanos));
        record.uint("priority", self.level);
        record.uint("sequence", self.sequence);
        record.uint("sec", seconds);
        record.uint("usec", micros);
        record.string("msg", self.text);
        record.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_taken_apart() {
        let message =
            Message::of(b"30,339,5140900,-,caller=T1;NET: up; ok\n SUBSYSTEM=net\n").unwrap();
        assert_eq!((message.level, message.sequence), (6, 339));
        let mut out = Vec::new();
        message.append(&mut out, 1000);
        assert_eq!(
            crate::input::line::shown(&out),
            r#"{"priority":6,"sequence":339,"sec":5,"usec":140900,"msg":"NET: up; ok"}"#
        );
        let event = crate::record::Events::new(&out).next().unwrap().unwrap();
        assert_eq!(event.time, Time::new(1005, 140_900_000));
        for wrong in [b"".as_slice(), b"no head", b"a,1,2,-;x", b"1;x"] {
            assert_eq!(Message::of(wrong), None);
        }
    }

    #[test]
    fn messages_are_read_until_there_are_none() {
        // Where this machine has none, or does not let us, there is nothing to see.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        let Ok(file) = rustix::fs::open(PATH, flags, Mode::empty()) else {
            return;
        };
        let mut messages = Messages {
            file: file.into(),
            most: 8,
            booted: booted(&Clock::system()),
        };
        let mut out = Vec::new();
        let first = messages.sample(&mut out).unwrap_or_default();
        let events = crate::record::Events::new(&out).map_while(Result::ok);
        assert_eq!(events.count(), usize::try_from(first).unwrap());
    }
}
