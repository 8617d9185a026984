//! Bytes from the peer become events here: in which order frames may come, and what is kept between reads.

#![expect(
    clippy::mut_mut,
    reason = "`&mut &mut [u8]` is how frames are taken off the input's front"
)]

mod deliver;

use deliver::{Next, kind_of};

use crate::cut_head::CutHead;
use crate::deflate::{Deflate, Unpacker};
use crate::event::Event;
use crate::head::{Head, Sender};
use crate::limits::FrameLimits;
use crate::mask::{self, Mask, NO_MASK};
use crate::message::{Message, room_for};
use crate::opcode::{Kind, Opcode};
use crate::role::Role;
use crate::utf8::NotUtf8;
use crate::violation::{Violation, ViolationKind};

/// Reads frames and delivers whole messages and control frames, unmasked and checked.
///
/// Feed it everything that was read and call [`next`](Self::next) until it says `None`; then read
/// again. Frames may be cut anywhere between two reads. Between messages it holds no heap memory.
///
/// # When it is over
///
/// After a [`Event::Close`] or a [`Violation`] the decoder is closed: whatever follows is taken
/// off the input and ignored, and `next` says `None` (RFC 6455 sections 1.4 and 7.1.7).
#[derive(Debug)]
pub struct Decoder {
    limits: FrameLimits,
    message: Message,
    /// Payload of the control frame under way; it may come in the middle of a message.
    control: Vec<u8>,
    /// Payload bytes of the frame under way that have not arrived.
    missing: u64,
    /// Frames of the message under way.
    frames: u32,
    /// The mask of the frame under way, turned to where its payload goes on.
    mask: Mask,
    head: CutHead,
    stage: Stage,
    lent: Lent,
    role: Role,
    /// Whether the message under way is text that is collected as bytes.
    is_loose: bool,
    /// What inflates messages, where that was agreed.
    unpacker: Option<Box<Unpacker>>,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Data { fin: bool },
    Control { opcode: Opcode },
    Closed,
}

/// Which buffer the last event was a slice of; it is freed when the next event is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lent {
    Nothing,
    Message,
    Control,
    Unpacked,
}

impl Decoder {
    /// A decoder for what arrives at this end of a connection. Allocates nothing.
    pub fn new(role: Role, limits: FrameLimits) -> Self {
        Self {
            limits,
            message: Message::Absent,
            control: Vec::new(),
            missing: 0,
            frames: 0,
            mask: NO_MASK,
            head: CutHead::default(),
            stage: Stage::Head,
            lent: Lent::Nothing,
            role,
            is_loose: false,
            unpacker: None,
        }
    }

    /// The same decoder for a connection on which `agreed` holds: messages may be compressed, and are
    /// delivered inflated. To be said before the first byte is shown to it.
    #[must_use]
    pub fn with_deflate(mut self, agreed: Deflate) -> Self {
        self.unpacker = Some(Box::new(Unpacker::new(agreed, self.role)));
        self
    }

    /// Takes frames off the front of `input` until there is an event; `None` when the input is
    /// used up. Payloads are unmasked where they lie, so the input is overwritten.
    ///
    /// # Errors
    ///
    /// The peer broke a rule; see [`ViolationKind`]. A broken rule is reported as soon as the bytes
    /// that break it are there, and however the input was cut. The decoder is closed then.
    #[inline]
    pub fn next<'x, 'i: 'x>(
        &'x mut self,
        input: &mut &'i mut [u8],
    ) -> Result<Option<Event<'x>>, Violation> {
        self.free_what_was_lent();
        // Nearly every frame is an event by itself and lies in the input as a whole. It goes past the general way:
        // what that hands on through memory costs more than the frame.
        if let (Stage::Head, true) = (self.stage, self.head.is_empty())
            && let Ok(Some((head, bytes))) = Head::parse(input, self.sender())
            && is_whole_event(&head, input.len() - bytes)
        {
            take_front(input, bytes as u64);
            self.admit(&head)?;
            let payload = take_front(input, head.length);
            mask::apply(payload, head.mask);
            return self.whole_event(&head, payload);
        }
        self.next_of_pieces(input)
    }

    /// The next event, whatever the input was cut into.
    #[inline(never)]
    fn next_of_pieces<'x, 'i: 'x>(&'x mut self, input: &mut &'i mut [u8]) -> Next<'x> {
        loop {
            match self.stage {
                Stage::Head => {
                    let Some(head) = self.take_head(input)? else {
                        return Ok(None);
                    };
                    self.admit(&head)?;
                    if is_whole_event(&head, input.len()) {
                        let payload = take_front(input, head.length);
                        mask::apply(payload, head.mask);
                        return self.whole_event(&head, payload);
                    }
                    self.begin_payload(&head);
                }
                Stage::Closed => {
                    *input = &mut [];
                    return Ok(None);
                }
                Stage::Data { .. } | Stage::Control { .. } => {}
            }
            self.take_payload(input)?;
            if self.missing > 0 {
                return Ok(None);
            }
            match std::mem::replace(&mut self.stage, Stage::Head) {
                Stage::Control { opcode } => return self.collected_control(opcode),
                Stage::Data { fin: true } => return self.collected_message(),
                Stage::Data { fin: false } | Stage::Head | Stage::Closed => {}
            }
        }
    }

    /// Sets the limits for frames whose heads arrive from now on.
    pub fn set_limits(&mut self, limits: FrameLimits) {
        self.limits = limits;
    }

    /// Whether a frame or a message has begun whose end has not arrived.
    pub fn is_mid_message(&self) -> bool {
        let in_message = self.lent != Lent::Message && !self.message.is_absent();
        match self.stage {
            Stage::Head => in_message || !self.head.is_empty(),
            Stage::Data { .. } | Stage::Control { .. } => true,
            Stage::Closed => false,
        }
    }

    /// Heap memory held, in bytes: at most twice the payload of what is incomplete, zero if nothing is. A
    /// compressed message is kept inflated until the next event is asked for; the window that a peer keeps
    /// between its messages is not counted.
    pub fn held_bytes(&self) -> usize {
        let unpacked = self.unpacker.as_ref().map_or(0, |it| it.held_bytes());
        self.message.capacity() + self.control.capacity() + unpacked
    }

    #[inline]
    fn free_what_was_lent(&mut self) {
        match self.lent {
            Lent::Nothing => return,
            Lent::Message => self.message = Message::Absent,
            Lent::Control => self.control = Vec::new(),
            Lent::Unpacked => {
                self.unpacker.iter_mut().for_each(|it| it.free());
            }
        }
        self.lent = Lent::Nothing;
    }

    #[inline]
    fn sender(&self) -> Sender {
        Sender {
            role: self.role,
            packs: self.unpacker.is_some(),
        }
    }

    /// The next head, from the input or from what was kept of it; `None` if it is cut.
    fn take_head(&mut self, input: &mut &mut [u8]) -> Result<Option<Head>, Violation> {
        if self.head.is_empty() {
            match Head::parse(input, self.sender()) {
                Ok(Some((head, bytes))) => {
                    take_front(input, bytes as u64);
                    return Ok(Some(head));
                }
                Ok(None) => {}
                Err(kind) => return Err(self.refuse(kind)),
            }
        }
        self.take_cut_head(input)
    }

    fn take_cut_head(&mut self, input: &mut &mut [u8]) -> Result<Option<Head>, Violation> {
        let sender = self.sender();
        while let Some(&mut byte) = input.split_off_first_mut() {
            match self.head.push(byte, sender) {
                Ok(Some(head)) => return Ok(Some(head)),
                Ok(None) => {}
                Err(kind) => return Err(self.refuse(kind)),
            }
        }
        Ok(None)
    }

    /// Checks what a frame may be at this point of the stream, and its size, before its payload.
    #[inline]
    fn admit(&mut self, head: &Head) -> Result<(), Violation> {
        if head.opcode.is_control() {
            return Ok(());
        }
        match (head.opcode, self.message.is_absent()) {
            (Opcode::Continuation, true) => {
                return Err(self.refuse(ViolationKind::OrphanContinuation));
            }
            (Opcode::Continuation, false) => self.frames = self.frames.saturating_add(1),
            (_, true) => self.frames = 1,
            (opcode, false) => {
                return Err(self.refuse(ViolationKind::InterruptedMessage { opcode }));
            }
        }
        if head.packed {
            self.message = Message::begin_packed(kind_of(head.opcode));
        }
        self.admit_size(head.length)
    }

    /// What may arrive of the message under way.
    #[inline]
    fn most(&self) -> FrameLimits {
        if self.unpacker.is_some() && self.message.is_packed() {
            self.limits.of_packed()
        } else {
            self.limits
        }
    }

    #[inline]
    fn admit_size(&mut self, length: u64) -> Result<(), Violation> {
        let limits = self.most();
        let total = self.message.len().saturating_add(length);
        let frames = self.frames;
        let most_frames = limits.frames_for(total);
        if length > limits.frame_bytes {
            Err(self.refuse(ViolationKind::LongFrame {
                length,
                limit: self.limits.frame_bytes,
            }))
        } else if total > limits.message_bytes {
            Err(self.refuse(ViolationKind::LongMessage {
                length: total,
                limit: self.limits.message_bytes,
            }))
        } else if frames > most_frames {
            Err(self.refuse(ViolationKind::TooManyFragments {
                frames,
                limit: most_frames,
            }))
        } else {
            Ok(())
        }
    }

    /// Prepares for a payload that is to be collected.
    fn begin_payload(&mut self, head: &Head) {
        self.missing = head.length;
        self.mask = head.mask;
        self.stage = Stage::Data { fin: head.fin };
        match head.opcode {
            Opcode::Text | Opcode::Binary if head.packed => {}
            Opcode::Text | Opcode::Binary => self.begin_message(head.opcode),
            Opcode::Continuation => {}
            opcode @ (Opcode::Close | Opcode::Ping | Opcode::Pong) => {
                self.stage = Stage::Control { opcode };
            }
        }
    }

    fn begin_message(&mut self, opcode: Opcode) {
        self.is_loose = opcode == Opcode::Text && self.limits.loose_text;
        let is_checked = opcode == Opcode::Text && !self.is_loose;
        self.message = Message::begin(if is_checked { Kind::Text } else { Kind::Binary });
    }

    /// Moves what has arrived of the payload from the input to where it is collected.
    fn take_payload(&mut self, input: &mut &mut [u8]) -> Result<(), Violation> {
        let piece = take_front(input, self.missing);
        mask::apply(piece, self.mask);
        self.mask = mask::after(self.mask, piece.len());
        let ceiling = self.ceiling();
        self.missing -= piece.len() as u64;
        if let Stage::Control { .. } = self.stage {
            let Self { control, .. } = self;
            let room = room_for(control.capacity(), control.len(), piece.len(), ceiling);
            control.reserve_exact(room);
            control.extend_from_slice(piece);
            return Ok(());
        }
        self.message
            .push(piece, ceiling)
            .map_err(|bad| self.refuse_text(bad))
    }

    /// The most bytes that what the frame under way belongs to can come to have.
    fn ceiling(&self) -> u64 {
        match self.stage {
            Stage::Data { fin: true } => self.message.len().saturating_add(self.missing),
            Stage::Control { .. } => self.control.len() as u64 + self.missing,
            Stage::Data { fin: false } | Stage::Head | Stage::Closed => self.most().message_bytes,
        }
    }

    #[cold]
    fn refuse_text(&mut self, bad: NotUtf8) -> Violation {
        self.refuse(ViolationKind::TextNotUtf8 { offset: bad.offset })
    }

    #[cold]
    fn refuse(&mut self, kind: ViolationKind) -> Violation {
        self.close();
        kind.into()
    }

    /// Ends the work and frees what was collected for a message that will not be delivered.
    fn close(&mut self) {
        self.stage = Stage::Closed;
        self.message = Message::Absent;
        self.control = Vec::new();
    }
}

/// Whether a frame is an event by itself and all of it is among the bytes that are there.
#[inline]
fn is_whole_event(head: &Head, there: usize) -> bool {
    head.fin && head.opcode != Opcode::Continuation && head.length <= there as u64
}

/// Takes `wanted` bytes off the front of `input`, or all if it has fewer.
#[inline]
fn take_front<'i>(input: &mut &'i mut [u8], wanted: u64) -> &'i mut [u8] {
    let there = input.len();
    let bytes = usize::try_from(wanted).map_or(there, |wanted| wanted.min(there));
    input.split_off_mut(..bytes).unwrap_or_default()
}
