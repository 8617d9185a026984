//! All recordings of a mock. What passes a link is handed to the file of its connection and to everyone
//! who records from outside; neither ever makes the link wait.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use sockeye_net::{Passing, Tap};
use sockeye_tape::{Deck, Head, IfTaken, RecordOptions, Spot, Watch};
use tracing::{debug, warn};

use super::feed::{Choice, Feed, Source};
use super::session::SessionTape;
use super::settings::RecordSettings;
use super::shelf::{Label, RecordingCounts, Shelf};
use crate::facts::Facts;
use crate::operate::{Event, Journal, RecordingView, Register};

/// Parts of the map of sessions, so that links of different threads seldom wait for each other.
const SHARDS: usize = 16;

/// What makes a session file, for its metadata.
const TOOL: &str = concat!("sockeye ", env!("CARGO_PKG_VERSION"));

type Sessions = HashMap<u64, SessionTape>;

/// Recordings of handlers, and feeds for those who record from outside.
pub(crate) struct Recordings {
    tap: OnceLock<Arc<Tap>>,
    journal: Arc<Journal>,
    shelf: Arc<Shelf>,
    /// Started with the first recording; none again when all are to be finished.
    deck: Mutex<Option<Deck>>,
    is_closed: AtomicBool,
    /// How many sessions are recorded: most of the time none, and no map is looked at.
    count: AtomicUsize,
    sessions: [Mutex<Sessions>; SHARDS],
    feeds: ArcSwap<Vec<Arc<Source>>>,
}

impl Recordings {
    pub(crate) fn new(journal: Arc<Journal>) -> Self {
        Self {
            tap: OnceLock::new(),
            journal,
            shelf: Arc::default(),
            deck: Mutex::default(),
            is_closed: AtomicBool::new(false),
            count: AtomicUsize::new(0),
            sessions: Default::default(),
            feeds: ArcSwap::default(),
        }
    }

    /// What passes comes through this.
    pub(crate) fn connect(&self, tap: Arc<Tap>) {
        for source in self.feeds.load().iter() {
            source.hold(tap.hold());
        }
        self.tap.get_or_init(|| tap);
    }

    /// Hands on what passes a link. Called for each message while the tap is open.
    pub(crate) fn see(&self, passing: &Passing<'_>, register: &Register) {
        if self.count.load(Relaxed) > 0
            && let Some(session) = self.sessions(passing.link).get(&passing.link)
        {
            session.see(passing);
        }
        for source in self.feeds.load().iter() {
            source.see(passing, register);
        }
    }

    /// Records a connection from now on, unless it is recorded already.
    pub(crate) fn begin(&self, settings: &RecordSettings, facts: &Facts, now: Timestamp) {
        let number = facts.number();
        if self.sessions(number).contains_key(&number) {
            return;
        }
        let Some(deck) = &*self.deck() else {
            return self.shelf.miss();
        };
        let label = Arc::new(Label::new(number, &facts.path, now));
        self.shelf.add(&label);
        let spot = Spot::below(&settings.folder, settings.name(facts, now));
        let head = Head {
            path: Some(facts.path.to_string()),
            tool: Some(TOOL.to_owned()),
            ..Head::at(now)
        };
        let options = RecordOptions {
            if_taken: IfTaken::Number,
            redaction: settings.redactor.clone().unwrap_or_default(),
        };
        let watch = self.watch(label, settings);
        let recorder = deck.begin(spot, head, options, watch);
        let hold = self.tap.get().map(Tap::hold);
        let session = SessionTape::new(recorder, hold);
        self.sessions(number).insert(number, session);
        self.count.fetch_add(1, Relaxed);
    }

    /// What writes recordings, unless all were finished or there is no thread for it.
    fn deck(&self) -> MutexGuard<'_, Option<Deck>> {
        let mut deck = self.deck.lock().unwrap_or_else(PoisonError::into_inner);
        if deck.is_none() && !self.is_closed.load(Relaxed) {
            match Deck::start() {
                Ok(started) => *deck = Some(started),
                Err(error) => warn!("a connection is not recorded: {error}"),
            }
        }
        deck
    }

    fn watch(&self, label: Arc<Label>, settings: &RecordSettings) -> Watch {
        let (shelf, journal) = (Arc::clone(&self.shelf), Arc::clone(&self.journal));
        let folder = settings.folder.clone();
        Arc::new(move |event| {
            debug!("recording: {event:?}");
            if let Some(failed) = shelf.note(&label, &event, &folder) {
                let why = failed.error.as_deref().unwrap_or_default();
                warn!("{} is no longer recorded: {why}", failed.connection);
                let failed = Arc::new(failed);
                journal.note(|| Event::RecordingFailed(failed));
            }
        })
    }

    /// A connection has ended.
    pub(crate) fn end(&self, number: u64) {
        if self.count.load(Relaxed) > 0
            && let Some(session) = self.sessions(number).remove(&number)
        {
            self.count.fetch_sub(1, Relaxed);
            session.finish();
        }
        self.look_again(number);
    }

    /// A connection has ended, or has come to another route.
    pub(crate) fn look_again(&self, number: u64) {
        for source in self.feeds.load().iter() {
            source.forget(number);
        }
    }

    /// Finishes all recordings and waits until their files are there. No more will begin.
    pub(crate) fn close(&self) {
        for shard in &self.sessions {
            for (_, session) in locked(shard).drain() {
                session.finish();
            }
        }
        self.is_closed.store(true, Relaxed);
        // Waits for its threads.
        drop(self.deck().take());
    }

    /// Hears from now on what passes; `wake` is called when there is something new, and must return at
    /// once.
    pub(crate) fn feed(&self, choice: Choice, wake: impl Fn() + Send + Sync + 'static) -> Feed {
        let hold = self.tap.get().map(Tap::hold);
        let source = Arc::new(Source::new(choice, hold, wake));
        self.feeds.rcu(|feeds| {
            let live = feeds.iter().filter(|source| source.is_live());
            live.chain([&source]).cloned().collect::<Vec<_>>()
        });
        Feed::new(source)
    }

    pub(crate) fn views(&self) -> Vec<RecordingView> {
        self.shelf.views()
    }

    pub(crate) fn counts(&self) -> RecordingCounts {
        self.shelf.counts()
    }

    fn sessions(&self, number: u64) -> MutexGuard<'_, Sessions> {
        // The remainder is less than the number of shards.
        let at = usize::try_from(number % SHARDS as u64).unwrap_or(0);
        locked(&self.sessions[at])
    }
}

fn locked(sessions: &Mutex<Sessions>) -> MutexGuard<'_, Sessions> {
    sessions.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Recordings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recordings")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}
