//! `getStatistics` passes through here: what was covered, with the members of the REST service.

use super::{Fault, Scene};
use crate::state;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    scene.walk()?;
    let spelling = scene.protocol.spells(scene.name);
    let Scene {
        conversation,
        replies,
        key,
        ..
    } = scene;
    if let Some(walk) = &conversation.walk {
        let mut object = replies.object();
        object.text(key.name(), spelling).truth("success", true);
        state::statistics(&walk.machine, &mut object);
    }
    Ok(())
}
