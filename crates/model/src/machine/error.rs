//! Everything that can keep a walk from its next step passes through here, in the words that clients know.

use sockeye_script::js::ScopeError;
use thiserror::Error;

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
    #[error(
        "no path from {0} goes over all edges, because some ways have no way back: add edges, or use quick_random"
    )]
    NoTour(Named),
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
    Guard(ScopeError, Named),
    /// An action threw.
    #[error(transparent)]
    Action(ScopeError),
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
