//! Graphs come in and steps go out here: model formats, generators, stop conditions, the machine, the checker.
//!
//! ```text
//! text ──json, graphml, dot──> Suite ──> Machine ──step──> Step
//!                                │          ^
//!                              check     JavaRandom, scripts
//! ```
//!
//! Nothing here knows a socket, a file or a clock: whoever owns a [`Machine`](machine::Machine) gives it a seed and tells it
//! how much time has passed. The same models, seed and calls give the same walk, element for element.

pub mod blocked;
pub mod check;
mod condition;
pub mod dot;
mod drawing;
mod generator;
pub mod graph;
pub mod graphml;
pub mod java;
pub mod json;
mod label;
pub mod line;
pub mod machine;
pub mod paths;
pub mod plan;
mod problem;
mod random;
mod topology;
mod tour;

pub use drawing::DrawingError;
pub use graph::{Edge, Element, End, Model, Suite, Vertex};
pub use problem::FormatError;
pub use random::JavaRandom;
