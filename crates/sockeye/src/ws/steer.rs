//! `connections`, `send`, `broadcast`, `close`: the guide's calls from the command line.

use std::io::{IsTerminal as _, Read as _, Write as _};

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::ask::{NoAnswer, Question, ask};
use super::shown::harmless;
use crate::cli::{AdminTarget, BroadcastArgs, CloseArgs, ConnectionsArgs, MessageArgs, SendArgs};
use crate::exit::Exit;
use crate::report;

/// What stands for itself in a query and in a segment of a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The longest message from standard input, in bytes: what the listener takes.
const MOST_BYTES: u64 = 1024 * 1024;

/// Lists connections: a table for people, JSON for programs.
pub(crate) fn connections(args: &ConnectionsArgs) -> Exit {
    let pairs = [
        ("path", args.path.clone()),
        ("room", args.room.clone()),
        ("limit", Some("1000".to_owned())),
    ];
    let path = format!("/connections{}", query(pairs));
    answered(get(&args.target, path), args.target.json, table)
}

/// Sends a message to a connection.
pub(crate) fn send(args: SendArgs) -> Exit {
    let body = match body(args.message) {
        Ok(body) => body,
        Err(exit) => return exit,
    };
    let path = format!("/connections/{}/send", encoded(&args.id));
    let answer = post(&args.target, path, body);
    answered(answer, args.target.json, |answer| {
        format!(
            "sent {} bytes to {}\n",
            answer["bytes"],
            shown(&answer["id"])
        )
    })
}

/// Sends a message to many.
pub(crate) fn broadcast(args: BroadcastArgs) -> Exit {
    let body = match body(args.message) {
        Ok(body) => body,
        Err(exit) => return exit,
    };
    let pairs = [("path", args.path), ("room", args.room)];
    let path = format!("/broadcast{}", query(pairs));
    answered(post(&args.target, path, body), args.target.json, |answer| {
        format!("sent to {} connections\n", answer["delivered"])
    })
}

/// Closes a connection.
pub(crate) fn close(args: &CloseArgs) -> Exit {
    let code = args.code.map(|code| code.to_string());
    let pairs = [("code", code), ("reason", args.reason.clone())];
    let question = Question {
        method: Method::DELETE,
        path: format!("/connections/{}{}", encoded(&args.id), query(pairs)),
        body: None,
    };
    answered(ask(&args.target, question), args.target.json, |answer| {
        format!("closed {}\n", shown(&answer["id"]))
    })
}

fn get(target: &AdminTarget, path: String) -> Result<Value, NoAnswer> {
    let question = Question {
        method: Method::GET,
        path,
        body: None,
    };
    ask(target, question)
}

fn post(
    target: &AdminTarget,
    path: String,
    body: (&'static str, Vec<u8>),
) -> Result<Value, NoAnswer> {
    let question = Question {
        method: Method::POST,
        path,
        body: Some(body),
    };
    ask(target, question)
}

/// The message of the command line, or of standard input for `-`.
fn body(args: MessageArgs) -> Result<(&'static str, Vec<u8>), Exit> {
    let bytes = if args.message == "-" {
        let mut bytes = Vec::new();
        let read = std::io::stdin()
            .take(MOST_BYTES + 1)
            .read_to_end(&mut bytes);
        if let Err(error) = read {
            report::sentence(&format!(
                "cannot read the message from standard input: {error}"
            ));
            return Err(Exit::Io);
        }
        bytes
    } else {
        args.message.into_bytes()
    };
    let kind = if args.binary {
        "application/octet-stream"
    } else {
        "text/plain"
    };
    Ok((kind, bytes))
}

/// Prints an answer, or says why there is none.
fn answered(
    answer: Result<Value, NoAnswer>,
    json: bool,
    in_words: impl FnOnce(&Value) -> String,
) -> Exit {
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            report::sentence(&error.to_string());
            return error.exit();
        }
    };
    let text = if json {
        format!("{answer:#}\n")
    } else {
        in_words(&answer)
    };
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::Io,
    }
}

/// Connections as a table; without its head where a program reads it.
fn table(answer: &Value) -> String {
    const HEAD: [&str; 6] = ["ID", "PATH", "REMOTE", "IN", "OUT", "ROOMS"];
    let connections = answer["connections"].as_array();
    let rows = connections.into_iter().flatten().map(|view| {
        let rooms = view["rooms"].as_array().into_iter().flatten();
        let rooms: Vec<String> = rooms.map(shown).collect();
        let cells = [
            "id",
            "path",
            "remote_addr",
            "messages_received",
            "messages_sent",
        ];
        let mut row: Vec<String> = cells.iter().map(|name| shown(&view[*name])).collect();
        row.push(rooms.join(" "));
        row
    });
    let mut lines: Vec<Vec<String>> = Vec::new();
    if std::io::stdout().is_terminal() {
        lines.push(HEAD.map(ToOwned::to_owned).into());
    }
    lines.extend(rows);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..HEAD.len()).map(width).collect();
    let line = |cells: &Vec<String>| {
        let cells = cells.iter().zip(&widths);
        let cells = cells.map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    lines.iter().map(line).collect()
}

/// A value as text for a terminal: names of clients cannot steer it.
fn shown(value: &Value) -> String {
    match value.as_str() {
        Some(text) => harmless(text),
        None => harmless(&value.to_string()),
    }
}

pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// `?name=value&…` of what is there.
fn query<const N: usize>(pairs: [(&str, Option<String>); N]) -> String {
    let pairs = pairs.into_iter();
    let pairs = pairs.filter_map(|(name, value)| Some(format!("{name}={}", encoded(&value?))));
    let query = pairs.collect::<Vec<_>>().join("&");
    if query.is_empty() {
        query
    } else {
        format!("?{query}")
    }
}
