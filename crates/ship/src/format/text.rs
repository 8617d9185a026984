//! Bytes become the inside of a JSON string: runs of plain ASCII are copied, the rest is escaped.

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// ASCII only; a byte that is not UTF-8 becomes `\ufffd`.
    Escaped,
    /// As [`Style::Escaped`], with the reference's own idea of what is UTF-8 and what to do otherwise.
    Reference,
    /// UTF-8 as it is; a byte that is none becomes U+FFFD.
    Raw,
}

/// How many bytes are looked at together; compiled to one vector comparison.
const RUN: usize = 16;

/// Appends a string with its quotes.
#[inline]
pub(super) fn append_quoted(out: &mut Vec<u8>, text: &[u8], style: Style) {
    out.push(b'"');
    append(out, text, style);
    out.push(b'"');
}

/// Appends the inside of a string.
pub(super) fn append(out: &mut Vec<u8>, text: &[u8], style: Style) {
    let mut rest = text;
    while let Some((run, after)) = rest.split_first_chunk::<RUN>() {
        if is_plain(run) {
            out.extend_from_slice(run);
            rest = after;
        } else if append_run(out, run) {
            rest = after;
        } else {
            rest = append_slowly(out, rest, style);
        }
    }
    while !rest.is_empty() {
        rest = append_slowly(out, rest, style);
    }
}

/// What a byte is written as behind a backslash; 0 for those that are written otherwise.
const SHORT: [u8; 256] = {
    let mut table = [0; 256];
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table[0x08] = b'b';
    table[0x0c] = b'f';
    table
};

#[inline]
fn is_plain(run: &[u8; RUN]) -> bool {
    !run.iter().fold(false, |any, byte| any | is_special(*byte))
}

#[inline]
fn is_special(byte: u8) -> bool {
    !(0x20..0x7f).contains(&byte) || byte == b'"' || byte == b'\\'
}

/// Appends a run in which nothing needs more than a backslash; otherwise nothing, and says so.
#[inline]
fn append_run(out: &mut Vec<u8>, run: &[u8; RUN]) -> bool {
    let mut said = [0; 2 * RUN];
    let mut length = 0;
    let mut is_short = true;
    for &byte in run {
        let short = SHORT[usize::from(byte)];
        let is_escaped = short != 0;
        is_short &= is_escaped || (0x20..0x7f).contains(&byte);
        // Without a branch: what is not escaped overwrites its backslash.
        said[length] = b'\\';
        length += usize::from(is_escaped);
        said[length] = if is_escaped { short } else { byte };
        length += 1;
    }
    if is_short {
        out.extend_from_slice(&said[..length]);
    }
    is_short
}

/// Appends what stands before the next special byte, and that; gives the rest.
fn append_slowly<'t>(out: &mut Vec<u8>, text: &'t [u8], style: Style) -> &'t [u8] {
    let plain = text
        .iter()
        .position(|byte| is_special(*byte))
        .unwrap_or(text.len());
    let (run, special) = text.split_at(plain);
    out.extend_from_slice(run);
    let Some(&byte) = special.first() else {
        return special;
    };
    let taken = if byte < 0x80 {
        append_control(out, byte);
        1
    } else {
        append_beyond_ascii(out, special, style)
    };
    special.get(taken..).unwrap_or_default()
}

/// Quote, backslash and control characters.
fn append_control(out: &mut Vec<u8>, byte: u8) {
    match SHORT[usize::from(byte)] {
        0 => append_unit(out, u16::from(byte)),
        short => out.extend_from_slice(&[b'\\', short]),
    }
}

/// `\u` and four digits.
fn append_unit(out: &mut Vec<u8>, unit: u16) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |shift: u16| DIGITS[usize::from(unit >> shift & 0xf)];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

fn append_scalar(out: &mut Vec<u8>, scalar: u32) {
    if let Ok(unit) = u16::try_from(scalar) {
        append_unit(out, unit);
    } else {
        let offset = scalar - 0x1_0000;
        append_unit(out, 0xd800 | (offset >> 10 & 0x3ff) as u16);
        append_unit(out, 0xdc00 | (offset & 0x3ff) as u16);
    }
}

/// The byte at the front is not ASCII; gives how many bytes were said.
fn append_beyond_ascii(out: &mut Vec<u8>, text: &[u8], style: Style) -> usize {
    if style == Style::Reference {
        return append_as_reference(out, text);
    }
    let is_raw = style == Style::Raw;
    match front_character(text) {
        Some(character) if is_raw => {
            let size = character.len_utf8();
            out.extend_from_slice(&text[..size]);
            size
        }
        Some(character) => {
            append_scalar(out, u32::from(character));
            character.len_utf8()
        }
        None => {
            if is_raw {
                out.extend_from_slice("\u{fffd}".as_bytes());
            } else {
                append_unit(out, 0xfffd);
            }
            1
        }
    }
}

/// The character at the front, if the bytes there are UTF-8.
fn front_character(text: &[u8]) -> Option<char> {
    let size = match text.first()? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes = text.get(..size)?;
    std::str::from_utf8(bytes).ok()?.chars().next()
}

/// The reference looks at the first byte for the length, takes overlong forms as they come, and says
/// each byte of what it cannot read as a character of the private area, U+E000 and the byte. A first
/// byte whose sequence would go beyond the string is left out.
fn append_as_reference(out: &mut Vec<u8>, text: &[u8]) -> usize {
    let first = text[0];
    let (size, bits) = match first {
        0x80..=0xbf => (1, None),
        0xc0..=0xdf => (2, Some(first & 0x1f)),
        0xe0..=0xef => (3, Some(first & 0x0f)),
        0xf0..=0xf7 => (4, Some(first & 0x07)),
        0xf8..=0xfb => (5, None),
        _ => (6, None),
    };
    let Some(sequence) = text.get(..size) else {
        return 1;
    };
    let Some(bits) = bits else {
        append_private(out, &sequence[..1]);
        return 1;
    };
    let mut scalar = u32::from(bits);
    for (at, byte) in sequence.iter().enumerate().skip(1) {
        let next = scalar << 6 | u32::from(byte & 0x3f);
        let is_last = at + 1 == size;
        let is_bad = byte & 0xc0 != 0x80 || is_last && char::from_u32(next).is_none();
        if is_bad {
            append_private(out, &sequence[..at]);
            return at;
        }
        scalar = next;
    }
    append_scalar(out, scalar);
    size
}

fn append_private(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.extend_from_slice(&[0xee, 0x80 | byte >> 6, 0x80 | byte & 0x3f]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &[u8], style: Style) -> Vec<u8> {
        let mut out = Vec::new();
        append(&mut out, text, style);
        out
    }

    #[test]
    fn every_byte_is_said_the_same_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            let alone = said(&[byte], Style::Escaped);
            for length in [1, 15, 16, 17, 33, 70] {
                for at in [0, length / 2, length - 1] {
                    let mut text = vec![b'x'; length];
                    text[at] = byte;
                    let mut expected = vec![b'x'; at];
                    expected.extend_from_slice(&alone);
                    expected.extend(vec![b'x'; length - at - 1]);
                    assert_eq!(
                        said(&text, Style::Escaped),
                        expected,
                        "{byte:02x} {length} {at}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_private_area_starts_at_e080() {
        assert_eq!(said(b"\x80a", Style::Reference), b"\xee\x82\x80a");
        assert_eq!(said(b"\xc3(", Style::Reference), b"\xee\x83\x83(");
    }

    #[test]
    fn the_reference_leaves_out_a_first_byte_whose_sequence_goes_beyond_the_end() {
        assert_eq!(said(b"a\xe2\x82", Style::Reference), b"a\xee\x82\x82");
        assert_eq!(said(b"a\xfea\xff", Style::Reference), b"aa");
    }

    #[test]
    fn overlong_forms_are_characters_to_the_reference_and_nothing_to_us() {
        assert_eq!(said(b"\xc0\x80", Style::Reference), b"\\u0000");
        assert_eq!(said(b"\xc0\x80", Style::Escaped), b"\\ufffd\\ufffd");
        assert_eq!(said(b"\xc0\x80", Style::Raw), "\u{fffd}\u{fffd}".as_bytes());
    }

    #[test]
    fn ours_reads_back_as_json() {
        let text = "a\u{0}\u{1f}\u{7f}\"\\/é日\u{1f600}\u{2028}";
        for style in [Style::Escaped, Style::Raw] {
            let mut out = Vec::new();
            append_quoted(&mut out, text.as_bytes(), style);
            assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }
    }
}
