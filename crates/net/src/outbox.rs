//! What a session says, on its way into frames.

use std::sync::Arc;

use sockeye_wire::{CloseCode, Encoder, Kind};
use tokio::time::Instant;

use crate::bell::Bell;
use crate::counts::Batch;
use crate::fanout::{Audience, Frame};
use crate::limits::{GROUPS_PER_LINK, OUTPUT_HIGH};
use crate::roster::Entry;
use crate::shaper::{Cut, Shaper, Wire};
use crate::upstream::Speaking;
use crate::{Direction, Message, Sight};

/// The longest reason of a Close, in bytes (RFC 6455 section 5.5: 125 less the code).
const REASON_BYTES: usize = 123;

/// Collects what a session says during one call. It is encoded at once and written when the call
/// has returned, together with everything else that the same read caused.
#[derive(Debug)]
pub struct Outbox<'a> {
    pub(crate) encoder: &'a mut Encoder,
    pub(crate) output: &'a mut Vec<u8>,
    pub(crate) scratch: &'a mut Vec<u8>,
    pub(crate) batch: &'a mut Batch,
    pub(crate) close: &'a mut Option<Farewell>,
    pub(crate) entry: &'a Entry,
    pub(crate) wishes: &'a mut Wishes,
    pub(crate) unsent: usize,
    pub(crate) shaper: &'a mut Option<Box<dyn Shaper>>,
    /// Whether what is said now answers no message of the peer.
    pub(crate) unprompted: bool,
    pub(crate) upstream: Option<&'a mut Speaking>,
}

/// What a session has asked its link for.
#[derive(Debug, Default)]
pub(crate) struct Wishes {
    /// A call at this instant.
    pub(crate) wake: Option<Instant>,
    /// A call when this rings.
    pub(crate) bell: Option<Bell>,
    pub(crate) pace: Pace,
    /// The end of the link, asked for by its shaper or its session.
    pub(crate) cut: Option<Cut>,
    /// Not a wish: whether the message that the session has now is text that is not UTF-8.
    pub(crate) is_loose_text: bool,
}

/// How a session keeps up with its messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    /// Every message so far has been dealt with.
    #[default]
    Ready,
    /// Answers are still to come. Messages go on arriving; the peer's Close is answered after them.
    Busy,
    /// As before, and no further message is taken until the session says otherwise. It must say so
    /// within the time that a peer would wait for a pong.
    Full,
}

/// A Close frame to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Farewell {
    pub(crate) code: Option<CloseCode>,
    pub(crate) reason: String,
}

impl<'a> From<&'a Farewell> for Sight<'a> {
    fn from(farewell: &'a Farewell) -> Self {
        let reason = &farewell.reason;
        // The encoder cuts a longer one.
        let reason = &reason[..reason.floor_char_boundary(REASON_BYTES)];
        Self::Close(farewell.code.map(|code| (code, reason)))
    }
}

impl Outbox<'_> {
    /// Whether the message that the session has now came as text and is not UTF-8. It has it as binary.
    pub fn is_loose_text(&self) -> bool {
        self.wishes.is_loose_text
    }

    /// Ends the link behind what is said so far, in the way of `cut`. The first call counts.
    pub fn cut(&mut self, cut: Cut) {
        self.wishes.cut.get_or_insert(cut);
    }

    /// Sends a text message.
    pub fn text(&mut self, text: &str) {
        if self.shaper.is_some() {
            return self.say_shaped(Message::Text(text));
        }
        self.encoder.text(self.output, text);
        self.count(Message::Text(text));
    }

    /// Sends a binary message.
    pub fn binary(&mut self, bytes: &[u8]) {
        if self.shaper.is_some() {
            return self.say_shaped(Message::Binary(bytes));
        }
        self.encoder.binary(self.output, bytes);
        self.count(Message::Binary(bytes));
    }

    /// Sends `message` as it is.
    pub fn message(&mut self, message: Message<'_>) {
        match message {
            Message::Text(text) => self.text(text),
            Message::Binary(bytes) => self.binary(bytes),
        }
    }

    /// Sends what `write` appends to an empty buffer as a text message; nothing if it fails.
    ///
    /// What is written must be UTF-8.
    pub fn render<E>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.scratch.clear();
        write(self.scratch)?;
        debug_assert!(
            std::str::from_utf8(self.scratch).is_ok(),
            "rendered text is UTF-8"
        );
        if self.shaper.is_some() {
            let rendered = std::mem::take(self.scratch);
            // What is rendered is UTF-8.
            if let Ok(text) = std::str::from_utf8(&rendered) {
                self.say_shaped(Message::Text(text));
            }
            *self.scratch = rendered;
            return Ok(());
        }
        self.encoder.message(self.output, Kind::Text, self.scratch);
        self.batch.sent += 1;
        self.batch.bytes_sent += self.scratch.len() as u64;
        let text = &*self.scratch;
        self.entry
            .show_out(|| std::str::from_utf8(text).ok().map(Message::Text));
        Ok(())
    }

    /// Sends `message` to the server behind the link. False: there is none, or it is closed.
    pub fn upstream(&mut self, message: Message<'_>) -> bool {
        self.upstream
            .as_mut()
            .is_some_and(|upstream| upstream.message(message))
    }

    /// Closes the link after what was said so far: the session's goodbye, then a Close frame.
    /// A reason longer than 123 bytes is cut. The first call of a turn counts.
    pub fn close(&mut self, code: CloseCode, reason: &str) {
        self.close.get_or_insert_with(|| Farewell {
            code: Some(code),
            reason: reason.to_owned(),
        });
    }

    /// Joins a group, by whose name others reach this link. False: it is in 64 groups already.
    pub fn join(&mut self, group: &str) -> bool {
        let is_member = self.entry.groups().iter().any(|known| **known == *group);
        if !is_member && self.entry.groups().len() >= GROUPS_PER_LINK {
            return false;
        }
        if !is_member {
            self.entry.join(group);
        }
        true
    }

    /// Leaves a group; nothing happens if the link is not in it.
    pub fn leave(&mut self, group: &str) {
        self.entry.leave(group);
    }

    /// The groups this link is in, in no order.
    pub fn groups(&self) -> Vec<Arc<str>> {
        self.entry.groups()
    }

    /// Sends a frame to an audience; gives the number of links in it. If this link is one of them,
    /// the frame stands before what it says next.
    pub fn broadcast(&mut self, audience: &Audience, frame: &Frame) -> usize {
        if self.entry.broadcast(audience, frame) {
            self.frame(frame);
        }
        self.entry.size(audience)
    }

    /// Sends an encoded message.
    pub fn frame(&mut self, frame: &Frame) {
        if self.shaper.is_some() {
            return self.say_shaped(frame.message());
        }
        frame.write(self.encoder, self.output);
        self.batch.sent += 1;
        self.batch.bytes_sent += frame.payload() as u64;
        self.entry.show_out(|| Some(frame.message()));
    }

    /// Whether so much is said in this turn that the rest should wait for the next.
    pub fn is_crowded(&self) -> bool {
        self.output.len() >= OUTPUT_HIGH
    }

    /// Bytes of earlier turns that the peer has not taken yet.
    pub fn unsent(&self) -> usize {
        self.unsent
    }

    /// Asks for a call of [`crate::Session::woken`] at `instant`, or at an earlier one that was asked
    /// for before.
    pub fn wake_at(&mut self, instant: Instant) {
        let known = self.wishes.wake;
        self.wishes.wake = Some(known.map_or(instant, |known| known.min(instant)));
    }

    /// The link's bell: rung on any thread, it has [`crate::Session::woken`] called.
    pub fn bell(&mut self) -> Bell {
        self.wishes.bell.get_or_insert_default().clone()
    }

    /// When the message that the session is called for was read; now, if it is called for something else.
    pub fn read_at(&self) -> Instant {
        self.batch.read_at.unwrap_or_else(Instant::now)
    }

    /// Has [`crate::Session::written`] called at the end of this turn, even if nothing is said in it.
    pub fn await_end(&mut self) {
        self.batch.is_awaited = true;
    }

    /// Says how the session keeps up, until it says something else.
    pub fn pace(&mut self, pace: Pace) {
        self.wishes.pace = pace;
    }

    /// Puts `shaper` between the link and its wire from now on, in the place of the one before, which is
    /// flushed; `None`: nothing stands there.
    pub fn shape(&mut self, shaper: Option<Box<dyn Shaper>>) {
        if let Some(mut before) = std::mem::replace(self.shaper, shaper) {
            before.flush(&mut self.wire());
        }
    }

    /// What `say` says answers no message of the peer: it was scheduled, or somebody else wants it said.
    pub fn unprompted<T>(&mut self, say: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.unprompted, true);
        let result = say(self);
        self.unprompted = before;
        result
    }

    #[cold]
    fn say_shaped(&mut self, message: Message<'_>) {
        if let Some(mut shaper) = self.shaper.take() {
            shaper.outbound(message, self.unprompted, &mut self.wire());
            *self.shaper = Some(shaper);
        }
    }

    fn wire(&mut self) -> Wire<'_> {
        Wire {
            encoder: self.encoder,
            output: self.output,
            batch: self.batch,
            entry: self.entry,
            cut: &mut self.wishes.cut,
        }
    }

    fn count(&mut self, message: Message<'_>) {
        self.batch.sent += 1;
        self.batch.bytes_sent += message.bytes().len() as u64;
        self.entry.show(Direction::Out, message);
    }
}
