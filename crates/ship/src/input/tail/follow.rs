//! One file that is followed: its bytes pass through here and become lines.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Settings;
use super::offsets::Head;
use super::scan::FileId;
use crate::input::documents::Extra;
use crate::input::line::Line;
use crate::input::now;
use crate::record::{Time, pack};

/// A file at a place in it.
pub(super) struct Followed {
    pub(super) path: PathBuf,
    pub(super) id: FileId,
    pub(super) tag: Option<Arc<str>>,
    file: File,
    /// Where the line begins that is not whole.
    start: u64,
    /// The bytes of that line.
    waiting: Vec<u8>,
    /// Since when they have not become more.
    quiet_since: Option<Instant>,
    /// Whether the line is too long, and its rest is passed over.
    is_skipping: bool,
    /// Whether its last line was taken without its newline, which is then no line of its own.
    is_cut: bool,
    /// When its bytes were read: the time of lines that bring none.
    time: Time,
    /// Since when another file is at its path, or none.
    pub(super) moved_since: Option<Instant>,
}

/// What a file gave in one turn.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) count: u32,
    /// Whether there may be more at once.
    pub(super) has_more: bool,
    /// Bytes of lines that were too long.
    pub(super) skipped: usize,
    /// Whether it had become shorter, and is read from its beginning.
    pub(super) is_truncated: bool,
}

impl Followed {
    pub(super) fn new(
        path: PathBuf,
        id: FileId,
        file: File,
        offset: u64,
        tag: Option<Arc<str>>,
    ) -> Self {
        Self {
            path,
            id,
            tag,
            file,
            start: offset,
            waiting: Vec::new(),
            quiet_since: None,
            is_skipping: false,
            is_cut: false,
            time: Time::new(0, 0),
            moved_since: None,
        }
    }

    /// Up to where its lines were given.
    pub(super) fn offset(&self) -> u64 {
        self.start
    }

    /// The first bytes, by which it is known again.
    pub(super) fn head(&self) -> Option<Head> {
        Head::of(&self.file, self.start).ok()
    }

    /// Reads once; appends the lines that are whole.
    pub(super) fn turn(
        &mut self,
        settings: &Settings,
        line: &mut Line,
        buffer: &mut [u8],
        out: &mut Vec<u8>,
    ) -> io::Result<Turn> {
        let mut turn = Turn::default();
        self.time = now(&settings.clock);
        let at = self.start + self.waiting.len() as u64;
        let length = self.file.read_at(buffer, at)?;
        if length == 0 {
            return self.at_end(settings, line, at, out);
        }
        self.quiet_since = None;
        turn.has_more = length == buffer.len();
        self.take(
            settings,
            line,
            buffer.get(..length).unwrap_or_default(),
            &mut turn,
            out,
        );
        Ok(turn)
    }

    fn at_end(
        &mut self,
        settings: &Settings,
        line: &mut Line,
        at: u64,
        out: &mut Vec<u8>,
    ) -> io::Result<Turn> {
        let mut turn = Turn::default();
        if self.file.metadata()?.len() < at {
            self.start = 0;
            self.waiting.clear();
            self.is_skipping = false;
            self.is_cut = false;
            turn.is_truncated = true;
            turn.has_more = true;
            return Ok(turn);
        }
        let since = *self.quiet_since.get_or_insert_with(Instant::now);
        if settings
            .last_line_wait
            .is_some_and(|wait| since.elapsed() >= wait)
        {
            turn.count = self.give_rest(settings, line, out);
        }
        Ok(turn)
    }

    /// The last line, though no newline ends it.
    pub(super) fn give_rest(
        &mut self,
        settings: &Settings,
        line: &mut Line,
        out: &mut Vec<u8>,
    ) -> u32 {
        if self.waiting.is_empty() || self.is_skipping {
            return 0;
        }
        self.time = now(&settings.clock);
        let rest = std::mem::take(&mut self.waiting);
        let count = self.give(settings, line, &rest, out);
        self.start += rest.len() as u64;
        self.is_cut = true;
        count
    }

    fn take(
        &mut self,
        settings: &Settings,
        line: &mut Line,
        bytes: &[u8],
        turn: &mut Turn,
        out: &mut Vec<u8>,
    ) {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (text, behind) = rest.split_at(end);
            rest = behind.get(1..).unwrap_or_default();
            if self.waiting.is_empty() && !self.is_skipping && text.len() <= settings.limit {
                // The common case: a whole line, nothing is copied twice.
                let is_rest = std::mem::take(&mut self.is_cut) && text.is_empty();
                if !is_rest {
                    turn.count += self.give(settings, line, text, out);
                }
                self.start += end as u64 + 1;
                continue;
            }
            self.keep(settings, text, turn);
            let whole = std::mem::take(&mut self.waiting);
            if std::mem::take(&mut self.is_skipping) && !settings.cuts_long_lines {
                self.start += whole.len() as u64 + 1;
                continue;
            }
            turn.count += self.give(settings, line, &whole, out);
            self.start += whole.len() as u64 + 1;
        }
        self.keep(settings, rest, turn);
    }

    /// Bytes of a line that is not whole. Of one that is too long no more than fits is kept; the
    /// offset moves on over the rest.
    fn keep(&mut self, settings: &Settings, text: &[u8], turn: &mut Turn) {
        if text.is_empty() {
            return;
        }
        self.is_cut = false;
        let room = settings.limit.saturating_sub(self.waiting.len());
        let (kept, over) = text.split_at(text.len().min(room));
        self.waiting.extend_from_slice(kept);
        if over.is_empty() {
            return;
        }
        if !self.is_skipping {
            self.is_skipping = true;
            turn.skipped += if settings.cuts_long_lines {
                0
            } else {
                self.waiting.len()
            };
        }
        turn.skipped += over.len();
        self.start += over.len() as u64;
    }

    fn give(&self, settings: &Settings, line: &mut Line, text: &[u8], out: &mut Vec<u8>) -> u32 {
        if text.is_empty() && settings.skips_empty_lines {
            return 0;
        }
        let mut front = Extra::default();
        if let Some(key) = &settings.path_key {
            front.string(key, &self.path.to_string_lossy());
        }
        if let Some(key) = &settings.offset_key {
            pack::string(&mut front.bytes, key.as_bytes());
            pack::uint(&mut front.bytes, self.start);
            front.pairs += 1;
        }
        u32::from(line.append(text, self.time, &front, &Extra::default(), out))
    }

    /// Whether it was moved away long enough ago that nobody writes to it any more.
    pub(super) fn is_left(&self, wait: Duration) -> bool {
        self.moved_since
            .is_some_and(|since| since.elapsed() >= wait)
    }
}
