//! Every file the user wrote passes through here, whatever its notation, and comes out as one tree of
//! values that know where they stand.

mod edn;
mod expect;
mod fields;
mod file;
mod scalar;
mod within;
mod yaml;

use std::ops::Range;

use crate::Place;
pub use edn::parse_edn;
pub use fields::Fields;
pub use file::{neighbour, read};
pub use yaml::parse_yaml;

/// The longest text that is read, in bytes: 4 MiB. Longer ones are refused.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// How deep lists and maps may nest. Deeper ones are refused.
pub const MAX_DEPTH: usize = 64;
/// How many keys and values a document may have, aliases counting as what they stand for, and what has an
/// anchor counting twice. More are refused.
pub const MAX_NODES: usize = 250_000;

/// A value of a document and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The whole value as written, with its quotes or brackets. A block map or list reaches from its
    /// first key or dash to the end of its last value; a block text starts at its `|` or `>`. What an
    /// alias or a merge key brings in stands where it was defined.
    pub place: Place,
    /// The value itself.
    pub value: NodeValue,
}

/// The value of a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    /// YAML `null`, `~` or nothing at all; EDN `nil`.
    Null,
    /// `true` or `false`. YAML `yes`, `no`, `on` and `off` are text.
    Bool(bool),
    /// A whole number from `i64::MIN` to `u64::MAX`, so that JSON can carry it exactly.
    Int(i128),
    /// Every other number; whole numbers of twenty digits and more lose their last digits.
    Float(f64),
    /// Text; also EDN keywords (without the colon), symbols and characters.
    Str(String),
    /// A list; also an EDN set.
    Seq(Vec<Node>),
    /// A map in the order it was written. No name stands in it twice.
    Map(Vec<(Key, Node)>),
}

/// A key of a map: its text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key as text; a YAML key `404` is the text `404`, an EDN key `:on-connect` is `on-connect`.
    pub name: String,
    /// The key as written.
    pub place: Place,
}

impl Node {
    /// What it is, for a sentence such as "must be a map, not text".
    pub fn kind_name(&self) -> &'static str {
        match self.value {
            NodeValue::Null => "nothing",
            NodeValue::Bool(_) => "true or false",
            NodeValue::Int(_) | NodeValue::Float(_) => "a number",
            NodeValue::Str(_) => "text",
            NodeValue::Seq(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }

    /// Whether it is null or not written at all.
    pub fn is_null(&self) -> bool {
        self.value == NodeValue::Null
    }

    /// Its text, if it is text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a key, if it is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match &self.value {
            NodeValue::Map(entries) => entries
                .iter()
                .find(|(name, _)| name.name == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// The key itself, if it is a map that has it.
    pub fn key(&self, key: &str) -> Option<&Key> {
        match &self.value {
            NodeValue::Map(entries) => entries
                .iter()
                .map(|(name, _)| name)
                .find(|name| name.name == key),
            _ => None,
        }
    }

    /// Where the bytes `range` of its text stand in the file: exact in plain, quoted and block texts,
    /// escapes included; the whole value where that cannot be told, and when it is not text.
    pub fn place_within(&self, range: Range<usize>) -> Place {
        self.text()
            .map_or_else(|| self.place.clone(), |text| self.place.within(text, range))
    }

    /// The same value in JSON. Infinity and not-a-number, which JSON has not, become null.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::{Number, Value};
        match &self.value {
            NodeValue::Null => Value::Null,
            NodeValue::Bool(value) => Value::Bool(*value),
            NodeValue::Int(value) => Number::from_i128(*value).map_or(Value::Null, Value::Number),
            NodeValue::Float(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
            NodeValue::Str(text) => Value::String(text.clone()),
            NodeValue::Seq(items) => items.iter().map(Self::to_json).collect(),
            NodeValue::Map(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, node)| (key.name.clone(), node.to_json()))
                    .collect(),
            ),
        }
    }
}
