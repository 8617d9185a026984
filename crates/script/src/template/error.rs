//! Everything that can go wrong while a checked template is rendered passes through here.

use thiserror::Error;

/// The most bytes one render may write: 1 MiB.
pub const OUTPUT_LIMIT: usize = 1024 * 1024;

/// The most steps one render may take: 100,000 instructions of the tag engine. A text without tags takes a
/// fixed number of steps and cannot reach it.
pub const STEP_LIMIT: u64 = 100_000;

/// Why a template could not be rendered. What was written so far has been removed from the output.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenderError {
    /// The text grew beyond [`OUTPUT_LIMIT`].
    #[error("the template's text is longer than {OUTPUT_LIMIT} bytes")]
    OutputTooLong,
    /// The tags took more than [`STEP_LIMIT`] steps.
    #[error("the template takes more than {STEP_LIMIT} steps")]
    TooManySteps,
    /// A helper could not work with the values it met.
    #[error("`{helper}`: {problem}")]
    Helper {
        /// The helper's name.
        helper: &'static str,
        /// What was wrong with which value.
        problem: Box<str>,
    },
    /// A filter could not work with the value it met.
    #[error("filter `{filter}`: {problem}")]
    Filter {
        /// The filter's name.
        filter: &'static str,
        /// What was wrong with which value.
        problem: Box<str>,
    },
    /// The tag engine gave up for another reason.
    #[error("the tags could not be evaluated: {0}")]
    Tags(Box<str>),
}

impl RenderError {
    pub(crate) fn helper(helper: &'static str, problem: impl Into<Box<str>>) -> Self {
        Self::Helper {
            helper,
            problem: problem.into(),
        }
    }
}
