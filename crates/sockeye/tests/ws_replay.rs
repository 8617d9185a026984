//! `sockeye ws replay`: a recording is played to clients, and to servers.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lab::{Client, Exit, Lab, PATIENCE, Process, Raw, Response, sockeye_in};

/// A folder with files in it.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("a writable folder");
    }
    folder
}

/// A session file of `(time, direction, text)`.
fn session(messages: &[(u64, &str, &str)]) -> String {
    let messages: Vec<Value> = messages
        .iter()
        .map(|(at, direction, data)| {
            json!({ "timestamp_ms": at, "direction": direction, "type": "text", "data": data })
        })
        .collect();
    json!({ "metadata": { "recorded_at": "2024-01-15T10:30:00Z" }, "messages": messages })
        .to_string()
}

/// A replay as a server, on any port.
struct Replay {
    process: Process,
    address: SocketAddr,
}

impl Replay {
    fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command.args(["ws", "replay", "--as", "server", "--port", "0"]);
        command.args(args).current_dir(folder).env_clear();
        command.stdout(std::fs::File::create(folder.join("stdout")).expect("a writable folder"));
        let (process, address) = Process::spawn(&mut command);
        let address = address
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|_| panic!("{}", process.log()));
        let address = address.parse().expect("an address");
        Self { process, address }
    }

    fn connect(&self, path: &str) -> Client {
        Client::connect(self.address, path)
    }

    fn stop(self) -> Exit {
        self.process.signal("TERM");
        self.process.wait_patiently()
    }
}

fn play(folder: &Path, args: &[&str]) -> Exit {
    let all: Vec<&str> = ["ws", "replay"].iter().chain(args).copied().collect();
    sockeye_in(folder, &all)
}

const SUBSCRIBE: &str = r#"{"type": "subscribe", "channel": "orders"}"#;
const SUBSCRIBED: &str = r#"{"type": "subscribed", "channel": "orders"}"#;

fn guide() -> String {
    session(&[(0, "incoming", SUBSCRIBE), (50, "outgoing", SUBSCRIBED)])
}

#[test]
fn a_server_answers_when_it_is_asked_and_closes_at_the_end() {
    let folder = folder(&[("session.json", &guide())]);
    let replay = Replay::start(folder.path(), &["--input", "session.json"]);
    for _ in 0..2 {
        let mut client = replay.connect("/ws");
        client.expect_silence();
        client
            .send("anything")
            .expect_text(SUBSCRIBED)
            .expect_close(1000);
    }
    let mut raw = Raw::connect(replay.address);
    let Response { status, .. } = raw.upgrade("/other", &[]);
    assert_eq!(status, 404);
    let exit = replay.stop();
    exit.expect_code(0)
        .expect_words(&["sent 2 messages, 2 messages came"]);
}

#[test]
fn a_recording_that_knows_its_path_is_played_there() {
    let mut recording: Value = serde_json::from_str(&guide()).expect("JSON");
    recording["metadata"]["path"] = json!("/api/orders");
    let folder = folder(&[("session.json", &recording.to_string())]);
    let replay = Replay::start(folder.path(), &["--input", "session.json"]);
    replay
        .connect("/api/orders")
        .send("go")
        .expect_text(SUBSCRIBED);
    let mut raw = Raw::connect(replay.address);
    assert_eq!(raw.upgrade("/ws", &[]).status, 404);
}

#[test]
fn strictly_only_the_recorded_message_is_answered() {
    let folder = folder(&[("session.json", &guide())]);
    let args = ["--input", "session.json", "--strict", "--verify"];
    let replay = Replay::start(folder.path(), &args);
    let mut client = replay.connect("/ws");
    client
        .send(r#"{"type": "subscribe", "channel": "news"}"#)
        .expect_silence();
    client.send(r#"{"channel":"orders","type":"subscribe"}"#);
    client.expect_text(SUBSCRIBED).expect_close(1000);
    replay.stop().expect_code(1);
    let told = std::fs::read_to_string(folder.path().join("stdout")).expect("a file");
    assert_eq!(
        told,
        "connection 1: messages[0] is different:\n  /channel: recorded \"orders\", came \"news\"\n"
    );
}

#[test]
fn nothing_is_waited_for_without_waiting() {
    let folder = folder(&[("session.json", &guide())]);
    let replay = Replay::start(
        folder.path(),
        &["--input", "session.json", "--no-wait", "--keep-open"],
    );
    replay
        .connect("/ws")
        .expect_text(SUBSCRIBED)
        .expect_silence();
}

/// How long a client hears from a recording of a second.
fn duration(speed: &str) -> Duration {
    let lines: Vec<_> = (0..=10)
        .map(|number| (number * 100, "outgoing", "x"))
        .collect();
    let folder = folder(&[("session.json", &session(&lines))]);
    let replay = Replay::start(
        folder.path(),
        &["--input", "session.json", "--speed", speed],
    );
    let mut client = replay.connect("/ws");
    client.expect_text("x");
    let begun = Instant::now();
    for _ in 0..10 {
        client.expect_text("x");
    }
    let took = begun.elapsed();
    client.expect_close(1000);
    took
}

#[test]
fn speed_divides_time() {
    // Never earlier than it should be; a busy machine may be late.
    let (once, twice, max) = (duration("1"), duration("2"), duration("max"));
    let ms = Duration::from_millis;
    assert!((ms(980)..ms(1500)).contains(&once), "{once:?}");
    assert!((ms(480)..ms(980)).contains(&twice), "{twice:?}");
    assert!(max < ms(480), "{max:?}");
}

#[test]
fn a_loop_begins_again() {
    let folder = folder(&[(
        "session.json",
        &session(&[(1, "outgoing", "a"), (2, "outgoing", "b")]),
    )]);
    let replay = Replay::start(folder.path(), &["--input", "session.json", "--loop"]);
    let mut client = replay.connect("/ws");
    for _ in 0..20 {
        client.expect_text("a").expect_text("b");
    }
}

#[test]
fn every_kind_of_message_and_the_close_are_played() {
    let text = r#"{"messages": [
        {"timestamp_ms": 0, "direction": "outgoing", "type": "text", "data": "ü"},
        {"timestamp_ms": 0, "direction": "outgoing", "type": "ping", "data": ""},
        {"timestamp_ms": 1, "direction": "outgoing", "type": "binary", "data": "AP8="},
        {"timestamp_ms": 2, "direction": "outgoing", "type": "close", "data": "enough", "code": 4001},
        {"timestamp_ms": 3, "direction": "outgoing", "type": "text", "data": "never"}]}"#;
    let folder = folder(&[("session.json", text)]);
    let replay = Replay::start(
        folder.path(),
        &["--input", "session.json", "--path", "/here"],
    );
    let mut client = replay.connect("/here");
    client
        .expect_text("ü")
        .expect_binary(&[0, 255])
        .expect_farewell(4001, "enough");
}

#[test]
fn each_client_gets_the_next_connection() {
    let message = |connection: &str, path: &str, at: u64, data: &str| {
        json!({ "timestamp_ms": at, "direction": "outgoing", "type": "text", "data": data,
                "connection_id": connection, "path": path })
    };
    let text = json!({ "messages": [
        message("conn-1", "/a", 60_000, "one"),
        message("conn-2", "/a", 60_010, "two"),
        message("conn-1", "/a", 60_020, "one again"),
        message("conn-3", "/b", 60_030, "three"),
    ]});
    let folder = folder(&[("session.json", &text.to_string())]);
    let replay = Replay::start(folder.path(), &["--input", "session.json"]);
    replay
        .connect("/a")
        .expect_text("one")
        .expect_text("one again")
        .expect_close(1000);
    replay.connect("/a").expect_text("two").expect_close(1000);
    replay.connect("/b").expect_text("three").expect_close(1000);
    replay.connect("/a").expect_text("one");
}

#[test]
fn json_lines_wait_for_patterns_and_are_templates() {
    let text = concat!(
        "{\"ts\": 0, \"dir\": \"out\", \"text\": \"HELLO {{uuid}}\", \"waitFor\": \"^CLIENT_READY$\"}\n",
        "\n",
        "{\"ts\": 10, \"dir\": \"out\", \"text\": \"{\\\"ok\\\":true}\", \"waitFor\": \"$.ack\"}\n",
    );
    let folder = folder(&[("demo.jsonl", text)]);
    let replay = Replay::start(folder.path(), &["--input", "demo.jsonl"]);
    let mut client = replay.connect("/ws");
    client.send("NOT_CLIENT_READY").expect_silence();
    let hello = client.send("CLIENT_READY").text();
    assert!(hello.len() == "HELLO ".len() + 36, "{hello}");
    client.send("{\"nack\": 1}").expect_silence();
    client
        .send("{\"ack\": 1}")
        .expect_text("{\"ok\":true}")
        .expect_close(1000);
}

#[test]
fn a_script_changes_what_is_sent() {
    let lines = [
        (0, "outgoing", "{\"n\":1}"),
        (1, "outgoing", "{\"skip\":true}"),
        (2, "outgoing", "plain"),
    ];
    let folder = folder(&[
        ("session.json", &session(&lines)),
        (
            "body.js",
            "if (msg.skip) return null;\nmsg.at = ctx.timestamp_ms; return msg;",
        ),
        (
            "module.js",
            "export default function (msg, ctx) {\n  return `${ctx.index} ${ctx.type} ${ctx.direction}`;\n}\n",
        ),
        ("wrong.js", "return msg;\nreturn +;\n"),
        ("throws.js", "throw new Error('no ' + ctx.index);"),
    ]);
    let replay = Replay::start(
        folder.path(),
        &["--input", "session.json", "--transform", "./body.js"],
    );
    let mut client = replay.connect("/ws");
    client
        .expect_text("{\"n\":1,\"at\":0}")
        .expect_text("plain")
        .expect_close(1000);
    let replay = Replay::start(
        folder.path(),
        &["--input", "session.json", "--transform", "module.js"],
    );
    replay
        .connect("/ws")
        .expect_text("0 text outgoing")
        .expect_text("1 text outgoing");
    let args = [
        "--input",
        "session.json",
        "--as",
        "server",
        "--port",
        "0",
        "--transform",
    ];
    let wrong = play(folder.path(), &[&args[..], &["wrong.js"]].concat());
    wrong
        .expect_code(2)
        .expect_words(&["wrong.js:2:9: not JavaScript: unexpected token"]);
    let throws = play(folder.path(), &[&args[..], &["throws.js"]].concat());
    throws
        .expect_code(2)
        .expect_words(&["throws.js: messages[0]: ", "no 0"]);
}

const MOCK: &str = r#"
websocket:
  handlers:
    - path: /ws
      rules:
        - match: { type: subscribe }
          response: { type: subscribed, channel: "{{message.channel}}" }
        - match: { type: bye }
          response: "bye"
"#;

#[test]
fn a_client_says_its_part_and_compares_what_comes() {
    let server = Lab::yaml(MOCK).start();
    let url = format!("ws://{}", server.address());
    let news = guide().replace(
        "\\\"subscribed\\\", \\\"channel\\\": \\\"orders",
        "\\\"subscribed\\\", \\\"channel\\\": \\\"news",
    );
    let more = session(&[
        (0, "incoming", SUBSCRIBE),
        (1, "outgoing", SUBSCRIBED),
        (2, "outgoing", "more"),
    ]);
    let folder = folder(&[
        ("session.json", &guide()),
        ("news.json", &news),
        ("more.json", &more),
    ]);
    let verify = |file: &str, more: &[&str]| {
        let args = ["--input", file, "--url", &url, "--verify", "--wait", "0.3"];
        play(folder.path(), &[&args[..], more].concat())
    };
    let same = verify("session.json", &["--speed", "max"]);
    same.expect_code(0)
        .expect_words(&["sent 1 message, 1 message came, all as recorded"]);
    assert_eq!(same.stdout, "");
    let different = verify("news.json", &[]);
    different.expect_code(1).expect_words(&["1 difference"]);
    assert_eq!(
        different.stdout,
        "connection 1: messages[1] is different:\n  /channel: recorded \"news\", came \"orders\"\n"
    );
    let missing = verify("more.json", &["--json"]);
    missing.expect_code(1);
    let told: Value = serde_json::from_str(&missing.stdout).expect("one value");
    assert_eq!(
        (&told["sent"], &told["received"], &told["differences"]),
        (&json!(1), &json!(1), &json!(1))
    );
    assert_eq!(told["first"][0]["kind"], "missing");
    assert_eq!(told["first"][0]["message"], 2);
    let without = play(folder.path(), &["--input", "news.json", "--url", &url]);
    without.expect_code(0);
}

#[test]
fn the_missing_side_is_played() {
    let server = Lab::yaml(MOCK).start();
    let port = server.address().port().to_string();
    let folder = folder(&[("session.json", &guide())]);
    let exit = play(
        folder.path(),
        &["--input", "session.json", "--port", &port, "--verify"],
    );
    exit.expect_code(0).expect_words(&["all as recorded"]);
}

#[test]
fn several_connections_are_played_at_once() {
    let message = |connection: &str, direction: &str, at: u64, data: &str| {
        json!({ "timestamp_ms": at, "direction": direction, "type": "text", "data": data,
                "connection_id": connection, "path": "/ws" })
    };
    let text = json!({ "messages": [
        message("conn-1", "incoming", 0, SUBSCRIBE),
        message("conn-2", "incoming", 20, "{\"type\":\"bye\"}"),
        message("conn-2", "outgoing", 30, "bye"),
        message("conn-1", "outgoing", 40, SUBSCRIBED),
    ]});
    let server = Lab::yaml(MOCK).start();
    let url = format!("ws://{}", server.address());
    let folder = folder(&[("session.json", &text.to_string())]);
    let exit = play(
        folder.path(),
        &["--input", "session.json", "--url", &url, "--verify"],
    );
    exit.expect_code(0)
        .expect_words(&["sent 2 messages, 2 messages came, all as recorded"]);
}

#[test]
fn large_messages_wait_for_whoever_takes_them() {
    let long = "x".repeat(3 << 20);
    let lines: Vec<_> = (0..8).map(|_| (0, "outgoing", long.as_str())).collect();
    let folder = folder(&[("session.json", &session(&lines))]);
    let replay = Replay::start(folder.path(), &["--input", "session.json"]);
    let mut client = replay.connect("/ws");
    for _ in 0..8 {
        assert_eq!(client.text().len(), long.len());
    }
    client.expect_close(1000);
}

#[test]
fn what_does_not_fit_together_is_told() {
    let folder = folder(&[("session.json", &guide())]);
    let cases: [(&[&str], &str); 6] = [
        (
            &["--speed", "0"],
            "write a number above 0, such as 2 or 0.5, or max",
        ),
        (&["--speed=-1"], "write a number above 0"),
        (&["--speed", "NaN"], "write a number above 0"),
        (
            &["--as", "client", "--strict"],
            "--strict is about --as server",
        ),
        (
            &["--as", "server", "--url", "ws://a"],
            "--url is about --as client",
        ),
        (&["--as", "server", "--path", "ws"], "--path begins with /"),
    ];
    for (args, words) in cases {
        let exit = play(
            folder.path(),
            &[&["--input", "session.json"], args].concat(),
        );
        exit.expect_code(2).expect_words(&[words]);
    }
    let exit = play(
        folder.path(),
        &["--input", "session.json", "--url", "ws://127.0.0.1:1"],
    );
    exit.expect_code(3)
        .expect_words(&["cannot connect to 127.0.0.1:1"]);
}
