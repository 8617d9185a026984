//! Vertices are added, changed and removed here.

use sockeye_model::{Element, End, Model, Vertex};

use super::models::described;
use super::{Fault, Scene, changed, missing, model, room};

/// `addVertex`.
pub(in crate::commands) fn add(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    room(scene)?;
    let id = scene.request.text("vertexId")?.into_owned();
    let added = Vertex {
        name: Some(id.as_str().into()),
        id: Some(id.into()),
        ..Vertex::default()
    };
    model(scene, "modelId")?.vertices.push(added);
    changed(scene);
    Ok(())
}

/// `updateVertex`: requirements and actions are appended, the rest is replaced.
pub(in crate::commands) fn update(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.object("vertex")?;
    let text = format!("{{\"models\":[{{\"vertices\":[{text}],\"edges\":[]}}]}}");
    let mut described = described(scene, &text)?;
    let new = described.vertices.pop();
    let new = new.ok_or_else(|| missing("a vertex", ""))?;
    let id = new.id.clone().unwrap_or_default();
    let found = model(scene, "modelId")?;
    let at = position(found, &id)?;
    let old = &mut found.vertices[at as usize];
    let joined = |old: &[Box<str>], new: &[Box<str>]| [old, new].concat().into_boxed_slice();
    *old = Vertex {
        name: new.name.or_else(|| old.name.take()),
        shared: new.shared.or_else(|| old.shared.take()),
        actions: joined(&old.actions, &new.actions),
        requirements: joined(&old.requirements, &new.requirements),
        ..new
    };
    changed(scene);
    Ok(())
}

/// `removeVertex`: edges lose that end.
pub(in crate::commands) fn remove(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("vertexId")?.into_owned();
    let found = model(scene, "modelId")?;
    let gone = position(found, &id)?;
    found.vertices.remove(gone as usize);
    for edge in &mut found.edges {
        for end in [&mut edge.source, &mut edge.target] {
            match end {
                End::Vertex(at) if *at == gone => *end = End::None,
                End::Vertex(at) if *at > gone => *at -= 1,
                _ => {}
            }
        }
    }
    found.start = match found.start {
        Some(Element::Vertex(at)) if at == gone => None,
        Some(Element::Vertex(at)) if at > gone => Some(Element::Vertex(at - 1)),
        other => other,
    };
    changed(scene);
    Ok(())
}

/// The number of a vertex.
pub(super) fn position(model: &Model, id: &str) -> Result<u32, Fault> {
    let mut vertices = (0..).zip(&model.vertices);
    let found = vertices.find(|(_, vertex)| vertex.id.as_deref() == Some(id));
    found
        .map(|(at, _)| at)
        .ok_or_else(|| missing("a vertex", id))
}
