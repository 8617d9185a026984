//! Mistakes in a template's text pass through here: what is wrong, where, and what to write instead.

use std::ops::Range;

use sockeye_core::nearest;
use thiserror::Error;

/// A mistake found while a template was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct TemplateMistake {
    /// What is wrong, in one clause without a full stop.
    pub message: String,
    /// The bytes of the template's text that are meant.
    pub span: Range<usize>,
    /// What to write instead, if that can be said.
    pub remedy: Option<String>,
}

impl TemplateMistake {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            message: message.into(),
            span,
            remedy: None,
        }
    }

    pub(crate) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// Adds "did you mean" if one of `known` is near to `word`.
    pub(crate) fn suggest<'k>(self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        match nearest(word, known) {
            Some(near) => self.remedy(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    pub(crate) fn or_remedy(self, remedy: impl FnOnce() -> String) -> Self {
        if self.remedy.is_some() {
            self
        } else {
            self.remedy(remedy())
        }
    }
}
