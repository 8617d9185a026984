//! `getModel` passes through here: the models as they stand, as the text of their file.

use std::sync::Arc;

use sockeye_model::Suite;
use sockeye_model::json::object::{Escapes, Object};
use sockeye_model::json::{self, Scope};

use super::{Fault, Scene, editor};
use crate::profile::Protocol;
use crate::reply::quote;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    if scene.protocol == Protocol::Editor || scene.request.has("modelId") {
        return editor::models::get(scene);
    }
    let text = json::write(&*models(scene)?, Scope::Reference);
    scene.succeed().text("models", &text);
    Ok(())
}

/// `getGW3`: each model as a text, as the server of 3.4 told those who watched a running test.
pub(super) fn run_texts(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let suite = models(scene)?;
    scene.succeed().with("gw3", |out| {
        Object::write(out, Escapes::Message, |object| {
            object.text("name", "WebSocketListner");
            object.array("models", &suite.models, |out, model| {
                let mut text = String::new();
                json::write_model(&mut text, model);
                quote(out, &text);
            });
        });
    });
    Ok(())
}

/// The models that are walked, or that a running test walks.
fn models(scene: &mut Scene<'_, '_>) -> Result<Arc<Suite>, Fault> {
    Ok(match scene.conversation.played() {
        Some(card) => Arc::clone(&card.suite),
        None => Arc::new(scene.walk()?.machine.models()),
    })
}
