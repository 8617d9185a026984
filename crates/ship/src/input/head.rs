//! The beginning of a file, once per interval.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes};

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::RecordWriter;

const KEYS: &[Key] = &[
    Key::new("file", Kind::Text, None, "the file"),
    Key::new("key", Kind::Text, Some("head"), "key of the text"),
    Key::new(
        "buf_size",
        Kind::Size,
        Some("256"),
        "bytes to read; with `lines` the bytes that a line may have",
    ),
    Key::new(
        "lines",
        Kind::Integer,
        Some("0"),
        "lines to read instead of bytes",
    ),
    Key::new(
        "split_line",
        Kind::Bool,
        Some("off"),
        "whether each line has a key: line0, line1, ...",
    ),
    Key::new(
        "add_path",
        Kind::Bool,
        Some("off"),
        "whether the record tells the file",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "head",
    about: "the beginning of a file",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

/// The most bytes of a record.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug)]
struct Head {
    file: PathBuf,
    key: String,
    bytes: u64,
    lines: u64,
    is_split: bool,
    has_path: bool,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    Ok(Box::new(Head {
        file: properties.need("file")?.into(),
        key: properties.text("key").unwrap_or("head").to_owned(),
        bytes: properties
            .size("buf_size")
            .unwrap_or(256)
            .clamp(1, MOST_BYTES),
        lines: properties.count("lines"),
        is_split: properties.flag("split_line"),
        has_path: properties.flag("add_path"),
        every: interval(properties),
        clock: context.clock.clone(),
    }))
}

impl Input for Head {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        let every = self.every;
        Box::pin(async move { poll(*self, every, collector).await })
    }
}

impl Sampler for Head {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let read = if self.lines == 0 {
            self.beginning().map(|text| vec![text])
        } else {
            self.first_lines()
        };
        let name = self.file.display();
        let texts = read.map_err(|error| format!("cannot read {name}: {error}"))?;
        let mut record = RecordWriter::new(out, now(&self.clock));
        if self.lines > 0 && self.is_split {
            for (index, line) in texts.iter().enumerate() {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                record.string(&format!("line{index}"), line);
            }
        } else {
            record.string(&self.key, &texts.concat());
        }
        if self.has_path {
            record.string("path", name.to_string().as_bytes());
        }
        record.finish();
        Ok(1)
    }
}

impl Head {
    fn beginning(&self) -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        File::open(&self.file)?
            .take(self.bytes)
            .read_to_end(&mut text)?;
        Ok(text)
    }

    /// As many lines as asked for; those that are not there are empty when each has a key.
    fn first_lines(&self) -> std::io::Result<Vec<Vec<u8>>> {
        let mut reader = BufReader::new(File::open(&self.file)?).take(MOST_BYTES);
        let mut lines = Vec::new();
        for _ in 0..self.lines {
            let mut line = Vec::new();
            let read = reader.read_until(b'\n', &mut line)?;
            if read == 0 && !self.is_split {
                break;
            }
            if read == 0 && lines.len() >= MOST_EMPTY {
                break;
            }
            lines.push(line);
        }
        Ok(lines)
    }
}

/// How many lines are told that a file does not have.
const MOST_EMPTY: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::line::shown;

    fn head(lines: u64, is_split: bool) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("head.txt");
        std::fs::write(&file, "l1\nl2\nl3\n").unwrap();
        let mut head = Head {
            file,
            key: "x".to_owned(),
            bytes: 4,
            lines,
            is_split,
            has_path: false,
            every: Duration::from_secs(1),
            clock: Clock::system(),
        };
        let mut out = Vec::new();
        assert_eq!(head.sample(&mut out), Ok(1));
        shown(&out)
    }

    #[test]
    fn b19_bytes_lines_and_lines_with_a_key_each() {
        assert_eq!(head(0, false), r#"{"x":"l1\nl"}"#);
        assert_eq!(head(2, false), r#"{"x":"l1\nl2\n"}"#);
        assert_eq!(
            head(4, true),
            r#"{"line0":"l1","line1":"l2","line2":"l3","line3":""}"#
        );
    }
}
