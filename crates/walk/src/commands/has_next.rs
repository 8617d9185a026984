//! `hasNext` passes through here: are there more steps? Models that have come to their end are completed by the question.

use super::{Fault, Scene};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let has_next = scene.walk()?.has_next()?;
    scene.succeed().truth("hasNext", has_next);
    Ok(())
}
