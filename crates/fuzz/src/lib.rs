//! Inputs that nobody would send: a corpus is replayed, and changed at random, against a reader of bytes or texts.
//!
//! Only tests depend on this crate. A target is a file of inputs and a function that judges one; the function panics
//! when something does not hold that must. What is changed and how follows from a seed, so that every run is the
//! same. `SOCKEYE_FUZZ_INPUTS` says how many changed inputs each target gets (what the target says without it),
//! `SOCKEYE_FUZZ_SEED` which (1 without it): `scripts/fuzz` runs many.

mod chance;
mod corpus;
mod target;
mod watch;

pub use corpus::{bytes, files, lines, texts};
pub use target::Target;
