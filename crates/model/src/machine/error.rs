//! Everything that can keep a walk from its next step passes through here, in the words that clients know.

use std::fmt;

use sockeye_script::js::ScopeError;
use thiserror::Error;

use super::Spot;
use crate::graph::Named;
use crate::plan::PlanError;

/// Why a machine could not be made or could not go on.
///
/// Texts that the reference has are repeated to the letter, with the names of its classes where it sends them.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WalkError {
    /// A generator text means nothing.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// No model has a start element.
    #[error("No start context found")]
    NoStartModel,
    /// No model that has more steps can be begun.
    #[error("No start element defined")]
    NoStartElement,
    /// A model without a generator.
    #[error("No path generator is defined")]
    NoGenerator,
    /// A condition names a vertex that the model does not have.
    #[error("Vertex [{0}] not found")]
    NoVertex(Box<str>),
    /// A condition names an edge that the model does not have.
    #[error("Edge [{0}] not found")]
    NoEdge(Box<str>),
    /// A condition names a shared state that the model does not have.
    #[error("Shared state not found")]
    NoSharedState(Box<str>),
    /// Nothing open leads on.
    #[error(
        "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: {0}"
    )]
    NoPath(Named),
    /// A search is stuck where no way is open, or an Euler path has a wrong beginning.
    #[error("org.graphwalker.core.algorithm.AlgorithmException")]
    Stuck(Named),
    /// No path goes once over each edge.
    #[error(
        "org.graphwalker.core.algorithm.AlgorithmException: The model is not eulerian or semi eulerian, no single path \
         can cover the entire graph"
    )]
    NotEulerian,
    /// No path goes over each edge, however often edges are repeated.
    #[error(transparent)]
    Torn(Box<TornError>),
    /// A tour has come to its end, and its stop condition is not fulfilled.
    #[error(transparent)]
    TourOver(Box<LeftOut>),
    /// The next edge of a tour is closed.
    #[error(
        "the tour goes on over {0}, but its guard is false: change the variables it looks at, or use quick_random, which \
         looks for another way"
    )]
    ClosedOnTour(Named),
    /// A step was asked for that cannot follow.
    #[error(
        "{to} cannot follow here: choose an element that is open and next to where the walk is"
    )]
    NotNext {
        /// What was asked for.
        to: Named,
    },
    /// The path that was worked out has come to its end.
    #[error("java.util.NoSuchElementException")]
    UsedUp,
    /// Weights of open edges are more than 1 together.
    #[error(
        "org.graphwalker.core.machine.MachineException: The sum of all weights in edges from vertex: '{0}', adds up to \
         more than 1.00"
    )]
    Weights(Box<str>),
    /// Weights of open edges are too small together, and chance hit the gap.
    #[error(
        "org.graphwalker.core.machine.MachineException: Could not calculate which weighted edge to choose from vertex: \
         {0}'"
    )]
    NoWeight(Box<str>),
    /// A guard threw or gave no truth.
    #[error("{}", guard_text(.0))]
    Guard(ScopeError, Box<Spot>),
    /// An action threw, or a script that a client sent, which hangs nowhere.
    #[error("{0}")]
    Action(ScopeError, Option<Box<Spot>>),
    /// No target can be reached from here.
    #[error(
        "none of the targets can be reached from {from}: add an edge that leads there, or choose another target"
    )]
    Unreachable {
        /// Where the walk is.
        from: Named,
    },
    /// A search walks in circles.
    #[error(
        "quick_random finds no way to {missing} and {others} more: nothing new was reached in {steps} steps; open a \
         guard on the way, or stop at a smaller coverage"
    )]
    Livelock {
        /// One element that was not reached.
        missing: Named,
        /// How many others were not.
        others: usize,
        /// The steps without anything new.
        steps: u64,
    },
}

/// At which edges every tour is torn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornError {
    /// Where the tour begins.
    pub from: Named,
    /// An edge that leads out of a part of the graph that no way leads back to.
    pub first: Named,
    /// Another one; none if a closed tour cannot come back.
    pub second: Option<Named>,
    /// From where to where an edge would mend it.
    pub bridge: [Named; 2],
}

impl fmt::Display for TornError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, first, [begin, end]) = (&self.from, &self.first, &self.bridge);
        match &self.second {
            Some(second) => write!(
                f,
                "no tour from {from} goes over all edges: whichever of {first} and {second} comes first, no way leads \
                 back to the other; add an edge from {begin} to {end}, or cover the edges with several paths"
            ),
            None => write!(
                f,
                "no tour comes back to {from}: {first} leads away, and nothing leads back; add a way from {begin} to \
                 {end}, or let the tour end anywhere: `tour(open)`"
            ),
        }
    }
}

impl std::error::Error for TornError {}

/// What a tour could not do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it has ended.
    pub at: Named,
    /// An edge that no way leads to, if there is one.
    pub first: Option<Named>,
    /// How many others there are.
    pub others: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, first, others } = self;
        match first {
            Some(first) => write!(
                f,
                "the tour is over at {at}, and no way led to {first} and {others} more: add edges that lead there, or stop \
                 at a smaller coverage"
            ),
            None => write!(
                f,
                "the tour is over at {at}, and its stop condition is not fulfilled: stop at `tour(open)` or \
                 `edge_coverage(100)`"
            ),
        }
    }
}

impl std::error::Error for LeftOut {}

impl WalkError {
    /// The text, and where the script hangs if it was one of the model's: the reference does not tell.
    pub fn explained(&self) -> String {
        match self {
            Self::Guard(_, spot) => format!("{self}; it is the guard {spot}"),
            Self::Action(_, Some(spot)) => format!("{self}; it is the action {spot}"),
            _ => self.to_string(),
        }
    }

    /// What a script that hangs nowhere has thrown.
    pub(super) fn loose(error: ScopeError) -> Self {
        Self::Action(error, None)
    }
}

fn guard_text(error: &ScopeError) -> String {
    match error {
        ScopeError::Thrown(text) => format!("org.graalvm.polyglot.PolyglotException: {text}"),
        ScopeError::NotBoolean(shown) if shown == "null" || shown == "undefined" => {
            format!("java.lang.NullPointerException: {error}")
        }
        ScopeError::NotBoolean(_) => format!("java.lang.ClassCastException: {error}"),
        other => other.to_string(),
    }
}
