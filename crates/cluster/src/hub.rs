//! What the cluster's thread and its handles on other threads both hold.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sockeye_core::Random;
use tokio::sync::Notify;

use crate::counts::Tally;
use crate::nodes::Nodes;
use crate::{ClusterSettings, LocalNode, Presence, RedisUrl};

pub(crate) struct Hub {
    pub(crate) url: RedisUrl,
    /// Before every key.
    pub(crate) prefix: String,
    /// Where the nodes talk.
    pub(crate) channel: String,
    /// Our own id, 16 letters, new in each process.
    pub(crate) id: String,
    pub(crate) local: Arc<dyn LocalNode>,
    pub(crate) tally: Tally,
    pub(crate) wishes: Wishes,
    /// Ends the thread.
    pub(crate) stop: Notify,
    nodes: Mutex<Nodes>,
    presences: AtomicU64,
}

impl Hub {
    pub(crate) fn new(settings: ClusterSettings, local: Arc<dyn LocalNode>) -> Self {
        Self {
            channel: format!("{}events", settings.key_prefix),
            url: settings.url,
            prefix: settings.key_prefix,
            id: format!("{:016x}", Random::from_os().bits()),
            local,
            tally: Tally::default(),
            wishes: Wishes::default(),
            stop: Notify::new(),
            nodes: Mutex::default(),
            presences: AtomicU64::new(0),
        }
    }

    pub(crate) fn nodes(&self) -> MutexGuard<'_, Nodes> {
        // No word of a node leaves the map half changed.
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is connected here now.
    pub(crate) fn presence(&self) -> Presence {
        // A fault of the local node must not end the thread that everybody's operations go through.
        let presence = catch_unwind(AssertUnwindSafe(|| self.local.presence()));
        presence.unwrap_or_else(|_| {
            tracing::error!("asking for what is connected here panicked");
            Presence::default()
        })
    }

    /// The number of the next presence.
    pub(crate) fn next_presence(&self) -> u64 {
        self.presences.fetch_add(1, Relaxed) + 1
    }

    pub(crate) fn unreachable(&self) -> String {
        format!("Redis at {} is not reachable", self.url)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("url", &self.url)
            .field("channel", &self.channel)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the voice is asked to say. Asked twice before it spoke, it says it once.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// There is a new wish.
    pub(crate) news: Notify,
    /// Say what still waits, then goodbye.
    pub(crate) goodbye: Notify,
    presence: AtomicBool,
    hello: AtomicBool,
}

impl Wishes {
    /// Tell the others what is connected here.
    pub(crate) fn tell_presence(&self) {
        self.presence.store(true, Relaxed);
        self.news.notify_one();
    }

    /// Ask the others what is connected there.
    pub(crate) fn say_hello(&self) {
        self.hello.store(true, Relaxed);
        self.news.notify_one();
    }

    pub(crate) fn wants_presence(&self) -> bool {
        self.presence.load(Relaxed)
    }

    pub(crate) fn wants_hello(&self) -> bool {
        self.hello.load(Relaxed)
    }

    /// Takes the wish: what is asked for from now on is a new one.
    pub(crate) fn take_presence(&self) -> bool {
        self.presence.swap(false, Relaxed)
    }

    pub(crate) fn take_hello(&self) -> bool {
        self.hello.swap(false, Relaxed)
    }
}
