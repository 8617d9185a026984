//! `rate-limit` and `latency` of WebSockets in Moclojer files.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::lab::{Lab, eventually, sockeye_in};

#[test]
fn handshakes_beyond_the_quota_get_429() {
    let server = Lab::yaml(
        r"
- websocket:
    path: /few
    rate-limit: { max-requests: 2, window-ms: 60000 }
    on-connect: { response: hi }
- endpoint: { path: /few, response: { body: here } }
- websocket: { path: /many }
",
    )
    .start();
    for _ in 0..2 {
        server.connect("/few").expect_text("hi");
    }
    let refused = server.upgrade("/few", &[]);
    refused.expect_status(429);
    assert_eq!(refused.header("x-ratelimit-limit"), Some("2"));
    assert_eq!(refused.header("x-ratelimit-remaining"), Some("0"));
    assert!(refused.header("x-ratelimit-reset").is_some());
    let seconds: u64 = refused
        .header("retry-after")
        .and_then(|seconds| seconds.parse().ok())
        .expect("seconds to wait");
    assert!((1..=60).contains(&seconds), "{seconds}");
    let body = refused.json();
    assert_eq!(body["error"], "more than 2 requests in 60000 ms");
    assert_eq!(
        (&body["limit"], &body["window_ms"]),
        (&json!(2), &json!(60000))
    );
    // The quota is that of the WebSocket alone, and without the key there is none.
    assert_eq!(server.get("/few").text(), "here");
    for _ in 0..150 {
        assert_eq!(server.upgrade("/many", &[]).status, 101);
    }
}

#[test]
fn answers_come_late_and_in_order() {
    let server = Lab::yaml(
        r"
- websocket:
    path: /late
    latency: { min-ms: 20, max-ms: 120 }
    on-connect: { response: hello }
    on-message:
      - { pattern: '\d+', response: '{{message}}' }
    on-close: { response: bye }
",
    )
    .start();
    let least = Duration::from_millis(20);
    let begun = Instant::now();
    let mut client = server.connect("/late");
    client.expect_text("hello");
    assert!(begun.elapsed() >= least);
    let begun = Instant::now();
    for number in 0..40 {
        client.send(&number.to_string());
    }
    for number in 0..40 {
        client.expect_text(&number.to_string());
    }
    assert!(begun.elapsed() >= least);
    // All of them waited at the same time and not one after the other.
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn what_waits_is_not_in_the_way_of_pings_or_of_the_end() {
    let server = Lab::yaml(
        r"
- websocket:
    path: /late
    latency: { min-ms: 60000, max-ms: 60000 }
    on-message: [{ pattern: a, response: b }]
    on-close: { response: bye }
",
    )
    .start();
    let mut client = server.connect("/late");
    client.send("a").expect_silence();
    client.close().expect_text("bye");
}

#[test]
fn so_many_answers_wait_and_no_more() {
    let server = Lab::yaml(
        r"
- websocket:
    path: /long
    latency: { min-ms: 600000 }
    on-message: [{ pattern: '(?s).*', response: '{{message}}' }]
- websocket:
    path: /short
    latency: { min-ms: 20 }
    on-message: [{ pattern: '(?s).*', response: '{{message}}' }]
",
    )
    .arg("--log=debug")
    .start();
    let told = || server.log().matches("too many answers wait").count();
    let mut client = server.connect("/long");
    let long = "x".repeat(400_000);
    client.send(&long).send(&long).expect_silence();
    assert_eq!(told(), 0);
    client.send(&long).expect_silence();
    eventually("the third is left out", || (told() == 1).then_some(()));
    // One alone waits whatever its size.
    let longest = "x".repeat(1024 * 1024);
    server
        .connect("/short")
        .send(&longest)
        .expect_text(&longest);
}

#[test]
fn answers_that_wait_survive_a_reload() {
    let file = |answer: &str| {
        format!(
            "- websocket: {{ path: /late, latency: {{ min-ms: 400 }}, on-message: [{{ pattern: a, response: {answer} }}] }}\n"
        )
    };
    let server = Lab::yaml(&file("old")).start();
    let mut client = server.connect("/late");
    client.send("a").expect_silence();
    server.edit(&file("new"));
    client.expect_text("old");
}

#[test]
fn handshakes_fail_and_time_out_as_often_as_the_file_says() {
    let server = Lab::yaml(
        r"
- websocket: { path: /fails, latency: { failure-rate: 1 } }
- websocket: { path: /late, latency: { timeout-rate: 1, timeout-ms: 100 } }
- websocket: { path: /half, latency: { failure-rate: 0.5 }, on-message: [{ pattern: a, response: b }] }
",
    )
    .arg("--seed=7")
    .start();
    let failed = server.upgrade("/fails", &[]);
    assert_eq!(
        failed.expect_status(500).json(),
        json!({"error": "simulated failure"})
    );
    let begun = Instant::now();
    server.upgrade("/late", &[]).expect_status(504);
    assert!(begun.elapsed() >= Duration::from_millis(100));
    let statuses: Vec<u16> = (0..64)
        .map(|_| server.upgrade("/half", &[]).status)
        .collect();
    let failed = statuses.iter().filter(|status| **status == 500).count();
    assert!((10..54).contains(&failed), "{statuses:?}");
    let open = statuses.iter().filter(|status| **status == 101).count();
    assert_eq!(failed + open, 64, "{statuses:?}");
}

#[test]
fn check_tells_how_a_websocket_behaves() {
    let lab = Lab::yaml(
        "- websocket: { path: /a, rate-limit: {}, latency: { min-ms: 5, failure-rate: 0.5 } }\n",
    );
    let exit = sockeye_in(lab.folder(), &["check", "mock.yml"]);
    for line in [
        "  allows 100 requests in 900000 ms to an address\n",
        "  waits 5 to 5 ms; fails at a rate of 0.5\n",
    ] {
        assert!(exit.stdout.contains(line), "{line} in {}", exit.stdout);
    }
}
