//! Records of one input and one tag pass through here together: sealed once, never changed, sent as often as needed.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use sockeye_core::Clock;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::collector::Account;
use crate::queue::{Piece, Store};

/// A chunk takes records until it has so many bytes; the records that cross the border still go in.
pub const CHUNK_BYTES: usize = 2_048_000;

/// A chunk's name as users know it: `12734-1594107609.72852130.flb`.
pub(crate) fn fresh_name(clock: &Clock) -> Arc<str> {
    let now = clock.now();
    let pid = std::process::id();
    let (seconds, nanos) = (now.as_second(), now.subsec_nanosecond());
    format!("{pid}-{seconds}.{nanos}.flb").into()
}

/// Sealed records on their way to every output that wants them.
#[derive(Debug)]
pub struct Chunk {
    /// Number of the chunk: never used twice, also not by the runs that share a folder.
    pub id: u64,
    /// Its name in the log.
    pub name: Arc<str>,
    /// The tag of its records.
    pub tag: Arc<str>,
    /// The input that they came from: `tcp.0`.
    pub input: Arc<str>,
    /// How many records it has.
    pub records: u32,
    /// Their bytes as msgpack.
    pub len: usize,
    /// When it was begun.
    pub begun: Instant,
    body: Body,
    fate: Fate,
}

/// Where the bytes are.
pub(crate) enum Body {
    Memory(
        Bytes,
        #[expect(dead_code, reason = "it counts by being there")] Option<Up>,
    ),
    Disk(Arc<Store>, Vec<Piece>),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(bytes, _) => write!(f, "{} bytes in memory", bytes.len()),
            Self::Disk(_, pieces) => write!(f, "{} pieces on disk", pieces.len()),
        }
    }
}

/// A stored chunk whose bytes are in memory as well; counted as long as it lives.
#[derive(Debug)]
pub(crate) struct Up(Arc<AtomicUsize>);

impl Up {
    pub(crate) fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What becomes of a chunk.
#[derive(Debug)]
pub(crate) struct Fate {
    /// Outputs that have not settled it.
    waiting: AtomicUsize,
    /// Whether one of them has given it up.
    is_dropped: AtomicBool,
    /// Tells those who hold a receipt: whether every output has it.
    settled: watch::Sender<Option<bool>>,
    /// Gives back the memory that it holds.
    account: Arc<Account>,
    held: usize,
    store: Option<Arc<Store>>,
}

impl Fate {
    pub(crate) fn new(
        outputs: usize,
        settled: watch::Sender<Option<bool>>,
        account: Arc<Account>,
        held: usize,
        store: Option<Arc<Store>>,
    ) -> Self {
        Self {
            waiting: AtomicUsize::new(outputs),
            is_dropped: AtomicBool::new(false),
            settled,
            account,
            held,
            store,
        }
    }
}

/// What a chunk is, besides its bytes and its fate.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) id: u64,
    pub(crate) name: Arc<str>,
    pub(crate) tag: Arc<str>,
    pub(crate) input: Arc<str>,
    pub(crate) records: u32,
    pub(crate) len: usize,
    pub(crate) begun: Instant,
}

impl Chunk {
    pub(crate) fn new(label: Label, body: Body, fate: Fate) -> Arc<Self> {
        Arc::new(Self {
            id: label.id,
            name: label.name,
            tag: label.tag,
            input: label.input,
            records: label.records,
            len: label.len,
            begun: label.begun,
            body,
            fate,
        })
    }

    /// Its records, back to back. Read from the disk if that is where they are; errors are the disk's.
    pub fn load(&self) -> io::Result<Bytes> {
        match &self.body {
            Body::Memory(bytes, _) => Ok(bytes.clone()),
            Body::Disk(store, pieces) => store.read(pieces).map(Bytes::from),
        }
    }

    /// Whether it outlives this process.
    pub fn is_stored(&self) -> bool {
        self.fate.store.is_some()
    }

    /// An output is done with it: it has it, or has given it up. The last one frees what it holds.
    pub(crate) fn settle(&self, output: &str, is_delivered: bool) {
        let fate = &self.fate;
        if !is_delivered {
            fate.is_dropped.store(true, Ordering::Release);
        }
        let is_last = fate.waiting.fetch_sub(1, Ordering::AcqRel) == 1;
        if let Some(store) = &fate.store {
            store.settled(self.id, (!is_last).then_some(output));
        }
        if is_last {
            fate.account.release(fate.held);
            let is_whole = !fate.is_dropped.load(Ordering::Acquire);
            // Nobody may hold a receipt any more.
            let _ = fate.settled.send(Some(is_whole));
        }
    }
}
