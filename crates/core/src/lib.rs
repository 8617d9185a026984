//! What every other crate stands on: time, randomness, mistakes with a place and a remedy, documents, secrets.
//!
//! Nothing here knows about sockets or WebSocket. The clock and the random source are values that are
//! passed in, so that tests fix the time and `--seed` makes a whole run repeatable.

mod clock;
pub mod document;
mod mistake;
mod random;
mod redact;
pub mod secrets;
mod source;

pub use clock::{Clock, Hands};
pub use jiff::Timestamp;
pub use jiff::civil::Date;
pub use mistake::{Mistake, Mistakes, SHOWN_MISTAKES, Severity, nearest, quoted};
pub use random::Random;
pub use redact::{RedactionRules, Redactor, RuleMistake};
pub use source::{Place, Source};
