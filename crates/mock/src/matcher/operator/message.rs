//! `$text`, `$jsonpath`, `$binary`: tests on a whole message, and `$not`, which turns a shape round.

use jsonpath_rust::JsonPath as _;

use super::Operator;
use crate::incoming::Incoming;
use crate::json::Tree;
use crate::matcher::shape::Shape;
use crate::matcher::{Captures, Matcher, Miss};

/// Tests on one message; all that are set must pass.
#[derive(Debug, Default)]
pub struct MessageTests {
    /// What the raw text must be: a text or a map of tests.
    pub text: Option<Shape>,
    /// A JSONPath expression that must find something.
    pub jsonpath: Option<String>,
    /// Whether the message is binary.
    pub binary: Option<bool>,
    /// What the parsed message must be.
    pub json: Option<Shape>,
}

impl MessageTests {
    /// The first test that fails, in words.
    fn failing(&self, incoming: &Incoming<'_>) -> Option<&'static str> {
        let text = || incoming.text().map(|text| Tree::Text(text.into()));
        let fits =
            |shape: &Shape, value: Option<&Tree<'_>>| shape.fits(value, &mut Captures::default());
        let is_binary = matches!(incoming.message(), sockeye_net::Message::Binary(_));
        if self.binary.is_some_and(|wanted| wanted != is_binary) {
            return Some("the message is of the other type, text or binary");
        }
        if self
            .text
            .as_ref()
            .is_some_and(|shape| !fits(shape, text().as_ref()))
        {
            return Some("the text is not what `$text` asks for");
        }
        if self
            .json
            .as_ref()
            .is_some_and(|shape| !fits(shape, incoming.json()))
        {
            return Some("the message does not pass the tests");
        }
        let finds = |path: &String| {
            let value = incoming.json().map(Tree::to_value);
            value.is_some_and(|value| value.query(path).is_ok_and(|found| !found.is_empty()))
        };
        let path_finds = self.jsonpath.as_ref().is_none_or(finds);
        (!path_finds).then_some("`$jsonpath` finds nothing")
    }
}

impl Matcher for MessageTests {
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, _: &mut Captures<'m>) -> bool {
        self.failing(incoming).is_none()
    }

    fn why_not(&self, incoming: &Incoming<'_>) -> Miss {
        Miss::new(0, self.failing(incoming).unwrap_or("it passes all tests"))
    }

    fn kind(&self) -> &'static str {
        "tests"
    }

    fn wants_json(&self) -> bool {
        self.json.is_some() || self.jsonpath.is_some()
    }
}

/// Holds when a shape does not, also when the member is missing.
#[derive(Debug)]
pub struct Not(pub Shape);

impl Operator for Not {
    fn holds(&self, value: Option<&Tree<'_>>) -> bool {
        !self.0.fits(value, &mut Captures::default())
    }

    fn describe(&self) -> String {
        format!("anything but {}", self.0)
    }
}
