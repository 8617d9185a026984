//! What tests of the tape share: entries, a watch that can be asked, a storage that fails.

use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sockeye_tape::{
    Content, Direction, Entry, Folder, Head, PartReader, RecordEvent, Sheet, Storage, Watch,
};

/// Long enough for any machine; a test that works never waits for it.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) fn head() -> Head {
    Head::at("2024-01-15T10:30:00Z".parse().expect("it works"))
}

pub(crate) fn text(ms: u64, direction: Direction, text: &str) -> Entry {
    Entry::new(
        Duration::from_millis(ms),
        direction,
        Content::Text(text.to_owned()),
    )
}

/// What a recording tells.
pub(crate) struct Told(Receiver<RecordEvent>);

impl Told {
    pub(crate) fn new() -> (Self, Watch) {
        let (to, from) = mpsc::channel();
        let to = Mutex::new(to);
        let watch = move |event| {
            let _ = to.lock().expect("it works").send(event);
        };
        (Self(from), Arc::new(watch))
    }

    pub(crate) fn next(&self) -> RecordEvent {
        self.0.recv_timeout(PATIENCE).expect("something is told")
    }

    /// The next thing after the start, as text: `finished FILE N` or the error.
    pub(crate) fn end(&self) -> String {
        match self.next() {
            RecordEvent::Started { .. } => self.end(),
            RecordEvent::Finished { file, messages } => {
                format!("finished {} {messages}", file.display())
            }
            RecordEvent::Failed { error } => error.to_string(),
        }
    }

    /// Nothing more was told, once the deck is gone.
    pub(crate) fn is_silent(&self) -> bool {
        self.0.try_recv().is_err()
    }
}

/// All entries of a `.part` file up to its damage.
pub(crate) fn entries(from: impl Read) -> Vec<Entry> {
    let mut reader = PartReader::begin(from).expect("a first line");
    let mut entries = Vec::new();
    while let Some(entry) = reader.next_entry().expect("readable") {
        entries.push(entry);
    }
    entries
}

/// A folder on a disk with room for so many more bytes.
#[derive(Debug)]
pub(crate) struct Tight {
    pub(crate) folder: Folder,
    pub(crate) room: Arc<AtomicUsize>,
    /// What the system says when there is none: `ENOSPC`, `EIO`.
    pub(crate) errno: i32,
    /// Syncing fails, whatever room there is.
    pub(crate) broken_sync: bool,
}

#[derive(Debug)]
struct TightSheet {
    sheet: Box<dyn Sheet>,
    room: Arc<AtomicUsize>,
    errno: i32,
    broken_sync: bool,
}

impl Write for TightSheet {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room.load(Ordering::SeqCst).min(bytes.len());
        if room == 0 && !bytes.is_empty() {
            return Err(io::Error::from_raw_os_error(self.errno));
        }
        self.room.fetch_sub(room, Ordering::SeqCst);
        self.sheet.write_all(&bytes[..room])?;
        Ok(room)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.sheet.flush()
    }
}

impl Sheet for TightSheet {
    fn sync(&mut self) -> io::Result<()> {
        if self.broken_sync {
            return Err(io::Error::from_raw_os_error(self.errno));
        }
        self.sheet.sync()
    }
}

impl Storage for Tight {
    fn create(&self, name: &str) -> io::Result<Box<dyn Sheet>> {
        let sheet = self.folder.create(name)?;
        let room = Arc::clone(&self.room);
        Ok(Box::new(TightSheet {
            sheet,
            room,
            errno: self.errno,
            broken_sync: self.broken_sync,
        }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        self.folder.open(name)
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        self.folder.exists(name)
    }

    fn rename(&self, from: &str, to: &str, replace: bool) -> io::Result<()> {
        self.folder.rename(from, to, replace)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.folder.remove(name)
    }

    fn sync(&self) -> io::Result<()> {
        self.folder.sync()
    }
}
