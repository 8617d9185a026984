//! What was written passes through here to where the loss of power does not reach it: by a thread, many entries at once.

use std::io;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::disk::Leaf;
use super::entry::{self, Entry};
use super::segments::State;
use super::store::Shared;

/// A batch is kept at the latest after this time.
const BATCH_TIME: Duration = Duration::from_millis(100);

/// A batch is kept as soon as it has so many records.
const BATCH_RECORDS: u64 = 256;

/// Between two attempts of a disk that fails.
const PATIENCE: Duration = Duration::from_millis(200);

/// When the disk is told to keep what was written. What a killed process has written is never lost;
/// this is about power.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    /// Never: that is left to the system.
    Never,
    /// After 256 records or 100 ms, whichever comes first.
    #[default]
    Batch,
    /// Before an input is told that its records are taken; inputs that append at the same time share a sync.
    Always,
}

/// What the disk has not promised to keep yet.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    /// The entries, for the case that the disk cannot keep them where they are.
    entries: Vec<u8>,
    records: u64,
    leaves: Vec<Arc<dyn Leaf>>,
    has_new_names: bool,
}

impl Unsynced {
    /// A segment was made; the list stays short, since it is emptied by each sync.
    pub(super) fn opened(&mut self, leaf: &Arc<dyn Leaf>) {
        self.leaves.push(Arc::clone(leaf));
        self.has_new_names = true;
    }

    /// A segment was removed. As long as its file is held the disk does not get its room back.
    pub(super) fn removed(&mut self, leaf: &Arc<dyn Leaf>) {
        self.leaves.retain(|held| !Arc::ptr_eq(held, leaf));
    }

    /// An entry was written, unless it could not be.
    pub(super) fn wrote(&mut self, is_written: bool, sync: Sync, entry: &[u8], records: u32) {
        if is_written && sync != Sync::Never {
            self.entries.extend_from_slice(entry);
            self.records += u64::from(records);
        }
    }

    fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Starts the thread, if there is anything for it to do.
pub(super) fn start(shared: &Arc<Shared>) -> io::Result<Option<JoinHandle<()>>> {
    if shared.settings.sync == Sync::Never {
        return Ok(None);
    }
    let shared = Arc::clone(shared);
    let thread = thread::Builder::new().name("ship-sync".to_owned());
    thread.spawn(move || run(&shared)).map(Some)
}

fn run(shared: &Shared) {
    let mut state = shared.state();
    loop {
        state = wait_for_batch(shared, state);
        if state.unsynced.is_empty() {
            if state.is_closing {
                return;
            }
            continue;
        }
        let batch = take(&mut state);
        let target = state.position;
        drop(state);
        let result = keep(shared, &batch);
        state = shared.state();
        let Err(error) = result else {
            shared.synced.send_replace(target);
            continue;
        };
        shared.log.error(format_args!(
            "[storage] the disk does not keep what was written: {error}; writing it again"
        ));
        if state.is_closing {
            // Whoever stops does not wait for a broken disk.
            return;
        }
        state = write_again(shared, state, batch);
    }
}

/// Waits until there is a batch: at once if every write counts.
fn wait_for_batch<'a>(
    shared: &'a Shared,
    mut state: MutexGuard<'a, State>,
) -> MutexGuard<'a, State> {
    while state.unsynced.is_empty() && !state.is_closing {
        state = wait(shared, state, None);
    }
    let is_batch = shared.settings.sync == Sync::Batch;
    let deadline = Instant::now() + BATCH_TIME;
    while is_batch && state.unsynced.records < BATCH_RECORDS && !state.is_closing {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        state = wait(shared, state, Some(left));
    }
    state
}

fn wait<'a>(
    shared: &'a Shared,
    state: MutexGuard<'a, State>,
    time: Option<Duration>,
) -> MutexGuard<'a, State> {
    let changed = &shared.changed;
    match time {
        None => changed.wait(state).unwrap_or_else(PoisonError::into_inner),
        Some(time) => {
            let waited = changed.wait_timeout(state, time);
            waited.unwrap_or_else(PoisonError::into_inner).0
        }
    }
}

/// Takes what is unsynced. The segment that is written to is part of the next batch as well.
fn take(state: &mut State) -> Unsynced {
    let batch = std::mem::take(&mut state.unsynced);
    if let Some(last) = state.segments.back()
        && state.is_writing
    {
        state.unsynced.leaves.push(Arc::clone(&last.leaf));
    }
    batch
}

fn keep(shared: &Shared, batch: &Unsynced) -> io::Result<()> {
    for leaf in &batch.leaves {
        leaf.sync()?;
    }
    if batch.has_new_names {
        shared.disk.sync()?;
    }
    Ok(())
}

/// After a failed sync nobody knows what is on the disk, and asking again says nothing: the entries are
/// written once more, into a new segment. A reader knows them by their serial.
fn write_again<'a>(
    shared: &'a Shared,
    mut state: MutexGuard<'a, State>,
    batch: Unsynced,
) -> MutexGuard<'a, State> {
    let mut entries = batch.entries;
    let later = std::mem::take(&mut state.unsynced);
    entries.extend_from_slice(&later.entries);
    let records = batch.records + later.records;
    state.is_writing = false;
    while !state.is_closing {
        if rewrite(shared, &mut state, &entries).is_ok() {
            break;
        }
        state.is_writing = false;
        // Inputs may go on meanwhile: what they write is kept behind these entries.
        state = wait(shared, state, Some(PATIENCE));
    }
    let after = std::mem::take(&mut state.unsynced.entries);
    state.unsynced.entries = entries;
    state.unsynced.entries.extend_from_slice(&after);
    state.unsynced.records += records;
    state
}

fn rewrite(shared: &Shared, state: &mut State, entries: &[u8]) -> io::Result<()> {
    let mut rest = entries;
    while let Some((found, len)) = entry::first(rest) {
        let (bytes, behind) = rest.split_at(len);
        if let Entry::Records(records) = found
            && state.chunks.contains_key(&records.chunk)
        {
            let (segment, _) = shared.write(state, bytes, false)?;
            state.holds(records.chunk, segment);
        }
        rest = behind;
    }
    Ok(())
}
