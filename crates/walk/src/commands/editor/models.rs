//! Whole models are added, shown, changed and removed here.

use sockeye_model::json::{self, Scope};
use sockeye_model::plan::Plan;
use sockeye_model::{Model, Suite};

use super::{Fault, Scene, changed, missing, model, room};
use crate::commands::suite;

/// `addModel` and `newModel`: an empty model with an id.
pub(in crate::commands) fn add(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    room(scene)?;
    let id = scene
        .request
        .text("id")
        .or_else(|_| scene.request.text("modelId"))?;
    let added = Model {
        id: id.as_ref().into(),
        ..Model::default()
    };
    scene.conversation.loaded.push(added);
    changed(scene);
    Ok(())
}

/// `removeModel`.
pub(in crate::commands) fn remove(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene
        .request
        .text("id")
        .or_else(|_| scene.request.text("modelId"))?;
    let models = &mut scene.conversation.loaded;
    let before = models.len();
    models.retain(|model| *model.id != *id);
    if models.len() == before {
        return Err(missing("a model", &id));
    }
    changed(scene);
    Ok(())
}

/// `getModel` of the editor: one model, as text.
pub(in crate::commands) fn get(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let mut shown = model(scene, "modelId")?.clone();
    if let Some(Ok(plan)) = shown.generator.as_deref().map(Plan::parse) {
        shown.generator = Some(plan.to_string().into());
    }
    let id = shown.id.clone();
    let suite = Suite {
        models: vec![shown],
        ..Suite::default()
    };
    let text = json::write(&suite, Scope::Reference);
    let inner = text
        .strip_prefix("{\"models\":[")
        .and_then(|text| text.strip_suffix("]}"));
    let inner = inner.unwrap_or(&text);
    scene.succeed().text("modelId", &id).text("model", inner);
    Ok(())
}

/// `setGenerator`.
pub(in crate::commands) fn set_generator(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.text("generator")?.into_owned();
    Plan::parse(&text)
        .map_err(|error| Fault::Failed(format!("Could not set the path generator: {error}")))?;
    model(scene, "modelId")?.generator = Some(text.into());
    changed(scene);
    Ok(())
}

/// `setNextElement`: where the walk begins.
pub(in crate::commands) fn set_next(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("nextElementId")?.into_owned();
    let found = model(scene, "modelId")?;
    let element = found.find(&id).ok_or_else(|| missing("an element", &id))?;
    found.start = Some(element);
    changed(scene);
    Ok(())
}

/// The one model in which an element is described as a file would.
pub(super) fn described(scene: &mut Scene<'_, '_>, text: &str) -> Result<Model, Fault> {
    let mut found = suite::read(text, &mut scene.conversation.random)?;
    found
        .models
        .pop()
        .ok_or_else(|| Fault::Failed(json::NOT_A_MODEL.to_owned()))
}
