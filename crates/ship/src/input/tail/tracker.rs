//! Where lines end passes through here with their receipts; what is safe is written down.

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::offsets::{Mark, Offsets};
use super::scan::FileId;
use crate::collector::{Collector, Receipt};
use crate::input::LastWork;
use crate::report::Log;

/// Places that wait for their receipts.
const WAITING: usize = 65_536;
/// The shortest time between two writes.
const PAUSE: Duration = Duration::from_secs(1);

/// How far a file was read.
#[derive(Debug)]
pub(super) enum Progress {
    /// Up to this place.
    Read(FileId, Mark),
    /// It is not followed any more.
    Gone(FileId),
}

/// Takes notes of what was read.
pub(super) struct Tracker {
    notes: mpsc::Sender<(Progress, Option<Receipt>)>,
}

impl Tracker {
    /// Starts to take notes; the last ones are written when the engine has ended.
    pub(super) fn start(
        path: PathBuf,
        is_synced: bool,
        offsets: Offsets,
        collector: &Collector,
        last_work: &LastWork,
    ) -> Self {
        let (notes, waiting) = mpsc::channel(WAITING);
        let book = Book {
            path,
            is_synced,
            offsets,
            frozen: HashSet::new(),
            is_dirty: false,
            due: Instant::now(),
            stopping: collector.stopping.clone(),
            name: collector.name().to_owned(),
            log: collector.log().clone(),
        };
        last_work.add(tokio::spawn(book.keep(waiting)));
        Self { notes }
    }

    /// The records up to `progress` are with the engine.
    pub(super) async fn note(&self, progress: Progress, receipt: Option<Receipt>) {
        // A book that is closed takes no notes.
        let _ = self.notes.send((progress, receipt)).await;
    }
}

/// What is written down.
struct Book {
    path: PathBuf,
    is_synced: bool,
    offsets: Offsets,
    /// Files some of whose records were not delivered when all ended: the next run sends them again.
    frozen: HashSet<FileId>,
    is_dirty: bool,
    due: Instant,
    // Not the collector: it would keep alive what the receipts are about.
    stopping: watch::Receiver<bool>,
    name: String,
    log: Log,
}

impl Book {
    async fn keep(mut self, mut notes: mpsc::Receiver<(Progress, Option<Receipt>)>) {
        loop {
            let note = tokio::select! {
                biased;
                note = notes.recv() => note,
                () = tokio::time::sleep_until(self.due), if self.is_dirty => {
                    self.write().await;
                    continue;
                }
            };
            let Some((progress, receipt)) = note else {
                break;
            };
            let is_safe = match receipt {
                Some(receipt) => self.settled(receipt).await,
                None => true,
            };
            self.take(progress, is_safe);
        }
        if self.is_dirty {
            self.write().await;
        }
    }

    /// Waits for a receipt; what was safe before is written meanwhile.
    async fn settled(&mut self, receipt: Receipt) -> bool {
        let safe = receipt.safe();
        tokio::pin!(safe);
        loop {
            tokio::select! {
                biased;
                is_safe = safe.as_mut() => return is_safe,
                () = tokio::time::sleep_until(self.due), if self.is_dirty => self.write().await,
            }
        }
    }

    /// Records that an output has given up are lost and were counted; those that were there when all
    /// ended are not lost, as they are read again.
    fn take(&mut self, progress: Progress, is_safe: bool) {
        match progress {
            Progress::Read(id, mark) => {
                if !is_safe && *self.stopping.borrow() {
                    self.frozen.insert(id);
                }
                if !self.frozen.contains(&id) {
                    self.offsets.set(id, mark);
                    self.is_dirty = true;
                }
            }
            Progress::Gone(id) => {
                if !self.frozen.contains(&id) {
                    self.offsets.forget(id);
                    self.is_dirty = true;
                }
            }
        }
    }

    async fn write(&mut self) {
        self.is_dirty = false;
        self.due = Instant::now() + PAUSE;
        let (offsets, path, is_synced) = (self.offsets.clone(), self.path.clone(), self.is_synced);
        let written = tokio::task::spawn_blocking(move || offsets.write(&path, is_synced)).await;
        let problem = match written {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        let (name, path) = (&self.name, self.path.display());
        self.log.error(format_args!(
            "[input:tail:{name}] cannot write the offsets to {path}: {problem}"
        ));
    }
}
