//! A template's text is cut here into literal text, holes `{{…}}` and tags `{%…%}`.

use std::ops::Range;

use super::mistake::TemplateMistake;
use super::names::Dialect;

/// A part of a template. Ranges are bytes of the text, without the delimiters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Hole(Range<usize>),
    Tag(Range<usize>),
}

/// A piece's range with its delimiters, which are two bytes at either end.
pub(crate) fn outer(inner: &Range<usize>) -> Range<usize> {
    inner.start.saturating_sub(2)..inner.end + 2
}

/// Cuts `text`. `{% comment %}`, `{% verbatim %}` and Selmer's `{# … #}` end here; neighbouring texts are one piece.
pub(crate) fn split(text: &str, dialect: Dialect) -> Result<Vec<Piece>, TemplateMistake> {
    let mut scan = Scan {
        text,
        dialect,
        at: 0,
        literal: String::new(),
        pieces: Vec::new(),
    };
    while scan.at < text.len() {
        scan.step()?;
    }
    scan.flush();
    Ok(scan.pieces)
}

struct Scan<'t> {
    text: &'t str,
    dialect: Dialect,
    at: usize,
    literal: String,
    pieces: Vec<Piece>,
}

impl<'t> Scan<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn step(&mut self) -> Result<(), TemplateMistake> {
        let rest = self.rest();
        let Some(brace) = rest.find('{') else {
            self.take(rest.len());
            return Ok(());
        };
        self.take(brace);
        let rest = self.rest();
        if rest.starts_with("{{") || rest.starts_with("{%") {
            if self.unescape() {
                self.take(2);
                return Ok(());
            }
            return if rest.starts_with("{{") {
                self.hole()
            } else {
                self.tag()
            };
        }
        if rest.starts_with("{#") && self.dialect == Dialect::Moclojer {
            return self.short_comment();
        }
        self.take(1);
        Ok(())
    }

    /// Moves `count` bytes to the literal text.
    fn take(&mut self, count: usize) {
        self.literal
            .push_str(self.rest().get(..count).unwrap_or_default());
        self.at += count;
    }

    fn flush(&mut self) {
        if !self.literal.is_empty() {
            self.pieces
                .push(Piece::Text(std::mem::take(&mut self.literal)));
        }
    }

    /// An odd number of backslashes before a delimiter makes it literal, and the last one disappears.
    fn unescape(&mut self) -> bool {
        let before = self.text.get(..self.at).unwrap_or_default();
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        let escaped = backslashes % 2 == 1;
        if escaped {
            self.literal.pop();
        }
        escaped
    }

    fn hole(&mut self) -> Result<(), TemplateMistake> {
        if self.rest().starts_with("{{{") {
            return Err(
                TemplateMistake::new("`{{{` is Handlebars", self.at..self.at + 3)
                    .remedy("values are never escaped for HTML here, so write `{{…}}`"),
            );
        }
        let inner = self.interior("}}")?;
        self.flush();
        self.at = inner.end + 2;
        self.pieces.push(Piece::Hole(inner));
        Ok(())
    }

    fn tag(&mut self) -> Result<(), TemplateMistake> {
        let inner = self.interior("%}")?;
        let word = self
            .text
            .get(inner.clone())
            .unwrap_or_default()
            .split_whitespace()
            .next();
        match word {
            Some("comment") => self.until("endcomment", &inner).map(|_| ()),
            Some("verbatim") => {
                let body = self.until("endverbatim", &inner)?;
                self.literal.push_str(body);
                Ok(())
            }
            _ => {
                self.flush();
                self.at = inner.end + 2;
                self.pieces.push(Piece::Tag(inner));
                Ok(())
            }
        }
    }

    /// Skips to after `{% end %}` and returns what stood before it.
    fn until(&mut self, end: &str, opening: &Range<usize>) -> Result<&'t str, TemplateMistake> {
        let start = opening.end + 2;
        let body = self.text.get(start..).unwrap_or_default();
        let found = body.match_indices("{%").find_map(|(at, _)| {
            let after = body
                .get(at + 2..)?
                .trim_start()
                .strip_prefix(end)?
                .trim_start()
                .strip_prefix("%}")?;
            Some((at, body.len() - after.len()))
        });
        let Some((at, length)) = found else {
            let name = end.strip_prefix("end").unwrap_or(end);
            return Err(TemplateMistake::new(
                format!("`{{% {name} %}}` is never closed"),
                outer(opening),
            )
            .remedy(format!("add `{{% {end} %}}`")));
        };
        self.at = start + length;
        Ok(body.get(..at).unwrap_or_default())
    }

    fn short_comment(&mut self) -> Result<(), TemplateMistake> {
        let Some(end) = self.rest().find("#}") else {
            return Err(
                TemplateMistake::new("`{#` is never closed", self.at..self.at + 2)
                    .remedy("add `#}`"),
            );
        };
        self.at += end + 2;
        Ok(())
    }

    /// The range between the delimiter here and the next `close` that is not inside quotes.
    fn interior(&self, close: &str) -> Result<Range<usize>, TemplateMistake> {
        let start = self.at + 2;
        let bytes = self.text.as_bytes();
        let mut quote: Option<(u8, usize)> = None;
        let mut at = start;
        while let Some(byte) = bytes.get(at).copied() {
            let ahead = bytes.get(at..).unwrap_or_default();
            match quote {
                Some(_) if byte == b'\\' => at += 1,
                Some((open, _)) if open == byte => quote = None,
                None if ahead.starts_with(close.as_bytes()) => return Ok(start..at),
                None if ahead.starts_with(b"{{") || ahead.starts_with(b"{%") => break,
                None if byte == b'"' || byte == b'\'' => quote = Some((byte, at)),
                _ => {}
            }
            at += 1;
        }
        Err(self.unclosed(close, quote.map(|(_, at)| at)))
    }

    fn unclosed(&self, close: &str, quote: Option<usize>) -> TemplateMistake {
        if let Some(quote) = quote
            && self
                .text
                .get(quote..)
                .is_some_and(|rest| rest.contains(close))
        {
            return TemplateMistake::new("the quote is never closed", quote..quote + 1)
                .remedy(format!("close it before `{close}`"));
        }
        let open = if close == "}}" { "{{" } else { "{%" };
        TemplateMistake::new(format!("`{open}` is never closed"), self.at..self.at + 2).remedy(
            format!("add `{close}`, or write `\\{open}` for the characters themselves"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Piece, split};

    fn pieces(text: &str) -> Vec<Piece> {
        split(text, Dialect::Moclojer).unwrap()
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.to_owned())
    }

    #[test]
    fn braces_that_are_not_delimiters_are_text() {
        assert_eq!(pieces(r#"{"a":{"b":{}}}"#), [text(r#"{"a":{"b":{}}}"#)]);
        assert_eq!(pieces("}} %}"), [text("}} %}")]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn an_odd_backslash_makes_a_delimiter_literal() {
        assert_eq!(pieces(r"\{{x}}"), [text("{{x}}")]);
        assert_eq!(pieces(r"\{% x %}"), [text("{% x %}")]);
        assert_eq!(pieces(r"\\{{x}}"), [text(r"\\"), Piece::Hole(4..5)]);
        assert_eq!(pieces(r"\\\{{x}}"), [text(r"\\{{x}}")]);
    }

    #[test]
    fn delimiters_inside_quotes_do_not_close() {
        assert_eq!(pieces(r#"{{pick "}}" '%}'}}"#), [Piece::Hole(2..16)]);
        assert_eq!(pieces(r#"{{pick "a\"}}"}}"#), [Piece::Hole(2..14)]);
    }

    #[test]
    fn comments_vanish_and_verbatim_stays() {
        assert_eq!(pieces("a{# {{x}} #}b"), [text("ab")]);
        assert_eq!(pieces("a{% comment %}{{x}{% endcomment %}b"), [text("ab")]);
        assert_eq!(
            pieces("a{% verbatim %}{{x}}{%endverbatim%}b"),
            [text("a{{x}}b")]
        );
        assert_eq!(split("{# x", Dialect::MockForge).unwrap(), [text("{# x")]);
    }

    #[test]
    fn the_first_closing_braces_close() {
        assert_eq!(pieces("{{x}}}"), [Piece::Hole(2..3), text("}")]);
    }
}
