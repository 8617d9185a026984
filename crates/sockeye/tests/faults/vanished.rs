//! Row 19: clients whose network goes away without a word.

use std::process::Command;
use std::time::{Duration, Instant};

use super::count;
use super::crowds::open_files;
use crate::lab::{Lab, Raw, eventually, frame, pause};

/// Set in the process that has a network of its own.
const INSIDE: &str = "SOCKEYE_TEST_NETWORK";

/// Whether this machine gives us a network that nobody else uses.
fn has_networks() -> bool {
    let mut command = Command::new("unshare");
    let tried = command.args(["--map-root-user", "--net", "true"]).output();
    tried.expect("`unshare` exists").status.success()
}

/// This test again, in a network that nobody else uses.
fn again(name: &str) {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net"]).arg(program);
    command
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, "1");
    let done = command.output().expect("`unshare` exists");
    let said =
        String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
}

fn loopback(state: &str) {
    let set = Command::new("ip")
        .args(["link", "set", "lo", state])
        .status();
    assert!(set.expect("`ip` exists").success(), "lo is not {state}");
}

#[test]
fn f19_clients_behind_a_dead_network_are_dropped() {
    let is_inside = std::env::var_os(INSIDE).is_some();
    if !is_inside && has_networks() {
        return again("faults::vanished::f19_clients_behind_a_dead_network_are_dropped");
    }
    if is_inside {
        loopback("up");
    }
    // 20 s each where somebody has the time for it (`scripts/faults`).
    let wait = count("SOCKEYE_PING_SECONDS", 1) as u64;
    let file = format!(
        "websocket: {{ ping_interval: {wait}, pong_timeout: {wait}, handlers: [{{ path: /echo, type: echo }}] }}"
    );
    let server = Lab::yaml(&file).start();
    server.connect("/echo").send("x").expect_text("x");
    let before = open_files(&server);
    let mut crowd: Vec<Raw> = (0..50).map(|_| server.raw_socket("/echo")).collect();
    for raw in &mut crowd {
        raw.send(&frame(0x81, b"x"));
        raw.expect_text("x");
    }
    // Where no network can be taken away the clients fall silent, which a server cannot tell from that.
    if is_inside {
        loopback("down");
    }
    let begun = Instant::now();
    // A ping has to be due, to be late, and then the Close has five seconds; three for a busy machine.
    let most = Duration::from_secs(2 * wait + 5 + 3);
    while open_files(&server) > before {
        assert!(begun.elapsed() < most, "not dropped after {most:?}");
        pause();
    }
    assert!(
        begun.elapsed() >= Duration::from_secs(wait) / 2,
        "too early"
    );
    if is_inside {
        loopback("up");
    }
    eventually("others are served again", || {
        (server.upgrade("/echo", &[]).status == 101).then_some(())
    });
}
