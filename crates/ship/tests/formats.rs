//! Every format capture is a test: the reference's bytes in its own mode, and where ours differ by default, ours.

use serde_json::Value;
use sha2::Digest as _;
use sockeye_ship::format::{Compat, DateFormat, Kind, Settings};
use sockeye_ship::json::{Reader, Rules};
use sockeye_ship::record::{Time, append_record};

const CAPTURES: &str = include_str!("../../../conformance/fluentbit/formats.jsonl");

struct Capture {
    name: String,
    records: Vec<u8>,
    settings: Settings,
    /// SHA-256 of the one frame, if there was one.
    expected: Option<String>,
    /// The frame itself, unless it was too long to be kept.
    text: Option<Vec<u8>>,
}

impl Capture {
    fn all() -> Vec<Self> {
        CAPTURES
            .lines()
            .map(|line| Self::of(&serde_json::from_str(line).unwrap()))
            .collect()
    }

    fn of(line: &Value) -> Self {
        let property = |name: &str| {
            let props = line["props"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str);
            props
                .filter_map(|prop| prop.split_once('='))
                .find(|(key, _)| *key == name)
        };
        // Some captures had the same time and count in a file.
        let number = |name: &str, otherwise| {
            property(name).map_or(otherwise, |(_, value)| value.parse().unwrap())
        };
        let time = Time::new(
            number("start_time_sec", 1_700_000_000),
            u32::try_from(number("start_time_nsec", 123_456_789)).unwrap(),
        );
        let metadata = packed(
            property("metadata")
                .map_or("{}", |(_, value)| value)
                .as_bytes(),
        );
        let frame = |key: &str| line[key].as_array()?.first()?.as_str();
        let mut settings = Settings {
            // A word that is no format, and GELF, are msgpack to the reference.
            kind: match line["format"].as_str().unwrap() {
                "gelf" => Kind::Msgpack,
                name => Kind::named(name).unwrap_or_default(),
            },
            compat: Compat::FluentBit,
            escape_unicode: line["escape_unicode"].as_bool().unwrap(),
            ..Settings::default()
        };
        if let Some((_, key)) = property("json_date_key") {
            settings.date_key = (!key.is_empty()).then(|| key.to_owned());
        }
        if let Some((_, name)) = property("json_date_format") {
            settings.date_format = DateFormat::named(name).unwrap();
        }
        let name = line["case"].as_str().unwrap().to_owned();
        let length = line["input_len"].as_u64().unwrap();
        let input = line["input_hex"]
            .as_str()
            .map_or_else(|| long_input(&name, length), unhex);
        Self {
            records: records(&input, time, &metadata, number("samples", 1)),
            settings,
            expected: frame("payload_sha256").map(str::to_owned),
            text: frame("payload_hex").map(unhex),
            name,
        }
    }

    fn encoded(&self, compat: Compat) -> Vec<u8> {
        let mut out = Vec::new();
        let settings = Settings {
            compat,
            ..self.settings.clone()
        };
        let encoded = settings.build().encode(&self.records, &mut out);
        assert_eq!(encoded.refused, 0, "{}: {encoded:?}", self.name);
        out
    }
}

/// As the dummy input makes them: every object of the text is a record; what is no JSON is the default.
fn records(input: &[u8], time: Time, metadata: &[u8], samples: i64) -> Vec<u8> {
    let mut bodies = Vec::new();
    let mut reader = Reader::new(input, Rules::STRICT);
    while reader.has_more() {
        let mut body = Vec::new();
        match reader.value(&mut body) {
            Ok(()) if matches!(body[0], 0x80..=0x8f | 0xde | 0xdf) => bodies.push(body),
            Ok(()) | Err(sockeye_ship::json::Fault::TooDeep(_)) => break,
            Err(_) => {
                bodies = vec![packed(br#"{"message":"dummy"}"#)];
                break;
            }
        }
    }
    let mut records = Vec::new();
    for _ in 0..samples {
        for body in &bodies {
            append_record(&mut records, time, metadata, body);
        }
    }
    records
}

fn packed(json: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    sockeye_ship::json::append_value(json, Rules::STRICT, &mut out).unwrap();
    out
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .map(|digit| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap())
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(400)]).into_owned()
}

/// Inputs that are too long to be kept are made again.
fn long_input(name: &str, length: u64) -> Vec<u8> {
    if name.starts_with("rec-manykeys7000") {
        let pairs: Vec<String> = (0..7000).map(|at| format!(r#""k{at}":0"#)).collect();
        return format!("{{{}}}", pairs.join(",")).into_bytes();
    }
    let run = if name.starts_with("framelen") {
        "y"
    } else {
        "0123456789abcdef"
    };
    let length = usize::try_from(length).unwrap() - r#"{"s":""}"#.len();
    let text = run.repeat(length / run.len() + 1);
    let text = &text[..length];
    format!(r#"{{"s":"{text}"}}"#).into_bytes()
}

fn digest(bytes: &[u8]) -> String {
    let digest = sha2::Sha256::digest(bytes);
    let nibbles = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}

#[test]
fn b13_the_reference_s_bytes() {
    let captures = Capture::all();
    assert_eq!(captures.len(), 115);
    for capture in captures {
        let ours = (!capture.records.is_empty()).then(|| capture.encoded(Compat::FluentBit));
        if let Some(text) = &capture.text {
            assert_eq!(
                ours.as_deref().map(shown),
                Some(shown(text)),
                "{}",
                capture.name
            );
        }
        assert_eq!(
            ours.as_deref().map(digest),
            capture.expected,
            "{}",
            capture.name
        );
    }
}

/// Captures that are not what we send by default, and what we do.
const OURS: [(&str, &str); 3] = [
    (
        "rec-bigints-json_lines",
        concat!(
            r#"{"date":1700000000.123457,"i":[0,1,-1,127,128,255,256,65535,65536,2147483647,2147483648,"#,
            "4294967295,4294967296,9007199254740993,9223372036854775807,9223372036854775808,",
            "18446744073709551615,1.8446744073709552e+19,-32,-33,-128,-129,-32768,-32769,-2147483648,",
            "-2147483649,-9223372036854775808,-9223372036854775808.0]}\n"
        ),
    ),
    (
        "rec-floats2-json",
        concat!(
            r#"[{"date":1700000000.123457,"f":[0.1,0.2,0.7,1.1,2.2,3.3,100.1,1e-05,0.0001,0.00012345,"#,
            "123456.789,1000000000000000.0,1234567890123456.8,9007199254740992.0,9007199254740994.0,",
            "4.35,2.675,1000000000000000000.0,9223372036854774784.0,9.3e+18,-1.5,-1e-10,",
            "1.2345678901234567e+19]}]"
        ),
    ),
    (
        "rec-invalid-utf8-json_lines",
        concat!(
            r#"{"date":1700000000.123457,"s":"a\ufffd\ufffdb\ufffd(\ufffd\ufffd \ufffd\ufffd\ufffd end","#,
            r#""o":"\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd"}"#,
            "\n"
        ),
    ),
];

#[test]
fn b13_ours_are_the_same_bytes_but_where_those_say_less_or_are_no_json() {
    for capture in Capture::all() {
        let different = OURS.iter().find(|(name, _)| *name == capture.name);
        if capture.records.is_empty() {
            continue;
        }
        let ours = capture.encoded(Compat::None);
        match different {
            Some((_, text)) => assert_eq!(shown(&ours), *text, "{}", capture.name),
            None => assert_eq!(
                Some(digest(&ours)),
                capture.expected,
                "{}: {}",
                capture.name,
                shown(&ours)
            ),
        }
        if capture.settings.kind == Kind::JsonLines {
            for line in ours
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_empty())
            {
                serde_json::from_slice::<serde::de::IgnoredAny>(line).unwrap();
            }
        }
    }
}

const TIME: Time = Time {
    seconds: 1_700_000_000,
    nanos: 0,
};

/// What a body of these msgpack bytes becomes.
fn lines(compat: Compat, body: &[u8]) -> String {
    let mut records = Vec::new();
    append_record(&mut records, TIME, &[0x80], body);
    let settings = Settings {
        kind: Kind::JsonLines,
        date_key: None,
        compat,
        ..Settings::default()
    };
    let mut out = Vec::new();
    let encoded = settings.build().encode(&records, &mut out);
    assert_eq!((encoded.written, encoded.refused), (1, 0));
    String::from_utf8(out).unwrap()
}

/// Values that JSON cannot say: {"v": value}, or {value: "v"}.
#[test]
fn b13_what_json_cannot_say() {
    let value = |packed: &[u8]| [b"\x81\xa1v", packed].concat();
    let float = |number: f64| value(&[&[0xcb], &number.to_be_bytes()[..]].concat());
    let key = |packed: &[u8]| [b"\x81", packed, b"\xa1v"].concat();
    let table: [(&str, Vec<u8>, &str, &str); 13] = [
        ("nan", float(f64::NAN), r#"{"v":nan}"#, r#"{"v":null}"#),
        ("-nan", float(-f64::NAN), r#"{"v":-nan}"#, r#"{"v":null}"#),
        ("inf", float(f64::INFINITY), r#"{"v":inf}"#, r#"{"v":null}"#),
        (
            "-inf",
            float(f64::NEG_INFINITY),
            r#"{"v":-inf}"#,
            r#"{"v":null}"#,
        ),
        (
            "ext",
            value(b"\xd5\x07\x01\x80"),
            r#"{"v":"\x01\xffffff80"}"#,
            r#"{"v":"0180"}"#,
        ),
        (
            "binary",
            value(b"\xc4\x02a\x00"),
            r#"{"v":"a\u0000"}"#,
            r#"{"v":"a\u0000"}"#,
        ),
        (
            "float32",
            value(b"\xca\x3f\x00\x00\x00"),
            r#"{"v":0.5}"#,
            r#"{"v":0.5}"#,
        ),
        ("integer key", key(b"\x01"), r#"{1:"v"}"#, r#"{"1":"v"}"#),
        ("negative key", key(b"\xff"), r#"{-1:"v"}"#, r#"{"-1":"v"}"#),
        ("nil key", key(b"\xc0"), r#"{null:"v"}"#, r#"{"null":"v"}"#),
        (
            "boolean key",
            key(b"\xc3"),
            r#"{true:"v"}"#,
            r#"{"true":"v"}"#,
        ),
        (
            "array key",
            key(b"\x92\xa1x\x01"),
            r#"{["x",1]:"v"}"#,
            r#"{"[\"x\",1]":"v"}"#,
        ),
        (
            "ext key",
            key(b"\xd4\x07\x01"),
            r#"{"\x01":"v"}"#,
            r#"{"01":"v"}"#,
        ),
    ];
    for (what, body, theirs, ours) in table {
        assert_eq!(
            lines(Compat::FluentBit, &body),
            format!("{theirs}\n"),
            "{what}"
        );
        assert_eq!(lines(Compat::None, &body), format!("{ours}\n"), "{what}");
        serde_json::from_str::<Value>(ours).unwrap();
    }
}

#[test]
fn nan_is_null_to_the_reference_where_it_is_told_so_and_infinity_is_not() {
    let mut records = Vec::new();
    let body = [
        b"\x82\xa1n\xcb".as_slice(),
        &f64::NAN.to_be_bytes(),
        b"\xa1i\xcb",
        &f64::INFINITY.to_be_bytes(),
    ];
    append_record(&mut records, TIME, &[0x80], &body.concat());
    let settings = Settings {
        kind: Kind::JsonStream,
        compat: Compat::FluentBit,
        nan_to_null: true,
        ..Settings::default()
    };
    let mut out = Vec::new();
    settings.build().encode(&records, &mut out);
    assert_eq!(shown(&out), r#"{"date":1700000000.0,"n":null,"i":inf}"#);
}

#[test]
fn groups_show_what_they_have_in_common() {
    let capture =
        include_str!("../../../conformance/fluentbit/cases/in-forward-groups/frames.jsonl");
    let frames: Vec<Vec<u8>> = capture
        .lines()
        .map(|line| {
            unhex(
                serde_json::from_str::<Value>(line).unwrap()["hex"]
                    .as_str()
                    .unwrap(),
            )
        })
        .collect();
    let [json, msgpack] = frames.as_slice() else {
        panic!("two frames")
    };
    for compat in [Compat::None, Compat::FluentBit] {
        let settings = Settings {
            kind: Kind::JsonLines,
            compat,
            ..Settings::default()
        };
        let mut out = Vec::new();
        let encoded = settings.build().encode(msgpack, &mut out);
        assert_eq!(shown(&out), shown(json));
        assert_eq!(encoded.written, 3);
    }
    let mut out = Vec::new();
    let encoded = Settings::default().build().encode(msgpack, &mut out);
    assert_eq!((&out, encoded.written), (msgpack, 3));
}

#[test]
fn b14_a_key_of_the_body_that_is_the_date_s_replaces_it_and_is_counted() {
    let mut records = Vec::new();
    append_record(&mut records, TIME, &[0x80], b"\x81\xa4date\x01");
    append_record(&mut records, TIME, &[0x80], b"\x81\xa1a\x01");
    let mut out = Vec::new();
    let settings = Settings {
        kind: Kind::Json,
        ..Settings::default()
    };
    let encoded = settings.build().encode(&records, &mut out);
    assert_eq!(shown(&out), r#"[{"date":1},{"date":1700000000.0,"a":1}]"#);
    assert_eq!((encoded.written, encoded.shadowed), (2, 1));
}

#[test]
fn what_is_broken_ends_the_chunk_and_is_counted_and_what_was_before_it_is_sent() {
    let mut records = Vec::new();
    append_record(&mut records, TIME, &[0x80], b"\x81\xa1a\x01");
    append_record(&mut records, TIME, &[0x80], b"\x81\xa1");
    for kind in [
        Kind::Json,
        Kind::JsonLines,
        Kind::JsonStream,
        Kind::Msgpack,
        Kind::Gelf,
    ] {
        let mut out = Vec::new();
        let mut settings = Settings {
            kind,
            ..Settings::default()
        };
        settings.gelf.default_short_message = Some("m".to_owned());
        let encoded = settings.build().encode(&records, &mut out);
        assert_eq!((encoded.written, encoded.refused), (1, 1), "{kind:?}");
        assert_eq!(
            encoded.why.as_deref(),
            Some("the bytes end in the middle of a value")
        );
        if kind == Kind::Msgpack {
            assert_eq!(out.len(), 17);
        }
    }
}
