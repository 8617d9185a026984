//! The chunks of one output pass through here, in order: what waits, what is under way, what is given up.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until};

use super::items::{Item, Phase, State, Tasks};
use crate::chunk::Chunk;
use crate::monitor::OutputCounters;
use crate::rejected::Rejected;
use crate::report::Log;
use crate::retry::{AT_THE_END, RetryLimit};

/// What an output allows.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// How often a chunk is tried once more.
    pub retry_limit: RetryLimit,
    /// Bytes of the stored chunks that wait for this output. Beyond: the oldest are dropped.
    pub stored_bytes: Option<u64>,
}

/// The chunks of one output.
#[derive(Debug)]
pub struct Lane {
    /// The output's name: `websocket.0`.
    pub name: Arc<str>,
    /// Its place in the plan.
    pub number: usize,
    pub(super) rules: Rules,
    /// What the output has done.
    pub counters: Arc<OutputCounters>,
    /// The output's log, at its own level.
    pub log: Log,
    pub(super) tasks: Arc<Tasks>,
    /// Where records go that nobody will have, if they are kept.
    pub(super) rejected: Option<Arc<Rejected>>,
    state: Mutex<State>,
    /// For the one output that takes from here.
    changed: Notify,
    phase: watch::Sender<Phase>,
    /// By when the process has to have ended.
    end: watch::Sender<Option<Instant>>,
}

/// A chunk that an output has taken and not settled.
#[derive(Clone, Debug)]
pub struct Job {
    /// Names the chunk to the lane.
    pub serial: u64,
    /// The chunk.
    pub chunk: Arc<Chunk>,
}

impl Lane {
    pub(crate) fn new(
        number: usize,
        rules: Rules,
        counters: Arc<OutputCounters>,
        log: Log,
        tasks: Arc<Tasks>,
        rejected: Option<Arc<Rejected>>,
    ) -> Arc<Self> {
        Arc::new(Self {
            name: Arc::clone(&counters.name),
            number,
            rules,
            counters,
            log,
            tasks,
            rejected,
            state: Mutex::default(),
            changed: Notify::new(),
            phase: watch::Sender::new(Phase::Open),
            end: watch::Sender::new(None),
        })
    }

    /// Puts a chunk behind the others.
    pub(crate) fn push(&self, chunk: Arc<Chunk>) {
        let mut state = self.state();
        state.serial += 1;
        let item = Item {
            serial: state.serial,
            chunk,
            task: self.tasks.take(),
            failures: 0,
            is_taken: false,
        };
        state.add(item);
        while let Some(most) = self.rules.stored_bytes
            && state.totals.stored > most
            && let Some(item) = state.remove_oldest(Chunk::is_stored)
        {
            self.give_up(
                &item,
                "is dropped: the storage of the output is full (storage.total_limit_size)",
            );
        }
        self.count(&state);
        drop(state);
        self.changed.notify_one();
    }

    /// Drops the oldest chunk of an input that is not under way; how many records it had.
    pub(crate) fn drop_oldest(&self, input: &str, why: &str) -> Option<u32> {
        let mut state = self.state();
        let item = state.remove_oldest(|chunk| &*chunk.input == input)?;
        self.give_up(&item, why);
        self.count(&state);
        Some(item.chunk.records)
    }

    /// Takes the next chunk that is not under way, if there is one.
    pub fn try_take(&self) -> Option<Job> {
        let mut state = self.state();
        let item = state.items.iter_mut().find(|item| !item.is_taken)?;
        item.is_taken = true;
        Some(Job {
            serial: item.serial,
            chunk: Arc::clone(&item.chunk),
        })
    }

    /// Takes the next chunk, as soon as there is one; none when there will be none.
    pub async fn take(&self) -> Option<Job> {
        while self.wait().await {
            if let Some(job) = self.try_take() {
                return Some(job);
            }
        }
        None
    }

    /// Waits until there is a chunk that is not under way. False: there will be none.
    pub async fn wait(&self) -> bool {
        let mut phase = self.phase.subscribe();
        loop {
            let changed = self.changed.notified();
            if self.state().items.iter().any(|item| !item.is_taken) {
                return true;
            }
            if *self.phase.borrow() == Phase::Closed {
                return false;
            }
            tokio::select! {
                () = changed => {}
                _ = phase.wait_for(|phase| *phase == Phase::Closed) => {}
            }
        }
    }

    /// Whether nothing waits and nothing is under way.
    pub fn is_empty(&self) -> bool {
        self.state().items.is_empty()
    }

    /// Whether a chunk is still wanted: a failed attempt may have been its last.
    pub fn wants(&self, serial: u64) -> bool {
        self.state().items.iter().any(|item| item.serial == serial)
    }

    /// The server has a chunk.
    pub fn delivered(&self, serial: u64) {
        let mut state = self.state();
        let Some(item) = state.remove(serial) else {
            return;
        };
        let chunk = &item.chunk;
        self.counters.records.add(u64::from(chunk.records));
        self.counters.bytes.add(chunk.len as u64);
        self.counters.latency.took(chunk.begun.elapsed());
        if item.failures > 0 {
            self.log.info(format_args!(
                "[engine] flush chunk '{}' succeeded at retry {}: {}",
                chunk.name,
                item.failures,
                self.task(&item)
            ));
        }
        self.settle(&item, true);
        self.count(&state);
    }

    /// A chunk can never be sent.
    pub fn refuse(&self, serial: u64, why: &str) {
        let mut state = self.state();
        if let Some(item) = state.remove(serial) {
            self.counters.errors.one();
            self.reject_all(&item, why);
            self.give_up(&item, why);
            self.count(&state);
        }
    }

    /// An attempt has failed, and with it every chunk that was waiting for it. Chunks that have
    /// failed too often are given up; the others stay as they were, taken or not. The wait that is to be kept: a short one at the end.
    pub fn failed(&self, wait: Duration) -> Duration {
        let mut state = self.state();
        let wait = if self.is_closing() {
            wait.min(AT_THE_END)
        } else {
            wait
        };
        for _ in 0..state.items.len() {
            let Some(mut item) = state.take_out(0) else {
                break;
            };
            item.failures = item.failures.saturating_add(1);
            if self.rules.retry_limit.allows(item.failures) {
                self.counters.retries.one();
                self.counters
                    .retried_records
                    .add(u64::from(item.chunk.records));
                state.add(item);
            } else {
                self.exhausted(&item);
            }
        }
        if let Some(first) = state.items.front() {
            self.tell_retry(first, wait, state.items.len() - 1);
        }
        self.count(&state);
        wait
    }

    /// A connection was lost: what was under way waits again.
    pub fn put_back(&self) {
        let mut state = self.state();
        for item in &mut state.items {
            item.is_taken = false;
        }
        drop(state);
        self.changed.notify_one();
    }

    /// The process ends: nobody waits long any more. The last chunks are still to come.
    pub(crate) fn hurry(&self) {
        self.phase.send_replace(Phase::Ending);
    }

    /// Whatever waits has until `end`.
    pub(crate) fn limit(&self, end: Instant) {
        self.end.send_replace(Some(end));
    }

    /// No chunk will come any more.
    pub(crate) fn close(&self) {
        self.phase.send_replace(Phase::Closed);
    }

    /// Whether the process ends.
    pub fn is_closing(&self) -> bool {
        *self.phase.borrow() != Phase::Open
    }

    /// Waits until the process ends.
    pub async fn closing(&self) {
        let mut phase = self.phase.subscribe();
        // The lane holds the other end.
        let _ = phase.wait_for(|phase| *phase != Phase::Open).await;
    }

    /// By when the process has to have ended.
    pub fn end(&self) -> Option<Instant> {
        *self.end.borrow()
    }

    /// Waits until that is over, whatever it is by then; for ever while there is no such limit.
    pub async fn over(&self) {
        let mut end = self.end.subscribe();
        loop {
            let until = *end.borrow_and_update();
            tokio::select! {
                () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return,
                // The lane holds the other end.
                _ = end.changed() => {}
            }
        }
    }

    /// How many records are not delivered: those that are lost with the process, and those on disk.
    pub(crate) fn left(&self) -> (u64, u64) {
        let (mut lost, mut kept) = (0, 0);
        for item in &self.state().items {
            let records = u64::from(item.chunk.records);
            if item.chunk.is_stored() {
                kept += records;
            } else {
                lost += records;
            }
        }
        (lost, kept)
    }

    /// How many chunks wait or are under way.
    pub(crate) fn len(&self) -> usize {
        self.state().items.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, state: &State) {
        let counters = &self.counters;
        counters.queued_chunks.set(state.items.len() as u64);
        counters.queued_records.set(state.totals.records);
        counters.queued_bytes.set(state.totals.bytes);
    }
}
