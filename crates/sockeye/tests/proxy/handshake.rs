//! What the server behind is asked with, and what the client gets when it cannot be had.

use std::time::Instant;

use super::{proxy, through};
use crate::lab::{Lab, Receiver, Upstream};

#[test]
fn headers_are_the_files_and_those_it_names() {
    let upstream = Upstream::start();
    let keys = r#"forward_headers: [cookie, X-Kept]
forward_query: true
on_connect:
  headers:
    X-Id: "{{connection.id}} {{query.user}}"
    X-Env: "{{env.PROXY_TEST}}"
    Origin: https://app.example.com"#;
    let server = proxy(&upstream, "/api/{{query.user}}?v=2", keys, "")
        .env("PROXY_TEST", "from here")
        .start();
    let headers = [
        ("Cookie", "a=1"),
        ("X-Kept", "one"),
        ("x-kept", "two"),
        ("X-Lost", "three"),
        ("Authorization", "four"),
        ("Origin", "http://client.example"),
        ("Sec-WebSocket-Protocol", "v1, v2"),
    ];
    let mut client = server.raw();
    let answer = client.upgrade("/p?user=a%2Fb%20c&x=%26", &headers);
    answer.expect_status(101);
    assert_eq!(answer.header("sec-websocket-protocol"), Some("v2"));
    let called = upstream.next();
    assert_eq!(called.target, "/api/a%2Fb%20c?v=2&user=a%2Fb%20c&x=%26");
    assert_eq!(called.header("cookie"), ["a=1"]);
    assert_eq!(called.header("x-kept"), ["one", "two"]);
    assert_eq!(called.header("x-id"), ["conn-1 a/b c"]);
    assert_eq!(called.header("x-env"), ["from here"]);
    assert_eq!(called.header("origin"), ["https://app.example.com"]);
    assert_eq!(called.header("host"), [upstream.address().to_string()]);
    assert_eq!(called.header("sec-websocket-protocol"), ["v1, v2"]);
    for lost in ["x-lost", "authorization", "sec-websocket-extensions"] {
        assert!(called.header(lost).is_empty(), "{lost}");
    }
}

/// The first offered is not taken on the server's behalf.
#[test]
fn without_a_subprotocol_of_the_server_there_is_none() {
    let raw = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
               Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    // Whoever answers without looking at the key is no server of WebSockets.
    let stub = Receiver::answering(raw);
    let server = behind(&stub);
    server.upgrade("/p", &[]).expect_status(502);
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let answer = server.upgrade("/p", &[]);
    answer.expect_status(101);
    assert_eq!(answer.header("sec-websocket-protocol"), None);
}

fn behind(stub: &Receiver) -> crate::lab::Server {
    let url = stub.url().replace("http://", "ws://");
    Lab::yaml(&format!(
        "websocket: {{ handlers: [{{ path: /p, type: proxy, upstream: \"{url}/x\", connect_timeout_ms: 400 }}] }}"
    ))
    .admin()
    .start()
}

/// Row 7 of the fault table.
#[test]
fn f07_only_a_right_101_opens_the_tunnel() {
    for (answer, words) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200"),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404"),
        (
            "HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            "302",
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
            "Sec-WebSocket-Accept",
        ),
        (
            "\x16\x03\x01 this is no HTTP\r\n\r\n",
            "refused the upgrade",
        ),
    ] {
        let stub = Receiver::answering(answer);
        let server = behind(&stub);
        let refused = server.upgrade("/p", &[("Sec-WebSocket-Protocol", "v1")]);
        refused.expect_status(502);
        let body = refused.json();
        let error = body["error"].as_str().expect("a sentence");
        assert!(
            error.starts_with("the upstream is not reached: "),
            "{error}"
        );
        assert!(error.contains(words), "{error}");
        assert_eq!(body["upstream"], stub.url().replace("http", "ws"));
        server.expect_log(&["the upstream is not reached", words]);
        let metrics = server.ask("GET", "/metrics", &[], b"").text();
        assert!(
            metrics.contains("ws_errors_total{type=\"upstream\"} 1\n"),
            "{metrics}"
        );
        assert!(metrics.contains("ws_connections_rejected 1\n"), "{metrics}");
        assert!(metrics.contains("ws_connections_total 0\n"), "{metrics}");
    }
}

#[test]
fn a_subprotocol_that_nobody_offered_is_refused() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let answer = server.upgrade("/p", &[("Sec-WebSocket-Protocol", "only")]);
    assert_eq!(answer.header("sec-websocket-protocol"), Some("only"));
}

#[test]
fn a_dead_server_is_502_and_a_silent_one_504() {
    let silent = Receiver::answering("");
    let server = behind(&silent);
    let start = Instant::now();
    let refused = server.upgrade("/p", &[]);
    refused.expect_status(504);
    assert!(start.elapsed().as_millis() >= 400);
    let words = "did not finish the handshake in 400ms";
    assert!(refused.text().contains(words), "{}", refused.text());
    drop(server);
    let closed = Upstream::start().url("/");
    let server = Lab::yaml(&format!(
        "websocket: {{ handlers: [{{ path: /p, type: proxy, upstream: \"{closed}\" }}] }}"
    ))
    .start();
    let refused = server.upgrade("/p", &[]);
    refused.expect_status(502);
    let error = refused.json()["error"].to_string();
    assert!(error.contains("cannot connect to 127.0.0.1:"), "{error}");
    // Without an upgrade nobody is called.
    server.get("/p").expect_status(426);
}

/// Row 6 of the fault table: what comes before the 101 waits for it, and a body is refused.
#[test]
fn f06_nothing_goes_to_the_server_before_its_101() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let mut client = server.raw();
    let mut early = client.handshake("/p", &[]).into_bytes();
    early.extend(crate::lab::frame(0x81, b"early"));
    client.send(&early);
    client.response("GET").expect_status(101);
    upstream.next().socket.expect_text("early").expect_silence();
    let mut client = server.raw();
    let refused = client.upgrade("/p", &[("Content-Length", "5")]);
    refused.expect_status(400);
    let wrong = server.upgrade("/p", &[("Sec-WebSocket-Key", "short")]);
    wrong.expect_status(400);
    let wrong = server.upgrade("/p", &[("Sec-WebSocket-Version", "12")]);
    wrong.expect_status(426);
    assert_eq!(upstream.accepted(), 1, "a wrong handshake calls nobody");
}

#[test]
fn a_full_server_calls_nobody() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "max_connections: 1").start();
    let (_client, _called) = through(&server, &upstream);
    server.upgrade("/p", &[]).expect_status(503);
    assert_eq!(upstream.accepted(), 1);
}

#[test]
fn a_value_that_cannot_stand_in_a_header_is_502() {
    let upstream = Upstream::start();
    let keys = "on_connect: { headers: { X-User: \"{{query.user}}\" } }";
    let server = proxy(&upstream, "/{{query.path}}", keys, "").start();
    let refused = server.upgrade("/p?user=a%0D%0AX-Evil:%201", &[]);
    refused.expect_status(502);
    assert!(
        refused.text().contains("`x-user` has a line break"),
        "{}",
        refused.text()
    );
    let refused = server.upgrade("/p?path=..", &[]);
    assert!(
        refused.text().contains("segment `.` or `..`"),
        "{}",
        refused.text()
    );
    let long = "x".repeat(8_100);
    let refused = server.upgrade(&format!("/p?path={long}&user=%7C"), &[]);
    assert_eq!(refused.status, 101, "{}", refused.text());
    assert_eq!(upstream.next().target, format!("/{long}"));
    let refused = server.upgrade(&format!("/p?path={}", "%7C".repeat(2_700)), &[]);
    refused.expect_status(101);
    // Encoded three times as long as it came.
    let refused = server.upgrade(&format!("/p?path={}", "|".repeat(2_800)), &[]);
    refused.expect_status(502);
    let words = "is longer than 8192 bytes";
    assert!(refused.text().contains(words), "{}", refused.text());
    assert_eq!(upstream.accepted(), 2);
}
