//! Templates with tags or filters pass through here: Selmer's language, translated and run by minijinja.
//!
//! ```text
//! pieces ──translate──> minijinja source ──compile──> Program ──text/value──> bytes
//!           │ every mistake is found here, with its place in the original text
//!           └ paths become slots that are looked up before a render; names of the two languages never mix
//! ```

mod condition;
mod functions;
mod operand;
mod program;
mod session;
mod statement;
mod tag;
mod translate;

use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::scan::Piece;
use super::uses::Uses;

pub(crate) use operand::operand;
pub(crate) use program::Program;
pub use tag::{Tag, tags};

/// Translates a text with tags or filters.
pub(crate) fn text(
    pieces: &[Piece],
    text: &str,
    dialect: Dialect,
    uses: &mut Uses,
) -> Result<Program, TemplateMistake> {
    let translation = translate::text(pieces, text, dialect, uses)?;
    Program::text_of(translation, uses, text)
}

/// Translates a lone hole with filters, whose value keeps its JSON type.
pub(crate) fn value(
    pieces: &[Piece],
    text: &str,
    dialect: Dialect,
    uses: &mut Uses,
) -> Result<Program, TemplateMistake> {
    let translation = translate::value(pieces, text, dialect, uses)?;
    Program::value_of(translation, uses, text)
}
