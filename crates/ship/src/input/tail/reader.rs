//! The thread that reads: files are found, get their turns, and are left when they have moved away.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use super::Settings;
use super::follow::Followed;
use super::offsets::{Mark, Offsets};
use super::scan::{self, FileId};
use super::tracker::Progress;
use crate::collector::Collector;
use crate::input::line::Line;

/// How often files are looked at that have nothing new.
const LOOK: Duration = Duration::from_millis(200);
/// Bytes that are read at once.
const READ_BYTES: usize = 256 * 1024;
/// How many reads a file gets before the next one has its turn.
const READS: usize = 8;
/// How many files are followed at once.
const MOST_FILES: usize = 10_000;

/// Lines of one file.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) tag: Option<Arc<str>>,
    pub(super) records: Vec<u8>,
    pub(super) count: u32,
    pub(super) mark: Progress,
}

/// Nobody wants lines any more.
struct Ended;

/// Reads files until it is told to stop.
pub(super) struct Reader {
    settings: Settings,
    offsets: Offsets,
    files: Vec<Followed>,
    line: Line,
    buffer: Vec<u8>,
    collector: Collector,
    batches: Sender<Batch>,
    stop: Receiver<()>,
    next_scan: Instant,
    is_first_scan: bool,
    is_full: bool,
}

impl Reader {
    pub(super) fn new(
        settings: Settings,
        offsets: Offsets,
        collector: &Collector,
        batches: Sender<Batch>,
        stop: Receiver<()>,
    ) -> Self {
        Self {
            line: Line::new(&settings.key, settings.parser.clone()),
            settings,
            offsets,
            files: Vec::new(),
            buffer: vec![0; READ_BYTES],
            collector: collector.clone(),
            batches,
            stop,
            next_scan: Instant::now(),
            is_first_scan: true,
            is_full: false,
        }
    }

    pub(super) fn run(mut self) {
        // Whoever ended it knows.
        let _ = self.read_all();
    }

    fn read_all(&mut self) -> Result<(), Ended> {
        loop {
            if Instant::now() >= self.next_scan {
                self.scan();
            }
            let has_more = self.turns()?;
            self.look_at_paths()?;
            if !has_more && self.settings.exit_on_eof {
                return self.give_rests();
            }
            let pause = if has_more { Duration::ZERO } else { LOOK };
            match self.stop.recv_timeout(pause) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return Ok(()),
            }
        }
    }

    /// Finds files that are new.
    fn scan(&mut self) {
        self.next_scan = Instant::now() + self.settings.refresh;
        let is_first = std::mem::take(&mut self.is_first_scan);
        for path in self.settings.patterns.found() {
            let is_followed = |id| self.files.iter().any(|file| file.id == id);
            if FileId::at(&path).is_some_and(|id| !is_followed(id)) {
                self.follow(&path, !is_first || self.settings.from_head);
            }
        }
        if is_first && self.files.is_empty() {
            self.say("there is no file yet that `path` means");
        }
    }

    fn follow(&mut self, path: &Path, from_head: bool) {
        if self.files.len() >= MOST_FILES {
            if !std::mem::replace(&mut self.is_full, true) {
                self.say(format_args!(
                    "more than {MOST_FILES} files: further ones are not followed"
                ));
            }
            return;
        }
        let (file, metadata) = match scan::open(path) {
            Ok(opened) => opened,
            Err(error) => return self.say(format_args!("cannot open {}: {error}", path.display())),
        };
        if self.is_too_old(&metadata) {
            return;
        }
        let id = FileId::of(&metadata);
        let known = self
            .offsets
            .find(id, &file)
            .filter(|&offset| offset <= metadata.len());
        let offset = known.unwrap_or(if from_head { 0 } else { metadata.len() });
        let tag = tag(self.collector.tag(), path);
        self.collector.log().debug(format_args!(
            "[input:tail:{}] follows {} from {offset}",
            self.collector.name(),
            path.display()
        ));
        self.files
            .push(Followed::new(PathBuf::from(path), id, file, offset, tag));
    }

    fn is_too_old(&self, metadata: &std::fs::Metadata) -> bool {
        let Some(limit) = self.settings.ignore_older else {
            return false;
        };
        let now = std::time::SystemTime::from(self.settings.clock.now());
        let age = metadata
            .modified()
            .ok()
            .and_then(|changed| now.duration_since(changed).ok());
        age.is_some_and(|age| age > limit)
    }

    /// Every file reads; whether one of them may have more.
    fn turns(&mut self) -> Result<bool, Ended> {
        let mut has_more = false;
        for index in 0..self.files.len() {
            for _ in 0..READS {
                if self.stop.try_recv() == Err(std::sync::mpsc::TryRecvError::Disconnected) {
                    return Ok(false);
                }
                let has_read_all = !self.turn(index)?;
                if has_read_all {
                    break;
                }
                has_more = true;
            }
        }
        Ok(has_more)
    }

    fn turn(&mut self, index: usize) -> Result<bool, Ended> {
        let Some(file) = self.files.get_mut(index) else {
            return Ok(false);
        };
        let before = file.offset();
        let mut records = Vec::with_capacity(READ_BYTES);
        let turn = match file.turn(
            &self.settings,
            &mut self.line,
            &mut self.buffer,
            &mut records,
        ) {
            Ok(turn) => turn,
            Err(error) => {
                let path = file.path.display().to_string();
                self.say(format_args!("cannot read {path}: {error}"));
                return Ok(false);
            }
        };
        if turn.is_truncated {
            let path = file.path.display().to_string();
            self.say(format_args!(
                "{path} has become shorter: it is read from its beginning"
            ));
        }
        if turn.skipped > 0 {
            let (path, bytes) = (self.path(index), turn.skipped);
            self.say(format_args!("{bytes} bytes of a line in {path} were left out: it is longer than `buffer_max_size`"));
        }
        let has_moved = self
            .files
            .get(index)
            .is_some_and(|file| file.offset() != before);
        if turn.count > 0 || has_moved {
            self.send(index, records, turn.count)?;
        }
        Ok(turn.has_more)
    }

    fn path(&self, index: usize) -> String {
        self.files
            .get(index)
            .map(|file| file.path.display().to_string())
            .unwrap_or_default()
    }

    fn send(&self, index: usize, records: Vec<u8>, count: u32) -> Result<(), Ended> {
        let Some(file) = self.files.get(index) else {
            return Ok(());
        };
        // A file that cannot be read any more has no beginning to be known by.
        let Some(head) = file.head() else {
            return Ok(());
        };
        let path = file.path.display().to_string();
        let mark = Mark {
            path,
            offset: file.offset(),
            head,
        };
        let batch = Batch {
            tag: file.tag.clone(),
            records,
            count,
            mark: Progress::Read(file.id, mark),
        };
        self.batches.blocking_send(batch).map_err(|_| Ended)
    }

    /// Notices files that have moved away and those that are in their place; leaves those that are
    /// read to their end and moved long ago.
    fn look_at_paths(&mut self) -> Result<(), Ended> {
        let mut new = Vec::new();
        for file in &mut self.files {
            let there = FileId::at(&file.path);
            if there == Some(file.id) {
                file.moved_since = None;
                continue;
            }
            if file.moved_since.is_none() {
                file.moved_since = Some(Instant::now());
                new.extend(there.map(|_| file.path.clone()));
            }
        }
        for path in new {
            let is_followed = |id| self.files.iter().any(|file| file.id == id);
            if FileId::at(&path).is_some_and(|id| !is_followed(id)) {
                self.follow(&path, true);
            }
        }
        let wait = self.settings.rotate_wait;
        while let Some(index) = self.files.iter().position(|file| file.is_left(wait)) {
            self.leave(index)?;
        }
        Ok(())
    }

    /// What it had last is taken, too.
    fn leave(&mut self, index: usize) -> Result<(), Ended> {
        while self.turn(index)? {}
        self.give_rest(index)?;
        let file = self.files.swap_remove(index);
        let is_elsewhere = self
            .settings
            .patterns
            .found()
            .iter()
            .any(|path| FileId::at(path) == Some(file.id));
        if is_elsewhere {
            // It has another name that is wanted, too: the next scan finds it, at its offset.
            if let Some(head) = file.head() {
                let path = file.path.display().to_string();
                self.offsets.set(
                    file.id,
                    Mark {
                        path,
                        offset: file.offset(),
                        head,
                    },
                );
            }
            self.next_scan = Instant::now();
            return Ok(());
        }
        let gone = Batch {
            tag: None,
            records: Vec::new(),
            count: 0,
            mark: Progress::Gone(file.id),
        };
        self.batches.blocking_send(gone).map_err(|_| Ended)
    }

    fn give_rests(&mut self) -> Result<(), Ended> {
        (0..self.files.len()).try_for_each(|index| self.give_rest(index))
    }

    fn give_rest(&mut self, index: usize) -> Result<(), Ended> {
        let Some(file) = self.files.get_mut(index) else {
            return Ok(());
        };
        let mut records = Vec::new();
        let count = file.give_rest(&self.settings, &mut self.line, &mut records);
        if count == 0 {
            return Ok(());
        }
        self.send(index, records, count)
    }

    fn say(&self, text: impl std::fmt::Display) {
        let name = self.collector.name();
        self.collector
            .log()
            .warn(format_args!("[input:tail:{name}] {text}"));
    }
}

/// The tag of a file: the path in place of a `*`, its slashes turned into dots.
fn tag(tag: &str, path: &Path) -> Option<Arc<str>> {
    let (before, behind) = tag.split_once('*')?;
    let path = path.to_string_lossy().replace('/', ".");
    let path = path.trim_start_matches('.');
    Some(format!("{before}{path}{behind}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_in_the_tag_is_the_path() {
        assert_eq!(
            tag("kube.*", Path::new("/var/log/a.log")).as_deref(),
            Some("kube.var.log.a.log")
        );
        assert_eq!(
            tag("kube.*", Path::new("a1.log")).as_deref(),
            Some("kube.a1.log")
        );
        assert_eq!(tag("plain", Path::new("a1.log")), None);
    }
}
