//! Every data message, text or binary.

use super::{Captures, Matcher, Miss};
use crate::incoming::Incoming;

/// Matches everything: a rule without `match`, or with `match: "*"`.
#[derive(Debug)]
pub struct AnyMessage;

impl Matcher for AnyMessage {
    fn matches<'m>(&'m self, _: &'m Incoming<'_>, _: &mut Captures<'m>) -> bool {
        true
    }

    fn why_not(&self, _: &Incoming<'_>) -> Miss {
        Miss::new(0, "it matches every message")
    }

    fn kind(&self) -> &'static str {
        "any message"
    }

    fn wants_json(&self) -> bool {
        false
    }

    fn takes_all(&self) -> bool {
        true
    }
}
