//! `getModel` passes through here: the models as they stand, as the text of their file.

use std::sync::Arc;

use sockeye_model::Suite;
use sockeye_model::json::{self, Scope};

use super::{Fault, Scene, editor};
use crate::profile::Protocol;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    if scene.protocol == Protocol::Editor || scene.request.has("modelId") {
        return editor::models::get(scene);
    }
    let suite: Arc<Suite> = match scene.conversation.played() {
        Some(card) => Arc::clone(&card.suite),
        None => Arc::new(scene.walk()?.machine.models()),
    };
    let text = json::write(&suite, Scope::Reference);
    scene.succeed().text("models", &text);
    Ok(())
}
