//! A text in quotes passes through here, with its escapes.

use super::Reader;

impl Reader<'_> {
    /// The rest of a text whose quote was read.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, String> {
        let mut text = String::new();
        loop {
            match self.next() {
                None | Some('\n' | '\r') => return Err(self.mistake("Unterminated string")),
                Some('\\') => text.push(self.escaped()?),
                Some(next) if next == quote => return Ok(text),
                Some(next) => text.push(next),
            }
        }
    }

    fn escaped(&mut self) -> Result<char, String> {
        Ok(match self.next() {
            Some('b') => '\u{8}',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\u{c}',
            Some('r') => '\r',
            Some(same @ ('"' | '\'' | '\\' | '/')) => same,
            Some('u') => {
                let first = self.unit()?;
                self.paired(first)?
            }
            _ => return Err(self.mistake("Illegal escape.")),
        })
    }

    /// A character of two units is written as two escapes; half of one means nothing.
    fn paired(&mut self, first: u32) -> Result<char, String> {
        let is_half = (0xD800..0xDC00).contains(&first);
        if is_half && self.peek() == Some('\\') {
            self.next();
            if self.next() != Some('u') {
                return Err(self.mistake("Illegal escape."));
            }
            let second = self.unit()?;
            let low = second.wrapping_sub(0xDC00) & 0x3FF;
            let joined = 0x1_0000 + ((first - 0xD800) << 10) + low;
            return Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, String> {
        let mut unit = 0;
        for _ in 0..4 {
            let next = self.next();
            let next = next.ok_or_else(|| self.mistake("Substring bounds error"))?;
            let digit = next.to_digit(16);
            let digit = digit.ok_or_else(|| self.mistake("Illegal escape."))?;
            unit = unit * 16 + digit;
        }
        Ok(unit)
    }
}
