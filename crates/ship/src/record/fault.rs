//! What may be wrong with the bytes of a record.

use thiserror::Error;

/// Why bytes are not msgpack, or not a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The bytes end inside a value; with more of them it may be whole.
    #[error("the bytes end in the middle of a value")]
    Incomplete,
    /// The byte `c1`, which msgpack never uses.
    #[error("the byte c1 is not msgpack (at byte {0})")]
    Unused(usize),
    /// Nested deeper than [`super::MOST_DEPTH`].
    #[error("nested deeper than {} levels", super::MOST_DEPTH)]
    TooDeep,
    /// A value that is not an array of two where a record should be.
    #[error("not a record: {0} where `[time, map]` or `[[time, metadata], map]` should be")]
    NotARecord(&'static str),
    /// A time that is neither an `EventTime`, an integer nor a float.
    #[error("not a time: {0}")]
    NotATime(&'static str),
    /// A body or metadata that is not a map.
    #[error("{0} where a map should be")]
    NotAMap(&'static str),
}
