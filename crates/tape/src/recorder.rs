//! Messages on their way to a recording: handed over without waiting, to the deck's thread.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use sockeye_core::Redactor;

use crate::deck::{Desk, Order};
use crate::limits::{WAITING_BYTES, WAITING_BYTES_OF_ALL, WAITING_ENTRIES};
use crate::{Entry, IfTaken, RecordError};

/// What a recording tells, from a thread of its own. At most one of `Finished` and `Failed` comes, once,
/// and nothing after it.
#[derive(Debug)]
pub enum RecordEvent {
    /// The `.part` file is there; this is what it will become.
    Started {
        /// The session file.
        file: PathBuf,
    },
    /// The session file is there.
    Finished {
        /// The session file.
        file: PathBuf,
        /// Messages in it.
        messages: u64,
    },
    /// The recording has ended early. What was written before is in the `.part` file.
    Failed {
        /// Why, as one sentence.
        error: RecordError,
    },
}

/// Who is told. It must not wait for anything: all recordings of a deck wait for it.
pub type Watch = Arc<dyn Fn(RecordEvent) + Send + Sync>;

/// How a recording is made.
#[derive(Clone, Debug, Default)]
pub struct RecordOptions {
    /// What happens if there is a file of that name.
    pub if_taken: IfTaken,
    /// What is replaced before anything is written.
    pub redaction: Arc<Redactor>,
}

/// What waits for the disk.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    entries: AtomicUsize,
    bytes: AtomicUsize,
    /// No more is taken: the recording has failed or ended.
    stopped: AtomicBool,
}

impl Waiting {
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn taken(&self, desk: &Desk, weight: usize) {
        self.entries.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(weight, Ordering::Relaxed);
        desk.bytes.fetch_sub(weight, Ordering::Relaxed);
    }
}

/// One recording that is going on. Dropping it finishes the recording at its last entry.
#[derive(Debug)]
pub struct Recorder {
    pub(crate) id: u64,
    pub(crate) desk: Arc<Desk>,
    pub(crate) waiting: Arc<Waiting>,
    pub(crate) ended: bool,
}

impl Recorder {
    /// Adds an entry. Never waits: after a failure it does nothing, and if too much waits for the disk
    /// the recording fails.
    ///
    /// Entries are written in the order of these calls. One whose time lies before its predecessor's
    /// gets the predecessor's time.
    pub fn record(&self, entry: Entry) {
        if self.waiting.stopped.load(Ordering::Relaxed) {
            return;
        }
        let weight = entry.weight();
        let entries = self.waiting.entries.fetch_add(1, Ordering::Relaxed);
        let bytes = self.waiting.bytes.fetch_add(weight, Ordering::Relaxed);
        let all = self.desk.bytes.fetch_add(weight, Ordering::Relaxed);
        if entries >= WAITING_ENTRIES || bytes > WAITING_BYTES || all > WAITING_BYTES_OF_ALL {
            self.waiting.taken(&self.desk, weight);
            if !self.waiting.stopped.swap(true, Ordering::Relaxed) {
                self.desk.order(Order::Overrun { id: self.id });
            }
            return;
        }
        self.desk.order(Order::Entry { id: self.id, entry });
        if bytes > WAITING_BYTES / 2 || entries == WAITING_ENTRIES / 2 {
            self.desk.wake();
        }
    }

    /// Whether entries are still taken.
    pub fn is_recording(&self) -> bool {
        !self.waiting.stopped.load(Ordering::Relaxed)
    }

    /// Whether so much waits for the disk that a caller who can wait should: a quarter of what may.
    pub fn is_behind(&self) -> bool {
        let entries = self.waiting.entries.load(Ordering::Relaxed);
        let bytes = self.waiting.bytes.load(Ordering::Relaxed);
        entries > WAITING_ENTRIES / 4 || bytes > WAITING_BYTES / 4
    }

    /// Ends the recording, which lasted until `ran` after its start: the session file is made. Returns at
    /// once; the watch is told when it is there.
    pub fn finish(mut self, ran: Duration) {
        self.end(Some(ran));
    }

    fn end(&mut self, ran: Option<Duration>) {
        if !std::mem::replace(&mut self.ended, true) {
            self.waiting.stop();
            self.desk.order(Order::End { id: self.id, ran });
            self.desk.wake();
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.end(None);
    }
}
