//! Requests that two readers could read as different ones, and what may stand before and behind a handshake.

use std::io::Read as _;

use crate::lab::{Lab, Server, Upstream, frame};

const FILE: &str = "websocket: { handlers: [{ path: /echo, type: echo }] }\n";

/// The lines of a handshake behind `Host`.
const UPGRADE: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// A server with an echo, and a proxy whose server takes everything.
fn with_proxy() -> (Server, Upstream) {
    let upstream = Upstream::start();
    let url = upstream.url("/");
    let server = Lab::yaml(&format!(
        "websocket: {{ handlers: [{{ path: /echo, type: echo }}, {{ path: /p, type: proxy, upstream: \"{url}\" }}] }}"
    ));
    (server.start(), upstream)
}

/// The status of the answer to these bytes; 0 where the connection ends without one.
fn status(server: &Server, bytes: &str) -> u16 {
    let mut raw = server.raw();
    raw.send(bytes.as_bytes());
    let mut start = [0; 12];
    if raw.writer().read_exact(&mut start).is_err() {
        return 0;
    }
    let code = str::from_utf8(&start[9..]).expect("digits");
    code.parse().expect("a status")
}

/// Two lengths, a length and chunks, names and lines that only some readers take: each is a way to hide a second
/// request in a first one.
#[test]
fn lengths_and_lines_that_can_be_read_in_two_ways_are_refused() {
    let (server, upstream) = with_proxy();
    for lines in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding : chunked\r\n",
        "X-A: b\r\n Transfer-Encoding: chunked\r\n",
        "X-A: b\rTransfer-Encoding: chunked\r\n",
        "X-A: b\0c\r\n",
        "X A: b\r\n",
        ": b\r\n",
        "Host: other\r\n",
    ] {
        for path in ["/echo", "/p"] {
            let request =
                format!("GET {path} HTTP/1.1\r\nHost: a\r\n{UPGRADE}{lines}\r\n0\r\n\r\n");
            assert_eq!(status(&server, &request), 400, "{path} with {lines:?}");
        }
    }
    assert_eq!(upstream.accepted(), 0, "nobody behind is called");
    server.connect("/echo").send("alive").expect_text("alive");
}

/// What is no upgrade to a WebSocket leads to none.
#[test]
fn other_upgrades_lead_nowhere() {
    let (server, upstream) = with_proxy();
    for (lines, wanted) in [
        (
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
            426,
        ),
        ("Upgrade: websocket\r\nConnection: close\r\n", 426),
        ("Upgrade: websocket/13\r\nConnection: Upgrade\r\n", 426),
        ("Upgrade: websocket2\r\nConnection: Upgrade\r\n", 426),
        ("Connection: Upgrade\r\n", 426),
    ] {
        for path in ["/echo", "/p"] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: a\r\n{lines}\r\n");
            assert_eq!(status(&server, &request), wanted, "{path} with {lines:?}");
        }
    }
    for line in [
        "CONNECT /p HTTP/1.1",
        "GET /p HTTP/1.0",
        "GET /p HTTP/2.0",
        "PRI * HTTP/2.0",
        "get /p HTTP/1.1",
    ] {
        let request = format!("{line}\r\nHost: a\r\n{UPGRADE}\r\n");
        let found = status(&server, &request);
        assert!((400..500).contains(&found) || found == 0, "{line}: {found}");
    }
    assert_eq!(upstream.accepted(), 0, "nobody behind is called");
}

/// A refused handshake leaves the connection with HTTP: what follows is the next request.
#[test]
fn requests_may_follow_a_refused_handshake() {
    let server = Lab::yaml(FILE).start();
    let mut raw = server.raw();
    let wrong = raw.handshake("/echo", &[("Sec-WebSocket-Version", "12")]);
    let nowhere = raw.handshake("/nowhere", &[]);
    let right = raw.handshake("/echo", &[]);
    // All at once, the last one with a frame behind it.
    raw.send(
        [
            wrong.as_bytes(),
            nowhere.as_bytes(),
            right.as_bytes(),
            &frame(0x81, b"hi"),
        ]
        .concat()
        .as_slice(),
    );
    raw.response("GET").expect_status(426);
    raw.response("GET").expect_status(404);
    raw.response("GET").expect_status(101);
    raw.expect_text("hi");
}

/// Behind a right handshake there are frames and nothing else: a second request is none.
#[test]
fn nothing_behind_a_handshake_is_a_request() {
    let (server, upstream) = with_proxy();
    for path in ["/echo", "/p"] {
        let mut raw = server.raw();
        let twice = raw.handshake(path, &[]).repeat(2);
        raw.send(twice.as_bytes());
        raw.response("GET").expect_status(101);
        // `G` is a frame of an opcode that nobody knows, without a mask.
        assert_eq!(raw.close_code(), Some(1002), "{path}");
    }
    assert!(upstream.accepted() <= 1, "one request is one connection");
}

/// A request's body is not read as requests when it was refused before it came.
#[test]
fn a_body_is_never_the_next_request() {
    let server = Lab::yaml(FILE).start();
    let hidden = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
    for lines in [
        format!("Content-Length: {}\r\n", hidden.len()),
        "Transfer-Encoding: chunked\r\n".to_owned(),
    ] {
        let mut raw = server.raw();
        raw.send(format!("POST /nowhere HTTP/1.1\r\nHost: a\r\n{lines}\r\n{hidden}").as_bytes());
        let answer = raw.response("POST");
        assert!(matches!(answer.status, 400 | 404), "{}", answer.status);
        raw.expect_end();
    }
}
