//! Every random decision passes through here: one small generator, seedable, forked per connection.

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};

/// A small, fast random generator (32 bytes). Not for secrets.
///
/// The same seed gives the same values, on every machine of the same word size.
#[derive(Debug)]
pub struct Random(SmallRng);

impl Random {
    /// A generator that starts at `seed`.
    pub fn seeded(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    /// A generator that starts somewhere the operating system chose.
    pub fn from_os() -> Self {
        Self(rand::make_rng())
    }

    /// The generator of stream number `stream` of a run that was started with `seed`:
    /// connection 7 draws the same values whatever the other connections do.
    pub fn stream(seed: u64, stream: u64) -> Self {
        // SplitMix64's increment keeps neighbouring streams apart.
        Self::seeded(seed ^ stream.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.random()
    }

    /// A number in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// A whole number between `low` and `high`, both included, in whichever order they come.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low.min(high)..=low.max(high))
    }

    /// The generator itself, for libraries that draw from one.
    pub fn generator(&mut self) -> &mut SmallRng {
        &mut self.0
    }
}
