//! A small server for scripts: rooms, variables, a store, and a way to wait for outcomes.

use std::collections::BTreeMap;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use sockeye_script::js::{
    ConnectionFacts, Effect, Host, Input, LogLevel, MemoryStore, Operation, Outcome, Payload,
    Reply, Returned, Script, ScriptConnection, ScriptError, ScriptKind, ScriptLimits, ScriptPool,
    SharedStore,
};

/// Longer than any call of a test can take.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
pub(crate) const NOW: i64 = 1_700_000_000_123;

/// A store that keeps the answers of the keys that begin with `later` until they are let go.
#[derive(Default)]
pub(crate) struct Store {
    memory: MemoryStore,
    held: Mutex<Vec<(Operation, Reply)>>,
}

impl Store {
    pub(crate) fn let_go(&self) -> usize {
        let held = std::mem::take(&mut *self.held.lock().unwrap());
        let count = held.len();
        for (operation, reply) in held {
            self.memory.run(operation, reply);
        }
        count
    }
}

impl SharedStore for Store {
    fn run(&self, operation: Operation, reply: Reply) {
        match &operation {
            Operation::Get { key } if key.starts_with("later") => {
                self.held.lock().unwrap().push((operation, reply));
            }
            Operation::Get { key } if key == "panic" => panic!("the store breaks down"),
            _ => self.memory.run(operation, reply),
        }
    }
}

/// The server.
#[derive(Default)]
pub(crate) struct Server {
    pub(crate) rooms: Mutex<BTreeMap<String, Vec<String>>>,
    pub(crate) store: Arc<Store>,
    /// Whoever asks for the variable `BLOCK` waits until nobody holds it.
    pub(crate) gate: Mutex<()>,
}

impl Host for Server {
    fn recipients(&self, target: Option<&str>, _: &str) -> usize {
        match target {
            None => 3,
            Some("*") => 9,
            Some(room) => self.members(room).len(),
        }
    }

    fn rooms_of(&self, connection: &str) -> Vec<String> {
        let rooms = self.rooms.lock().unwrap();
        let of = rooms
            .iter()
            .filter(|(_, members)| members.iter().any(|one| one == connection));
        of.map(|(name, _)| name.clone()).collect()
    }

    fn members(&self, room: &str) -> Vec<String> {
        self.rooms
            .lock()
            .unwrap()
            .get(room)
            .cloned()
            .unwrap_or_default()
    }

    fn env(&self, name: &str) -> Option<String> {
        if name == "BLOCK" {
            drop(self.gate.lock());
        }
        (name == "API_TOKEN").then(|| "s3cret".to_owned())
    }

    fn template(&self, text: &str, connection: &str) -> Result<String, String> {
        if text.contains("{{bad") {
            Err("`bad` is not known".to_owned())
        } else {
            Ok(text.replace("{{me}}", connection))
        }
    }

    fn shared(&self) -> Arc<dyn SharedStore> {
        Arc::clone(&self.store) as Arc<dyn SharedStore>
    }
}

/// A pool with its server.
pub(crate) struct World {
    pub(crate) server: Arc<Server>,
    pub(crate) pool: ScriptPool,
}

impl World {
    pub(crate) fn new() -> Self {
        // Long enough for a debug build on a busy machine.
        Self::with(ScriptLimits {
            wall: Duration::from_secs(20),
            ..ScriptLimits::default()
        })
    }

    pub(crate) fn with(limits: ScriptLimits) -> Self {
        let server = Arc::new(Server::default());
        let host = Arc::clone(&server) as Arc<dyn Host>;
        Self {
            server,
            pool: ScriptPool::start(1, limits, host).unwrap(),
        }
    }

    pub(crate) fn open(&self, id: &str) -> ScriptConnection {
        self.open_with(id, None)
    }

    pub(crate) fn open_with(&self, id: &str, state: Option<Value>) -> ScriptConnection {
        self.pool.open(facts(id), state)
    }
}

pub(crate) fn facts(id: &str) -> ConnectionFacts {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    ConnectionFacts {
        id: id.to_owned(),
        path: "/chat".to_owned(),
        query: vec![pair("token", "abc"), pair("tag", "a"), pair("tag", "b")],
        params: vec![pair("room", "lobby")],
        headers: vec![
            pair("Host", "localhost"),
            pair("X-A", "1"),
            pair("x-a", "2"),
        ],
        remote_addr: "127.0.0.1:5000".to_owned(),
        connected_at: NOW - 1000,
        subprotocol: None,
    }
}

pub(crate) fn script(source: &str) -> Script {
    Script::new(ScriptKind::Script, source).unwrap()
}

pub(crate) fn handler(source: &str) -> Script {
    Script::new(ScriptKind::Handler, source).unwrap()
}

pub(crate) fn when(source: &str) -> Script {
    Script::new(ScriptKind::When, source).unwrap()
}

pub(crate) fn transform(source: &str) -> Script {
    Script::new(ScriptKind::Transform, source).unwrap()
}

pub(crate) fn input(text: &str) -> Input {
    Input {
        payload: Some(Payload::Text(text.to_owned())),
        received_at: NOW,
    }
}

pub(crate) fn bytes(bytes: &[u8]) -> Input {
    Input {
        payload: Some(Payload::Binary(bytes.to_vec())),
        received_at: NOW,
    }
}

/// Starts a call; its outcome comes through the channel.
pub(crate) fn start(
    connection: &ScriptConnection,
    script: &Script,
    input: Input,
) -> mpsc::Receiver<Outcome> {
    let (sender, outcomes) = mpsc::channel();
    connection.call(script, input, move |outcome| {
        // A test that has its answer need not wait for the others.
        let _ = sender.send(outcome);
    });
    outcomes
}

pub(crate) fn run(connection: &ScriptConnection, script: &Script, input: Input) -> Outcome {
    start(connection, script, input)
        .recv_timeout(PATIENCE)
        .unwrap()
}

/// The text a call returns.
pub(crate) fn text(outcome: &Outcome) -> &str {
    match &outcome.result {
        Ok(Returned::Text(text)) => text,
        other => panic!("no text: {other:?}"),
    }
}

/// Runs a handler's body on a message.
pub(crate) fn handle(connection: &ScriptConnection, source: &str, message: &str) -> Outcome {
    run(connection, &handler(source), input(message))
}

/// The text that a handler's body returns for an empty object.
pub(crate) fn eval(connection: &ScriptConnection, source: &str) -> String {
    text(&handle(connection, source, "{}")).to_owned()
}

pub(crate) fn state(connection: &ScriptConnection) -> Option<Value> {
    let (sender, states) = mpsc::channel();
    connection.state_json(move |state| sender.send(state).unwrap());
    states.recv_timeout(PATIENCE).unwrap()
}

/// The message of what a script threw.
pub(crate) fn thrown(outcome: &Outcome) -> &str {
    match &outcome.result {
        Err(ScriptError::Thrown { message, .. }) => message,
        other => panic!("nothing was thrown: {other:?}"),
    }
}

pub(crate) fn broadcast(target: &str, text: &str) -> Effect {
    let payload = Payload::Text(text.to_owned());
    Effect::Broadcast {
        target: Some(target.to_owned()),
        payload,
    }
}

pub(crate) fn send(text: &str) -> Effect {
    Effect::Send(Payload::Text(text.to_owned()))
}

pub(crate) fn log(level: LogLevel, text: &str) -> Effect {
    Effect::Log {
        level,
        text: text.to_owned(),
    }
}
