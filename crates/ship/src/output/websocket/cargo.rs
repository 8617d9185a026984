//! Chunks under way pass through here as messages: which part is sent, which is confirmed, which the server does not want.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;

use crate::chunk::Chunk;
use crate::queue::Job;
use crate::record::Events;

/// Chunks that were taken from the lane and are not confirmed yet, in order.
#[derive(Debug, Default)]
pub(super) struct Cargo {
    loads: VecDeque<Load>,
    under_way: Sent,
}

/// What is sent and not confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) messages: usize,
    pub(super) bytes: usize,
    pub(super) records: u64,
}

/// One chunk.
#[derive(Debug)]
struct Load {
    job: Job,
    records: Bytes,
    /// What is not confirmed of it, in order.
    portions: VecDeque<Portion>,
}

/// The records of one message.
#[derive(Clone, Debug)]
struct Portion {
    range: Range<usize>,
    records: u32,
    /// The number of the message on this connection, once it is sent.
    sent: Option<u64>,
    /// Whether it went out on an earlier connection already.
    was_sent: bool,
    /// How often the server closed the connection over it while it was alone.
    refusals: u32,
    /// Whether it stands aside: if the server takes what follows, it is this record that it does not want.
    is_aside: bool,
}

/// What is to be sent next.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) records: Bytes,
    /// How many they are.
    pub(super) count: u32,
    /// Whether the server may have it already.
    pub(super) is_again: bool,
    /// The chunk that it is of.
    pub(super) chunk: Arc<Chunk>,
}

/// What confirmation has brought.
#[derive(Debug, Default)]
pub(super) struct Confirmed {
    pub(super) messages: u32,
    /// Chunks that are done.
    pub(super) chunks: Vec<u64>,
    /// Records that stood aside and are left out: the server has taken what follows them.
    pub(super) left_out: Vec<LeftOut>,
}

/// Records that the server does not want.
#[derive(Debug)]
pub(super) struct LeftOut {
    pub(super) chunk: Arc<Chunk>,
    pub(super) records: Bytes,
    pub(super) count: u32,
}

/// What is known about the message that the server closed the connection over.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Suspect {
    /// Nothing was under way.
    Nobody,
    /// Several messages were: nobody knows which one it was.
    Several,
    /// It was this one, with several records: it is now two.
    Halved,
    /// It was one single record, for the so-manieth time.
    Single(u32),
}

impl Cargo {
    /// Takes a chunk, as one message. Errors are the disk's.
    pub(super) fn add(&mut self, job: Job) -> io::Result<()> {
        let records = job.chunk.load()?;
        let portion = Portion {
            range: 0..records.len(),
            records: job.chunk.records,
            sent: None,
            was_sent: false,
            refusals: 0,
            is_aside: false,
        };
        let portions = VecDeque::from([portion]);
        self.loads.push_back(Load {
            job,
            records,
            portions,
        });
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.loads.is_empty()
    }

    /// The first records that are not sent on this connection.
    pub(super) fn next(&self) -> Option<Next> {
        let mut all = self.loads.iter().flat_map(|load| {
            let portions = load.portions.iter();
            portions.map(move |portion| (load, portion))
        });
        let (load, portion) = all.find(|(_, portion)| portion.is_unsent())?;
        Some(Next {
            records: load.records.slice(portion.range.clone()),
            count: portion.records,
            is_again: portion.was_sent,
            chunk: Arc::clone(&load.job.chunk),
        })
    }

    /// The first records that are not sent have become the message of this number.
    pub(super) fn sent(&mut self, number: u64) {
        let all = self.loads.iter_mut().flat_map(|load| &mut load.portions);
        for portion in all.filter(|portion| portion.is_unsent()).take(1) {
            portion.sent = Some(number);
            portion.was_sent = true;
            self.under_way.add(portion);
        }
    }

    /// Cuts the first records that are not sent in two. False: it is a single record.
    pub(super) fn halve(&mut self) -> bool {
        let at = |load: &Load| load.portions.iter().position(Portion::is_unsent);
        let found = self.loads.iter_mut().find_map(|load| {
            let at = at(load)?;
            Some((load, at))
        });
        found.is_some_and(|(load, at)| load.halve(at))
    }

    /// The server has every message up to this number.
    pub(super) fn confirm(&mut self, number: u64) -> Confirmed {
        let mut confirmed = Confirmed::default();
        let is_confirmed = |portion: &Portion| portion.sent.is_some_and(|sent| sent <= number);
        let mut left = self
            .portions()
            .filter(|portion| is_confirmed(portion))
            .count();
        while left > 0
            && let Some(load) = self.loads.front_mut()
        {
            while left > 0
                && let Some(portion) = load.portions.pop_front()
            {
                if is_confirmed(&portion) {
                    confirmed.messages += 1;
                    self.under_way.take(&portion);
                    left -= 1;
                } else {
                    confirmed.left_out.push(LeftOut {
                        chunk: Arc::clone(&load.job.chunk),
                        records: load.records.slice(portion.range),
                        count: portion.records,
                    });
                }
            }
            if load.portions.is_empty() {
                confirmed.chunks.push(load.job.serial);
                self.loads.pop_front();
            }
        }
        confirmed
    }

    /// The number of the oldest message that is not confirmed.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.portions().find_map(|portion| portion.sent)
    }

    /// What is sent and not confirmed.
    pub(super) fn under_way(&self) -> Sent {
        self.under_way
    }

    /// Whether a chunk that is on disk is under way.
    pub(super) fn is_stored(&self) -> bool {
        self.loads.iter().any(|load| load.job.chunk.is_stored())
    }

    /// The connection is gone: what is not confirmed will be sent again. How many records that are.
    pub(super) fn lost(&mut self) -> u64 {
        for portion in self.all_mut() {
            portion.sent = None;
        }
        std::mem::take(&mut self.under_way).records
    }

    /// The server has closed the connection because of what it was sent. To be called before [`Self::lost`].
    pub(super) fn suspect(&mut self) -> Suspect {
        match self.under_way.messages {
            0 => return Suspect::Nobody,
            1 => {}
            _ => return Suspect::Several,
        }
        let is_sent = |portion: &Portion| portion.sent.is_some();
        let found = self.loads.iter_mut().find_map(|load| {
            let at = load.portions.iter().position(is_sent)?;
            Some((load, at))
        });
        let Some((load, at)) = found else {
            return Suspect::Nobody;
        };
        if load.halve(at) {
            return Suspect::Halved;
        }
        load.portions
            .get_mut(at)
            .map_or(Suspect::Nobody, |portion| {
                portion.refusals += 1;
                Suspect::Single(portion.refusals)
            })
    }

    /// The record that was refused so often stands aside, and what follows is tried. How many do.
    pub(super) fn set_aside(&mut self, refusals: u32) -> usize {
        for portion in self.all_mut() {
            portion.is_aside |= portion.refusals >= refusals;
        }
        self.portions().filter(|portion| portion.is_aside).count()
    }

    /// Whatever stood aside takes its place again.
    pub(super) fn take_back(&mut self) {
        for portion in self.all_mut() {
            portion.is_aside = false;
            portion.refusals = 0;
        }
    }

    /// Forgets chunks that nobody wants any more. To be called after [`Self::lost`].
    pub(super) fn keep_only(&mut self, is_wanted: impl Fn(u64) -> bool) {
        self.loads.retain(|load| is_wanted(load.job.serial));
    }

    fn portions(&self) -> impl Iterator<Item = &Portion> {
        self.loads.iter().flat_map(|load| &load.portions)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut Portion> {
        self.loads.iter_mut().flat_map(|load| &mut load.portions)
    }
}

impl Sent {
    fn add(&mut self, portion: &Portion) {
        self.messages += 1;
        self.bytes += portion.range.len();
        self.records += u64::from(portion.records);
    }

    fn take(&mut self, portion: &Portion) {
        self.messages -= 1;
        self.bytes -= portion.range.len();
        self.records -= u64::from(portion.records);
    }
}

impl Portion {
    /// Whether it is to be sent on this connection.
    fn is_unsent(&self) -> bool {
        self.sent.is_none() && !self.is_aside
    }
}

impl Load {
    /// Cuts a portion in two between records.
    fn halve(&mut self, at: usize) -> bool {
        let Some(portion) = self.portions.get(at).cloned() else {
            return false;
        };
        let first = portion.records / 2;
        let bytes = self.records.get(portion.range.clone()).unwrap_or_default();
        let Some(middle) = border(bytes, first) else {
            return false;
        };
        let middle = portion.range.start + middle;
        let half = |range: Range<usize>, records: u32| Portion {
            range,
            records,
            ..portion
        };
        let second = half(middle..portion.range.end, portion.records - first);
        if let Some(place) = self.portions.get_mut(at) {
            *place = half(portion.range.start..middle, first);
        }
        self.portions.insert(at + 1, second);
        true
    }
}

/// Where so many records end. Marks of groups count as nothing, but a border is never inside of bytes
/// that are no records.
fn border(bytes: &[u8], records: u32) -> Option<usize> {
    if records == 0 {
        return None;
    }
    let mut events = Events::new(bytes);
    for _ in 0..records {
        events.next()?.ok()?;
    }
    let at = events.at();
    (at > 0 && at < bytes.len()).then_some(at)
}
