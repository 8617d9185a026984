//! Frames that are wrong on purpose: a message goes in, bytes that break it come out. One file for each way.

mod bad_close;
mod bad_mask;
mod bad_opcode;
mod bad_utf8;
mod corrupt;
mod merge;
mod oversize;
mod reserved_bits;
mod split;
mod truncate;

use sockeye_core::Random;
use sockeye_net::{Cut, Message, OwnMessage};
use sockeye_wire::RawFrame;

use super::settings::Chaos;

/// All ways, in the order in which they are tried: the first that chance picks is done.
pub(super) static ALL: [&Fault; 10] = [
    &truncate::FAULT,
    &corrupt::FAULT,
    &split::FAULT,
    &merge::FAULT,
    &oversize::FAULT,
    &bad_utf8::FAULT,
    &bad_mask::FAULT,
    &bad_opcode::FAULT,
    &reserved_bits::FAULT,
    &bad_close::FAULT,
];

/// A way to be wrong.
#[derive(Debug)]
pub(super) struct Fault {
    /// What counts and the log call it.
    pub(super) effect: &'static str,
    /// The key of its rate.
    pub(super) path: &'static str,
    pub(super) means: Means,
}

/// How it is done.
#[derive(Debug)]
pub(super) enum Means {
    /// The message is written wrongly; nothing if that cannot be done to it.
    Spoil(fn(Spoiling<'_>) -> Option<Spoilt>),
    /// The message goes out in one frame with the next one.
    Join,
}

/// A message to be written wrongly.
pub(super) struct Spoiling<'a> {
    pub(super) message: Message<'a>,
    /// Whether messages may be compressed, so that RSV1 has a meaning.
    pub(super) packs: bool,
    /// The payload of its compressed form, if it would be sent in that.
    pub(super) packed: Option<&'a [u8]>,
    pub(super) random: &'a mut Random,
    pub(super) chaos: &'a Chaos,
}

/// A message written wrongly.
#[derive(Debug)]
pub(super) struct Spoilt {
    /// What goes over the wire.
    pub(super) bytes: Vec<u8>,
    /// What counts as sent; nothing if there is no message in it.
    pub(super) shown: Option<OwnMessage>,
    /// What becomes of the link.
    pub(super) cut: Option<Cut>,
}

impl Spoiling<'_> {
    /// The frame that would be right, in the form in which it would be sent.
    fn right(&self) -> RawFrame<'_> {
        let Some(packed) = self.packed else {
            return self.plain();
        };
        RawFrame {
            rsv: RSV1,
            payload: packed,
            ..self.plain()
        }
    }

    /// The frame that would be right, not compressed.
    fn plain(&self) -> RawFrame<'_> {
        let opcode = match self.message {
            Message::Text(_) => TEXT,
            Message::Binary(_) => BINARY,
        };
        RawFrame {
            fin: true,
            rsv: 0,
            opcode,
            mask: None,
            declared_len: None,
            length_form: sockeye_wire::LengthForm::Minimal,
            payload: self.message.bytes(),
        }
    }

    /// A frame that is wrong outside and has the message's payload.
    fn written(&self, frame: &RawFrame<'_>) -> Spoilt {
        Spoilt {
            bytes: bytes(frame),
            shown: Some(self.message.into()),
            cut: None,
        }
    }

    /// A whole number below `end`; 0 if `end` is 0.
    fn below(&mut self, end: usize) -> usize {
        below(self.random, end)
    }
}

/// The message is compressed (RFC 7692 section 6).
const RSV1: u8 = 0b100;

/// Opcodes (RFC 6455 section 5.2).
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const BINARY: u8 = 0x2;
const CLOSE: u8 = 0x8;

/// A whole number below `end`; 0 if `end` is 0.
pub(super) fn below(random: &mut Random, end: usize) -> usize {
    let last = i64::try_from(end).unwrap_or(i64::MAX).saturating_sub(1);
    usize::try_from(random.between(0, last.max(0))).unwrap_or(0)
}

fn bytes(frame: &RawFrame<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame.write(&mut bytes);
    bytes
}

/// A payload as it was spoilt: text if it is still UTF-8 and was.
fn shown(message: Message<'_>, payload: Vec<u8>) -> OwnMessage {
    match (message, String::from_utf8(payload)) {
        (Message::Text(_), Ok(text)) => OwnMessage::Text(text),
        (Message::Binary(_), Ok(text)) => OwnMessage::Binary(text.into_bytes()),
        (_, Err(error)) => OwnMessage::Binary(error.into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::Said;

    fn spoil(fault: &Fault, message: Message<'_>, seed: u64) -> Option<Spoilt> {
        let mut said = Said::default();
        said.set("frames.oversize_bytes", 70_000);
        let chaos = Chaos::new(said);
        let mut random = Random::seeded(seed);
        let Means::Spoil(spoil) = fault.means else {
            return None;
        };
        spoil(Spoiling {
            message,
            packs: false,
            packed: None,
            random: &mut random,
            chaos: &chaos,
        })
    }

    fn hello(fault: &Fault, seed: u64) -> Vec<u8> {
        spoil(fault, Message::Text("hello"), seed).unwrap().bytes
    }

    #[test]
    fn each_way_is_wrong_in_its_way_whatever_the_draw() {
        for seed in 0..500 {
            assert_eq!(hello(&truncate::FAULT, seed), b"\x81\x05he");
            assert_eq!(
                hello(&oversize::FAULT, seed),
                b"\x81\x7f\0\0\0\0\0\x01\x11\x70hello"
            );
            let right = b"\x81\x05hello";
            let corrupt = hello(&corrupt::FAULT, seed);
            let differ = right.iter().zip(&corrupt).filter(|(one, two)| one != two);
            assert_eq!((corrupt.len(), differ.count()), (7, 1));
            let bad = hello(&bad_utf8::FAULT, seed);
            assert!(bad.starts_with(b"\x81\x05"));
            assert!(std::str::from_utf8(&bad[2..]).is_err());
            let masked = hello(&bad_mask::FAULT, seed);
            assert_eq!((&masked[..2], masked.len()), (&b"\x81\x85"[..], 11));
            let plain: Vec<u8> = (0..5)
                .map(|at| masked[6 + at] ^ masked[2 + at % 4])
                .collect();
            assert_eq!(plain, b"hello");
            let opcode = hello(&bad_opcode::FAULT, seed)[0] & 0xf;
            assert!(matches!(opcode, 3..=7 | 11..=15), "{opcode}");
            let first = hello(&reserved_bits::FAULT, seed)[0];
            assert!(first & 0x70 != 0 && first & 0x8f == 0x81, "{first}");
            let close = hello(&bad_close::FAULT, seed);
            let code = u16::from_be_bytes([close[2], close[3]]);
            assert_eq!((&close[..2], close.len()), (&b"\x88\x02"[..], 4));
            assert_eq!(sockeye_wire::CloseCode::new(code), None);
        }
    }

    /// The payload of a fragmented text and the number of its frames.
    fn joined(mut rest: &[u8]) -> (Vec<u8>, usize) {
        let (mut joined, mut first_bytes) = (Vec::new(), Vec::new());
        while let [first, length, after @ ..] = rest {
            let (payload, next) = after.split_at(usize::from(*length));
            joined.extend_from_slice(payload);
            first_bytes.push(*first);
            rest = next;
        }
        let mut right = vec![CONTINUATION; first_bytes.len()];
        right[0] = TEXT;
        *right.last_mut().unwrap() |= 0x80;
        assert_eq!(first_bytes, right);
        (joined, right.len())
    }

    #[test]
    fn a_split_message_is_whole_again_when_its_fragments_are_joined() {
        for text in ["hello", "a", "", "ü☃𝄞"] {
            for seed in 0..200 {
                let spoilt = spoil(&split::FAULT, Message::Text(text), seed).unwrap();
                let (joined, frames) = joined(&spoilt.bytes);
                assert!((2..=4).contains(&frames), "{frames}");
                assert_eq!(joined, text.as_bytes());
            }
        }
    }

    #[test]
    fn binary_messages_have_no_utf8_to_break_and_empty_ones_keep_something_wrong() {
        assert!(spoil(&bad_utf8::FAULT, Message::Binary(b"x"), 1).is_none());
        for fault in ALL {
            if let Some(spoilt) = spoil(fault, Message::Text(""), 1) {
                assert_ne!(spoilt.bytes, b"\x81\0", "{}", fault.effect);
            }
        }
    }

    #[test]
    fn keys_and_effects_have_the_same_names() {
        for fault in ALL {
            let name = fault.effect.strip_prefix("frame_").unwrap();
            assert_eq!(fault.path, format!("frames.{name}_rate"));
        }
    }
}
