//! What went wrong between the nodes, counted; the log is told at a bearable rate.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::limits::COMPLAINT;

/// Counts since the start of the cluster, and the nodes of this moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ClusterCounts {
    /// Operations on the shared state that Redis did not carry out or did not answer in time.
    pub shared_state_errors: u64,
    /// Broadcasts that were not handed to Redis, or without its word that it has them.
    pub lost_broadcasts: u64,
    /// Messages on the channel that were not understood.
    pub ignored_messages: u64,
    /// How often Redis came back after it was lost.
    pub reconnects: u64,
    /// Other nodes that were heard of in the last 6 s.
    pub nodes: usize,
}

/// The counts as they are written.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    shared_state_errors: AtomicU64,
    lost_broadcasts: AtomicU64,
    ignored_messages: AtomicU64,
    reconnects: AtomicU64,
    complained_of_loss: Pace,
    complained_of_noise: Pace,
}

impl Tally {
    pub(crate) fn counts(&self, nodes: usize) -> ClusterCounts {
        ClusterCounts {
            shared_state_errors: self.shared_state_errors.load(Relaxed),
            lost_broadcasts: self.lost_broadcasts.load(Relaxed),
            ignored_messages: self.ignored_messages.load(Relaxed),
            reconnects: self.reconnects.load(Relaxed),
            nodes,
        }
    }

    pub(crate) fn operation_failed(&self) {
        self.shared_state_errors.fetch_add(1, Relaxed);
    }

    pub(crate) fn reconnected(&self) {
        self.reconnects.fetch_add(1, Relaxed);
    }

    pub(crate) fn lost(&self, broadcasts: u64) {
        let total = self.lost_broadcasts.fetch_add(broadcasts, Relaxed) + broadcasts;
        if broadcasts > 0 && self.complained_of_loss.permits() {
            tracing::warn!(total, "broadcasts to other nodes are lost");
        }
    }

    pub(crate) fn ignored(&self, why: &str) {
        let total = self.ignored_messages.fetch_add(1, Relaxed) + 1;
        if self.complained_of_noise.permits() {
            tracing::warn!(
                total,
                why,
                "a message on the channel of the nodes is ignored"
            );
        }
    }
}

/// Lets one line through, and the next one when the last is long enough ago.
#[derive(Debug, Default)]
struct Pace(Mutex<Option<Instant>>);

impl Pace {
    fn permits(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_time = last.is_none_or(|last| last.elapsed() >= COMPLAINT);
        if is_time {
            *last = Some(Instant::now());
        }
        is_time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_hears_of_the_first_loss_and_not_of_each() {
        let pace = Pace::default();
        assert_eq!([pace.permits(), pace.permits()], [true, false]);
    }
}
