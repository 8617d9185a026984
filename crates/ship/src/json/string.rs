//! Strings of a JSON text: copied in one piece where nothing is escaped.

use super::{Fault, Liberty, Reader};
use crate::record::pack;

/// How many bytes are looked at together; compiled to one vector comparison.
const RUN: usize = 16;

impl Reader<'_> {
    pub(super) fn string(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        self.at += 1;
        let from = self.at;
        self.at += plain_prefix(&self.text[from..]);
        if self.text.get(self.at) == Some(&b'"') {
            pack::string(out, &self.text[from..self.at]);
            self.at += 1;
            return Ok(());
        }
        self.unescaped.clear();
        self.unescaped.extend_from_slice(&self.text[from..self.at]);
        self.escaped_string()?;
        pack::string(out, &self.unescaped);
        Ok(())
    }

    fn escaped_string(&mut self) -> Result<(), Fault> {
        loop {
            let byte = *self.text.get(self.at).ok_or(Fault::Incomplete)?;
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => self.escape()?,
                _ if !self.rules.allows(Liberty::ControlCharacter) => {
                    return Err(self.unexpected("an escape for the control character"));
                }
                _ => {
                    self.used.add(Liberty::ControlCharacter);
                    self.unescaped.push(byte);
                    self.at += 1;
                }
            }
            let rest = &self.text[self.at..];
            let plain = plain_prefix(rest);
            self.unescaped.extend_from_slice(&rest[..plain]);
            self.at += plain;
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let kind = *self.text.get(self.at + 1).ok_or(Fault::Incomplete)?;
        let byte = match kind {
            b'"' | b'\\' | b'/' => kind,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 0x08,
            b'f' => 0x0c,
            b'u' => return self.unicode(),
            b'x' if self.rules.allows(Liberty::HexEscape) => return self.hex(),
            _ => return Err(self.unexpected("one of JSON's escapes")),
        };
        self.unescaped.push(byte);
        self.at += 2;
        Ok(())
    }

    /// `\u` and four digits, or two of them for one character; half of such a pair is U+FFFD.
    fn unicode(&mut self) -> Result<(), Fault> {
        let unit = self.four_digits(self.at + 2)?;
        self.at += 6;
        let character = match unit {
            0xd800..=0xdbff => self.second_half(unit)?,
            _ => char::from_u32(unit),
        };
        let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut bytes = [0; 4];
        self.unescaped
            .extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
        Ok(())
    }

    fn second_half(&mut self, first: u32) -> Result<Option<char>, Fault> {
        let rest = &self.text[self.at..];
        if rest.len() < 2 && b"\\u".starts_with(rest) {
            return Err(Fault::Incomplete);
        }
        if !rest.starts_with(b"\\u") {
            return Ok(None);
        }
        let second = self.four_digits(self.at + 2)?;
        if !(0xdc00..=0xdfff).contains(&second) {
            return Ok(None);
        }
        self.at += 6;
        Ok(char::from_u32(
            0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00),
        ))
    }

    fn four_digits(&self, at: usize) -> Result<u32, Fault> {
        let mut unit = 0;
        for place in at..at + 4 {
            let digit = *self.text.get(place).ok_or(Fault::Incomplete)?;
            let Some(value) = char::from(digit).to_digit(16) else {
                return Err(Fault::Unexpected {
                    at: place,
                    wanted: "a hexadecimal digit",
                });
            };
            unit = unit << 4 | value;
        }
        Ok(unit)
    }

    /// `\x` and two digits, or eight of which the first six are `f`: a byte as C prints it.
    fn hex(&mut self) -> Result<(), Fault> {
        let rest = self.text.get(self.at + 2..).unwrap_or_default();
        let extended = rest.starts_with(b"ffffff") && rest.get(6..8).is_some_and(are_hex);
        let skipped = if extended { 6 } else { 0 };
        let digits = rest.get(skipped..skipped + 2).ok_or(Fault::Incomplete)?;
        if !are_hex(digits) {
            return Err(self.unexpected("two hexadecimal digits"));
        }
        let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
        let byte = digit(digits[0]) << 4 | digit(digits[1]);
        self.unescaped.push(u8::try_from(byte).unwrap_or_default());
        self.used.add(Liberty::HexEscape);
        self.at += 4 + skipped;
        Ok(())
    }
}

fn are_hex(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// How many bytes at the front stand for themselves.
#[inline]
fn plain_prefix(text: &[u8]) -> usize {
    let (runs, _) = text.as_chunks::<RUN>();
    let mut plain = 0;
    for run in runs {
        if run.iter().fold(false, |any, byte| any | is_special(*byte)) {
            break;
        }
        plain += RUN;
    }
    let rest = &text[plain..];
    plain
        + rest
            .iter()
            .position(|byte| is_special(*byte))
            .unwrap_or(rest.len())
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}
