//! `loadModel` and `loadGw3` pass through here: models wait for `start`.

use super::{Fault, Scene, suite};
use crate::profile::Protocol;
use crate::request::{Key, Request};

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
    let is_bare = member == "model" && scene.key == Key::Type;
    if is_bare && scene.conversation.service.options.bug_compatible {
        complete(text).map_err(wrong)?;
    }
    let mut found = suite::read(text, &mut scene.conversation.random).map_err(wrong)?;
    suite::weigh(scene, &found)?;
    let is_first_dialect = scene.key == Key::Type || scene.protocol == Protocol::Editor;
    if scene.conversation.service.options.bug_compatible && is_first_dialect {
        // The reference counts vertices where it reads actions, and reads no guards.
        for model in &mut found.models {
            let most = model.vertices.len();
            for edge in &mut model.edges {
                let kept = edge.actions.iter().take(most).cloned();
                edge.actions = kept.collect();
                edge.guard = None;
            }
        }
    }
    let mut all = scene.conversation.loaded.clone();
    all.append(&mut found.models);
    suite::bound(&all)?;
    scene.conversation.loaded = all;
    scene.succeed();
    Ok(())
}

/// Whether a model has all that 3.2 and 3.3 ask for.
fn complete(text: &str) -> Result<(), String> {
    let model = Request::read(text)?;
    let mut asked = ["name", "generator", "vertices", "edges"].into_iter();
    match asked.find(|name| !model.has(name)) {
        Some(name) => Err(format!("JSONObject[\"{name}\"] not found.")),
        None => Ok(()),
    }
}
