//! The model service, black box: every generation of its protocol, REST, and what it does about bad input.

mod answers;
mod bounds;
mod contract;
mod decisions;
mod doors;
mod drawings;
mod editor;
mod editor_first_days;
mod editor_flow;
mod failures;
mod flow;
mod hostile;
mod legacy;
mod observed;
mod page;
mod profiles;
mod rest;
mod sessions;
mod transcripts;
mod wire;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::lab::{Client, PATIENCE, Process, Raw, Response};

/// `sockeye gw online` at any free port. Dropping it kills it.
pub(crate) struct Walker {
    process: Process,
    address: SocketAddr,
}

impl Walker {
    /// The WebSocket service.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::with(&[])
    }

    /// The same with more words on the command line.
    #[track_caller]
    pub(crate) fn with(words: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
        command.args(["gw", "online", "--port", "0"]).args(words);
        command.stdout(Stdio::null());
        let (process, ready) = Process::spawn(&mut command);
        let Ok(address) = ready.recv_timeout(PATIENCE) else {
            panic!("it does not listen; it wrote:\n{}", process.log());
        };
        let address = address.parse().expect("an address");
        Self { process, address }
    }

    /// Its memory in KiB.
    pub(crate) fn memory(&self) -> u64 {
        self.process.memory("VmRSS")
    }

    #[track_caller]
    pub(crate) fn connect(&self, path: &str) -> Client {
        Client::connect(self.address, path)
    }

    #[track_caller]
    pub(crate) fn raw(&self) -> Raw {
        Raw::connect(self.address)
    }

    #[track_caller]
    pub(crate) fn http(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
        self.raw().request(method, target, headers, b"")
    }
}

/// A file of the golden data.
pub(crate) fn golden(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    folder.join("../../conformance/graphwalker").join(name)
}

#[track_caller]
pub(crate) fn read(name: &str) -> String {
    let path = golden(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A model of one way in and a loop of two vertices.
pub(crate) fn ring(generator: &str) -> Value {
    json!({ "models": [{
        "name": "Ring", "id": "m", "generator": generator, "startElementId": "e0",
        "vertices": [{ "id": "a", "name": "v_A" }, { "id": "b", "name": "v_B" }],
        "edges": [
            { "id": "e0", "name": "e_In", "targetVertexId": "a" },
            { "id": "e1", "name": "e_There", "sourceVertexId": "a", "targetVertexId": "b" },
            { "id": "e2", "name": "e_Back", "sourceVertexId": "b", "targetVertexId": "a" },
        ],
    }]})
}

/// What only this client needs to say.
pub(crate) trait Walks {
    /// Sends a request and gives the next message.
    fn ask(&mut self, request: &Value) -> Value;
    /// Starts models and gives the session's id.
    fn begin(&mut self, models: &Value) -> String;
    /// One step: the element's id, from the push and the reply, which must agree.
    fn step(&mut self) -> String;
    /// The texts of a request that fails: the event's and the reply's.
    fn fails(&mut self, request: &Value) -> String;
}

impl Walks for Client {
    #[track_caller]
    fn ask(&mut self, request: &Value) -> Value {
        self.send(&request.to_string()).json()
    }

    #[track_caller]
    fn begin(&mut self, models: &Value) -> String {
        let reply = self.ask(&json!({ "command": "start", "gw": models }));
        assert_eq!(reply["success"], true, "{reply}");
        reply["sessionId"].as_str().expect("an id").to_owned()
    }

    #[track_caller]
    fn step(&mut self) -> String {
        let pushed = self.ask(&json!({ "command": "getNext" }));
        assert_eq!(pushed["command"], "visitedElement", "{pushed}");
        let reply = self.json();
        assert_eq!(reply["command"], "getNext", "{reply}");
        assert_eq!(reply["elementId"], pushed["elementId"]);
        pushed["elementId"].as_str().expect("an id").to_owned()
    }

    #[track_caller]
    fn fails(&mut self, request: &Value) -> String {
        let event = self.ask(request);
        assert_eq!(event["command"], "issues", "{event}");
        let reply = self.json();
        assert_eq!(reply["success"], false, "{reply}");
        assert_eq!(event["issues"], json!([reply["message"]]));
        assert_eq!(reply["msg"], reply["message"]);
        reply["message"].as_str().expect("a reason").to_owned()
    }
}
