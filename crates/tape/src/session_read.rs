//! A session file passes through here and becomes a session; a mistake in it is told with its message.

use std::fmt;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use sockeye_core::Timestamp;

use crate::limits::ENTRIES;
use crate::millis::Millis;
use crate::shape::{Shape, Shared};
use crate::tape::{Format, Notes, Tape};
use crate::{Entry, Head, ReadError, Session};

#[derive(Deserialize)]
struct Metadata {
    #[serde(default, deserialize_with = "instant")]
    recorded_at: Option<Timestamp>,
    duration_ms: Option<Millis>,
    message_count: Option<u64>,
    path: Option<String>,
    tool: Option<String>,
    version: Option<String>,
}

fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    crate::stamp::deserialize(from).map(Some)
}

#[derive(Deserialize)]
struct Timed {
    timestamp_ms: Millis,
    #[serde(flatten)]
    shape: Shape<'static>,
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    metadata: Option<Metadata>,
    entries: Option<Vec<Entry>>,
    /// Which message is being read.
    at: Option<usize>,
    too_many: bool,
    shared: Shared,
    notes: Notes,
}

pub(crate) fn read(path: &Path, from: impl Read) -> Result<Tape, ReadError> {
    let mut reading = Reading::default();
    let mut reader = serde_json::Deserializer::from_reader(from);
    let read = reader
        .deserialize_map(Whole(&mut reading))
        .and_then(|()| reader.end());
    if let Err(problem) = read {
        if reading.too_many {
            return Err(ReadError::too_many(path));
        }
        let message = reading.at.map(|index| format!("messages[{index}]"));
        return Err(ReadError::at(path, &problem, message));
    }
    let entries = reading.entries.unwrap_or_default();
    let mut head = Head::at(Timestamp::UNIX_EPOCH);
    let last = entries.last().map_or(Duration::ZERO, |entry| entry.at);
    let mut duration = last;
    if let Some(metadata) = reading.metadata {
        head.recorded_at = metadata.recorded_at.unwrap_or(Timestamp::UNIX_EPOCH);
        head.path = metadata.path;
        head.tool = metadata.tool;
        head.version = metadata.version;
        duration = metadata
            .duration_ms
            .map_or(last, |millis| millis.0.max(last));
        let count = entries.len() as u64;
        if let Some(told) = metadata.message_count.filter(|told| *told != count) {
            reading
                .notes
                .add(|| format!("`message_count` says {told}, but there are {count} messages"));
        }
    }
    let session = Session {
        head,
        duration,
        entries,
    };
    let notes = reading.notes.done();
    Ok(Tape {
        format: Format::Session,
        session,
        notes,
        damage: None,
    })
}

struct Whole<'r>(&'r mut Reading);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object with `metadata` and `messages`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "metadata" => self.0.metadata = Some(map.next_value()?),
                "messages" if self.0.entries.is_some() => {
                    return Err(A::Error::custom("`messages` is there twice"));
                }
                "messages" => map.next_value_seed(Messages(self.0))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match self.0.entries {
            Some(_) => Ok(()),
            None => Err(A::Error::custom(
                "`messages` is missing; without any, write `\"messages\": []`",
            )),
        }
    }
}

struct Messages<'r>(&'r mut Reading);

impl<'de> DeserializeSeed<'de> for Messages<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Messages<'_> {
    type Value = ();

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let reading = self.0;
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            reading.at = Some(entries.len());
            let Some(timed) = seq.next_element::<Timed>()? else {
                break;
            };
            let entry = timed.shape.entry(&mut reading.shared);
            let mut entry = entry.map_err(A::Error::custom)?;
            let last = entries.last().map_or(Duration::ZERO, |entry| entry.at);
            let index = entries.len();
            let at = timed.timestamp_ms.0;
            entry.at = reading
                .notes
                .in_order(at, last, || format!("`messages[{index}]`"));
            if index == ENTRIES {
                reading.too_many = true;
                return Err(A::Error::custom("too many"));
            }
            entries.push(entry);
        }
        reading.at = None;
        reading.entries = Some(entries);
        Ok(())
    }
}
