//! The guide's own seven tests, with the Quick Start file alone, and its echo and static snippets.
#![expect(clippy::uninlined_format_args, reason = "the guide's own words")]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::{connect_async, tungstenite::Message};

use crate::lab::{Frame, Lab, Server, close, frame};

const QUICK_START: &str =
    include_str!("../../../conformance/contracts/guide/01-basic-configuration.yaml");
const ECHO: &str = include_str!("../../../conformance/contracts/guide/02-echo-handler.yaml");
const STATIC: &str = include_str!("../../../conformance/contracts/guide/03-static-response.yaml");
const PATTERN: &str = include_str!("../../../conformance/contracts/guide/04-pattern-matching.yaml");

fn quick_start() -> Server {
    Lab::yaml(QUICK_START).start()
}

#[tokio::test]
async fn test_websocket_connection() {
    let lab = quick_start();
    let (ws_stream, _) = connect_async(lab.url("/ws"))
        .await
        .expect("Failed to connect");

    let (mut write, mut read) = ws_stream.split();

    // Send message
    write
        .send(Message::Text(r#"{"type": "ping"}"#.into()))
        .await
        .unwrap();

    // Receive response
    let msg = read.next().await.unwrap().unwrap();
    assert!(msg.is_text());

    let response: serde_json::Value = serde_json::from_str(msg.to_text().unwrap()).unwrap();
    assert_eq!(response["type"], "pong");
}

#[tokio::test]
async fn test_echo() {
    let lab = quick_start();
    let (ws_stream, _) = connect_async(lab.url("/echo")).await.unwrap();
    let (mut write, mut read) = ws_stream.split();

    let test_messages = vec!["hello", "world", "test"];

    for msg in &test_messages {
        write.send(Message::Text((*msg).into())).await.unwrap();

        let response = read.next().await.unwrap().unwrap();
        assert_eq!(response.to_text().unwrap(), *msg);
    }
}

#[tokio::test]
async fn test_binary_messages() {
    let lab = quick_start();
    let (ws_stream, _) = connect_async(lab.url("/binary")).await.unwrap();
    let (mut write, mut read) = ws_stream.split();

    let binary_data = vec![0u8, 1, 2, 3, 4, 5];
    write
        .send(Message::Binary(binary_data.clone()))
        .await
        .unwrap();

    let response = read.next().await.unwrap().unwrap();
    assert!(response.is_binary());
    assert_eq!(response.into_data(), binary_data);
}

#[tokio::test]
async fn test_concurrent_connections() {
    let lab = quick_start();
    let mut handles = vec![];

    for i in 0..100 {
        let url = lab.url("/ws");
        let handle = tokio::spawn(async move {
            let (ws_stream, _) = connect_async(url).await.unwrap();
            let (mut write, mut read) = ws_stream.split();

            write
                .send(Message::Text(format!(r#"{{"id": {}}}"#, i)))
                .await
                .unwrap();

            let msg = read.next().await.unwrap().unwrap();
            let response: serde_json::Value = serde_json::from_str(msg.to_text().unwrap()).unwrap();

            assert!(response["id"].as_i64().is_some());
        });

        handles.push(handle);
    }

    for handle in handles {
        handle.await.unwrap();
    }
}

#[tokio::test]
async fn test_reconnection() {
    let lab = quick_start();
    // First connection
    let (ws1, _) = connect_async(lab.url("/ws")).await.unwrap();
    drop(ws1); // Disconnect

    // Small delay
    tokio::time::sleep(Duration::from_millis(100)).await;

    // Reconnect
    let (ws2, _) = connect_async(lab.url("/ws")).await.unwrap();
    let (mut write, mut read) = ws2.split();

    write.send(Message::Text("test".into())).await.unwrap();
    let msg = read.next().await.unwrap().unwrap();
    assert!(msg.is_text());
}

#[tokio::test]
async fn test_ping_pong() {
    let lab = quick_start();
    let (ws_stream, _) = connect_async(lab.url("/ws")).await.unwrap();
    let (mut write, mut read) = ws_stream.split();

    // Send ping
    write.send(Message::Ping(vec![1, 2, 3])).await.unwrap();

    // Should receive pong
    let msg = read.next().await.unwrap().unwrap();
    assert!(matches!(msg, Message::Pong(_)));
}

#[tokio::test]
async fn test_graceful_close() {
    let lab = quick_start();
    let (ws_stream, _) = connect_async(lab.url("/ws")).await.unwrap();
    let (mut write, mut read) = ws_stream.split();

    // Send close frame
    write
        .send(Message::Close(Some(CloseFrame {
            code: CloseCode::Normal,
            reason: "test complete".into(),
        })))
        .await
        .unwrap();

    // Should receive close acknowledgment
    let msg = read.next().await.unwrap().unwrap();
    assert!(matches!(msg, Message::Close(_)));
}

#[test]
fn the_default_endpoint_answers_pings_and_echoes_the_rest() {
    let lab = quick_start();
    let mut client = lab.connect("/ws");
    client.expect_silence();
    let pong = client.send(r#"{"type": "ping", "id": 7}"#).json();
    assert_eq!((&pong["type"], &pong["id"]), (&json!("pong"), &json!(7)));
    let time = pong["timestamp"].as_str().unwrap_or_default();
    assert!(
        time.len() == 24 && time.ends_with('Z'),
        "RFC 3339 with milliseconds: {pong}"
    );
    let pong = client.send(r#"{"type":"ping"}"#).json();
    assert!(pong.get("id").is_none(), "{pong}");
    for text in ["test", "", r#"{ "type":  "pin" }"#, r#"[{"type":"ping"}]"#] {
        client.send(text).expect_text(text);
    }
    client
        .send_binary(br#"{"type":"ping"}"#)
        .expect_binary(br#"{"type":"ping"}"#);
}

#[test]
fn echo_returns_the_same_kind_and_the_same_bytes() {
    let lab = Lab::yaml(ECHO).start();
    let mut client = lab.connect("/echo?query=ignored");
    for text in ["hello", "", "{{now}}", r#"{"type": "ping"}"#, "ü☃𝄞"] {
        client.send(text).expect_text(text);
    }
    client.send_binary(&[]).expect_binary(&[]);
    client
        .send_binary(&[0, 255, 128])
        .expect_binary(&[0, 255, 128]);
}

#[test]
fn the_static_snippet_greets_acknowledges_and_says_goodbye() {
    let lab = Lab::yaml(STATIC).start();
    let ack = r#"{"type": "ack", "received": true}"#;
    let mut client = lab.connect("/status");
    client.expect_text(r#"{"type": "connected", "server": "mockforge"}"#);
    client.send("anything").expect_text(ack);
    client.send_binary(&[1, 2]).expect_text(ack);
    client.send("").expect_text(ack);
    client.close().expect_text(r#"{"type": "goodbye"}"#);
    client.expect_close_without_code();
}

#[test]
fn goodbye_comes_before_the_close_reply() {
    let lab = Lab::yaml(STATIC).start();
    let mut raw = lab.raw_socket("/status");
    raw.expect_text(r#"{"type": "connected", "server": "mockforge"}"#);
    raw.send(&close(1000, b"test complete"));
    raw.expect_text(r#"{"type": "goodbye"}"#);
    raw.expect_close(1000);
}

#[test]
fn static_messages_may_be_a_map_repeat_and_hold_yaml() {
    let lab = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /map
      type: static
      messages:
        on_connect: { hello: [1, 2.5], "then": null }
        on_message: 'got {{message}}'
    - path: /many
      type: static
      messages:
        - on_message: one
        - on_connect: first
        - on_message: two
        - on_connect: second
"#,
    )
    .start();
    let mut client = lab.connect("/map");
    client.expect_text(r#"{"hello":[1,2.5],"then":null}"#);
    client.send("x").expect_text("got x").expect_silence();
    let mut client = lab.connect("/many");
    client
        .expect_text("first")
        .expect_text("second")
        .expect_silence();
    client
        .send("x")
        .expect_text("one")
        .expect_text("two")
        .expect_silence();
}

#[test]
fn the_pattern_snippet() {
    let lab = Lab::yaml(PATTERN).start();
    let mut client = lab.connect("/api");
    let pong = client.send(r#"{"type":"ping","extra":1}"#).json();
    assert_eq!(pong["type"], "pong");
    let time = pong["timestamp"].as_str().unwrap_or_default();
    assert!(time.len() == 24 && time.ends_with('Z'), "{pong}");
    let subscribe = r#"{"type":"subscribe","channel":"orders"}"#;
    let one = client.send(subscribe).json();
    let two = client.send(subscribe).json();
    assert_eq!(
        (&one["type"], &one["channel"]),
        (&json!("subscribed"), &json!("orders"))
    );
    assert_eq!(one["id"].as_str().map(str::len), Some(36), "{one}");
    assert_ne!(one["id"], two["id"], "a fresh one each time");
    client.send(r#"{"type":"subscribe","channel":null}"#);
    assert_eq!(client.json()["channel"], json!(null));
    client.send(r#"{"type":"message","id":7}"#);
    client.expect_text(r#"{"type":"ack","id":7,"processed":true}"#);
    client.send(r#"{"type":"message","id":"7"}"#);
    client.expect_text(r#"{"type":"ack","id":"7","processed":true}"#);
    client.send(r#"{"type":"message"}"#);
    client.expect_text(r#"{"type":"ack","id":null,"processed":true}"#);
    for unanswered in [
        r#"{"type":"subscribe"}"#,
        r#"{"type":"other"}"#,
        "not json",
        "[]",
        "1",
    ] {
        client.send(unanswered).expect_silence();
    }
}

#[test]
fn what_is_not_configured_is_refused_once_handlers_are() {
    let lab = Lab::yaml(ECHO).start();
    let refused = lab.upgrade("/other", &[]);
    assert!(
        refused.expect_status(404).text().contains("/echo"),
        "it lists the known paths"
    );
    lab.connect("/echo/")
        .send("a trailing slash")
        .expect_text("a trailing slash");
    lab.connect("/ws").send("x").expect_text("x");
}

#[test]
fn a_handler_on_the_default_path_replaces_the_default() {
    let lab = Lab::yaml(
        r"
websocket:
  handlers:
    - path: /ws
      rules: [{ response: mine }]
",
    )
    .start();
    lab.connect("/ws")
        .send(r#"{"type":"ping"}"#)
        .expect_text("mine");
}

#[test]
fn the_default_endpoint_can_be_moved() {
    let file = "websocket:\n  path: /api/realtime\n  handlers: [{ path: /echo, type: echo }]\n";
    let lab = Lab::yaml(file).start();
    assert_eq!(
        lab.connect("/api/realtime")
            .send(r#"{"type":"ping"}"#)
            .json()["type"],
        "pong"
    );
    assert_eq!(lab.upgrade("/ws", &[]).status, 404);
}

#[test]
fn fallback_says_what_other_paths_do() {
    let lab = Lab::yaml("websocket:\n  fallback: reject\n").start();
    lab.connect("/ws").send("x").expect_text("x");
    assert_eq!(lab.upgrade("/other", &[]).status, 404);
    let file =
        "websocket:\n  fallback: echo\n  handlers: [{ path: /h, rules: [{ response: r }] }]\n";
    let lab = Lab::yaml(file).start();
    lab.connect("/h").send("x").expect_text("r");
    lab.connect("/other").send("x").expect_text("x");
}

#[test]
fn frames_to_clients_are_neither_masked_nor_fragmented() {
    let lab = Lab::yaml(ECHO).start();
    let mut raw = lab.raw_socket("/echo");
    for length in [0, 1, 125, 126, 127, 65_535, 65_536] {
        let text = vec![b'x'; length];
        raw.send(&frame(0x81, &text));
        let Frame { first, payload } = raw.frame().expect("an echo");
        assert_eq!((first, payload.len()), (0x81, length));
    }
}
