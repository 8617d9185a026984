//! Bytes of records: read by a sink, written again by every format, taken apart as events and as values.

use sockeye_ship::decode::{Manner, decode};
use sockeye_ship::format::{Compat, Kind, Settings};
use sockeye_ship::json::{Rules, append_value};
use sockeye_ship::record::{Entries, Events, Reader, Time, append_record};

const KINDS: [Kind; 5] = [
    Kind::Json,
    Kind::JsonLines,
    Kind::JsonStream,
    Kind::Msgpack,
    Kind::Gelf,
];

/// A reader makes no more than a small multiple of what it was given.
fn is_bounded(made: usize, given: usize) {
    assert!(made <= 40 * given + 4096, "{made} bytes of {given}");
}

/// What every format makes of records; strict JSON is JSON.
fn encoded(records: &[u8]) -> Vec<Vec<u8>> {
    let compats = [Compat::None, Compat::FluentBit];
    let all = KINDS
        .into_iter()
        .flat_map(|kind| compats.map(|compat| (kind, compat)));
    let mut outs = Vec::new();
    for (kind, compat) in all {
        let settings = Settings {
            kind,
            compat,
            ..Settings::default()
        };
        let mut out = Vec::new();
        settings.build().encode(records, &mut out);
        is_bounded(out.len(), records.len());
        let is_json = kind != Kind::Msgpack && compat == Compat::None;
        if is_json && kind == Kind::Json && !out.is_empty() {
            let read = serde_json::from_slice::<serde::de::IgnoredAny>(&out);
            assert!(read.is_ok(), "no JSON: {}", String::from_utf8_lossy(&out));
        }
        outs.push(out);
    }
    outs
}

/// The whole input is a message to a sink.
pub(crate) fn decoded(input: &[u8]) -> String {
    let mut found = String::new();
    for (is_binary, manner) in [
        (true, Manner::Strict),
        (true, Manner::Lenient),
        (false, Manner::Strict),
        (false, Manner::Lenient),
    ] {
        let mut records = Vec::new();
        let mut count = 0;
        let decoded = decode(input, is_binary, manner, |record| {
            for map in [record.metadata, record.body] {
                let mut reader = Reader::new(map);
                reader.skip().expect("a whole value");
                assert!(reader.is_empty(), "and nothing behind it");
                Entries::of(map).expect("a map");
            }
            let time = record.time.unwrap_or_default();
            append_record(&mut records, time, record.metadata, record.body);
            count += 1;
        });
        assert_eq!(decoded.records, count);
        assert!(manner == Manner::Lenient || decoded.oddities.is_empty());
        is_bounded(records.len(), input.len());
        let outs = encoded(&records);
        again(&records, &outs, count);
        found += &format!("{decoded:?} {records:?}");
    }
    found
}

/// What our own msgpack says is read as the same records.
fn again(records: &[u8], outs: &[Vec<u8>], count: u32) {
    let msgpack = &outs[6];
    if msgpack.is_empty() {
        return;
    }
    let mut read = Vec::new();
    let decoded = decode(msgpack, true, Manner::Strict, |record| {
        let time = record.time.unwrap_or_default();
        append_record(&mut read, time, record.metadata, record.body);
    });
    assert_eq!((decoded.records, decoded.fault), (count, None));
    assert!(read == records, "msgpack there and back");
}

/// The whole input is what a store or an input holds: events one after the other.
pub(crate) fn events(input: &[u8]) -> String {
    let mut found = String::new();
    let mut events = Events::new(input);
    let mut at = 0;
    while let Some(event) = events.next() {
        assert!(events.at() > at || event.is_err(), "it goes on");
        at = events.at();
        assert!(at <= input.len());
        let is_over = event.is_err();
        found += &format!("{event:?}");
        if is_over {
            break;
        }
    }
    let outs = encoded(input);
    let mut reader = Reader::new(input);
    let skipped = reader.skip();
    format!("{found} {outs:?} {skipped:?} {:?}", Entries::of(input))
}

/// The whole input is a value of JSON.
pub(crate) fn values(input: &[u8]) -> String {
    let mut out = Vec::new();
    let read = append_value(input, Rules::STRICT, &mut out);
    is_bounded(out.len(), input.len());
    match &read {
        Ok(end) => {
            assert!(*end <= input.len());
            let mut reader = Reader::new(&out);
            reader.skip().expect("a whole value");
            assert!(reader.is_empty(), "one value");
            let text = str::from_utf8(&input[..*end]);
            if let Ok(text) = text {
                let theirs = serde_json::from_str::<serde::de::IgnoredAny>(text);
                assert!(theirs.is_ok() || text.len() > 200, "no JSON: {text}");
            }
            let mut records = Vec::new();
            if Entries::of(&out).is_ok() {
                append_record(&mut records, Time::new(1, 2), &[0x80], &out);
                encoded(&records);
            }
        }
        Err(_) => assert!(out.is_empty(), "nothing is left over"),
    }
    format!("{read:?} {out:?}")
}
