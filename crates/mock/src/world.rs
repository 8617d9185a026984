//! What all connections and requests share, whatever the plan: clock, seed, counts, environment.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sockeye_core::{Clock, Random};
use sockeye_net::{Passing, Sight};
use sockeye_script::js::ScriptError;
use tracing::warn;

use crate::chaos::Book;
use crate::commons::Commons;
use crate::complaint::Complaint;
use crate::message_log::{self, Log};
use crate::operate::{Journal, Tally};
use crate::record::Recordings;
use crate::sink::Ledgers;
use crate::times::Times;
use crate::webhook::Post;

/// The world of a mock.
#[derive(Debug)]
pub(crate) struct World {
    seed: Option<u64>,
    clock: Clock,
    /// Open connections by route name. Routes of plans that are gone stay, with 0.
    open: Mutex<HashMap<String, Arc<AtomicU64>>>,
    everywhere: Arc<AtomicU64>,
    unanswered: AtomicU64,
    parse_errors: AtomicU64,
    template_errors: AtomicU64,
    /// About answers that could not be rendered and scripts that failed.
    complaint: Complaint,
    /// Where webhooks wait for their time.
    pub(crate) post: Post,
    /// Environment variables that a template asked for and nobody set: each is reported once.
    missing_env: Mutex<HashSet<String>>,
    script_errors: AtomicU64,
    script_timeouts: AtomicU64,
    upstream_errors: AtomicU64,
    /// The ports that this process listens on.
    ports: OnceLock<Vec<SocketAddr>>,
    /// What scripts share.
    pub(crate) commons: Commons,
    /// What operators watch.
    pub(crate) journal: Arc<Journal>,
    /// Messages as lines of the log.
    pub(crate) log: Log,
    pub(crate) tally: Tally,
    /// What is written down of connections.
    pub(crate) recordings: Recordings,
    /// What sinks have had.
    pub(crate) sinks: Ledgers,
    /// Faults on purpose.
    pub(crate) chaos: Book,
    /// Where they start that have no seed of their own.
    chaos_seed: u64,
    /// How long messages and scripts take.
    pub(crate) times: Times,
    /// Messages that were to be sent later, and for which there was no room.
    left_out: AtomicU64,
}

/// What went unanswered or wrong since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MockCounts {
    /// Messages that no rule answered.
    pub unanswered: u64,
    /// Messages that were to be sent later, and for which there was no room.
    pub left_out: u64,
    /// Of those, messages to rules that need JSON and got something else.
    pub parse_errors: u64,
    /// Answers that could not be rendered.
    pub template_errors: u64,
    /// Calls of scripts that failed; those that took too long are counted apart.
    pub script_errors: u64,
    /// Calls of scripts that took too long.
    pub script_timeouts: u64,
    /// Servers behind a route that could not be reached.
    pub upstream_errors: u64,
    /// Webhooks that were sent and answered with a status of 200 to 299.
    pub webhooks_sent: u64,
    /// Webhooks that were not: they could not be rendered, there was no room, or their call failed.
    pub webhooks_failed: u64,
}

impl World {
    pub(crate) fn new(seed: Option<u64>, clock: Clock) -> Self {
        let journal = Arc::new(Journal::default());
        Self {
            seed,
            clock,
            open: Mutex::default(),
            everywhere: Arc::default(),
            unanswered: AtomicU64::new(0),
            parse_errors: AtomicU64::new(0),
            template_errors: AtomicU64::new(0),
            complaint: Complaint::default(),
            post: Post::new(),
            missing_env: Mutex::default(),
            script_errors: AtomicU64::new(0),
            script_timeouts: AtomicU64::new(0),
            upstream_errors: AtomicU64::new(0),
            ports: OnceLock::new(),
            commons: Commons::default(),
            recordings: Recordings::new(Arc::clone(&journal)),
            sinks: Ledgers::default(),
            journal,
            log: Log::default(),
            tally: Tally::default(),
            chaos: Book::default(),
            chaos_seed: seed.unwrap_or_else(|| Random::from_os().bits()),
            times: Times::new(),
            left_out: AtomicU64::new(0),
        }
    }

    pub(crate) fn counts(&self) -> MockCounts {
        MockCounts {
            unanswered: self.unanswered.load(Relaxed),
            left_out: self.left_out.load(Relaxed),
            parse_errors: self.parse_errors.load(Relaxed),
            template_errors: self.template_errors.load(Relaxed),
            script_errors: self.script_errors.load(Relaxed),
            script_timeouts: self.script_timeouts.load(Relaxed),
            upstream_errors: self.upstream_errors.load(Relaxed),
            webhooks_sent: self.post.sent(),
            webhooks_failed: self.post.failed(),
        }
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The generator of a connection, or of plain HTTP with number 0.
    pub(crate) fn random(&self, number: u64) -> Random {
        self.seed
            .map_or_else(Random::from_os, |seed| Random::stream(seed, number))
    }

    pub(crate) fn chaos_seed(&self) -> u64 {
        self.chaos_seed
    }

    pub(crate) fn count_unanswered(&self) {
        self.unanswered.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_left_out(&self, messages: u64) {
        self.left_out.fetch_add(messages, Relaxed);
    }

    pub(crate) fn count_parse_error(&self) {
        self.parse_errors.fetch_add(1, Relaxed);
    }

    /// Counts an answer that could not be rendered. True: it may be logged; peers could fill a disk
    /// with such lines otherwise.
    pub(crate) fn count_template_error(&self) -> bool {
        self.template_errors.fetch_add(1, Relaxed);
        self.complaint.may_be_logged()
    }

    /// Counts a call of a script that failed. True: it may be logged.
    pub(crate) fn count_script_error(&self, error: &ScriptError) -> bool {
        let count = match error {
            ScriptError::Timeout { .. } => &self.script_timeouts,
            _ => &self.script_errors,
        };
        count.fetch_add(1, Relaxed);
        self.complaint.may_be_logged()
    }

    /// Counts a server behind a route that could not be reached. True: it may be logged.
    pub(crate) fn count_upstream_error(&self) -> bool {
        self.upstream_errors.fetch_add(1, Relaxed);
        self.complaint.may_be_logged()
    }

    /// The process listens on these ports; proxies do not call them. The first call counts.
    pub(crate) fn listens_on(&self, ports: Vec<SocketAddr>) {
        // A second server in one process would be known by the ports of the first.
        let _ = self.ports.set(ports);
    }

    /// The ports that this process listens on, as far as it has been told.
    pub(crate) fn ports(&self) -> &[SocketAddr] {
        self.ports.get().map_or(&[], Vec::as_slice)
    }

    /// Open connections of one route, or of all, on all nodes.
    pub(crate) fn open_connections(&self, route: Option<&str>) -> u64 {
        self.open_here(route) + self.commons.connections_elsewhere(route)
    }

    /// The same on this node.
    pub(crate) fn open_here(&self, route: Option<&str>) -> u64 {
        let Some(route) = route else {
            return self.everywhere.load(Relaxed);
        };
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(route).map_or(0, |count| count.load(Relaxed))
    }

    /// Open connections of each route that has some, on this node.
    pub(crate) fn routes_here(&self) -> Vec<(String, u64)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = open.iter();
        let counts = counts.map(|(route, count)| (route.clone(), count.load(Relaxed)));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// Counts a connection of a route until the presence leaves.
    pub(crate) fn enter(&self, route: &str) -> Presence {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let here = match open.get(route) {
            Some(count) => Arc::clone(count),
            None => Arc::clone(open.entry(route.to_owned()).or_default()),
        };
        Presence::new([here, Arc::clone(&self.everywhere)])
    }

    /// Notes what passes a connection. Called for each message while somebody watches or records.
    pub(crate) fn note_passing(&self, passing: Passing<'_>) {
        self.recordings.see(&passing, &self.commons.register);
        let (is_read, is_logged) = (self.journal.reads_messages(), self.log.is_wanted());
        if !is_read && !is_logged {
            return;
        }
        let Passing {
            link, direction, ..
        } = passing;
        if let Sight::Message(message) = passing.sight
            && let Some(place) = self.commons.find(link)
        {
            if is_logged {
                message_log::note(&place, direction, message);
            }
            if is_read {
                let (now, facts) = (self.clock.now(), place.facts);
                self.journal
                    .note_message(now, facts, link, direction, message);
            }
        }
    }

    pub(crate) fn env(&self, name: &str) -> Option<String> {
        let value = std::env::var(name).ok();
        if value.is_none() {
            let mut missing = self
                .missing_env
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if missing.insert(name.to_owned()) {
                warn!("environment variable {name} is not set; templates read it as empty");
            }
        }
        value
    }
}

/// A connection that is counted.
#[derive(Debug)]
pub(crate) struct Presence(Option<[Arc<AtomicU64>; 2]>);

impl Presence {
    fn new(counts: [Arc<AtomicU64>; 2]) -> Self {
        for count in &counts {
            count.fetch_add(1, Relaxed);
        }
        Self(Some(counts))
    }

    pub(crate) fn leave(&mut self) {
        for count in self.0.take().into_iter().flatten() {
            count.fetch_sub(1, Relaxed);
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.leave();
    }
}
