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

/// Messages that may wait for the thread.
const MOST_WAITING: usize = 4096;
/// Their bytes, all together. Beyond: they are not written, and counted.
const MOST_WAITING_BYTES: usize = 64 * 1024 * 1024;
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
struct Lines {
    file: PathBuf,
    bytes: Vec<u8>,
    records: u64,
    ledger: Arc<Ledger>,
}

impl Writer {
    /// Has lines appended to a file. Where there is no room they are counted as not written.
    pub(super) fn write(&self, file: &Path, bytes: Vec<u8>, records: u64, ledger: &Arc<Ledger>) {
        let length = bytes.len();
        let lines = Lines {
            file: file.to_owned(),
            bytes,
            records,
            ledger: Arc::clone(ledger),
        };
        let has_room = self.waiting.fetch_add(length, Relaxed) + length <= MOST_WAITING_BYTES;
        let sent = has_room
            && self
                .sender()
                .is_some_and(|sender| sender.try_send(lines).is_ok());
        if !sent {
            self.waiting.fetch_sub(length, Relaxed);
            ledger.miss(records);
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
    let mut files: HashMap<PathBuf, Option<File>> = HashMap::new();
    while let Ok(lines) = receiver.recv() {
        let file = files.entry(lines.file.clone()).or_insert(None);
        if let Err(problem) = append(file, &lines) {
            // The next message tries again; the first failure of a row is told.
            if file.take().is_some() || lines.ledger.entries().unwritten == 0 {
                warn!("cannot write {}: {problem}", lines.file.display());
            }
            lines.ledger.miss(lines.records);
        }
        waiting.fetch_sub(lines.bytes.len(), Relaxed);
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
