//! `type: sink`: frames of the reference and of others are taken or refused, counted, kept, written, acknowledged.

use std::io::{ErrorKind, Read as _};

use serde_json::{Value, json};

use crate::lab::{Lab, Server, eventually, frame};

const SINKS: &str = "/__mockforge/ws/sinks";
const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

const FILE: &str = r"
websocket:
  handlers:
    - { path: /any, type: sink }
    - { path: /strict, type: sink, sink: { mode: strict } }
    - { path: /lines, type: sink, sink: { mode: strict, format: json_lines, keep: 3, file: got/all.jsonl, ack: true } }
";

/// What the sink on `path` has had.
fn sink(server: &Server, path: &str) -> Value {
    let answer = server.ask("GET", &format!("{SINKS}?path={path}&limit=100"), &[], b"");
    answer.expect_status(200).json()["sinks"][0].clone()
}

#[track_caller]
fn eventually_has(server: &Server, path: &str, key: &str, wanted: &Value) -> Value {
    eventually(&format!("{key} of {path} is {wanted}"), || {
        let sink = sink(server, path);
        (sink[key] == *wanted).then_some(sink)
    })
}

/// The frames of a capture of the reference, as bytes of their payloads.
fn capture(name: &str) -> Vec<Vec<u8>> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/fluentbit/cases"
    );
    let text = std::fs::read_to_string(format!("{folder}/{name}/frames.jsonl")).expect("a capture");
    let payload = |line: &str| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        let digits = line["hex"].as_str().expect("a payload").as_bytes();
        let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        digits
            .chunks(2)
            .map(|digits| pair(digits).expect("digits"))
            .collect()
    };
    text.lines().map(payload).collect()
}

#[test]
fn msgpack_as_text_is_taken_leniently_and_counted_as_odd() {
    let server = Lab::yaml(FILE).admin().start();
    let frames = capture("in-forward-groups");
    let mut client = server.raw_socket("/any");
    for payload in &frames {
        client.send(&frame(TEXT, payload));
    }
    let sink = eventually_has(&server, "/any", "records", &json!(6));
    assert_eq!(sink["formats"], json!({ "json_lines": 1, "msgpack": 1 }));
    assert_eq!(sink["oddities"], json!(["msgpack in a text message"]));
    assert_eq!((&sink["messages"], &sink["faults"]), (&json!(2), &json!(0)));
    let last = &sink["last"][0];
    assert_eq!(last["record"], json!({ "after": "group" }));
    assert_eq!(last["time"], "2023-11-14T22:13:22.000000000Z");
    assert_eq!(sink["last"][1]["metadata"], json!({ "m": 1 }));
    assert_eq!(sink["last"][5]["record"]["in"], "group");
    assert_eq!(sink["last"][5]["time"], Value::Null);
    client.send(&frame(0x88, &1000_u16.to_be_bytes()));
    client.expect_close(1000);
}

#[test]
fn every_layout_and_json_that_is_none_are_taken_leniently() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/any");
    let old: &[u8] = b"\x92\xce\x65\x53\xf1\x00\x81\xa1a\x01";
    let new: &[u8] = b"\x92\x92\xd7\x00\x65\x53\xf1\x00\x00\x00\x00\x00\x80\x81\xa1a\x02";
    client.send_binary(&[old, new].concat());
    client.send(r#"[{"a":nan,1:"x"},{"a":"\x01"}]"#);
    client.send(r#"{"a":3}{"a":4}"#);
    client.send("{\"version\":\"1.1\", \"short_message\":\"m\"}\n");
    client.send_binary(b"{\"a\":5}\n");
    let sink = eventually_has(&server, "/any", "messages", &json!(5));
    assert_eq!((&sink["records"], &sink["faults"]), (&json!(8), &json!(0)));
    let formats = json!({ "msgpack": 1, "json": 1, "json_stream": 1, "gelf": 1, "json_lines": 1 });
    assert_eq!(sink["formats"], formats);
    let odd = json!([
        "JSON in a binary message",
        "a record in the layout `[time, map]`",
        "nan or inf for a number",
        "an escape `\\x` in a string",
        "a key without quotes",
    ]);
    assert_eq!(sink["oddities"], odd);
    client.send("hello").send("{\"a\":");
    let sink = eventually_has(&server, "/any", "faults", &json!(2));
    let fault = "the text ends in the middle of a value, in the record at byte 0";
    assert_eq!(sink["last_fault"], fault);
    client.close().finish();
}

#[test]
fn a_strict_sink_says_what_is_wrong_and_closes() {
    let server = Lab::yaml(FILE).admin().start();
    let old: &[u8] = b"\x92\xce\x65\x53\xf1\x00\x81\xa1a\x01";
    let new: &[u8] = b"\x92\x92\xd7\x00\x65\x53\xf1\x00\x00\x00\x00\x00\x80\x81\xa1a\x02";
    let table: [(&str, u8, &[u8], u16, &str); 9] = [
        ("/strict", TEXT, new, 1007, "msgpack in a text message"),
        (
            "/strict",
            BINARY,
            old,
            1007,
            "a record in the layout `[time, map]`",
        ),
        ("/strict", BINARY, b"{}", 1007, "JSON in a binary message"),
        (
            "/strict",
            TEXT,
            b"{\"a\":nan}",
            1007,
            "a value should stand at byte 5, in the record at byte 0",
        ),
        (
            "/strict",
            TEXT,
            b"{\"a\":1} ]",
            1007,
            "a value should stand at byte 8, in the record at byte 8",
        ),
        (
            "/strict",
            TEXT,
            b"{\"a\":\"\xff\"}",
            1007,
            "text that is not UTF-8",
        ),
        (
            "/strict",
            TEXT,
            b"hello",
            1003,
            "no format begins with the byte 68",
        ),
        (
            "/lines",
            TEXT,
            b"[{}]",
            1003,
            "json where json_lines is wanted",
        ),
        (
            "/lines",
            TEXT,
            b"{}{}",
            1003,
            "json_stream where json_lines is wanted",
        ),
    ];
    for (path, first, payload, code, reason) in table {
        let mut client = server.raw_socket(path);
        client.send(&frame(first, payload));
        client.expect_farewell(code, reason);
    }
    let sink = sink(&server, "/strict");
    assert_eq!(
        (&sink["faults"], &sink["mode"]),
        (&json!(7), &json!("strict"))
    );
    assert_eq!(sink["oddities"], json!([]));
    let mut client = server.connect("/strict");
    client.send_binary(new).send("{\"a\":1}\n");
    eventually_has(&server, "/strict", "records", &json!(3));
}

#[test]
fn records_are_kept_written_and_acknowledged() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/lines");
    client
        .send("{\"a\":1}\n{\"a\":2}\n")
        .expect_text(r#"{"ack": 1}"#);
    client
        .send("{\"a\":\"é\\u0000\"}\n{\"a\":4}\n")
        .expect_text(r#"{"ack": 2}"#);
    let shown = sink(&server, "/lines");
    assert_eq!(
        (&shown["records"], &shown["acknowledged"]),
        (&json!(4), &json!(2))
    );
    let last = shown["last"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|last| &last["record"]["a"]);
    assert_eq!(
        last.collect::<Vec<_>>(),
        [&json!(4), &json!("é\0"), &json!(2)]
    );
    assert_eq!(shown["last"][0]["connection"], "conn-1");
    let file = server.folder().join("got/all.jsonl");
    let expected = "{\"a\":1}\n{\"a\":2}\n{\"a\":\"é\\u0000\"}\n{\"a\":4}\n";
    eventually("all lines are written", || {
        (std::fs::read_to_string(&file).ok()? == expected).then_some(())
    });
    let forgotten = server.ask("DELETE", &format!("{SINKS}?path=/lines"), &[], b"");
    assert_eq!(
        forgotten.expect_status(200).json(),
        json!({ "forgotten": 1 })
    );
    assert_eq!(sink(&server, "/lines")["last"], json!([]));
    client.send("{\"a\":5}").expect_text(r#"{"ack": 3}"#);
    // The folder goes with the server; what was written at its end is in the file all the same.
    let mut open = std::fs::File::open(&file).expect("the file");
    server.terminate();
    let mut text = String::new();
    open.read_to_string(&mut text).expect("readable");
    assert_eq!(text, format!("{expected}{{\"a\":5}}\n"));
}

#[test]
fn what_is_acknowledged_is_in_the_file() {
    let file = "websocket:\n  handlers:\n    - { path: /in, type: sink, sink: { file: got/all.jsonl, sync: true, ack: true } }\n";
    let server = Lab::yaml(file).admin().start();
    let mut client = server.connect("/in");
    for number in 1..=20 {
        // A message without a record has its turn, too.
        let text = if number % 5 == 0 {
            "[]".to_owned()
        } else {
            format!("{{\"n\":{number}}}")
        };
        client
            .send(&text)
            .expect_text(&format!("{{\"ack\": {number}}}"));
        let written = std::fs::read_to_string(server.folder().join("got/all.jsonl"));
        let expected = number - number / 5;
        assert_eq!(
            written.unwrap_or_default().lines().count(),
            expected,
            "{number}"
        );
    }
    let series = server
        .ask("GET", "/metrics", &[], b"")
        .expect_status(200)
        .text();
    for (name, count) in [
        ("records", 16),
        ("messages", 20),
        ("refused", 0),
        ("invalid", 0),
        ("unwritten", 0),
    ] {
        let line = format!("ws_sink_{name}_total{{path=\"/in\"}} {count}\n");
        assert!(series.contains(&line), "no {line} in:\n{series}");
    }
}

#[test]
fn what_cannot_be_written_is_not_acknowledged() {
    let file = "websocket:\n  handlers:\n    - { path: /in, type: sink, sink: { file: taken/all.jsonl, ack: true } }\n";
    // A file is where the folder would have to be.
    let server = Lab::yaml(file).beside("taken", "").admin().start();
    let mut client = server.raw_socket("/in");
    client.send(&frame(TEXT, b"{\"n\":1}"));
    client.expect_close(1011);
    let sink = sink(&server, "/in");
    assert_eq!(
        (&sink["unwritten"], &sink["acknowledged"]),
        (&json!(1), &json!(0))
    );
    let series = server.ask("GET", "/metrics", &[], b"").text();
    assert!(
        series.contains("ws_sink_unwritten_total{path=\"/in\"} 1\n"),
        "{series}"
    );
}

#[test]
fn connections_are_refused_and_dropped_as_the_schedule_says() {
    let server = Lab::yaml(
        r"
websocket:
  handlers:
    - path: /first
      type: sink
      sink: { refuse: { connections: 2, status: 503 }, drop: { after: 2, connections: 1, how: drop }, ack: true }
    - { path: /reset, type: sink, sink: { drop: { how: reset } } }
    - { path: /close, type: sink, sink: { drop: { how: close, code: 1012 } } }
    - { path: /each, type: sink, sink: { refuse: { every: 2, status: 429 } } }
",
    )
    .admin()
    .start();
    for status in [503, 503, 101] {
        server.upgrade("/first", &[]).expect_status(status);
    }
    for status in [101, 429, 101, 429] {
        server.upgrade("/each", &[]).expect_status(status);
    }
    // The upgrade above was the first connection.
    let mut kept = server.connect("/first");
    for number in 1..=3 {
        kept.send("{}")
            .expect_text(&format!("{{\"ack\": {number}}}"));
    }
    server.ask("DELETE", SINKS, &[], b"").expect_status(200);
    for status in [503, 503] {
        server.upgrade("/first", &[]).expect_status(status);
    }
    let mut dropped = server.raw_socket("/first");
    dropped.send(&frame(TEXT, b"{}")).send(&frame(TEXT, b"{}"));
    dropped.expect_text(r#"{"ack": 1}"#);
    dropped.expect_end();
    let first = sink(&server, "/first");
    assert_eq!(
        (&first["refused"], &first["dropped"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&first["connections"], &first["records"]),
        (&json!(1), &json!(2))
    );
    let mut closed = server.raw_socket("/close");
    closed.send(&frame(TEXT, b"{}"));
    closed.expect_close(1012);
    let mut reset = server.raw_socket("/reset");
    reset.send(&frame(TEXT, b"{}"));
    eventually_has(&server, "/reset", "dropped", &json!(1));
    let error = reset.writer().read(&mut [0]).expect_err("a reset");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
}

#[test]
fn a_chunk_of_three_megabytes_is_taken_and_what_a_reload_leaves() {
    let server = Lab::yaml(FILE).admin().start();
    let line = format!("{{\"s\":\"{}\"}}\n", "x".repeat(1000));
    let mut client = server.connect("/any");
    client.send(&line.repeat(3000));
    let sink = eventually_has(&server, "/any", "records", &json!(3000));
    assert_eq!(sink["bytes"], json!(line.len() * 3000));
    server.edit_and_reload(&FILE.replace("type: sink }", "type: sink, sink: { mode: strict } }"));
    client.send("{}");
    let sink = eventually_has(&server, "/any", "records", &json!(3001));
    assert_eq!(
        (&sink["mode"], &sink["connections"]),
        (&json!("strict"), &json!(1))
    );
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    let server = Lab::yaml(FILE).admin().start();
    for (method, query, status) in [
        ("GET", "?path=/none", 404),
        ("DELETE", "?path=/none", 404),
        ("GET", "?limit=x", 400),
        ("GET", "?paths=/any", 400),
        ("POST", "", 405),
    ] {
        server
            .ask(method, &format!("{SINKS}{query}"), &[], b"")
            .expect_status(status);
    }
    let all = server.ask("GET", SINKS, &[], b"").expect_status(200).json();
    assert_eq!(all["count"], 3);
    assert_eq!(all["sinks"][2]["path"], "/lines");
}
