//! Vertices and edges are added, changed and removed here.

use std::cmp::Ordering;

use serde_json::{Map, Value};
use sockeye_model::{Edge, Element, Model, Vertex, json};

use super::parts::Part;
use super::{Fault, Scene, changed, missing, model, room};
use crate::commands::suite;
use crate::request::Key;

/// `addVertex` and `addEdge`.
pub(in crate::commands) fn add<P: Part>(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    room(scene)?;
    let mut added = if scene.request.has(P::NAME) {
        described::<P>(scene)?
    } else {
        P::bare(scene.request)?
    };
    scene.request.text("modelId")?;
    let nowhere = nowhere::<P>(scene.key);
    let found = model(scene, "modelId").map_err(|fault| nowhere.unwrap_or(fault))?;
    added.tie(found)?;
    let all = P::all(found);
    let at = number(all.len());
    all.push(added);
    changed(scene, Some(P::element(at)));
    Ok(())
}

/// `updateVertex` and `updateEdge`, with a description or, as in the first days, with an id and `properties`.
pub(in crate::commands) fn update<P: Part>(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let at = if scene.request.has("properties") {
        set_members::<P>(scene)?
    } else {
        replace::<P>(scene)?
    };
    changed(scene, Some(P::element(at)));
    Ok(())
}

/// Requirements and actions are appended, the rest is replaced.
fn replace<P: Part>(scene: &mut Scene<'_, '_>) -> Result<u32, Fault> {
    let mut new = described::<P>(scene)?;
    let found = model(scene, "modelId")?;
    let at = find::<P>(found, new.id().unwrap_or_default())?;
    new.tie(found)?;
    let place = &mut P::all(found)[at as usize];
    let mut old = std::mem::replace(place, new);
    if place.name().is_none() {
        *place.name() = old.name().take();
    }
    place.follow(old);
    Ok(at)
}

/// A name is the element's name, all other members are its properties.
fn set_members<P: Part>(scene: &mut Scene<'_, '_>) -> Result<u32, Fault> {
    let id = scene.request.text(P::ID)?.into_owned();
    let members = scene.request.object("properties")?;
    let members: Map<String, Value> = serde_json::from_str(members)
        .map_err(|error| Fault::Failed(format!("`properties` cannot be read: {error}")))?;
    let found = model(scene, "modelId")?;
    let at = find::<P>(found, &id)?;
    let place = &mut P::all(found)[at as usize];
    for (name, value) in members {
        match (name.as_str(), value) {
            ("name", Value::String(text)) => *place.name() = Some(text.into()),
            ("name", other) => *place.name() = Some(other.to_string().into()),
            (_, value) => place.properties().set(&name, value),
        }
    }
    Ok(at)
}

/// `removeVertex` and `removeEdge`, `deleteVertex` and `deleteEdge`.
pub(in crate::commands) fn remove<P: Part>(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text(P::ID)?.into_owned();
    let found = model(scene, "modelId")?;
    let gone = find::<P>(found, &id)?;
    take_out::<P>(found, gone);
    changed(scene, None);
    Ok(())
}

/// `deleteElement` of the very first days: a vertex or an edge, by its id.
pub(in crate::commands) fn delete(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("id")?.into_owned();
    let found = model(scene, "modelId")?;
    match found.find(&id) {
        Some(Element::Vertex(at)) => take_out::<Vertex>(found, at),
        Some(Element::Edge(at)) => take_out::<Edge>(found, at),
        None => return Err(missing("an element", &id)),
    }
    changed(scene, None);
    Ok(())
}

fn take_out<P: Part>(model: &mut Model, gone: u32) {
    P::all(model).remove(gone as usize);
    P::gone(model, gone);
    if let Some(at) = model.start.and_then(P::number) {
        model.start = match at.cmp(&gone) {
            Ordering::Less => model.start,
            Ordering::Equal => None,
            Ordering::Greater => Some(P::element(at - 1)),
        };
    }
}

/// The element as a request describes it, as a file would. The id may stand beside.
fn described<P: Part>(scene: &mut Scene<'_, '_>) -> Result<P, Fault> {
    let text = scene.request.object(P::NAME)?;
    let (vertices, edges) = match P::element(0) {
        Element::Vertex(_) => (text, ""),
        Element::Edge(_) => ("", text),
    };
    let text = format!("{{\"models\":[{{\"vertices\":[{vertices}],\"edges\":[{edges}]}}]}}");
    let mut suite = suite::read(&text, &mut scene.conversation.random)?;
    let found = suite.models.pop().and_then(P::described);
    let mut found = found.ok_or_else(|| Fault::Failed(json::NOT_A_MODEL.to_owned()))?;
    if scene.request.has(P::ID) {
        found.set_id(&scene.request.text(P::ID)?);
    }
    Ok(found)
}

/// The number of an element.
fn find<P: Part>(model: &mut Model, id: &str) -> Result<u32, Fault> {
    let at = P::all(model).iter().position(|part| part.id() == Some(id));
    at.map(number).ok_or_else(|| missing(P::A, id))
}

/// A session has far fewer elements than there are numbers.
fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Why there is no model to add to, where the reference has words of its own for it.
fn nowhere<P: Part>(key: Key) -> Option<Fault> {
    let first = match (P::element(0), key) {
        (Element::Vertex(_), _) => return None,
        (Element::Edge(_), Key::Type) => "newModel",
        (Element::Edge(_), Key::Command) => "addModel",
    };
    let text = format!("No models. You need to call {first} first.");
    Some(Fault::Failed(text))
}
