//! Rows 24 to 26: clients that come and go for a long time, and machines that have nothing left to give.
//!
//! `SOCKEYE_SOAK_SECONDS` makes the first longer: `scripts/soak 30` for the half hour of the table of faults.

use std::time::{Duration, Instant};

use super::count;
use super::crowds::open_files;
use crate::lab::{Lab, Raw, Server, close, eventually, frame, pause};

const FILE: &str = "
websocket:
  max_connections: 5000
  max_connections_per_address: 5000
  handlers:
    - { path: /echo, type: echo }
    - { path: /script, type: script, script: 'state.n = (state.n || 0) + 1; return `${state.n}`' }
";

/// Threads of a process.
fn threads(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id()));
    let status = status.expect("the process runs");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"));
    line.and_then(|line| line.trim().parse().ok())
        .expect("a number")
}

/// One client: it comes, says something, and goes in one of three ways.
fn visit(server: &Server, number: usize) {
    let path = if number.is_multiple_of(5) {
        "/script"
    } else {
        "/echo"
    };
    let mut raw = server.raw_socket(path);
    raw.send(&frame(0x81, b"hello"));
    assert!(raw.frame().is_some(), "an answer");
    match number % 3 {
        0 => {
            raw.send(&close(1000, b""));
            raw.expect_close(1000);
        }
        1 => drop(raw),
        _ => raw.reset(),
    }
}

#[test]
fn f24_clients_that_come_and_go_leave_nothing_behind() {
    let seconds = count("SOCKEYE_SOAK_SECONDS", 20) as u64;
    let server = Lab::yaml(FILE).start();
    for number in 0..500 {
        visit(&server, number);
    }
    let (files, count) = (open_files(&server), threads(&server));
    let (warm, begun) = (server.memory("VmRSS"), Instant::now());
    let mut visits = 0;
    while begun.elapsed() < Duration::from_secs(seconds) {
        for _ in 0..100 {
            visit(&server, visits);
            visits += 1;
        }
    }
    eventually("all sockets are closed", || {
        (open_files(&server) <= files).then_some(())
    });
    assert!(threads(&server) <= count, "no thread is left over");
    let grown = server.memory("VmRSS").saturating_sub(warm);
    let minutes = seconds.div_ceil(60);
    println!("{visits} visits in {seconds} s: {grown} KiB more than after warming up");
    // A MiB in ten minutes, and one for whatever was not warm yet.
    assert!(
        grown < 1024 + 1024 * minutes / 10 + 1024,
        "{grown} KiB after {visits} visits"
    );
}

#[test]
fn f25_no_descriptors_are_said_once_and_over_soon() {
    let server = Lab::yaml(FILE).open_files(60).start();
    let crowd: Vec<Raw> = (0..150).map(|_| server.raw()).collect();
    server.expect_log(&["cannot accept"]);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        pause();
    }
    let lines = server
        .log()
        .lines()
        .filter(|line| line.contains("cannot accept"))
        .count();
    assert_eq!(lines, 1, "one line in ten seconds: {}", server.log());
    drop(crowd);
    let freed = Instant::now();
    server.connect("/echo").send("alive").expect_text("alive");
    let took = freed.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// The address space in KiB up to which a crowd of 2,000 is served: 2 GiB.
const CEILING_KIB: u64 = 2 * 1024 * 1024;

#[test]
fn f26_a_crowd_fits_below_the_ceiling_and_the_rest_is_refused() {
    let most = count("SOCKEYE_CROWD", 300);
    let file = FILE.replace("max_connections: 5000", &format!("max_connections: {most}"));
    let server = Lab::yaml(&file).address_space(CEILING_KIB).start();
    let mut crowd: Vec<Raw> = (0..most).map(|_| server.raw_socket("/echo")).collect();
    assert_eq!(server.upgrade("/echo", &[]).status, 503);
    let message = frame(0x82, &vec![7; 60_000]);
    for raw in &mut crowd {
        raw.send(&message);
    }
    for raw in &mut crowd {
        assert_eq!(raw.frame().expect("an echo").payload.len(), 60_000);
    }
    drop(crowd);
    eventually("there is room again", || {
        (server.upgrade("/echo", &[]).status == 101).then_some(())
    });
    server.terminate().expect_code(0);
}
