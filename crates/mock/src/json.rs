//! A received JSON text as a tree that borrows from it: parsed once, read by matchers and templates.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use sockeye_script::template::Step;

/// A JSON value. Strings without escapes and all keys borrow from the message; objects are lists,
/// because messages have few keys and a list costs one allocation.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number that fits 64 bits with sign.
    Int(i64),
    /// A whole number beyond `i64::MAX`.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Tree<'a>>),
    /// An object; of a key that occurs twice the last value counts.
    Object(Vec<(Cow<'a, str>, Tree<'a>)>),
}

impl<'a> Tree<'a> {
    /// Parses `text`. Nesting beyond 128 levels and anything behind the value are errors.
    pub fn parse(text: &'a str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else {
            return None;
        };
        members
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    }

    /// The value that `steps` lead to, by the rules of [`sockeye_script::template::walk`]: digits
    /// are a position in an array and a key in an object.
    pub fn walk(&self, steps: &[Step]) -> Option<&Self> {
        steps
            .iter()
            .try_fold(self, |value, step| match (value, step) {
                (Self::List(items), Step::Index(index)) => items.get(*index),
                (Self::List(items), Step::Key(key)) => items.get(key.parse::<usize>().ok()?),
                (Self::Object(_), Step::Key(key)) => value.get(key),
                _ => None,
            })
    }

    /// The same value, owned.
    pub fn to_value(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::Unsigned(value) => (*value).into(),
            Self::Float(value) => (*value).into(),
            Self::Text(text) => text.as_ref().into(),
            Self::List(items) => items.iter().map(Self::to_value).collect(),
            Self::Object(members) => members
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_value()))
                .collect(),
        }
    }

    /// What kind of value it is, for explanations.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Unsigned(_) | Self::Float(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Tree<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Tree::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(value).map_or(Tree::Unsigned(value), Tree::Int))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Tree::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Tree::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Tree::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object = Vec::new();
        while let Some((Key(key), value)) = members.next_entry()? {
            object.push((key, value));
        }
        Ok(Tree::Object(object))
    }
}

/// A key, borrowed when it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_without_escapes_borrow() {
        let tree = Tree::parse(r#"{"a":"plain","b":"esc\n"}"#).unwrap();
        assert!(matches!(
            tree.get("a"),
            Some(Tree::Text(Cow::Borrowed("plain")))
        ));
        assert!(matches!(tree.get("b"), Some(Tree::Text(Cow::Owned(_)))));
    }

    #[test]
    fn the_last_of_two_equal_keys_counts() {
        let tree = Tree::parse(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(tree.get("a"), Some(&Tree::Int(2)));
        assert_eq!(tree.to_value(), serde_json::json!({"a": 2}));
    }

    #[test]
    fn whole_numbers_are_kept_exactly() {
        let tree = Tree::parse("[9007199254740993, 18446744073709551615, 1.5, -1]").unwrap();
        let expected = [
            Tree::Int(9_007_199_254_740_993),
            Tree::Unsigned(u64::MAX),
            Tree::Float(1.5),
            Tree::Int(-1),
        ];
        assert_eq!(tree, Tree::List(expected.to_vec()));
    }

    #[test]
    fn deep_nesting_is_an_error_and_not_a_crash() {
        assert!(Tree::parse(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn digits_are_a_position_or_a_key() {
        let tree = Tree::parse(r#"{"items":[{"7":"x"}]}"#).unwrap();
        let steps = [
            Step::Key("items".into()),
            Step::Index(0),
            Step::Key("7".into()),
        ];
        assert_eq!(tree.walk(&steps), Some(&Tree::Text("x".into())));
    }
}
