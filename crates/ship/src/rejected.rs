//! Records that no server will have pass through here into files that people can read: one line of JSON for each.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use sockeye_core::Clock;

use crate::chunk::Chunk;
use crate::format::{self, Format};
use crate::output::name_for;
use crate::record::{Event, Events, Kind};

/// Records are for the one who runs the process.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// Of a second.
const NANOS: i128 = 1_000_000_000;

/// What is kept of them, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The folder; made if it is not there.
    pub folder: PathBuf,
    /// Bytes for each output, in two files; where they are full the older file goes.
    pub limit: u64,
}

/// A folder of rejected records, with a file for each output.
#[derive(Debug)]
pub(crate) struct Rejected {
    keeping: Keeping,
    clock: Clock,
    /// One at a time: lines of several outputs may go into one file.
    format: Mutex<Box<dyn Format>>,
}

/// What was kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) records: u64,
    /// Older ones have gone to make room.
    pub(crate) has_made_room: bool,
}

impl Rejected {
    /// Makes the folder.
    pub(crate) fn open(keeping: Keeping, clock: Clock) -> io::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(&keeping.folder)?;
        let settings = format::Settings {
            kind: format::Kind::JsonLines,
            date_key: None,
            escape_unicode: false,
            ..format::Settings::default()
        };
        let format = Mutex::new(settings.build());
        Ok(Self {
            keeping,
            clock,
            format,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.keeping.folder
    }

    /// Adds records of a chunk, with the reason why they are here.
    pub(crate) fn keep(
        &self,
        output: &str,
        chunk: &Chunk,
        records: &[u8],
        why: &str,
    ) -> io::Result<Kept> {
        let mut format = self.format.lock().unwrap_or_else(PoisonError::into_inner);
        let head = json!({
            "rejected": self.clock.now().to_string(),
            "output": output,
            "input": &*chunk.input,
            "tag": &*chunk.tag,
            "why": why,
        });
        let head = head.to_string();
        let head = head.trim_end_matches('}');
        let (mut lines, mut kept) = (Vec::new(), Kept::default());
        for event in Events::new(records).map_while(Result::ok) {
            if event.kind == Kind::Record {
                append_line(&mut lines, head, &event, &mut **format);
                kept.records += 1;
            }
        }
        let path = self.keeping.folder.join(name_for(output) + ".jsonl");
        kept.has_made_room = self.append(&path, &lines)?;
        Ok(kept)
    }

    /// Whether an older file had to go.
    fn append(&self, path: &Path, lines: &[u8]) -> io::Result<bool> {
        let open = || -> io::Result<(File, u64)> {
            let mut options = OpenOptions::new();
            let file = options
                .create(true)
                .append(true)
                .mode(FILE_MODE)
                .open(path)?;
            let len = file.metadata()?.len();
            Ok((file, len))
        };
        let (mut file, mut before) = open()?;
        let mut has_made_room = false;
        if before > 0 && before + lines.len() as u64 > self.keeping.limit / 2 {
            let older = path.with_extension("1.jsonl");
            has_made_room = older.exists();
            fs::rename(path, older)?;
            (file, before) = open()?;
        }
        let written = file.write_all(lines);
        if written.is_err() {
            // Half a line would be no JSON.
            let _ = file.set_len(before);
        }
        written.map(|()| has_made_room)
    }
}

/// `{…,"time":S.N,"record":{…},"msgpack":"…"}`. JSON cannot say everything: the bytes in hex can, and a record that it
/// cannot say at all has nothing else.
fn append_line(lines: &mut Vec<u8>, head: &str, event: &Event<'_>, format: &mut dyn Format) {
    lines.extend_from_slice(head.as_bytes());
    let nanos = i128::from(event.time.seconds) * NANOS + i128::from(event.time.nanos);
    let sign = if nanos < 0 { "-" } else { "" };
    let nanos = nanos.abs();
    // Writing to a vector cannot fail.
    let _ = write!(
        lines,
        ",\"time\":{sign}{}.{:09},",
        nanos / NANOS,
        nanos % NANOS
    );
    let before = lines.len();
    lines.extend_from_slice(b"\"record\":");
    if format.encode(event.raw, lines).written == 1 {
        if lines.ends_with(b"\n") {
            lines.pop();
        }
        lines.push(b',');
    } else {
        lines.truncate(before);
    }
    lines.extend_from_slice(b"\"msgpack\":\"");
    for byte in event.raw {
        let _ = write!(lines, "{byte:02x}");
    }
    lines.extend_from_slice(b"\"}\n");
}
