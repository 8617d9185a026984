//! The operations of `shared` pass through here, on their way to a store and back.

use std::time::Duration;

use serde_json::Value;

/// One operation on the state that all connections share.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// The value, or `null`.
    Get {
        /// The key.
        key: String,
    },
    /// Stores a value; answers `true`.
    Set {
        /// The key.
        key: String,
        /// The value.
        value: Value,
        /// How long it is kept; without it, for ever.
        ttl: Option<Duration>,
    },
    /// Adds to an integer, where a missing key counts as 0; answers the new number. Atomic.
    Incr {
        /// The key.
        key: String,
        /// What is added; negative for `decr`.
        by: i64,
    },
    /// Removes a key; answers whether there was one.
    Del {
        /// The key.
        key: String,
    },
    /// Whether there is such a key.
    Exists {
        /// The key.
        key: String,
    },
    /// The keys that match a glob of `*` and `?`, sorted.
    Keys {
        /// The glob.
        glob: String,
    },
}

/// Takes the answer of an [`Operation`]; an error text becomes a rejected promise. Dropping it instead lets the
/// script run into its time limit.
pub type Reply = Box<dyn FnOnce(Result<Value, String>) + Send>;

/// The state that all connections share.
pub trait SharedStore: Send + Sync {
    /// Starts an operation and returns at once; `reply` is called once, on any thread.
    fn run(&self, operation: Operation, reply: Reply);
}
