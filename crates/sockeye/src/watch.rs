//! Changes of files to signals: the folders are watched, the contents compared.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// Time in which the events of one edit are taken together.
const SETTLE: Duration = Duration::from_millis(50);

/// Watches files by their folders, because editors replace files and links are swapped.
#[derive(Debug)]
pub(crate) struct FileWatch {
    files: Vec<PathBuf>,
    seen: u64,
    events: mpsc::Receiver<()>,
    _watcher: RecommendedWatcher,
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
            events,
            _watcher: watcher,
        })
    }

    /// Waits until the content of a file is another one.
    pub(crate) async fn changed(&mut self) {
        loop {
            if self.events.recv().await.is_none() {
                // The watcher is gone; there will be no more changes.
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(SETTLE).await;
            let now = fingerprint(&self.files);
            if now != self.seen {
                self.seen = now;
                return;
            }
        }
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

/// A number that changes with the contents. A file that cannot be read counts as one of its own.
pub(crate) fn fingerprint(files: &[PathBuf]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).ok().hash(&mut hasher);
    }
    hasher.finish()
}
