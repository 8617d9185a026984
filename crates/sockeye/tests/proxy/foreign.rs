//! Both sides of a proxy are not ours: the Python package `websockets`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::lab::Lab;

/// A Python program that is ended with the test.
struct Peer {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    #[track_caller]
    fn start(arguments: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = Command::new(folder.join("../../scripts/peers")).output();
        let python = python.expect("bash is there");
        let complaint = String::from_utf8_lossy(&python.stderr);
        assert!(python.status.success(), "scripts/peers: {complaint}");
        let path = String::from_utf8(python.stdout).expect("a path");
        let mut process = Command::new(path.trim())
            .arg(folder.join("tests/foreign/echo.py"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let (input, output) = (process.stdin.take(), process.stdout.take());
        Self {
            process,
            input,
            output: BufReader::new(output.expect("a pipe")),
        }
    }

    /// The next line that it prints.
    #[track_caller]
    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
    }

    #[track_caller]
    fn ask(&mut self, word: &Value) -> Value {
        let input = self.input.as_mut().expect("an open pipe");
        writeln!(input, "{word}").expect("it listens");
        self.line()
    }

    /// Ends its input; the next line.
    fn end(&mut self) -> Value {
        self.input = None;
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn python_talks_to_python_through_a_proxy() {
    let mut behind = Peer::start(&["server"]);
    let port = behind.line();
    let server = Lab::yaml(&format!(
        "websocket:\n  max_message_size: 4MiB\n  ping_interval: 0.2\n  handlers:\n    - path: /p\n      type: proxy\n      \
         upstream: ws://127.0.0.1:{port}/\n      transform: {{ outgoing: \"return msg === 'a' ? 'b' : msg\" }}\n"
    ))
    .start();
    let url = format!("ws://{}/p", server.address());
    let mut client = Peer::start(&["client", &url]);
    assert_eq!(client.line(), json!("v2.chat"));
    assert_eq!(client.ask(&json!("a")), json!("b"));
    assert_eq!(client.ask(&json!("é\u{1f600}")), json!("é\u{1f600}"));
    assert_eq!(
        client.ask(&json!({"hex": "00ff10"})),
        json!({"hex": "00ff10"})
    );
    let long = json!("x".repeat(3 << 20));
    assert_eq!(client.ask(&long), long);
    assert_eq!(client.end(), json!([4000, "done"]));
    let mut client = Peer::start(&["client", &url]);
    client.line();
    let closed = client.ask(&json!("close 4123 it was nice"));
    assert_eq!(closed, json!([4123, "it was nice"]));
}
