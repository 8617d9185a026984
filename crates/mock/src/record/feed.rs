//! What passes connections, whole and in order, on its way to one who records it elsewhere: a queue with
//! a bound, filled by links that never wait for its reader.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sockeye_core::Redactor;
use sockeye_net::{Hold, Passing, Sight};
use sockeye_tape::Entry;

use super::entry;
use crate::operate::Register;
use crate::path::PathPattern;

/// Entries that wait for the reader of a feed; one more ends the feed.
pub const FEED_ENTRIES: usize = 100_000;

/// Bytes of messages that wait for the reader of a feed; more end the feed.
pub const FEED_BYTES: usize = 32 * 1024 * 1024;

/// What an entry costs beside its message, in bytes, about.
const ENTRY_BYTES: usize = 160;

/// What is wanted of what passes.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Connections on one of these paths; none: on any.
    pub paths: Vec<PathPattern>,
    /// Whether pings and pongs are left out.
    pub without_pings: bool,
}

/// A recorder that is somewhere else. It hears what passes until it is dropped.
pub struct Feed(Arc<Source>);

/// Where links put what passes them.
pub(super) struct Source {
    choice: Choice,
    started: Instant,
    is_live: AtomicBool,
    queue: Mutex<Queue>,
    /// Called when there is something to take where nothing was before.
    wake: Box<dyn Fn() + Send + Sync>,
    /// Keeps the tap open.
    hold: Mutex<Option<Hold>>,
}

#[derive(Default)]
struct Queue {
    /// Each with what is secret in it.
    entries: VecDeque<(Entry, Option<Arc<Redactor>>)>,
    bytes: usize,
    /// The connections that were seen, and what they are called; none for those that are not wanted.
    links: HashMap<u64, Option<Called>>,
    is_overrun: bool,
}

/// A connection in entries.
#[derive(Clone)]
struct Called {
    id: Arc<str>,
    path: Arc<str>,
    redactor: Option<Arc<Redactor>>,
}

impl Choice {
    fn includes(&self, path: &str, route: &str) -> bool {
        let fits = |pattern: &PathPattern| {
            pattern.to_string() == route || matches!(pattern.matches(path), Some(Ok(_)))
        };
        self.paths.is_empty() || self.paths.iter().any(fits)
    }
}

impl Source {
    pub(super) fn new(
        choice: Choice,
        hold: Option<Hold>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            choice,
            started: Instant::now(),
            is_live: AtomicBool::new(true),
            queue: Mutex::default(),
            wake: Box::new(wake),
            hold: Mutex::new(hold),
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.is_live.load(Relaxed)
    }

    /// Takes in what passes a link, unless it is not wanted.
    pub(super) fn see(&self, passing: &Passing<'_>, register: &Register) {
        let is_ping = matches!(passing.sight, Sight::Ping(_) | Sight::Pong(_));
        if !self.is_live() || self.choice.without_pings && is_ping {
            return;
        }
        let mut queue = self.queue();
        let called = queue.links.entry(passing.link).or_insert_with(|| {
            let place = register.find(passing.link)?.place();
            let path = &*place.facts.path;
            self.choice.includes(path, &place.route).then(|| Called {
                id: format!("conn-{}", passing.link).into(),
                path: path.into(),
                redactor: place.redactor.clone(),
            })
        });
        let Some(Called { id, path, redactor }) = called.clone() else {
            return;
        };
        let entry = entry(self.started.elapsed(), passing).of(id, path);
        let bytes = queue.bytes + weight(&entry);
        let was_empty = queue.entries.is_empty();
        if queue.entries.len() >= FEED_ENTRIES || bytes > FEED_BYTES {
            queue.is_overrun = true;
            self.is_live.store(false, Relaxed);
        } else {
            queue.bytes = bytes;
            queue.entries.push_back((entry, redactor));
        }
        drop(queue);
        if was_empty {
            (self.wake)();
        }
    }

    /// Keeps the tap open.
    pub(super) fn hold(&self, hold: Hold) {
        if self.is_live() {
            let mut held = self.hold.lock().unwrap_or_else(PoisonError::into_inner);
            *held = Some(hold);
        }
    }

    /// A connection has ended, or is to be looked at again.
    pub(super) fn forget(&self, link: u64) {
        self.queue().links.remove(&link);
    }

    fn stop(&self) {
        self.is_live.store(false, Relaxed);
        let hold = self.hold.lock();
        hold.unwrap_or_else(PoisonError::into_inner).take();
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Queue {
    /// The first entry, and more while they are at most `bytes` together.
    fn take(&mut self, bytes: usize) -> Vec<(Entry, Option<Arc<Redactor>>)> {
        let mut taken = Vec::new();
        let mut sum = 0;
        while let Some((entry, _)) = self.entries.front() {
            let weight = weight(entry);
            if !taken.is_empty() && sum + weight > bytes {
                break;
            }
            sum += weight;
            self.bytes -= weight;
            taken.extend(self.entries.pop_front());
        }
        taken
    }
}

fn weight(entry: &Entry) -> usize {
    ENTRY_BYTES + entry.content.as_ref().map_or(0, sockeye_tape::Content::len)
}

impl Feed {
    pub(super) fn new(source: Arc<Source>) -> Self {
        Self(source)
    }

    /// The entries that came since this was last asked, oldest first: the first of them, and more while
    /// they are at most `bytes` together.
    pub fn take(&self, bytes: usize) -> Vec<Entry> {
        let mut taken = self.0.queue().take(bytes);
        for (entry, redactor) in &mut taken {
            if let Some(redactor) = redactor {
                entry.redact(redactor);
            }
        }
        taken.into_iter().map(|(entry, _)| entry).collect()
    }

    /// Whether more came than could wait. What came before can still be taken; nothing comes after it.
    pub fn is_overrun(&self) -> bool {
        self.0.queue().is_overrun
    }

    /// Nothing comes any more; what came before can still be taken.
    pub fn stop(&self) {
        self.0.stop();
    }

    /// Time since it began.
    pub fn elapsed(&self) -> Duration {
        self.0.started.elapsed()
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.0.stop();
        *self.0.queue() = Queue::default();
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("choice", &self.choice)
            .field("is_live", &self.is_live)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use sockeye_tape::{Content, Direction};

    use super::*;
    use crate::path::Notation;

    #[test]
    fn a_path_is_chosen_by_what_was_asked_for_or_by_its_handler() {
        let pattern = |path: &str| PathPattern::parse(path, Notation::Braces).unwrap();
        let includes = |wanted: &[&str], path, route| {
            let paths = wanted.iter().map(|path| pattern(path)).collect();
            let choice = Choice {
                paths,
                without_pings: false,
            };
            choice.includes(path, route)
        };
        assert!(includes(&[], "/a", "/a"));
        assert!(includes(&["/b", "/a"], "/a", "/a"));
        assert!(includes(&["/a/*"], "/a/7", "/a/{id}"));
        assert!(includes(&["/**"], "/a/7", "/a/{id}"));
        assert!(includes(&["/a/{id}"], "/a/7", "/a/{id}"));
        assert!(includes(&["/x"], "/y", "/x"));
        assert!(!includes(&["/a"], "/a/7", "/a/{id}"));
    }

    #[test]
    fn pieces_have_at_least_one_entry_and_not_much_more_than_their_bytes() {
        let mut queue = Queue::default();
        for length in [1_000, 10, 10, 10] {
            let content = Content::Text("x".repeat(length));
            let entry = Entry::new(Duration::ZERO, Direction::Incoming, content);
            queue.bytes += weight(&entry);
            queue.entries.push_back((entry, None));
        }
        let mut lengths = || queue.take(2 * (10 + ENTRY_BYTES)).len();
        assert_eq!([lengths(), lengths(), lengths(), lengths()], [1, 2, 1, 0]);
        assert_eq!(queue.bytes, 0);
    }
}
