//! `restart` passes through here: up to 3.3 everything is forgotten, later the walk begins anew with the same seed.

use super::{Fault, Scene};
use crate::profile::Protocol;
use crate::request::Key;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    if scene.key == Key::Type {
        scene.conversation.end_walk();
        scene.conversation.loaded.clear();
    } else if scene.conversation.walk.is_some() || scene.protocol != Protocol::Editor {
        scene.walk()?.restart()?;
    }
    scene.conversation.due = None;
    scene.succeed();
    Ok(())
}
