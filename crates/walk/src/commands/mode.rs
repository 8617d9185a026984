//! `mode` passes through here: does this connection walk, or does it watch a running test?

use super::{Fault, Scene};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let mode = match scene.conversation.playback {
        Some(_) => "PLAYBACK",
        None => "EDITOR",
    };
    scene
        .succeed()
        .text("mode", mode)
        .text("version", env!("CARGO_PKG_VERSION"));
    Ok(())
}
