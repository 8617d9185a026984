//! The thread that reads: files are found, get their turns, and are left when they have moved away.

mod paths;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

use super::Settings;
use super::follow::Followed;
use super::offsets::{Mark, Offsets};
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
