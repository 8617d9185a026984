//! Row 42: paths, rooms and headers without end do not make series without end.

use std::collections::BTreeSet;

use crate::lab::{Lab, frame};

/// Different paths and different rooms; `scripts/faults` wants a million.
fn names() -> usize {
    let said = std::env::var("SOCKEYE_NAMES").ok();
    said.map_or(3_000, |names| names.parse().expect("a number"))
}

/// More than this would be one for each path, method or room: 200 are made up of some of them.
const MOST_SERIES: usize = 150;

#[test]
fn f42_series_are_bounded_whatever_clients_make_up() {
    let file = r#"
websocket:
  handlers:
    - path: "/chat/{room}"
      rules:
        - match: { type: join }
          handler: "rooms.join(message.room); return message.room"
        - match: { type: leave }
          handler: "rooms.leave(message.room); return 'left'"
    - { path: /echo, type: echo }
"#;
    let server = Lab::yaml(file).admin().start();
    let mut http = server.raw();
    for number in 0..names() {
        let answer = http.request("GET", &format!("/made-up-{number}"), &[], b"");
        assert_eq!(answer.status, 404);
    }
    for number in 0..200 {
        let mut raw = server.raw();
        let method = format!("M{number}");
        raw.request(&method, "/echo", &[], b"");
        server
            .upgrade(&format!("/no-{number}"), &[])
            .expect_status(404);
        assert_eq!(
            server
                .raw()
                .upgrade(&format!("/chat/room-{number}"), &[])
                .status,
            101
        );
    }
    let mut raw = server.raw_socket("/chat/x");
    for number in 0..names() {
        let join = format!(r#"{{"type":"join","room":"made-up-{number}"}}"#);
        raw.send(&frame(0x81, join.as_bytes()));
        raw.expect_text(&format!("made-up-{number}"));
        let leave = format!(r#"{{"type":"leave","room":"made-up-{number}"}}"#);
        raw.send(&frame(0x81, leave.as_bytes()));
        raw.expect_text("left");
    }
    let metrics = server
        .ask("GET", "/metrics", &[], b"")
        .expect_status(200)
        .text();
    let lines = metrics.lines().filter(|line| !line.starts_with('#'));
    let series: Vec<&str> = lines
        .filter_map(|line| Some(line.rsplit_once(' ')?.0))
        .collect();
    let distinct: BTreeSet<&&str> = series.iter().collect();
    assert_eq!(distinct.len(), series.len(), "each series once");
    assert!(
        series.len() < MOST_SERIES,
        "{} series:\n{metrics}",
        series.len()
    );
    for made_up in ["made-up", "no-1", "room-1", "M1"] {
        assert!(!metrics.contains(made_up), "{metrics}");
    }
    assert!(series.contains(&r#"ws_path_messages_total{path="/chat/{room}",direction="in"}"#));
}
