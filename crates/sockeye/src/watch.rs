//! Changes of files to signals: the folders are watched, the contents compared.

use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Read as _, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Time without an event after which an edit is complete.
const SETTLE: Duration = Duration::from_millis(100);

/// Time after which an edit that goes on and on is looked at all the same.
const SETTLE_LONGEST: Duration = Duration::from_secs(2);

/// Time after which the files are looked at without an event.
const LOOK: Duration = Duration::from_secs(1);

/// Bytes of a file that are looked at: no file that has a say may be longer, and a recording may be as long. Of
/// the rest the length counts.
const MOST_BYTES: u64 = 64 << 20;

/// Watches files by their folders, because editors replace files and links are swapped.
#[derive(Debug)]
pub(crate) struct FileWatch {
    files: Vec<PathBuf>,
    seen: u64,
    /// What the files' entries looked like when they were last read.
    stamp: Option<u64>,
    events: mpsc::Receiver<()>,
    watcher: RecommendedWatcher,
}

impl FileWatch {
    /// Starts to watch files that were read when their [`fingerprint`] was `seen`. The error is the
    /// operating system's.
    pub(crate) fn new(files: &[PathBuf], seen: u64) -> notify::Result<Self> {
        // One waiting event is enough: it means "look again".
        let (sender, events) = mpsc::channel(1);
        // The first look finds what was edited before the watch began.
        let _ = sender.try_send(());
        let mut watcher = notify::recommended_watcher(move |event| {
            if !is_a_look(&event) {
                let _ = sender.try_send(());
            }
        })?;
        for folder in folders(files) {
            watcher.watch(&folder, RecursiveMode::NonRecursive)?;
        }
        let files = files.to_vec();
        Ok(Self {
            files,
            seen,
            stamp: None,
            events,
            watcher,
        })
    }

    /// Watches these files from now on, which were read when their [`fingerprint`] was `seen`.
    pub(crate) fn follow(&mut self, files: &[PathBuf], seen: u64) {
        self.seen = seen;
        if self.files == files {
            return;
        }
        let (old, new) = (folders(&self.files), folders(files));
        for folder in old.iter().filter(|folder| !new.contains(folder)) {
            // An error means that it is gone already.
            let _ = self.watcher.unwatch(folder);
        }
        for folder in &new {
            // One that is not there is looked for again later.
            let _ = self.watcher.watch(folder, RecursiveMode::NonRecursive);
        }
        self.files = files.to_vec();
        // The next look compares the contents.
        self.stamp = None;
    }

    /// Waits until the content of a file is another one.
    pub(crate) async fn changed(&mut self) {
        loop {
            tokio::select! {
                Some(()) = self.events.recv() => self.settle().await,
                // Folders may be replaced together with their watch.
                () = tokio::time::sleep(LOOK) => {}
            }
            let stamp = stamp(&self.files);
            if self.stamp == Some(stamp) {
                continue;
            }
            self.stamp = Some(stamp);
            for folder in folders(&self.files) {
                // One that is not there is looked for again later.
                let _ = self.watcher.watch(&folder, RecursiveMode::NonRecursive);
            }
            let now = fingerprint(&self.files);
            if now != self.seen {
                self.seen = now;
                return;
            }
        }
    }

    /// Waits until nothing has happened for a while: files are often written piece by piece.
    async fn settle(&mut self) {
        let pieces = async { while timeout(SETTLE, self.events.recv()).await.is_ok() {} };
        let _ = timeout(SETTLE_LONGEST, pieces).await;
    }
}

/// Whether somebody only opened or read a file, as we do ourselves.
fn is_a_look(event: &notify::Result<Event>) -> bool {
    let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
    event
        .as_ref()
        .is_ok_and(|event| event.kind.is_access() && event.kind != written)
}

/// The folders of the files, also those that links lead to.
fn folders(files: &[PathBuf]) -> Vec<PathBuf> {
    let folder = |file: &Path| match file.parent() {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("/"),
    };
    let mut folders: Vec<PathBuf> = Vec::new();
    for file in files {
        folders.push(folder(file));
        folders.extend(file.canonicalize().ok().map(|file| folder(&file)));
    }
    folders.sort();
    folders.dedup();
    folders
}

/// A number that changes with the contents. What is no readable file counts as one of its own.
pub(crate) fn fingerprint(files: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let read = file.is_file().then(|| digest(file, &mut hasher).ok());
        read.flatten().hash(&mut hasher);
    }
    hasher.finish()
}

/// Reads a file piece by piece: one that is too long to be served must not be held in memory either.
fn digest(file: &Path, hasher: &mut DefaultHasher) -> io::Result<(u64, u64)> {
    let file = File::open(file)?;
    let length = file.metadata()?.len();
    let read = io::copy(&mut file.take(MOST_BYTES), &mut Hashed(hasher))?;
    Ok((length, read))
}

/// What is written into it is hashed.
struct Hashed<'h>(&'h mut DefaultHasher);

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A number that changes with the files' entries, without reading them.
fn stamp(files: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let entry = file.metadata().ok();
        let entry =
            entry.map(|entry| (entry.ino(), entry.len(), entry.mtime(), entry.mtime_nsec()));
        entry.hash(&mut hasher);
    }
    hasher.finish()
}
