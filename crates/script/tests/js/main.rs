//! Scripts as their users see them: text and messages in, outcomes out.
#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

mod calls;
mod engine;
mod escapes;
mod guide;
mod hostile;
mod mistakes;
mod names;
mod replay;
mod returns;
mod traps;
mod world;
