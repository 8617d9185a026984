//! Plain HTTP on the same port: keep-alive, pipelining, HEAD, and every bound of a request.

use std::time::Duration;

use sockeye_net::Limits;

use crate::lab::{Lab, Raw, Setup};

fn get(target: &str, lines: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: here\r\n{lines}\r\n")
}

async fn expect_status(raw: &mut Raw, status: u16) {
    let head = raw.head().await;
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
}

#[tokio::test]
async fn requests_follow_each_other_on_one_connection() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    for _ in 0..2 {
        raw.send(get("/http", "").as_bytes()).await;
        assert_eq!(raw.response().await.1, "hello");
    }
    let pipelined = [get("/http", ""), get("/", ""), get("/http", "")].concat();
    raw.send(pipelined.as_bytes()).await;
    for status in ["200", "426", "200"] {
        let (head, _) = raw.response().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
    }
    let head_and_get = get("/http", "").replacen("GET", "HEAD", 1) + &get("/http", "");
    raw.send(head_and_get.as_bytes()).await;
    let head = raw.head().await;
    assert!(head.contains("\r\ncontent-length: 5\r\n"), "{head}");
    let (head, body) = raw.response().await;
    assert!(head.starts_with("HTTP/1.1 200 "), "no body after HEAD");
    assert_eq!(body, "hello");
    raw.send(get("/http", "Connection: close\r\n").as_bytes())
        .await;
    assert_eq!(raw.response().await.1, "hello");
    raw.end().await;
}

#[tokio::test]
async fn a_long_target_is_414() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    let target = |length: usize| format!("/{}", "a".repeat(length - 1));
    raw.send(get(&target(8_193), "").as_bytes()).await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("HTTP/1.1 414 "), "{head}");
    assert_eq!(
        body,
        r#"{"error":"the request target is longer than 8192 bytes"}"#
    );
    raw.send(get(&target(8_192), "").as_bytes()).await;
    expect_status(&mut raw, 426).await;
}

#[tokio::test]
async fn a_hundred_header_lines_are_the_most() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    // `Host` is one of them.
    raw.send(get("/http", &"X: y\r\n".repeat(99)).as_bytes())
        .await;
    assert_eq!(raw.response().await.1, "hello");
    raw.send(get("/http", &"X: y\r\n".repeat(100)).as_bytes())
        .await;
    expect_status(&mut raw, 431).await;
    raw.end().await;
}

/// All of it is sent before the answer is read: a reset would take the answer away.
#[tokio::test]
async fn a_long_head_is_431_although_the_client_keeps_sending() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    let line = format!("X: {}\r\n", "y".repeat(4 << 20));
    raw.send(get("/http", &line).as_bytes()).await;
    expect_status(&mut raw, 431).await;
    raw.end().await;
}

#[tokio::test]
async fn a_bound_below_the_least_is_the_least() {
    let lab = Lab::start(Setup {
        limits: Limits {
            head_bytes: 1,
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut raw = lab.connect().await;
    raw.send(get("/http", "").as_bytes()).await;
    assert_eq!(raw.response().await.1, "hello");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_413() {
    let lab = Lab::start(Setup {
        limits: Limits {
            body_bytes: 10,
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut raw = lab.connect().await;
    raw.send(get("/http", "Content-Length: 10\r\n").as_bytes())
        .await;
    raw.send(b"0123456789").await;
    assert_eq!(raw.response().await.1, "hello");
    let mut raw = lab.connect().await;
    raw.send(get("/http", "Content-Length: 11\r\n").as_bytes())
        .await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("HTTP/1.1 413 "), "{head}");
    assert_eq!(
        body,
        r#"{"error":"the request body is longer than 10 bytes"}"#
    );
}

#[tokio::test]
async fn a_head_that_does_not_come_in_time_is_408() {
    let lab = Lab::start(Setup {
        limits: Limits {
            head_deadline: Duration::from_millis(200),
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut silent = lab.connect().await;
    let mut slow = lab.connect().await;
    slow.send(b"GET / HTTP/1.1\r\nHo").await;
    let mut kept = lab.connect().await;
    kept.send(get("/http", "").as_bytes()).await;
    assert_eq!(kept.response().await.1, "hello");
    for raw in [&mut silent, &mut slow] {
        expect_status(raw, 408).await;
        raw.end().await;
    }
    // It had its answer; nobody asked for another one.
    kept.end().await;
}
