//! How far the messages of a connection have got on their way to the file: told by the writer's thread, asked by the session.

use std::sync::atomic::{
    AtomicBool, AtomicU64,
    Ordering::{Acquire, Release},
};

use sockeye_net::Bell;

/// The messages of one connection that are written, in order, until one could not be.
#[derive(Debug)]
pub(super) struct Receipts {
    /// Number of the last message that is written, and synced if that is wanted.
    written: AtomicU64,
    /// One could not be written; nothing behind it counts.
    has_failed: AtomicBool,
    bell: Bell,
}

impl Receipts {
    /// Of a connection whose session is woken with `bell`.
    pub(super) fn new(bell: Bell) -> Self {
        Self {
            written: AtomicU64::new(0),
            has_failed: AtomicBool::new(false),
            bell,
        }
    }

    /// A message got as far as it can.
    pub(super) fn settle(&self, number: u64, is_written: bool) {
        if !is_written {
            self.has_failed.store(true, Release);
        } else if !self.has_failed() {
            self.written.store(number, Release);
        }
        self.bell.ring();
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Acquire)
    }

    pub(super) fn has_failed(&self) -> bool {
        self.has_failed.load(Acquire)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_counts_behind_a_message_that_was_not_written() {
        let receipts = Receipts::new(Bell::default());
        receipts.settle(1, true);
        receipts.settle(2, false);
        receipts.settle(3, true);
        assert_eq!((receipts.written(), receipts.has_failed()), (1, true));
    }
}
