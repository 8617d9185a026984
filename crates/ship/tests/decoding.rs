//! What the reference sent, and what is wrong in other ways, as a sink reads it.

use proptest::prelude::*;
use serde_json::Value;
use sockeye_ship::decode::{Decoded, Format, Manner, decode};
use sockeye_ship::format::{Compat, Kind, Settings};
use sockeye_ship::json::{Rules, append_value};
use sockeye_ship::record::{Events, Time, append_record};

use crate::formats::unhex;

fn read(message: &[u8], is_binary: bool, manner: Manner) -> (Decoded, Vec<String>) {
    let mut bodies = Vec::new();
    let decoded = decode(message, is_binary, manner, |record| {
        let mut records = Vec::new();
        append_record(
            &mut records,
            record.time.unwrap_or_default(),
            record.metadata,
            record.body,
        );
        let date_key = record.time.map(|_| "t".to_owned());
        let settings = Settings {
            kind: Kind::JsonStream,
            date_key,
            ..Settings::default()
        };
        let mut json = Vec::new();
        settings.build().encode(&records, &mut json);
        bodies.push(String::from_utf8(json).unwrap());
    });
    assert_eq!(decoded.records as usize, bodies.len());
    (decoded, bodies)
}

fn odd(decoded: &Decoded) -> Vec<String> {
    decoded
        .oddities
        .iter()
        .map(|oddity| oddity.to_string())
        .collect()
}

/// Every frame of every capture; all of them were text.
fn frames() -> Vec<(String, Vec<u8>)> {
    let mut frames = Vec::new();
    let lines = include_str!("../../../conformance/fluentbit/formats.jsonl").lines();
    for line in lines.map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let name = line["case"].as_str().unwrap();
        for frame in line["payload_hex"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            frames.push((name.to_owned(), unhex(frame)));
        }
    }
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/fluentbit/cases"
    );
    for case in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let Ok(text) = std::fs::read_to_string(case.path().join("frames.jsonl")) else {
            continue;
        };
        for line in text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
        {
            let name = case.file_name().into_string().unwrap();
            if let Some(hex) = line["hex"].as_str().filter(|_| line["opcode"] == 1) {
                frames.push((name, unhex(hex)));
            }
        }
    }
    frames
}

#[test]
fn every_frame_of_the_reference_is_read_leniently() {
    let frames = frames();
    assert!(frames.len() > 150, "{}", frames.len());
    for (name, frame) in frames {
        let (decoded, bodies) = read(&frame, false, Manner::Lenient);
        assert_eq!(
            decoded.fault,
            None,
            "{name}: {}",
            String::from_utf8_lossy(&frame)
        );
        assert!(!bodies.is_empty(), "{name}");
        let is_msgpack = decoded.format == Some(Format::Msgpack);
        assert_eq!(is_msgpack, frame[0] == 0x92, "{name}");
        assert_eq!(
            odd(&decoded).contains(&"msgpack in a text message".to_owned()),
            is_msgpack,
            "{name}"
        );
    }
}

#[test]
fn formats_are_told_apart() {
    let table: [(&[u8], Format, usize); 9] = [
        (br#"[{"a":1},{"b":2}]"#, Format::Json, 2),
        (b"[]", Format::Json, 0),
        (b"{\"a\":1}\n{\"b\":2}\n", Format::JsonLines, 2),
        (b"{\"a\":1}\n", Format::JsonLines, 1),
        (br#"{"a":1}{"b":2}"#, Format::JsonStream, 2),
        (br#"{"a":1}"#, Format::JsonStream, 1),
        (
            b"{\"version\":\"1.1\", \"short_message\":\"m\"}\n",
            Format::Gelf,
            1,
        ),
        (b"\x92\x01\x80", Format::Msgpack, 1),
        (b"\xdc\x00\x02\x01\x80", Format::Msgpack, 1),
    ];
    for (message, format, records) in table {
        let is_binary = format == Format::Msgpack;
        let (decoded, bodies) = read(message, is_binary, Manner::Lenient);
        assert_eq!(
            (decoded.format, bodies.len(), decoded.fault),
            (Some(format), records, None)
        );
    }
}

#[test]
fn times_of_every_kind_and_both_layouts() {
    let table: [(&[u8], &str, &[&str]); 6] = [
        (
            b"\x92\x92\xd7\x00\x65\x53\xf1\x00\x07\x5b\xcd\x15\x80\x81\xa1a\x01",
            r#"{"t":1700000000.123457,"a":1}"#,
            &[],
        ),
        (
            b"\x92\x92\xc7\x08\x00\x65\x53\xf1\x00\x07\x5b\xcd\x15\x80\x81\xa1a\x01",
            r#"{"t":1700000000.123457,"a":1}"#,
            &[],
        ),
        (
            b"\x92\x92\xce\x65\x53\xf1\x00\xdf\0\0\0\0\xdf\0\0\0\x01\xa1a\x01",
            r#"{"t":1700000000.0,"a":1}"#,
            &[],
        ),
        (
            b"\x92\xce\x65\x53\xf1\x00\x81\xa1a\x01",
            r#"{"t":1700000000.0,"a":1}"#,
            &["a record in the layout `[time, map]`"],
        ),
        (
            b"\x92\xcb\x41\xd9\x54\xfc\x40\x20\0\0\x81\xa1a\x01",
            r#"{"t":1700000000.5,"a":1}"#,
            &["a record in the layout `[time, map]`"],
        ),
        (
            b"\x92\x92\xd7\x00\x65\x53\xf1\x00\0\0\0\0\x81\xa1m\x02\x80",
            r#"{"t":1700000000.0,"__internal__":{"log_metadata":{"m":2}}}"#,
            &[],
        ),
    ];
    for (message, expected, oddities) in table {
        let (decoded, bodies) = read(message, true, Manner::Lenient);
        assert_eq!(bodies, [expected]);
        assert_eq!(odd(&decoded), *oddities);
        let (strict, _) = read(message, true, Manner::Strict);
        assert_eq!(strict.fault.as_deref(), oddities.first().copied());
    }
}

#[test]
fn json_that_is_none_is_read_and_reported_or_refused() {
    let table: [(&[u8], &str, &str); 7] = [
        (br#"{"a":nan}"#, r#"{"a":null}"#, "nan or inf for a number"),
        (br#"{"a":-inf}"#, r#"{"a":null}"#, "nan or inf for a number"),
        (
            br#"{"a":"\x01\xffffff80"}"#,
            r#"{"a":"\u0001\ufffd"}"#,
            "an escape `\\x` in a string",
        ),
        (br#"{1:"x"}"#, r#"{"1":"x"}"#, "a key without quotes"),
        (br#"{null:"x"}"#, r#"{"null":"x"}"#, "a key without quotes"),
        (
            b"{\"a\":\"\n\"}",
            r#"{"a":"\n"}"#,
            "a control character in a string",
        ),
        (
            b"{\"a\":\"\xff\"}",
            r#"{"a":"\ufffd"}"#,
            "text that is not UTF-8",
        ),
    ];
    for (message, expected, oddity) in table {
        let (decoded, bodies) = read(message, false, Manner::Lenient);
        assert_eq!(bodies, [expected]);
        assert_eq!(
            (odd(&decoded), decoded.fault),
            (vec![oddity.to_owned()], None)
        );
        let (strict, bodies) = read(message, false, Manner::Strict);
        assert!(strict.fault.is_some() && bodies.is_empty(), "{strict:?}");
    }
}

#[test]
fn faults_say_what_and_where_and_keep_what_was_before() {
    let table: [(&[u8], bool, usize, &str); 9] = [
        (b"", false, 0, "the message is empty"),
        (b"hello", false, 0, "no format begins with the byte 68"),
        (
            b"\x93\x01\x02\x03",
            true,
            0,
            "no format begins with the byte 93",
        ),
        (
            b"{\"a\":1}\n{\"a\":",
            false,
            1,
            "the text ends in the middle of a value, in the record at byte 8",
        ),
        (
            b"{\"a\":1} x",
            false,
            1,
            "a value should stand at byte 8, in the record at byte 8",
        ),
        (
            b"{\"a\" 1}",
            false,
            0,
            "`:` should stand at byte 5, in the record at byte 0",
        ),
        (
            b"[{\"a\":1},2]",
            false,
            1,
            "an integer where an object should be, at byte 9",
        ),
        (
            b"[{\"a\":1}",
            false,
            1,
            "the text ends in the middle of the array",
        ),
        (
            b"[{\"a\":1}]]",
            false,
            1,
            "something follows the array, at byte 9",
        ),
    ];
    refused(&table);
}

fn refused(table: &[(&[u8], bool, usize, &str)]) {
    for (message, is_binary, records, fault) in table {
        let (decoded, bodies) = read(message, *is_binary, Manner::Lenient);
        assert_eq!(
            (bodies.len(), decoded.fault.as_deref()),
            (*records, Some(*fault))
        );
    }
}

#[test]
fn so_do_those_of_msgpack_and_of_depth() {
    let deep = [b"{\"a\":".as_slice(), &[b'['; 70]].concat();
    let nested = [b"\x92\x01\x81\xa1a".as_slice(), &[0x91; 70]].concat();
    let table: [(&[u8], bool, usize, &str); 6] = [
        (
            b"\x92\x01\x80\x92\x01",
            true,
            1,
            "the bytes end in the middle of a value, in the record at byte 3",
        ),
        (
            b"\x92\x01\x01",
            true,
            0,
            "an integer where a map should be, in the record at byte 0",
        ),
        (
            b"\x92\xa1x\x80",
            true,
            0,
            "not a time: a string, in the record at byte 0",
        ),
        (
            b"\x92\x01\xdf\xff\xff\xff\xff",
            true,
            0,
            "the bytes end in the middle of a value, in the record at byte 0",
        ),
        (
            &deep,
            false,
            0,
            "nested deeper than 62 levels at byte 67, in the record at byte 0",
        ),
        (
            &nested,
            true,
            0,
            "nested deeper than 62 levels, in the record at byte 0",
        ),
    ];
    refused(&table);
    let (strict, _) = read(b"\x92\x01\x80", false, Manner::Strict);
    assert_eq!(strict.fault.as_deref(), Some("msgpack in a text message"));
    let (strict, _) = read(b"{}", true, Manner::Strict);
    assert_eq!(strict.fault.as_deref(), Some("JSON in a binary message"));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    /// JSON to msgpack to each format and back is the same JSON.
    #[test]
    fn what_was_sent_is_what_is_read(value in json()) {
        let text = serde_json::to_vec(&serde_json::json!({ "v": value })).unwrap();
        let expected: Value = serde_json::from_slice(&text).unwrap();
        let mut body = Vec::new();
        append_value(&text, Rules::STRICT, &mut body).unwrap();
        let mut records = Vec::new();
        append_record(&mut records, Time::new(1, 2), &[0x80], &body);
        for kind in [Kind::Json, Kind::JsonLines, Kind::JsonStream, Kind::Msgpack] {
            for escape_unicode in [true, false] {
                let settings = Settings { kind, escape_unicode, date_key: None, ..Settings::default() };
                let mut out = Vec::new();
                settings.build().encode(&records, &mut out);
                let mut read = Vec::new();
                let decoded = decode(&out, kind == Kind::Msgpack, Manner::Strict, |record| {
                    read.push(record.body.to_vec());
                });
                prop_assert_eq!(decoded.fault, None);
                let mut again = Vec::new();
                append_record(&mut again, Time::new(1, 2), &[0x80], &read[0]);
                let mut json = Vec::new();
                let settings = Settings { kind: Kind::JsonStream, date_key: None, ..Settings::default() };
                settings.build().encode(&again, &mut json);
                let back: Value = serde_json::from_slice(&json).unwrap();
                prop_assert_eq!(&back, &expected);
            }
        }
    }

    /// Bytes of any kind end in records or a fault, and never in a panic; every format takes what was read.
    #[test]
    fn any_bytes_are_survived(
        front in prop_oneof![
            Just(b"".as_slice()), Just(b"\x92\x92\xd7\x00".as_slice()), Just(b"\x92\x01".as_slice()),
            Just(b"{\"".as_slice()), Just(b"[{".as_slice()), Just(b"{\"a\":".as_slice()),
        ],
        bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(b"[]{}\":,\\ux\x80\x81\x91\x92\xc1\xd7\xdc\xdf\x00e-19".to_vec())],
            0..200,
        ),
    ) {
        let message = [front, &bytes].concat();
        for manner in [Manner::Lenient, Manner::Strict] {
            decode(&message, true, manner, |record| {
                let mut records = Vec::new();
                append_record(&mut records, record.time.unwrap_or_default(), record.metadata, record.body);
                for kind in [Kind::Json, Kind::Gelf, Kind::Msgpack] {
                    for compat in [Compat::None, Compat::FluentBit] {
                        let settings = Settings { kind, compat, ..Settings::default() };
                        settings.build().encode(&records, &mut Vec::new());
                    }
                }
            });
        }
        for kind in [Kind::JsonLines, Kind::Gelf, Kind::Msgpack] {
            Settings { kind, ..Settings::default() }.build().encode(&message, &mut Vec::new());
        }
        let whole: usize = Events::new(&message).map_while(Result::ok).map(|event| event.raw.len()).sum();
        prop_assert!(whole <= message.len());
        let parsers = ["Format json", "Format logfmt", "Format ltsv\nTime_Key t\nTime_Format %s"];
        for parser in parsers {
            let parsers = sockeye_ship::parser::Parsers::build(&[crate::filters::section("p", parser)]).unwrap();
            parsers.get("p").unwrap().parse(&message, Time::default(), &mut Vec::new());
        }
    }
}
