//! The opening handshake: who is let in, and what the others are told, down to slow and mad clients.

use std::time::Duration;

use serde_json::Value;

use crate::lab::{Lab, Server, eventually, frame};

const FILE: &str = "
websocket:
  max_connections: 500
  handlers:
    - { path: /echo, type: echo }
    - { path: /silent }
";

fn lab() -> Server {
    Lab::yaml(FILE).start()
}

/// Longer than the deadline for a request head (5 s), with room for a busy machine.
const DEADLINE: Duration = Duration::from_secs(8);

#[test]
fn f01_a_head_that_drips_is_cut_off_while_others_are_served() {
    let lab = lab();
    let mut slow = lab.raw();
    slow.send(b"GET /echo HTTP/1.1\r\n");
    let mut drops = 0;
    for byte in "X-Slow: y\r\n".bytes().cycle().take(16) {
        slow.send(&[byte]);
        drops += 1;
        lab.connect("/echo").send("quick").expect_text("quick");
        if slow.has_answer_within(Duration::from_millis(500)) {
            break;
        }
    }
    assert!(drops < 16, "after 8 s it is still read");
    let late = slow.response("GET");
    let policy = late.expect_status(408).header("content-security-policy");
    assert!(policy.is_some_and(|policy| policy.starts_with("default-src 'none'")));
    slow.expect_end();
}

#[test]
fn f01_a_head_that_stops_is_cut_off() {
    let lab = lab();
    let mut raw = lab.raw();
    raw.be_patient(DEADLINE);
    raw.send(b"GET /echo HTTP/1.1\r\nHost: x\r\nUpgra");
    assert_eq!(raw.response("GET").status, 408);
    raw.expect_end();
}

#[test]
fn f02_a_head_without_end() {
    let lab = lab();
    let mut raw = lab.raw();
    raw.send(b"GET /echo HTTP/1.1\r\nHost: x\r\nX-Long: ")
        .send(&vec![b'a'; 64 * 1024]);
    assert_eq!(raw.response("GET").status, 431);
    let mut raw = lab.raw();
    raw.send(b"GET /").send(&vec![b'a'; 64 * 1024]);
    let status = raw.response("GET").status;
    assert!(matches!(status, 414 | 431), "{status}");
}

#[test]
fn f03_too_many_headers() {
    let lab = lab();
    let many = |count: usize| -> Vec<(String, String)> {
        (0..count)
            .map(|n| (format!("x-{n}"), n.to_string()))
            .collect()
    };
    let ask = |count: usize| {
        let headers = many(count);
        let pairs: Vec<_> = headers
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        lab.upgrade("/echo", &pairs).status
    };
    assert_eq!(ask(90), 101);
    assert_eq!(ask(5000), 431);
}

#[test]
fn f04_strange_bytes_in_websocket_headers() {
    let lab = lab();
    let names = [
        "Upgrade",
        "Connection",
        "Sec-WebSocket-Version",
        "Sec-WebSocket-Key",
    ];
    let more = ["Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"];
    for name in names.into_iter().chain(more) {
        let valid = match name {
            "Upgrade" => "websocket",
            "Connection" => "Upgrade",
            "Sec-WebSocket-Version" => "13",
            "Sec-WebSocket-Key" => "dGhlIHNhbXBsZSBub25jZQ==",
            _ => "chat",
        };
        for byte in [0x00, 0x01, 0x0b, 0x1f, 0x7f, 0x80, 0xc3, 0xff] {
            let mut raw = lab.raw();
            let marked = [valid, "\u{1}"].concat();
            let request = raw.handshake("/echo", &[(name, &marked)]).into_bytes();
            let place = request
                .iter()
                .position(|b| *b == 1)
                .expect("the marked byte");
            let mut request = request;
            request[place] = byte;
            raw.send(&request);
            let status = raw.response("GET").status;
            assert!(
                matches!(status, 400 | 426),
                "{name} with {byte:#04x}: {status}"
            );
        }
    }
    lab.connect("/echo").send("alive").expect_text("alive");
}

#[test]
fn f05_requests_that_are_no_proper_handshake() {
    let lab = lab();
    let upgrade = |headers: &[(&str, &str)]| lab.upgrade("/echo", headers);
    for key in [
        "",
        "abc",
        "dGhlIHNhbXBsZSBub25jZQ==AAAA",
        "dGhlIHNhbXBsZSBub25j",
        "????",
    ] {
        assert_eq!(
            upgrade(&[("Sec-WebSocket-Key", key)]).status,
            400,
            "key `{key}`"
        );
    }
    for version in ["8", "12", "14", "0"] {
        let refused = upgrade(&[("Sec-WebSocket-Version", version)]);
        assert_eq!(refused.status, 426, "version {version}");
        assert_eq!(refused.header("sec-websocket-version"), Some("13"));
    }
    let plain = lab.get("/echo");
    assert_eq!(
        plain.expect_status(426).header("upgrade"),
        Some("websocket")
    );
    assert_eq!(upgrade(&[("Upgrade", "h2c")]).status, 426);
    let posted = lab
        .http("POST", "/echo", &[], b"")
        .expect_status(405)
        .header("allow")
        .is_some();
    assert!(posted, "405 says what is allowed");
    let mut raw = lab.raw();
    let old = raw.handshake("/echo", &[]).replace("HTTP/1.1", "HTTP/1.0");
    raw.send(old.as_bytes());
    assert_eq!(raw.response("GET").status, 400);
}

#[test]
fn f05_names_and_values_are_compared_as_http_says() {
    let lab = lab();
    let headers = [
        ("upgrade", "WebSocket"),
        ("CONNECTION", "keep-alive, UPGRADE"),
        ("Origin", "http://x"),
    ];
    let mut raw = lab.raw();
    let accepted = raw.upgrade("/echo", &headers);
    assert_eq!(accepted.status, 101);
    assert!(
        accepted
            .header("upgrade")
            .is_some_and(|u| u.eq_ignore_ascii_case("websocket"))
    );
    assert!(
        accepted
            .header("connection")
            .is_some_and(|c| c.eq_ignore_ascii_case("upgrade"))
    );
    raw.send(&frame(0x81, b"x"));
    raw.expect_text("x");
}

#[test]
fn f06_a_body_is_refused() {
    let lab = lab();
    let mut raw = lab.raw();
    let request = raw.handshake("/echo", &[("Content-Length", "5")]);
    raw.send(request.as_bytes()).send(b"hello");
    assert_eq!(raw.response("GET").status, 400);
}

#[test]
fn f06_frames_sent_at_once_are_read_after_the_handshake() {
    let lab = lab();
    let mut raw = lab.raw();
    let mut bytes = raw.handshake("/echo", &[]).into_bytes();
    bytes.extend(frame(0x81, b"early"));
    bytes.extend(frame(0x81, b"bird"));
    raw.send(&bytes);
    assert_eq!(raw.response("GET").status, 101);
    raw.expect_text("early");
    raw.expect_text("bird");
}

#[test]
fn f08_unknown_paths() {
    let lab = lab();
    let refused = lab.upgrade("/nowhere", &[]);
    let body: Value = refused.expect_status(404).json();
    assert!(
        body.to_string().contains("/echo"),
        "it lists the known paths: {body}"
    );
    for path in ["/Echo", "/echo/x", "/ech", "//echo"] {
        assert_eq!(lab.upgrade(path, &[]).status, 404, "{path}");
    }
}

#[test]
fn f08_no_more_connections_than_permitted() {
    let file = "websocket: { max_connections: 2, handlers: [{ path: /echo, type: echo }] }";
    let lab = Lab::yaml(file).start();
    let mut first = lab.connect("/echo");
    let mut second = lab.connect("/echo");
    let refused = lab.upgrade("/echo", &[]);
    assert_eq!(refused.expect_status(503).header("retry-after"), Some("1"));
    assert_eq!(refused.json()["limit"], 2);
    first.close().expect_close_without_code();
    drop(first);
    let mut third = eventually("a slot is free again", || {
        let mut raw = lab.raw();
        (raw.upgrade("/echo", &[]).status == 101).then_some(raw)
    });
    third.send(&frame(0x81, b"in"));
    third.expect_text("in");
    assert_eq!(lab.upgrade("/echo", &[]).status, 503);
    second.send("still here").expect_text("still here");
}

#[test]
fn f08_no_more_connections_of_one_address_than_permitted() {
    let file =
        "websocket: { max_connections_per_address: 3, handlers: [{ path: /echo, type: echo }] }";
    let server = Lab::yaml(file).start();
    let mut held: Vec<_> = (0..3).map(|_| server.connect("/echo")).collect();
    let refused = server.raw().upgrade("/echo", &[]);
    assert_eq!(refused.expect_status(429).header("retry-after"), Some("1"));
    assert_eq!(refused.json()["limit"], 3);
    // A place that is given up is free again, and only then.
    drop(held.pop());
    let mut late = eventually("a place is free again", || {
        let mut raw = server.raw();
        (raw.upgrade("/echo", &[]).status == 101).then_some(raw)
    });
    late.send(&frame(0x81, b"in"));
    late.expect_text("in");
}

#[test]
fn f09_a_client_that_says_nothing_is_dropped() {
    let lab = lab();
    let mut silent: Vec<_> = (0..20).map(|_| lab.raw()).collect();
    for raw in &mut silent {
        raw.be_patient(DEADLINE);
        let said = String::from_utf8_lossy(&raw.rest()).into_owned();
        assert!(
            said.is_empty() || said.starts_with("HTTP/1.1 408"),
            "{said}"
        );
    }
    lab.connect("/echo").send("alive").expect_text("alive");
}

#[test]
fn f25_running_out_of_file_descriptors_is_survived() {
    let lab = Lab::yaml(FILE).open_files(40).start();
    let mut crowd: Vec<_> = (0..60).map(|_| lab.raw()).collect();
    for raw in &mut crowd[..5] {
        assert_eq!(raw.upgrade("/echo", &[]).status, 101);
    }
    drop(crowd);
    lab.connect("/echo").send("alive").expect_text("alive");
}

#[test]
fn the_first_offered_subprotocol_is_taken() {
    let lab = lab();
    let chosen = |offer: &str| {
        let response = lab.upgrade("/echo", &[("Sec-WebSocket-Protocol", offer)]);
        assert_eq!(response.status, 101, "{offer}");
        response.header("sec-websocket-protocol").map(str::to_owned)
    };
    assert_eq!(chosen("chat, superchat").as_deref(), Some("chat"));
    assert_eq!(chosen("mqtt").as_deref(), Some("mqtt"));
    let plain = lab.upgrade("/echo", &[]);
    assert_eq!(plain.header("sec-websocket-protocol"), None);
}

#[test]
fn moclojer_files_have_the_same_door() {
    let lab = Lab::yaml("- websocket: { path: /ws, on-connect: { response: hi } }\n").start();
    lab.get("/ws").expect_status(426);
    assert_eq!(
        lab.upgrade("/ws", &[("Sec-WebSocket-Version", "8")]).status,
        426
    );
    assert_eq!(lab.upgrade("/other", &[]).status, 404);
    let offered = lab.upgrade("/ws", &[("Sec-WebSocket-Protocol", "chat")]);
    assert_eq!(offered.header("sec-websocket-protocol"), Some("chat"));
}

#[test]
fn unanswered_messages_are_counted() {
    let lab = lab();
    let mut client = lab.connect("/silent");
    client.send("one").send("two").expect_silence();
    let mut other = lab.connect("/echo");
    for text in ["three", "four", "five"] {
        other.send(text).expect_text(text);
    }
    assert_eq!(lab.terminate().expect_code(0).summary(), [2, 5, 3, 2]);
}

/// The answer to such a request meets a dead socket: nothing of it may stay behind.
#[test]
fn a_client_that_resets_during_the_handshake_leaves_no_connection_behind() {
    let server =
        Lab::yaml("websocket: {max_connections: 3, handlers: [{path: /echo, type: echo}]}").start();
    for _ in 0..300 {
        let mut raw = server.raw();
        let request = raw.handshake("/echo", &[]);
        raw.send(request.as_bytes());
        raw.reset();
    }
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(eventually("there is room again", || {
            let mut raw = server.raw();
            (raw.upgrade("/echo", &[]).status == 101).then_some(raw)
        }));
    }
    drop(clients);
    server.terminate().expect_code(0);
}

#[test]
fn a_request_names_its_host_once() {
    let server = lab();
    for hosts in ["", "Host: a\r\nHost: a\r\n"] {
        let mut raw = server.raw();
        raw.send(format!("GET /echo HTTP/1.1\r\n{hosts}\r\n").as_bytes());
        raw.response("GET").expect_status(400);
    }
}

/// What follows a body that nobody reads could not be told from it.
#[test]
fn a_refusal_of_a_request_with_a_body_ends_the_connection() {
    let server = lab();
    let mut raw = server.raw();
    raw.send(b"POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    let response = raw.response("POST");
    response.expect_status(404);
    assert_eq!(response.header("connection"), Some("close"));
    raw.expect_end();
}
