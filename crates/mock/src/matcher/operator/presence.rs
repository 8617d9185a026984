//! `$exists` and `$type`: whether a value is there, and of which kind it is.

use sockeye_core::document::{Node, NodeValue};

use super::{OperandMistake, Operator};
use crate::json::Tree;

/// Whether the member is there.
#[derive(Debug)]
struct Exists(bool);

/// Of this JSON type.
#[derive(Debug)]
struct Kind(&'static str, IsKind);

type IsKind = fn(&Tree<'_>) -> bool;

/// JSON's types, with `integer` for numbers without a fraction.
const KINDS: &[(&str, IsKind)] = &[
    ("string", |value| matches!(value, Tree::Text(_))),
    ("number", |value| {
        matches!(value, Tree::Int(_) | Tree::Unsigned(_) | Tree::Float(_))
    }),
    ("integer", |value| {
        matches!(value, Tree::Int(_) | Tree::Unsigned(_))
    }),
    ("boolean", |value| matches!(value, Tree::Bool(_))),
    ("array", |value| matches!(value, Tree::List(_))),
    ("object", |value| matches!(value, Tree::Object(_))),
    ("null", |value| matches!(value, Tree::Null)),
];

pub(super) fn exists(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    match operand.value {
        NodeValue::Bool(wanted) => Ok(Box::new(Exists(wanted))),
        _ => Err(OperandMistake::Expected("true or false")),
    }
}

pub(super) fn kind(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    let word = operand
        .text()
        .ok_or(OperandMistake::Expected("the name of a type"))?;
    let known = KINDS.iter().find(|(name, _)| *name == word);
    let unknown = || OperandMistake::Unknown(KINDS.iter().map(|(name, _)| *name).collect());
    let (name, is) = known.ok_or_else(unknown)?;
    Ok(Box::new(Kind(name, *is)))
}

impl Operator for Exists {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        value.is_some() == self.0
    }

    fn describe(&self) -> String {
        if self.0 {
            "there".to_owned()
        } else {
            "absent".to_owned()
        }
    }
}

impl Operator for Kind {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        value.is_some_and(self.1)
    }

    fn describe(&self) -> String {
        format!("of type {}", self.0)
    }
}
