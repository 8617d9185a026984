//! Rows 60 to 63: the server ends under load, is killed and comes back, cannot listen, has a fault of its own.
//!
//! `SOCKEYE_CROWD` and `SOCKEYE_ROUNDS` make more of it; `scripts/faults` sets them as the table of faults wants.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::count;
use crate::lab::{Lab, Raw, Server, close, eventually, frame, sockeye_in};

const ECHO: &str = "websocket: { handlers: [{ path: /echo, type: echo }] }\n";

/// Says something on each connection, again and again, until it is told to stop.
fn keep_talking(
    mut sockets: Vec<TcpStream>,
    stop: Arc<AtomicBool>,
) -> std::thread::JoinHandle<u64> {
    let message = frame(0x81, b"one of many");
    std::thread::spawn(move || {
        let mut sent = 0;
        while !stop.load(Relaxed) {
            for socket in &mut sockets {
                // The server may be about to close it, or take nothing more.
                sent += u64::from(socket.write_all(&message).is_ok());
            }
            std::thread::yield_now();
        }
        sent
    })
}

/// Whether somebody new is refused: by nobody listening, or in words.
fn refuses(address: SocketAddr) -> bool {
    let Ok(mut socket) = TcpStream::connect(address) else {
        return true;
    };
    let mut heard = Vec::new();
    let _ = socket.write_all(b"GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
    let _ = socket.read_to_end(&mut heard);
    let heard = String::from_utf8_lossy(&heard);
    heard.is_empty() || heard.starts_with("HTTP/1.1 503")
}

/// Reads up to the Close, answers it, and gives its code.
fn farewell(raw: &mut Raw) -> Option<u16> {
    while let Some(frame) = raw.frame() {
        if frame.first == 0x88 {
            let code = frame
                .payload
                .first_chunk::<2>()
                .map(|code| u16::from_be_bytes(*code));
            raw.send(&close(code.unwrap_or(1000), b""));
            return code;
        }
    }
    None
}

#[test]
fn f60_under_load_everybody_is_told_and_nobody_new_is_let_in() {
    let crowd = count("SOCKEYE_CROWD", 200);
    let server = Lab::yaml(ECHO).admin().start();
    let (address, admin) = (server.address(), server.admin());
    let mut ready = Raw::connect(admin);
    assert_eq!(ready.request("GET", "/readyz", &[], b"").status, 200);
    let mut crowd: Vec<Raw> = (0..crowd).map(|_| server.raw_socket("/echo")).collect();
    let writers: Vec<TcpStream> = crowd.iter().map(Raw::writer).collect();
    for writer in &writers {
        let patience = Some(Duration::from_millis(10));
        writer.set_write_timeout(patience).expect("above zero");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let talking = keep_talking(writers, Arc::clone(&stop));
    for raw in &mut crowd {
        raw.expect_text("one of many");
    }
    let begin = Instant::now();
    server.signal("TERM");
    let first = farewell(&mut crowd[0]);
    stop.store(true, Relaxed);
    assert!(talking.join().expect("no panic") > 0);
    // Most have not answered their Close yet, so the server still waits.
    assert_eq!(
        Raw::connect(admin)
            .request("GET", "/readyz", &[], b"")
            .status,
        503
    );
    assert!(refuses(address), "somebody new was let in");
    let told = crowd[1..].iter_mut().map(farewell).chain([first]);
    let told = told.filter(|code| *code == Some(1001)).count();
    assert!(
        told * 1000 >= crowd.len() * 999,
        "{told} of {} were told",
        crowd.len()
    );
    let exit = server.wait(Duration::from_secs(10));
    exit.expect_code(0);
    assert!(
        begin.elapsed() < Duration::from_secs(10),
        "{:?}",
        begin.elapsed()
    );
}

#[test]
fn f60_a_second_signal_ends_at_once_under_load() {
    let server = Lab::yaml(ECHO).start();
    let mut crowd: Vec<Raw> = (0..50).map(|_| server.raw_socket("/echo")).collect();
    server.signal("TERM");
    assert_eq!(crowd[0].close_code(), Some(1001));
    let begin = Instant::now();
    server.signal("INT");
    server.wait(Duration::from_secs(3)).expect_code(1);
    // The first signal alone waits 5 s for those who do not answer.
    assert!(
        begin.elapsed() < Duration::from_secs(3),
        "{:?}",
        begin.elapsed()
    );
}

fn on_port(port: &str) -> Server {
    Lab::yaml(ECHO)
        .port_not_given()
        .arg("--port")
        .arg(port)
        .start()
}

#[test]
fn f61_a_killed_server_comes_back_on_its_port_again_and_again() {
    let mut server = Lab::yaml(ECHO).start();
    let address = server.address();
    let port = address.port().to_string();
    let mut slowest = Duration::ZERO;
    for round in 0..count("SOCKEYE_ROUNDS", 20) {
        let mut open: Vec<Raw> = (0..5).map(|_| server.raw_socket("/echo")).collect();
        for raw in &mut open {
            raw.send(&frame(0x81, b"x")).expect_text("x");
        }
        // Dropping it kills it while its connections are open; ours stay, half closed.
        drop(server);
        let begin = Instant::now();
        server = on_port(&port);
        slowest = slowest.max(begin.elapsed());
        assert_eq!(server.address(), address, "round {round}");
        server.connect("/echo").send("back").expect_text("back");
    }
    // The table wants 300 ms of a machine that does nothing else.
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
}

/// Runs the binary without the rights of root, if it would have them.
fn without_rights(lab: &Lab, args: &[&str]) -> (Option<i32>, String) {
    let binary = env!("CARGO_BIN_EXE_sockeye");
    let user = Command::new("id").arg("-u").output().expect("`id` exists");
    let mut command = if user.stdout.trim_ascii() == b"0" {
        let mut command = Command::new("setpriv");
        command.args([
            "--bounding-set=-net_bind_service",
            "--inh-caps=-net_bind_service",
            binary,
        ]);
        command
    } else {
        Command::new(binary)
    };
    let output = command
        .args(args)
        .current_dir(lab.folder())
        .env_clear()
        .env("NO_COLOR", "1")
        .output()
        .expect("the built binary starts");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn f62_addresses_that_cannot_be_had_are_one_sentence_with_a_remedy() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    let lab = Lab::yaml(ECHO);
    let in_use = |flag: &str| {
        format!("the port is in use; choose another with {flag}, or {flag} 0 for any free one")
    };
    for (args, sentence) in [
        (
            &["--port", &port, "--no-admin"][..],
            format!("cannot listen on 127.0.0.1:{port}: {}", in_use("--port")),
        ),
        (
            &["--port", "0", "--admin-port", &port],
            format!("cannot listen on 127.0.0.1:{port} for the admin: {}", in_use("--admin-port")),
        ),
        (
            // An address of the range for documentation, which no machine has.
            &["--port", "0", "--host", "203.0.113.1", "--no-admin"],
            "cannot listen on 203.0.113.1:0: this machine has no such address; choose another with --host".to_owned(),
        ),
        (
            &["--port", "0", "--admin-host", "203.0.113.1", "--admin-port", "0"],
            "cannot listen on 203.0.113.1:0 for the admin: this machine has no such address; \
             choose another with --admin-host"
                .to_owned(),
        ),
    ] {
        let args = [&["serve", "mock.yml"], args].concat();
        let exit = sockeye_in(lab.folder(), &args);
        exit.expect_code(3);
        assert_eq!(exit.stderr, format!("sockeye: {sentence}\n"), "{args:?}");
    }
    let exit = sockeye_in(
        lab.folder(),
        &["serve", "mock.yml", "--host", "no such host", "--no-admin"],
    );
    exit.expect_code(3).expect_words(&[
        "cannot listen on no such host:8080: ",
        "; choose another with --host",
    ]);
    assert_eq!(exit.stderr.lines().count(), 1, "{}", exit.stderr);
}

#[test]
fn f62_a_port_that_needs_more_rights_is_one_sentence_with_a_remedy() {
    let first = std::fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    let first: u16 = first
        .ok()
        .and_then(|first| first.trim().parse().ok())
        .unwrap_or(1024);
    assert!(
        first > 1,
        "on this machine every port is everybody's; set net.ipv4.ip_unprivileged_port_start=1024"
    );
    let lab = Lab::yaml(ECHO);
    let (code, said) = without_rights(&lab, &["serve", "mock.yml", "--port", "1", "--no-admin"]);
    assert_eq!(
        (code, said.as_str()),
        (
            Some(3),
            "sockeye: cannot listen on 127.0.0.1:1: that port needs more rights; choose one above 1023 with --port\n"
        )
    );
}

#[test]
fn f63_faults_of_our_own_have_a_series() {
    // A session of the built program cannot be made to panic; those of `net` are, in its tests of panics.
    let server = Lab::yaml(ECHO).admin().start();
    let metrics = eventually("there are metrics", || {
        let answer = server.ask("GET", "/metrics", &[], b"");
        (answer.status == 200).then(|| answer.text())
    });
    assert!(
        metrics.contains("ws_errors_total{type=\"internal\"} 0\n"),
        "{metrics}"
    );
}
