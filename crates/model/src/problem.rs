//! What is wrong with the text of a model passes through here: where, what, and what to write instead.

use std::fmt;

/// Why a text could not be read as models.
///
/// Texts that clients of the model service know are repeated to the letter and stand alone; all others begin with their
/// line and column and end with a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    message: String,
    place: Option<(usize, usize)>,
    remedy: &'static str,
}

impl FormatError {
    /// A text that is known to clients as it is.
    pub(crate) fn known(message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            message: message.into(),
            place: None,
            remedy: "",
        }))
    }

    /// A mistake at byte `at` of `text`.
    pub(crate) fn at(
        text: &str,
        at: usize,
        message: impl Into<String>,
        remedy: &'static str,
    ) -> Self {
        let before = text.get(..at.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before.get(start..).map_or(0, |line| line.chars().count()) + 1;
        Self(Box::new(Details {
            message: message.into(),
            place: Some((line, column)),
            remedy,
        }))
    }

    /// What is wrong, without place and remedy.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The line and the column, both counted from 1.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.0.place
    }

    /// What to do about it; empty where the message says it all.
    pub fn remedy(&self) -> &'static str {
        self.0.remedy
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.0.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        f.write_str(&self.0.message)?;
        if !self.0.remedy.is_empty() {
            write!(f, "; {}", self.0.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for FormatError {}
