//! The pieces of a message that does not arrive in one frame in one read are put together here.

use crate::opcode::Kind;
use crate::utf8::{ArrivingText, NotUtf8};

/// The message under way, if any.
#[derive(Debug, Default)]
pub(crate) enum Message {
    /// No data frame has begun since the last message ended.
    #[default]
    Absent,
    /// Text, checked as far as it has arrived.
    Text(ArrivingText),
    /// Bytes.
    Binary(Vec<u8>),
    /// Text in its compressed form. A compressed message is inflated when it has ended, so that what is kept
    /// is never more than what has arrived.
    PackedText(Vec<u8>),
    /// Bytes in their compressed form.
    PackedBinary(Vec<u8>),
}

impl Message {
    /// A message that has begun and is still empty. Allocates nothing.
    pub(crate) fn begin(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(ArrivingText::default()),
            Kind::Binary => Self::Binary(Vec::new()),
        }
    }

    /// A compressed message that has begun.
    pub(crate) fn begin_packed(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::PackedText(Vec::new()),
            Kind::Binary => Self::PackedBinary(Vec::new()),
        }
    }

    pub(crate) fn is_packed(&self) -> bool {
        matches!(self, Self::PackedText(_) | Self::PackedBinary(_))
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Payload bytes that have arrived.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Absent => 0,
            Self::Text(text) => text.len() as u64,
            Self::Binary(bytes) | Self::PackedText(bytes) | Self::PackedBinary(bytes) => {
                bytes.len() as u64
            }
        }
    }

    /// Bytes of memory held.
    pub(crate) fn capacity(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Text(text) => text.capacity(),
            Self::Binary(bytes) | Self::PackedText(bytes) | Self::PackedBinary(bytes) => {
                bytes.capacity()
            }
        }
    }

    /// Takes the next piece. `ceiling` is the most bytes that the message can come to have.
    pub(crate) fn push(&mut self, piece: &[u8], ceiling: u64) -> Result<(), NotUtf8> {
        match self {
            Self::Absent => Ok(()),
            Self::Text(text) => text.push(piece, ceiling),
            Self::Binary(bytes) | Self::PackedText(bytes) | Self::PackedBinary(bytes) => {
                let room = room_for(bytes.capacity(), bytes.len(), piece.len(), ceiling);
                bytes.reserve_exact(room);
                bytes.extend_from_slice(piece);
                Ok(())
            }
        }
    }

    /// Checks that the message may end here: not inside a character.
    pub(crate) fn finish(&self) -> Result<(), NotUtf8> {
        match self {
            Self::Text(text) => text.finish(),
            Self::Absent | Self::Binary(_) | Self::PackedText(_) | Self::PackedBinary(_) => Ok(()),
        }
    }
}

/// How many bytes beyond `len` a buffer of `capacity` should reserve before `arriving` more go in.
///
/// Twice what has arrived, so that many small pieces do not copy the message each time, but never
/// more than the message can come to have: memory follows the bytes, not what the peer announces.
pub(crate) fn room_for(capacity: usize, len: usize, arriving: usize, ceiling: u64) -> usize {
    let arrived = len.saturating_add(arriving);
    if arrived <= capacity {
        return 0;
    }
    let ceiling = usize::try_from(ceiling).unwrap_or(usize::MAX);
    arrived.saturating_mul(2).min(ceiling).max(arrived) - len
}

#[cfg(test)]
mod tests {
    use super::{Message, room_for};
    use crate::opcode::Kind;

    #[test]
    fn room_is_twice_what_arrived_and_at_most_the_ceiling() {
        assert_eq!(room_for(0, 0, 10, 1000), 20);
        assert_eq!(room_for(20, 10, 10, 1000), 0);
        assert_eq!(room_for(20, 20, 10, 1000), 40);
        assert_eq!(room_for(20, 20, 10, 32), 12);
        assert_eq!(room_for(0, 0, 10, 3), 10, "what is there is always taken");
        assert_eq!(room_for(0, 0, 0, u64::MAX), 0);
    }

    #[test]
    fn memory_is_at_most_twice_the_bytes_and_never_over_the_ceiling() {
        for (kind, pattern) in [(Kind::Text, "x"), (Kind::Text, "€"), (Kind::Binary, "x")] {
            let mut message = Message::begin(kind);
            assert_eq!(message.capacity(), 0);
            for (byte, arrived) in pattern.bytes().cycle().zip(1..=1000) {
                let ceiling = arrived.max(700);
                message.push(&[byte], ceiling).unwrap();
                assert_eq!(message.len(), arrived);
                let most = ceiling.min(2 * arrived);
                assert!(
                    message.capacity() as u64 <= most,
                    "{kind:?} {pattern} {arrived}"
                );
            }
        }
    }
}
