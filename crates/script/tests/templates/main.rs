//! Templates as their users see them: text in, text or mistakes out.
#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod contract;
mod determinism;
mod documents;
mod filters;
mod helpers;
mod limits;
mod mistakes;
mod properties;
mod tags;
mod world;
