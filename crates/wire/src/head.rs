//! The head of a frame, read and written: two to fourteen bytes before the payload (RFC 6455 section 5.2).

use crate::mask::{Mask, NO_MASK};
use crate::opcode::Opcode;
use crate::role::Role;
use crate::violation::ViolationKind;

/// First byte: this frame ends its message.
pub(crate) const FIN: u8 = 0b1000_0000;
/// First byte: how far RSV1, RSV2 and RSV3 are shifted.
pub(crate) const RSV_SHIFT: u32 = 4;
/// The three reserved bits, after shifting.
pub(crate) const RSV_BITS: u8 = 0b111;
/// RSV1, after shifting: the message is compressed, where that was agreed (RFC 7692 section 6).
const RSV1: u8 = 0b100;
/// First byte: RSV1 in its place.
pub(crate) const COMPRESSED: u8 = RSV1 << RSV_SHIFT;
/// First byte: the opcode.
pub(crate) const OPCODE_BITS: u8 = 0b1111;
/// Second byte: a mask follows the length.
const MASKED: u8 = 0b1000_0000;
/// Second byte: the length, or one of the two marks of a longer form.
const LENGTH_FIELD: u8 = 0b0111_1111;
/// The mark: the length follows in 16 bits.
const IN_16_BITS: u8 = 126;
/// The mark: the length follows in 64 bits.
const IN_64_BITS: u8 = 127;
/// The bit of a 64-bit length that must be zero.
const TOP_BIT: u64 = 1 << (u64::BITS - 1);

/// The head of a frame that keeps the rules which one frame alone can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) opcode: Opcode,
    pub(crate) fin: bool,
    /// RSV1 is set: this frame begins a compressed message.
    pub(crate) packed: bool,
    pub(crate) length: u64,
    pub(crate) mask: Mask,
}

/// From whom frames come, and what was agreed with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sender {
    /// Our end of the connection.
    pub(crate) role: Role,
    /// Messages may be compressed.
    pub(crate) packs: bool,
}

impl Head {
    /// Reads a head off the front of `bytes`: the head and how many bytes it took, or `None` if
    /// it is not all there. What is there is judged, in the order in which it arrives.
    #[inline]
    pub(crate) fn parse(
        bytes: &[u8],
        sender: Sender,
    ) -> Result<Option<(Self, usize)>, ViolationKind> {
        let Some((&first, rest)) = bytes.split_first() else {
            return Ok(None);
        };
        let fin = first & FIN != 0;
        let opcode = opcode_of(first, fin, sender.packs)?;
        let Some((&second, rest)) = rest.split_first() else {
            return Ok(None);
        };
        let field = length_field_of(second, opcode, sender.role)?;
        let Some((length, rest)) = length_of(field, rest)? else {
            return Ok(None);
        };
        let (mask, rest) = if sender.role.expects_mask() {
            let Some((mask, rest)) = rest.split_first_chunk() else {
                return Ok(None);
            };
            (*mask, rest)
        } else {
            (NO_MASK, rest)
        };
        Ok(Some((
            Self {
                opcode,
                fin,
                packed: (first >> RSV_SHIFT) & RSV1 != 0,
                length,
                mask,
            },
            bytes.len() - rest.len(),
        )))
    }
}

/// Judges the first byte.
#[inline]
fn opcode_of(first: u8, fin: bool, packs: bool) -> Result<Opcode, ViolationKind> {
    let reserved = (first >> RSV_SHIFT) & RSV_BITS;
    if reserved != 0 && !(packs && reserved == RSV1) {
        return Err(ViolationKind::ReservedBits { bits: reserved });
    }
    let bits = first & OPCODE_BITS;
    let opcode = Opcode::from_bits(bits).ok_or(ViolationKind::UnknownOpcode { opcode: bits })?;
    if opcode.is_control() && !fin {
        return Err(ViolationKind::FragmentedControl { opcode });
    }
    if reserved != 0 && !matches!(opcode, Opcode::Text | Opcode::Binary) {
        return Err(ViolationKind::CompressedBit { opcode });
    }
    Ok(opcode)
}

/// Judges the second byte; gives its length field.
#[inline]
fn length_field_of(second: u8, opcode: Opcode, role: Role) -> Result<u8, ViolationKind> {
    match (second & MASKED != 0, role.expects_mask()) {
        (false, true) => return Err(ViolationKind::Unmasked),
        (true, false) => return Err(ViolationKind::Masked),
        (true, true) | (false, false) => {}
    }
    let field = second & LENGTH_FIELD;
    if opcode.is_control() && field >= IN_16_BITS {
        return Err(ViolationKind::LongControl { opcode, field });
    }
    Ok(field)
}

/// The length that the length field announces, and the bytes behind it; `None` if it is cut.
#[inline]
fn length_of(field: u8, rest: &[u8]) -> Result<Option<(u64, &[u8])>, ViolationKind> {
    match field {
        IN_16_BITS => {
            let Some((length, rest)) = rest.split_first_chunk() else {
                return Ok(None);
            };
            let length = u64::from(u16::from_be_bytes(*length));
            if length < u64::from(IN_16_BITS) {
                return Err(ViolationKind::LongLengthForm {
                    length,
                    written_bits: 16,
                });
            }
            Ok(Some((length, rest)))
        }
        IN_64_BITS => {
            let Some((length, rest)) = rest.split_first_chunk() else {
                return Ok(None);
            };
            let length = u64::from_be_bytes(*length);
            if length & TOP_BIT != 0 {
                return Err(ViolationKind::LengthTopBit { length });
            }
            if u16::try_from(length).is_ok() {
                return Err(ViolationKind::LongLengthForm {
                    length,
                    written_bits: 64,
                });
            }
            Ok(Some((length, rest)))
        }
        length => Ok(Some((u64::from(length), rest))),
    }
}

/// In how many bits a frame says its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LengthForm {
    /// The shortest form, the only one that RFC 6455 section 5.2 allows: 7 bits up to 125 bytes,
    /// 16 bits up to 65 535, 64 bits beyond.
    #[default]
    Minimal,
    /// 7 bits and 16 more, whatever the length; of a longer length only the low 16 bits are written.
    Bits16,
    /// 7 bits and 64 more, whatever the length.
    Bits64,
}

impl LengthForm {
    /// The mark in the length field for `length` in this form; `None` if the field itself says it.
    fn mark(self, length: u64) -> Option<u8> {
        match self {
            Self::Minimal if length < u64::from(IN_16_BITS) => None,
            Self::Minimal if length > u64::from(u16::MAX) => Some(IN_64_BITS),
            Self::Minimal | Self::Bits16 => Some(IN_16_BITS),
            Self::Bits64 => Some(IN_64_BITS),
        }
    }
}

/// Writes a head: the first byte as it is given, `length` in `form`, and the mask if there is one.
#[inline]
pub(crate) fn write(
    out: &mut Vec<u8>,
    first: u8,
    length: u64,
    form: LengthForm,
    mask: Option<Mask>,
) {
    let masked = if mask.is_some() { MASKED } else { 0 };
    let bytes = length.to_be_bytes();
    let [.., high, low] = bytes;
    match form.mark(length) {
        None => out.extend_from_slice(&[first, masked | low]),
        Some(IN_16_BITS) => out.extend_from_slice(&[first, masked | IN_16_BITS, high, low]),
        Some(_) => {
            out.extend_from_slice(&[first, masked | IN_64_BITS]);
            out.extend_from_slice(&bytes);
        }
    }
    if let Some(mask) = mask {
        out.extend_from_slice(&mask);
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, LengthForm, Sender, write};
    use crate::cut_head::CutHead;
    use crate::mask::NO_MASK;
    use crate::opcode::Opcode;
    use crate::role::Role;
    use crate::violation::ViolationKind;

    const MASK: [u8; 4] = [1, 2, 3, 4];

    const fn plain(role: Role) -> Sender {
        Sender { role, packs: false }
    }

    #[test]
    fn a_head_is_read_as_it_was_written_whole_or_in_bytes() {
        for length in [0, 1, 125, 126, 127, 65_535, 65_536, u64::MAX >> 1] {
            for (role, mask) in [(Role::Server, Some(MASK)), (Role::Client, None)] {
                let mut bytes = Vec::new();
                write(&mut bytes, 0x82, length, LengthForm::Minimal, mask);
                let mask = mask.unwrap_or(NO_MASK);
                let wanted = Head {
                    opcode: Opcode::Binary,
                    fin: true,
                    packed: false,
                    length,
                    mask,
                };
                assert_eq!(
                    Head::parse(&bytes, plain(role)),
                    Ok(Some((wanted, bytes.len())))
                );
                let mut cut = CutHead::default();
                let (last, start) = bytes.split_last().unwrap();
                for byte in start {
                    assert_eq!(cut.push(*byte, plain(role)), Ok(None));
                    assert!(!cut.is_empty());
                }
                assert_eq!(cut.push(*last, plain(role)), Ok(Some(wanted)));
                assert!(cut.is_empty());
            }
        }
    }

    #[test]
    fn what_is_wrong_is_said_as_soon_as_its_byte_is_there() {
        let parse = |bytes: &[u8]| Head::parse(bytes, plain(Role::Server));
        assert_eq!(parse(&[0xC1]), Err(ViolationKind::ReservedBits { bits: 4 }));
        assert_eq!(
            parse(&[0x83]),
            Err(ViolationKind::UnknownOpcode { opcode: 3 })
        );
        assert_eq!(
            parse(&[0x09]),
            Err(ViolationKind::FragmentedControl {
                opcode: Opcode::Ping
            })
        );
        assert_eq!(parse(&[0x81, 0x01]), Err(ViolationKind::Unmasked));
        assert_eq!(
            parse(&[0x89, 0xFE]),
            Err(ViolationKind::LongControl {
                opcode: Opcode::Ping,
                field: 126
            })
        );
        assert_eq!(
            parse(&[0x81, 0xFE, 0, 125]),
            Err(ViolationKind::LongLengthForm {
                length: 125,
                written_bits: 16
            })
        );
        assert_eq!(
            parse(&[0x81, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            Err(ViolationKind::LengthTopBit { length: 1 << 63 })
        );
    }

    #[test]
    fn all_first_two_bytes_get_a_verdict_and_only_the_legal_ones_pass() {
        for [first, second] in (0..=u16::MAX).map(u16::to_be_bytes) {
            let bytes = [first, second, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
            for (role, packs) in [
                (Role::Server, false),
                (Role::Client, false),
                (Role::Server, true),
                (Role::Client, true),
            ] {
                let control = first & 8 != 0;
                let packed = packs && first & 0x70 == 0x40 && matches!(first & 15, 1 | 2);
                let legal = (first & 0x70 == 0 || packed)
                    && matches!(first & 15, 0 | 1 | 2 | 8 | 9 | 10)
                    && !(control && (first < 0x80 || second & 0x7F > 125))
                    && (second & 0x80 != 0) == (role == Role::Server)
                    // 0xFFFF in 16 bits is fine, 0xFFFF000000000000 in 64 has its top bit set.
                    && second & 0x7F != 127;
                let got = Head::parse(&bytes, Sender { role, packs });
                let is_packed = got.is_ok_and(|got| got.is_some_and(|(head, _)| head.packed));
                assert_eq!(is_packed, legal && packed);
                assert_eq!(
                    got.is_ok(),
                    legal,
                    "{role:?} {first:02x} {second:02x} {got:?}"
                );
            }
        }
    }
}
