//! What waits in a lane: chunks in their order, the sums of them, and the numbers they have in the log.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use crate::chunk::Chunk;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) items: VecDeque<Item>,
    pub(super) serial: u64,
    pub(super) totals: Totals,
}

/// Of all chunks of a lane.
#[derive(Debug, Default)]
pub(super) struct Totals {
    pub(super) records: u64,
    pub(super) bytes: u64,
    /// Of those that are on disk.
    pub(super) stored: u64,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) serial: u64,
    pub(super) chunk: Arc<Chunk>,
    pub(super) task: u32,
    pub(super) failures: u32,
    pub(super) is_taken: bool,
}

/// Numbers for the log, the lowest free one first.
#[derive(Debug, Default)]
pub(crate) struct Tasks(Mutex<(BTreeSet<u32>, u32)>);

impl Tasks {
    pub(super) fn take(&self) -> u32 {
        let (free, next) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.pop_first().unwrap_or_else(|| {
            *next += 1;
            *next - 1
        })
    }

    pub(super) fn give_back(&self, task: u32) {
        let (free, _) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        free.insert(task);
    }
}

impl State {
    pub(super) fn add(&mut self, item: Item) {
        let chunk = &item.chunk;
        self.totals.records += u64::from(chunk.records);
        self.totals.bytes += chunk.len as u64;
        if chunk.is_stored() {
            self.totals.stored += chunk.len as u64;
        }
        self.items.push_back(item);
    }

    pub(super) fn take_out(&mut self, at: usize) -> Option<Item> {
        let item = self.items.remove(at)?;
        let chunk = &item.chunk;
        self.totals.records -= u64::from(chunk.records);
        self.totals.bytes -= chunk.len as u64;
        if chunk.is_stored() {
            self.totals.stored -= chunk.len as u64;
        }
        Some(item)
    }

    pub(super) fn remove(&mut self, serial: u64) -> Option<Item> {
        let at = self.items.iter().position(|item| item.serial == serial)?;
        self.take_out(at)
    }

    pub(super) fn remove_oldest(&mut self, is_meant: impl Fn(&Chunk) -> bool) -> Option<Item> {
        let is_meant = |item: &Item| !item.is_taken && is_meant(&item.chunk);
        let at = self.items.iter().position(is_meant)?;
        self.take_out(at)
    }
}

/// How far the end of the process has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    /// Nobody waits long any more.
    Ending,
    /// No chunk will come.
    Closed,
}
