//! `$regex`, `$glob`, `$contains`: a text, or the items of an array, against a pattern.

use fancy_regex::{Regex, RegexBuilder};
use sockeye_core::document::{Node, NodeValue};

use super::{OperandMistake, Operator};
use crate::json::Tree;
use crate::matcher::regex::{BACKTRACK_LIMIT, fault};

/// A regular expression that matches somewhere in a text.
#[derive(Debug)]
struct Matches(Regex, String);

/// A part of a text, or an item of an array.
#[derive(Debug)]
struct Contains(serde_json::Value);

pub(super) fn regex(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    let pattern = operand
        .text()
        .ok_or(OperandMistake::Expected("a regular expression"))?;
    compile(pattern, pattern)
}

/// `*` stands for any characters, `?` for one; the whole text is compared.
pub(super) fn glob(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    let glob = operand
        .text()
        .ok_or(OperandMistake::Expected("a text with `*` and `?`"))?;
    let mut pattern = String::from(r"\A(?s:");
    for letter in glob.chars() {
        match letter {
            '*' => pattern.push_str(".*"),
            '?' => pattern.push('.'),
            other => pattern.push_str(&fancy_regex::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern.push_str(r")\z");
    compile(&pattern, glob)
}

fn compile(pattern: &str, written: &str) -> Result<Box<dyn Operator>, OperandMistake> {
    match RegexBuilder::new(pattern)
        .backtrack_limit(BACKTRACK_LIMIT)
        .build()
    {
        Ok(regex) => Ok(Box::new(Matches(regex, written.to_owned()))),
        Err(error) => Err(OperandMistake::Pattern(fault::of(&error, written))),
    }
}

pub(super) fn contains(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    match operand.value {
        NodeValue::Seq(_) | NodeValue::Map(_) => Err(OperandMistake::Expected(
            "a text, a number, true, false or null",
        )),
        _ => Ok(Box::new(Contains(operand.to_json()))),
    }
}

impl Operator for Matches {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        let Some(Tree::Text(text)) = value else {
            return false;
        };
        self.0.is_match(text.as_ref()).unwrap_or(false)
    }

    fn describe(&self) -> String {
        format!("like `{}`", self.1)
    }
}

impl Operator for Contains {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        match (value, self.0.as_str()) {
            (Some(Tree::Text(text)), Some(part)) => text.contains(part),
            (Some(Tree::List(items)), _) => items.iter().any(|item| self.is(item)),
            _ => false,
        }
    }

    fn describe(&self) -> String {
        format!("something that contains {}", self.0)
    }
}

impl Contains {
    fn is(&self, item: &Tree<'_>) -> bool {
        super::compare::same(item, &self.0)
    }
}
