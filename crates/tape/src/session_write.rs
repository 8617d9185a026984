//! Entries on their way into a session file: JSON as the guide prints it, one entry in memory at a time.

use std::io::{self, Write};
use std::time::Duration;

use serde::Serialize;

use crate::shape::Shape;
use crate::{Entry, Head, Session, stamp};

#[derive(Serialize)]
struct Timed<'a> {
    timestamp_ms: u64,
    #[serde(flatten)]
    shape: Shape<'a>,
}

/// Writes a session file whose number of messages and whose duration are known.
#[derive(Debug)]
pub(crate) struct SessionWriter<W: Write> {
    to: W,
    any: bool,
}

impl<W: Write> SessionWriter<W> {
    /// Writes what stands before the first message.
    pub(crate) fn begin(mut to: W, head: &Head, ran: Duration, count: u64) -> io::Result<Self> {
        let mut members = vec![
            ("recorded_at", quoted(&stamp::text(head.recorded_at))?),
            ("duration_ms", millis(ran).to_string()),
            ("message_count", count.to_string()),
        ];
        let more = [
            ("path", &head.path),
            ("tool", &head.tool),
            ("version", &head.version),
        ];
        for (name, value) in more {
            if let Some(value) = value {
                members.push((name, quoted(value)?));
            }
        }
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("    \"{name}\": {value}"))
            .collect();
        let members = members.join(",\n");
        write!(
            to,
            "{{\n  \"metadata\": {{\n{members}\n  }},\n  \"messages\": ["
        )?;
        Ok(Self { to, any: false })
    }

    /// Writes one message.
    pub(crate) fn message(&mut self, entry: &Entry) -> io::Result<()> {
        let before: &[u8] = if self.any { b",\n" } else { b"\n" };
        self.to.write_all(before)?;
        self.any = true;
        let timed = Timed {
            timestamp_ms: millis(entry.at),
            shape: Shape::from(entry),
        };
        let text = serde_json::to_string_pretty(&timed)?;
        for (index, line) in text.lines().enumerate() {
            let end: &[u8] = if index == 0 { b"" } else { b"\n" };
            self.to.write_all(end)?;
            write!(self.to, "    {line}")?;
        }
        Ok(())
    }

    /// Writes what stands behind the last message.
    pub(crate) fn end(mut self) -> io::Result<W> {
        let end: &[u8] = if self.any { b"\n  ]\n}\n" } else { b"]\n}\n" };
        self.to.write_all(end)?;
        self.to.flush()?;
        Ok(self.to)
    }
}

/// Writes a whole session as a session file.
pub fn write_session(session: &Session, to: impl Write) -> io::Result<()> {
    let count = session.entries.len() as u64;
    let mut writer = SessionWriter::begin(to, &session.head, session.duration, count)?;
    for entry in &session.entries {
        writer.message(entry)?;
    }
    writer.end()?;
    Ok(())
}

pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn quoted(text: &str) -> io::Result<String> {
    Ok(serde_json::to_string(text)?)
}
