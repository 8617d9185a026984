//! What a command prints, line by line: run once, or once per interval.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes};
use tokio::io::AsyncReadExt as _;
use tokio::process::{Child, Command};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::documents::Extra;
use super::line::{Line, parser};
use super::poll::{INTERVAL, interval};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::parser::Parser;
use crate::properties::{Key, Kind, Properties};

const KEYS: &[Key] = &[
    Key::new("command", Kind::Text, None, "what to run, as `sh -c` would"),
    Key::new("parser", Kind::Text, None, "parser for the lines"),
    Key::new(
        "buf_size",
        Kind::Size,
        Some("4096"),
        "bytes that one line may have; the rest of it is left out",
    ),
    Key::new(
        "oneshot",
        Kind::Bool,
        Some("off"),
        "run it once, at the start",
    ),
    Key::new(
        "exit_after_oneshot",
        Kind::Bool,
        Some("off"),
        "end when it has ended",
    ),
    Key::new(
        "propagate_exit_code",
        Kind::Unused("the status tells how shipping ended"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "exec",
    about: "what a command prints",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

/// The shortest limit of a line, in bytes.
const LEAST_BYTES: usize = 64;

#[derive(Debug)]
struct Exec {
    command: String,
    parser: Option<Arc<Parser>>,
    limit: usize,
    is_once: bool,
    is_end: bool,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let limit = properties.size("buf_size").unwrap_or_default();
    let is_end = properties.flag("exit_after_oneshot");
    Ok(Box::new(Exec {
        command: properties.need("command")?.to_owned(),
        parser: parser(properties, &context.parsers)?,
        limit: usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .max(LEAST_BYTES),
        is_once: properties.flag("oneshot") || is_end,
        is_end,
        every: interval(properties),
        clock: context.clock.clone(),
    }))
}

impl Input for Exec {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let first = if self.is_once {
                Duration::ZERO
            } else {
                self.every
            };
            let mut ticks = interval_at(Instant::now() + first, self.every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            loop {
                tokio::select! {
                    biased;
                    () = collector.stopping() => return Ok(()),
                    _ = ticks.tick() => {}
                }
                if let Err(problem) = self.once(&collector).await {
                    let name = collector.name();
                    collector
                        .log()
                        .error(format_args!("[input:exec:{name}] {problem}"));
                }
                if self.is_once {
                    break;
                }
            }
            if !self.is_end {
                collector.stopping().await;
            }
            Ok(())
        })
    }
}

impl Exec {
    /// Runs the command; it is killed when the input is asked to end.
    async fn once(&self, collector: &Collector) -> Result<(), String> {
        let child = Command::new("sh")
            .args(["-c", &self.command])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.map_err(|error| format!("cannot run the command: {error}"))?;
        tokio::select! {
            biased;
            () = collector.stopping() => {
                // It may have ended by itself just now.
                let _ = child.kill().await;
                Ok(())
            }
            ended = self.read(&mut child, collector) => ended,
        }
    }

    async fn read(&self, child: &mut Child, collector: &Collector) -> Result<(), String> {
        let Some(mut stdout) = child.stdout.take() else {
            return Err("the command has no output".to_owned());
        };
        let mut lines = Lines {
            line: Line::new("exec", self.parser.clone()),
            limit: self.limit,
            waiting: Vec::new(),
        };
        let mut buffer = vec![0; 16 * 1024];
        let mut out = Vec::new();
        loop {
            let length = stdout.read(&mut buffer).await.unwrap_or(0);
            out.clear();
            let piece = buffer.get(..length).unwrap_or_default();
            let count = lines.take(piece, length == 0, &self.clock, &mut out);
            if count > 0 && collector.append(None, &out, count).await.is_err() {
                return Ok(());
            }
            if length == 0 {
                break;
            }
        }
        match child.wait().await {
            Ok(status) if !status.success() => Err(format!("the command ended with {status}")),
            Ok(_) => Ok(()),
            Err(error) => Err(format!("the command cannot be waited for: {error}")),
        }
    }
}

/// The lines of one run.
struct Lines {
    line: Line,
    limit: usize,
    waiting: Vec<u8>,
}

impl Lines {
    fn take(&mut self, piece: &[u8], is_last: bool, clock: &Clock, out: &mut Vec<u8>) -> u32 {
        let mut count = 0;
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            self.keep(rest.get(..end).unwrap_or_default());
            count += self.append(clock, out);
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        self.keep(rest);
        if is_last && !self.waiting.is_empty() {
            count += self.append(clock, out);
        }
        count
    }

    fn keep(&mut self, piece: &[u8]) {
        let room = self.limit - self.waiting.len();
        self.waiting
            .extend_from_slice(piece.get(..room).unwrap_or(piece));
    }

    fn append(&mut self, clock: &Clock, out: &mut Vec<u8>) -> u32 {
        let none = Extra::default();
        self.line
            .append(&self.waiting, now(clock), &none, &none, out);
        self.waiting.clear();
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::line::shown;

    #[test]
    fn lines_with_an_empty_one_a_long_one_and_an_unterminated_end() {
        let mut lines = Lines {
            line: Line::new("exec", None),
            limit: 10,
            waiting: Vec::new(),
        };
        let mut out = Vec::new();
        let clock = Clock::system();
        let mut count = lines.take(b"line one\n\nlong", false, &clock, &mut out);
        count += lines.take(b"er than ten\nrest", false, &clock, &mut out);
        count += lines.take(b"", true, &clock, &mut out);
        assert_eq!(count, 4);
        assert_eq!(
            shown(&out),
            r#"{"exec":"line one"}{"exec":""}{"exec":"longer tha"}{"exec":"rest"}"#
        );
    }
}
