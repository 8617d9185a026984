//! What an answer is about: the message it answers, or the time that has come.

use crate::incoming::Incoming;
use crate::json::Tree;
use crate::matcher::Captures;

/// What templates can refer to beside the connection. Nothing is there by default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Occasion<'a, 'm, 'c> {
    /// The message that is answered.
    pub(crate) incoming: Option<&'a Incoming<'m>>,
    /// What the rule's pattern caught from it.
    pub(crate) captures: Option<&'a Captures<'c>>,
    /// The number of a scheduled message, from 1.
    pub(crate) sequence: Option<u64>,
    /// The call that is answered.
    pub(crate) call: Option<Call<'a>>,
}

impl<'a, 'm, 'c> Occasion<'a, 'm, 'c> {
    /// A message and what a rule's pattern caught from it.
    pub(crate) fn of(incoming: &'a Incoming<'m>, captures: &'a Captures<'c>) -> Self {
        Self {
            incoming: Some(incoming),
            captures: Some(captures),
            ..Self::default()
        }
    }
}

/// A JSON-RPC call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) method: &'a str,
    pub(crate) params: Option<&'a Tree<'a>>,
    pub(crate) id: Option<&'a Tree<'a>>,
}
