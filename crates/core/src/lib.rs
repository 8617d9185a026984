//! What every other crate stands on: time, randomness, mistakes with a place and a remedy, documents.
//!
//! Nothing here knows about sockets or WebSocket. The clock and the random source are values that are
//! passed in, so that tests fix the time and `--seed` makes a whole run repeatable.

mod clock;
mod random;

pub use clock::Clock;
pub use jiff::Timestamp;
pub use random::Random;
