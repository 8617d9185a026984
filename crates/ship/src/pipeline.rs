//! Journey 3 in one place: what an input brings is filtered, kept, put into a chunk, and handed to every output that wants it.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};

use sockeye_core::Clock;
use tokio::sync::watch;

use crate::building::{Building, Route};
use crate::collector::{Collector, Receipt, Stopped};
use crate::filtering::Filters;
use crate::queue::Store;
use crate::report::Log;

/// What lies between inputs and outputs. All inputs share one.
#[derive(Debug)]
pub(crate) struct Pipeline {
    pub(crate) filters: Filters,
    pub(crate) routes: Vec<Route>,
    pub(crate) store: Option<Arc<Store>>,
    /// Chunks that take records, in the order in which they were begun. An input has one for each tag.
    pub(crate) open: Mutex<Vec<Building>>,
    /// Stored chunks whose bytes are in memory as well, and how many there may be.
    pub(crate) up: Arc<AtomicUsize>,
    pub(crate) most_up: usize,
    /// Inputs wait because the disk takes nothing.
    pub(crate) is_disk_full: AtomicBool,
    /// Numbers of chunks that are not stored.
    pub(crate) numbers: AtomicUsize,
    /// The end: nothing is taken any more.
    pub(crate) ended: watch::Sender<bool>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
}

impl Pipeline {
    /// The way in. See [`Collector::append`], which has waited for room.
    pub(crate) async fn take_in(
        &self,
        from: &Collector,
        tag: &str,
        records: &[u8],
        count: u32,
    ) -> Result<Receipt, Stopped> {
        // First of all, so that nothing is kept that nobody wants.
        let filtered = self.filters.apply(&from.processors, tag, records, count);
        let (records, count) = (filtered.bytes(records), filtered.count);
        if count == 0 || !self.is_wanted(&from.account, tag, count) {
            return Ok(Receipt::done());
        }
        let counters = &from.account.counters;
        counters.records.add(u64::from(count));
        counters.bytes.add(records.len() as u64);
        // On disk, if that is where this input keeps its records, and into the chunk of its tag.
        let receipt = self.keep(&from.account, tag, records, count).await?;
        // Where memory is a ring the new records take the place of the oldest.
        self.make_room(&from.account);
        Ok(receipt)
    }

    /// Once per flush: every chunk that has records is sealed and handed on, oldest first.
    pub(crate) fn flush(&self) {
        let open = std::mem::take(&mut *self.open());
        for building in open {
            self.hand_on(building);
        }
    }

    /// A sealed chunk is the same for every output: it is never written to again.
    pub(crate) fn hand_on(&self, building: Building) {
        let lanes = Arc::clone(&building.lanes);
        let chunk = building.seal(self);
        for lane in self.lanes(&lanes) {
            lane.push(Arc::clone(&chunk));
        }
    }
}
