//! The four bits of a frame's head that say what the frame is (RFC 6455 section 5.2).

use std::fmt;

/// The control bit of the opcode field: 0x8 to 0xF are control frames (RFC 6455 section 5.5).
const CONTROL_BIT: u8 = 0x8;

/// The opcodes that RFC 6455 defines; all others are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Opcode {
    /// 0x0: the next fragment of the message that is under way.
    Continuation = 0x0,
    /// 0x1: a text message, or its first fragment.
    Text = 0x1,
    /// 0x2: a binary message, or its first fragment.
    Binary = 0x2,
    /// 0x8: the connection is to be closed.
    Close = 0x8,
    /// 0x9: asks for a Pong with the same payload.
    Ping = 0x9,
    /// 0xA: answers a Ping, or is sent unasked.
    Pong = 0xA,
}

impl Opcode {
    /// The opcode with these four bits, unless it is a reserved one (0x3 to 0x7, 0xB to 0xF).
    pub const fn from_bits(bits: u8) -> Option<Self> {
        match bits {
            0x0 => Some(Self::Continuation),
            0x1 => Some(Self::Text),
            0x2 => Some(Self::Binary),
            0x8 => Some(Self::Close),
            0x9 => Some(Self::Ping),
            0xA => Some(Self::Pong),
            _ => None,
        }
    }

    /// The four bits.
    pub const fn bits(self) -> u8 {
        self as u8
    }

    /// Whether this is a control frame: at most 125 bytes, never fragmented.
    pub const fn is_control(self) -> bool {
        self.bits() & CONTROL_BIT != 0
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Continuation => "Continuation",
            Self::Text => "Text",
            Self::Binary => "Binary",
            Self::Close => "Close",
            Self::Ping => "Ping",
            Self::Pong => "Pong",
        })
    }
}

/// The two kinds of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// UTF-8 text.
    Text,
    /// Any bytes.
    Binary,
}

impl From<Kind> for Opcode {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text,
            Kind::Binary => Self::Binary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Opcode;

    #[test]
    fn six_of_the_sixteen_opcodes_are_defined_and_keep_their_bits() {
        let defined: Vec<u8> = (0..=u8::MAX)
            .filter_map(Opcode::from_bits)
            .map(Opcode::bits)
            .collect();
        assert_eq!(defined, [0x0, 0x1, 0x2, 0x8, 0x9, 0xA]);
    }

    #[test]
    fn control_frames_are_close_ping_and_pong() {
        let control: Vec<String> = (0..=u8::MAX)
            .filter_map(Opcode::from_bits)
            .filter(|opcode| opcode.is_control())
            .map(|opcode| opcode.to_string())
            .collect();
        assert_eq!(control, ["Close", "Ping", "Pong"]);
    }
}
