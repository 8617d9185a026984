//! Numbers of patterns and messages, compared by value.

use crate::json::Tree;

/// A number of a pattern. Whole numbers are compared exactly, also beyond 2^53.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number that fits 64 bits, signed or unsigned.
    Whole(i128),
    /// Any other number.
    Decimal(f64),
}

impl Number {
    /// The number of a JSON value.
    pub fn of(tree: &Tree<'_>) -> Option<Self> {
        match tree {
            Tree::Int(value) => Some(Self::Whole(i128::from(*value))),
            Tree::Unsigned(value) => Some(Self::Whole(i128::from(*value))),
            Tree::Float(value) => Some(Self::Decimal(*value)),
            _ => None,
        }
    }

    /// Compares by value; `None` when one of them is not a number at all.
    #[allow(
        clippy::cast_precision_loss,
        reason = "a whole number against a decimal one is compared as decimals"
    )]
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Whole(one), Self::Whole(two)) => Some(one.cmp(&two)),
            (Self::Whole(one), Self::Decimal(two)) => (one as f64).partial_cmp(&two),
            (Self::Decimal(one), Self::Whole(two)) => one.partial_cmp(&(two as f64)),
            (Self::Decimal(one), Self::Decimal(two)) => one.partial_cmp(&two),
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(value) => value.fmt(f),
            Self::Decimal(value) => value.fmt(f),
        }
    }
}
