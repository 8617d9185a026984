//! `mode` passes through here: does this connection walk, or does it watch a running test?

use super::{Fault, Scene};

/// The version of the reference that is followed, and ours.
const VERSION: &str = concat!("4.3.4-sockeye-", env!("CARGO_PKG_VERSION"));

#[expect(clippy::unnecessary_wraps, reason = "the table wants it")]
pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let mode = match scene.conversation.playback {
        Some(_) => "PLAYBACK",
        None => "EDITOR",
    };
    scene.succeed().text("mode", mode).text("version", VERSION);
    Ok(())
}
