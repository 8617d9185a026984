//! Messages and control frames become bytes at the end of a buffer that is written in one go.

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::close::CloseCode;
use crate::head::{self, FIN, LengthForm};
use crate::limits::{CLOSE_REASON_BYTES, CONTROL_PAYLOAD_BYTES, HEAD_BYTES};
use crate::mask::{self, Mask};
use crate::opcode::{Kind, Opcode};

/// Writes frames that keep the rules; for those that do not see [`RawFrame`](crate::RawFrame).
///
/// Every method appends to `out`, so the answers to one read go out in one write. A server's
/// encoder is one null pointer. A client's owns the generator of its masks.
#[derive(Debug)]
pub struct Encoder {
    /// Where a client's masks come from; they must be unpredictable (RFC 6455 section 10.3).
    masks: Option<Box<Masks>>,
}

/// Where masks come from.
#[derive(Debug)]
struct Masks {
    generator: StdRng,
    /// The one mask of an encoder that has only one.
    fixed: Option<Mask>,
}

impl Masks {
    fn drawn_from(generator: StdRng) -> Box<Self> {
        Box::new(Self {
            generator,
            fixed: None,
        })
    }

    fn next(&mut self) -> Mask {
        self.fixed.unwrap_or_else(|| self.generator.random())
    }
}

impl Encoder {
    /// The encoder of a server: frames are not masked.
    pub const fn server() -> Self {
        Self { masks: None }
    }

    /// The encoder of a client: every frame gets a fresh mask from a cryptographic generator that
    /// the operating system seeded.
    pub fn client() -> Self {
        Self {
            masks: Some(Masks::drawn_from(rand::make_rng())),
        }
    }

    /// As [`client`](Self::client), with masks that follow from `seed`: for runs that must repeat
    /// byte for byte, not for peers that are not trusted.
    pub fn client_seeded(seed: u64) -> Self {
        Self {
            masks: Some(Masks::drawn_from(StdRng::seed_from_u64(seed))),
        }
    }

    /// As [`client`](Self::client), with one mask for every frame: for bytes that are compared with
    /// those of a client that does so. RFC 6455 section 10.3 wants masks that cannot be foreseen.
    pub fn client_with_mask(mask: [u8; 4]) -> Self {
        Self {
            masks: Some(Box::new(Masks {
                generator: StdRng::seed_from_u64(0),
                fixed: Some(mask),
            })),
        }
    }

    /// A text message in one frame.
    #[inline]
    pub fn text(&mut self, out: &mut Vec<u8>, text: &str) {
        self.fragment(out, Opcode::Text, true, text.as_bytes());
    }

    /// A binary message in one frame.
    #[inline]
    pub fn binary(&mut self, out: &mut Vec<u8>, bytes: &[u8]) {
        self.fragment(out, Opcode::Binary, true, bytes);
    }

    /// A message of either kind in one frame. The bytes of a text are sent as they are: the caller
    /// knows that they are UTF-8.
    #[inline]
    pub fn message(&mut self, out: &mut Vec<u8>, kind: Kind, bytes: &[u8]) {
        self.fragment(out, kind.into(), true, bytes);
    }

    /// A Ping. Of a payload over 125 bytes the first 125 are sent.
    pub fn ping(&mut self, out: &mut Vec<u8>, payload: &[u8]) {
        self.control(out, Opcode::Ping, payload);
    }

    /// A Pong. Of a payload over 125 bytes the first 125 are sent.
    pub fn pong(&mut self, out: &mut Vec<u8>, payload: &[u8]) {
        self.control(out, Opcode::Pong, payload);
    }

    /// A Close frame. A reason over 123 bytes is cut before the character that does not fit;
    /// without a code there is no place for a reason and none is sent (RFC 6455 section 5.5.1).
    pub fn close(&mut self, out: &mut Vec<u8>, code: Option<CloseCode>, reason: &str) {
        let mut payload = Vec::new();
        if let Some(code) = code {
            let (reason, _) = reason.split_at(reason.floor_char_boundary(CLOSE_REASON_BYTES));
            payload.extend_from_slice(&code.get().to_be_bytes());
            payload.extend_from_slice(reason.as_bytes());
        }
        self.control(out, Opcode::Close, &payload);
    }

    /// One frame of any opcode. The order of fragments is the caller's: a message is Text or Binary
    /// and then continuations, the last with `fin` (RFC 6455 section 5.4).
    #[inline]
    pub fn fragment(&mut self, out: &mut Vec<u8>, opcode: Opcode, fin: bool, payload: &[u8]) {
        let first = opcode.bits() | if fin { FIN } else { 0 };
        out.reserve(HEAD_BYTES + payload.len());
        let mask = self.masks.as_deref_mut().map(Masks::next);
        head::write(out, first, payload.len() as u64, LengthForm::Minimal, mask);
        let start = out.len();
        out.extend_from_slice(payload);
        if let (Some(mask), Some(payload)) = (mask, out.get_mut(start..)) {
            mask::apply(payload, mask);
        }
    }

    fn control(&mut self, out: &mut Vec<u8>, opcode: Opcode, payload: &[u8]) {
        let (payload, _) = payload.split_at(payload.len().min(CONTROL_PAYLOAD_BYTES));
        self.fragment(out, opcode, true, payload);
    }
}
