//! The segments of a store and the chunks that they hold: which of them are still wanted.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;

use super::disk::Leaf;
use super::syncing::Unsynced;

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) segments: VecDeque<Segment>,
    /// Whether the last segment is still written to. Those of earlier runs never are.
    pub(super) is_writing: bool,
    pub(super) next_segment: u64,
    /// The segments that hold entries of a chunk that is wanted.
    pub(super) chunks: HashMap<u64, Vec<u64>>,
    pub(super) next_chunk: u64,
    pub(super) next_serial: u64,
    pub(super) unsynced: Unsynced,
    /// Bytes written by this run.
    pub(super) position: u64,
    pub(super) is_closing: bool,
    /// The entry that is written now; kept for its room.
    pub(super) scratch: Vec<u8>,
}

#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) leaf: Arc<dyn Leaf>,
    pub(super) len: u64,
    /// Chunks that are wanted and have entries here.
    pub(super) live: usize,
}

impl State {
    pub(super) fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.len).sum()
    }

    /// The chunk has an entry in the segment.
    pub(super) fn holds(&mut self, chunk: u64, number: u64) {
        let segments = self.chunks.entry(chunk).or_default();
        if segments.contains(&number) {
            return;
        }
        segments.push(number);
        if let Some(segment) = self.segment(number) {
            segment.live += 1;
        }
    }

    pub(super) fn forget(&mut self, chunk: u64) {
        for number in self.chunks.remove(&chunk).unwrap_or_default() {
            if let Some(segment) = self.segment(number) {
                segment.live -= 1;
            }
        }
    }

    /// Segments are in the order of their numbers.
    pub(super) fn segment(&mut self, number: u64) -> Option<&mut Segment> {
        let at = self
            .segments
            .binary_search_by_key(&number, |segment| segment.number);
        self.segments.get_mut(at.ok()?)
    }

    pub(super) fn leaf(&mut self, number: u64) -> io::Result<Arc<dyn Leaf>> {
        let segment = self.segment(number);
        let segment = segment.ok_or(io::ErrorKind::NotFound)?;
        Ok(Arc::clone(&segment.leaf))
    }
}
