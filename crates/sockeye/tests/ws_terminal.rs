//! `sockeye ws connect` on a terminal: the prompt, what is typed there, what a peer can do to it.

use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_tungstenite::tungstenite::{Message, WebSocket};

use crate::lab::{Lab, PATIENCE};
use crate::ws_connect::{bye, socket};

const ECHO: &str = "websocket: { handlers: [{ path: /echo, type: echo }] }";

/// What the terminal got.
struct Screen {
    status: i64,
    output: String,
}

/// Types and expects, in turn, on a pseudo terminal; `folder` keeps the history.
#[track_caller]
fn play(url: &str, folder: &Path, variables: &[(&str, &str)], steps: &[(&str, &str)]) -> Screen {
    run(&["ws", "connect", url], folder, variables, steps)
}

/// The same with any command.
#[track_caller]
fn run(
    command: &[&str],
    folder: &Path,
    variables: &[(&str, &str)],
    steps: &[(&str, &str)],
) -> Screen {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/terminal.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(json!(steps).to_string())
        .arg(env!("CARGO_BIN_EXE_sockeye"))
        .args(command)
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .env("XDG_STATE_HOME", folder)
        .envs(variables.iter().copied())
        .output()
        .expect("python3 is needed");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(told["restored"], true, "the terminal: {told}");
    Screen {
        status: told["status"].as_i64().expect("a number"),
        output: told["output"].as_str().expect("text").to_owned(),
    }
}

#[test]
fn lines_are_sent_and_answers_shown() {
    let server = Lab::yaml(ECHO).start();
    let folder = TempDir::new().expect("a temporary folder");
    let screen = play(
        &server.url("/echo"),
        folder.path(),
        &[],
        &[
            ("expect", "* connected to ws://127.0.0.1:"),
            ("expect", "> "),
            ("type", "{\"a\": [1, true, \"x\"]}\r"),
            ("expect", "< {\x1b[34m\"a\"\x1b[0m: [\x1b[33m1\x1b[0m, "),
            ("expect", "\x1b[35mtrue\x1b[0m, \x1b[32m\"x\"\x1b[0m]}\r\n"),
            ("type", "//help\r"),
            ("expect", "< /help\r\n"),
            ("type", "/ping are you there\r"),
            ("expect", "* pong \"are you there\""),
            ("type", "/binary 00 41 ff\r"),
            ("expect", "< binary, 3 bytes\r\n  0000  00 41 ff "),
            ("expect", ".A."),
            ("type", "/nonsense\r"),
            ("expect", "* /nonsense is no command; /help lists them"),
            ("type", "/help\r"),
            ("expect", "/close [CODE] [REASON]"),
            ("type", "/close 4001 go away\r"),
            ("expect", "* closed by us, the peer answered 4001"),
        ],
    );
    assert_eq!(screen.status, 0, "{}", screen.output);
}

#[test]
fn lines_are_remembered() {
    let server = Lab::yaml(ECHO).start();
    let folder = TempDir::new().expect("a temporary folder");
    let url = server.url("/echo");
    let first = [
        ("expect", "> "),
        ("type", "remember me\r"),
        ("expect", "< remember me"),
        ("type", "\x04"),
        ("expect", "* closed by us, the peer answered 1000"),
    ];
    assert_eq!(play(&url, folder.path(), &[], &first).status, 0);
    let file = folder.path().join("sockeye/history");
    let kept = std::fs::metadata(&file).expect("a history");
    assert_eq!(kept.permissions().mode() & 0o777, 0o600);
    let again = [
        ("expect", "> "),
        ("type", "\x1b[A"),
        ("expect", "> remember me"),
        ("type", " too\r"),
        ("expect", "< remember me too"),
        ("type", "half a line"),
        ("expect", "line"),
        ("type", "\x03"),
        ("expect", "* closed by us, the peer answered 1000"),
    ];
    assert_eq!(play(&url, folder.path(), &[], &again).status, 0);
    let lines = std::fs::read_to_string(&file).expect("text");
    assert!(lines.ends_with("remember me\nremember me too\n"), "{lines}");
}

#[test]
fn the_history_has_a_bound() {
    let server = Lab::yaml(ECHO).start();
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("sockeye/history");
    std::fs::create_dir(folder.path().join("sockeye")).expect("writable");
    let lines = (0..1000).fold(String::new(), |lines, n| lines + &format!("line {n}\n"));
    std::fs::write(&file, format!("#V2\n{lines}")).expect("writable");
    let steps = [
        ("expect", "> "),
        ("type", "one more\r"),
        ("expect", "< one more"),
        ("type", "/quit\r"),
        ("expect", "* closed by us"),
    ];
    play(&server.url("/echo"), folder.path(), &[], &steps);
    let lines = std::fs::read_to_string(&file).expect("text");
    assert_eq!(lines.lines().count(), 1001, "one line is the head");
    assert!(lines.ends_with("line 999\none more\n/quit\n"), "{lines}");
}

#[test]
fn a_peer_cannot_steer_the_terminal() {
    let (url, peer) = socket(|socket| {
        for text in [
            "\x1b[2J\x07\u{9b}31m",
            "\u{202e}evil\u{2066}",
            "\"\x7f\x1b]0;t\"",
            "a\r\nb",
        ] {
            socket.send(Message::text(text)).expect("an open socket");
        }
        bye(socket, 4002, "\x1b[2Jbye");
    });
    let folder = TempDir::new().expect("a temporary folder");
    let steps = [
        ("expect", "< \\u{1b}[2J\\u{7}\\u{9b}31m\r\n"),
        ("expect", "< \\u{202e}evil\\u{2066}\r\n"),
        ("expect", "\\u{7f}\\u{1b}]0;t"),
        ("expect", "< a\r\n  b\r\n"),
        ("expect", "* closed by the peer: 4002 \"\\u{1b}[2Jbye\""),
    ];
    let screen = play(&url, folder.path(), &[], &steps);
    peer.join().expect("a good client");
    assert_eq!(screen.status, 1, "{}", screen.output);
    assert!(!screen.output.contains("\x1b[2J"), "{}", screen.output);
}

/// Sends a message every 20 ms until one comes, which it gives.
fn chatter(socket: &mut WebSocket<TcpStream>) -> Message {
    let beat = socket
        .get_ref()
        .set_read_timeout(Some(Duration::from_millis(20)));
    beat.expect("a timeout above zero");
    loop {
        let told = socket.send(Message::text("{\"b\": 2}"));
        told.expect("an open socket");
        if let Ok(message) = socket.read() {
            let patience = socket.get_ref().set_read_timeout(Some(PATIENCE));
            patience.expect("a timeout above zero");
            return message;
        }
    }
}

#[test]
fn a_message_leaves_the_line_that_is_typed_alone() {
    let (url, peer) = socket(|socket| {
        let asked = socket.read().expect("a message");
        let text = chatter(socket);
        bye(socket, 1000, "");
        (asked, text)
    });
    let folder = TempDir::new().expect("a temporary folder");
    let steps = [
        ("expect", "> "),
        ("type", "go\rhalf"),
        ("expect", "half"),
        ("expect", "< {\"b\": 2}\r\n"),
        ("expect", "> half"),
        ("type", " and half\r"),
        ("expect", "* closed by the peer: 1000\r\n"),
    ];
    let screen = play(&url, folder.path(), &[("NO_COLOR", "1")], &steps);
    let (asked, text) = peer.join().expect("a good client");
    assert_eq!(
        (asked, text),
        (Message::text("go"), Message::text("half and half"))
    );
    assert_eq!(screen.status, 0, "{}", screen.output);
}

#[test]
fn a_signal_leaves_the_terminal_as_it_was() {
    let server = Lab::yaml(ECHO).start();
    let folder = TempDir::new().expect("a temporary folder");
    for name in ["SIGTERM", "SIGINT"] {
        let steps = [
            ("expect", "> "),
            ("type", "half"),
            ("expect", "half"),
            ("signal", name),
            ("expect", "* closed by us, the peer answered 1000"),
        ];
        let screen = play(&server.url("/echo"), folder.path(), &[], &steps);
        assert_eq!(screen.status, 0, "{name}: {}", screen.output);
    }
}

#[test]
fn a_peer_that_does_not_answer_is_left() {
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let (url, peer) = socket(move |_| gone.recv());
    let folder = TempDir::new().expect("a temporary folder");
    let steps = [
        ("expect", "> "),
        ("type", "/quit\r"),
        ("expect", "* closed by us, the peer did not answer in 2 s"),
    ];
    assert_eq!(play(&url, folder.path(), &[], &steps).status, 0);
    drop(go);
    let _ = peer.join().expect("a good client");
}

#[test]
fn a_recording_shows_how_far_it_has_come() {
    let ticks = "[{ interval_ms: 40, message: tick }]";
    let server = Lab::yaml(&format!(
        "websocket: {{ handlers: [{{ path: /t, scheduled: {ticks} }}] }}"
    ))
    .admin()
    .start();
    let _client = server.connect("/t");
    let folder = TempDir::new().expect("a temporary folder");
    let admin = format!("http://{}", server.admin());
    let file = folder.path().join("session.json");
    let output = file.to_str().expect("text");
    let screen = run(
        &["ws", "record", "--admin", &admin, "--output", output],
        folder.path(),
        &[],
        &[
            ("expect", "\r\x1b[Krecording 00:0"),
            ("expect", " messages; Ctrl-C ends it"),
            ("signal", "SIGINT"),
            ("expect", "\r\x1b[K"),
            ("expect", "recorded "),
        ],
    );
    assert_eq!(screen.status, 0, "{}", screen.output);
    assert!(file.exists());
}
