//! Tours over all edges pass through here: what has to be repeated, in which order it is walked, and why it cannot be.

mod circuit;
mod flow;
mod parts;

pub(crate) use circuit::circuit;
pub(crate) use flow::Net;
pub(crate) use parts::{Torn, torn};
