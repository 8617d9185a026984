//! A msgpack value becomes JSON, from bytes to bytes.

use std::collections::HashMap;

use super::number::{append_float, append_float_as_reference, append_int, append_uint};
use super::text::{Style, append_quoted};
use crate::record::{Fault, Reader, Token};

/// Up to so many keys are compared with each other; more are looked up in a table.
const FEW_KEYS: usize = 24;

/// Maps and arrays that are keys are texts in JSON, and each level of them doubles the quotes of those inside: with
/// as many levels as a record may have, a few hundred bytes would fill all memory. Deeper ones are written as the
/// digits of their bytes.
const KEYS_IN_KEYS: usize = 3;

/// Which JSON.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// How strings are written.
    pub(super) strings: Style,
    /// Whether the reference's faults are wanted.
    pub(super) is_reference: bool,
    /// Whether NaN is null even then.
    pub(super) nan_to_null: bool,
}

/// Writes the values of one chunk.
#[derive(Debug)]
pub(super) struct Writer<'o, 'a> {
    pub(super) out: &'o mut Vec<u8>,
    dialect: Dialect,
    /// The keys of the maps that are open, innermost last; of keys that are no text nothing.
    keys: Vec<Option<&'a [u8]>>,
    /// How many keys are being written, each inside of the one before.
    inside_keys: usize,
}

impl<'o, 'a> Writer<'o, 'a> {
    pub(super) fn new(out: &'o mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            out,
            dialect,
            keys: Vec::new(),
            inside_keys: 0,
        }
    }

    /// A string of ours, such as a key of the format.
    pub(super) fn text(&mut self, text: &[u8]) {
        append_quoted(self.out, text, self.dialect.strings);
    }

    /// The next value of `reader`.
    pub(super) fn value(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault> {
        let token = reader.token()?;
        self.token(token, reader)
    }

    #[inline]
    fn token(&mut self, token: Token<'a>, reader: &mut Reader<'a>) -> Result<(), Fault> {
        match token {
            Token::Str(text) | Token::Bin(text) => self.text(text),
            Token::UInt(number) => append_uint(self.out, number),
            Token::Int(number) => append_int(self.out, number),
            Token::Nil => self.out.extend_from_slice(b"null"),
            Token::Bool(true) => self.out.extend_from_slice(b"true"),
            Token::Bool(false) => self.out.extend_from_slice(b"false"),
            Token::Float32(number) => self.float(f64::from(number)),
            Token::Float64(number) => self.float(number),
            Token::Ext(_, bytes) => self.ext(bytes),
            Token::Array(values) => return self.array(values, reader),
            Token::Map(pairs) => {
                self.out.push(b'{');
                let from = self.keys.len();
                if pairs > 1 {
                    self.read_keys(pairs, reader)?;
                }
                self.pairs(pairs, reader, from, true)?;
                self.out.push(b'}');
            }
        }
        Ok(())
    }

    fn float(&mut self, number: f64) {
        let is_null = if self.dialect.is_reference {
            number.is_nan() && self.dialect.nan_to_null
        } else {
            !number.is_finite()
        };
        if is_null {
            self.out.extend_from_slice(b"null");
        } else if self.dialect.is_reference {
            append_float_as_reference(self.out, number);
        } else {
            append_float(self.out, number);
        }
    }

    /// Hexadecimal digits; the reference writes an escape that JSON does not know, and prints bytes
    /// from 80 on as the negative numbers that they are to its compiler.
    fn ext(&mut self, bytes: &[u8]) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        self.out.push(b'"');
        for byte in bytes {
            if self.dialect.is_reference {
                let escape: &[u8] = if *byte < 0x80 { b"\\x" } else { b"\\xffffff" };
                self.out.extend_from_slice(escape);
            }
            self.out.push(DIGITS[usize::from(byte >> 4)]);
            self.out.push(DIGITS[usize::from(byte & 0xf)]);
        }
        self.out.push(b'"');
    }

    fn array(&mut self, values: u32, reader: &mut Reader<'a>) -> Result<(), Fault> {
        self.out.push(b'[');
        for at in 0..values {
            if at > 0 {
                self.out.push(b',');
            }
            self.value(reader)?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Puts the keys of the map whose pairs come next onto the list.
    pub(super) fn read_keys(&mut self, pairs: u32, reader: &Reader<'a>) -> Result<(), Fault> {
        let mut ahead = reader.clone();
        for _ in 0..pairs {
            let mut key = ahead.clone();
            self.keys.push(match key.token()? {
                Token::Str(text) => Some(text),
                _ => None,
            });
            ahead.skip()?;
            ahead.skip()?;
        }
        Ok(())
    }

    /// Whether a text is among the keys on the list.
    pub(super) fn has_key(&self, text: &[u8]) -> bool {
        self.keys.contains(&Some(text))
    }

    /// The pairs of a map, without braces; of pairs with the same text as key only the last. Their keys
    /// stand on the list from `from` on, and are taken off; if none are there, no key is repeated.
    pub(super) fn pairs(
        &mut self,
        pairs: u32,
        reader: &mut Reader<'a>,
        from: usize,
        is_first: bool,
    ) -> Result<(), Fault> {
        let last = self.last_places(from);
        let mut is_first = is_first;
        for at in 0..pairs {
            if self.comes_again(from + at as usize, last.as_ref()) {
                reader.skip()?;
                reader.skip()?;
                continue;
            }
            if !is_first {
                self.out.push(b',');
            }
            is_first = false;
            self.key(reader)?;
            self.out.push(b':');
            self.value(reader)?;
        }
        self.keys.truncate(from);
        Ok(())
    }

    /// Where each key stands last, if there are too many to compare them with each other.
    fn last_places(&self, from: usize) -> Option<HashMap<&'a [u8], usize>> {
        let is_many = self.keys.len() > from + FEW_KEYS;
        is_many.then(|| {
            let keys = self.keys.iter().enumerate().skip(from);
            keys.filter_map(|(at, key)| Some(((*key)?, at))).collect()
        })
    }

    #[inline]
    fn comes_again(&self, at: usize, last: Option<&HashMap<&'a [u8], usize>>) -> bool {
        let Some(Some(key)) = self.keys.get(at) else {
            return false;
        };
        match last {
            Some(last) => last.get(key).is_some_and(|last| *last != at),
            None => self.keys[at + 1..].contains(&Some(key)),
        }
    }

    /// A key: text as it is, of other values their JSON as text. The reference leaves off the quotes.
    fn key(&mut self, reader: &mut Reader<'a>) -> Result<(), Fault> {
        let from = reader.at();
        let token = reader.token()?;
        match token {
            Token::Str(text) | Token::Bin(text) => {
                self.text(text);
                Ok(())
            }
            _ if self.dialect.is_reference => self.token(token, reader),
            Token::Ext(_, bytes) => {
                self.ext(bytes);
                Ok(())
            }
            Token::Array(values) if self.inside_keys == KEYS_IN_KEYS => {
                self.skipped(from, u64::from(values), reader)
            }
            Token::Map(pairs) if self.inside_keys == KEYS_IN_KEYS => {
                self.skipped(from, 2 * u64::from(pairs), reader)
            }
            Token::Array(_) | Token::Map(_) => {
                self.inside_keys += 1;
                let from = self.out.len();
                let written = self.token(token, reader);
                self.inside_keys -= 1;
                written?;
                let json = self.out.split_off(from);
                self.text(&json);
                Ok(())
            }
            _ => {
                self.out.push(b'"');
                self.token(token, reader)?;
                self.out.push(b'"');
                Ok(())
            }
        }
    }

    /// A value that begins at byte `from` and has `inner` others in it, as the digits of its bytes.
    fn skipped(&mut self, from: usize, inner: u64, reader: &mut Reader<'a>) -> Result<(), Fault> {
        for _ in 0..inner {
            reader.skip()?;
        }
        self.ext(reader.between(from, reader.at()));
        Ok(())
    }
}
