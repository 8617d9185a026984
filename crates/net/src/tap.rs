//! Messages as they pass, for whoever wants to see them: one flag to look at while nobody does.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::Message;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the peer.
    In,
    /// To the peer.
    Out,
}

/// A message that passes a link.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    /// The number of the connection.
    pub link: u64,
    /// Which way it goes.
    pub direction: Direction,
    /// The message.
    pub message: Message<'a>,
}

/// Called on the I/O threads, so it must return at once.
type See = dyn Fn(Passing<'_>) + Send + Sync;

/// Shows data messages as they pass all links of a server. Closed at first.
pub struct Tap {
    is_open: AtomicBool,
    see: Box<See>,
}

impl Tap {
    /// A closed tap. `see` is called on the I/O threads and must return at once.
    pub fn new(see: impl Fn(Passing<'_>) + Send + Sync + 'static) -> Self {
        Self {
            is_open: AtomicBool::new(false),
            see: Box::new(see),
        }
    }

    /// Opens it, or closes it.
    pub fn open(&self, open: bool) {
        self.is_open.store(open, Relaxed);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.is_open.load(Relaxed)
    }

    /// Shows a message, if it is open.
    pub(crate) fn show(&self, link: u64, direction: Direction, message: Message<'_>) {
        if self.is_open() {
            (self.see)(Passing {
                link,
                direction,
                message,
            });
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("is_open", &self.is_open)
            .finish_non_exhaustive()
    }
}
