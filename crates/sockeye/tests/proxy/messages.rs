//! What passes: text and bytes as they are, or as a script or a rule wants them.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{proxy, through};
use crate::lab::{Called, Client, Lab, Server, Upstream, eventually, snippet};

#[test]
fn messages_pass_both_ways_byte_for_byte() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/ws", "", "max_message_size: 1MiB").start();
    let (mut client, mut called) = through(&server, &upstream);
    let behind = &mut called.socket;
    let odd = r#"{"a" : 1e2,"b":"\u00e4",  "a":2}"#;
    client.send(odd);
    behind.expect_text(odd).send(odd).send("").send("no json {");
    client
        .expect_text(odd)
        .expect_text("")
        .expect_text("no json {");
    let bytes: Vec<u8> = (0..=255).collect();
    client.send_binary(&bytes).send_binary(&[]);
    behind.expect_binary(&bytes).expect_binary(&[]);
    let long = vec![7; 1 << 20];
    client.send_binary(&long);
    behind.expect_binary(&long).send_binary(&long);
    client.expect_binary(&long);
}

#[test]
fn a_server_behind_may_speak_first_and_longer_than_clients_may() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/ws", "", "").start();
    let (mut client, mut called) = through(&server, &upstream);
    let long = "x".repeat(3 << 20);
    called.socket.send("welcome").send(&long);
    client.expect_text("welcome").expect_text(&long);
    client.send(&"y".repeat(65_537));
    client.expect_farewell(
        1009,
        "frame of 65537 bytes exceeds the limit of 65536 bytes",
    );
}

#[test]
fn pings_of_both_sides_are_answered_here_and_go_no_further() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/ws", "", "").start();
    let (mut client, mut called) = through(&server, &upstream);
    client.expect_silence();
    called.socket.expect_silence();
    client.send("only this");
    assert_eq!(called.socket.next(), Message::Text("only this".to_owned()));
}

#[test]
fn the_guides_proxy_changes_messages_on_both_ways() {
    let upstream = Upstream::start();
    let file = std::fs::read_to_string(snippet("11")).expect("the snippet");
    let file = file.replace("wss://api.example.com/ws", &upstream.url("/ws"));
    let server = Lab::yaml(&file).env("API_TOKEN", "canary-7").start();
    let mut client = server.connect("/proxy");
    let mut called = upstream.next();
    assert_eq!(called.target, "/ws");
    assert_eq!(called.header("authorization"), ["Bearer canary-7"]);
    let behind = &mut called.socket;
    client.send(r#"{"type":"hi"}"#);
    behind.expect_json(json!({"type": "hi", "client_id": "conn-1"}));
    behind.send(r#"{"internal_id":1,"text":"yes"}"#);
    client.expect_json(json!({"text": "yes"}));
    // Text that is not JSON has no members, and bytes are nothing for a transform.
    client.send_binary(b"\0\xff");
    behind.expect_binary(b"\0\xff").send_binary(b"\x01");
    client.expect_binary(b"\x01");
    assert!(!server.log().contains("canary-7"), "{}", server.log());
}

#[test]
fn a_transform_that_returns_nothing_drops_and_one_that_fails_lets_pass() {
    let upstream = Upstream::start();
    let transform = r#"transform:
  incoming: |
    if (msg.drop) return;
    if (msg.keep === null) return null;
    if (msg.fail) throw new Error("no");
    if (typeof msg === "string") return msg.toUpperCase();
    return { n: msg.n + 1 };
  outgoing: |
    return msg.n % 2 ? undefined : "even";"#;
    let server = proxy(&upstream, "/ws", transform, "").admin().start();
    let (mut client, mut called) = through(&server, &upstream);
    client.send(r#"{"drop":1}"#).send(r#"{"keep":null}"#);
    client
        .send(r#"{"fail":1}"#)
        .send("plain")
        .send(r#"{"n":1}"#)
        .send_binary(b"b")
        .send(r#"{"n":2}"#);
    let behind = &mut called.socket;
    behind.expect_text(r#"{"fail":1}"#).expect_text("PLAIN");
    behind
        .expect_text(r#"{"n":2}"#)
        .expect_binary(b"b")
        .expect_text(r#"{"n":3}"#);
    behind
        .send(r#"{"n":1}"#)
        .send_binary(b"\0")
        .send(r#"{"n":2}"#);
    client
        .expect_binary(b"\0")
        .expect_text("even")
        .expect_silence();
    let metrics = server.ask("GET", "/metrics", &[], b"").text();
    assert!(
        metrics.contains("ws_errors_total{type=\"script\"} 1\n"),
        "{metrics}"
    );
}

#[test]
fn order_is_kept_through_transforms() {
    let upstream = Upstream::start();
    let transform = "transform: { incoming: 'return msg', outgoing: 'return msg' }";
    let server = proxy(&upstream, "/ws", transform, "").start();
    let (mut client, mut called) = through(&server, &upstream);
    for number in 0..300 {
        client.send(&number.to_string());
        called.socket.send(&number.to_string());
    }
    for number in 0..300 {
        called.socket.expect_text(&number.to_string());
        client.expect_text(&number.to_string());
    }
}

#[test]
fn rules_answer_some_messages_before_the_upstream() {
    let upstream = Upstream::start();
    let rules = r#"rules:
  - match: { type: ping }
    response: { type: pong, by: mock }
  - match: { type: maybe }
    when: "message.local"
    response: here
  - match: { type: both }
    handler: "connection.send('first'); return 'second';""#;
    let server = proxy(&upstream, "/ws", rules, "").start();
    let (mut client, mut called) = through(&server, &upstream);
    client
        .send(r#"{"type":"ping"}"#)
        .expect_json(json!({"type": "pong", "by": "mock"}));
    client
        .send(r#"{"type":"maybe","local":true}"#)
        .expect_text("here");
    client
        .send(r#"{"type":"maybe"}"#)
        .send(r#"{"type":"both"}"#)
        .send("rest");
    client.expect_text("first").expect_text("second");
    called
        .socket
        .expect_text(r#"{"type":"maybe"}"#)
        .expect_text("rest");
}

/// Messages of the two tests below, and the length of each: 64 MiB together.
const PILE: usize = 1_000;
const LONG: usize = 64 << 10;

/// Sends them all to somebody who does not read: the sender has to stop. Then they are read, and all are there.
fn do_not_pile_up<S: Send + 'static>(
    server: &Server,
    sender: S,
    send: fn(&mut S, &str),
    mut read: impl FnMut() -> String,
) -> S {
    let before = server.memory("VmRSS");
    let (progress, stopped) = std::sync::mpsc::channel();
    let writer = std::thread::spawn(move || {
        let (mut sender, text) = (sender, "x".repeat(LONG));
        for _ in 0..PILE {
            send(&mut sender, &text);
            // Nobody counts any more once the sender has stopped for the first time.
            let _ = progress.send(());
        }
        sender
    });
    let patience = std::time::Duration::from_millis(700);
    let sent = std::iter::from_fn(|| stopped.recv_timeout(patience).ok()).count();
    assert!(sent < PILE, "everything went somewhere");
    let grown = server.memory("VmRSS").saturating_sub(before);
    assert!(grown < 8 << 10, "{grown} KiB");
    for _ in 0..PILE {
        assert_eq!(read().len(), LONG);
    }
    writer.join().expect("all is sent")
}

#[test]
fn a_thousand_messages_do_not_pile_up_for_a_server_that_does_not_read() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/ws", "", "").start();
    let (client, mut called) = through(&server, &upstream);
    let send = |client: &mut Client, text: &str| {
        client.send(text);
    };
    let mut client = do_not_pile_up(&server, client, send, || called.socket.text());
    called.socket.send("done");
    client.expect_text("done");
}

#[test]
fn what_a_server_says_does_not_pile_up_for_a_client_that_does_not_read() {
    let upstream = Upstream::start();
    let server = proxy(&upstream, "/ws", "", "").start();
    let (mut client, called) = through(&server, &upstream);
    let send = |called: &mut Called, text: &str| {
        called.socket.send(text);
    };
    do_not_pile_up(&server, called, send, || client.text());
}

#[test]
fn operators_see_where_messages_go() {
    let upstream = Upstream::start();
    let rules = "rules: [{ match: here, response: ok }]\ntransform: { incoming: 'return msg' }";
    let server = proxy(&upstream, "/ws?a={{query.a}}", rules, "")
        .admin()
        .start();
    let handlers = server
        .ask("GET", "/__mockforge/ws/handlers", &[], b"")
        .json();
    let notes = handlers["handlers"][0]["notes"].to_string();
    assert!(
        notes.contains(&format!("upstream: {}", upstream.url("/ws?a=…"))),
        "{notes}"
    );
    assert!(notes.contains("transform.incoming: mock.yml:"), "{notes}");
    let ask = |text: &str| {
        let body = json!({"path": "/p", "message": text}).to_string();
        let json = [("Content-Type", "application/json")];
        let tried = server
            .ask("POST", "/__mockforge/ws/try", &json, body.as_bytes())
            .json();
        (
            tried["answered_by"].clone(),
            tried["forwarded"].clone(),
            tried["script"].clone(),
        )
    };
    assert_eq!(ask("here"), (json!(1), json!(false), json!(false)));
    assert_eq!(ask("there"), (json!(null), json!(true), json!(true)));
    let (mut client, mut called) = through(&server, &upstream);
    client.send("here").expect_text("ok").send("there");
    called.socket.expect_text("there").send("back");
    client.expect_text("back");
    eventually("all four messages of the client are counted", || {
        let connection = server
            .ask("GET", "/__mockforge/ws/connections/conn-1", &[], b"")
            .json();
        let counts = (
            &connection["messages_received"],
            &connection["messages_sent"],
        );
        (counts == (&json!(2), &json!(2))).then_some(())
    });
}
