//! JSON lines pass through here: a scenario that somebody wrote, one message or one wait on each line.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use sockeye_core::Timestamp;

use crate::limits::{ENTRIES, LINE_BYTES};
use crate::millis::Millis;
use crate::shape;
use crate::tape::{Format, Notes, Tape};
use crate::{Content, Cue, Direction, Entry, Head, ReadError, Session};

#[derive(Deserialize)]
struct Line {
    ts: Option<Millis>,
    #[serde(default)]
    dir: Dir,
    text: Option<String>,
    binary: Option<String>,
    #[serde(rename = "waitFor", alias = "wait_for")]
    wait_for: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
enum Dir {
    #[default]
    #[serde(rename = "out", alias = "outgoing")]
    Out,
    #[serde(rename = "in", alias = "incoming")]
    In,
}

pub(crate) fn read(path: &Path, from: impl Read) -> Result<Tape, ReadError> {
    let io = |problem| ReadError::Io {
        file: path.to_owned(),
        problem,
    };
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut notes = Notes::default();
    for number in 1.. {
        bytes.clear();
        let read = (&mut from)
            .take(LINE_BYTES as u64)
            .read_until(b'\n', &mut bytes)
            .map_err(io)?;
        if read == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let last = entries.last().map_or(Duration::ZERO, |entry| entry.at);
        let (at, mut entry) = line(path, number, &bytes)?;
        entry.at = notes.in_order(at.unwrap_or(last), last, || format!("line {number}"));
        if entries.len() == ENTRIES {
            return Err(ReadError::too_many(path));
        }
        entries.push(entry);
    }
    let duration = entries.last().map_or(Duration::ZERO, |entry| entry.at);
    let session = Session {
        head: Head::at(Timestamp::UNIX_EPOCH),
        duration,
        entries,
    };
    Ok(Tape {
        format: Format::JsonLines,
        session,
        notes: notes.done(),
        damage: None,
    })
}

fn line(path: &Path, number: usize, bytes: &[u8]) -> Result<(Option<Duration>, Entry), ReadError> {
    let wrong = |column: usize, what: String| ReadError::Text {
        file: path.to_owned(),
        line: number,
        column: column.max(1),
        message: None,
        what,
    };
    let line: Line = serde_json::from_slice(bytes).map_err(|problem| {
        let text = problem.to_string();
        let what = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(what, _)| what);
        let hint = match what {
            "invalid escape" => "; in JSON a backslash is written twice and a quote as \\\"",
            _ => "",
        };
        wrong(problem.column(), format!("{what}{hint}"))
    })?;
    let direction = match line.dir {
        Dir::In => Direction::Incoming,
        Dir::Out => Direction::Outgoing,
    };
    let content = match (line.text, line.binary) {
        (Some(_), Some(_)) => {
            return Err(wrong(
                1,
                "a line has `text` or `binary`, not both".to_owned(),
            ));
        }
        (Some(text), None) => Some(Content::Text(text)),
        (None, Some(data)) => {
            let bytes =
                shape::bytes(&data).map_err(|what| wrong(1, what.replace("`data`", "`binary`")))?;
            Some(Content::Binary(bytes))
        }
        (None, None) if line.wait_for.is_some() => None,
        (None, None) => {
            let what = "the line says nothing: write `text`, `binary` or `waitFor`";
            return Err(wrong(1, what.to_owned()));
        }
    };
    let is_said = direction == Direction::Outgoing;
    let template = is_said && matches!(&content, Some(Content::Text(text)) if text.contains("{{"));
    let cue = Cue {
        wait_for: line.wait_for,
        template,
    };
    let entry = Entry {
        at: Duration::ZERO,
        direction,
        content,
        connection: None,
        path: None,
        cue: (cue != Cue::default()).then(|| Box::new(cue)),
    };
    Ok((line.ts.map(|millis| millis.0), entry))
}
