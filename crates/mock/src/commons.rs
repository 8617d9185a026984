//! What the scripts of all connections share: the way to other connections, rooms, state, threads.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use sockeye_net::{Audience, Fanout, Frame};
use sockeye_script::js::{MemoryStore, SharedStore};

use crate::facts::Facts;
use crate::js::Engines;
use crate::rooms::Rooms;

/// Shared by all connections, and kept when a file is loaded anew.
#[derive(Debug, Default)]
pub(crate) struct Commons {
    /// The way to all connections; not there before the server runs.
    fanout: OnceLock<Fanout>,
    pub(crate) rooms: Rooms,
    pub(crate) engines: Engines,
    /// Connections that have scripts, by number.
    present: Mutex<HashMap<u64, Present>>,
    /// The environment variables that scripts may see.
    env: Mutex<HashSet<String>>,
    shared: Memory,
    /// Generators that were handed out.
    draws: AtomicU64,
}

/// A connection that has scripts.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    pub(crate) facts: Arc<Facts>,
    /// The name of its route.
    pub(crate) route: String,
}

/// State that lives and dies with the process.
#[derive(Debug)]
struct Memory(Arc<MemoryStore>);

impl Default for Memory {
    fn default() -> Self {
        Self(Arc::new(MemoryStore::new()))
    }
}

impl Commons {
    /// The server runs, and this reaches its connections.
    pub(crate) fn started(&self, fanout: &Fanout) {
        self.fanout.get_or_init(|| fanout.clone());
    }

    /// Sends a frame to an audience.
    pub(crate) fn send(&self, audience: &Audience, frame: &Frame) {
        if let Some(fanout) = self.fanout.get() {
            fanout.send(audience, frame);
        }
    }

    /// The number of connections in an audience.
    pub(crate) fn size(&self, audience: &Audience) -> usize {
        self.fanout.get().map_or(0, |fanout| fanout.size(audience))
    }

    /// A connection with scripts is there, or is on another route now.
    pub(crate) fn enter(&self, facts: &Arc<Facts>, route: &str) {
        let present = Present {
            facts: Arc::clone(facts),
            route: route.to_owned(),
        };
        self.present().insert(facts.number(), present);
    }

    /// A connection has ended.
    pub(crate) fn leave(&self, number: u64) {
        self.present().remove(&number);
        self.rooms.leave_all(number);
    }

    pub(crate) fn find(&self, number: u64) -> Option<Present> {
        self.present().get(&number).cloned()
    }

    /// Scripts may see these environment variables and no others.
    pub(crate) fn allow_env(&self, names: &[String]) {
        let mut env = self.env.lock().unwrap_or_else(PoisonError::into_inner);
        *env = names.iter().cloned().collect();
    }

    pub(crate) fn may_see_env(&self, name: &str) -> bool {
        let env = self.env.lock().unwrap_or_else(PoisonError::into_inner);
        env.contains(name)
    }

    pub(crate) fn shared(&self) -> Arc<dyn SharedStore> {
        Arc::clone(&self.shared.0) as Arc<dyn SharedStore>
    }

    /// The number of the next generator for templates that scripts expand. Connections count from 1.
    pub(crate) fn next_draw(&self) -> u64 {
        u64::MAX - self.draws.fetch_add(1, Relaxed)
    }

    fn present(&self) -> MutexGuard<'_, HashMap<u64, Present>> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
