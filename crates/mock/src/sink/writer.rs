//! Records on their way to files: a thread of their own appends them, so that no link waits for a disk.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tracing::warn;

use super::ledger::Ledger;
use super::receipts::Receipts;

/// Messages that may wait for the thread.
const MOST_WAITING: usize = 4096;
/// Their bytes, all together. Beyond: they are not written, and counted.
const MOST_WAITING_BYTES: usize = 64 * 1024 * 1024;
/// Messages that are written before their files are synced, once for all of them.
const MOST_TOGETHER: usize = 256;
/// Files are for the one who runs the mock.
const FILE_MODE: u32 = 0o600;

/// Where lines wait to be written.
#[derive(Debug, Default)]
pub(super) struct Writer {
    thread: Mutex<Option<(SyncSender<Lines>, JoinHandle<()>)>>,
    waiting: Arc<AtomicUsize>,
}

/// The records of one message.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) file: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) records: u64,
    pub(super) ledger: Arc<Ledger>,
    /// Whether they have to be on the disk before they count as written.
    pub(super) is_synced: bool,
    /// The number of the message, and who wants to know when it is written.
    pub(super) receipt: Option<(u64, Arc<Receipts>)>,
}

impl Lines {
    fn settle(&self, is_written: bool) {
        if !is_written {
            self.ledger.miss(self.records);
        }
        if let Some((number, receipts)) = &self.receipt {
            receipts.settle(*number, is_written);
        }
    }
}

impl Writer {
    /// Has lines appended to a file. Where there is no room they are counted as not written.
    pub(super) fn write(&self, lines: Lines) {
        let length = lines.bytes.len();
        let has_room = self.waiting.fetch_add(length, Relaxed) + length <= MOST_WAITING_BYTES;
        let refused = match self.sender().filter(|_| has_room) {
            Some(sender) => sender.try_send(lines).err().map(|refused| match refused {
                std::sync::mpsc::TrySendError::Full(lines)
                | std::sync::mpsc::TrySendError::Disconnected(lines) => lines,
            }),
            None => Some(lines),
        };
        if let Some(lines) = refused {
            self.waiting.fetch_sub(length, Relaxed);
            lines.settle(false);
        }
    }

    /// Writes what waits, and ends the thread.
    pub(super) fn finish(&self) {
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some((sender, thread)) = thread {
            drop(sender);
            // A thread that has panicked has nothing more to write.
            let _ = thread.join();
        }
    }

    /// The way to the thread, which starts with the first message.
    fn sender(&self) -> Option<SyncSender<Lines>> {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.is_none() {
            let (sender, receiver) = sync_channel(MOST_WAITING);
            let waiting = Arc::clone(&self.waiting);
            let run = move || write_all(&receiver, &waiting);
            let handle = std::thread::Builder::new()
                .name("sinks".to_owned())
                .spawn(run)
                .ok()?;
            *thread = Some((sender, handle));
        }
        thread.as_ref().map(|(sender, _)| sender.clone())
    }
}

fn write_all(receiver: &Receiver<Lines>, waiting: &AtomicUsize) {
    let mut files = Files::default();
    while let Ok(first) = receiver.recv() {
        let mut batch = vec![first];
        while batch.len() < MOST_TOGETHER
            && let Ok(next) = receiver.try_recv()
        {
            batch.push(next);
        }
        let written: Vec<bool> = batch.iter().map(|lines| files.append(lines)).collect();
        let synced = files.sync(&batch);
        for (lines, is_written) in batch.iter().zip(written) {
            let is_safe = !lines.is_synced || synced.get(&lines.file) == Some(&true);
            lines.settle(is_written && is_safe);
            waiting.fetch_sub(lines.bytes.len(), Relaxed);
        }
    }
}

/// Files by their paths, open after the first line that was written.
#[derive(Default)]
struct Files(HashMap<PathBuf, Option<File>>);

impl Files {
    /// Appends lines; says whether that went well.
    fn append(&mut self, lines: &Lines) -> bool {
        let file = self.0.entry(lines.file.clone()).or_insert(None);
        let Err(problem) = append(file, lines) else {
            return true;
        };
        // The next message tries again; the first failure of a row is told.
        if file.take().is_some() || lines.ledger.entries().unwritten == 0 {
            warn!("cannot write {}: {problem}", lines.file.display());
        }
        false
    }

    /// Syncs each file of which somebody wants that, once.
    fn sync(&self, batch: &[Lines]) -> HashMap<PathBuf, bool> {
        let mut synced = HashMap::new();
        for lines in batch.iter().filter(|lines| lines.is_synced) {
            let sync = || {
                let file = self.0.get(&lines.file)?.as_ref()?;
                let problem = file.sync_data().err()?;
                warn!("cannot sync {}: {problem}", lines.file.display());
                Some(problem)
            };
            synced
                .entry(lines.file.clone())
                .or_insert_with(|| sync().is_none());
        }
        synced
    }
}

fn append(file: &mut Option<File>, lines: &Lines) -> io::Result<()> {
    let open = match file {
        // A file that was moved away or removed is made again.
        Some(open) if is_there(open, &lines.file) => open,
        _ => file.insert(open(&lines.file)?),
    };
    open.write_all(&lines.bytes)
}

fn is_there(open: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(open), Ok(there)) = (open.metadata(), fs::metadata(path)) else {
        return false;
    };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(FILE_MODE)
        .open(path)
}
