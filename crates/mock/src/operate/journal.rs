//! The last events of a server, for those who watch: connections that open and end, messages that pass.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{
    AtomicBool, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sockeye_net::{Direction, Message, Tap};

use super::view::RecordingView;
use crate::facts::Facts;

/// Events that are kept, and the bytes of their messages. The oldest give way.
const MOST_EVENTS: usize = 20_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// Bytes of a message that are kept.
const SHOWN_BYTES: usize = 4_096;

/// How long messages are kept for somebody who asks now and then.
const PATIENCE: Duration = Duration::from_mins(1);

/// What has happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A connection opened; its number.
    Opened(u64),
    /// A connection ended.
    Ended {
        /// Its number.
        connection: u64,
        /// How, in words.
        how: String,
    },
    /// A message passed.
    Message(Arc<SeenMessage>),
    /// A recording could not go on.
    RecordingFailed(Arc<RecordingView>),
}

/// A message that passed.
#[derive(Debug)]
pub struct SeenMessage {
    /// Its place among all events.
    pub seq: u64,
    /// When it passed.
    pub at: Timestamp,
    /// The number of the connection.
    pub connection: u64,
    /// The connection's request.
    pub facts: Arc<Facts>,
    /// Which way it went.
    pub direction: Direction,
    /// Whether it is text.
    pub is_text: bool,
    /// Its length in bytes.
    pub bytes: usize,
    /// Its first 4,096 bytes, of a text at most so many that no character is cut.
    pub start: Box<[u8]>,
}

/// Events since a place, and the place behind them.
#[derive(Debug)]
pub struct Page {
    /// The events, oldest first.
    pub events: Vec<Event>,
    /// Where to go on.
    pub next: u64,
    /// How many have given way before they could be read.
    pub missed: u64,
}

/// Keeps events while somebody watches.
#[derive(Default)]
pub struct Journal {
    ring: Mutex<Ring>,
    /// Who watches events, and who of them messages.
    watchers: AtomicUsize,
    readers: AtomicUsize,
    /// Whether messages are kept.
    reads: AtomicBool,
    tap: OnceLock<Arc<Tap>>,
}

#[derive(Debug, Default)]
struct Ring {
    events: VecDeque<Event>,
    /// The place of the first event.
    first: u64,
    bytes: usize,
    /// Until when messages are kept for somebody who asked.
    until: Option<Instant>,
}

impl Journal {
    /// Messages come through this.
    pub(crate) fn connect(&self, tap: Arc<Tap>) {
        self.tap.get_or_init(|| tap);
    }

    /// Watches from now on, until the watch is dropped.
    pub fn watch(self: &Arc<Self>) -> Watch {
        self.watchers.fetch_add(1, SeqCst);
        Watch {
            journal: Arc::clone(self),
            reads: false,
            at: self.end(),
        }
    }

    /// The last `most` events from place `at` on. Messages are kept for a minute after this was asked.
    pub fn ask(&self, at: u64, most: usize) -> Page {
        let mut ring = self.ring();
        ring.until = Some(Instant::now() + PATIENCE);
        let page = ring.page(at, most);
        drop(ring);
        self.set_tap();
        page
    }

    fn end(&self) -> u64 {
        let ring = self.ring();
        ring.first + ring.events.len() as u64
    }

    /// Notes that a connection opened or ended, if somebody watches.
    pub(crate) fn note(&self, event: impl FnOnce() -> Event) {
        if self.watchers.load(SeqCst) > 0 {
            self.ring().push(event());
        }
    }

    /// Whether messages are to be noted: the tap may be open for somebody else.
    pub(crate) fn reads_messages(&self) -> bool {
        self.reads.load(Relaxed)
    }

    /// Notes a message.
    pub(crate) fn note_message(
        &self,
        at: Timestamp,
        facts: Arc<Facts>,
        connection: u64,
        direction: Direction,
        message: Message<'_>,
    ) {
        let bytes = message.bytes();
        let (start, is_text) = match message {
            Message::Text(text) => (&bytes[..text.floor_char_boundary(SHOWN_BYTES)], true),
            Message::Binary(bytes) => (&bytes[..bytes.len().min(SHOWN_BYTES)], false),
        };
        let mut ring = self.ring();
        let seq = ring.first + ring.events.len() as u64;
        ring.push(Event::Message(Arc::new(SeenMessage {
            seq,
            at,
            connection,
            facts,
            direction,
            is_text,
            bytes: bytes.len(),
            start: start.into(),
        })));
        let is_over = ring.until.is_none_or(|until| until < Instant::now());
        drop(ring);
        if is_over && self.readers.load(SeqCst) == 0 {
            self.set_tap();
        }
    }

    /// Opens the tap if somebody wants messages, and closes it otherwise.
    fn set_tap(&self) {
        let asked = self
            .ring()
            .until
            .is_some_and(|until| until >= Instant::now());
        let wanted = asked || self.readers.load(SeqCst) > 0;
        self.reads.store(wanted, SeqCst);
        if let Some(tap) = self.tap.get() {
            tap.open(wanted);
        }
    }

    fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("watchers", &self.watchers)
            .finish_non_exhaustive()
    }
}

impl Ring {
    fn push(&mut self, event: Event) {
        self.bytes += size(&event);
        self.events.push_back(event);
        while self.events.len() > MOST_EVENTS || self.bytes > MOST_BYTES {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.bytes -= size(&oldest);
            self.first += 1;
        }
    }

    /// The newest `most` events from place `at` on.
    fn page(&self, at: u64, most: usize) -> Page {
        let end = self.first + self.events.len() as u64;
        let from = at
            .clamp(self.first, end)
            .max(end.saturating_sub(most as u64));
        let skip = usize::try_from(from - self.first).unwrap_or(usize::MAX);
        Page {
            events: self.events.iter().skip(skip).cloned().collect(),
            next: end,
            missed: from.saturating_sub(at),
        }
    }
}

fn size(event: &Event) -> usize {
    match event {
        Event::Message(message) => message.start.len() + size_of::<SeenMessage>(),
        Event::Opened(_) | Event::Ended { .. } | Event::RecordingFailed(_) => 0,
    }
}

/// Somebody who watches.
#[derive(Debug)]
pub struct Watch {
    journal: Arc<Journal>,
    /// Whether it wants messages, too.
    reads: bool,
    /// What it has seen.
    at: u64,
}

impl Watch {
    /// Whether messages are wanted.
    pub fn read_messages(&mut self, reads: bool) {
        if self.reads == reads {
            return;
        }
        self.reads = reads;
        let readers = &self.journal.readers;
        if reads {
            readers.fetch_add(1, SeqCst);
        } else {
            readers.fetch_sub(1, SeqCst);
        }
        self.journal.set_tap();
    }

    /// What has happened since this was last asked, the newest `most` of it.
    pub fn news(&mut self, most: usize) -> Page {
        let page = self.journal.ring().page(self.at, most);
        self.at = page.next;
        page
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.read_messages(false);
        self.journal.watchers.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(journal: &Journal, text: &str) {
        let (now, message) = (Timestamp::UNIX_EPOCH, Message::Text(text));
        journal.note_message(now, Arc::default(), 1, Direction::In, message);
    }

    #[test]
    fn a_watch_hears_what_comes_after_it_and_how_much_it_missed() {
        let journal = Arc::new(Journal::default());
        journal.note(|| Event::Opened(1));
        let mut watch = journal.watch();
        journal.note(|| Event::Opened(2));
        let page = watch.news(10);
        assert!(matches!(page.events.as_slice(), [Event::Opened(2)]));
        for number in 0..30_000 {
            journal.note(|| Event::Opened(number));
        }
        let page = watch.news(10);
        assert_eq!((page.events.len(), page.missed), (10, 29_990));
        assert!(matches!(page.events[9], Event::Opened(29_999)));
        assert_eq!(watch.news(10).events.len(), 0);
        drop(watch);
        journal.note(|| unreachable!("nobody watches"));
    }

    #[test]
    fn long_messages_are_cut_between_characters_and_few_are_kept() {
        let journal = Arc::new(Journal::default());
        let text = "€".repeat(5_000);
        for _ in 0..10_000 {
            message(&journal, &text);
        }
        let page = journal.ask(0, 1);
        let [Event::Message(seen)] = page.events.as_slice() else {
            panic!("{page:?}")
        };
        assert_eq!(
            (seen.start.len(), seen.bytes, seen.seq),
            (4_095, 15_000, 9_999)
        );
        assert!(journal.ring().bytes <= MOST_BYTES);
    }

    #[test]
    fn the_tap_is_open_while_somebody_wants_messages() {
        let journal = Arc::new(Journal::default());
        let tap = Arc::new(Tap::new(|_| {}));
        journal.connect(Arc::clone(&tap));
        let is_open = || format!("{tap:?}").contains("true");
        let mut watch = journal.watch();
        assert!(!is_open());
        watch.read_messages(true);
        assert!(is_open());
        drop(watch);
        assert!(!is_open());
        journal.ask(0, 1);
        assert!(is_open());
    }
}
