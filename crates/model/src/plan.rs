//! The text of a generator passes through here: `random(edge_coverage(100))` in, stages with their conditions out.

mod lexer;
mod names;
mod parser;

use std::fmt;

use thiserror::Error;

pub use names::{condition_names, generator_names};

/// What a generator text means: stages that follow one another.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// At least one.
    pub stages: Vec<Stage>,
    /// Characters that mean nothing and were left out, with their byte in the text.
    pub dropped: Vec<(usize, char)>,
}

/// A generator that runs until its condition is fulfilled.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// How the next element is chosen.
    pub generator: Generator,
    /// When to stop.
    pub condition: Condition,
}

/// How a walk chooses its next element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// Any open way, all alike.
    Random,
    /// Open ways by their weights.
    Weighted,
    /// Straight to one element after the other that was not visited.
    Quick,
    /// Straight to the nearest target of the condition.
    AStar,
    /// Once over each edge, if the graph allows it; the reference's order.
    Shortest,
    /// Once over each edge, in time proportional to the edges.
    NewShortest,
    /// Over each edge, repeating as few as possible.
    Postman,
    /// Along the model's own list of edges.
    Predefined,
}

/// What an element must be to be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A vertex of that name.
    Vertex,
    /// An edge of that name.
    Edge,
    /// A vertex with that shared state.
    Shared,
}

/// When a walk stops.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Percent of the edges.
    Edges(u32),
    /// Percent of the vertices.
    Vertices(u32),
    /// Percent of the requirements.
    Requirements(u32),
    /// All edges that are at least as important.
    Dependencies(u32),
    /// Steps of the whole machine.
    Length(u32),
    /// Seconds.
    Duration(u64),
    /// An element of one of these names.
    Reached(Kind, Vec<Box<str>>),
    /// It does not.
    Never,
    /// The predefined path has been walked.
    Predefined,
    /// The tour of a postman has come to its end; with `true` one that ends where it has begun.
    Tour(bool),
    /// All of these at the same time.
    All(Vec<Condition>),
    /// One of these.
    Any(Vec<Condition>),
}

/// Why a generator text means nothing. The texts are those of the reference, where it has one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// The text does not follow the grammar.
    #[error("The string '{0}' did not conform to GraphWalker syntax rules.")]
    Syntax(String),
    /// No generator has this name.
    #[error("No suitable generator found with name: {0} in classpath")]
    Generator(String),
    /// There is no generator in the text.
    #[error("No valid generator found.")]
    NoGenerator,
    /// No condition has this name.
    #[error("No valid stop condition found.")]
    Condition,
    /// The parameter is not a number, or too large.
    #[error("For input string: \"{0}\"")]
    Number(String),
    /// The parameter is negative.
    #[error("{0} cannot be negative")]
    Negative(&'static str),
    /// The condition needs a parameter.
    #[error("the stop condition `{name}` needs {what} in parentheses: write `{name}({example})`")]
    Parameter {
        /// The condition.
        name: String,
        /// What is missing.
        what: &'static str,
        /// An example of it.
        example: &'static str,
    },
    /// A predefined path cannot stop for anything else.
    #[error("PredefinedPath generator can only work with a PredefinedPathStopCondition instance")]
    NeedsPredefined,
    /// A tour is open or closed.
    #[error("a tour is `tour(open)` or `tour(closed)`, not `tour({0})`")]
    Tour(String),
    /// Only a postman makes a tour.
    #[error(
        "only the generator directed_chinese_postman ends with its `tour`: use it, or another stop condition"
    )]
    NeedsPostman,
    /// A search needs something to search for.
    #[error(
        "the generator a_star needs a single target: write `a_star(reached_vertex(name))`, or reached_edge or \
         reached_shared_state"
    )]
    NeedsTarget,
}

impl Plan {
    /// Parses a generator text. Names are compared without case.
    pub fn parse(text: &str) -> Result<Self, PlanError> {
        parser::parse(text)
    }
}

impl Condition {
    /// The member that asks for a tour, or the condition itself: whether the tour is closed.
    pub(crate) fn tour(&self) -> Option<bool> {
        match self {
            Self::Tour(closed) => Some(*closed),
            Self::All(members) | Self::Any(members) => members.iter().filter_map(Self::tour).max(),
            _ => None,
        }
    }
}

/// The canonical text: class names, all parentheses.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, stage) in self.stages.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            let name = names::canonical(stage.generator);
            write!(f, "{name}({})", stage.condition)?;
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edges(percent) => write!(f, "EdgeCoverage({percent})"),
            Self::Vertices(percent) => write!(f, "VertexCoverage({percent})"),
            Self::Requirements(percent) => write!(f, "RequirementCoverage({percent})"),
            Self::Dependencies(percent) => write!(f, "DependencyEdgeCoverage({percent})"),
            Self::Length(steps) => write!(f, "Length({steps})"),
            Self::Duration(seconds) => write!(f, "TimeDuration({seconds})"),
            Self::Reached(Kind::Vertex, names) => reached(f, "ReachedVertex", names),
            Self::Reached(Kind::Edge, names) => reached(f, "ReachedEdge", names),
            Self::Reached(Kind::Shared, names) => reached(f, "ReachedSharedState", names),
            Self::Never => f.write_str("Never()"),
            Self::Predefined => f.write_str("PredefinedPathStopCondition(PredefinedPath)"),
            Self::Tour(true) => f.write_str("Tour(closed)"),
            Self::Tour(false) => f.write_str("Tour(open)"),
            Self::All(members) => joined(f, members, " AND "),
            Self::Any(members) => joined(f, members, " OR "),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, members: &[Condition], word: &str) -> fmt::Result {
    if let [only] = members {
        return fmt::Display::fmt(only, f);
    }
    for (at, member) in members.iter().enumerate() {
        f.write_str(if at == 0 { "(" } else { word })?;
        fmt::Display::fmt(member, f)?;
    }
    f.write_str(")")
}

/// Names with characters outside of the grammar's words are quoted, so that the text can be read back.
fn reached(f: &mut fmt::Formatter<'_>, name: &str, targets: &[Box<str>]) -> fmt::Result {
    write!(f, "{name}(")?;
    for (at, target) in targets.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        if lexer::is_word(target) {
            write!(f, "{comma}{target}")?;
        } else {
            write!(f, "{comma}\"{target}\"")?;
        }
    }
    f.write_str(")")
}
