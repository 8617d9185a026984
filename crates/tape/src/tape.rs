//! A file of messages passes through here, whatever its format: what it is, is told by what is in it.

use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read, Seek as _};
use std::path::Path;
use std::time::Duration;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, Visitor};

use crate::limits::{ENTRIES, FILE_BYTES};
use crate::{Damage, Entry, PartError, PartReader, ReadError, Session, har, jsonl, session_read};

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The guide's session file.
    Session,
    /// An HTTP archive with WebSocket messages.
    Har,
    /// JSON lines: a scenario that somebody wrote.
    JsonLines,
    /// What an unfinished recording leaves.
    Part,
}

/// A file that was read.
#[derive(Debug)]
pub struct Tape {
    /// What it was.
    pub format: Format,
    /// What is in it.
    pub session: Session,
    /// What a reader had to put right, as sentences for the user; at most a handful.
    pub notes: Vec<String>,
    /// Where a `.part` file can be read no further.
    pub damage: Option<Damage>,
}

/// Reads a file in any of the formats.
///
/// # Errors
///
/// The file cannot be read, is none of the formats, has a mistake in it, or is too large.
pub fn read_tape(path: &Path) -> Result<Tape, ReadError> {
    let io = |problem| ReadError::Io {
        file: path.to_owned(),
        problem,
    };
    let mut file = File::open(path).map_err(io)?;
    let about = file.metadata().map_err(io)?;
    if about.is_file() && about.len() > FILE_BYTES {
        let what = format!("{} MiB", FILE_BYTES >> 20);
        return Err(ReadError::TooLarge {
            file: path.to_owned(),
            what,
        });
    }
    let format = detect(path, &file)?;
    file.rewind().map_err(io)?;
    let mut from = BufReader::new(file.take(FILE_BYTES));
    match format {
        Format::Session => session_read::read(path, from),
        Format::Har => har::read(path, from),
        Format::JsonLines => jsonl::read(path, from),
        Format::Part => part(path, &mut from),
    }
}

/// What a file is, by the name of the first member that tells.
fn detect(path: &Path, file: &File) -> Result<Format, ReadError> {
    let mut found = None;
    let mut reader = serde_json::Deserializer::from_reader(BufReader::new(file));
    let looked = reader.deserialize_any(Look(&mut found));
    match (found, looked) {
        (Some(format), _) => Ok(format),
        // What goes wrong at the first letter is no JSON at all.
        (None, Err(problem))
            if !problem.is_data() && (problem.line(), problem.column()) > (1, 1) =>
        {
            Err(ReadError::at(path, &problem, None))
        }
        (None, _) => Err(ReadError::Unknown {
            file: path.to_owned(),
        }),
    }
}

struct Look<'f>(&'f mut Option<Format>);

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            *self.0 = match name.as_str() {
                "metadata" | "messages" => Some(Format::Session),
                "log" => Some(Format::Har),
                "sockeye_tape" => Some(Format::Part),
                "ts" | "dir" | "text" | "waitFor" | "wait_for" | "binary" => {
                    Some(Format::JsonLines)
                }
                _ => None,
            };
            if self.0.is_some() {
                return Ok(());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

fn part(path: &Path, from: impl Read) -> Result<Tape, ReadError> {
    let io = |problem| ReadError::Io {
        file: path.to_owned(),
        problem,
    };
    let mut reader = PartReader::begin(from).map_err(|problem| part_error(path, problem))?;
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().map_err(io)? {
        if entries.len() == ENTRIES {
            return Err(ReadError::too_many(path));
        }
        entries.push(entry);
    }
    let session = Session {
        head: reader.head().clone(),
        duration: entries
            .last()
            .map_or(Duration::ZERO, |entry: &Entry| entry.at),
        entries,
    };
    let damage = reader.damage().cloned();
    let note = damage.as_ref().map(|damage| {
        format!(
            "line {} is damaged, {}: nothing after it is read",
            damage.line, damage.what
        )
    });
    Ok(Tape {
        format: Format::Part,
        session,
        notes: note.into_iter().collect(),
        damage,
    })
}

/// Why the first line of a `.part` file is none.
pub(crate) fn part_error(path: &Path, problem: PartError) -> ReadError {
    let file = path.to_owned();
    match problem {
        PartError::Io(problem) => ReadError::Io { file, problem },
        PartError::Head(damage) => ReadError::Text {
            file,
            line: 1,
            column: 1,
            message: None,
            what: format!(
                "{}; without its first line nothing of a recording can be kept",
                damage.what
            ),
        },
    }
}

/// Sentences about what was put right: a few, and how many more.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    shown: Vec<String>,
    more: usize,
}

/// Sentences that are shown.
const NOTES: usize = 5;

impl Notes {
    pub(crate) fn add(&mut self, note: impl FnOnce() -> String) {
        if self.shown.len() < NOTES {
            self.shown.push(note());
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn done(mut self) -> Vec<String> {
        if self.more > 0 {
            self.shown
                .push(format!("and {} more like these", self.more));
        }
        self.shown
    }

    /// The time of an entry that must not lie before its predecessor's.
    pub(crate) fn in_order(
        &mut self,
        at: Duration,
        last: Duration,
        name: impl FnOnce() -> String,
    ) -> Duration {
        if at < last {
            self.add(|| {
                let (at, last) = (at.as_millis(), last.as_millis());
                format!(
                    "{} is at {at} ms, before its predecessor: it is taken as at {last} ms",
                    name()
                )
            });
        }
        at.max(last)
    }
}
