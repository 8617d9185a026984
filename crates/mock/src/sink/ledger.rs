//! What a sink has had: counts, and the last records.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sockeye_ship::decode::{Decoded, Format, Oddities, Record};
use sockeye_ship::record::Time;

use super::writer::Writer;

/// Bytes of all records together that one sink keeps; the oldest give way.
const MOST_KEPT_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of a record that is kept as it is; of a longer one only the length is.
const MOST_RECORD_BYTES: usize = 64 * 1024;

/// The ledgers of all sinks, by the paths of their routes.
#[derive(Debug, Default)]
pub(crate) struct Ledgers {
    open: Mutex<HashMap<String, Arc<Ledger>>>,
    pub(super) writer: Writer,
}

impl Ledgers {
    /// The ledger of a route.
    pub(crate) fn of(&self, route: &str) -> Arc<Ledger> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ledger) = open.get(route) {
            return Arc::clone(ledger);
        }
        let ledger = Arc::new(Ledger::default());
        open.insert(route.to_owned(), Arc::clone(&ledger));
        ledger
    }

    /// Writes what waits to be written, and writes no more.
    pub(crate) fn finish(&self) {
        self.writer.finish();
    }
}

/// What one sink has had.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Entries>);

/// The entries of a ledger.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) attempts: u64,
    pub(super) refused: u64,
    pub(super) connections: u64,
    pub(super) dropped: u64,
    pub(super) messages: u64,
    pub(super) bytes: u64,
    pub(super) records: u64,
    pub(super) acknowledged: u64,
    pub(super) faults: u64,
    pub(super) last_fault: Option<String>,
    pub(super) formats: BTreeMap<Format, u64>,
    pub(super) oddities: Oddities,
    /// Records that could not be written to the file.
    pub(super) unwritten: u64,
    pub(super) kept: VecDeque<Kept>,
    kept_bytes: usize,
}

/// A record that was kept.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) connection: u64,
    pub(super) received: Timestamp,
    pub(super) time: Option<Time>,
    pub(super) metadata: Box<[u8]>,
    pub(super) body: Box<[u8]>,
    /// How long it was, if that is all that was kept.
    pub(super) cut_from: Option<usize>,
}

impl Ledger {
    pub(super) fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an attempt to connect, which `refuses` may refuse.
    pub(crate) fn attempt(&self, refuses: impl FnOnce(u64) -> bool) -> bool {
        let mut entries = self.entries();
        entries.attempts += 1;
        let is_refused = refuses(entries.attempts);
        entries.refused += u64::from(is_refused);
        is_refused
    }

    /// Counts a connection; gives its number, the first one being 1.
    pub(super) fn connect(&self) -> u64 {
        let mut entries = self.entries();
        entries.connections += 1;
        entries.connections
    }

    /// Records that could not be written.
    pub(super) fn miss(&self, records: u64) {
        self.entries().unwritten += records;
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        *self.entries() = Entries::default();
    }
}

impl Entries {
    /// Counts a message and what was found in it.
    pub(super) fn count(&mut self, bytes: usize, decoded: &Decoded) {
        self.messages += 1;
        self.bytes += bytes as u64;
        self.records += u64::from(decoded.records);
        self.oddities.extend(decoded.oddities);
        if let Some(format) = decoded.format {
            *self.formats.entry(format).or_default() += 1;
        }
        if let Some(fault) = &decoded.fault {
            self.faults += 1;
            self.last_fault = Some(fault.clone());
        }
    }

    /// Keeps a record, and no more than `most` of them.
    pub(super) fn keep(&mut self, record: Record<'_>, of: (u64, Timestamp), most: usize) {
        let length = record.metadata.len() + record.body.len();
        let is_cut = length > MOST_RECORD_BYTES;
        let bytes = |bytes: &[u8]| -> Box<[u8]> { if is_cut { [].into() } else { bytes.into() } };
        let kept = Kept {
            connection: of.0,
            received: of.1,
            time: record.time,
            metadata: bytes(record.metadata),
            body: bytes(record.body),
            cut_from: is_cut.then_some(length),
        };
        self.kept_bytes += kept.bytes();
        self.kept.push_back(kept);
        while self.kept.len() > most || self.kept_bytes > MOST_KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            self.kept_bytes -= oldest.bytes();
        }
    }
}

impl Kept {
    fn bytes(&self) -> usize {
        self.metadata.len() + self.body.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_records_give_way_by_count_and_by_bytes() {
        fn record(body: &[u8]) -> Record<'_> {
            Record {
                time: None,
                metadata: &[],
                body,
            }
        }
        let mut entries = Entries::default();
        let of = (1, Timestamp::UNIX_EPOCH);
        for number in 0..10_u8 {
            entries.keep(record(&[number]), of, 3);
        }
        let bodies: Vec<u8> = entries.kept.iter().map(|kept| kept.body[0]).collect();
        assert_eq!(bodies, [7, 8, 9]);
        entries.keep(record(&vec![0; MOST_RECORD_BYTES + 1]), of, 3);
        assert_eq!(
            entries.kept.back().unwrap().cut_from,
            Some(MOST_RECORD_BYTES + 1)
        );
        let long = vec![0; MOST_RECORD_BYTES];
        for _ in 0..1000 {
            entries.keep(record(&long), of, 10_000);
        }
        assert_eq!(entries.kept.len(), MOST_KEPT_BYTES / MOST_RECORD_BYTES);
        assert_eq!(entries.kept_bytes, MOST_KEPT_BYTES);
    }
}
