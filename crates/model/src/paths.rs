//! Several walks through the same models pass through here: one after the other from one seed, or as few as cover all edges.
//!
//! Each path is a machine of its own that begins at the start, with variables as they are in the beginning.

mod cover;
mod plan;

use crate::JavaRandom;
pub use cover::{Covering, Path};
pub use plan::{Cover, CoverError, cover};

/// The seeds of several walks from one: the first is the seed itself, so that the first walk is the one that there would
/// be without the others.
pub fn seeds(seed: i64) -> impl Iterator<Item = i64> {
    let mut random = JavaRandom::new(seed);
    let draw = move || i64::from(random.int()) << 32 | i64::from(random.int().cast_unsigned());
    std::iter::once(seed).chain(std::iter::repeat_with(draw))
}
