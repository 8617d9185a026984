//! `replay_file` of a mock: a recorded or written conversation is what the default endpoint says.

use serde_json::{Value, json};

use crate::lab::{Client, Lab, Server, eventually, sockeye_in};

const FILE: &str = "websocket:\n  hot_reload: true\n  replay_file: demo.jsonl\n";

/// The reference's own demonstration, written without its mistakes.
const DEMO: &str = r#"{"ts": 0, "dir": "out", "text": "HELLO {{uuid}}", "waitFor": "^CLIENT_READY$"}

{"ts": 10, "dir": "out", "text": "{\"welcome\": true}"}
{"ts": 20, "dir": "out", "text": "go on", "waitFor": "$.ack"}
{"ts": 30, "dir": "in", "text": "anything"}
{"ts": 40, "dir": "out", "binary": "AAH/"}
"#;

fn line(text: &str) -> String {
    json!({ "text": text }).to_string() + "\n"
}

#[track_caller]
fn hears(server: &Server, path: &str, text: &str) {
    server.connect(path).expect_text(text).expect_close(1000);
}

/// Connects again and again until a connection hears this.
#[track_caller]
fn until_heard(server: &Server, text: &str) {
    eventually(&format!("a connection hears {text:?}"), || {
        (server.connect("/ws").text() == text).then_some(())
    });
}

#[track_caller]
fn plays_the_demo(client: &mut Client) {
    client.expect_silence();
    client.send("NOT YET CLIENT_READY!").send("CLIENT_READY");
    let hello = client.text();
    assert!(hello.starts_with("HELLO ") && hello.len() == 42, "{hello}");
    client.expect_text("{\"welcome\": true}");
    client.send("{\"nak\": 1}").expect_silence();
    client.send("{\"ack\": 1}").expect_text("go on");
    client.expect_silence();
    client.send("x").expect_binary(&[0, 1, 255]);
    client.expect_close(1000);
}

#[test]
fn every_connection_hears_the_file_from_its_start() {
    let server = Lab::yaml(FILE).beside("demo.jsonl", DEMO).start();
    let (mut one, mut two) = (server.connect("/ws"), server.connect("/anywhere"));
    plays_the_demo(&mut one);
    plays_the_demo(&mut two);
}

#[test]
fn a_session_file_is_played_too_a_part_to_each_connection() {
    let said = |connection: &str, text: &str| {
        json!({ "timestamp_ms": 0, "direction": "outgoing", "type": "text", "data": text,
                "connection_id": connection, "path": "/elsewhere" })
    };
    let messages = [
        said("conn-1", "one {{uuid}}"),
        said("conn-2", "two"),
        json!({ "timestamp_ms": 0, "direction": "outgoing", "type": "close", "code": 4001, "data": "enough",
                "connection_id": "conn-2" }),
    ];
    let session =
        json!({ "metadata": { "recorded_at": "2024-01-15T10:30:00Z" }, "messages": messages });
    let server = Lab::yaml("websocket: { path: /play, replay_file: sub/session.json }")
        .beside("sub/session.json", &session.to_string())
        .start();
    for _ in 0..2 {
        hears(&server, "/play", "one {{uuid}}");
        server
            .connect("/play")
            .expect_text("two")
            .expect_close(4001);
    }
}

#[test]
fn flags_count_more_than_variables_and_those_more_than_files() {
    let lab = || {
        Lab::yaml(FILE)
            .beside("demo.jsonl", &line("of the file"))
            .beside("env.jsonl", &line("of the environment"))
            .beside("flag.jsonl", &line("of the flag"))
    };
    hears(&lab().start(), "/ws", "of the file");
    let lab = || lab().env("MOCKFORGE_WS_REPLAY_FILE", "env.jsonl");
    hears(&lab().start(), "/ws", "of the environment");
    let flags = lab().arg("--ws-replay-file").arg("flag.jsonl");
    hears(&flags.start(), "/ws", "of the flag");
    let alone = Lab::empty().beside("a.jsonl", &line("alone"));
    let alone = alone
        .arg("--websocket")
        .arg("--ws-replay-file")
        .arg("a.jsonl");
    hears(&alone.start(), "/ws", "alone");
}

#[test]
fn an_edit_is_heard_by_those_who_come_and_leaves_the_others_alone() {
    let old = line("old") + r#"{"text": "still old", "waitFor": "more"}"#;
    let server = Lab::yaml(FILE).beside("demo.jsonl", &old).start();
    let mut early = server.connect("/ws");
    early.expect_text("old");
    let file = server.folder().join("demo.jsonl");
    std::fs::write(&file, line("new")).expect("writable");
    until_heard(&server, "new");
    std::fs::write(&file, line("newer") + "{\"text\": }\n").expect("writable");
    server.expect_log(&["demo.jsonl:2:10"]);
    server.expect_log(&["not reloaded"]);
    until_heard(&server, "new");
    std::fs::write(&file, line("newest")).expect("writable");
    until_heard(&server, "newest");
    early
        .send("more")
        .expect_text("still old")
        .expect_close(1000);
}

#[test]
fn without_the_key_an_open_connection_is_no_longer_played_to() {
    let waits = line("first") + r#"{"text": "second", "waitFor": "x"}"#;
    let server = Lab::yaml(FILE).beside("demo.jsonl", &waits).start();
    let mut client = server.connect("/ws");
    client.expect_text("first");
    server.edit("websocket: { hot_reload: true }");
    eventually("it echoes", || {
        let mut other = server.connect("/ws");
        (other.send("echo").text() == "echo").then_some(())
    });
    client.send("x").expect_text("x");
    server.edit(FILE);
    client.expect_text("first");
    client.send("x").expect_text("second").expect_close(1000);
}

#[test]
fn a_file_that_nothing_plays_is_told() {
    let handler = "websocket: { replay_file: a.jsonl, handlers: [{ path: /ws, type: echo }] }";
    let server = Lab::yaml(handler).beside("a.jsonl", &line("x")).start();
    server.expect_log(&["`replay_file` is not played", "/ws"]);
    let mut client = server.connect("/ws");
    client.send("echo").expect_text("echo");
    let moclojer = "- websocket: { path: /ws, on-connect: { response: hi } }\n";
    let server = Lab::yaml(moclojer).beside("a.jsonl", &line("x"));
    let server = server.env("MOCKFORGE_WS_REPLAY_FILE", "a.jsonl").start();
    server.expect_log(&["`a.jsonl` is not played"]);
}

#[test]
fn a_file_of_the_command_line_must_be_a_recording() {
    let lab = || {
        Lab::empty().arg("--websocket").beside(
            "line.jsonl",
            "{\"text\": \"a\"}\n\n{\"text\": \"b\", \"waitFor\": \"(\"}\n",
        )
    };
    for (name, words) in [
        ("missing.jsonl", &["there is no file `missing.jsonl`"][..]),
        (".", &["is not a file"]),
        ("line.jsonl", &["line.jsonl:3:1", "`waitFor`"]),
    ] {
        let exit = lab().arg("--ws-replay-file").arg(name).fails();
        assert_eq!(exit.code, Some(2), "{name}: {}", exit.stderr);
        for word in words {
            assert!(exit.stderr.contains(word), "{name}: {}", exit.stderr);
        }
    }
}

#[test]
fn what_is_checked_names_the_file_and_what_it_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("mock.yml"), FILE).expect("writable");
    std::fs::write(folder.path().join("demo.jsonl"), DEMO).expect("writable");
    let exit = sockeye_in(folder.path(), &["check", "mock.yml", "--json"]);
    let told: Value = serde_json::from_str(&exit.stdout).expect("JSON");
    let route = told["routes"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|route| route["path"] == "/ws");
    let route = route.unwrap_or_else(|| panic!("{told}"));
    assert_eq!(route["kind"], "websocket (replay)");
    assert_eq!(route["notes"][0], "replays demo.jsonl: 4 messages");
    assert_eq!(told["other_paths"], "replay");
}
