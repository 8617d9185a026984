//! Frames that break the rules on purpose: every field is written as it is given.

use crate::head::{self, FIN, LengthForm, OPCODE_BITS, RSV_BITS, RSV_SHIFT};
use crate::mask;

/// One frame, as wrong as it is wanted: for faults that are injected and for tests of a peer.
///
/// ```
/// use sockeye_wire::{LengthForm, RawFrame};
///
/// // A text frame with RSV1 set that announces ten bytes and brings two.
/// let mut out = Vec::new();
/// RawFrame {
///     fin: true,
///     rsv: 0b100,
///     opcode: 0x1,
///     mask: None,
///     declared_len: Some(10),
///     length_form: LengthForm::Minimal,
///     payload: b"hi",
/// }
/// .write(&mut out);
/// assert_eq!(out, b"\xC1\x0Ahi");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFrame<'a> {
    /// The FIN bit.
    pub fin: bool,
    /// The reserved bits, 0 to 7, RSV1 = 4; higher bits are dropped.
    pub rsv: u8,
    /// The opcode, 0 to 15, defined or not; higher bits are dropped.
    pub opcode: u8,
    /// The mask that is announced and laid over the payload; `None` for a frame without.
    pub mask: Option<[u8; 4]>,
    /// The length that the head announces, in bytes; `None` for the payload's own.
    pub declared_len: Option<u64>,
    /// How the length is written.
    pub length_form: LengthForm,
    /// What follows the head, unmasked. Any length, also for a control frame.
    pub payload: &'a [u8],
}

impl RawFrame<'_> {
    /// Appends the frame to `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let fin = if self.fin { FIN } else { 0 };
        let first = fin | (self.rsv & RSV_BITS) << RSV_SHIFT | (self.opcode & OPCODE_BITS);
        let length = self.declared_len.unwrap_or(self.payload.len() as u64);
        head::write(out, first, length, self.length_form, self.mask);
        let start = out.len();
        out.extend_from_slice(self.payload);
        if let (Some(mask), Some(payload)) = (self.mask, out.get_mut(start..)) {
            mask::apply(payload, mask);
        }
    }
}
