//! Records come together here: an open chunk for each input and tag, until a flush or its size seals it.

use std::io;
use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::chunk::{Body, CHUNK_BYTES, Chunk, Fate, Label, Up, fresh_name};
use crate::collector::{Account, Keeping, Receipt, Stopped};
use crate::matching::Matching;
use crate::pipeline::Pipeline;
use crate::queue::{Belongings, Lane, Left, Piece, Store};

/// Between two attempts to write to a disk that takes nothing.
const DISK_PATIENCE: Duration = Duration::from_millis(200);

/// An output and the tags that it wants.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) wants: Matching,
    pub(crate) lane: Arc<Lane>,
}

/// A chunk that takes records.
#[derive(Debug)]
pub(crate) struct Building {
    account: Arc<Account>,
    label: Label,
    /// Room for records: empty until the first.
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    store: Option<Arc<Store>>,
    settled: watch::Sender<Option<bool>>,
    /// The outputs that want it, by their place.
    pub(crate) lanes: Arc<[usize]>,
}

impl Building {
    /// No record will come any more.
    pub(crate) fn seal(self, pipeline: &Pipeline) -> Arc<Chunk> {
        let len = self.bytes.len();
        let is_up = self.store.is_none() || pipeline.up.load(Ordering::Acquire) < pipeline.most_up;
        let (body, held) = match &self.store {
            Some(store) if !is_up => {
                self.account.release(len);
                (Body::Disk(Arc::clone(store), self.pieces), 0)
            }
            Some(_) => {
                let up = Up::new(&pipeline.up);
                (Body::Memory(Bytes::from(self.bytes), Some(up)), len)
            }
            None => (Body::Memory(Bytes::from(self.bytes), None), len),
        };
        let outputs = self.lanes.len();
        let fate = Fate::new(outputs, self.settled, self.account, held, self.store);
        Chunk::new(Label { len, ..self.label }, body, fate)
    }

    fn is_for(&self, account: &Arc<Account>, tag: &str) -> bool {
        Arc::ptr_eq(&self.account, account) && &*self.label.tag == tag
    }

    /// Takes records; where they are on disk the receipt is done.
    fn take(&mut self, records: &[u8], count: u32) -> io::Result<Taken> {
        let mut taken = Taken {
            receipt: Receipt::done(),
            position: None,
        };
        match &self.store {
            None => taken.receipt = Receipt(Some(self.settled.subscribe())),
            Some(store) => {
                let belongings = Belongings {
                    chunk: self.label.id,
                    name: &self.label.name,
                    tag: &self.label.tag,
                    input: &self.label.input,
                    records: count,
                };
                let (piece, position) = store.append(belongings, records)?;
                self.pieces.push(piece);
                taken.position = Some((Arc::clone(store), position));
            }
        }
        self.bytes.extend_from_slice(records);
        self.label.records += count;
        self.account.hold(records.len());
        Ok(taken)
    }
}

/// What became of records.
struct Taken {
    receipt: Receipt,
    /// Up to where the disk must have kept everything.
    position: Option<(Arc<Store>, u64)>,
}

impl Pipeline {
    /// Puts records into the chunk of their input and tag. Waits while a disk takes nothing.
    pub(crate) async fn keep(
        &self,
        account: &Arc<Account>,
        tag: &str,
        records: &[u8],
        count: u32,
    ) -> Result<Receipt, Stopped> {
        let mut ended = self.ended.subscribe();
        let taken = loop {
            if *ended.borrow() {
                return Err(Stopped);
            }
            match self.put(account, tag, records, count) {
                Ok(taken) => break taken,
                Err(error) => self.tell_full(account, &error),
            }
            tokio::select! {
                () = sleep(DISK_PATIENCE) => {}
                _ = ended.wait_for(|is_over| *is_over) => {}
            }
        };
        if let Some((store, position)) = &taken.position {
            if self.is_disk_full.swap(false, Ordering::AcqRel) {
                self.log
                    .info("[storage] the disk takes records again; inputs go on");
            }
            store.synced(*position).await;
        }
        Ok(taken.receipt)
    }

    fn put(
        &self,
        account: &Arc<Account>,
        tag: &str,
        records: &[u8],
        count: u32,
    ) -> io::Result<Taken> {
        let mut open = self.open();
        let found = open.iter().position(|open| open.is_for(account, tag));
        let at = found.unwrap_or_else(|| {
            open.push(self.begin(account, tag));
            open.len() - 1
        });
        let Some(building) = open.get_mut(at) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        let taken = building.take(records, count);
        // One that could not take its first record is not worth keeping; one that is full is handed on.
        if building.label.records == 0 {
            open.remove(at);
        } else if building.bytes.len() >= CHUNK_BYTES {
            let full = open.remove(at);
            // Under the lock: whoever fills the next one must not overtake.
            self.hand_on(full);
        }
        taken
    }

    fn begin(&self, account: &Arc<Account>, tag: &str) -> Building {
        let is_stored = account.keeping == Keeping::Disk;
        let store = self.store.as_ref().filter(|_| is_stored).map(Arc::clone);
        let id = match &store {
            Some(store) => store.next_chunk(),
            None => self.numbers.fetch_add(1, Ordering::Relaxed) as u64,
        };
        let label = Label {
            id,
            name: fresh_name(&self.clock),
            tag: tag.into(),
            input: Arc::clone(&account.name),
            records: 0,
            len: 0,
            begun: Instant::now(),
        };
        Building {
            account: Arc::clone(account),
            label,
            bytes: Vec::new(),
            pieces: Vec::new(),
            store,
            settled: watch::Sender::new(None),
            lanes: self.wanting(tag),
        }
    }

    /// What an earlier run has left goes to the outputs that want it and have not settled it.
    pub(crate) fn resume(&self, left: Left, account: &Arc<Account>, store: &Arc<Store>) {
        let is_open = |lane: &Arc<Lane>| !left.settled.iter().any(|name| **name == *lane.name);
        let wanting = self.wanting(&left.tag);
        let lanes: Vec<&Arc<Lane>> = self.lanes(&wanting).filter(|lane| is_open(lane)).collect();
        if lanes.is_empty() {
            if left.settled.is_empty() {
                self.log.warn(format_args!(
                    "[storage] chunk '{}' of an earlier run is dropped: no output wants tag {}; {} records are lost",
                    left.name, left.tag, left.records
                ));
            }
            store.settled(left.id, None);
            return;
        }
        let label = Label {
            id: left.id,
            len: left.len(),
            name: left.name.into(),
            tag: left.tag.into(),
            input: left.input.into(),
            records: left.records,
            begun: Instant::now(),
        };
        let body = Body::Disk(Arc::clone(store), left.pieces);
        let settled = watch::Sender::new(None);
        let store = Some(Arc::clone(store));
        let fate = Fate::new(lanes.len(), settled, Arc::clone(account), 0, store);
        let chunk = Chunk::new(label, body, fate);
        for lane in lanes {
            lane.push(Arc::clone(&chunk));
        }
    }

    /// The outputs that want a tag.
    fn wanting(&self, tag: &str) -> Arc<[usize]> {
        let routes = self.routes.iter().enumerate();
        let wanting = routes.filter(|(_, route)| route.wants.wants(tag));
        wanting.map(|(number, _)| number).collect()
    }

    /// Whether any output wants the tag. Records that none wants are counted.
    pub(crate) fn is_wanted(&self, account: &Account, tag: &str, count: u32) -> bool {
        let is_wanted = self.routes.iter().any(|route| route.wants.wants(tag));
        if !is_wanted {
            account.counters.unrouted.add(u64::from(count));
        }
        is_wanted
    }

    pub(crate) fn lanes<'a>(&'a self, numbers: &'a [usize]) -> impl Iterator<Item = &'a Arc<Lane>> {
        let routes = numbers.iter().filter_map(|number| self.routes.get(*number));
        routes.map(|route| &route.lane)
    }

    /// Where memory is a ring the oldest chunks go until there is room.
    pub(crate) fn make_room(&self, account: &Account) {
        while account.has_too_much() && self.drop_oldest(account) {}
    }

    /// Drops the oldest chunk of an input in whichever lane has one. False: there is none that may go.
    fn drop_oldest(&self, account: &Account) -> bool {
        let why = "is dropped: the ring of its input is full (storage.type memrb)";
        let mut is_any = false;
        for route in &self.routes {
            if let Some(records) = route.lane.drop_oldest(&account.name, why) {
                account.counters.overwritten.add(u64::from(records));
                is_any = true;
            }
        }
        is_any
    }

    pub(crate) fn open(&self) -> MutexGuard<'_, Vec<Building>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell_full(&self, account: &Account, error: &io::Error) {
        if !self.is_disk_full.swap(true, Ordering::AcqRel) {
            self.log.error(format_args!(
                "[storage] the disk takes no records: {error}; {} waits until it does",
                account.name
            ));
        }
    }
}
