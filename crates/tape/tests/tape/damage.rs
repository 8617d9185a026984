//! A `.part` file of 4 KiB, cut at every byte and with every byte changed.

use sockeye_tape::{Deck, Direction, Entry, PartError, PartReader, RecordOptions, Spot};

use crate::lab::{Told, head, text};

/// A `.part` file as a kill leaves it, of at least `size` bytes.
fn tape(size: usize) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("it works");
    let part = folder.path().join("a.json.part");
    let deck = Deck::start().expect("it works");
    let (_told, watch) = Told::new();
    let spot = Spot::path(folder.path().join("a.json"));
    let recorder = deck
        .create(spot, head(), RecordOptions::default(), watch)
        .expect("it works");
    for ms in 0..(size / 100) as u64 {
        let message = format!("message {ms} ü \" \\");
        recorder.record(text(ms, Direction::Incoming, &message));
    }
    loop {
        let bytes = std::fs::read(&part).expect("it works");
        if bytes.len() >= size {
            return bytes;
        }
        std::thread::yield_now();
    }
}

/// The entries before the damage, and its line.
fn read(bytes: &[u8]) -> (Vec<Entry>, Option<u64>) {
    let mut reader = match PartReader::begin(bytes) {
        Ok(reader) => reader,
        Err(PartError::Head(damage)) => return (Vec::new(), Some(damage.line)),
        Err(PartError::Io(problem)) => panic!("{problem}"),
    };
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().expect("it works") {
        entries.push(entry);
    }
    (entries, reader.damage().map(|damage| damage.line))
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|byte| *byte == b'\n').count()
}

#[test]
fn every_cut_leaves_what_is_before_it() {
    let tape = tape(4096);
    let (all, damage) = read(&tape);
    assert_eq!(damage, None);
    for at in 0..tape.len() {
        let (entries, damage) = read(&tape[..at]);
        let whole = line_of(&tape, at) - 1;
        assert_eq!(entries, all[..whole.saturating_sub(1)], "cut at {at}");
        let clean = at > 0 && tape[at - 1] == b'\n';
        let expected = (!clean).then_some(whole as u64 + 1);
        assert_eq!(damage, expected, "cut at {at}");
    }
}

#[test]
fn every_changed_byte_is_noticed_where_it_is() {
    let tape = tape(4096);
    let (all, _) = read(&tape);
    for at in 0..tape.len() {
        for flip in [0xFF, 0x01, 0x20, 0x80] {
            let mut changed = tape.clone();
            changed[at] ^= flip;
            let (entries, damage) = read(&changed);
            let line = line_of(&tape, at);
            assert_eq!(damage, Some(line as u64), "byte {at} ^ {flip:#x}");
            assert_eq!(
                entries,
                all[..line.saturating_sub(2)],
                "byte {at} ^ {flip:#x}"
            );
        }
    }
}

#[test]
fn lines_that_are_missing_swapped_or_doubled_are_noticed() {
    let tape = tape(1024);
    let lines: Vec<&[u8]> = tape.split_inclusive(|byte| *byte == b'\n').collect();
    let missing = [lines[0], lines[1], lines[3]].concat();
    assert_eq!(read(&missing).1, Some(3));
    let doubled = [lines[0], lines[1], lines[1]].concat();
    assert_eq!(read(&doubled).1, Some(3));
    let swapped = [lines[0], lines[2], lines[1]].concat();
    assert_eq!(read(&swapped).1, Some(2));
}
