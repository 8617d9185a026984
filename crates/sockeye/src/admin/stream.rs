//! The WebSockets of the admin listener: the stream of events, or what is to be recorded.

use sockeye_net::{Ending, Message, Outbox, Session};

use super::events::EventStream;
use super::tape::TapeStream;

/// One of them.
#[derive(Debug)]
pub(crate) enum Stream {
    /// A page that watches.
    Events(Box<EventStream>),
    /// A client that records.
    Tape(Box<TapeStream>),
}

impl Session for Stream {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        match self {
            Self::Events(stream) => stream.opened(out),
            Self::Tape(stream) => stream.opened(out),
        }
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        match self {
            Self::Events(stream) => stream.message(message, out),
            Self::Tape(stream) => stream.message(message, out),
        }
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        match self {
            Self::Events(stream) => stream.woken(out),
            Self::Tape(stream) => stream.woken(out),
        }
    }

    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        match self {
            Self::Events(stream) => stream.goodbye(out),
            Self::Tape(stream) => stream.goodbye(out),
        }
    }

    fn ended(&mut self, ending: &Ending) {
        match self {
            Self::Events(stream) => stream.ended(ending),
            Self::Tape(stream) => stream.ended(ending),
        }
    }
}
