//! Backslash escapes of a text become the bytes that they stand for.

/// The text without escapes; one that nobody knows is the character behind its backslash.
pub(super) fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        plain.extend_from_slice(&rest[..at]);
        let escape = rest.get(at + 1..).unwrap_or_default();
        let taken = match escape.first() {
            None => {
                plain.push(b'\\');
                0
            }
            Some(b'u') => unicode(escape, &mut plain),
            Some(byte) => {
                plain.push(control(*byte));
                1
            }
        };
        rest = escape.get(taken..).unwrap_or_default();
    }
    plain.extend_from_slice(rest);
    plain
}

fn control(letter: u8) -> u8 {
    match letter {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'a' => 0x07,
        b'b' => 0x08,
        b'v' => 0x0b,
        b'f' => 0x0c,
        _ => letter,
    }
}

/// `u` and four digits, two of them for a character that needs it; gives how many bytes were read.
fn unicode(escape: &[u8], plain: &mut Vec<u8>) -> usize {
    let Some(first) = four_digits(escape) else {
        plain.push(b'u');
        return 1;
    };
    let second = match first {
        0xd800..=0xdbff => escape
            .get(5..)
            .and_then(|rest| rest.strip_prefix(b"\\"))
            .and_then(four_digits),
        _ => None,
    };
    let (scalar, taken) = match second {
        Some(second @ 0xdc00..=0xdfff) => {
            (0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00), 11)
        }
        _ => (first, 5),
    };
    let character = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
    plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    taken
}

fn four_digits(escape: &[u8]) -> Option<u32> {
    let digits = escape.strip_prefix(b"u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| {
        Some(unit << 4 | char::from(*digit).to_digit(16)?)
    })
}
