//! What is answered passes through here: JSON objects, one after another in one buffer, as the reference spells them.

use sockeye_model::json::object::{self as json, Escapes};

pub(crate) use json::array;

/// Answers in the order in which they are sent. The buffer is used again.
#[derive(Debug, Default)]
pub(crate) struct Replies {
    text: String,
    ends: Vec<usize>,
}

impl Replies {
    /// Begins an answer, which ends when the object is dropped.
    pub(crate) fn object(&mut self) -> Object<'_> {
        Object {
            inner: json::Object::open(&mut self.text, Escapes::Message),
            ends: &mut self.ends,
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
    inner: json::Object<'a>,
    ends: &'a mut Vec<usize>,
}

impl Object<'_> {
    pub(crate) fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.inner.text(name, value);
        self
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        self.inner.maybe(name, value);
        self
    }

    pub(crate) fn truth(&mut self, name: &str, value: bool) -> &mut Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    pub(crate) fn whole(&mut self, name: &str, value: impl Into<i128>) -> &mut Self {
        self.inner.value(name, value.into());
        self
    }

    /// A number; what is none is 0, and a whole one has no fraction.
    pub(crate) fn number(&mut self, name: &str, value: f64) -> &mut Self {
        self.inner.value(name, finite(value));
        self
    }

    /// What is JSON already.
    pub(crate) fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.inner.member(name).push_str(json);
        self
    }

    /// A member that `write` writes as JSON.
    pub(crate) fn with(&mut self, name: &str, write: impl FnOnce(&mut String)) -> &mut Self {
        write(self.inner.member(name));
        self
    }
}

impl Drop for Object<'_> {
    fn drop(&mut self) {
        let end = self.inner.close();
        self.ends.push(end);
    }
}

/// An object inside of a value.
pub(crate) fn nested(out: &mut String, fill: impl FnOnce(&mut json::Object<'_>)) {
    json::Object::write(out, Escapes::Message, fill);
}

/// A number that JSON can hold.
pub(crate) fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { 0.0 }
}

/// A text in quotes, with the escapes of the reference.
pub(crate) fn quote(out: &mut String, text: &str) {
    json::quote(out, text, Escapes::Message);
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
