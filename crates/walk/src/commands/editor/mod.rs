//! The editor of 2015 passes through here: models are made and changed piece by piece before `start`.
//!
//! Each change is followed by what the checker says of the models, as an event, and then by the reply. In the first days,
//! when requests had `type`, there was no event, and replies showed what had been drawn.

pub(super) mod elements;
pub(super) mod models;
mod parts;

use sockeye_model::check::check;
use sockeye_model::{Element, Model, Suite, json};

use super::{Fault, Scene};
use crate::limits::{ELEMENTS, MODELS};
use crate::plain::is_plain_suite;
use crate::reply::{array, quote};
use crate::request::Key;

/// The loaded model with the id that a member names.
fn model<'s>(scene: &'s mut Scene<'_, '_>, member: &str) -> Result<&'s mut Model, Fault> {
    let id = scene.request.text(member)?.into_owned();
    let mut models = scene.conversation.loaded.iter_mut();
    let found = models.find(|model| *model.id == *id);
    found.ok_or_else(|| missing("a model", &id))
}

/// There is room for one more element or model.
fn room(scene: &Scene<'_, '_>) -> Result<(), Fault> {
    let models = &scene.conversation.loaded;
    let sizes = models
        .iter()
        .map(|model| model.vertices.len() + model.edges.len());
    if models.len() >= MODELS || sizes.sum::<usize>() >= ELEMENTS {
        let text = format!("a session has at most {MODELS} models and {ELEMENTS} elements");
        return Err(Fault::Failed(text));
    }
    Ok(())
}

/// Tells what the checker says now, and that the command has succeeded. The first days showed the element instead.
fn changed(scene: &mut Scene<'_, '_>, shown: Option<Element>) {
    if scene.key == Key::Command {
        tell_findings(scene);
        scene.succeed();
        return;
    }
    let Some(element) = shown else {
        scene.succeed();
        return;
    };
    let id = scene.request.text("modelId").unwrap_or_default();
    let mut models = scene.conversation.loaded.iter();
    let Some(model) = models.find(|model| *model.id == *id) else {
        return;
    };
    let mut text = String::new();
    json::write_element(&mut text, model, element);
    let [id, element_id] = [&*model.id, model.id_of(element)].map(str::to_owned);
    let (name, id_name) = match element {
        Element::Vertex(_) => ("vertex", "vertexId"),
        Element::Edge(_) => ("edge", "edgeId"),
    };
    let mut reply = scene.succeed();
    reply
        .text("modelId", &id)
        .text(id_name, &element_id)
        .text(name, &text);
}

/// What the checker says of all models that were loaded.
fn tell_findings(scene: &mut Scene<'_, '_>) {
    let suite = Suite {
        models: scene.conversation.loaded.clone(),
        ..Suite::default()
    };
    // Scripts are parsed by the checker; those that are not plain wait for `start`, which takes them elsewhere.
    let findings = if is_plain_suite(&suite) {
        check(&suite)
    } else {
        Vec::new()
    };
    let mut event = scene.replies.object();
    if findings.is_empty() {
        event.text(scene.key.name(), "noIssues");
        return;
    }
    event.text(scene.key.name(), "issues");
    event.with("issues", |out| {
        array(out, &findings, |out, finding| quote(out, &finding.text));
    });
}

/// Something of this id is missing.
fn missing(what: &str, id: &str) -> Fault {
    Fault::Failed(format!("Did not find {what} with id: {id}"))
}
