//! Texts in quotes pass through here, their escapes resolved.

use super::{Lexer, Result};
use crate::FormatError;

impl Lexer<'_> {
    /// Takes a text in quotes, which may go over several lines.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String> {
        let start = self.at;
        self.at += 1;
        let mut found = String::new();
        loop {
            let rest = self.rest();
            let Some(stop) = rest.find([quote, '\\']) else {
                let message = "a text has no end";
                return Err(FormatError::at(
                    self.text,
                    start,
                    message,
                    "close it with the quote it began with",
                ));
            };
            found.push_str(rest.get(..stop).unwrap_or_default());
            self.at += stop + 1;
            if !rest.get(stop..).is_some_and(|rest| rest.starts_with('\\')) {
                return Ok(found);
            }
            self.escape(&mut found)?;
        }
    }

    fn escape(&mut self, found: &mut String) -> Result<()> {
        let letter = self.rest().chars().next().unwrap_or_default();
        let meant = match letter {
            'u' => {
                self.at += 1;
                return self.unicode(found);
            }
            't' => '\t',
            'b' => '\u{8}',
            'n' | '\n' => '\n',
            'r' => '\r',
            'f' => '\u{c}',
            '\'' | '"' | '\\' | '/' => letter,
            _ => return Err(self.mistake("this escape is not known", "double the backslash")),
        };
        self.at += 1;
        found.push(meant);
        Ok(())
    }

    /// One or, for a character outside of the first plane, two groups of four digits.
    fn unicode(&mut self, found: &mut String) -> Result<()> {
        let first = self.four_digits()?;
        let letter = match first {
            0xD800..0xDC00 if self.rest().starts_with("\\u") => {
                let before = self.at;
                self.at += 2;
                let second = self.four_digits()?;
                let pair =
                    0x1_0000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF);
                if (0xDC00..0xE000).contains(&second) {
                    char::from_u32(pair)
                } else {
                    self.at = before;
                    None
                }
            }
            _ => char::from_u32(first),
        };
        found.push(letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(())
    }

    fn four_digits(&mut self) -> Result<u32> {
        let digits = self.rest().get(..4);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let number = number
            .ok_or_else(|| self.mistake("`\\u` needs four digits from 0 to f", "write them"))?;
        self.at += 4;
        Ok(number)
    }
}
