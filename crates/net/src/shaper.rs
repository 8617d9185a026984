//! What may stand between what a session says and the wire of its link: every data message passes here
//! if something does.

use std::fmt;

use sockeye_wire::{CloseCode, Encoder};
use tokio::time::Instant;

use crate::counts::Batch;
use crate::roster::Entry;
use crate::{Direction, Message};

/// Decides what becomes of the data messages of one link: it may pass, change, repeat, hold or drop them,
/// and cut the link. A link without one looks at a null pointer and nothing else.
///
/// It is given to the link with [`crate::Outbox::shape`], lives on the link's thread, and must not block.
/// What it holds it bounds itself. Pings, pongs, Close frames and the handshake do not pass here.
pub trait Shaper: fmt::Debug {
    /// A data message came; its session has not seen it. `wire` is there to cut the link.
    fn inbound(&mut self, message: Message<'_>, wire: &mut Wire<'_>) -> Arrival;

    /// The session, or another one, has something to send. `unprompted`: no message of the peer asked for
    /// it ([`crate::Outbox::unprompted`], or a broadcast). What is not written to `wire` is not sent.
    fn outbound(&mut self, message: Message<'_>, unprompted: bool, wire: &mut Wire<'_>);

    /// The instant that [`Self::next`] named has come.
    fn release(&mut self, wire: &mut Wire<'_>);

    /// Our Close follows: what is held goes out now or never.
    fn flush(&mut self, wire: &mut Wire<'_>);

    /// Messages of the peer that were held and whose session should see them now. `all`: the peer has
    /// sent Close, so none may be kept.
    fn late_arrivals(&mut self, all: bool) -> Vec<OwnMessage>;

    /// When it wants to be called again; asked whenever it may have changed.
    fn next(&self) -> Option<Instant>;

    /// Whether the link should take no further input. It must become false by itself, in
    /// [`Self::release`].
    fn is_full(&self) -> bool;

    /// A ping came; whether it is answered.
    fn answers_ping(&mut self) -> bool;
}

/// What becomes of a message of the peer.
#[derive(Debug)]
pub enum Arrival {
    /// The session gets it.
    Pass,
    /// The session gets these instead, in this order; perhaps none.
    Instead(Vec<OwnMessage>),
}

/// A message with its own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnMessage {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
}

impl OwnMessage {
    /// The message, lent.
    pub fn as_message(&self) -> Message<'_> {
        match self {
            Self::Text(text) => Message::Text(text),
            Self::Binary(bytes) => Message::Binary(bytes),
        }
    }
}

impl From<Message<'_>> for OwnMessage {
    fn from(message: Message<'_>) -> Self {
        match message {
            Message::Text(text) => Self::Text(text.to_owned()),
            Message::Binary(bytes) => Self::Binary(bytes.to_owned()),
        }
    }
}

/// How a link ends that is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The end of the stream without a Close frame.
    Drop,
    /// A TCP reset, which may overtake what was written before.
    Reset,
    /// The socket stays open, but nothing is read or written any more. It ends when the peer closes, which
    /// is looked for once a second, or the server does.
    Freeze,
    /// The closing handshake with this code, as if the session had asked for it.
    Close(CloseCode),
    /// A Close frame was written ([`Wire::frames`]); the peer's is awaited as if it had been ours.
    Closed,
}

/// The way to the peer. What is written counts as sent and is shown to the tap, and nothing else is. After
/// a cut nothing more is written.
#[derive(Debug)]
pub struct Wire<'a> {
    pub(crate) encoder: &'a mut Encoder,
    pub(crate) output: &'a mut Vec<u8>,
    pub(crate) batch: &'a mut Batch,
    pub(crate) entry: &'a Entry,
    pub(crate) cut: &'a mut Option<Cut>,
}

impl Wire<'_> {
    /// Writes a message in one frame that keeps the rules.
    pub fn message(&mut self, message: Message<'_>) {
        if self.cut.is_some() {
            return;
        }
        match message {
            Message::Text(text) => self.encoder.text(self.output, text),
            Message::Binary(bytes) => self.encoder.binary(self.output, bytes),
        }
        self.count(message);
    }

    /// Whether messages on this link may be compressed.
    pub fn packs(&self) -> bool {
        self.encoder.packs()
    }

    /// The payload of a message's compressed form, for a frame with RSV1. `None` if it would be sent as it is,
    /// or only the link's own window could make one.
    pub fn packed(&self, message: Message<'_>) -> Option<Vec<u8>> {
        self.encoder.recipe()?.pack(message.bytes())
    }

    /// Writes what `write` appends, whatever it is, in the place of one message. `shown` is what counts as
    /// sent.
    pub fn frames(&mut self, shown: Message<'_>, write: impl FnOnce(&mut Vec<u8>)) {
        if self.cut.is_none() {
            write(self.output);
            self.count(shown);
        }
    }

    /// Writes what `write` appends, which is no message.
    pub fn control(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        if self.cut.is_none() {
            write(self.output);
        }
    }

    /// Ends the link behind what is written so far. The first call counts.
    pub fn cut(&mut self, cut: Cut) {
        self.cut.get_or_insert(cut);
    }

    /// Whether the link is cut.
    pub fn is_cut(&self) -> bool {
        self.cut.is_some()
    }

    fn count(&mut self, message: Message<'_>) {
        self.batch.sent += 1;
        self.batch.bytes_sent += message.bytes().len() as u64;
        self.entry.show(Direction::Out, message);
    }
}
