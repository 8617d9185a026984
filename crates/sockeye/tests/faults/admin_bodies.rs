//! Row 41: bodies that are huge, deep, of the wrong type or about nothing, sent to every route that takes one.

use serde_json::Value;

use crate::lab::{Lab, Raw, Response, Server};

const P: &str = "/__mockforge/ws";
const JSON: &str = "application/json";

/// The longest body, in bytes.
const MOST: usize = 1024 * 1024;

fn server() -> Server {
    let file = "websocket: { handlers: [{ path: /echo, type: echo }] }";
    Lab::yaml(file).admin().start()
}

/// Methods and paths of the description that take a body, `{id}` replaced by an open connection.
fn routes(server: &Server) -> Vec<(String, String)> {
    let document = server.ask("GET", "/openapi.json", &[], b"").json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut found = Vec::new();
    for (path, methods) in paths {
        for (method, route) in methods.as_object().expect("methods") {
            if route.get("requestBody").is_some() {
                found.push((method.to_uppercase(), path.replace("{id}", "conn-1")));
            }
        }
    }
    found
}

/// Fails unless this is an error of the one form, with this status and a sentence of one line.
#[track_caller]
fn expect_error(answer: &Response, status: u16, about: &str) {
    assert_eq!(answer.status, status, "{about}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some(JSON), "{about}");
    let body = answer.json();
    let sentence = body["error"].as_str().unwrap_or_default();
    assert!(
        !sentence.is_empty() && sentence.len() < 400,
        "{about}: {body}"
    );
    assert!(!sentence.chars().any(char::is_control), "{about}: {body}");
}

fn ask(server: &Server, (method, path): &(String, String), kind: &str, body: &[u8]) -> Response {
    server.ask(method, path, &[("Content-Type", kind)], body)
}

#[test]
fn f41_no_route_takes_what_is_too_long_too_deep_or_no_json() {
    let server = server();
    let mut client = server.connect("/echo");
    let routes = routes(&server);
    assert!(routes.len() >= 4, "{routes:?}");
    let long = vec![b'x'; MOST + 1];
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let members = "{\"a\":".repeat(100_000);
    for route in &routes {
        let is_try = route.1.ends_with("/try");
        // What is JSON and not a question is the business of a question's reader.
        let no_json = if is_try { 422 } else { 400 };
        expect_error(&ask(&server, route, JSON, &long), 413, &route.1);
        for body in [
            &b"\xff\xfe"[..],
            b"{\"a\": \"\xc3\x28\"}",
            b"",
            b"{",
            b"nul",
            b"1e",
            b"{\"a\":1}}",
            b"\x00",
            members.as_bytes(),
        ] {
            let start = String::from_utf8_lossy(&body[..body.len().min(20)]).into_owned();
            expect_error(&ask(&server, route, JSON, body), no_json, &start);
        }
        let answer = ask(&server, route, JSON, &deep);
        if is_try {
            expect_error(&answer, 422, "deep");
        } else {
            // It is JSON, and is sent as it came.
            assert!(matches!(answer.status, 200 | 400), "{}", answer.text());
        }
    }
    // The mock goes on, and so does the connection that got what was right.
    client.send("still here");
    while client.text() != "still here" {}
}

#[test]
fn f41_a_body_that_is_announced_too_long_is_refused_before_it_comes() {
    let server = server();
    let _client = server.connect("/echo");
    for (method, path) in routes(&server) {
        for head in [
            format!("Content-Length: {}", MOST + 1),
            "Content-Length: 9223372036854775807".to_owned(),
        ] {
            let mut raw = Raw::connect(server.admin());
            let host = server.admin();
            let head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{head}\r\n\r\n");
            raw.send(head.as_bytes());
            expect_error(&raw.response("POST"), 413, &head);
        }
        let mut raw = Raw::connect(server.admin());
        let host = server.admin();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        raw.send(head.as_bytes());
        let chunk = [b"10000\r\n", vec![b'x'; 65_536].as_slice(), b"\r\n"].concat();
        for _ in 0..17 {
            raw.send(&chunk);
        }
        expect_error(&raw.response("POST"), 413, "chunks");
    }
}

#[test]
fn f41_other_types_ids_and_members_have_errors_of_the_one_form() {
    let server = server();
    let _client = server.connect("/echo");
    let send = |id: &str| ("POST".to_owned(), format!("{P}/connections/{id}/send"));
    let broadcast = ("POST".to_owned(), format!("{P}/broadcast"));
    for kind in [
        "image/png",
        "application/xml",
        "multipart/form-data; boundary=x",
        "",
        "json",
        "application/json5",
    ] {
        for route in [send("conn-1"), broadcast.clone()] {
            expect_error(&ask(&server, &route, kind, b"{}"), 415, kind);
        }
    }
    for id in [
        "conn-2",
        "conn-",
        "conn-01x",
        "1",
        "conn--1",
        "conn-18446744073709551616",
        "%00",
        "..",
        "conn-1%20",
    ] {
        expect_error(&ask(&server, &send(id), JSON, b"{}"), 404, id);
        let path = format!("{P}/connections/{id}");
        expect_error(&server.ask("GET", &path, &[], b""), 404, id);
        expect_error(&server.ask("DELETE", &path, &[], b""), 404, id);
    }
    let question = ("POST".to_owned(), format!("{P}/try"));
    for body in [
        r#"{"path": 1, "message": "x"}"#,
        r#"{"path": "/echo", "message": {"a": 1}}"#,
        r#"{"path": "/echo", "message": null}"#,
        r#"{"path": "/echo", "path": "/other", "message": "x"}"#,
        r#"{"path": "/echo", "message": "x", "more": 1}"#,
        r#"{"path": "/echo"}"#,
        r#"["/echo", "x"]"#,
        r#""x""#,
        "null",
        "17",
    ] {
        expect_error(&ask(&server, &question, JSON, body.as_bytes()), 422, body);
    }
    for path in ["", "echo", "/nothing", "/echo?x=1", "/\u{0}", "//"] {
        let body = serde_json::json!({"path": path, "message": "x"}).to_string();
        expect_error(&ask(&server, &question, JSON, body.as_bytes()), 404, path);
    }
    let answers: Value = ask(
        &server,
        &question,
        JSON,
        br#"{"path":"/echo","message":"x"}"#,
    )
    .json();
    assert_eq!(answers["answers"], serde_json::json!(["x"]));
}

#[test]
fn f41_a_body_that_does_not_come_is_waited_for_ten_seconds_and_no_longer() {
    let server = server();
    let mut raw = Raw::connect(server.admin());
    let host = server.admin();
    let head =
        format!("POST {P}/broadcast HTTP/1.1\r\nHost: {host}\r\nContent-Length: 10\r\n\r\nx");
    raw.be_patient(std::time::Duration::from_secs(20));
    raw.send(head.as_bytes());
    expect_error(&raw.response("POST"), 408, "late");
}
