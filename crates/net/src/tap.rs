//! Messages and control frames as they pass, for whoever wants to see them: one flag to look at while
//! nobody does.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use sockeye_wire::CloseCode;

use crate::Message;

/// Which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the peer.
    In,
    /// To the peer.
    Out,
}

/// What passes a link, as the peer sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight<'a> {
    /// A data message.
    Message(Message<'a>),
    /// A ping with its payload.
    Ping(&'a [u8]),
    /// A pong with its payload.
    Pong(&'a [u8]),
    /// A Close; code and reason if it has any.
    Close(Option<(CloseCode, &'a str)>),
}

impl<'a> From<Message<'a>> for Sight<'a> {
    fn from(message: Message<'a>) -> Self {
        Self::Message(message)
    }
}

/// Something that passes a link.
#[derive(Clone, Copy, Debug)]
pub struct Passing<'a> {
    /// The number of the connection.
    pub link: u64,
    /// Which way it goes.
    pub direction: Direction,
    /// What it is.
    pub sight: Sight<'a>,
}

/// Called on the I/O threads, so it must return at once.
type See = dyn Fn(Passing<'_>) + Send + Sync;

/// Shows what passes all links of a server, in the order in which each link sees it. Closed at first.
pub struct Tap {
    /// 0: closed. Who holds it open, times two, and one if it was opened for itself: a message looks at
    /// one number, whoever wants to see it.
    wanted: AtomicUsize,
    see: Box<See>,
}

/// What one holder counts as in [`Tap::wanted`].
const HOLDER: usize = 2;

impl Tap {
    /// A closed tap. `see` is called on the I/O threads and must return at once.
    pub fn new(see: impl Fn(Passing<'_>) + Send + Sync + 'static) -> Self {
        Self {
            wanted: AtomicUsize::new(0),
            see: Box::new(see),
        }
    }

    /// Opens it, or closes it again unless somebody holds it.
    pub fn open(&self, open: bool) {
        if open {
            self.wanted.fetch_or(1, Relaxed);
        } else {
            self.wanted.fetch_and(!1, Relaxed);
        }
    }

    /// Keeps it open until what this gives is dropped.
    pub fn hold(self: &Arc<Self>) -> Hold {
        self.wanted.fetch_add(HOLDER, Relaxed);
        Hold(Arc::clone(self))
    }

    pub(crate) fn is_open(&self) -> bool {
        self.wanted.load(Relaxed) != 0
    }

    /// Shows something, if it is open.
    pub(crate) fn show(&self, link: u64, direction: Direction, sight: Sight<'_>) {
        if self.is_open() {
            (self.see)(Passing {
                link,
                direction,
                sight,
            });
        }
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tap")
            .field("is_open", &self.is_open())
            .finish_non_exhaustive()
    }
}

/// Keeps a [`Tap`] open.
#[derive(Debug)]
pub struct Hold(Arc<Tap>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.wanted.fetch_sub(HOLDER, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_open_while_anybody_wants_it() {
        let tap = Arc::new(Tap::new(|_| {}));
        let one = tap.hold();
        tap.open(true);
        drop(one);
        assert!(tap.is_open());
        let two = tap.hold();
        tap.open(false);
        tap.open(false);
        assert!(tap.is_open());
        drop(two);
        assert!(!tap.is_open());
    }
}
