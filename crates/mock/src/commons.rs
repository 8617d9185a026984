//! What the scripts of all connections share: the way to other connections, rooms, state, threads.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sockeye_cluster::{Cluster, ClusterCounts, Target};
use sockeye_net::{Audience, Fanout, Frame};
use sockeye_script::js::{MemoryStore, Payload, SharedStore};

use crate::js::{Engines, spoken};
use crate::operate::{Place, Register};
use crate::rooms::Rooms;

/// Shared by all connections, and kept when a file is loaded anew.
#[derive(Debug, Default)]
pub(crate) struct Commons {
    /// The way to all connections; not there before the server runs.
    fanout: OnceLock<Fanout>,
    pub(crate) rooms: Rooms,
    pub(crate) engines: Engines,
    /// All open connections.
    pub(crate) register: Register,
    /// The environment variables that scripts may see.
    env: Mutex<HashSet<String>>,
    memory: Memory,
    /// Other processes, if there are some.
    cluster: OnceLock<Cluster>,
    /// Generators that were handed out.
    draws: AtomicU64,
}

/// Whom a message is for, as this node's network knows them.
pub(crate) fn audience(target: &Target) -> Audience {
    match target {
        Target::Everyone => Audience::Everyone,
        Target::Route(route) => Audience::Group(route.as_str().into()),
        Target::Room(room) => Audience::Group(Rooms::group(room).into()),
    }
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

    /// Other processes are to be reached by this.
    pub(crate) fn join(&self, cluster: Cluster) {
        self.cluster.get_or_init(|| cluster);
    }

    /// Sends a message to all whom it is for, on all nodes.
    pub(crate) fn send(&self, target: &Target, message: &Payload) {
        self.send_here(target, message);
        self.send_elsewhere(target, message);
    }

    /// Sends a message to those on this node whom it is for.
    pub(crate) fn send_here(&self, target: &Target, message: &Payload) {
        if let Some(fanout) = self.fanout.get() {
            fanout.send(&audience(target), &Frame::new(spoken(message)));
        }
    }

    /// Sends a message to those on other nodes whom it is for.
    pub(crate) fn send_elsewhere(&self, target: &Target, message: &Payload) {
        if let Some(cluster) = self.cluster.get() {
            cluster.broadcast(target, message);
        }
    }

    /// The number of connections that a message would reach, on all nodes.
    pub(crate) fn size(&self, target: &Target) -> usize {
        let here = self.fanout.get();
        let here = here.map_or(0, |fanout| fanout.size(&audience(target)));
        let Some(cluster) = self.cluster.get() else {
            return here;
        };
        let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        here + match target {
            Target::Everyone => count(cluster.connections(None)),
            Target::Route(route) => count(cluster.connections(Some(route))),
            Target::Room(room) => cluster.room_size(room),
        }
    }

    /// Connections on other nodes, of a route or of all.
    pub(crate) fn connections_elsewhere(&self, route: Option<&str>) -> u64 {
        let cluster = self.cluster.get();
        cluster.map_or(0, |cluster| cluster.connections(route))
    }

    /// The ids of the members of a room, those on this node first.
    pub(crate) fn members(&self, room: &str) -> Vec<String> {
        let here = self.rooms.members(room).into_iter();
        let mut members: Vec<String> = here.map(|number| format!("conn-{number}")).collect();
        if let Some(cluster) = self.cluster.get() {
            members.extend(cluster.members(room));
        }
        members
    }

    /// The counts of the cluster, if there is one.
    pub(crate) fn cluster_counts(&self) -> Option<ClusterCounts> {
        self.cluster.get().map(Cluster::counts)
    }

    /// Somebody came or left, a room or this node.
    pub(crate) fn presence_changed(&self) {
        if let Some(cluster) = self.cluster.get() {
            cluster.presence_changed();
        }
    }

    /// A connection has ended.
    pub(crate) fn leave(&self, number: u64) {
        self.register.leave(number);
        if self.rooms.leave_all(number) {
            self.presence_changed();
        }
    }

    /// Where a connection is.
    pub(crate) fn find(&self, number: u64) -> Option<Place> {
        self.register.find(number).map(|card| card.place())
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
        match self.cluster.get() {
            Some(cluster) => cluster.store(),
            None => Arc::clone(&self.memory.0) as Arc<dyn SharedStore>,
        }
    }

    /// The number of the next generator for templates that scripts expand. Connections count from 1.
    pub(crate) fn next_draw(&self) -> u64 {
        u64::MAX - self.draws.fetch_add(1, Relaxed)
    }
}
