//! A plain word: the whole text, or the field of a JSON object that says what kind of message it is.

use super::{Captures, Matcher, Miss};
use crate::incoming::Incoming;
use crate::json::Tree;

/// The fields that usually tell messages apart, in the order in which they are looked at.
pub const FIELDS: [&str; 6] = ["type", "action", "event", "op", "method", "cmd"];

/// Matches a text that equals the word; with fields, also a JSON object in which one of them does.
#[derive(Debug)]
pub struct Word {
    word: String,
    fields: &'static [&'static str],
}

impl Word {
    /// The text alone.
    pub fn text(word: impl Into<String>) -> Self {
        Self {
            word: word.into(),
            fields: &[],
        }
    }

    /// The text, or one of [`FIELDS`].
    pub fn text_or_field(word: impl Into<String>) -> Self {
        Self {
            word: word.into(),
            fields: &FIELDS,
        }
    }
}

impl Matcher for Word {
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, _: &mut Captures<'m>) -> bool {
        let Some(text) = incoming.text() else {
            return false;
        };
        if text == self.word {
            return true;
        }
        if self.fields.is_empty() || !text.trim_start().starts_with('{') {
            return false;
        }
        let Some(object) = incoming.json() else {
            return false;
        };
        let equals = |field: &&str| match object.get(field) {
            Some(Tree::Text(value)) => *value == self.word,
            _ => false,
        };
        self.fields.iter().any(equals)
    }

    fn why_not(&self, _: &Incoming<'_>) -> Miss {
        let also = if self.fields.is_empty() {
            ""
        } else {
            ", and neither is `type`, `action`, `event`, `op`, `method` or `cmd`"
        };
        Miss::new(0, format!("the text is not `{}`{also}", self.word))
    }

    fn kind(&self) -> &'static str {
        "text"
    }

    fn wants_json(&self) -> bool {
        false
    }
}
