//! What inputs bring passes through here: room is waited for, a receipt is given.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::sync::{Notify, watch};

use crate::monitor::InputCounters;
use crate::pipeline::Pipeline;
use crate::report::Log;

/// Bytes of one input that may be in memory where nothing else was said. Beyond: the input waits.
pub const MEMORY_BYTES: u64 = 100_000_000;

/// Nothing is taken any more: the engine has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the engine has ended")]
pub struct Stopped;

/// Where the records of an input wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keeping {
    /// In memory; where that is full the input waits.
    #[default]
    Memory,
    /// In memory; where that is full the oldest go.
    Ring,
    /// On disk.
    Disk,
}

/// The memory of one input.
#[derive(Debug)]
pub struct Account {
    pub(crate) name: Arc<str>,
    limit: usize,
    pub(crate) keeping: Keeping,
    used: AtomicUsize,
    room: Notify,
    is_paused: AtomicBool,
    pub(crate) counters: Arc<InputCounters>,
    log: Log,
}

impl Account {
    pub(crate) fn new(
        counters: Arc<InputCounters>,
        keeping: Keeping,
        limit: Option<u64>,
        log: Log,
    ) -> Arc<Self> {
        let limit = usize::try_from(limit.unwrap_or(MEMORY_BYTES)).unwrap_or(usize::MAX);
        Arc::new(Self {
            name: Arc::clone(&counters.name),
            limit,
            keeping,
            used: AtomicUsize::new(0),
            room: Notify::new(),
            is_paused: AtomicBool::new(false),
            counters,
            log,
        })
    }

    /// So much more is in memory.
    pub(crate) fn hold(&self, bytes: usize) {
        let used = self.used.fetch_add(bytes, Ordering::AcqRel) + bytes;
        self.counters.held.store(used, Ordering::Relaxed);
    }

    /// So much is not any more.
    pub(crate) fn release(&self, bytes: usize) {
        let used = self.used.fetch_sub(bytes, Ordering::AcqRel) - bytes;
        self.counters.held.store(used, Ordering::Relaxed);
        if used < self.limit {
            if self.is_paused.swap(false, Ordering::AcqRel) {
                let name = &self.name;
                self.log
                    .info(format_args!("[input] {name} resume (mem buf overlimit)"));
            }
            self.room.notify_waiters();
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.used.load(Ordering::Acquire) >= self.limit
    }

    /// Whether a ring holds more than it may.
    pub(crate) fn has_too_much(&self) -> bool {
        self.keeping == Keeping::Ring && self.is_full()
    }

    /// Waits until there is room. What is on disk needs none: only what is sent is in memory.
    async fn wait_for_room(&self) {
        loop {
            let room = self.room.notified();
            if self.keeping != Keeping::Memory || !self.is_full() {
                return;
            }
            if !self.is_paused.swap(true, Ordering::AcqRel) {
                self.counters.pauses.one();
                let name = &self.name;
                self.log
                    .warn(format_args!("[input] {name} paused (mem buf overlimit)"));
            }
            // Whoever gave room between the question and here has notified us already.
            if self.is_full() {
                room.await;
            }
        }
    }
}

/// What an input gives its records to. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Collector {
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) account: Arc<Account>,
    pub(crate) tag: Arc<str>,
    pub(crate) log: Log,
    pub(crate) stopping: watch::Receiver<bool>,
    /// Filters of this input alone, by their place in the pipeline's list.
    pub(crate) processors: Arc<[usize]>,
}

impl Collector {
    /// Takes `count` records, back to back in the current layout (`[[time, metadata], body]`), under
    /// `tag` or the input's own tag. Waits while the input holds as much memory as it may, and while
    /// a disk has no room: so an input that waits for this call keeps what it has not read.
    ///
    /// # Errors
    ///
    /// [`Stopped`]: the engine has ended; the records are not taken.
    pub async fn append(
        &self,
        tag: Option<&str>,
        records: &[u8],
        count: u32,
    ) -> Result<Receipt, Stopped> {
        let mut ended = self.pipeline.ended.subscribe();
        tokio::select! {
            biased;
            () = self.account.wait_for_room() => {}
            _ = ended.wait_for(|is_over| *is_over) => return Err(Stopped),
        }
        let tag = tag.unwrap_or(&self.tag);
        self.pipeline.take_in(self, tag, records, count).await
    }

    /// Whether [`Self::append`] would wait: for inputs that rather leave out a sample.
    pub fn is_full(&self) -> bool {
        self.account.keeping == Keeping::Memory && self.account.is_full()
    }

    /// Waits until inputs are asked to end. They may still append what they have.
    pub async fn stopping(&self) {
        let mut stopping = self.stopping.clone();
        // A sender that is gone means the same.
        let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
    }

    /// The input's name: `tcp.0`, or its alias.
    pub fn name(&self) -> &str {
        &self.account.name
    }

    /// The input's own tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The input's log, at its own level.
    pub fn log(&self) -> &Log {
        &self.log
    }
}

/// Tells when records are safe.
#[derive(Clone, Debug)]
pub struct Receipt(pub(crate) Option<watch::Receiver<Option<bool>>>);

impl Receipt {
    /// Nothing remains to be done for these records.
    pub(crate) fn done() -> Self {
        Self(None)
    }

    /// Waits until every output that wants the records has them, or they are on disk: then true. False: an output has given them up, or the
    /// engine has ended before.
    pub async fn safe(self) -> bool {
        let Some(mut settled) = self.0 else {
            return true;
        };
        let outcome = settled.wait_for(Option::is_some).await;
        outcome.is_ok_and(|outcome| *outcome == Some(true))
    }

    /// Whether they are safe by now, without waiting; none while that is open.
    pub fn now(&self) -> Option<bool> {
        match &self.0 {
            None => Some(true),
            Some(settled) => match *settled.borrow() {
                None if settled.has_changed().is_err() => Some(false),
                outcome => outcome,
            },
        }
    }
}
