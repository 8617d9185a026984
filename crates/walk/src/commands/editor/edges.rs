//! Edges are added, changed and removed here.

use sockeye_model::{Edge, Element, End, Model};

use super::models::described;
use super::vertices::position;
use super::{Fault, Scene, changed, missing, model, room};

/// `addEdge`.
pub(in crate::commands) fn add(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    room(scene)?;
    let id = scene.request.text("edgeId")?.into_owned();
    let source = scene.request.text("sourceVertexId")?.into_owned();
    let target = scene.request.text("targetVertexId")?.into_owned();
    if scene.conversation.loaded.is_empty() {
        let text = "No models. You need to call addModel first.";
        return Err(Fault::Failed(text.to_owned()));
    }
    let found = model(scene, "modelId")?;
    let added = Edge {
        name: Some(id.as_str().into()),
        id: id.into(),
        source: End::Vertex(position(found, &source)?),
        target: End::Vertex(position(found, &target)?),
        ..Edge::default()
    };
    found.edges.push(added);
    changed(scene);
    Ok(())
}

/// `updateEdge`: requirements and actions are appended, the rest is replaced.
pub(in crate::commands) fn update(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.object("edge")?;
    let text = format!("{{\"models\":[{{\"vertices\":[],\"edges\":[{text}]}}]}}");
    let mut described = described(scene, &text)?;
    let new = described.edges.pop();
    let new = new.ok_or_else(|| missing("an edge", ""))?;
    let found = model(scene, "modelId")?;
    let at = edge(found, &new.id)?;
    let [source, target] = [&new.source, &new.target].map(|end| match end {
        End::Unknown(id) => position(found, id).map(|at| Some(End::Vertex(at))),
        _ => Ok(None),
    });
    let old = &mut found.edges[at as usize];
    let joined = |old: &[Box<str>], new: &[Box<str>]| [old, new].concat().into_boxed_slice();
    *old = Edge {
        name: new.name.or_else(|| old.name.take()),
        guard: new.guard.or_else(|| old.guard.take()),
        source: source?.unwrap_or_else(|| std::mem::take(&mut old.source)),
        target: target?.unwrap_or_else(|| std::mem::take(&mut old.target)),
        actions: joined(&old.actions, &new.actions),
        requirements: joined(&old.requirements, &new.requirements),
        ..new
    };
    changed(scene);
    Ok(())
}

/// `removeEdge`.
pub(in crate::commands) fn remove(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("edgeId")?.into_owned();
    let found = model(scene, "modelId")?;
    let gone = edge(found, &id)?;
    found.edges.remove(gone as usize);
    found.path.retain(|at| *at != gone);
    for at in &mut found.path {
        *at -= u32::from(*at > gone);
    }
    found.start = match found.start {
        Some(Element::Edge(at)) if at == gone => None,
        Some(Element::Edge(at)) if at > gone => Some(Element::Edge(at - 1)),
        other => other,
    };
    changed(scene);
    Ok(())
}

fn edge(model: &Model, id: &str) -> Result<u32, Fault> {
    let mut edges = (0..).zip(&model.edges);
    let found = edges.find(|(_, edge)| *edge.id == *id);
    found
        .map(|(at, _)| at)
        .ok_or_else(|| missing("an edge", id))
}
