//! Whole models are added, shown, changed and removed here.

use std::borrow::Cow;

use sockeye_model::plan::Plan;
use sockeye_model::{Model, json};

use super::{Fault, Scene, changed, missing, model, room, tell_findings};
use crate::commands::suite;
use crate::request::Key;

/// `addModel` and `newModel`: an empty model with an id, or, as in the very first days, one that is described.
pub(in crate::commands) fn add(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    room(scene)?;
    let added = if scene.request.has("model") {
        described(scene)?
    } else {
        Model {
            id: named(scene)?.into(),
            ..Model::default()
        }
    };
    let (id, text) = shown(&added);
    scene.conversation.loaded.push(added);
    if let Err(reason) = suite::bound(&scene.conversation.loaded) {
        scene.conversation.loaded.pop();
        return Err(Fault::Failed(reason));
    }
    if scene.key == Key::Command {
        tell_findings(scene);
        scene.succeed().text("model", &text);
    } else {
        scene.succeed().text("modelId", &id).text("model", &text);
    }
    Ok(())
}

fn described(scene: &mut Scene<'_, '_>) -> Result<Model, Fault> {
    let text = scene.request.object("model")?;
    let mut suite = suite::read(text, &mut scene.conversation.random)?;
    suite::weigh(scene, &suite)?;
    let found = suite.models.pop();
    found.ok_or_else(|| Fault::Failed(json::NOT_A_MODEL.to_owned()))
}

/// The id of a model that is added or removed.
fn named<'s>(scene: &'s Scene<'_, '_>) -> Result<Cow<'s, str>, Fault> {
    let id = scene.request.text("id");
    Ok(id.or_else(|_| scene.request.text("modelId"))?)
}

/// `removeModel`.
pub(in crate::commands) fn remove(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = named(scene)?.into_owned();
    let models = &mut scene.conversation.loaded;
    let before = models.len();
    models.retain(|model| *model.id != *id);
    if models.len() == before {
        return Err(missing("a model", &id));
    }
    changed(scene, None);
    Ok(())
}

/// `getModel` of the editor: one model, as text.
pub(in crate::commands) fn get(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let (id, text) = shown(model(scene, "modelId")?);
    scene.succeed().text("modelId", &id).text("model", &text);
    Ok(())
}

/// A model's id and its text, with the canonical form of its generator.
fn shown(model: &Model) -> (Box<str>, String) {
    let mut model = model.clone();
    if let Some(Ok(plan)) = model.generator.as_deref().map(Plan::parse) {
        model.generator = Some(plan.to_string().into());
    }
    let mut text = String::new();
    json::write_model(&mut text, &model);
    (model.id, text)
}

/// `setGenerator`.
pub(in crate::commands) fn set_generator(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.text("generator")?.into_owned();
    Plan::parse(&text)
        .map_err(|error| Fault::Failed(format!("Could not set the path generator: {error}")))?;
    model(scene, "modelId")?.generator = Some(text.into());
    changed(scene, None);
    Ok(())
}

/// `setNextElement`: where the walk begins.
pub(in crate::commands) fn set_next(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("nextElementId")?.into_owned();
    let found = model(scene, "modelId")?;
    let element = found.find(&id).ok_or_else(|| missing("an element", &id))?;
    found.start = Some(element);
    changed(scene, None);
    Ok(())
}
