//! `sockeye ws record` beside a server, and the session files it leaves.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::process::{Exit, Process};
use super::{PATIENCE, Server, eventually};

/// A recorder that hears everything from now on.
pub(crate) struct Recorder {
    process: Process,
}

impl Recorder {
    /// Records a server into `output`.
    #[track_caller]
    pub(crate) fn of(server: &Server, output: &Path, args: &[&str]) -> Self {
        let admin = format!("http://{}", server.admin());
        let mut command = Self::command(&["--admin", &admin], output, args);
        let recorder = Self {
            process: Process::spawn(&mut command).0,
        };
        recorder.expect_log("sockeye: recording http://");
        recorder
    }

    /// Starts a command that serves what it records, and waits until it listens.
    #[track_caller]
    pub(crate) fn serving(command: &mut Command) -> (Self, SocketAddr) {
        let (process, ready) = Process::spawn(command);
        let Ok(address) = ready.recv_timeout(PATIENCE) else {
            panic!("it does not listen; it wrote:\n{}", process.log());
        };
        (Self { process }, address.parse().expect("an address"))
    }

    /// The command, with nothing in its environment.
    pub(crate) fn command(admin: &[&str], output: &Path, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command.args(["ws", "record", "--output"]).arg(output);
        command.args(admin).args(args);
        command.env_clear().env("NO_COLOR", "1");
        command.stdout(Stdio::null());
        command
    }

    /// Waits for words on standard error.
    #[track_caller]
    pub(crate) fn expect_log(&self, words: &str) {
        eventually(
            &format!("`{words}` is told; it told {}", self.process.log()),
            || self.process.log().contains(words).then_some(()),
        );
    }

    /// Sends a signal by its name, such as `INT`.
    pub(crate) fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn wait(self) -> Exit {
        self.process.wait_patiently()
    }

    /// Waits for the end for as long as `limit`, where there is much to write.
    #[track_caller]
    pub(crate) fn wait_for(self, limit: Duration) -> Exit {
        self.process.wait(limit)
    }

    /// Sends a signal and waits for the end.
    #[track_caller]
    pub(crate) fn end(self, signal: &str) -> Exit {
        self.signal(signal);
        self.wait()
    }
}

/// A session file.
#[track_caller]
pub(crate) fn session(path: &Path) -> Value {
    let text = std::fs::read_to_string(path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// What a session file says, one line for each message: `1 > text hello`, with `>` from the client.
#[track_caller]
pub(crate) fn said(path: &Path) -> Vec<String> {
    let session = session(path);
    let messages = session["messages"].as_array().expect("a list").clone();
    assert_eq!(session["metadata"]["message_count"], messages.len());
    let mut before = 0;
    let lines = messages.iter().map(|message| {
        let at = message["timestamp_ms"].as_u64().expect("a number");
        assert!(at >= before, "{messages:?}");
        before = at;
        let way = match message["direction"].as_str() {
            Some("incoming") => ">",
            Some("outgoing") => "<",
            other => panic!("{other:?}"),
        };
        let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let number = text("connection_id").replace("conn-", "");
        let code = message["code"].as_u64().map(|code| format!("{code} "));
        let line = format!(
            "{number} {way} {} {}{}",
            text("type"),
            code.unwrap_or_default(),
            text("data")
        );
        line.trim().to_owned()
    });
    lines.collect()
}

/// All files below a folder, by their path from there on.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.push(name.display().to_string());
            }
        }
    }
    found.sort();
    found
}
