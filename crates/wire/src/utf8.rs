//! Text that arrives in pieces becomes a `String`; the first byte that cannot be UTF-8 is refused.

use crate::message::room_for;

/// The longest UTF-8 sequence, in bytes.
const CHAR_BYTES: usize = 4;

/// Text as far as it has arrived. Only whole characters are in `text`; the beginning of one that
/// was cut waits in `partial`. So every byte is checked once and the finished text is a `&str`.
#[derive(Debug, Default)]
pub(crate) struct ArrivingText {
    text: String,
    partial: [u8; CHAR_BYTES],
    partial_bytes: u8,
}

/// Where text stopped being UTF-8: the number of good bytes before the bad sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotUtf8 {
    pub(crate) offset: u64,
}

impl ArrivingText {
    /// Bytes that have arrived, those of an unfinished character included.
    pub(crate) fn len(&self) -> usize {
        self.text.len() + usize::from(self.partial_bytes)
    }

    /// Bytes of memory that the text holds.
    pub(crate) fn capacity(&self) -> usize {
        self.text.capacity()
    }

    /// Takes the next bytes. `ceiling` is the most that the text can grow to.
    pub(crate) fn push(&mut self, piece: &[u8], ceiling: u64) -> Result<(), NotUtf8> {
        let arriving = usize::from(self.partial_bytes) + piece.len();
        let room = room_for(self.text.capacity(), self.text.len(), arriving, ceiling);
        self.text.reserve_exact(room);
        let mut rest = piece;
        while self.partial_bytes > 0
            && let Some((&byte, behind)) = rest.split_first()
        {
            self.push_byte(byte)?;
            rest = behind;
        }
        let (body, tail) = rest.split_at(rest.len() - cut_char_bytes(rest));
        match simdutf8::compat::from_utf8(body) {
            Ok(body) => self.text.push_str(body),
            Err(error) => return Err(self.bad_after(error.valid_up_to())),
        }
        tail.iter().try_for_each(|&byte| self.push_byte(byte))
    }

    /// The text, if it does not end inside a character.
    pub(crate) fn finish(&self) -> Result<(), NotUtf8> {
        if self.partial_bytes == 0 {
            Ok(())
        } else {
            Err(self.bad_after(0))
        }
    }

    /// The whole characters that have arrived.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Takes one byte of a character that came in two pieces.
    fn push_byte(&mut self, byte: u8) -> Result<(), NotUtf8> {
        let bytes = usize::from(self.partial_bytes);
        let Some(slot) = self.partial.get_mut(bytes) else {
            return Err(self.bad_after(0));
        };
        *slot = byte;
        self.partial_bytes += 1;
        match str::from_utf8(self.partial.get(..=bytes).unwrap_or_default()) {
            Ok(char) => {
                self.text.push_str(char);
                self.partial_bytes = 0;
                Ok(())
            }
            // Good as far as it goes: more bytes can still make it a character.
            Err(error) if error.error_len().is_none() => Ok(()),
            Err(_) => Err(self.bad_after(0)),
        }
    }

    fn bad_after(&self, good: usize) -> NotUtf8 {
        NotUtf8 {
            offset: (self.text.len() + good) as u64,
        }
    }
}

/// The text of a payload that is there as a whole.
#[inline]
pub(crate) fn whole(payload: &[u8]) -> Result<&str, NotUtf8> {
    // The basic check is the faster one and does not say where; that is asked only of bad text.
    simdutf8::basic::from_utf8(payload).map_err(|_| first_bad(payload))
}

/// How much of `bytes`, of which the first `checked` are known to be good, is whole characters. More may follow.
pub(crate) fn checked(bytes: &[u8], checked: usize) -> Result<usize, NotUtf8> {
    let fresh = bytes.get(checked..).unwrap_or_default();
    match simdutf8::compat::from_utf8(fresh) {
        Ok(_) => Ok(bytes.len()),
        Err(error) if error.error_len().is_none() => Ok(checked + error.valid_up_to()),
        Err(error) => Err(NotUtf8 {
            offset: (checked + error.valid_up_to()) as u64,
        }),
    }
}

#[cold]
fn first_bad(payload: &[u8]) -> NotUtf8 {
    let good = str::from_utf8(payload).map_or_else(|error| error.valid_up_to(), str::len);
    NotUtf8 {
        offset: good as u64,
    }
}

/// How many bytes at the end of `bytes` begin a character that is longer than they are (0 to 3).
fn cut_char_bytes(bytes: &[u8]) -> usize {
    for (behind, &byte) in bytes.iter().rev().take(CHAR_BYTES - 1).enumerate() {
        let announced = match byte {
            0x00..=0x7F => return 0,
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xFF => CHAR_BYTES,
        };
        let present = behind + 1;
        return if announced > present { present } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::{ArrivingText, NotUtf8, whole};

    /// How many bytes were taken before the refusal, and its offset.
    fn bytewise(bytes: &[u8]) -> Result<String, (usize, u64)> {
        let mut text = ArrivingText::default();
        for (at, byte) in bytes.iter().enumerate() {
            text.push(&[*byte], u64::MAX)
                .map_err(|bad| (at, bad.offset))?;
        }
        text.finish().map_err(|bad| (bytes.len(), bad.offset))?;
        Ok(text.as_str().to_owned())
    }

    #[test]
    fn a_bad_sequence_is_refused_at_its_first_impossible_byte() {
        // bytes, index of the byte that cannot be, offset of the sequence
        let table: &[(&[u8], usize, u64)] = &[
            (b"ab\x80", 2, 2),
            (b"ab\xc0\xaf", 2, 2),
            (b"ab\xc1\xbf", 2, 2),
            (b"ab\xe0\x80\x80", 3, 2),
            (b"ab\xed\xa0\x80", 3, 2),
            (b"ab\xf0\x80\x80\x80", 3, 2),
            (b"ab\xf4\x90\x80\x80", 3, 2),
            (b"ab\xf5\x80\x80\x80", 2, 2),
            (b"ab\xff", 2, 2),
            (b"\xc3\x28", 1, 0),
            (b"\xe2\x82\x28", 2, 0),
            (b"\xf0\x9f\x98\x28", 3, 0),
            (b"\xe2\x82", 2, 0),
            (b"caf\xc3", 4, 3),
        ];
        for &(bytes, at, offset) in table {
            assert_eq!(bytewise(bytes), Err((at, offset)), "{bytes:x?}");
            assert_eq!(whole(bytes), Err(NotUtf8 { offset }), "{bytes:x?}");
        }
    }

    #[test]
    fn every_character_survives_every_cut() {
        let all: String = (0..=u32::from(char::MAX))
            .step_by(97)
            .filter_map(char::from_u32)
            .collect();
        assert_eq!(bytewise(all.as_bytes()).as_deref(), Ok(all.as_str()));
        let word = "aé€😀z€é😀";
        for cut in 0..=word.len() {
            let mut text = ArrivingText::default();
            text.push(&word.as_bytes()[..cut], u64::MAX).unwrap();
            assert_eq!(text.len(), cut);
            text.push(&word.as_bytes()[cut..], u64::MAX).unwrap();
            text.finish().unwrap();
            assert_eq!(text.as_str(), word, "cut at {cut}");
        }
    }

    #[test]
    fn every_pair_of_two_bytes_gets_the_verdict_of_the_standard_library() {
        for pair in 0..=u16::MAX {
            let bytes = [b'a', pair.to_be_bytes()[0], pair.to_be_bytes()[1], b'b'];
            let wanted = str::from_utf8(&bytes).map_err(|error| error.valid_up_to() as u64);
            let got = bytewise(&bytes).map_err(|(_, offset)| offset);
            assert_eq!(
                got.as_deref().map_err(|offset| *offset),
                wanted,
                "{bytes:x?}"
            );
        }
    }
}
