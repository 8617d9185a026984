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

    fn named(name: &str) -> Self {
        Self::all()
            .into_iter()
            .find(|capture| capture.name == name)
            .unwrap()
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
        let number = |name: &str| property(name).map_or(0, |(_, value)| value.parse().unwrap());
        let time = Time::new(
            number("start_time_sec"),
            u32::try_from(number("start_time_nsec")).unwrap(),
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
        let input = line["input_hex"].as_str().map_or_else(|| long_input(&name, length), unhex);
        Self {
            records: records(&input, time, &metadata, number("samples").max(1)),
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
            Ok(()) => break,
            Err(sockeye_ship::json::Fault::TooDeep(_)) => break,
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

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text
        .bytes()
        .map(|digit| char::from(digit).to_digit(16).unwrap() as u8)
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
        let pairs: Vec<String> = (0..7000).map(|at| format!(r#""k{at}":{at}"#)).collect();
        return format!("{{{}}}", pairs.join(",")).into_bytes();
    }
    let letter = if name.starts_with("framelen") { "y" } else { LONG };
    let text = letter.repeat(usize::try_from(length).unwrap() - r#"{"s":""}"#.len());
    format!(r#"{{"s":"{text}"}}"#).into_bytes()
}

fn digest(bytes: &[u8]) -> String {
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_reference_s_bytes() {
    let captures = Capture::all();
    assert_eq!(captures.len(), 115);
    for capture in captures {
        let ours = (!capture.records.is_empty()).then(|| capture.encoded(Compat::FluentBit));
        if let Some(text) = &capture.text {
            assert_eq!(ours.as_deref().map(shown), Some(shown(text)), "{}", capture.name);
        }
        assert_eq!(ours.as_deref().map(digest), capture.expected, "{}", capture.name);
    }
}

/// Captures that are not what we send by default, and what we do.
const OURS: [(&str, &str); 0] = [];

#[test]
fn ours_are_the_same_bytes_but_where_those_say_less_or_are_no_json() {
    for capture in Capture::all() {
        let different = OURS.iter().find(|(name, _)| *name == capture.name);
        if capture.records.is_empty() {
            continue;
        }
        let ours = capture.encoded(Compat::None);
        match different {
            Some((_, text)) => assert_eq!(shown(&ours), *text, "{}", capture.name),
            None => assert_eq!(Some(digest(&ours)), capture.expected, "{}: {}", capture.name, shown(&ours)),
        }
        if capture.settings.kind == Kind::JsonLines {
            for line in ours.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                serde_json::from_slice::<serde::de::IgnoredAny>(line).unwrap();
            }
        }
    }
}
