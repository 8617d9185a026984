//! The ends of frames become events here: what lies in the input, what was collected, what has to be inflated.

use super::{Decoder, Lent, Stage};
use crate::close::CloseFrame;
use crate::event::Event;
use crate::head::Head;
use crate::message::Message;
use crate::opcode::{Kind, Opcode};
use crate::utf8::{self, NotUtf8};
use crate::violation::{Violation, ViolationKind};

/// What [`Decoder::next`] gives, in its final shape from the start: a later change of shape is a copy per frame.
pub(super) type Next<'a> = Result<Option<Event<'a>>, Violation>;

impl Decoder {
    /// The event that one unmasked payload makes.
    #[inline]
    pub(super) fn whole_event<'a>(&'a mut self, head: &Head, payload: &'a [u8]) -> Next<'a> {
        match head.opcode {
            opcode if head.packed => {
                self.message = Message::Absent;
                self.unpack(kind_of(opcode), payload)
            }
            Opcode::Text => match utf8::whole(payload) {
                Ok(text) => Ok(Some(Event::Text(text))),
                Err(_) if self.limits.loose_text => Ok(Some(Event::LooseText(payload))),
                Err(bad) => Err(self.refuse_text(bad)),
            },
            Opcode::Binary | Opcode::Continuation => Ok(Some(Event::Binary(payload))),
            Opcode::Ping => Ok(Some(Event::Ping(payload))),
            Opcode::Pong => Ok(Some(Event::Pong(payload))),
            Opcode::Close => {
                self.close();
                Ok(Some(Event::Close(CloseFrame::parse(payload)?)))
            }
        }
    }

    /// The event that a collected control frame makes.
    pub(super) fn collected_control(&mut self, opcode: Opcode) -> Next<'_> {
        self.lent = Lent::Control;
        match opcode {
            Opcode::Close => {
                self.stage = Stage::Closed;
                self.message = Message::Absent;
                Ok(Some(Event::Close(CloseFrame::parse(&self.control)?)))
            }
            Opcode::Ping => Ok(Some(Event::Ping(&self.control))),
            _ => Ok(Some(Event::Pong(&self.control))),
        }
    }

    /// The event that a collected message makes.
    pub(super) fn collected_message(&mut self) -> Next<'_> {
        if self.message.is_packed() {
            return match std::mem::take(&mut self.message) {
                Message::PackedText(packed) => self.unpack(Kind::Text, &packed),
                Message::PackedBinary(packed) => self.unpack(Kind::Binary, &packed),
                Message::Absent | Message::Text(_) | Message::Binary(_) => {
                    Ok(Some(Event::Binary(&[])))
                }
            };
        }
        self.message.finish().map_err(|bad| self.refuse_text(bad))?;
        self.lent = Lent::Message;
        Ok(Some(match &self.message {
            Message::Text(text) => Event::Text(text.as_str()),
            Message::Binary(bytes) if self.is_loose => match utf8::whole(bytes) {
                Ok(text) => Event::Text(text),
                Err(_) => Event::LooseText(bytes),
            },
            Message::Binary(bytes) => Event::Binary(bytes),
            Message::Absent | Message::PackedText(_) | Message::PackedBinary(_) => {
                Event::Binary(&[])
            }
        }))
    }

    /// The event that a compressed message makes.
    fn unpack(&mut self, kind: Kind, packed: &[u8]) -> Next<'_> {
        let Some(unpacker) = &mut self.unpacker else {
            return Ok(Some(Event::Binary(&[])));
        };
        let is_loose = kind == Kind::Text && self.limits.loose_text;
        let checked_as = if is_loose { Kind::Binary } else { kind };
        if let Err(kind) = unpacker.unpack(packed, checked_as, &self.limits) {
            return Err(self.refuse(kind));
        }
        self.lent = Lent::Unpacked;
        let bytes = self.unpacker.as_ref().map_or(&[][..], |it| it.message());
        match kind {
            Kind::Binary => Ok(Some(Event::Binary(bytes))),
            Kind::Text => match utf8::whole(bytes) {
                Ok(text) => Ok(Some(Event::Text(text))),
                Err(_) if is_loose => Ok(Some(Event::LooseText(bytes))),
                Err(bad) => Err(refuse_unpacked(&mut self.stage, bad)),
            },
        }
    }
}

/// What a message is that begins with a frame of this opcode.
pub(super) fn kind_of(opcode: Opcode) -> Kind {
    if opcode == Opcode::Text {
        Kind::Text
    } else {
        Kind::Binary
    }
}

/// Ends the work; what was inflated is freed by the next call.
#[cold]
fn refuse_unpacked(stage: &mut Stage, bad: NotUtf8) -> Violation {
    *stage = Stage::Closed;
    ViolationKind::TextNotUtf8 { offset: bad.offset }.into()
}
