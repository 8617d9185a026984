//! Mistakes in a template's text pass through here: what is wrong, where, and what to write instead.

use std::ops::Range;

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

/// The entry of `known` that `word` is most likely a misspelling of: at most one edit per three letters,
/// and never all letters.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let plain = simplified(word);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&plain, &simplified(name)), name))
        .filter(|(distance, name)| {
            let shorter = name.len().min(word.len());
            *distance <= (shorter / 3).max(1) && *distance < shorter
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Upper case, `-`, `_` and `.` are not worth an edit: `pathParams` is near to `path-params`.
fn simplified(word: &str) -> String {
    word.chars()
        .filter(|letter| !matches!(letter, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearness_ignores_case_and_hyphens_and_allows_an_edit_per_three_letters() {
        let known = ["path-params", "message", "upper"];
        assert_eq!(nearest("pathParams", known), Some("path-params"));
        assert_eq!(nearest("mesage", known), Some("message"));
        assert_eq!(nearest("uper", known), Some("upper"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("fi", ["if"]), Some("if"));
        assert_eq!(nearest("y", ["x"]), None);
    }
}
