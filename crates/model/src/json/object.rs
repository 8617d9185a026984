//! JSON that is being written passes through here: objects member by member, arrays, texts with the reference's escapes.

use std::fmt::{self, Write as _};

/// What is escaped in texts beside what JSON asks for (RFC 8259, section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// As in messages of services and lines of walks: the slash of `</`, U+0080 to U+009F, U+2000 to U+20FF.
    Message,
    /// As in models: what HTML could take for markup (`<`, `>`, `&`, `=`, `'`), U+2028 and U+2029.
    Model,
}

/// An object that is being written. Whoever opened it closes it.
#[derive(Debug)]
pub struct Object<'a> {
    out: &'a mut String,
    escapes: Escapes,
    is_empty: bool,
}

impl<'a> Object<'a> {
    /// Begins an object at the end of `out`.
    #[inline]
    pub fn open(out: &'a mut String, escapes: Escapes) -> Self {
        out.push('{');
        let is_empty = true;
        Self {
            out,
            escapes,
            is_empty,
        }
    }

    /// Writes a whole object.
    pub fn write(out: &'a mut String, escapes: Escapes, fill: impl FnOnce(&mut Self)) {
        let mut object = Self::open(out, escapes);
        fill(&mut object);
        object.close();
    }

    /// Begins a member; its value comes next.
    #[inline]
    pub fn member(&mut self, name: &str) -> &mut String {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(',');
        }
        quote(self.out, name, self.escapes);
        self.out.push(':');
        self.out
    }

    /// A member that is a text.
    #[inline]
    pub fn text(&mut self, name: &str, text: &str) -> &mut Self {
        let escapes = self.escapes;
        quote(self.member(name), text, escapes);
        self
    }

    /// A member that is a text, if there is one.
    #[inline]
    pub fn maybe(&mut self, name: &str, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A member whose value is JSON when it is displayed: a number or a truth.
    #[inline]
    pub fn value(&mut self, name: &str, value: impl fmt::Display) -> &mut Self {
        // Writing to a string does not fail.
        let _ = write!(self.member(name), "{value}");
        self
    }

    /// A member that is an array.
    pub fn array<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut String, T),
    ) -> &mut Self {
        array(self.member(name), items, write);
        self
    }

    /// Ends the object: bytes of the whole text so far.
    #[inline]
    pub fn close(&mut self) -> usize {
        self.out.push('}');
        self.out.len()
    }
}

/// Items of an array with commas between them.
pub fn array<T>(
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

/// A text in quotes.
pub fn quote(out: &mut String, text: &str, escapes: Escapes) {
    out.push('"');
    let is_plain = match escapes {
        Escapes::Message => text.bytes().all(is_plain_in_messages),
        Escapes::Model => text.bytes().all(is_plain_in_models),
    };
    if is_plain {
        out.push_str(text);
    } else {
        escape(out, text, escapes);
    }
    out.push('"');
}

fn is_plain_in_messages(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'/')
}

fn is_plain_in_models(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\' | b'<' | b'>' | b'&' | b'=' | b'\'')
}

fn escape(out: &mut String, text: &str, escapes: Escapes) {
    let mut before = '\0';
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '/' if before == '<' && escapes == Escapes::Message => out.push_str("\\/"),
            _ if letter < ' ' || is_odd(letter, escapes) => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
        before = letter;
    }
}

/// Whether a character is written as its number though JSON does not ask for it.
fn is_odd(letter: char, escapes: Escapes) -> bool {
    match escapes {
        Escapes::Message => matches!(letter, '\u{80}'..'\u{a0}' | '\u{2000}'..'\u{2100}'),
        Escapes::Model => {
            matches!(
                letter,
                '<' | '>' | '&' | '=' | '\'' | '\u{2028}' | '\u{2029}'
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_items_have_commas_between_them() {
        let mut out = String::new();
        Object::write(&mut out, Escapes::Message, |object| {
            object
                .text("a", "x")
                .maybe("b", None)
                .value("c", 1.5)
                .array("d", [1, 2], |out, item| {
                    Object::write(out, Escapes::Message, |object| {
                        object.value("n", item);
                    });
                });
        });
        assert_eq!(out, r#"{"a":"x","c":1.5,"d":[{"n":1},{"n":2}]}"#);
    }

    #[test]
    fn messages_and_models_have_escapes_of_their_own() {
        let text = "</a> &=' \" \\ \u{1}\u{8}\t\n\u{c}\r \u{7f}\u{85}\u{2013}\u{2028} /é";
        for (escapes, quoted) in [
            (
                Escapes::Message,
                "\"<\\/a> &=' \\\" \\\\ \\u0001\\b\\t\\n\\f\\r \u{7f}\\u0085\\u2013\\u2028 /é\"",
            ),
            (
                Escapes::Model,
                "\"\\u003c/a\\u003e \\u0026\\u003d\\u0027 \\\" \\\\ \\u0001\\b\\t\\n\\f\\r \u{7f}\u{85}\u{2013}\\u2028 /é\"",
            ),
        ] {
            let mut out = String::new();
            quote(&mut out, text, escapes);
            assert_eq!(out, quoted);
        }
    }
}
