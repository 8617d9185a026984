//! `$eq`, `$in`, `$gt`, `$gte`, `$lt`, `$lte`: a value against fixed ones.

use std::cmp::Ordering;

use sockeye_core::document::{Node, NodeValue};

use super::{OperandMistake, Operator};
use crate::json::Tree;
use crate::matcher::shape::Number;

/// Equal to one of these values. Objects are compared whole, not as subsets.
#[derive(Debug)]
struct OneOf(Vec<serde_json::Value>);

/// On one side of a number.
#[derive(Debug)]
struct Side {
    bound: Number,
    holds: fn(Ordering) -> bool,
    words: &'static str,
}

#[allow(
    clippy::unnecessary_wraps,
    reason = "all readers of operands have this shape"
)]
pub(super) fn equal(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    Ok(Box::new(OneOf(vec![operand.to_json()])))
}

pub(super) fn one_of(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    match &operand.value {
        NodeValue::Seq(items) => Ok(Box::new(OneOf(items.iter().map(Node::to_json).collect()))),
        _ => Err(OperandMistake::Expected("a list")),
    }
}

pub(super) fn greater(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    side(operand, Ordering::is_gt, "more than")
}

pub(super) fn at_least(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    side(operand, Ordering::is_ge, "at least")
}

pub(super) fn less(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    side(operand, Ordering::is_lt, "less than")
}

pub(super) fn at_most(operand: &Node) -> Result<Box<dyn Operator>, OperandMistake> {
    side(operand, Ordering::is_le, "at most")
}

fn side(
    operand: &Node,
    holds: fn(Ordering) -> bool,
    words: &'static str,
) -> Result<Box<dyn Operator>, OperandMistake> {
    let bound = match operand.value {
        NodeValue::Int(value) => Number::Whole(value),
        NodeValue::Float(value) => Number::Decimal(value),
        _ => return Err(OperandMistake::Expected("a number")),
    };
    Ok(Box::new(Side {
        bound,
        holds,
        words,
    }))
}

impl Operator for OneOf {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        value.is_some_and(|value| self.0.iter().any(|expected| same(value, expected)))
    }

    fn describe(&self) -> String {
        match self.0.as_slice() {
            [value] => value.to_string(),
            _ => format!("one of {}", serde_json::Value::from(self.0.clone())),
        }
    }
}

/// Equal as JSON: numbers by value, objects whatever the order of their members.
pub(super) fn same(value: &Tree<'_>, expected: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (value, expected) {
        (Tree::List(items), Value::Array(expected)) => {
            items.len() == expected.len()
                && items
                    .iter()
                    .zip(expected)
                    .all(|(item, expected)| same(item, expected))
        }
        (Tree::Object(members), Value::Object(expected)) => {
            members.len() == expected.len()
                && expected.iter().all(|(key, expected)| {
                    value.get(key).is_some_and(|value| same(value, expected))
                })
        }
        (_, Value::Number(expected)) => {
            let expected = expected.as_i128().map_or_else(
                || expected.as_f64().map(Number::Decimal),
                |n| Some(Number::Whole(n)),
            );
            Number::of(value)
                .zip(expected)
                .and_then(|(value, expected)| value.compare(expected))
                .is_some_and(Ordering::is_eq)
        }
        _ => value.to_value() == *expected,
    }
}

impl Operator for Side {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        value
            .and_then(Number::of)
            .and_then(|number| number.compare(self.bound))
            .is_some_and(self.holds)
    }

    fn describe(&self) -> String {
        format!("{} {}", self.words, self.bound)
    }
}
