//! The ways a rule can look at a message. One file each; a rule holds one of them.

pub mod any;
pub mod discriminator;
pub mod operator;
pub mod regex;
pub mod shape;

use std::borrow::Cow;
use std::fmt::Debug;

use sockeye_script::template::Step;

use crate::incoming::Incoming;
use crate::json::Tree;

/// Looks at messages. Immutable and shared by all threads.
pub trait Matcher: Debug + Send + Sync {
    /// Whether the message is one for this rule. What the rule's holes and groups caught is left in
    /// `captures`, which is empty before.
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, captures: &mut Captures<'m>) -> bool;

    /// Why [`Self::matches`] said no.
    fn why_not(&self, incoming: &Incoming<'_>) -> Miss;

    /// What kind of matcher the pattern was taken for: `JSON template`, `regex`, `text` ...
    fn kind(&self) -> &'static str;

    /// Whether it looks at messages as JSON.
    fn wants_json(&self) -> bool;

    /// Whether it takes every message and catches nothing.
    fn takes_all(&self) -> bool {
        false
    }

    /// A top-level member that a message must have with exactly this text.
    fn required_member(&self) -> Option<(&str, &str)> {
        None
    }
}

/// Why a rule does not answer a message, and how near it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// How many conditions did hold before one did not.
    pub held: usize,
    /// The first condition that did not hold, in words.
    pub reason: String,
}

impl Miss {
    pub(crate) fn new(held: usize, reason: impl Into<String>) -> Self {
        Self {
            held,
            reason: reason.into(),
        }
    }
}

/// What a rule's pattern caught from a message.
#[derive(Debug, Default)]
pub struct Captures<'m> {
    /// Values that holes of a JSON template stand for, by the name of the hole.
    pub holes: Vec<(&'m [Step], Cow<'m, Tree<'m>>)>,
    /// Named groups of a regex.
    pub groups: Vec<(&'m str, &'m str)>,
}

impl Captures<'_> {
    /// Forgets what a rule caught that did not match after all.
    pub(crate) fn clear(&mut self) {
        self.holes.clear();
        self.groups.clear();
    }
}
