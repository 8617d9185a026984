//! Mistakes in a script's text pass through here: what is wrong and where.

use thiserror::Error;

/// A mistake found when a script was checked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ScriptMistake {
    /// What is wrong, in one clause without a full stop.
    pub message: String,
    /// The line in the user's text, counted from 1.
    pub line: u32,
    /// The column in that line, counted from 1 in characters.
    pub column: u32,
}
