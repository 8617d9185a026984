//! Records that nobody would ship: messages of every format, lines for every parser, configurations of both
//! notations. Readers that only an input reaches are tried beside them (`src/input/fuzz.rs`).
//!
//! Corpora are files beside this one and the captures of `conformance`; inputs that were found to break something
//! stand in them.

#![expect(
    clippy::format_push_string,
    reason = "what was found is only compared with what is found again"
)]

mod configs;
mod lines;
mod records;

use sockeye_fuzz::{Target, files, lines as hex, texts};

fn captures() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/fluentbit")
}

/// Every message of the reference that was captured.
fn captured() -> Vec<Vec<u8>> {
    let lines = include_str!("../../../../conformance/fluentbit/formats.jsonl").lines();
    let mut messages = Vec::new();
    for line in lines {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let payloads = line["payload_hex"].as_array().into_iter().flatten();
        for hex in payloads.filter_map(serde_json::Value::as_str) {
            let digits = hex
                .as_bytes()
                .chunks(2)
                .map(|pair| str::from_utf8(pair).expect("hex"));
            messages.push(
                digits
                    .map(|pair| u8::from_str_radix(pair, 16).expect("hex"))
                    .collect(),
            );
        }
    }
    messages.retain(|message: &Vec<u8>| message.len() <= 4096);
    messages
}

#[test]
fn sink_messages() {
    let mut corpus = captured();
    corpus.extend(hex(include_str!("messages.txt")));
    Target::new("sink_messages", corpus, records::decoded)
        .text()
        .few(5000)
        .run();
}

#[test]
fn record_events() {
    let corpus = hex(include_str!("events.txt"));
    Target::new("record_events", corpus, records::events)
        .few(10_000)
        .run();
}

#[test]
fn record_json() {
    let corpus = texts(include_str!("json.txt"));
    Target::new("record_json", corpus, records::values)
        .text()
        .few(10_000)
        .run();
}

#[test]
fn parsed_lines() {
    let corpus = texts(include_str!("lines.txt"));
    Target::new("parsed_lines", corpus, lines::parsed)
        .text()
        .longest(1024)
        .few(500)
        .run();
}

#[test]
fn classic_configs() {
    let mut corpus = texts(include_str!("classic.txt"));
    corpus.extend(files(&captures().join("cases"), &["config"]));
    Target::new("classic_configs", corpus, configs::classic)
        .text()
        .few(1000)
        .run();
}

#[test]
fn yaml_configs() {
    let corpus = texts(include_str!("yaml.txt"));
    Target::new("yaml_configs", corpus, configs::yaml)
        .text()
        .few(1000)
        .run();
}
