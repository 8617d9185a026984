//! Rows 1, 8, 9, 22 and 23: many clients at once, most of them slow, silent or idle.
//!
//! `SOCKEYE_CROWD`, `SOCKEYE_SOAK_SECONDS` make more of it; `scripts/faults` sets them as the table of faults wants.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::count;
use crate::lab::{Client, Lab, Raw, Server, eventually, frame, pause};

const FILE: &str = "
websocket:
  max_connections: 12000
  max_connections_per_address: 12000
  handlers:
    - { path: /echo, type: echo }
    - path: /room
      type: script
      script: 'if (message.text !== `hello`) broadcast(`/room`, message.text); else return `here`'
";

fn crowd(usual: usize) -> usize {
    count("SOCKEYE_CROWD", usual)
}

/// Sockets and files that a process holds.
pub(super) fn open_files(server: &Server) -> usize {
    let folder = format!("/proc/{}/fd", server.id());
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// The time that all but one in a hundred did not take longer than.
fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[(times.len() * 99 / 100).min(times.len() - 1)]
}

#[test]
fn f01_others_come_in_while_a_crowd_drips_its_heads() {
    let server = Lab::yaml(FILE).start();
    let begun = Instant::now();
    let mut slow: Vec<Raw> = (0..crowd(100)).map(|_| server.raw()).collect();
    for raw in &mut slow {
        raw.send(b"GET /echo HTTP/1.1\r\nX-Slow: ");
    }
    let mut times = Vec::new();
    while begun.elapsed() < Duration::from_secs(4) {
        for raw in &mut slow {
            raw.send(b"y");
        }
        for _ in 0..10 {
            let asked = Instant::now();
            assert_eq!(server.raw().upgrade("/echo", &[]).status, 101);
            times.push(asked.elapsed());
        }
    }
    let late = p99(times);
    // 50 ms where the machine has nothing else to do.
    assert!(late < Duration::from_millis(500), "{late:?}");
    let last = slow.len() - 1;
    for raw in &mut slow {
        raw.be_patient(Duration::from_secs(8));
        assert_eq!(raw.response("GET").status, 408);
    }
    slow[last].expect_end();
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(9), "the last one after {took:?}");
}

#[test]
fn f08_who_is_one_too_many_is_told_at_once() {
    let most = crowd(50);
    let file = format!(
        "websocket: {{ max_connections: {most}, max_connections_per_address: {most}, \
         handlers: [{{ path: /echo, type: echo }}] }}"
    );
    let server = Lab::yaml(&file).start();
    let held: Vec<Raw> = (0..most).map(|_| server.raw_socket("/echo")).collect();
    let mut times = Vec::new();
    for _ in 0..20 {
        let asked = Instant::now();
        let refused = server.upgrade("/echo", &[]);
        assert_eq!(refused.expect_status(503).header("retry-after"), Some("1"));
        times.push(asked.elapsed());
    }
    times.sort();
    assert!(times[10] < Duration::from_millis(100), "{times:?}");
    drop(held);
}

#[test]
fn f09_a_crowd_that_says_nothing_leaves_nothing_behind() {
    let server = Lab::yaml(FILE).start();
    server.connect("/echo").send("x").expect_text("x");
    let before = open_files(&server);
    let begun = Instant::now();
    let silent: Vec<Raw> = (0..crowd(200)).map(|_| server.raw()).collect();
    eventually("all are accepted", || {
        (open_files(&server) + 2 >= before + silent.len()).then_some(())
    });
    for mut raw in silent {
        raw.be_patient(Duration::from_secs(9));
        raw.rest();
    }
    eventually("nothing of them is left", || {
        (open_files(&server) <= before).then_some(())
    });
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    server.connect("/echo").send("alive").expect_text("alive");
}

/// A member that reads slowly if at all: what it was sent is looked at in the end.
fn joins(server: &Server) -> Client {
    let mut client = server.connect("/room");
    client.send("hello").expect_text("here");
    client
}

#[test]
fn f22_members_that_read_lose_nothing_by_those_that_do_not() {
    let keys = "\nwebsocket:\n  outbound_queue: 5\n";
    let file = FILE.replace("\nwebsocket:\n", keys);
    let server = Lab::yaml(&file).admin().start();
    let half = crowd(40) / 2;
    let mut slow = Vec::new();
    for _ in 0..half {
        let mut raw = server.raw_socket("/room");
        raw.send(&frame(0x81, b"hello"));
        raw.expect_text("here");
        socket2::SockRef::from(&raw.writer())
            .set_recv_buffer_size(4096)
            .expect("a socket");
        slow.push(raw);
    }
    let mut fast: Vec<Client> = (0..half).map(|_| joins(&server)).collect();
    let mut speaker = joins(&server);
    let text = |number: usize| format!("{number} {}", "x".repeat(30_000));
    for number in 0..300 {
        speaker.send(&text(number)).expect_text(&text(number));
        for client in &mut fast {
            client.expect_text(&text(number));
        }
    }
    let series = "ws_errors_total{type=\"slow\"} ";
    // They are counted when they are gone: their Close waits behind what they do not read.
    drop(slow);
    eventually("who does not read is closed", || {
        let page = server.ask("GET", "/metrics", &[], b"").text();
        let closed = page.lines().find_map(|line| line.strip_prefix(series));
        (closed == Some(&*half.to_string())).then_some(())
    });
    speaker.send("still here").expect_text("still here");
}

/// Answers the pings of all sockets until the time is over; gives how many are still open.
fn keep_alive(sockets: &mut [TcpStream], until: Instant) -> usize {
    let mut bytes = [0; 512];
    let mut open = vec![true; sockets.len()];
    loop {
        for (socket, open) in sockets.iter_mut().zip(&mut open) {
            let Ok(length) = socket.read(&mut bytes) else {
                continue;
            };
            // A ping of the server: two bytes of head and what is to be said again.
            let mut heard: VecDeque<u8> = bytes[..length].iter().copied().collect();
            while let (Some(first), Some(length)) = (heard.pop_front(), heard.pop_front()) {
                let payload: Vec<u8> = heard
                    .drain(..usize::from(length).min(heard.len()))
                    .collect();
                *open &= first == 0x89 && socket.write_all(&frame(0x8a, &payload)).is_ok();
            }
            *open &= length > 0;
        }
        if Instant::now() >= until {
            break;
        }
        pause();
    }
    open.iter().filter(|open| **open).count()
}

#[test]
fn f23_a_crowd_is_held_and_everybody_stays() {
    let seconds = count("SOCKEYE_SOAK_SECONDS", 7) as u64;
    let pings = if seconds < 60 { "3" } else { "20" };
    let keys = format!("websocket:\n  ping_interval: {pings}\n  pong_timeout: {pings}\n");
    let server = Lab::yaml(&FILE.replace("\nwebsocket:\n", &keys)).start();
    let most = crowd(500);
    server.connect("/echo").send("x").expect_text("x");
    let empty = server.memory("VmRSS");
    let mut sockets = Vec::new();
    for _ in 0..most {
        let raw = server.raw_socket("/echo");
        let socket = raw.writer();
        socket.set_nonblocking(true).expect("a socket");
        sockets.push(socket);
        if sockets.len().is_multiple_of(50) {
            keep_alive(&mut sockets, Instant::now());
        }
    }
    let until = Instant::now() + Duration::from_secs(seconds);
    let open = keep_alive(&mut sockets, until);
    assert_eq!(open, most, "all are alive");
    let rise = server.memory("VmRSS").saturating_sub(empty);
    // 120 MiB for 10,000, of which 10 MiB are the process itself.
    assert!(rise <= 11 * most as u64 + 4096, "{rise} KiB for {most}");
}
