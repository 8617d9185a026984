//! Files of every format, as they are read.

use std::path::PathBuf;
use std::time::Duration;

use sockeye_tape::{Content, Direction, Format, Tape, read_tape, write_har, write_session};

fn read(text: &str) -> Tape {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("file");
    std::fs::write(&path, text).expect("a writable folder");
    read_tape(&path).unwrap_or_else(|problem| panic!("{problem}"))
}

const GUIDE: &str = include_str!("../golden/guide.json");

#[test]
fn the_guides_example_is_read_as_it_is() {
    let tape = read(GUIDE);
    assert_eq!(tape.format, Format::Session);
    assert_eq!(
        tape.notes,
        ["`message_count` says 42, but there are 2 messages"]
    );
    let session = &tape.session;
    assert_eq!(session.head.recorded_at.to_string(), "2024-01-15T10:30:00Z");
    assert_eq!(session.duration, Duration::from_secs(5));
    assert_eq!(session.entries[1].at, Duration::from_millis(50));
    assert_eq!(session.entries[1].direction, Direction::Outgoing);
    let mut written = Vec::new();
    write_session(session, &mut written).expect("memory");
    let written = String::from_utf8(written).expect("JSON");
    assert_eq!(written, GUIDE.replace("42", "2"));
}

#[test]
fn what_is_written_is_read_again() {
    let all = include_str!("../golden/all.json");
    let tape = read(all);
    assert!(tape.notes.is_empty(), "{:?}", tape.notes);
    let mut written = Vec::new();
    write_session(&tape.session, &mut written).expect("memory");
    assert_eq!(String::from_utf8(written).expect("JSON"), all);
    let mut har = Vec::new();
    write_har(&tape.session, &mut har).expect("memory");
    let back = read(&String::from_utf8(har).expect("JSON"));
    assert_eq!(back.format, Format::Har);
    let contents = |tape: &Tape| -> Vec<_> {
        tape.session
            .entries
            .iter()
            .map(|entry| (entry.at, entry.content.clone()))
            .collect()
    };
    assert_eq!(contents(&back), contents(&tape));
}

#[test]
fn unknown_members_are_ignored_and_times_put_in_order() {
    let tape = read(
        r#"{"x": [1, {}], "messages": [
            {"timestamp_ms": 7.5, "direction": "incoming", "type": "text", "data": "a", "y": {"z": []}},
            {"type": "text", "data": "b", "timestamp_ms": 3, "direction": "incoming"}], "metadata": {"w": 1}}"#,
    );
    assert_eq!(
        tape.notes,
        ["`messages[1]` is at 3 ms, before its predecessor: it is taken as at 7 ms"]
    );
    assert_eq!(tape.session.entries[1].at, Duration::from_micros(7500));
}

#[test]
fn notes_have_a_bound() {
    let message = |at: u64| {
        format!(r#"{{"timestamp_ms": {at}, "direction": "incoming", "type": "text", "data": ""}}"#)
    };
    let messages: Vec<String> = (0..100).rev().map(message).collect();
    let tape = read(&format!(r#"{{"messages": [{}]}}"#, messages.join(",")));
    assert_eq!(tape.notes.len(), 6);
    assert_eq!(tape.notes[5], "and 94 more like these");
}

#[test]
fn archives_of_browsers_are_read() {
    let tape = read(
        r#"{"log": {"version": "1.2", "entries": [
            {"request": {"method": "GET", "url": "https://a/page"}},
            {"_resourceType": "websocket", "request": {"url": "wss://a/live?x=1"}, "_webSocketMessages": [
                {"type": "send", "time": 1700000000.5, "opcode": 1, "data": "hello"},
                {"type": "receive", "time": 1700000000.75, "opcode": 2, "data": "AP8="}]}]}}"#,
    );
    let entries = &tape.session.entries;
    assert_eq!(entries[0].path.as_deref(), Some("/live?x=1"));
    assert_eq!(
        (entries[0].at, entries[0].direction),
        (Duration::ZERO, Direction::Incoming)
    );
    assert_eq!(entries[1].at, Duration::from_millis(250));
    assert_eq!(entries[1].content, Some(Content::Binary(vec![0, 255])));
    assert_eq!(
        tape.session.head.recorded_at.to_string(),
        "2023-11-14T22:13:20.5Z"
    );
}

#[test]
fn every_cut_of_a_file_is_told_and_none_panics() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    let all = include_str!("../golden/all.json");
    let har = {
        let mut har = Vec::new();
        write_har(&read(all).session, &mut har).expect("memory");
        String::from_utf8(har).expect("JSON")
    };
    let lines = "{\"ts\":0,\"text\":\"a\"}\n{\"ts\":1,\"dir\":\"in\",\"waitFor\":\"x\"}\n";
    for text in [all, &har, lines] {
        for at in 0..text.len() {
            std::fs::write(&path, &text.as_bytes()[..at]).expect("a writable folder");
            // Of lines, every whole one counts.
            assert!(
                read_tape(&path).is_err() || text == lines || at + 1 == text.len(),
                "{at}"
            );
            let mut changed = text.as_bytes().to_vec();
            changed[at] ^= 0x55;
            std::fs::write(&path, changed).expect("a writable folder");
            let _ = read_tape(&path);
        }
    }
}
