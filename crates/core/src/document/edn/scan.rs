//! EDN characters pass through here one by one: blanks, comments, strings and characters are told apart.

use std::sync::Arc;

use crate::{Mistake, Place, Source, quoted};

/// A cursor over the text.
pub(super) struct Scan<'s> {
    source: &'s Arc<Source>,
    at: usize,
}

impl<'s> Scan<'s> {
    /// At the start of the text, behind a mark for the byte order.
    pub(super) fn new(source: &'s Arc<Source>) -> Self {
        let at = if source.text().starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            0
        };
        Self { source, at }
    }

    /// The text being read.
    pub(super) fn source(&self) -> &'s Arc<Source> {
        self.source
    }

    /// The byte the cursor stands before.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is left of the text.
    pub(super) fn rest(&self) -> &'s str {
        self.source.text().get(self.at..).unwrap_or_default()
    }

    /// The next character, which stays.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The next character, which is behind the cursor now.
    pub(super) fn bump(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += next.map_or(0, char::len_utf8);
        next
    }

    /// Moves on by `bytes`, which end between two characters.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// From byte `start` to the cursor.
    pub(super) fn place_from(&self, start: usize) -> Place {
        Place::new(self.source, start..self.at)
    }

    /// The character just read, which is ASCII.
    pub(super) fn last(&self) -> Place {
        self.place_from(self.at.saturating_sub(1))
    }

    /// Skips white space, commas and comments.
    pub(super) fn skip_blank(&mut self) {
        loop {
            let rest = self
                .rest()
                .trim_start_matches(|c: char| c.is_whitespace() || c == ',');
            self.at = self.source.text().len() - rest.len();
            if !rest.starts_with(';') {
                return;
            }
            self.at += rest.find('\n').unwrap_or(rest.len());
        }
    }

    /// The text in double quotes the cursor stands before.
    pub(super) fn string(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        self.bump();
        let quote = self.last();
        let mut text = String::new();
        loop {
            let before = self.at;
            match self.bump() {
                Some('"') => return Ok(text),
                Some('\\') => text.push(self.escape(before)?),
                Some(letter) => text.push(letter),
                None => {
                    self.at = start;
                    return Err(Mistake::at(&quote, "this quote is never closed")
                        .label("opened here")
                        .remedy("close the quote; write a quote inside as `\\\"`"));
                }
            }
        }
    }

    /// The character of an escape whose backslash stands at `start`.
    fn escape(&mut self, start: usize) -> Result<char, Mistake> {
        let letter = match self.bump() {
            Some('t') => '\t',
            Some('r') => '\r',
            Some('n') => '\n',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(same @ ('\\' | '"' | '/')) => same,
            Some('u') => return self.unicode_escape(start),
            _ => return Err(self.unknown_escape(start)),
        };
        Ok(letter)
    }

    /// Four digits behind `\u`, or two such escapes that form a pair.
    fn unicode_escape(&mut self, start: usize) -> Result<char, Mistake> {
        let first = self.hex4().ok_or_else(|| self.unknown_escape(start))?;
        if let Some(letter) = char::from_u32(u32::from(first)) {
            return Ok(letter);
        }
        if self.rest().starts_with("\\u") {
            self.advance(2);
            let second = self.hex4().ok_or_else(|| self.unknown_escape(start))?;
            if let Some(Ok(letter)) = char::decode_utf16([first, second]).next() {
                return Ok(letter);
            }
        }
        Err(self.unknown_escape(start))
    }

    fn hex4(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
        self.advance(4);
        Some(value)
    }

    fn unknown_escape(&self, start: usize) -> Mistake {
        let place = self.place_from(start);
        Mistake::at(&place, format!("text has the unknown escape {}", quoted(place.raw())))
            .label("here")
            .remedy("write the backslash twice; known are `\\t` `\\r` `\\n` `\\b` `\\f` `\\\\` `\\\"` and `\\u` with four digits")
    }

    /// A character such as `\a`, `\newline` or `\u00e4`.
    pub(super) fn character(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        self.bump();
        let first = self.bump().filter(|letter| !letter.is_whitespace());
        let more = super::token::length(self.rest());
        self.advance(more);
        let place = self.place_from(start);
        let name = place.raw().get(1..).unwrap_or_default();
        let letter = match name {
            "newline" => Some('\n'),
            "return" => Some('\r'),
            "space" => Some(' '),
            "tab" => Some('\t'),
            "backspace" => Some('\u{8}'),
            "formfeed" => Some('\u{c}'),
            _ if more == 0 => first,
            _ => unicode_name(name),
        };
        letter.map(String::from).ok_or_else(|| {
            Mistake::at(&place, format!("{} is no character", quoted(place.raw()))).remedy(
                "write a backslash and one character, or one of `\\newline` `\\return` `\\space` `\\tab` and `\\u` with four digits",
            )
        })
    }
}

fn unicode_name(name: &str) -> Option<char> {
    let digits = name.strip_prefix('u').filter(|digits| digits.len() == 4)?;
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16)
        .ok()
        .filter(|_| is_hex)
        .and_then(char::from_u32)
}
