//! Records pass through the filters here, in the order of the plan, each asked only about tags that it wants.

use std::sync::{Arc, Mutex, PoisonError};

use crate::filter::{Filter, Filtered};
use crate::matching::Matching;
use crate::monitor::FilterCounters;

/// Every filter of a plan.
#[derive(Debug, Default)]
pub(crate) struct Filters(pub(crate) Vec<Slot>);

/// A filter at its place.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) wants: Matching,
    /// Whether it is asked about every input's records, or only where an input names it.
    pub(crate) is_common: bool,
    pub(crate) filter: Mutex<Box<dyn Filter>>,
    pub(crate) counters: Arc<FilterCounters>,
}

/// What the filters have left.
#[derive(Debug)]
pub(crate) struct Left {
    /// None: the records are as they were.
    changed: Option<Vec<u8>>,
    pub(crate) count: u32,
}

impl Left {
    pub(crate) fn bytes<'a>(&'a self, unchanged: &'a [u8]) -> &'a [u8] {
        self.changed.as_deref().unwrap_or(unchanged)
    }
}

impl Filters {
    /// Asks the filters of the input, then those of all.
    pub(crate) fn apply(&self, own: &[usize], tag: &str, records: &[u8], count: u32) -> Left {
        let mut left = Left {
            changed: None,
            count,
        };
        let own = own.iter().filter_map(|place| self.0.get(*place));
        let common = self.0.iter().filter(|slot| slot.is_common);
        let mut room = Vec::new();
        for slot in own.chain(common).filter(|slot| slot.wants.wants(tag)) {
            if left.count == 0 {
                break;
            }
            room.clear();
            let mut filter = slot.filter.lock().unwrap_or_else(PoisonError::into_inner);
            let filtered = filter.apply(tag, left.bytes(records), &mut room);
            drop(filter);
            if let Filtered::Changed { records } = filtered {
                slot.count(left.count, records);
                left.count = records;
                let before = left.changed.replace(std::mem::take(&mut room));
                room = before.unwrap_or_default();
            }
        }
        left
    }
}

impl Slot {
    fn count(&self, before: u32, after: u32) {
        let counters = &self.counters;
        counters
            .dropped
            .add(u64::from(before.saturating_sub(after)));
        counters.added.add(u64::from(after.saturating_sub(before)));
    }
}
