//! What is sent, and how it is known again: long enough messages carry their number.

use sockeye_wire::Kind;

/// Digits of a message's number, hexadecimal: it goes on from 0 after 2^32 messages of a connection.
const DIGITS: usize = 8;

/// What fills the rest of a generated message.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    kind: Kind,
    bytes: Vec<u8>,
    is_numbered: bool,
}

impl Payload {
    /// A text of `length` letters by chance, the same in every run. From 8 bytes on each message begins with its
    /// number on its connection.
    pub fn generated(length: usize) -> Self {
        // The generator of Numerical Recipes: letters need to be various, not to be secret.
        let mut state = 1_u32;
        let letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let letter = usize::try_from(state >> 26).unwrap_or_default();
            LETTERS[letter % LETTERS.len()]
        };
        Self {
            kind: Kind::Text,
            bytes: std::iter::repeat_with(letter).take(length).collect(),
            is_numbered: length >= DIGITS,
        }
    }

    /// These bytes, the same in each message.
    pub fn fixed(bytes: Vec<u8>) -> Self {
        Self {
            kind: Kind::Text,
            bytes,
            is_numbered: false,
        }
    }

    /// The same as binary messages.
    #[must_use]
    pub fn binary(mut self) -> Self {
        self.kind = Kind::Binary;
        self
    }

    /// Whether it can be sent: a text has to be UTF-8.
    pub fn is_sendable(&self) -> bool {
        self.kind == Kind::Binary || std::str::from_utf8(&self.bytes).is_ok()
    }

    /// Text or binary.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Length, in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether messages are empty.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether messages carry their number, so that those that are lost, doubled or out of order can be told apart.
    pub fn is_numbered(&self) -> bool {
        self.is_numbered
    }

    /// The message of this number.
    #[inline]
    pub(crate) fn message(&mut self, number: u64) -> &[u8] {
        if self.is_numbered
            && let Some(place) = self.bytes.first_chunk_mut()
        {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "numbers start again at 2^32"
            )]
            let number = number as u32;
            *place = digits(number);
        }
        &self.bytes
    }

    /// What an echo of `kind` and `bytes` is.
    #[inline]
    pub(crate) fn recognise(&self, kind: Kind, bytes: &[u8]) -> Echo {
        if kind != self.kind || bytes.len() != self.bytes.len() {
            return Echo::Foreign;
        }
        if !self.is_numbered {
            return if bytes == self.bytes {
                Echo::Same
            } else {
                Echo::Foreign
            };
        }
        let number = bytes.first_chunk().copied().and_then(number);
        match number {
            Some(number) if bytes.get(DIGITS..) == self.bytes.get(DIGITS..) => {
                Echo::Numbered(number)
            }
            _ => Echo::Foreign,
        }
    }
}

/// What a message is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Echo {
    /// The echo of the message of this number, modulo 2^32.
    Numbered(u32),
    /// The echo of one of ours, which are all the same.
    Same,
    /// Nothing that we have sent.
    Foreign,
}

/// All eight digits at once: each byte of a word is one.
#[inline]
fn digits(number: u32) -> [u8; DIGITS] {
    let mut word = u64::from(number);
    word = (word | word << 16) & 0x0000_ffff_0000_ffff;
    word = (word | word << 8) & 0x00ff_00ff_00ff_00ff;
    word = (word | word << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let above_nine = ((word + 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101;
    let ascii = word + 0x3030_3030_3030_3030 + above_nine * u64::from(b'a' - b'9' - 1);
    ascii.to_be_bytes()
}

/// The number that eight digits stand for; `None` if they are none.
#[inline]
fn number(text: [u8; DIGITS]) -> Option<u32> {
    let ascii = u64::from_be_bytes(text);
    let letters = (ascii >> 6) & 0x0101_0101_0101_0101;
    let mut word = (ascii & 0x0f0f_0f0f_0f0f_0f0f).wrapping_add(letters * 9);
    word &= 0x0f0f_0f0f_0f0f_0f0f;
    word = (word | word >> 4) & 0x00ff_00ff_00ff_00ff;
    word = (word | word >> 8) & 0x0000_ffff_0000_ffff;
    word |= word >> 16;
    let number = u32::try_from(word & 0xffff_ffff).ok()?;
    // What is no digit, or one that we do not write, does not come back.
    (digits(number) == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let some = (0..=u32::MAX).step_by(65_521);
        for value in some.chain([9, 10, 15, 16, u32::MAX]) {
            let text = format!("{value:08x}");
            assert_eq!(digits(value), text.as_bytes(), "{value}");
            assert_eq!(number(digits(value)), Some(value));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            b"0000000g",
            b"0000000A",
            b"-0000000",
            b"        ",
            b"0000000\xff",
        ] {
            assert_eq!(number(*text), None, "{text:?}");
        }
    }

    #[test]
    fn an_echo_is_known_by_its_number_and_its_bytes() {
        let mut payload = Payload::generated(32);
        let echo = payload.message(0xdead_beef).to_vec();
        assert!(echo.starts_with(b"deadbeef"));
        assert_eq!(
            payload.recognise(Kind::Text, &echo),
            Echo::Numbered(0xdead_beef)
        );
        assert_eq!(payload.recognise(Kind::Binary, &echo), Echo::Foreign);
        assert_eq!(payload.recognise(Kind::Text, &echo[..31]), Echo::Foreign);
        for at in 0..echo.len() {
            let mut changed = echo.clone();
            changed[at] ^= 1;
            let found = payload.recognise(Kind::Text, &changed);
            assert_ne!(found, Echo::Numbered(0xdead_beef), "byte {at}");
        }
    }

    #[test]
    fn short_and_fixed_messages_are_all_the_same() {
        for mut payload in [
            Payload::generated(7),
            Payload::fixed(b"hello world".to_vec()),
        ] {
            let first = payload.message(0).to_vec();
            assert_eq!(payload.message(1), first);
            assert_eq!(payload.recognise(Kind::Text, &first), Echo::Same);
            assert_eq!(payload.recognise(Kind::Text, b"other"), Echo::Foreign);
        }
    }

    #[test]
    fn text_has_to_be_text() {
        let bytes = Payload::fixed(vec![0xff]);
        assert!(!bytes.is_sendable());
        assert!(bytes.binary().is_sendable());
    }
}
