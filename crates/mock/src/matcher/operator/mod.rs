//! Tests on a value, written as `$name: operand` in a pattern. One family a file, one line each here.

mod compare;
mod message;
mod presence;
mod text;

use std::fmt::Debug;

use sockeye_core::document::Node;

use crate::json::Tree;
use crate::matcher::regex::Fault;

pub use message::{MessageTests, Not};

/// A test on one value of a message.
pub trait Operator: Debug + Send + Sync {
    /// Whether the value passes; `None` stands for a member that is missing.
    fn holds(&self, value: Option<&Tree<'_>>) -> bool;

    /// What it asks for, to be read behind "not": `at least 3`.
    fn describe(&self) -> String;
}

/// How an operand becomes a test. The error says what the operand must be.
pub type Read = fn(&Node) -> Result<Box<dyn Operator>, OperandMistake>;

/// What is wrong with an operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperandMistake {
    /// Another kind of value was expected; in words, with an article.
    Expected(&'static str),
    /// A word was expected and it is none of those known.
    Unknown(Vec<&'static str>),
    /// The operand is a regular expression with a fault.
    Pattern(Fault),
}

/// All tests on a value.
pub const OPERATORS: &[(&str, Read)] = &[
    ("$eq", compare::equal),
    ("$in", compare::one_of),
    ("$gt", compare::greater),
    ("$gte", compare::at_least),
    ("$lt", compare::less),
    ("$lte", compare::at_most),
    ("$regex", text::regex),
    ("$glob", text::glob),
    ("$contains", text::contains),
    ("$exists", presence::exists),
    ("$type", presence::kind),
];

/// Tests on the whole message instead of a value, and the one that turns a pattern round.
pub const SPECIAL: [&str; 4] = ["$text", "$jsonpath", "$binary", "$not"];

/// The words that may start with `$` in a pattern.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    OPERATORS.iter().map(|(name, _)| *name).chain(SPECIAL)
}
