//! `sockeye ws …` against a running server.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::lab::{Exit, Lab, Server, sockeye};

const FILE: &str = r#"
websocket:
  handlers:
    - path: /echo
      type: echo
    - path: /room
      rules: [{ handler: "rooms.join('r'); return 'in'" }]
"#;

fn ws(server: &Server, args: &[&str]) -> Exit {
    let url = format!("http://{}", server.admin());
    let (command, rest) = args.split_first().expect("a command");
    let all: Vec<&str> = ["ws", command, "--admin", &url]
        .into_iter()
        .chain(rest.iter().copied())
        .collect();
    sockeye(&all)
}

#[test]
fn connections_are_listed_for_people_and_for_programs() {
    let server = Lab::yaml(FILE).admin().start();
    let _one = server.connect("/echo");
    let mut two = server.connect("/room");
    two.send("").expect_text("in");
    let exit = ws(&server, &["connections"]);
    exit.expect_code(0);
    let lines: Vec<Vec<&str>> = exit
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines.len(), 2, "{}", exit.stdout);
    assert_eq!((lines[0][0], lines[0][1]), ("conn-1", "/echo"));
    assert_eq!((lines[1][0], lines[1][5]), ("conn-2", "r"));
    let exit = ws(&server, &["connections", "--room", "r", "--json"]);
    let list: Value = serde_json::from_str(&exit.stdout).expect("JSON");
    assert_eq!(
        (&list["count"], &list["connections"][0]["id"]),
        (&json!(1), &json!("conn-2"))
    );
    let exit = ws(&server, &["connections", "--path", "/nothing"]);
    exit.expect_code(0);
    assert_eq!(exit.stdout, "");
}

#[test]
fn messages_are_sent_and_connections_closed() {
    let server = Lab::yaml(FILE).admin().start();
    let mut one = server.connect("/echo");
    let mut two = server.connect("/room");
    two.send("").expect_text("in");
    let exit = ws(&server, &["send", "conn-1", "hello & <you>"]);
    assert_eq!(exit.expect_code(0).stdout, "sent 13 bytes to conn-1\n");
    one.expect_text("hello & <you>");
    ws(&server, &["send", "conn-1", "bytes", "--binary"]).expect_code(0);
    one.expect_binary(b"bytes");
    let exit = ws(&server, &["broadcast", "to all"]);
    assert_eq!(exit.expect_code(0).stdout, "sent to 2 connections\n");
    one.expect_text("to all");
    two.expect_text("to all");
    ws(&server, &["broadcast", "to r", "--room", "r"]).expect_code(0);
    two.expect_text("to r");
    let exit = ws(&server, &["send", "conn-9", "x"]);
    exit.expect_code(1).expect_words(&["connection not found"]);
    let exit = ws(
        &server,
        &["close", "conn-1", "--code", "4001", "--reason", "a b"],
    );
    assert_eq!(exit.expect_code(0).stdout, "closed conn-1\n");
    one.expect_farewell(4001, "a b");
    ws(&server, &["close", "conn-2", "--code", "1005"]).expect_code(1);
}

#[test]
fn a_message_is_read_from_standard_input() {
    let server = Lab::yaml(FILE).admin().start();
    let mut one = server.connect("/echo");
    let url = format!("http://{}", server.admin());
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(["ws", "send", "conn-1", "-", "--admin", &url]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin
        .write_all("from a pipe\n".as_bytes())
        .expect("it reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    one.expect_text("from a pipe\n");
}

#[test]
fn what_cannot_be_reached_is_told() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let exit = sockeye(&["ws", "connections", "--admin", &address]);
    exit.expect_code(3).expect_words(&[
        "cannot reach the admin listener",
        "is `sockeye serve` running?",
    ]);
    sockeye(&["ws", "connections", "--admin", "localhost:3000"]).expect_code(2);
    let server = Lab::yaml(FILE)
        .admin()
        .arg("--admin-token")
        .arg("t")
        .start();
    let exit = ws(&server, &["connections"]);
    exit.expect_code(1).expect_words(&["needs the admin token"]);
    ws(&server, &["connections", "--token", "t"]).expect_code(0);
    // The mock itself is no admin listener.
    let mock = format!("http://{}", server.address());
    sockeye(&["ws", "connections", "--admin", &mock]).expect_code(1);
}
