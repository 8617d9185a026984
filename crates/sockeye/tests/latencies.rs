//! How long messages and scripts take: in the metrics, in the counts, route by route; and what is bounded there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::lab::{Lab, Server, eventually};

const FILE: &str = r#"
websocket:
  handlers:
    - path: /echo
      type: echo
    - path: /slow
      type: script
      script: "const until = Date.now() + 60; while (Date.now() < until) {} return 'done'"
    - path: /silent
      rules:
        - match: { type: quiet }
          handler: "return"
    - path: "/chat/{room}"
      rules:
        - match: { type: join }
          handler: "rooms.join(message.room); return 'in'"
"#;

const QUIET: &str = r#"{"type":"quiet"}"#;

fn metrics(server: &Server) -> String {
    let page = server.ask("GET", "/metrics", &[], b"");
    page.expect_status(200).text()
}

/// The value of a series.
fn value(page: &str, series: &str) -> Option<f64> {
    let line = page.lines().find_map(|line| line.strip_prefix(series));
    line.and_then(|rest| rest.trim().parse().ok())
}

fn series(path: &str, kind: &str, part: &str) -> String {
    format!("ws_handler_duration_seconds_{part}{{path=\"{path}\",kind=\"{kind}\"}}")
}

fn bucket(path: &str, kind: &str, le: &str) -> String {
    format!("ws_handler_duration_seconds_bucket{{path=\"{path}\",kind=\"{kind}\",le=\"{le}\"}}")
}

/// A page on which `series` has come to `wanted`.
fn page_with(server: &Server, series: &str, wanted: f64) -> String {
    eventually("the series has its value", || {
        let page = metrics(server);
        let there = value(&page, series).is_some_and(|value| (value - wanted).abs() < 0.5);
        there.then_some(page)
    })
}

#[test]
fn every_message_is_in_the_histogram_of_its_handler() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/echo");
    for _ in 0..20 {
        client.send("x").expect_text("x");
    }
    let page = page_with(&server, &series("/echo", "message", "count"), 20.0);
    assert_eq!(
        value(&page, &bucket("/echo", "message", "+Inf")),
        Some(20.0)
    );
    // No machine takes as long as that for an echo.
    let sum = value(&page, &series("/echo", "message", "sum")).expect("a sum");
    assert!(sum > 0.0 && sum < 20.0, "{sum}");
    let bounds: Vec<f64> = page
        .lines()
        .filter(|line| line.starts_with("ws_handler_duration_seconds_bucket{path=\"/echo\""))
        .filter_map(|line| line.rsplit(' ').next()?.parse().ok())
        .collect();
    assert_eq!(bounds.len(), 17);
    assert!(bounds.is_sorted(), "{bounds:?}");
    assert!(page.contains("le=\"0.00005\"") && page.contains("le=\"5\""));
    assert!(!page.contains("kind=\"script\""), "no script has run");
}

#[test]
fn a_message_counts_when_its_script_has_answered() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/slow");
    // The second waits for the script of the first.
    client.send("1").send("2");
    client.expect_text("done").expect_text("done");
    let page = page_with(&server, &series("/slow", "message", "count"), 2.0);
    assert_eq!(value(&page, &bucket("/slow", "message", "0.05")), Some(0.0));
    let sum = value(&page, &series("/slow", "message", "sum")).expect("a sum");
    assert!(sum >= 0.18, "60 ms and 120 ms are more than {sum}");
    assert_eq!(value(&page, &series("/slow", "script", "count")), Some(2.0));
    assert_eq!(value(&page, &bucket("/slow", "script", "0.05")), Some(0.0));
}

#[test]
fn a_script_that_says_nothing_is_counted_too() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/silent");
    client.send(QUIET).send(QUIET).send("nobody answers this");
    let page = page_with(&server, &series("/silent", "message", "count"), 3.0);
    assert_eq!(
        value(&page, &series("/silent", "script", "count")),
        Some(2.0)
    );
}

#[test]
fn a_delay_that_the_file_wants_is_not_the_handlers() {
    let file = r"
websocket:
  handlers:
    - path: /late
      rules:
        - match: { type: hi }
          response: now
          then:
            - { delay_ms: 300, response: later }
";
    let server = Lab::yaml(file).admin().start();
    let mut client = server.connect("/late");
    client.send(r#"{"type":"hi"}"#);
    client.expect_text("now").expect_text("later");
    let page = page_with(&server, &series("/late", "message", "count"), 1.0);
    assert_eq!(value(&page, &bucket("/late", "message", "0.25")), Some(1.0));
}

#[test]
fn percentiles_stand_in_counts_handlers_and_events() {
    let server = Lab::yaml(FILE).admin().start();
    let get = |path: &str| -> Value {
        let path = format!("/__mockforge/ws{path}");
        server.ask("GET", &path, &[], b"").expect_status(200).json()
    };
    let nothing = json!({"count": 0, "p50_ms": null, "p90_ms": null, "p99_ms": null});
    let mut latency = get("/stats")["latency"].clone();
    let window = latency
        .as_object_mut()
        .and_then(|all| all.remove("window_ms"));
    assert!(window.is_some_and(|window| window.is_u64()));
    assert_eq!(latency, nothing);
    assert_eq!(get("/handlers")["handlers"][0]["latency"], Value::Null);

    let mut stream = crate::lab::Client::connect(server.admin(), "/__mockforge/ws");
    let mut client = server.connect("/slow");
    client.send("1").expect_text("done");
    let told = eventually("the stream tells of it", || {
        let latency = stream.json()["stats"]["latency"].clone();
        (latency["count"] == 1).then_some(latency)
    });
    let [half, most] = ["p50_ms", "p99_ms"].map(|name| told[name].as_f64().expect("a number"));
    assert!(half >= 50.0 && most >= half, "{told}");
    let slow = get("/handlers")["handlers"][1].clone();
    assert_eq!(slow["latency"]["count"], 1, "{slow}");
    assert_eq!(slow["script_latency"]["count"], 1, "{slow}");
    assert!(
        slow["script_latency"]["p90_ms"].as_f64() >= Some(50.0),
        "{slow}"
    );
}

/// What stands before the value.
fn names(page: &str) -> BTreeSet<String> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.rsplit_once(' '));
    names.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn many_paths_and_rooms_make_no_series() {
    let server = Lab::yaml(FILE).admin().start();
    let visit = |room: u32| {
        let mut client = server.connect(&format!("/chat/{room}"));
        let join = json!({"type": "join", "room": format!("room-{room}")});
        client.send(&join.to_string()).expect_text("in");
        client.close();
        client.finish();
        server.upgrade(&format!("/nowhere/{room}"), &[]);
    };
    visit(0);
    let count = series("/chat/{room}", "message", "count");
    let before = names(&page_with(&server, &count, 1.0));
    (1..60).for_each(visit);
    let after = names(&page_with(&server, &count, 60.0));
    assert_eq!(before, after);
}

#[test]
fn a_file_of_many_paths_has_a_bounded_page() {
    let mut file = String::from("websocket:\n  handlers:\n");
    for number in 0..260 {
        // Writing to a String cannot fail.
        let _ = write!(file, "    - path: /p{number}\n      type: echo\n");
    }
    let server = Lab::yaml(&file).admin().start();
    for number in 0..260 {
        let mut client = server.connect(&format!("/p{number}"));
        client.send("x").expect_text("x");
    }
    let page = page_with(&server, &series("(others)", "message", "count"), 60.0);
    let paths = page.lines().filter(|line| {
        line.starts_with("ws_path_messages_total{") && line.contains("direction=\"in\"")
    });
    assert_eq!(paths.count(), 201);
    assert!(names(&page).len() < 10_000, "{}", names(&page).len());
}

#[test]
fn what_there_was_no_room_for_is_counted() {
    let file = r"
- websocket:
    path: /late
    latency: { min-ms: 60000, max-ms: 60000 }
    on-message: [{ pattern: hi, response: there }]
";
    let server = Lab::yaml(file).admin().start();
    let dropped = "ws_messages_dropped_total{reason=\"no_room\"}";
    assert_eq!(value(&metrics(&server), dropped), Some(0.0));
    let mut client = server.connect("/late");
    for _ in 0..1_100 {
        client.send("hi");
    }
    let received = "ws_messages_received_total";
    let page = page_with(&server, received, 1_100.0);
    let lost = value(&page, dropped).expect("a number");
    assert!(lost >= 76.0, "{lost}");
    let took = value(&page, &bucket("/late", "message", "5"));
    assert_eq!(
        took,
        Some(1_100.0),
        "the latency of the file is not the handler's"
    );
}
