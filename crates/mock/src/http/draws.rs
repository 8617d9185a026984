//! What chance decides for the requests to one place of a file is drawn here.

use std::sync::{Mutex, OnceLock, PoisonError};

use sockeye_core::{Place, Random};

use crate::world::World;

/// The generators of the requests to one place, one for each.
#[derive(Debug)]
pub(crate) struct Draws {
    /// Connections count upwards from 1; places take the other end.
    stream: u64,
    /// Made with the first request, because the seed is not known before.
    shared: OnceLock<Mutex<Random>>,
}

impl Draws {
    /// Those of the item at `place`.
    pub(crate) fn of(place: &Place) -> Self {
        let start = u64::try_from(place.span().start).unwrap_or_default();
        Self {
            stream: u64::MAX - start,
            shared: OnceLock::new(),
        }
    }

    /// The generator of one request. With a seed, the k-th request to a place draws the same values
    /// in every run, whatever other places are asked.
    pub(crate) fn next(&self, world: &World) -> Random {
        let shared = self
            .shared
            .get_or_init(|| Mutex::new(world.random(self.stream)));
        Random::seeded(shared.lock().unwrap_or_else(PoisonError::into_inner).bits())
    }
}
