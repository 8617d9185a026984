//! What senders may send, off every socket: messages of the forward protocol, lines of syslog, JSON in pieces, forms.

#![expect(
    clippy::format_push_string,
    reason = "what was found is only compared with what is found again"
)]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use sockeye_core::{Clock, Place, Source};
use sockeye_fuzz::{Target, files, lines, texts};

use super::documents::{Arrays, Documents, Extra};
use super::forward::message;
use super::http::form;
use super::line::Line;
use super::tcp::Stream;
use crate::parser::{Parser, Parsers};
use crate::plan::{Property, Section};
use crate::record::{Events, Time};

const NOW: Time = Time {
    seconds: 1_700_000_000,
    nanos: 5,
};
/// Small enough to be met.
const LIMIT: usize = 1500;

/// Bytes that are events, one after the other, to the last.
fn are_records(bytes: &[u8], count: u32) {
    let events = Events::new(bytes).inspect(|event| assert!(event.is_ok(), "{event:?}"));
    assert_eq!(events.count(), count as usize);
}

fn forward(input: &[u8]) -> String {
    let clock = Clock::fixed("2024-01-15T10:30:00Z".parse().expect("a time"));
    let mut out = Vec::new();
    match message::read(input, LIMIT, &clock, &mut out) {
        Ok(Some(message)) => {
            let (tag, count, ack) = (message.tag, message.records, message.ack);
            are_records(&out, count);
            assert!(
                out.len() <= 40 * LIMIT + 40 * input.len(),
                "{} bytes",
                out.len()
            );
            format!("{tag} {count} {ack:?} {out:?}")
        }
        Ok(None) => "a sign of life".to_owned(),
        Err(refusal) => {
            assert!(refusal.len() < 500 + 4 * input.len(), "{refusal}");
            refusal
        }
    }
}

fn parser(number: usize) -> Option<Arc<Parser>> {
    const PATTERNS: [&str; 2] = [
        r"^\<(?<pri>[0-9]{1,5})\>1 (?<time>[^ ]+) (?<host>[^ ]+) (?<ident>[^ ]+) (?<pid>[-0-9]+) (?<msgid>[^ ]+) (?<extradata>(\[(.*?)\]|-)) (?<message>.+)$",
        r"^\<(?<pri>[0-9]+)\>(?<time>[^ ]* {1,2}[^ ]* [^ ]*) (?<host>[^ ]*) (?<ident>[a-zA-Z0-9_\/\.\-]*)(?:\[(?<pid>[0-9]+)\])?(?:[^\:]*\:)? *(?<message>.*)$",
    ];
    static READY: LazyLock<Parsers> = LazyLock::new(|| {
        let place = || Place::new(&Source::new("t.conf", "p"), 0..1);
        let property = |key: &str, value: &str| Property {
            key: key.to_owned(),
            value: value.to_owned(),
            place: place(),
            key_place: place(),
        };
        let sections = PATTERNS.iter().zip(0..).map(|(pattern, number)| {
            let mut section = Section::new(number.to_string(), place());
            section.properties = vec![property("format", "regex"), property("regex", pattern)];
            section
        });
        Parsers::build(&sections.collect::<Vec<_>>()).expect("parsers")
    });
    READY.get(&number.to_string())
}

/// What a stream makes of the input, in so large pieces.
fn streamed(mut stream: Stream, input: &[u8], piece: usize) -> (u32, Vec<u8>) {
    let mut out = Vec::new();
    let mut count = 0;
    for piece in input.chunks(piece.max(1)) {
        count += stream.feed(piece, NOW, &mut out).records;
    }
    count += stream.end(NOW, &mut out).records;
    (count, out)
}

/// Messages of syslog in both forms: the same however they were cut, unless one is too long.
fn syslog(input: &[u8]) -> String {
    let mut found = String::new();
    for number in 0..2 {
        let stream = || {
            let line = Line::new("log", parser(number)).strict();
            let mut extra = Extra::default();
            extra.string("source", "udp://127.0.0.1:1");
            Stream::lines(b"\n", line, extra, LIMIT)
        };
        let (count, whole) = streamed(stream(), input, input.len());
        are_records(&whole, count);
        let longest = input.split(|byte| *byte == b'\n').map(<[u8]>::len).max();
        let pieces = streamed(stream(), input, 7);
        are_records(&pieces.1, pieces.0);
        if longest.is_none_or(|longest| longest <= LIMIT) {
            assert!(whole == pieces.1, "the records depend on the cuts");
        }
        found += &format!("{count} {whole:?} {}", pieces.0);
    }
    found
}

/// JSON off a stream: the same records however it was cut, as long as nothing was too long.
fn documents(input: &[u8]) -> String {
    let mut found = String::new();
    for arrays in [Arrays::Timed, Arrays::Message, Arrays::Several] {
        let read = |piece: usize| {
            let mut documents = Documents::new(arrays, LIMIT);
            let (mut out, mut count) = (Vec::new(), 0);
            let extra = Extra::default();
            for piece in input.chunks(piece.max(1)) {
                count += documents.feed(piece, NOW, &extra, &mut out).records;
            }
            count += documents.end(NOW, &extra, &mut out).records;
            are_records(&out, count);
            (count, out)
        };
        let (whole, pieces) = (read(input.len()), read(5));
        if str::from_utf8(input)
            .is_ok_and(|text| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok())
            && input.len() <= LIMIT
        {
            assert!(whole == pieces, "the records depend on the cuts");
        }
        found += &format!("{whole:?} {pieces:?}");
    }
    let mut out = Vec::new();
    if form::append(input, NOW, &Extra::default(), &mut out) {
        are_records(&out, 1);
    } else {
        assert!(out.is_empty(), "nothing is left over");
    }
    found + &format!("{out:?}")
}

fn captures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/fluentbit/cases")
}

#[test]
fn forward_messages() {
    let mut corpus = lines(include_str!("fuzz/forward.txt"));
    corpus.extend(files(
        &captures().join("in-forward-message-msgpack"),
        &["input"],
    ));
    Target::new("forward_messages", corpus, forward)
        .few(10_000)
        .run();
}

#[test]
fn syslog_messages() {
    let mut corpus = texts(include_str!("fuzz/syslog.txt"));
    corpus.extend(files(
        &captures().join("in-syslog-tcp-json_lines"),
        &["input"],
    ));
    Target::new("syslog_messages", corpus, syslog)
        .text()
        .few(3000)
        .run();
}

#[test]
fn json_streams() {
    let mut corpus = texts(include_str!("fuzz/streams.txt"));
    corpus.extend(files(&captures().join("in-tcp-json-msgpack"), &["input"]));
    Target::new("json_streams", corpus, documents)
        .text()
        .few(5000)
        .run();
}
