//! Where things go on when a script has ended: a rule, a step, a timer, the moment a connection opened.

use std::sync::Arc;

use tokio::time::Instant;

use super::Handler;
use crate::agenda::{Beat, Later};
use crate::jsonrpc::Progress;

/// A script is to be run, and this is where to go on afterwards.
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) handler: Arc<Handler>,
    pub(crate) cursor: Cursor,
}

impl Ask {
    pub(crate) fn new(handler: &Arc<Handler>, cursor: Cursor) -> Self {
        Self {
            handler: Arc::clone(handler),
            cursor,
        }
    }
}

/// Where to go on.
#[derive(Debug)]
pub(crate) enum Cursor {
    /// Nowhere: the script was all.
    End,
    /// With a rule, if its condition holds.
    When(At),
    /// With the acts of a rule.
    Rule(At),
    /// With what is done when a connection opens.
    Opening {
        /// The next act.
        act: usize,
    },
    /// With the step after this one.
    Step(Steps),
    /// With the requests behind a JSON-RPC call.
    Call(Progress),
    /// With a message on its way to the server behind, or what the script made of it.
    Incoming,
    /// With a message on its way from there.
    Outgoing,
    /// With a scheduled message, if its condition holds.
    Timer(Beat),
}

/// A place in a list of rules.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct At {
    /// The rule, from 0.
    pub(crate) rule: usize,
    pub(crate) stage: Stage,
    /// Whether some rule has answered already.
    pub(crate) answered: bool,
}

/// How far a rule has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It is to be tried.
    #[default]
    Try,
    /// It holds.
    Holds,
    /// The next of its acts.
    Act(usize),
}

impl At {
    /// The same, or at the start of another rule.
    pub(crate) fn moved_to(self, rule: usize) -> Self {
        if self.rule == rule {
            return self;
        }
        Self {
            rule,
            stage: Stage::Try,
            ..self
        }
    }

    /// The rule answers: gives the act to go on with.
    pub(crate) fn begin(&mut self) -> usize {
        self.answered = true;
        match self.stage {
            Stage::Try | Stage::Holds => 0,
            Stage::Act(next) => next,
        }
    }

    /// Behind an act of the rule.
    pub(crate) fn behind(self, act: usize) -> Self {
        Self {
            stage: Stage::Act(act + 1),
            ..self
        }
    }

    /// At a rule whose condition holds, or behind it.
    pub(crate) fn decided(self, holds: bool) -> Self {
        if holds {
            let stage = Stage::Holds;
            return Self { stage, ..self };
        }
        Self {
            rule: self.rule + 1,
            stage: Stage::Try,
            ..self
        }
    }
}

/// Some steps of which one is being done.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) list: Arc<[Later]>,
    /// Which one.
    pub(crate) at: usize,
    /// When it was due.
    pub(crate) due: Instant,
}
