//! Rows 21 and 27: a client that stops reading, and a client that says more than its handler can answer.

use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::lab::{Lab, Server, eventually, frame, pause};

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// How long an echo takes, the median of many.
fn echo_time(server: &Server) -> Duration {
    let mut client = server.connect("/echo");
    let times = (0..200).map(|number| {
        let asked = Instant::now();
        let text = number.to_string();
        client.send(&text).expect_text(&text);
        asked.elapsed()
    });
    median(times.collect())
}

#[test]
fn f21_a_client_that_stops_reading_is_closed_and_costs_nobody_anything() {
    let payload = "x".repeat(16 * 1024);
    let server = Lab::yaml(&format!(
        "websocket:\n  handlers:\n    - {{ path: /echo, type: echo }}\n    - path: /feed\n      broadcast:\n        \
         interval_ms: 10\n        message: {{ v: \"{payload}\" }}\n"
    ))
    .admin()
    .start();
    let quiet = echo_time(&server);
    let before = server.memory("VmRSS");
    let slow = server.raw_socket("/feed");
    let socket = slow.writer();
    socket2::SockRef::from(&socket)
        .set_recv_buffer_size(4096)
        .expect("a socket");
    let mut reader = server.connect("/feed");
    let with_it = echo_time(&server);
    let ended = |server: &Server| {
        let page = server.ask("GET", "/metrics", &[], b"").text();
        page.contains("\nws_errors_total{type=\"slow\"} 1\n")
    };
    // It is behind by a MiB, or does not take a write for ten seconds.
    let deadline = Instant::now() + Duration::from_secs(30);
    while !ended(&server) {
        assert!(!reader.text().is_empty(), "who reads goes on");
        assert!(Instant::now() < deadline, "nobody is closed");
    }
    let rise = server.memory("VmHWM").saturating_sub(before);
    assert!(rise <= 12 * 1024, "{rise} KiB");
    let most = quiet * 3 + Duration::from_millis(20);
    assert!(with_it <= most, "{quiet:?} before, {with_it:?} with it");
    drop(slow);
}

#[test]
fn f27_a_slow_handler_is_not_fed_and_pings_are_answered() {
    let server = Lab::yaml(
        "websocket:
  max_message_size: 100000
  handlers:
    - path: /slow
      type: script
      script: 'const end = Date.now() + 40; while (Date.now() < end); return message.text.slice(0, 4)'
",
    )
    .start();
    let mut raw = server.raw_socket("/slow");
    raw.be_patient(Duration::from_mins(1));
    raw.send(&frame(0x81, b"warm up"));
    raw.expect_text("warm");
    let before = server.memory("VmRSS");
    // A ping among the first messages is answered before they are, however long those take.
    for number in 0..20 {
        raw.send(&frame(0x81, format!("{number:04}").as_bytes()));
    }
    raw.send(&frame(0x89, b"now"));
    let mut answers = 0;
    loop {
        let frame = raw.frame().expect("an answer");
        if frame.first == 0x8a {
            break;
        }
        answers += 1;
    }
    assert!(answers < 10, "{answers} answers before the pong");
    // Much more than 64 events: the rest waits outside.
    let mut writer = raw.writer();
    let taken = std::thread::spawn(move || {
        writer.set_nonblocking(true).expect("a socket");
        let message = frame(0x81, &vec![b'y'; 90_000]);
        let begun = Instant::now();
        let mut taken = 0;
        while begun.elapsed() < Duration::from_secs(2) {
            match writer.write(&message[taken % message.len()..]) {
                Ok(count) => taken += count,
                Err(_) => pause(),
            }
        }
        writer.set_nonblocking(false).expect("a socket");
        taken
    });
    let taken = taken.join().expect("it writes");
    let rise = server.memory("VmHWM").saturating_sub(before);
    assert!(rise <= 24 * 1024, "{rise} KiB; {taken} bytes taken");
    assert!(taken < 40 * 1024 * 1024, "{taken} bytes were taken");
    eventually("it is still there", || raw.frame().map(|_| ()));
}
