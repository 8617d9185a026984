//! `loadModel` and `loadGw3` pass through here: models wait for `start`.

mod first_dialect;

use std::borrow::Cow;

use super::{Fault, Scene, suite};
use crate::request::Key;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    load(scene, "model")
}

/// Several models at once.
pub(super) fn run_suite(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    load(scene, "gw3")
}

fn load(scene: &mut Scene<'_, '_>, member: &str) -> Result<(), Fault> {
    let wrong = |reason: String| Fault::Failed(format!("Could not parse the model: {reason}"));
    let text = scene.request.object(member).map_err(wrong)?;
    // The fault is that of the first dialect, which has a key of its own.
    let is_reduced = member == "model"
        && scene.key == Key::Type
        && scene.conversation.service.options.bug_compatible;
    let text = if is_reduced {
        Cow::Owned(first_dialect::reduce(text).map_err(wrong)?)
    } else {
        Cow::Borrowed(text)
    };
    let mut found = suite::read(&text, &mut scene.conversation.random).map_err(wrong)?;
    suite::weigh(scene, &found)?;
    let mut all = scene.conversation.loaded.clone();
    all.append(&mut found.models);
    suite::bound(&all)?;
    scene.conversation.loaded = all;
    scene.succeed();
    Ok(())
}
