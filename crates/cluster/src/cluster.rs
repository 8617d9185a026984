//! The handle of the cluster: its thread is started and ended here, and asked for what it does.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use sockeye_script::js::{Payload, SharedStore};
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, mpsc};

use crate::hub::Hub;
use crate::limits::{OUTGOING, OUTGOING_BYTES};
use crate::session::{Queues, Session};
use crate::store::RedisStore;
use crate::supervisor::supervise;
use crate::voice::Outgoing;
use crate::{ClusterCounts, ClusterError, LocalNode, RedisUrl, Target, event};

/// What stands before every key, and before `events` in the name of the channel.
pub const DEFAULT_KEY_PREFIX: &str = "mockforge:ws:";

/// Where the nodes meet. Nodes with the same Redis and prefix are one cluster, whatever their database.
#[derive(Clone, Debug)]
pub struct ClusterSettings {
    /// The Redis.
    pub url: RedisUrl,
    /// Before every key and the channel. Default [`DEFAULT_KEY_PREFIX`].
    pub key_prefix: String,
}

impl ClusterSettings {
    /// With the default prefix.
    pub fn new(url: RedisUrl) -> Self {
        let key_prefix = DEFAULT_KEY_PREFIX.to_owned();
        Self { url, key_prefix }
    }
}

/// This node among the others. No method waits for the network; dropping it says goodbye for at most 0.5 s.
#[derive(Debug)]
pub struct Cluster {
    hub: Arc<Hub>,
    store: Arc<RedisStore>,
    outgoing: mpsc::Sender<Outgoing>,
    /// Bytes of broadcasts that may still wait.
    room: Arc<Semaphore>,
    thread: Option<JoinHandle<()>>,
}

impl Cluster {
    /// Connects and starts a thread that stays with Redis from then on, through losses, too.
    ///
    /// Waits for at most 5 s.
    ///
    /// # Errors
    ///
    /// Why Redis cannot be used.
    pub fn start(
        settings: ClusterSettings,
        local: Arc<dyn LocalNode>,
    ) -> Result<Self, ClusterError> {
        let hub = Arc::new(Hub::new(settings, local));
        let (store, jobs) = RedisStore::new(Arc::clone(&hub));
        let (outgoing, queue) = mpsc::channel(OUTGOING);
        let queues = Queues {
            jobs,
            outgoing: queue,
        };
        let (ready, is_ready) = sync_channel(1);
        let on = Arc::clone(&hub);
        let thread = thread::Builder::new()
            .name("cluster".to_owned())
            .spawn(move || stay(&on, queues, &ready))?;
        let ended = || Err(std::io::Error::other("it ended at once").into());
        is_ready.recv().unwrap_or_else(|_| ended())?;
        Ok(Self {
            hub,
            store: Arc::new(store),
            outgoing,
            room: Arc::new(Semaphore::new(OUTGOING_BYTES)),
            thread: Some(thread),
        })
    }

    /// The state that the connections of all nodes share. Works as long as the cluster is there.
    pub fn store(&self) -> Arc<dyn SharedStore> {
        Arc::clone(&self.store) as Arc<dyn SharedStore>
    }

    /// Sends a message to the other nodes, in the order of the calls, and returns at once. It arrives there
    /// at most once; what does not fit into the queue (4,096 messages, 16 MiB) is lost and counted.
    pub fn broadcast(&self, target: &Target, message: &Payload) {
        let event = event::broadcast(&self.hub.id, target, message);
        if self.enqueue(event).is_none() {
            self.hub.tally.lost(1);
        }
    }

    fn enqueue(&self, event: Vec<u8>) -> Option<()> {
        let bytes = u32::try_from(event.len()).ok()?;
        let room = Arc::clone(&self.room);
        let room = room.try_acquire_many_owned(bytes).ok()?;
        let outgoing = Outgoing { event, _room: room };
        self.outgoing.try_send(outgoing).ok()
    }

    /// Connections to a route of the other nodes, or all of theirs: their last word, at most 6 s old.
    pub fn connections(&self, route: Option<&str>) -> u64 {
        self.hub.nodes().connections(route, Instant::now())
    }

    /// The members that a room has on the other nodes, as `conn-3@<node>`, node by node.
    pub fn members(&self, room: &str) -> Vec<String> {
        self.hub.nodes().members(room, Instant::now())
    }

    /// How many members a room has on the other nodes, even where there are too many to be told by id.
    pub fn room_size(&self, room: &str) -> usize {
        let size = self.hub.nodes().room_size(room, Instant::now());
        usize::try_from(size).unwrap_or(usize::MAX)
    }

    /// Something connected, left, or changed its room: the others are told within 50 ms, of a presence of
    /// more than 100 KiB at 2 MiB a second.
    pub fn presence_changed(&self) {
        self.hub.wishes.tell_presence();
    }

    /// The id of this node, 16 letters; another one each time it starts.
    pub fn id(&self) -> &str {
        &self.hub.id
    }

    /// What went wrong so far, and how many other nodes there are.
    pub fn counts(&self) -> ClusterCounts {
        let nodes = self.hub.nodes().count(Instant::now());
        self.hub.tally.counts(nodes)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.hub.stop.notify_one();
        let thread = self.thread.take();
        // The last handle may be dropped by a call of the cluster itself, which cannot wait for its own end.
        let other = thread.filter(|thread| thread.thread().id() != thread::current().id());
        if other.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that talks to Redis panicked");
        }
    }
}

/// The life of the cluster's thread.
fn stay(hub: &Arc<Hub>, queues: Queues, ready: &SyncSender<Result<(), ClusterError>>) {
    let runtime = match Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        // Nobody waits any more if the channel is closed; the same below.
        Err(error) => return drop(ready.send(Err(error.into()))),
    };
    runtime.block_on(async {
        match Session::open(hub).await {
            Ok(session) => {
                drop(ready.send(Ok(())));
                supervise(hub, queues, session).await;
            }
            Err(error) => drop(ready.send(Err(error))),
        }
    });
    // A look-up of a name may hang for long, and nobody needs it any more.
    runtime.shutdown_background();
}
