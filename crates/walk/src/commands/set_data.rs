//! `setData` passes through here: a script runs as an action of the current model.

use super::{Fault, Scene};
use crate::plain::is_plain;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    scene.walk()?;
    let script = scene.request.text("action")?.into_owned();
    if scene.conversation.is_light && !is_plain(&script) {
        return Err(Fault::Elsewhere);
    }
    scene.walk()?.set_data(&script)?;
    scene.succeed();
    Ok(())
}
