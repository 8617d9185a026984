//! Recordings that nobody has made: files of every format, and what a fault leaves of an unfinished one.
//!
//! Corpora are files beside this one; inputs that were found to break something stand in them.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crc32c::crc32c;
use sockeye_fuzz::{Target, texts};
use sockeye_tape::{
    Entry, NameTemplate, PartReader, Session, read_tape, repair, write_har, write_session,
};
use tempfile::TempDir;

thread_local! {
    /// Where the inputs of this thread are put.
    static FOLDER: TempDir = TempDir::new().expect("a folder");
}

fn put(name: &str, input: &[u8]) -> PathBuf {
    let path = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, input).expect("room for a file");
    path
}

/// What survives in a file of sessions: the entries, times in milliseconds.
fn kept(session: &Session) -> Vec<Entry> {
    let whole = |entry: &Entry| {
        let mut entry = entry.clone();
        let ms = u64::try_from(entry.at.as_millis()).unwrap_or(u64::MAX);
        entry.at = Duration::from_millis(ms);
        entry
    };
    session.entries.iter().map(whole).collect()
}

/// The whole input is a file.
fn files(input: &[u8]) -> String {
    let path = put("input", input);
    let tape = match read_tape(&path) {
        Ok(tape) => tape,
        Err(refusal) => {
            let text = refusal.to_string();
            assert!(text.len() < 2000 + 2 * input.len(), "a sentence: {text}");
            return text;
        }
    };
    assert!(
        tape.session.entries.len() <= input.len(),
        "memory follows the bytes"
    );
    let is_recorded = tape.session.entries.iter().all(|entry| entry.cue.is_none());
    if is_recorded {
        let mut written = Vec::new();
        write_session(&tape.session, &mut written).expect("memory takes everything");
        let again = read_tape(&put("again", &written)).expect("what we write we read");
        assert_eq!(again.session.entries, kept(&tape.session));
        let mut archive = Vec::new();
        write_har(&tape.session, &mut archive).expect("memory takes everything");
        read_tape(&put("archive", &archive)).expect("what we write we read");
    }
    format!("{tape:?}")
}

/// The lines of an input with sums that fit, unless the line begins with `!`: changes are then met behind the sum.
fn sealed(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in input.split_inclusive(|byte| *byte == b'\n') {
        let Some(members) = line.strip_suffix(b"}\n") else {
            out.extend_from_slice(line);
            continue;
        };
        match members.strip_prefix(b"!") {
            Some(damaged) => out.extend_from_slice(damaged),
            None => out.extend_from_slice(members),
        }
        let sum = crc32c(members);
        out.extend(format!(",\"crc\":\"{sum:08x}\"}}\n").bytes());
    }
    out
}

/// The whole input is what an unfinished recording left.
fn unfinished(input: &[u8]) -> String {
    let bytes = sealed(input);
    let mut reader = match PartReader::begin(&*bytes) {
        Ok(reader) => reader,
        Err(refusal) => return format!("{refusal:?}"),
    };
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().expect("memory is readable") {
        entries.push(entry);
    }
    assert_eq!(reader.read(), entries.len() as u64);
    assert!(
        reader.next_entry().expect("readable").is_none(),
        "the end stays the end"
    );
    let part = put("x.json.part", &bytes);
    let target = part.with_file_name("x.json");
    let repaired = repair(&part, Some(&target)).expect("its first line is whole");
    assert_eq!(repaired.messages, entries.len() as u64);
    assert_eq!(repaired.damage.as_ref(), reader.damage());
    let whole = read_tape(&target).expect("a repaired file is whole");
    assert_eq!(whole.session.entries.len(), entries.len());
    format!("{entries:?} {:?}", reader.damage())
}

/// The whole input is a template for names, then the text that is put into each of its holes.
fn names(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let (template, value) = text.split_once('\n').unwrap_or((&text, ".."));
    let known = ["date", "session.id", "path"];
    let Ok(template) = NameTemplate::parse(template, &known) else {
        return format!("{:?}", NameTemplate::parse(template, &known).err());
    };
    let name = template.fill(|_| value.to_owned());
    let parts = name
        .folders()
        .iter()
        .map(String::as_str)
        .chain([name.file()]);
    for part in parts {
        assert!(
            !part.is_empty() && part != "." && part != ".." && !part.contains(['/', '\0']),
            "{part}"
        );
    }
    format!("{name:?}")
}

#[test]
fn tapes() {
    let corpus = texts(include_str!("tapes.txt"));
    Target::new("tapes", corpus, files).text().few(2000).run();
}

#[test]
fn parts() {
    let corpus = texts(include_str!("parts.txt"));
    Target::new("parts", corpus, unfinished)
        .text()
        .few(2000)
        .run();
}

#[test]
fn file_names() {
    let corpus = texts(include_str!("names.txt"));
    Target::new("file_names", corpus, names)
        .text()
        .longest(600)
        .run();
}
