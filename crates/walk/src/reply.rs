//! What is answered passes through here: JSON objects, one after another in one buffer, as the reference spells them.

use std::fmt::Write as _;

/// Answers in the order in which they are sent. The buffer is used again.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    text: String,
    ends: Vec<usize>,
}

impl Replies {
    /// Begins an answer, which ends when the object is dropped.
    pub(crate) fn object(&mut self) -> Object<'_> {
        self.text.push('{');
        Object {
            replies: self,
            is_first: true,
        }
    }

    /// An answer that something else writes. What is written of one that fails is no answer.
    pub(crate) fn written<E>(
        &mut self,
        write: impl FnOnce(&mut String) -> Result<(), E>,
    ) -> Result<(), E> {
        let from = self.text.len();
        let done = write(&mut self.text);
        match done {
            Ok(()) => self.ends.push(self.text.len()),
            Err(_) => self.text.truncate(from),
        }
        done
    }

    /// The answers so far.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let ranges = starts.zip(self.ends.iter().copied());
        ranges.filter_map(|(from, to)| self.text.get(from..to))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        // One large answer must not be remembered by every connection.
        if self.text.capacity() > KEPT {
            self.text = String::new();
        }
    }
}

/// Bytes of buffer that a connection keeps.
const KEPT: usize = 16 * 1024;

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    replies: &'a mut Replies,
    is_first: bool,
}

impl Object<'_> {
    fn name(&mut self, name: &str) -> &mut String {
        let text = &mut self.replies.text;
        if !std::mem::replace(&mut self.is_first, false) {
            text.push(',');
        }
        quote(text, name);
        text.push(':');
        text
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        quote(self.name(name), value);
        self
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    pub(crate) fn truth(&mut self, name: &str, value: bool) -> &mut Self {
        self.name(name)
            .push_str(if value { "true" } else { "false" });
        self
    }

    pub(crate) fn whole(&mut self, name: &str, value: impl Into<i128>) -> &mut Self {
        // Writing to a string does not fail.
        let _ = write!(self.name(name), "{}", value.into());
        self
    }

    /// A number; what is none is 0, and a whole one has no fraction.
    pub(crate) fn number(&mut self, name: &str, value: f64) -> &mut Self {
        let value = if value.is_finite() { value } else { 0.0 };
        let _ = write!(self.name(name), "{value}");
        self
    }

    /// What is JSON already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name).push_str(json);
        self
    }

    /// A member that `write` writes as JSON.
    pub(crate) fn with(&mut self, name: &str, write: impl FnOnce(&mut String)) -> &mut Self {
        write(self.name(name));
        self
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.replies.text.push('}');
        self.replies.ends.push(self.replies.text.len());
    }
}

/// Items of an array with commas between them.
pub(crate) fn array<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// A text in quotes, with the escapes of the reference.
pub(crate) fn quote(out: &mut String, text: &str) {
    out.push('"');
    if text
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'/'))
    {
        out.push_str(text);
        out.push('"');
        return;
    }
    let mut before = '\0';
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            '/' if before == '<' => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..=' ' if letter != ' ' => escape(out, letter),
            '\u{80}'..='\u{9f}' | '\u{2000}'..='\u{20ff}' => escape(out, letter),
            _ => out.push(letter),
        }
        before = letter;
    }
    out.push('"');
}

fn escape(out: &mut String, letter: char) {
    let _ = write!(out, "\\u{:04x}", u32::from(letter));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_one_after_another() {
        let mut replies = Replies::default();
        replies
            .object()
            .text("a", "</x>\u{1}\u{85}\"")
            .whole("n", 3);
        replies.object().number("x", 1.0).number("y", f64::NAN);
        replies.object();
        let texts: Vec<&str> = replies.texts().collect();
        let first = r#"{"a":"<\/x>\u0001\u0085\"","n":3}"#;
        assert_eq!(texts, [first, r#"{"x":1,"y":0}"#, "{}"]);
    }
}
