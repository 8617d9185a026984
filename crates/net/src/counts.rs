//! What the links of a server have carried: counted per thread, summed when asked.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant as StdInstant};

use tokio::time::Instant;

/// What passed through the links of one thread. Only that thread writes, so no cache line is shared.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct ThreadCounts {
    pub(crate) opened: AtomicU64,
    pub(crate) ended: AtomicU64,
    pub(crate) rejected: AtomicU64,
    pub(crate) tls_failed: AtomicU64,
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) bytes_received: AtomicU64,
    pub(crate) bytes_sent: AtomicU64,
    pub(crate) left_out: AtomicU64,
}

impl ThreadCounts {
    /// Adds what one read brought and caused.
    pub(crate) fn add(&self, batch: &Batch) {
        self.received.fetch_add(batch.received, Relaxed);
        self.bytes_received.fetch_add(batch.bytes_received, Relaxed);
        self.sent.fetch_add(batch.sent, Relaxed);
        self.bytes_sent.fetch_add(batch.bytes_sent, Relaxed);
    }
}

/// What passed through one link. Only its thread writes; anybody may read.
#[derive(Debug, Default)]
pub struct LinkCounts {
    received: AtomicU64,
    sent: AtomicU64,
    bytes_received: AtomicU64,
    bytes_sent: AtomicU64,
    /// Milliseconds from the start of the process to the last message, and one.
    last: AtomicU64,
}

impl LinkCounts {
    /// Adds what one read brought and caused.
    pub(crate) fn add(&self, batch: &Batch, now: Instant) {
        // One writer: a load and a store are enough.
        let add = |count: &AtomicU64, more: u64| count.store(count.load(Relaxed) + more, Relaxed);
        add(&self.received, batch.received);
        add(&self.sent, batch.sent);
        add(&self.bytes_received, batch.bytes_received);
        add(&self.bytes_sent, batch.bytes_sent);
        self.last.store(in_millis(now.into_std()), Relaxed);
    }

    /// The counts as of now. Those that are not about messages are 0.
    pub fn totals(&self) -> Totals {
        Totals {
            received: self.received.load(Relaxed),
            sent: self.sent.load(Relaxed),
            bytes_received: self.bytes_received.load(Relaxed),
            bytes_sent: self.bytes_sent.load(Relaxed),
            ..Totals::default()
        }
    }

    /// How long ago the last data message passed; `None`: there was none.
    pub fn silent_for(&self) -> Option<Duration> {
        let last = self.last.load(Relaxed).checked_sub(1)?;
        Some(Duration::from_millis(
            in_millis(StdInstant::now()).saturating_sub(last + 1),
        ))
    }
}

/// Milliseconds from when this was first asked to `at`, and one.
fn in_millis(at: StdInstant) -> u64 {
    static START: LazyLock<StdInstant> = LazyLock::new(StdInstant::now);
    let since = at.saturating_duration_since(*START);
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX - 1) + 1
}

/// Messages and payload bytes of one turn of a link, added to the thread's counts at once.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) received: u64,
    pub(crate) bytes_received: u64,
    pub(crate) sent: u64,
    pub(crate) bytes_sent: u64,
    /// When the input of this turn was read.
    pub(crate) read_at: Option<Instant>,
    /// The session wants to know when the turn is over, though nothing may have passed.
    pub(crate) is_awaited: bool,
}

/// The counts of all threads of a server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Counts(Arc<[Arc<ThreadCounts>]>);

impl Counts {
    pub(crate) fn new(threads: Vec<Arc<ThreadCounts>>) -> Self {
        Self(threads.into())
    }

    /// The sums as of now.
    pub fn totals(&self) -> Totals {
        let sum = |pick: fn(&ThreadCounts) -> &AtomicU64| -> u64 {
            self.0.iter().map(|thread| pick(thread).load(Relaxed)).sum()
        };
        Totals {
            opened: sum(|counts| &counts.opened),
            ended: sum(|counts| &counts.ended),
            rejected: sum(|counts| &counts.rejected),
            tls_failed: sum(|counts| &counts.tls_failed),
            received: sum(|counts| &counts.received),
            sent: sum(|counts| &counts.sent),
            bytes_received: sum(|counts| &counts.bytes_received),
            bytes_sent: sum(|counts| &counts.bytes_sent),
            left_out: sum(|counts| &counts.left_out),
        }
    }
}

/// Sums over all connections since the start. Messages are data messages: no pings, no closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Upgrades that succeeded.
    pub opened: u64,
    /// Connections that have ended.
    pub ended: u64,
    /// Upgrades that were refused, whatever the reason.
    pub rejected: u64,
    /// Handshakes of TLS that came to nothing, those of peers that do not speak it too.
    pub tls_failed: u64,
    /// Data messages received.
    pub received: u64,
    /// Data messages sent.
    pub sent: u64,
    /// Payload bytes of the messages received.
    pub bytes_received: u64,
    /// Payload bytes of the messages sent.
    pub bytes_sent: u64,
    /// Messages from others that links which were behind did not get.
    pub left_out: u64,
}
