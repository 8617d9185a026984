//! What stands around the messages: frames, the handshake, the command line, the program's first and last words.

use std::io::{Read as _, Seek as _};
use std::process::Command;
use std::time::Duration;

use serde_json::json;

use super::{Walker, Walks, golden, ring};
use crate::lab::{PATIENCE, Process, binary, close, frame, gw_in};

#[test]
fn frames_are_those_of_the_protocol() {
    let walker = Walker::start();
    let open = || {
        let mut raw = walker.raw();
        assert_eq!(raw.upgrade("/", &[]).status, 101);
        raw
    };
    let mut raw = open();
    assert!(
        !raw.has_answer_within(Duration::from_millis(200)),
        "nothing is said before somebody asks"
    );
    raw.send(&frame(0x89, b"are you there"))
        .expect_pong(b"are you there");
    // One request in three fragments.
    raw.send(&frame(0x01, b"{command:"));
    raw.send(&frame(0x00, b"no such"));
    raw.send(&frame(0x80, b" thing}"));
    raw.expect_text(r#"{"success":false,"message":"Unknown command"}"#);
    raw.send(&close(4001, b"enough"));
    raw.expect_close(4001);
    for (name, bytes, code) in [
        ("no UTF-8", frame(0x81, b"\"\xff\xfe\""), 1007),
        ("a reserved bit", frame(0xc1, b"{}"), 1002),
        ("a reserved opcode", frame(0x83, b"{}"), 1002),
    ] {
        let mut raw = open();
        raw.send(&bytes);
        assert_eq!(raw.close_code(), Some(code), "{name}");
    }
}

#[test]
fn a_handshake_takes_any_path_and_whatever_is_offered() {
    let walker = Walker::start();
    let offered = [
        ("Sec-WebSocket-Protocol", "graphwalker, chat"),
        ("Sec-WebSocket-Extensions", "permessage-deflate"),
    ];
    for path in ["/", "/graphwalker", "/any/path?x=1", "/a%20b?gw"] {
        let response = walker.raw().upgrade(path, &offered);
        assert_eq!(response.status, 101, "{path}");
        // The reference agrees to neither, and browsers that have offered a subprotocol hang up then.
        let agreed = offered.map(|(name, _)| response.header(name).unwrap_or_default());
        assert_eq!(agreed[0], "graphwalker", "{path}");
        assert!(agreed[1].starts_with("permessage-deflate"), "{path}");
    }
    let response = walker.raw().upgrade("/", &[]);
    for (name, _) in offered {
        assert_eq!(response.header(name), None);
    }
}

/// The service with something on its command line; its standard output is in the file when it has ended.
fn words_of(words: &[&str]) -> (String, String) {
    let mut stdout = tempfile::tempfile().expect("a temporary file");
    let mut command: Command = binary("gw");
    command.args(words).args(["--port", "0"]);
    command.stdout(stdout.try_clone().expect("an open file"));
    let (process, ready) = Process::spawn(&mut command);
    ready.recv_timeout(PATIENCE).expect("it listens");
    process.signal("TERM");
    let exit = process.wait_patiently();
    exit.expect_code(0);
    let mut written = String::new();
    stdout.rewind().expect("a plain file");
    stdout.read_to_string(&mut written).expect("text");
    (written, exit.stderr)
}

#[test]
fn it_says_when_it_begins_and_when_it_ends() {
    let (stdout, stderr) = words_of(&["online"]);
    assert_eq!(stdout, "\nGraphWalkerServer shutting down\n\n");
    assert!(
        !stderr.contains("started on port"),
        "only if asked: {stderr}"
    );
    assert!(
        stderr.contains("listening on ws://127.0.0.1:"),
        "on loopback unless told otherwise: {stderr}"
    );
    let (stdout, stderr) = words_of(&["--debug", "info", "online"]);
    assert_eq!(stdout, "\nGraphWalkerServer shutting down\n\n");
    assert!(
        stderr.contains("GraphWalkerServer started on port: "),
        "{stderr}"
    );
    let (stdout, stderr) = words_of(&["online", "-s", "restful"]);
    assert!(stdout.starts_with("Try http://localhost:"), "{stdout}");
    assert!(
        stdout.contains("/graphwalker/hasNext or http://localhost:"),
        "{stdout}"
    );
    assert!(stdout.ends_with("Press Control+C to end...\n"), "{stdout}");
    assert!(stderr.contains("[HttpServer] Started"), "{stderr}");
}

#[test]
fn a_rest_service_without_a_machine_does_not_begin() {
    let words = [
        "online",
        "-s",
        "RESTFUL",
        "-p",
        "0",
        "-m",
        "nost.json",
        "random(never)",
    ];
    let ended = gw_in(&golden(""), &words);
    ended.expect_code(2).expect_words(&[
        "Was the argument --model correctly?",
        "An error occurred when running command: 'online -s RESTFUL -p 0 -m nost.json random(never)'.\nNo start context found",
    ]);
}

/// A model of the command line is no business of the WebSocket service, not even one that is not there.
#[test]
fn models_come_over_the_wire_only() {
    let walker = Walker::with(&[
        "-m",
        "no/such/model.json",
        "random(never)",
        "-e",
        "v_Nowhere",
        "-o",
        "-u",
        "-b",
        "true",
    ]);
    let mut client = walker.connect("/");
    let reply = client.ask(&json!({ "command": "hasNext" }));
    assert_eq!(reply["success"], false, "no machine is there: {reply}");
    let mut models = ring("random(never)");
    for at in [1, 2] {
        models["models"][0]["edges"][at]["properties"] = json!({ "blocked": true });
    }
    client.begin(&models);
    let way = [(); 5].map(|()| client.step());
    assert_eq!(
        way,
        ["e0", "a", "e1", "b", "e2"],
        "blocked elements are walked"
    );
}
