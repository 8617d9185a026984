//! `outbound_queue:` and `on_slow:`: what becomes of messages of others to a client that does not read.

use crate::lab::{Lab, Raw, Server};

const ROOM: &str = "
  handlers:
    - path: /room
      type: script
      script: 'if (message.text !== `hello`) broadcast(`/room`, message.text); else return `here`'
";

fn server(keys: &str) -> Server {
    Lab::yaml(&format!("websocket:\n  {keys}{ROOM}"))
        .admin()
        .start()
}

/// The number of messages that were left out because somebody does not read.
fn left_out(server: &Server) -> u64 {
    let page = server.ask("GET", "/metrics", &[], b"").text();
    let series = "ws_messages_dropped_total{reason=\"slow\"} ";
    let line = page.lines().find_map(|line| line.strip_prefix(series));
    line.expect("the series is there")
        .parse()
        .expect("a number")
}

/// A client that has said hello and reads nothing more of what comes.
fn silent(server: &Server) -> Raw {
    let mut raw = server.raw_socket("/room");
    raw.send(&crate::lab::frame(0x81, b"hello"));
    raw.expect_text("here");
    raw
}

/// What is said: numbered, long enough to fill what the system keeps of a socket soon.
fn said(number: usize) -> String {
    format!("{number} {}", "x".repeat(30_000))
}

#[test]
fn a_client_that_does_not_read_misses_messages_and_stays() {
    let server = server("outbound_queue: 5\n  on_slow: drop");
    let (mut slow, mut quick) = (silent(&server), server.connect("/room"));
    let mut sent = 0;
    while left_out(&server) < 3 {
        quick.send(&said(sent)).expect_text(&said(sent));
        sent += 1;
        assert!(sent < 2_000, "what is never read finds room all the time");
    }
    // What had room comes complete and in order, and then what is said now.
    let kept = sent - usize::try_from(left_out(&server)).expect("a small number");
    for number in 0..kept {
        slow.expect_text(&said(number));
    }
    quick.send("again").expect_text("again");
    slow.expect_text("again");
}

#[test]
fn without_the_key_or_with_close_it_is_closed() {
    for keys in ["outbound_queue: 5", "outbound_queue: 5\n  on_slow: close"] {
        let server = server(keys);
        let (mut slow, mut quick) = (silent(&server), server.connect("/room"));
        let ended = |server: &Server| {
            let page = server.ask("GET", "/metrics", &[], b"").text();
            page.contains("\nws_errors_total{type=\"slow\"} 1\n")
        };
        for number in 0..400 {
            quick.send(&said(number)).expect_text(&said(number));
        }
        // It reads at last, and finds its Close behind what had room.
        for number in 0.. {
            let frame = slow.frame().expect("a Close before the end");
            if frame.first == 0x88 {
                assert_eq!(frame.payload.first_chunk(), Some(&1013_u16.to_be_bytes()));
                break;
            }
            assert!(frame.payload.starts_with(format!("{number} ").as_bytes()));
        }
        drop(slow);
        crate::lab::eventually("it is counted", || ended(&server).then_some(()));
        assert_eq!(left_out(&server), 0);
        quick.send("still here").expect_text("still here");
    }
}
