//! What outlives the process passes through here: entries are appended to segments, and segments removed from the oldest on.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::watch;

use super::disk::Disk;
use super::entry::{Entry, MAGIC, Records};
use super::segments::{Segment, State};
use super::syncing::{self, Sync};
use crate::report::Log;

/// Bounds of a store.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// Bytes of a segment; the entry that crosses the border still goes in. Default 8 MiB.
    pub segment_bytes: u64,
    /// Bytes of all segments. Default 10 GiB. Beyond: inputs wait until something is delivered.
    pub max_bytes: u64,
    /// When the disk is told to keep what was written.
    pub sync: Sync,
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            segment_bytes: 8 << 20,
            max_bytes: 10 << 30,
            sync: Sync::Batch,
        }
    }
}

/// Where the records of one entry are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub(crate) segment: u64,
    pub(crate) offset: u64,
    pub(crate) len: usize,
}

/// A folder with segments. Cheap calls: nothing here waits for the disk to keep anything but
/// `Store::synced`.
#[derive(Debug)]
pub struct Store(pub(super) Arc<Shared>, Mutex<Option<JoinHandle<()>>>);

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) disk: Arc<dyn Disk>,
    pub(super) settings: StoreSettings,
    state: Mutex<State>,
    /// Something was written, or the end has come.
    pub(super) changed: Condvar,
    /// Up to which byte everything is kept.
    pub(super) synced: watch::Sender<u64>,
    pub(super) log: Log,
}

/// Records that are to be stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Belongings<'a> {
    pub(crate) chunk: u64,
    pub(crate) name: &'a str,
    pub(crate) tag: &'a str,
    pub(crate) input: &'a str,
    pub(crate) records: u32,
}

/// The name of a segment's file.
pub(super) fn segment_name(number: u64) -> String {
    format!("{number:016}.seg")
}

impl Store {
    pub(super) fn start(
        disk: Arc<dyn Disk>,
        settings: StoreSettings,
        state: State,
        log: Log,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            disk,
            settings,
            state: Mutex::new(state),
            changed: Condvar::new(),
            synced: watch::Sender::new(0),
            log,
        });
        shared.retire(&mut shared.state());
        let thread = syncing::start(&shared)?;
        Ok(Self(shared, Mutex::new(thread)))
    }

    /// A number for a new chunk.
    pub(crate) fn next_chunk(&self) -> u64 {
        let state = &mut *self.0.state();
        state.next_chunk += 1;
        state.next_chunk
    }

    /// Appends records: where they are now, and how far the disk has to have come for them to be kept.
    ///
    /// # Errors
    ///
    /// The disk is full, the store is as large as it may be, or the disk fails. Nothing is taken then;
    /// the same call may succeed later.
    pub(crate) fn append(&self, what: Belongings<'_>, msgpack: &[u8]) -> io::Result<(Piece, u64)> {
        let state = &mut *self.0.state();
        state.next_serial += 1;
        let entry = Entry::Records(Records {
            chunk: what.chunk,
            serial: state.next_serial,
            count: what.records,
            name: what.name,
            tag: what.tag,
            input: what.input,
            msgpack,
        });
        let mut scratch = std::mem::take(&mut state.scratch);
        scratch.clear();
        let at = entry.append_to(&mut scratch);
        let written = self.0.write(state, &scratch, true);
        state.unsynced.wrote(
            written.is_ok(),
            self.0.settings.sync,
            &scratch,
            what.records,
        );
        state.scratch = scratch;
        let (segment, offset) = written?;
        state.holds(what.chunk, segment);
        self.0.changed.notify_one();
        let piece = Piece {
            segment,
            offset: offset + at as u64,
            len: msgpack.len(),
        };
        Ok((piece, state.position))
    }

    /// Waits until everything up to `position` would survive the loss of power, if every write has to.
    pub(crate) async fn synced(&self, position: u64) {
        if self.0.settings.sync == Sync::Always {
            let mut synced = self.0.synced.subscribe();
            // The thread says so as long as there is a store.
            let _ = synced.wait_for(|up_to| *up_to >= position).await;
        }
    }

    /// A chunk is settled: by this output, or by all of them. What nobody wants any more goes.
    pub(crate) fn settled(&self, chunk: u64, output: Option<&str>) {
        let state = &mut *self.0.state();
        let mut scratch = std::mem::take(&mut state.scratch);
        scratch.clear();
        Entry::Settled { chunk, output }.append_to(&mut scratch);
        // What cannot be noted is sent once more by the next run.
        let _ = self.0.write(state, &scratch, false);
        state.scratch = scratch;
        if output.is_none() {
            state.forget(chunk);
            self.0.retire(state);
        }
    }

    /// Reads the pieces of a chunk, one behind the other.
    pub(crate) fn read(&self, pieces: &[Piece]) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; pieces.iter().map(|piece| piece.len).sum()];
        let mut rest = bytes.as_mut_slice();
        for piece in pieces {
            let leaf = self.0.state().leaf(piece.segment)?;
            let (room, behind) = rest.split_at_mut(piece.len);
            leaf.read(piece.offset, room)?;
            rest = behind;
        }
        Ok(bytes)
    }

    /// Bytes of all segments, and how many chunks are wanted.
    pub fn size(&self) -> (u64, usize) {
        let state = self.0.state();
        (state.bytes(), state.chunks.len())
    }

    /// Keeps what is written, removes what nobody wants, and lets the disk go.
    pub fn close(&self) {
        {
            let mut state = self.0.state();
            state.is_closing = true;
            state.is_writing = false;
            self.0.retire(&mut state);
            self.0.changed.notify_all();
        }
        let thread = self.1.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A thread that panicked has nothing left to do.
            let _ = thread.join();
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes an entry at the end: in which segment, and where. Only records have to respect the bound:
    /// the word that something is settled makes room.
    pub(super) fn write(
        &self,
        state: &mut State,
        entry: &[u8],
        is_bounded: bool,
    ) -> io::Result<(u64, u64)> {
        let size = entry.len() as u64;
        if is_bounded && state.bytes() + size > self.settings.max_bytes {
            // So that what is in it can go as soon as it is settled.
            state.is_writing = false;
            self.retire(state);
            if state.bytes() + size > self.settings.max_bytes {
                return Err(io::ErrorKind::StorageFull.into());
            }
        }
        self.open_segment(state)?;
        let Some(segment) = state.segments.back_mut() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let offset = segment.len;
        if let Err(error) = segment.leaf.write(offset, entry) {
            // Whatever part of it is there must not be taken for an entry. If it cannot be cut off the
            // checksum tells.
            let _ = segment.leaf.cut(offset);
            state.is_writing = false;
            if offset == MAGIC.len() as u64
                && let Some(empty) = state.segments.pop_back()
            {
                // One for each attempt would take what is left of a full disk.
                self.remove(state, &empty);
            }
            self.retire(state);
            return Err(error);
        }
        segment.len += size;
        let (number, is_long) = (segment.number, segment.len >= self.settings.segment_bytes);
        state.position += size;
        if is_long {
            state.is_writing = false;
        }
        Ok((number, offset))
    }

    /// Makes sure that the last segment may be written to.
    fn open_segment(&self, state: &mut State) -> io::Result<()> {
        if state.is_writing {
            return Ok(());
        }
        let number = state.next_segment;
        let leaf = self.disk.create(&segment_name(number))?;
        state.next_segment += 1;
        if let Err(error) = leaf.write(0, MAGIC) {
            // An empty file is no segment; the next run removes it if this does not.
            let _ = self.disk.remove(&segment_name(number));
            return Err(error);
        }
        state.unsynced.opened(&leaf);
        state.segments.push_back(Segment {
            number,
            leaf,
            len: MAGIC.len() as u64,
            live: 0,
        });
        state.is_writing = true;
        Ok(())
    }

    /// Removes segments from the oldest on, as long as nothing in them is wanted: what was settled
    /// is noted behind the records, so an older segment never outlives the note.
    pub(super) fn retire(&self, state: &mut State) {
        while let Some(oldest) = state.segments.front() {
            let is_written_to = state.is_writing && state.segments.len() == 1;
            if oldest.live > 0 || is_written_to {
                return;
            }
            if let Some(oldest) = state.segments.pop_front() {
                self.remove(state, &oldest);
            }
        }
    }

    fn remove(&self, state: &mut State, segment: &Segment) {
        let name = segment_name(segment.number);
        if let Err(error) = self.disk.remove(&name) {
            let text = format!("[storage] cannot remove {name}: {error}");
            self.log.warn(text);
        }
        state.unsynced.removed(&segment.leaf);
    }
}
