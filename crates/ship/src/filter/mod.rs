//! Records pass through filters here.

use std::fmt::Debug;

/// Changes records.
pub trait Filter: Send + Debug {
    /// Appends what is left of `records` to `out`.
    fn apply(&mut self, tag: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered;
}

/// What a filter did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filtered {
    /// Nothing; `out` is untouched.
    Unchanged,
    /// `out` has so many records.
    Changed {
        /// How many.
        records: u32,
    },
}
