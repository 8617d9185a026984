//! Every way in which a peer can break the rules, with the close code and the reason it is told.

use crate::close::CloseCode;
use crate::opcode::Opcode;

/// A rule was broken; the connection is to be closed with `code` and this error's text as reason.
///
/// The text is at most 123 bytes, ASCII, and quotes nothing that the peer sent, so it is fit for
/// a Close frame as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct Violation {
    /// The code for the Close frame: 1002, 1007, 1008 or 1009.
    pub code: CloseCode,
    /// Which rule, with the numbers.
    pub kind: ViolationKind,
}

impl From<ViolationKind> for Violation {
    fn from(kind: ViolationKind) -> Self {
        Self {
            code: kind.code(),
            kind,
        }
    }
}

/// The rules a peer can break. Sections are those of RFC 6455. Lengths are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ViolationKind {
    /// Reserved bits are set and no extension was agreed that has them (section 5.2). `bits` is 1 to 7, RSV1 = 4.
    #[error("reserved bits {bits:03b} are set and no extension was agreed")]
    ReservedBits {
        /// The three bits as a number.
        bits: u8,
    },
    /// RSV1, which says that a message is compressed, on a frame that does not begin one (RFC 7692 section 6).
    #[error("RSV1 is set on a {opcode} frame; only the first frame of a message has it")]
    CompressedBit {
        /// Which frame.
        opcode: Opcode,
    },
    /// An opcode that is not defined (section 5.2).
    #[error("unknown opcode 0x{opcode:X}")]
    UnknownOpcode {
        /// The four bits as a number.
        opcode: u8,
    },
    /// A control frame without FIN (section 5.5).
    #[error("fragmented {opcode} frame; control frames are never fragmented")]
    FragmentedControl {
        /// Which control frame.
        opcode: Opcode,
    },
    /// A control frame whose length field is 126 or 127, which announce longer forms (section 5.5).
    #[error("{opcode} frame with length field {field}; control frames carry at most 125 bytes")]
    LongControl {
        /// Which control frame.
        opcode: Opcode,
        /// The seven bits of the length field.
        field: u8,
    },
    /// A client sent a frame without a mask (section 5.1).
    #[error("frame is not masked; clients mask every frame")]
    Unmasked,
    /// A server sent a frame with a mask (section 5.1).
    #[error("frame is masked; servers never mask")]
    Masked,
    /// A length in more bytes than it needs (section 5.2).
    #[error("length {length} is written in {written_bits} bits; the shortest form is required")]
    LongLengthForm {
        /// The length.
        length: u64,
        /// The size of the field it was written in: 16 or 64 bits.
        written_bits: u8,
    },
    /// A 64-bit length whose top bit is set (section 5.2).
    #[error("length {length} has its top bit set")]
    LengthTopBit {
        /// The field as an unsigned number.
        length: u64,
    },
    /// A continuation frame while no message is under way (section 5.4).
    #[error("continuation frame without a message to continue")]
    OrphanContinuation,
    /// A Text or Binary frame while a fragmented message is under way (section 5.4).
    #[error("{opcode} frame inside a fragmented message")]
    InterruptedMessage {
        /// The frame that came in between.
        opcode: Opcode,
    },
    /// One frame is longer than [`FrameLimits::frame_bytes`](crate::FrameLimits::frame_bytes).
    #[error("frame of {length} bytes exceeds the limit of {limit} bytes")]
    LongFrame {
        /// Announced length.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// A message is longer than [`FrameLimits::message_bytes`](crate::FrameLimits::message_bytes).
    #[error("message of at least {length} bytes exceeds the limit of {limit} bytes")]
    LongMessage {
        /// What has arrived together with what the frame announces.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// A compressed message inflates to more than 200 times its own length, and so have others before it: 16 MiB
    /// beyond that are the most for a connection.
    #[error("compressed message of {length} bytes inflates to more than {limit} bytes")]
    DenseMessage {
        /// Bytes that arrived.
        length: u64,
        /// The most that they may become.
        limit: u64,
    },
    /// A compressed message is not what RFC 7692 section 7.2 makes of one.
    #[error("compressed message of {length} bytes cannot be inflated")]
    BadDeflate {
        /// Bytes that arrived.
        length: u64,
    },
    /// A message has more frames than [`FrameLimits::fragments`](crate::FrameLimits::fragments).
    #[error("message of at least {frames} frames exceeds the limit of {limit} frames")]
    TooManyFragments {
        /// Frames of the message so far, this one included.
        frames: u32,
        /// The limit.
        limit: u32,
    },
    /// A text message is not UTF-8 (section 8.1).
    #[error("text is not UTF-8 at byte {offset} of the message")]
    TextNotUtf8 {
        /// Good bytes before the bad sequence, counted from the start of the message.
        offset: u64,
    },
    /// A Close frame with a payload of one byte (section 5.5.1).
    #[error("Close frame with 1 byte of payload; a close code takes 2")]
    HalfCloseCode,
    /// A close code that must not stand on the wire (section 7.4).
    #[error("close code {code} must not be sent")]
    CloseCode {
        /// The code.
        code: u16,
    },
    /// The reason of a Close frame is not UTF-8 (section 5.5.1).
    #[error("close reason is not UTF-8 at byte {offset}")]
    CloseReasonNotUtf8 {
        /// Good bytes before the bad sequence.
        offset: u64,
    },
}

impl ViolationKind {
    /// The close code that tells the peer (RFC 6455 section 7.4.1).
    pub const fn code(self) -> CloseCode {
        match self {
            Self::LongFrame { .. } | Self::LongMessage { .. } | Self::DenseMessage { .. } => {
                CloseCode::TOO_BIG
            }
            Self::TooManyFragments { .. } => CloseCode::POLICY,
            Self::TextNotUtf8 { .. }
            | Self::CloseReasonNotUtf8 { .. }
            | Self::BadDeflate { .. } => CloseCode::INVALID_PAYLOAD,
            Self::ReservedBits { .. }
            | Self::CompressedBit { .. }
            | Self::UnknownOpcode { .. }
            | Self::FragmentedControl { .. }
            | Self::LongControl { .. }
            | Self::Unmasked
            | Self::Masked
            | Self::LongLengthForm { .. }
            | Self::LengthTopBit { .. }
            | Self::OrphanContinuation
            | Self::InterruptedMessage { .. }
            | Self::HalfCloseCode
            | Self::CloseCode { .. } => CloseCode::PROTOCOL_ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Violation, ViolationKind as Kind};
    use crate::limits::CLOSE_REASON_BYTES;
    use crate::opcode::Opcode;

    /// Every kind with its largest numbers, its code and its text.
    const TABLE: [(Kind, u16, &str); 20] = [
        (
            Kind::ReservedBits { bits: 7 },
            1002,
            "reserved bits 111 are set and no extension was agreed",
        ),
        (
            Kind::CompressedBit {
                opcode: Opcode::Continuation,
            },
            1002,
            "RSV1 is set on a Continuation frame; only the first frame of a message has it",
        ),
        (
            Kind::DenseMessage {
                length: u64::MAX,
                limit: u64::MAX,
            },
            1009,
            "compressed message of 18446744073709551615 bytes inflates to more than \
             18446744073709551615 bytes",
        ),
        (
            Kind::BadDeflate { length: u64::MAX },
            1007,
            "compressed message of 18446744073709551615 bytes cannot be inflated",
        ),
        (
            Kind::UnknownOpcode { opcode: 15 },
            1002,
            "unknown opcode 0xF",
        ),
        (
            Kind::FragmentedControl {
                opcode: Opcode::Close,
            },
            1002,
            "fragmented Close frame; control frames are never fragmented",
        ),
        (
            Kind::LongControl {
                opcode: Opcode::Close,
                field: 127,
            },
            1002,
            "Close frame with length field 127; control frames carry at most 125 bytes",
        ),
        (
            Kind::Unmasked,
            1002,
            "frame is not masked; clients mask every frame",
        ),
        (Kind::Masked, 1002, "frame is masked; servers never mask"),
        (
            Kind::LongLengthForm {
                length: 65535,
                written_bits: 64,
            },
            1002,
            "length 65535 is written in 64 bits; the shortest form is required",
        ),
        (
            Kind::LengthTopBit { length: u64::MAX },
            1002,
            "length 18446744073709551615 has its top bit set",
        ),
        (
            Kind::OrphanContinuation,
            1002,
            "continuation frame without a message to continue",
        ),
        (
            Kind::InterruptedMessage {
                opcode: Opcode::Binary,
            },
            1002,
            "Binary frame inside a fragmented message",
        ),
        (
            Kind::LongFrame {
                length: u64::MAX,
                limit: u64::MAX,
            },
            1009,
            "frame of 18446744073709551615 bytes exceeds the limit of 18446744073709551615 bytes",
        ),
        (
            Kind::LongMessage {
                length: u64::MAX,
                limit: u64::MAX,
            },
            1009,
            "message of at least 18446744073709551615 bytes exceeds the limit of \
             18446744073709551615 bytes",
        ),
        (
            Kind::TooManyFragments {
                frames: u32::MAX,
                limit: u32::MAX,
            },
            1008,
            "message of at least 4294967295 frames exceeds the limit of 4294967295 frames",
        ),
        (
            Kind::TextNotUtf8 { offset: u64::MAX },
            1007,
            "text is not UTF-8 at byte 18446744073709551615 of the message",
        ),
        (
            Kind::HalfCloseCode,
            1002,
            "Close frame with 1 byte of payload; a close code takes 2",
        ),
        (
            Kind::CloseCode { code: u16::MAX },
            1002,
            "close code 65535 must not be sent",
        ),
        (
            Kind::CloseReasonNotUtf8 { offset: 123 },
            1007,
            "close reason is not UTF-8 at byte 123",
        ),
    ];

    #[test]
    fn every_text_fits_into_a_close_frame() {
        for (kind, code, text) in TABLE {
            let violation = Violation::from(kind);
            assert_eq!(violation.code.get(), code, "{kind:?}");
            assert_eq!(violation.to_string(), text);
            assert!(
                text.len() <= CLOSE_REASON_BYTES,
                "{} bytes: {text}",
                text.len()
            );
        }
    }

    #[test]
    fn a_violation_is_small() {
        assert!(size_of::<Violation>() <= 32, "{}", size_of::<Violation>());
    }
}
