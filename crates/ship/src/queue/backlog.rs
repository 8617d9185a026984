//! What an earlier run has left passes through here: segments are read, what is torn is cut off, what is settled is left out.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use super::disk::{Disk, Leaf};
use super::entry::{self, Entry, MAGIC, Records};
use super::segments::{Segment, State};
use super::store::{Piece, Store, StoreSettings, segment_name};
use crate::report::Log;

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Backlog {
    /// The chunks that are wanted, in the order in which they were begun.
    pub chunks: Vec<Left>,
    /// What could not be read.
    pub cuts: Vec<Cut>,
}

/// A chunk that an earlier run has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its number.
    pub id: u64,
    /// Its name in the log.
    pub name: String,
    /// Its tag.
    pub tag: String,
    /// Its input.
    pub input: String,
    /// How many records it has.
    pub records: u32,
    /// The outputs that have settled it.
    pub settled: Vec<String>,
    pub(crate) pieces: Vec<Piece>,
}

impl Left {
    /// Bytes of its records.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len).sum()
    }

    /// Whether it has no bytes; there is no such chunk.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// The end of a segment that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The segment's file.
    pub segment: String,
    /// Where the first bad entry begins, in bytes.
    pub at: u64,
    /// How many bytes are lost.
    pub bytes: u64,
}

/// What is known about the chunks while segments are read.
#[derive(Default)]
struct Reading {
    chunks: Vec<Left>,
    places: HashMap<u64, usize>,
    serials: HashSet<u64>,
    finished: HashSet<u64>,
    /// The highest number of a chunk. A new chunk with the number of one that is noted as settled
    /// would be lost.
    last_chunk: u64,
    cuts: Vec<Cut>,
}

impl Store {
    /// Opens a folder: what is in it is read, and new segments begin behind what was found. Old ones are
    /// never written to.
    ///
    /// # Errors
    ///
    /// The disk cannot be read. What is torn is no error: it is cut off, and told.
    pub fn open(
        disk: Arc<dyn Disk>,
        settings: StoreSettings,
        log: &Log,
    ) -> io::Result<(Self, Backlog)> {
        let mut state = State::default();
        let mut reading = Reading::default();
        for number in numbers(&*disk)? {
            let leaf = disk.open(&segment_name(number))?;
            let len = reading.read(number, &*leaf)?;
            state.next_segment = number + 1;
            state.segments.push_back(Segment {
                number,
                leaf,
                len,
                live: 0,
            });
        }
        state.next_serial = reading.serials.iter().copied().max().unwrap_or(0);
        state.next_chunk = reading.last_chunk;
        let is_wanted = |left: &Left| !reading.finished.contains(&left.id);
        let chunks: Vec<Left> = reading.chunks.into_iter().filter(is_wanted).collect();
        for chunk in &chunks {
            for piece in &chunk.pieces {
                state.holds(chunk.id, piece.segment);
            }
        }
        let cuts = reading.cuts;
        let store = Self::start(disk, settings, state, log.clone())?;
        Ok((store, Backlog { chunks, cuts }))
    }
}

/// The numbers of the segments in a folder, in order.
fn numbers(disk: &dyn Disk) -> io::Result<Vec<u64>> {
    let names = disk.names()?;
    let number = |name: &String| name.strip_suffix(".seg")?.parse::<u64>().ok();
    let mut numbers: Vec<u64> = names.iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    Ok(numbers)
}

impl Reading {
    /// Reads a segment; its length.
    fn read(&mut self, number: u64, leaf: &dyn Leaf) -> io::Result<u64> {
        let len = leaf.size()?;
        // A segment is bounded, and one is in memory at a time.
        let mut bytes = vec![0; usize::try_from(len).map_err(io::Error::other)?];
        leaf.read(0, &mut bytes)?;
        let mut at = if bytes.starts_with(MAGIC) {
            MAGIC.len()
        } else {
            0
        };
        while at > 0
            && let Some((entry, size)) = entry::first(bytes.get(at..).unwrap_or_default())
        {
            match entry {
                Entry::Records(records) => self.records(number, at + size, &records),
                Entry::Settled { chunk, output } => self.settled(chunk, output),
            }
            at += size;
        }
        if at < bytes.len() {
            self.cuts.push(Cut {
                segment: segment_name(number),
                at: at as u64,
                bytes: (bytes.len() - at) as u64,
            });
        }
        Ok(len)
    }

    fn records(&mut self, segment: u64, end: usize, entry: &Records<'_>) {
        if !self.serials.insert(entry.serial) {
            return;
        }
        self.last_chunk = self.last_chunk.max(entry.chunk);
        let place = *self.places.entry(entry.chunk).or_insert_with(|| {
            self.chunks.push(Left {
                id: entry.chunk,
                name: entry.name.to_owned(),
                tag: entry.tag.to_owned(),
                input: entry.input.to_owned(),
                records: 0,
                settled: Vec::new(),
                pieces: Vec::new(),
            });
            self.chunks.len() - 1
        });
        if let Some(left) = self.chunks.get_mut(place) {
            left.records = left.records.saturating_add(entry.count);
            left.pieces.push(Piece {
                segment,
                offset: (end - entry.msgpack.len()) as u64,
                len: entry.msgpack.len(),
            });
        }
    }

    fn settled(&mut self, chunk: u64, output: Option<&str>) {
        self.last_chunk = self.last_chunk.max(chunk);
        let Some(output) = output else {
            self.finished.insert(chunk);
            return;
        };
        let place = self.places.get(&chunk);
        if let Some(left) = place.and_then(|place| self.chunks.get_mut(*place)) {
            left.settled.push(output.to_owned());
        }
    }
}
