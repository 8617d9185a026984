//! What a mock says by itself: scheduled messages, broadcasts, steps that follow an answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Lab, Server, snippet};

fn guide(number: &str) -> Server {
    Lab::existing(&snippet(number)).start()
}

#[test]
fn the_ticker_of_the_guide() {
    let server = guide("09");
    let (mut one, mut two) = (server.connect("/ticker"), server.connect("/ticker"));
    let start = Instant::now();
    let first = one.json();
    assert!(start.elapsed() >= Duration::from_millis(900), "not at once");
    assert_eq!(
        (&first["type"], &first["symbol"]),
        (&json!("price_update"), &json!("BTC"))
    );
    let price = first["price"].as_f64().expect("a number");
    assert!((40_000.0..50_000.0).contains(&price), "{price}");
    assert_ne!(
        two.json()["price"],
        first["price"],
        "rendered for each connection"
    );
    for _ in 0..3 {
        assert_eq!(one.json()["type"], "price_update");
    }
    let mut fifth_second = [one.json(), one.json()];
    fifth_second.sort_by_key(|message| message["type"].as_str().map(str::to_owned));
    assert_eq!(fifth_second[0]["type"], "price_update");
    assert_eq!(fifth_second[1]["type"], "stats");
    let volume = fifth_second[1]["volume"].as_i64().expect("a whole number");
    assert!((1_000_000..=5_000_000).contains(&volume), "{volume}");
}

#[test]
fn the_announcements_of_the_guide_are_the_same_for_all() {
    let server = guide("08");
    let mut clients: Vec<_> = (0..3).map(|_| server.connect("/announcements")).collect();
    let heard: Vec<Value> = clients.iter_mut().map(crate::lab::Client::json).collect();
    assert_eq!(heard[0]["type"], "heartbeat");
    assert_eq!(heard[0]["connections"], 3);
    assert!(
        heard.iter().all(|message| *message == heard[0]),
        "{heard:?}"
    );
}

#[test]
fn the_slow_answer_of_the_guide_does_not_hold_up_the_next_message() {
    let server = guide("10");
    let mut client = server.connect("/slow");
    let start = Instant::now();
    client
        .send(r#"{"type":"request"}"#)
        .expect_json(json!({"type": "processing"}));
    client
        .send(r#"{"type":"request"}"#)
        .expect_json(json!({"type": "processing"}));
    assert!(
        start.elapsed() < Duration::from_millis(1_500),
        "both are answered at once"
    );
    for _ in 0..2 {
        client.expect_json(json!({"type": "complete", "result": "done"}));
    }
    assert!(start.elapsed() >= Duration::from_secs(2), "not too soon");
}

#[test]
fn steps_follow_each_other_with_the_message_that_began_them() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /steps
      rules:
        - match: {type: go}
          response: "first {{message.id}}"
          then:
            - {delay_ms: 30, response: "second {{message.id}}", then: {response: "third {{message.id}}"}}
            - {delay_ms: 30, response: {step: 4, id: "{{message.id}}"}}
        - match: {type: late}
          delay_ms: 20
          response: late
"#,
    )
    .start();
    let mut client = server.connect("/steps");
    client
        .send(r#"{"type":"go","id":1}"#)
        .expect_text("first 1");
    client
        .send(r#"{"type":"late"}"#)
        .send("noise")
        .expect_text("late");
    client.expect_text("second 1").expect_text("third 1");
    client.expect_json(json!({"step": 4, "id": 1}));
    client.expect_silence();
}

#[test]
fn a_schedule_ends_when_its_count_is_reached_and_counts_its_messages() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /count
      scheduled:
        - {interval_ms: 20, initial_delay_ms: 1, count: 3, message: "number {{sequence}}"}
"#,
    )
    .start();
    let mut client = server.connect("/count");
    for number in 1..=3 {
        client.expect_text(&format!("number {number}"));
    }
    client
        .send("inbound messages are accepted and ignored")
        .expect_silence();
}

#[test]
fn a_reload_starts_the_timers_of_the_new_file() {
    let file = |word: &str, interval: u32, delay: u32| {
        format!(
            "websocket:\n  hot_reload: true\n  handlers:\n    - path: /tick\n      scheduled:\n        \
             - {{interval_ms: {interval}, message: {word}}}\n      broadcast:\n        \
             - {{interval_ms: 3600000, initial_delay_ms: {delay}, message: all-{word}}}\n"
        )
    };
    let server = Lab::yaml(&file("old", 3_600_000, 3_600_000)).start();
    let mut client = server.connect("/tick");
    server.edit(&file("new", 50, 1));
    let mut heard = [client.text(), client.text()];
    heard.sort();
    assert_eq!(heard, ["all-new", "new"]);
}

#[test]
fn a_broadcast_stays_with_its_host() {
    let forge = r#"
websocket:
  handlers:
    - path: /same
      broadcast: {interval_ms: 30, message: "{{connection_count}}"}
"#;
    let other = "- websocket: { path: /same, host: other.example }\n";
    let server = Lab::file("mock.yaml", forge)
        .and_file("other.yml", other)
        .start();
    let mut stranger = server.raw();
    let request = stranger.handshake("/same", &[]);
    let request = request.replace("Host: ", "Host: other.example\r\nX-Was: ");
    stranger.send(request.as_bytes());
    stranger.response("GET").expect_status(101);
    let mut client = server.connect("/same");
    client.expect_text("1").expect_text("1");
    stranger.send(&crate::lab::frame(0x89, b"still silent"));
    stranger.expect_pong(b"still silent");
}

#[test]
fn steps_that_find_no_room_are_a_warning() {
    let file = r"
websocket:
  handlers:
    - path: /later
      rules:
        - match: { type: x }
          response: now
          then: [{ delay_ms: 60000, response: later }]
";
    let server = Lab::yaml(file).start();
    let mut raw = server.raw_socket("/later");
    for _ in 0..=1_024 {
        raw.send(&crate::lab::frame(0x81, br#"{"type":"x"}"#));
        raw.expect_text("now");
    }
    server.expect_log(&["WARN", "too many steps of `then` wait"]);
}
