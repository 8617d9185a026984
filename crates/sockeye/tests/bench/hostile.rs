//! Servers that stall, lose, double, exchange and change messages, refuse, close, reset, or never answer.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

use super::{bench, count, expect_fine, latency};
use crate::lab::sockeye;
use crate::ws_connect::{bye, peer, socket};

/// Messages of ours, as they come.
fn next(socket: &mut WebSocket<TcpStream>) -> Option<Message> {
    let message = socket.read().ok()?;
    (message.is_text() || message.is_binary()).then_some(message)
}

/// Answers all that is left, and the Close.
fn echo(socket: &mut WebSocket<TcpStream>) {
    while let Some(message) = next(socket) {
        socket.send(message).expect("an open socket");
    }
    while socket.read().is_ok() {}
}

/// The socket of an open WebSocket.
fn upgraded(stream: TcpStream) -> TcpStream {
    let other = stream.try_clone().expect("an open socket");
    accept(other).expect("a handshake");
    stream
}

/// Does nothing until the client is gone.
fn sulk(mut stream: TcpStream) {
    let mut ignored = [0; 4096];
    while stream.read(&mut ignored).is_ok_and(|count| count > 0) {}
}

/// Passes time: the stall of a server is what is tested.
fn stall(time: Duration) {
    let (_kept, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(time);
}

const STALL: Duration = Duration::from_millis(200);

#[test]
fn another_library_echoes() {
    let (url, peer) = socket(echo);
    expect_fine(
        &bench(&url, &["-c", "1", "-n", "500", "--pipelining", "20"]),
        500,
    );
    peer.join().expect("it is closed in order");
}

/// One message waits for the stall; 200 were meant to leave during it. A client that sends the next message when an
/// answer has come would see one long latency of 1000: its 99th percentile would not know of the stall.
#[test]
fn a_stall_is_in_the_latency_of_every_message_that_was_meant_to_leave_in_it() {
    for window in ["1", "10", "1000"] {
        let (url, peer) = socket(|socket| {
            for _ in 0..300 {
                let message = next(socket).expect("a message");
                socket.send(message).expect("an open socket");
            }
            let begun = Instant::now();
            stall(STALL);
            echo(socket);
            begun.elapsed()
        });
        let args = [
            "-c",
            "1",
            "--rate",
            "1000",
            "--duration",
            "1",
            "--pipelining",
            window,
        ];
        let run = bench(&url, &args);
        expect_fine(&run, 1000);
        peer.join().expect("it is closed in order");
        let (_, report) = run;
        // The k-th of the 200 waits for 200 - k ms: half of them for 100 ms and more, a twentieth for 190 ms and more.
        let stalled = [("p90", 95.0), ("p99", 185.0), ("max", 195.0)];
        for (name, at_least) in stalled {
            let found = latency(&report, name);
            assert!(found >= at_least, "window {window}: {name} is {found} ms");
        }
        if window != "1000" {
            assert!(count(&report, "late") >= 100, "window {window}: {report:#}");
        }
    }
}

#[test]
fn a_server_that_never_answers_loses_all_and_ends_it_in_time() {
    let (url, peer) = peer(|stream| sulk(upgraded(stream)));
    let args = [
        "-c",
        "1",
        "-n",
        "9",
        "--pipelining",
        "4",
        "--timeout",
        "0.3",
    ];
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    assert_eq!((count(&report, "sent"), count(&report, "lost")), (9, 9));
    assert_eq!(
        (count(&report, "answered"), &report["latency_us"]),
        (0, &json!(null))
    );
    drop(peer);
}

#[test]
fn what_never_could_leave_is_told_and_costs_no_memory() {
    let (url, peer) = peer(|stream| {
        let socket = upgraded(stream);
        let (_kept, never) = mpsc::channel::<()>();
        let _ = never.recv_timeout(Duration::from_secs(2));
        drop(socket);
    });
    let args = [
        "-c",
        "1",
        "--rate",
        "20000",
        "-d",
        "0.5",
        "--payload",
        "64KiB",
        "--timeout",
        "0.5",
    ];
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    let (sent, unsent) = (count(&report, "sent"), count(&report, "unsent"));
    assert_eq!(sent + unsent, 10_000, "every instant is accounted for");
    assert_eq!(count(&report, "lost"), sent);
    assert!(count(&report, "bytes_out") < 64 << 20, "{report:#}");
    peer.join().expect("it ends");
}

#[test]
fn lost_doubled_exchanged_and_changed_echoes_are_counted() {
    let (url, peer) = socket(|socket| {
        let messages: Vec<Message> = (0..10).filter_map(|_| next(socket)).collect();
        let changed = Message::text("changed");
        let order = [0, 1, 1, 3, 2, 4, 6, 7, 8, 9];
        for (place, which) in order.into_iter().enumerate() {
            let message = if place == 5 {
                changed.clone()
            } else {
                messages[which].clone()
            };
            socket.send(message).expect("an open socket");
        }
        while socket.read().is_ok() {}
    });
    // 0 and 1 come, 1 comes again, 3 comes before 2; something else comes for 4; 5 is lost, so 6 to 9 are too early.
    let args = [
        "-c",
        "1",
        "-n",
        "10",
        "--pipelining",
        "10",
        "--timeout",
        "0.5",
    ];
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    let found =
        ["answered", "doubled", "wrong", "lost", "out_of_order"].map(|name| count(&report, name));
    assert_eq!(found, [8, 1, 1, 1, 5], "{report:#}");
    peer.join().expect("it is closed in order");
}

#[test]
fn a_greeting_is_no_answer() {
    let (url, peer) = socket(|socket| {
        socket
            .send(Message::text("welcome"))
            .expect("an open socket");
        echo(socket);
    });
    let args = ["-c", "1", "--rate", "50", "-n", "20", "--warmup", "0.2"];
    let (exit, report) = bench(&url, &args);
    peer.join().expect("it is closed in order");
    // It may come before the first message or while that waits.
    let greeted = count(&report, "unasked") + count(&report, "wrong");
    assert_eq!(greeted, 1, "{report:#}");
    assert!(matches!(exit.code, Some(0 | 1)));
}

#[test]
fn pings_are_answered_while_messages_flow() {
    let (url, peer) = socket(|socket| {
        socket
            .send(Message::Ping(b"there?".to_vec()))
            .expect("an open socket");
        let mut pongs = 0;
        loop {
            match socket.read() {
                Ok(Message::Pong(payload)) => {
                    assert_eq!(payload, b"there?");
                    pongs += 1;
                }
                Ok(message @ Message::Text(_)) => socket.send(message).expect("an open socket"),
                Ok(_) => {}
                Err(_) => return pongs,
            }
        }
    });
    expect_fine(&bench(&url, &["-c", "1", "-n", "50"]), 50);
    assert_eq!(peer.join().expect("it is closed in order"), 1);
}

#[test]
fn connections_that_the_server_ends_are_counted_by_code() {
    let (url, closing) = socket(|socket| {
        next(socket);
        bye(socket, 1011, "out of order");
    });
    let args = ["-c", "1", "-n", "100"];
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    closing.join().expect("it is answered");
    assert_eq!(report["connections"]["closed"], json!({"1011": 1}));
    assert_eq!(
        (count(&report, "lost"), count(&report, "unsent")),
        (1, 99),
        "{report:#}"
    );
    let (url, resetting) = socket(|socket| {
        next(socket);
        let reset = socket2::SockRef::from(socket.get_ref()).set_linger(Some(Duration::ZERO));
        reset.expect("a TCP socket");
    });
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    resetting.join().expect("it ends");
    assert_eq!(report["connections"]["closed"], json!({"1006": 1}));
    assert_eq!(report["connections"]["at_the_end"], 0);
}

#[test]
fn a_server_that_breaks_the_protocol_is_told_apart() {
    let (url, peer) = peer(|stream| {
        let mut stream = upgraded(stream);
        // A frame with a reserved bit.
        stream.write_all(&[0xf1, 0x00]).expect("an open socket");
        sulk(stream);
    });
    let (exit, report) = bench(&url, &["-c", "1", "-n", "5"]);
    exit.expect_code(1);
    assert_eq!(report["connections"]["broken"], 1);
    let fault = report["connections"]["first_fault"]
        .as_str()
        .expect("a text");
    assert!(
        fault.starts_with("the server broke the protocol: "),
        "{fault}"
    );
    peer.join().expect("it ends");
}

#[test]
fn without_a_connection_there_is_no_report() {
    for (answer, words) in [
        (
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
            "401 Unauthorized",
        ),
        ("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "503 Busy"),
        ("", "closed the connection during the handshake"),
    ] {
        let (url, peer) = peer(move |mut stream| {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).expect("a request");
            stream.write_all(answer.as_bytes()).expect("an open socket");
        });
        // One is enough to see that nobody else will be let in.
        let exit = sockeye(&["bench", &url, "-c", "100"]);
        exit.expect_code(3).expect_words(&[words]);
        assert_eq!(exit.stdout, "");
        peer.join().expect("one connection came");
    }
}
