//! The shape of a JSON value: what a mapping under `match`, or a JSON text under `pattern`, asks for.

mod number;
mod pieces;

use std::borrow::Cow;

use sockeye_core::secrets;
use sockeye_script::template::Step;

use super::operator::Operator;
use super::{Captures, Matcher, Miss};
use crate::incoming::Incoming;
use crate::json::Tree;

pub use number::Number;
use pieces::fit_pieces;
pub use pieces::{Piece, TextShape};

/// What a JSON value must look like. Objects are compared as subsets: further members are welcome.
#[derive(Debug)]
pub enum Shape {
    /// Any value that is there, `null` included.
    Anything,
    /// Any value that is there, kept under the name of the hole.
    Hole(Vec<Step>),
    /// This text.
    Text(String),
    /// A text of fixed parts with holes between them.
    Pieces(Vec<Piece>),
    /// This number, compared by value.
    Number(Number),
    /// This boolean.
    Bool(bool),
    /// `null` itself; a missing member is not null.
    Null,
    /// An object with at least these members.
    Object(Vec<(String, Shape)>),
    /// An array of exactly these items.
    List(Vec<Shape>),
    /// Whatever passes all of these tests.
    Tests(Vec<Box<dyn Operator>>),
}

impl Shape {
    /// Whether `value` has this shape; `None` stands for a member that is missing.
    pub fn fits<'m>(&'m self, value: Option<&'m Tree<'m>>, captures: &mut Captures<'m>) -> bool {
        if let Self::Tests(tests) = self {
            return tests.iter().all(|test| test.holds(value));
        }
        let Some(value) = value else { return false };
        match (self, value) {
            (Self::Hole(name), _) => {
                captures.holes.push((name, Cow::Borrowed(value)));
                true
            }
            (Self::Pieces(pieces), Tree::Text(text)) => fit_pieces(pieces, text, captures),
            (Self::Object(members), Tree::Object(_)) => members
                .iter()
                .all(|(key, shape)| shape.fits(value.get(key), captures)),
            (Self::List(shapes), Tree::List(items)) => {
                shapes.len() == items.len()
                    && shapes
                        .iter()
                        .zip(items)
                        .all(|(shape, item)| shape.fits(Some(item), captures))
            }
            _ => self.equals(value),
        }
    }

    /// The shapes that compare one value and look no further.
    fn equals(&self, value: &Tree<'_>) -> bool {
        match (self, value) {
            (Self::Anything, _) | (Self::Null, Tree::Null) => true,
            (Self::Text(expected), Tree::Text(text)) => expected == text,
            (Self::Bool(expected), Tree::Bool(value)) => expected == value,
            (Self::Number(expected), _) => Number::of(value)
                .and_then(|number| expected.compare(number))
                .is_some_and(std::cmp::Ordering::is_eq),
            _ => false,
        }
    }

    /// The first condition that does not hold, with the number of those before it that did.
    fn miss(&self, value: Option<&Tree<'_>>, at: &str, held: &mut usize) -> Option<String> {
        match (self, value) {
            (Self::Object(members), Some(Tree::Object(_))) => {
                members.iter().find_map(|(key, shape)| {
                    let at = if at.is_empty() {
                        key.clone()
                    } else {
                        format!("{at}.{key}")
                    };
                    shape.miss(value.and_then(|value| value.get(key)), &at, held)
                })
            }
            (Self::List(shapes), Some(Tree::List(items))) if shapes.len() == items.len() => shapes
                .iter()
                .zip(items)
                .enumerate()
                .find_map(|(index, (shape, item))| {
                    shape.miss(Some(item), &format!("{at}[{index}]"), held)
                }),
            _ if self.fits(value, &mut Captures::default()) => {
                *held += 1;
                None
            }
            _ => Some(self.complaint(value, at)),
        }
    }

    fn complaint(&self, value: Option<&Tree<'_>>, at: &str) -> String {
        let is_secret = secrets::is_secret(at);
        let at = if at.is_empty() {
            "the message".to_owned()
        } else {
            format!("`{at}`")
        };
        match value {
            None if !matches!(self, Self::Tests(_)) => format!("{at} is missing"),
            Some(_) if is_secret => format!("{at} is {}, not {self}", secrets::HIDDEN),
            Some(value) => format!("{at} is {}, not {self}", shown(value)),
            None => format!("{at} is missing, not {self}"),
        }
    }
}

/// A value in a few words. Long texts are cut: this goes into a log line.
fn shown(value: &Tree<'_>) -> String {
    const MOST: usize = 40;
    match value {
        Tree::Text(text) if text.chars().count() > MOST => {
            format!("{:?}…", text.chars().take(MOST).collect::<String>())
        }
        Tree::Text(text) => format!("{text:?}"),
        Tree::List(items) => format!("an array of {}", items.len()),
        Tree::Object(_) => "an object".to_owned(),
        scalar => scalar.to_value().to_string(),
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Anything | Self::Hole(_) => f.write_str("anything"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Pieces(_) => f.write_str("a text like the pattern's"),
            Self::Number(number) => number.fmt(f),
            Self::Bool(value) => value.fmt(f),
            Self::Null => f.write_str("null"),
            Self::Object(_) => f.write_str("an object"),
            Self::List(shapes) => write!(f, "an array of {}", shapes.len()),
            Self::Tests(tests) => {
                for (index, test) in tests.iter().enumerate() {
                    let and = if index == 0 { "" } else { " and " };
                    write!(f, "{and}{}", test.describe())?;
                }
                Ok(())
            }
        }
    }
}

/// Matches messages that are JSON of a shape.
#[derive(Debug)]
pub struct JsonShape {
    shape: Shape,
    kind: &'static str,
}

impl JsonShape {
    /// `kind` is what explanations call it.
    pub fn new(shape: Shape, kind: &'static str) -> Self {
        Self { shape, kind }
    }
}

impl Matcher for JsonShape {
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, captures: &mut Captures<'m>) -> bool {
        let Some(value) = incoming.json() else {
            return false;
        };
        self.shape.fits(Some(value), captures)
    }

    fn why_not(&self, incoming: &Incoming<'_>) -> Miss {
        let Some(value) = incoming.json() else {
            return Miss::new(0, "the message is not JSON");
        };
        let mut held = 0;
        let reason = self.shape.miss(Some(value), "", &mut held);
        Miss::new(
            held,
            reason.unwrap_or_else(|| "it has the shape".to_owned()),
        )
    }

    fn kind(&self) -> &'static str {
        self.kind
    }

    fn wants_json(&self) -> bool {
        true
    }

    fn required_member(&self) -> Option<(&str, &str)> {
        let Shape::Object(members) = &self.shape else {
            return None;
        };
        members.iter().find_map(|(key, shape)| match shape {
            Shape::Text(text) => Some((key.as_str(), text.as_str())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hole(name: &str) -> Vec<Step> {
        vec![Step::Key(name.to_owned())]
    }

    fn fits(shape: &Shape, json: &str) -> Option<Vec<(String, serde_json::Value)>> {
        let tree = Tree::parse(json).unwrap();
        let mut captures = Captures::default();
        let name = |steps: &[Step]| match steps {
            [Step::Key(key)] => key.clone(),
            _ => String::new(),
        };
        shape.fits(Some(&tree), &mut captures).then(|| {
            captures
                .holes
                .iter()
                .map(|(path, value)| (name(path), value.to_value()))
                .collect()
        })
    }

    #[test]
    fn numbers_are_compared_by_value_and_whole_ones_exactly() {
        let one = Shape::Number(Number::Whole(1));
        assert!(fits(&one, "1").is_some() && fits(&one, "1.0").is_some());
        assert!(fits(&one, "\"1\"").is_none() && fits(&one, "true").is_none());
        let big = Shape::Number(Number::Whole(9_007_199_254_740_993));
        assert!(fits(&big, "9007199254740993").is_some());
        assert!(fits(&big, "9007199254740992").is_none());
    }

    #[test]
    fn a_text_with_holes_catches_what_stands_in_them() {
        let pieces = |parts: &[&str]| {
            let piece = |part: &&str| match part.strip_prefix('?') {
                Some(name) => Piece::Hole(hole(name)),
                None => Piece::Fixed((*part).to_owned()),
            };
            Shape::Pieces(parts.iter().map(piece).collect())
        };
        let caught = |shape: &Shape, text: &str| {
            fits(shape, &format!("{text:?}")).map(|found| {
                let text = |(name, value): &(String, serde_json::Value)| {
                    format!("{name}={}", value.as_str().unwrap())
                };
                found.iter().map(text).collect::<Vec<_>>()
            })
        };
        let shape = pieces(&["id-", "?a", "-", "?b"]);
        assert_eq!(
            caught(&shape, "id-1-2-3"),
            Some(vec!["a=1".into(), "b=2-3".into()])
        );
        assert_eq!(caught(&shape, "id-1"), None);
        let shape = pieces(&["?a", ".json"]);
        assert_eq!(caught(&shape, "x.json.json"), Some(vec!["a=x.json".into()]));
        assert_eq!(caught(&shape, "x.jsonl"), None);
        assert_eq!(caught(&pieces(&["a", "?x", "a"]), "a"), None);
    }

    #[test]
    fn a_miss_says_which_condition_and_how_many_held_before() {
        let shape = Shape::Object(vec![
            ("type".to_owned(), Shape::Text("subscribe".to_owned())),
            (
                "to".to_owned(),
                Shape::Object(vec![("channel".to_owned(), Shape::Anything)]),
            ),
        ]);
        let matcher = JsonShape::new(shape, "JSON");
        let miss = |text| matcher.why_not(&Incoming::new(sockeye_net::Message::Text(text)));
        assert_eq!(miss("x"), Miss::new(0, "the message is not JSON"));
        assert_eq!(
            miss(r#"{"type":7}"#),
            Miss::new(0, "`type` is 7, not \"subscribe\"")
        );
        assert_eq!(
            miss(r#"{"type":"subscribe","to":{}}"#),
            Miss::new(1, "`to.channel` is missing")
        );
        assert_eq!(
            miss("[]"),
            Miss::new(0, "the message is an array of 0, not an object")
        );
    }
}
