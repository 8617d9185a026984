//! How often each rule of a route has answered: counted per thread, summed when asked.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};

/// Threads that count apart from each other; with more of them, some share their counts.
pub(crate) const SHARDS: usize = 8;

/// One count for each rule, for each of some threads. Threads that count at the same time do not write
/// to the same memory.
pub(crate) struct Hits([Box<[AtomicU64]>; SHARDS]);

impl Hits {
    pub(crate) fn new(rules: usize) -> Self {
        // Room for a cache line beyond, so that no two threads meet in one.
        let shard = || (0..rules + 16).map(|_| AtomicU64::new(0)).collect();
        Self(std::array::from_fn(|_| shard()))
    }

    /// The rule with this number, from 0, has answered.
    pub(crate) fn count(&self, rule: usize) {
        let hits = self.0.get(own_shard()).and_then(|shard| shard.get(rule));
        if let Some(hits) = hits {
            hits.fetch_add(1, Relaxed);
        }
    }

    /// How often the rule with this number has answered.
    pub(crate) fn of(&self, rule: usize) -> u64 {
        let shards = self.0.iter().filter_map(|shard| shard.get(rule));
        shards.map(|hits| hits.load(Relaxed)).sum()
    }
}

impl Default for Hits {
    fn default() -> Self {
        Self::new(0)
    }
}

impl fmt::Debug for Hits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hits").finish_non_exhaustive()
    }
}

/// The shard of this thread.
pub(crate) fn own_shard() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<Option<usize>> = const { Cell::new(None) };
    }
    OWN.with(|own| {
        own.get().unwrap_or_else(|| {
            let shard = NEXT.fetch_add(1, Relaxed) % SHARDS;
            own.set(Some(shard));
            shard
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_threads_are_summed() {
        let hits = Hits::new(2);
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| hits.count(1));
            }
        });
        hits.count(1);
        hits.count(99);
        assert_eq!((hits.of(0), hits.of(1), hits.of(99)), (0, 21, 0));
    }
}
