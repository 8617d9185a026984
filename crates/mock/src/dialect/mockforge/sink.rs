//! `sink:` of a handler of type `sink`: which records it takes, where they go, and whom it refuses or drops.

use std::path::{Path, PathBuf};

use ::http::StatusCode;
use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_net::{Cut, LinkSettings};
use sockeye_ship::decode::{Format, Manner};
use sockeye_tape::{NameMistake, NameTemplate};
use sockeye_wire::{CloseCode, FrameLimits};

use super::rule::close_code;
use super::{MESSAGE_BYTES, frame_limits};
use crate::beside::folder_of;
use crate::dialect::Reading;
use crate::sink::{Drop, Refusals, Sink};

/// Where the manual explains sinks.
const PAGE: &str = "docs/sink.md";

/// Records that are kept for a look, unless the file says, and the most.
const USUAL_KEPT: u64 = 100;
const MOST_KEPT: u64 = 10_000;
/// The longest message, unless a file says: shippers send chunks of some megabytes.
const USUAL_MESSAGE_BYTES: u64 = 16 * 1024 * 1024;
/// The largest number of a schedule.
const MOST: u64 = 1_000_000_000;

const MODES: [(&str, Manner); 2] = [("lenient", Manner::Lenient), ("strict", Manner::Strict)];

const FORMATS: [(&str, Option<Format>); 6] = [
    ("any", None),
    ("msgpack", Some(Format::Msgpack)),
    ("json", Some(Format::Json)),
    ("json_lines", Some(Format::JsonLines)),
    ("json_stream", Some(Format::JsonStream)),
    ("gelf", Some(Format::Gelf)),
];

const ENDS: [(&str, Cut); 4] = [
    ("drop", Cut::Drop),
    ("reset", Cut::Reset),
    ("freeze", Cut::Freeze),
    ("close", Cut::Close(CloseCode::GOING_AWAY)),
];

/// Reads what a handler of type `sink` has beside what every handler has.
pub(super) fn read(handler: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Sink {
    // Mistakes before this are explained elsewhere.
    reading.mistakes.explained_on(super::PAGE);
    let sink = read_keys(handler, fields, reading);
    reading.mistakes.explained_on(PAGE);
    sink
}

fn read_keys(handler: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Sink {
    let mut sink = Sink {
        manner: Manner::default(),
        format: None,
        keep: usize::try_from(USUAL_KEPT).unwrap_or_default(),
        file: None,
        sync: false,
        ack_every: None,
        refusals: None,
        drop: None,
    };
    let Some(node) = fields.take("sink").filter(|node| !node.is_null()) else {
        return sink;
    };
    let Some(mut fields) = reading.fields(node, "`sink`") else {
        return sink;
    };
    if let Some(manner) = reading.choice(&mut fields, "mode", &MODES) {
        sink.manner = manner;
    }
    sink.format = reading.choice(&mut fields, "format", &FORMATS).flatten();
    if let Some(keep) = reading.whole(&mut fields, "keep", 0..=MOST_KEPT) {
        sink.keep = usize::try_from(keep).unwrap_or_default();
    }
    let folder = folder_of(&handler.place).to_owned();
    sink.file = fields
        .take("file")
        .and_then(|node| read_file(node, &folder, reading));
    sink.sync = read_sync(node, &mut fields, reading);
    sink.ack_every = read_ack(node, &mut fields, reading);
    sink.refusals = fields
        .take("refuse")
        .and_then(|node| read_refusals(node, reading));
    sink.drop = fields
        .take("drop")
        .and_then(|node| read_drop(node, reading));
    reading.finish(fields);
    sink
}

/// Links of a sink take long messages, and text that is none: the sink itself says what is wrong with it.
pub(super) fn link(settings: &LinkSettings, has_own_size: bool) -> LinkSettings {
    let is_said = has_own_size || settings.frames.message_bytes != MESSAGE_BYTES;
    let usual = frame_limits(USUAL_MESSAGE_BYTES);
    let frames = FrameLimits {
        loose_text: true,
        ..if is_said { settings.frames } else { usual }
    };
    LinkSettings {
        frames,
        ..settings.clone()
    }
}

/// A file below the folder of the configuration file.
fn read_file(node: &Node, folder: &Path, reading: &mut Reading<'_>) -> Option<PathBuf> {
    let text = node.as_text("`file`", reading.mistakes)?;
    let wrong = match NameTemplate::parse(text, &[]) {
        Ok(name) => {
            let name = name.fill(|_| String::new());
            let folder = name
                .folders()
                .iter()
                .fold(folder.to_owned(), |path, part| path.join(part));
            return Some(folder.join(name.file()));
        }
        Err(wrong) => wrong,
    };
    let (message, remedy) = match wrong {
        NameMistake::Leaves { .. } => (
            "`file` leads out of the folder of this file",
            "write a path below it, such as received/all.jsonl",
        ),
        NameMistake::Unknown { .. } | NameMistake::Open { .. } => (
            "`file` has no holes",
            "write the name as it is: all connections write to one file",
        ),
        NameMistake::NoFile { .. } => ("`file` names no file", "add a name, such as all.jsonl"),
        NameMistake::Control { .. } => ("`file` has a control character", "remove it"),
    };
    reading.mistake(Mistake::at(&node.place, message).remedy(remedy).page(PAGE));
    None
}

fn read_sync(node: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> bool {
    let Some((key, value)) = fields.take_entry("sync") else {
        return false;
    };
    if node.get("file").is_none() {
        let mistake = Mistake::at(&key.place, "`sync` alone syncs nothing");
        reading.mistake(mistake.remedy("add `file`").page(PAGE).warning());
    }
    value
        .as_bool("`sync`", reading.mistakes)
        .unwrap_or_default()
}

fn read_ack(node: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let is_wanted = reading.bool(fields, "ack").unwrap_or(false);
    let every = fields.take_entry("ack_every");
    if let Some((key, _)) = &every
        && node.get("ack").is_none()
    {
        let mistake = Mistake::at(&key.place, "`ack_every` alone acknowledges nothing");
        reading.mistake(mistake.remedy("add `ack: true`").page(PAGE).warning());
    }
    let every = every.and_then(|(_, node)| node.as_u64("`ack_every`", 1..=MOST, reading.mistakes));
    is_wanted.then_some(every.unwrap_or(1))
}

fn read_refusals(node: &Node, reading: &mut Reading<'_>) -> Option<Refusals> {
    let mut fields = reading.fields(node, "`refuse`")?;
    let first = reading.whole(&mut fields, "connections", 0..=MOST);
    let every = reading.whole(&mut fields, "every", 0..=MOST);
    let status = reading.whole(&mut fields, "status", 200..=599);
    reading.finish(fields);
    if first.unwrap_or(0) == 0 && every.unwrap_or(0) == 0 {
        let mistake = Mistake::at(&node.place, "`refuse` refuses nobody").label("no number");
        let remedy = "add `connections: N`, the first N, or `every: N`, each Nth";
        reading.mistake(mistake.remedy(remedy).page(PAGE));
        return None;
    }
    let status = u16::try_from(status.unwrap_or(503)).ok()?;
    Some(Refusals {
        first: first.unwrap_or(0),
        every: every.unwrap_or(0),
        status: StatusCode::from_u16(status).ok()?,
    })
}

fn read_drop(node: &Node, reading: &mut Reading<'_>) -> Option<Drop> {
    let mut fields = reading.fields(node, "`drop`")?;
    let after = reading.whole(&mut fields, "after", 1..=MOST).unwrap_or(1);
    let connections = reading
        .whole(&mut fields, "connections", 0..=MOST)
        .unwrap_or(0);
    let how = reading
        .choice(&mut fields, "how", &ENDS)
        .unwrap_or(Cut::Drop);
    let code = fields.take_entry("code");
    reading.finish(fields);
    if let Some((key, _)) = &code
        && !matches!(how, Cut::Close(_))
    {
        let message = format!("{} is for `how: close`", quoted("code"));
        reading.mistake(
            Mistake::at(&key.place, message)
                .remedy("remove it, or close")
                .page(PAGE),
        );
    }
    let code = code.and_then(|(_, node)| close_code(node, "`code`", reading));
    let how = match (how, code) {
        (Cut::Close(_), Some(code)) => Cut::Close(code),
        (how, _) => how,
    };
    Some(Drop {
        after,
        connections,
        how,
    })
}
