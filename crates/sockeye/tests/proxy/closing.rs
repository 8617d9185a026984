//! How each side's end reaches the other.

use std::time::Duration;

use tokio_tungstenite::tungstenite::Message;

use super::{proxy, through};
use crate::lab::{Upstream, close, eventually, frame};

#[test]
fn the_clients_close_goes_on_with_code_and_reason_and_the_answer_comes_back() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    for code in [1000, 1001, 1003, 1007, 1011, 3000, 4999] {
        let mut client = server.raw_socket("/p");
        let mut called = upstream.next();
        client.send(&close(code, b"so it is"));
        called.socket.expect_farewell(code, "so it is");
        called.socket.finish();
        client.expect_close(code);
        client.expect_end();
    }
    let mut client = server.raw_socket("/p");
    let mut called = upstream.next();
    client.send(&frame(0x88, b""));
    assert_eq!(called.socket.next(), Message::Close(None));
    called.socket.finish();
    assert_eq!(client.close_code(), None);
    client.expect_end();
}

#[test]
fn what_the_server_still_says_comes_before_the_answer_to_a_close() {
    let upstream = Upstream::start();
    let transform = "transform: { incoming: 'return msg + 1', outgoing: 'return msg + 1' }";
    let server = proxy(&upstream, "/", transform, "").start();
    let mut client = server.raw_socket("/p");
    let mut called = upstream.next();
    client.send(&frame(0x81, b"1"));
    client.send(&close(4001, b""));
    called.socket.expect_text("2").send("2").send("3");
    called.socket.expect_close(4001);
    called.socket.finish();
    client.expect_text("3");
    client.expect_text("4");
    client.expect_close(4001);
}

#[test]
fn the_servers_close_goes_on_with_code_and_reason() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "on_close: { response: bye }", "").start();
    let (mut client, mut called) = through(&server, &upstream);
    called.socket.send("last");
    called.socket.close_with(4321, "enough");
    client
        .expect_text("last")
        .expect_text("bye")
        .expect_farewell(4321, "enough");
    client.finish();
    called.socket.expect_close(4321);
    let (mut client, mut called) = through(&server, &upstream);
    called.socket.close();
    client.expect_text("bye");
    assert_eq!(client.next(), Message::Close(None));
}

/// tungstenite takes 1014 for a violation, so the client is a raw one.
#[test]
fn a_server_that_is_lost_is_1014() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").admin().start();
    let mut client = server.raw_socket("/p");
    drop(upstream.next());
    client.expect_farewell(1014, "the upstream ended without a Close");
    drop(client);
    let mut client = server.raw_socket("/p");
    let mut called = upstream.next();
    // A server does not mask.
    called.socket.send_raw(&frame(0x81, b"masked"));
    client.expect_farewell(
        1014,
        "the upstream broke the protocol: frame is masked; servers never mask",
    );
    called.socket.expect_close(1002);
    // A link is counted when it has ended, which it has not before its client has.
    drop(client);
    eventually("both are counted", || {
        let metrics = server.ask("GET", "/metrics", &[], b"").text();
        let counted = metrics.contains("ws_errors_total{type=\"upstream\"} 2\n");
        counted.then_some(())
    });
}

#[test]
fn a_client_that_is_lost_is_1001_for_the_server() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let client = server.raw_socket("/p");
    let mut called = upstream.next();
    client.reset();
    called.socket.expect_farewell(1001, "the client is gone");
    // One that breaks the protocol takes its server with it, with the code it gets itself.
    let mut client = server.raw_socket("/p");
    let mut called = upstream.next();
    client.send(&[0xff, 0x80, 0, 0, 0, 0]);
    client.expect_close(1002);
    called.socket.expect_close(1002);
}

#[test]
fn a_server_that_does_not_answer_a_close_is_not_waited_for_longer_than_five_seconds() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let mut client = server.raw_socket("/p");
    let _called = upstream.next();
    client.be_patient(Duration::from_secs(9));
    client.send(&close(1000, b""));
    client.expect_close(1000);
    client.expect_end();
}

#[test]
fn a_server_that_answers_no_ping_is_lost() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "ping_interval: 0.3\n  pong_timeout: 1").start();
    let mut client = server.raw_socket("/p");
    let called = upstream.next();
    client.expect_farewell(1014, "the upstream answered no ping");
    drop(called);
    let (mut client, mut called) = through(&server, &upstream);
    // Reading answers pings, here and there, for longer than one may go without an answer.
    let (_open, beat) = std::sync::mpsc::channel::<()>();
    for _ in 0..10 {
        let waited = beat.recv_timeout(Duration::from_millis(150));
        waited.expect_err("nothing is sent");
        client.send("still");
        called.socket.expect_text("still").send("here");
        client.expect_text("here");
    }
}

#[test]
fn a_shutdown_says_1001_to_both() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/", "", "").start();
    let (mut client, mut called) = through(&server, &upstream);
    server.signal("TERM");
    client.expect_close(1001);
    client.finish();
    called.socket.expect_close(1001);
    called.socket.finish();
    server.wait(Duration::from_secs(5)).expect_code(0);
}
