//! Counts of faults by kind, and a log of the last ones.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tracing::debug;

use super::effect::{self, Effect};

/// Faults that the log keeps; the oldest are forgotten.
const KEPT: usize = 20_000;

/// Which way the message of a fault went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// From the client.
    In,
    /// To the client.
    Out,
    /// It was a handshake.
    Handshake,
}

/// A fault that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedFault {
    /// Its number, from 1.
    pub seq: u64,
    /// `conn-7`; nothing for a handshake.
    pub connection: Option<String>,
    /// Which way its message went.
    pub direction: Way,
    /// The number of the message on its connection in that direction, or of the handshake.
    pub message: u64,
    /// What was done.
    pub effect: &'static str,
}

/// A fault as the log keeps it.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The number of the connection, 0 for a handshake.
    link: u64,
    way: Way,
    message: u64,
    effect: Effect,
}

/// All faults of a mock.
#[derive(Debug)]
pub(crate) struct Book {
    counts: [AtomicU64; effect::COUNT],
    log: Mutex<Log>,
    /// Handshakes on routes that have chaos.
    handshakes: AtomicU64,
}

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Entry>,
    /// How many were forgotten.
    forgotten: u64,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            counts: std::array::from_fn(|_| AtomicU64::new(0)),
            log: Mutex::default(),
            handshakes: AtomicU64::new(0),
        }
    }
}

impl Book {
    /// A fault happens to message `message` of connection `link`.
    pub(super) fn note(&self, link: u64, way: Way, message: u64, effect: Effect) {
        if let Some(count) = self.counts.get(effect.index()) {
            count.fetch_add(1, Relaxed);
        }
        debug!(
            connection = link,
            direction = ?way,
            number = message,
            effect = effect.name(),
            "chaos"
        );
        let mut log = self.log();
        if log.entries.len() >= KEPT {
            log.entries.pop_front();
            log.forgotten += 1;
        }
        log.entries.push_back(Entry {
            link,
            way,
            message,
            effect,
        });
    }

    pub(super) fn next_handshake(&self) -> u64 {
        self.handshakes.fetch_add(1, Relaxed) + 1
    }

    /// How often each effect has happened.
    pub(crate) fn counts(&self) -> Vec<(&'static str, u64)> {
        let counts = self.counts.iter().enumerate();
        counts
            .map(|(at, count)| (effect::name(at), count.load(Relaxed)))
            .collect()
    }

    /// At most `limit` faults after number `after` that are wanted, the oldest first.
    pub(super) fn faults(&self, link: Option<u64>, after: u64, limit: usize) -> Vec<LoggedFault> {
        let log = self.log();
        let first = log.forgotten + 1;
        let skipped = usize::try_from((after + 1).saturating_sub(first)).unwrap_or(usize::MAX);
        let numbered = (first..).zip(&log.entries).skip(skipped);
        let wanted = numbered.filter(|(_, entry)| link.is_none_or(|link| entry.link == link));
        wanted
            .take(limit)
            .map(|(seq, entry)| LoggedFault {
                seq,
                connection: (entry.link > 0).then(|| format!("conn-{}", entry.link)),
                direction: entry.way,
                message: entry.message,
                effect: entry.effect.name(),
            })
            .collect()
    }

    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_keeps_the_last_and_counts_all() {
        let book = Book::default();
        let all = KEPT as u64 + 5;
        for number in 1..=all {
            book.note(number % 2, Way::Out, number, Effect::Drop);
        }
        let first = book.faults(None, 0, 2);
        assert_eq!((first[0].seq, first[0].message), (6, 6));
        assert_eq!(first[1].seq, 7);
        assert_eq!(first[1].connection.as_deref(), Some("conn-1"));
        assert_eq!(first[0].connection, None);
        assert_eq!(book.faults(None, all - 1, 9).len(), 1);
        assert_eq!(book.faults(None, all, 9).len(), 0);
        assert_eq!(book.faults(Some(1), 0, usize::MAX).len(), KEPT / 2);
        let dropped = book.counts().into_iter().find(|(name, _)| *name == "drop");
        assert_eq!(dropped, Some(("drop", all)));
    }
}
