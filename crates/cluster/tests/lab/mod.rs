//! The words of the tests: a Redis of one's own, nodes on it, questions to the shared state, and waiting.

mod log;
mod redis;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use sockeye_cluster::{Cluster, ClusterSettings, LocalNode, Presence, RedisUrl, Target};
use sockeye_script::js::{Operation, Payload, SharedStore};

pub(crate) use log::lines_about;
pub(crate) use redis::Redis;

/// Far more than anything takes: a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(15);

/// Less than any network would take to fail: what comes in this time did not wait for one.
pub(crate) const AT_ONCE: Duration = Duration::from_millis(500);

/// Asks again and again until `attempt` gives something.
pub(crate) fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(Instant::now() < deadline, "it never happened that {what}");
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that polls")]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}

/// What a broadcast of another node brought.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) target: Target,
    pub(crate) message: Vec<u8>,
    pub(crate) binary: bool,
}

/// A node that has the presence a test gives it and tells what is delivered.
pub(crate) struct Node {
    pub(crate) cluster: Cluster,
    delivered: Receiver<Delivered>,
    local: Arc<Local>,
}

struct Local {
    presence: Mutex<Presence>,
    delivered: Mutex<Sender<Delivered>>,
}

impl LocalNode for Local {
    fn deliver(&self, target: &Target, message: &Payload) {
        let (message, binary) = match message {
            Payload::Text(text) => (text.clone().into_bytes(), false),
            Payload::Binary(bytes) => (bytes.clone(), true),
        };
        assert!(message != b"panic", "a test wants this node to panic");
        let target = target.clone();
        let delivered = Delivered {
            target,
            message,
            binary,
        };
        // A test that is over no longer listens.
        let _ = self.delivered.lock().unwrap().send(delivered);
    }

    fn presence(&self) -> Presence {
        self.presence.lock().unwrap().clone()
    }
}

impl Node {
    pub(crate) fn on(redis: &Redis) -> Self {
        Self::start(redis.settings()).unwrap()
    }

    pub(crate) fn start(settings: ClusterSettings) -> Result<Self, String> {
        let (sender, delivered) = channel();
        let local = Arc::new(Local {
            presence: Mutex::default(),
            delivered: Mutex::new(sender),
        });
        let node = Arc::clone(&local) as Arc<dyn LocalNode>;
        let cluster = Cluster::start(settings, node).map_err(|error| error.to_string())?;
        Ok(Self {
            cluster,
            delivered,
            local,
        })
    }

    /// `count` nodes that know each other.
    pub(crate) fn several<const N: usize>(redis: &Redis) -> [Self; N] {
        let nodes = [(); N].map(|()| Self::on(redis));
        for node in &nodes {
            node.knows(N - 1);
        }
        nodes
    }

    pub(crate) fn knows(&self, others: usize) {
        eventually("the nodes know each other", || {
            (self.cluster.counts().nodes == others).then_some(())
        });
    }

    pub(crate) fn set_presence(&self, connections: u64, room: &[&str]) {
        let room = room.iter().map(|&id| id.to_owned()).collect();
        *self.local.presence.lock().unwrap() = Presence {
            routes: vec![("/a".to_owned(), connections)],
            rooms: vec![("lobby".to_owned(), room)],
        };
        self.cluster.presence_changed();
    }

    /// More connections, and nobody is told.
    pub(crate) fn set_presence_silently(&self, connections: u64) {
        let routes = vec![("/a".to_owned(), connections)];
        self.local.presence.lock().unwrap().routes = routes;
    }

    pub(crate) fn next(&self) -> Delivered {
        let delivered = self.delivered.recv_timeout(PATIENCE);
        delivered.expect("a broadcast is delivered")
    }

    /// Broadcasts to everyone until this node and `other` hear each other again.
    pub(crate) fn reaches(&self, other: &Self) {
        let ping = Payload::Text("are you there".to_owned());
        eventually("a broadcast gets through", || {
            self.cluster.broadcast(&Target::Everyone, &ping);
            other.delivered.try_recv().ok()
        });
    }

    pub(crate) fn ask(&self, operation: Operation) -> Result<Value, String> {
        ask(self.cluster.store().as_ref(), operation)
    }

    /// Asks without waiting: the answer comes through the receiver, with the time it took.
    pub(crate) fn begin(&self, operation: Operation) -> Receiver<Answer> {
        begin(self.cluster.store().as_ref(), operation)
    }
}

pub(crate) type Answer = (Result<Value, String>, Duration);

pub(crate) fn begin(store: &dyn SharedStore, operation: Operation) -> Receiver<Answer> {
    let (sender, answer) = channel();
    let start = Instant::now();
    let reply = move |answer| drop(sender.send((answer, start.elapsed())));
    store.run(operation, Box::new(reply));
    answer
}

pub(crate) fn ask(store: &dyn SharedStore, operation: Operation) -> Result<Value, String> {
    let answer = begin(store, operation).recv_timeout(PATIENCE);
    answer.expect("an answer").0
}

pub(crate) fn get(key: &str) -> Operation {
    let key = key.to_owned();
    Operation::Get { key }
}

pub(crate) fn set(key: &str, value: impl Into<Value>) -> Operation {
    let (key, value) = (key.to_owned(), value.into());
    let ttl = None;
    Operation::Set { key, value, ttl }
}

pub(crate) fn set_for(key: &str, ttl: Duration) -> Operation {
    let (key, value) = (key.to_owned(), Value::from(1));
    let ttl = Some(ttl);
    Operation::Set { key, value, ttl }
}

pub(crate) fn incr(key: &str, by: i64) -> Operation {
    let key = key.to_owned();
    Operation::Incr { key, by }
}

pub(crate) fn del(key: &str) -> Operation {
    let key = key.to_owned();
    Operation::Del { key }
}

pub(crate) fn exists(key: &str) -> Operation {
    let key = key.to_owned();
    Operation::Exists { key }
}

pub(crate) fn keys(glob: &str) -> Operation {
    let glob = glob.to_owned();
    Operation::Keys { glob }
}

pub(crate) fn settings(url: &str) -> ClusterSettings {
    ClusterSettings::new(RedisUrl::parse(url).unwrap())
}
