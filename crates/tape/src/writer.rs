//! Entries of all recordings pass through here on the deck's thread: gathered for an instant, redacted,
//! and appended to their `.part` files as whole lines.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sockeye_core::Redactor;

use crate::deck::{Desk, End, Order, finish_one};
use crate::finish::Ended;
use crate::limits::{GATHER, ORDERS_BEFORE_FLUSH, TAPE_BYTES, WRITE_BYTES};
use crate::recorder::Waiting;
use crate::spot::{Claim, Numbers};
use crate::{Entry, Head, RecordError, RecordEvent, Sheet, Watch, line};

/// One recording that is being written.
pub(crate) struct Reel {
    claim: Claim,
    sheet: Box<dyn Sheet>,
    head: Head,
    redaction: Arc<Redactor>,
    watch: Watch,
    waiting: Arc<Waiting>,
    /// Lines that are not written yet.
    lines: Vec<u8>,
    written: u64,
    entries: u64,
    last: Duration,
}

impl Reel {
    pub(crate) fn new(
        claim: Claim,
        sheet: Box<dyn Sheet>,
        head: Head,
        redaction: Arc<Redactor>,
        watch: Watch,
        waiting: Arc<Waiting>,
    ) -> Self {
        let mut lines = Vec::new();
        // Writing into memory cannot fail.
        let _ = line::write_head(&mut lines, &head, &redaction.profile());
        Self {
            claim,
            sheet,
            head,
            redaction,
            watch,
            waiting,
            lines,
            written: 0,
            entries: 0,
            last: Duration::ZERO,
        }
    }

    fn add(&mut self, mut entry: Entry) -> Result<(), RecordError> {
        if !self.redaction.is_empty() {
            entry.redact(&self.redaction);
        }
        self.last = self.last.max(entry.at);
        entry.at = self.last;
        self.entries += 1;
        let wrote = line::write_entry(&mut self.lines, self.entries, &entry);
        wrote.map_err(|problem| self.claim.cannot("write", problem))?;
        if self.lines.len() >= WRITE_BYTES {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), RecordError> {
        if self.lines.is_empty() {
            return Ok(());
        }
        self.written += self.lines.len() as u64;
        if self.written > TAPE_BYTES {
            return Err(RecordError::TooLong {
                file: self.claim.shown.clone(),
            });
        }
        let wrote = self
            .sheet
            .write_all(&self.lines)
            .and_then(|()| self.sheet.flush());
        self.lines.clear();
        // A message of megabytes must not stay for the life of a recording.
        self.lines.shrink_to(WRITE_BYTES);
        wrote.map_err(|problem| self.claim.cannot("write", problem))
    }
}

/// The writing thread.
pub(crate) struct Writer {
    desk: Arc<Desk>,
    numbers: Arc<Mutex<Numbers>>,
    ends: SyncSender<End>,
    reels: HashMap<u64, Reel>,
    /// Those with lines that are not written yet.
    dirty: Vec<u64>,
}

impl Writer {
    pub(crate) fn new(
        desk: Arc<Desk>,
        numbers: Arc<Mutex<Numbers>>,
        ends: SyncSender<End>,
    ) -> Self {
        Self {
            desk,
            numbers,
            ends,
            reels: HashMap::new(),
            dirty: Vec::new(),
        }
    }

    /// Carries out orders until it is told to stop.
    pub(crate) fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            // While it is parked here, whoever records something does not have to wake it.
            thread::park_timeout(GATHER);
            let mut next = Some(first);
            let mut carried = 0;
            while let Some(order) = next {
                if self.carry_out(order).is_break() {
                    self.end_all();
                    return;
                }
                carried += 1;
                if carried % ORDERS_BEFORE_FLUSH == 0 {
                    self.flush();
                }
                next = orders.try_recv().ok();
            }
            self.flush();
        }
    }

    fn carry_out(&mut self, order: Order) -> std::ops::ControlFlow<()> {
        match order {
            Order::Begin { id, begin } => match begin.open(&self.numbers) {
                Ok(reel) => self.go(id, reel),
                Err((error, watch)) => watch(RecordEvent::Failed { error }),
            },
            Order::Go { id, reel } => self.go(id, *reel),
            Order::Entry { id, entry } => self.entry(id, entry),
            Order::Overrun { id } => {
                if let Some(reel) = self.reels.get(&id) {
                    let file = reel.claim.shown.clone();
                    self.fail(id, RecordError::Overrun { file });
                }
            }
            Order::End { id, ran } => self.end(id, ran),
            Order::Stop => return std::ops::ControlFlow::Break(()),
        }
        std::ops::ControlFlow::Continue(())
    }

    fn go(&mut self, id: u64, reel: Reel) {
        self.reels.insert(id, reel);
        self.dirty.push(id);
    }

    fn entry(&mut self, id: u64, entry: Entry) {
        // Those of a recording that has failed are counted down with it.
        let Some(reel) = self.reels.get_mut(&id) else {
            self.desk.forget(entry.weight());
            return;
        };
        reel.waiting.taken(&self.desk, entry.weight());
        if reel.lines.is_empty() {
            self.dirty.push(id);
        }
        if let Err(error) = reel.add(entry) {
            self.fail(id, error);
        }
    }

    fn flush(&mut self) {
        for id in std::mem::take(&mut self.dirty) {
            let failed = self.reels.get_mut(&id).map(Reel::flush);
            if let Some(Err(error)) = failed {
                self.fail(id, error);
            }
        }
    }

    /// Gives a recording up. What was written of it stays.
    fn fail(&mut self, id: u64, error: RecordError) {
        if let Some(mut reel) = self.reels.remove(&id) {
            reel.waiting.stop();
            if matches!(error, RecordError::Overrun { .. }) {
                // What was taken before belongs to the part that can be repaired.
                let _ = reel.flush();
            }
            (reel.watch)(RecordEvent::Failed { error });
        }
    }

    fn end(&mut self, id: u64, ran: Option<Duration>) {
        let flushed = self.reels.get_mut(&id).map(Reel::flush);
        if let Some(Err(error)) = flushed {
            return self.fail(id, error);
        }
        let Some(reel) = self.reels.remove(&id) else {
            return;
        };
        let ended = Ended {
            claim: reel.claim,
            _sheet: reel.sheet,
            head: reel.head,
            count: reel.entries,
            ran: ran.unwrap_or_default().max(reel.last),
        };
        match self.ends.try_send((ended, reel.watch)) {
            Ok(()) => {}
            // Finishing does not keep up: whoever records has to wait, and bounds see to it.
            Err(TrySendError::Full(end) | TrySendError::Disconnected(end)) => finish_one(&end),
        }
    }

    fn end_all(&mut self) {
        let ids: Vec<u64> = self.reels.keys().copied().collect();
        for id in ids {
            if let Some(reel) = self.reels.get(&id) {
                reel.waiting.stop();
            }
            self.end(id, None);
        }
    }
}

impl std::fmt::Debug for Reel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{}, {} entries",
            self.claim.shown.display(),
            self.entries
        )
    }
}
