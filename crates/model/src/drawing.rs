//! What drawings have in common passes through here: how they begin, and what they cannot say.

use serde_json::Value;
use thiserror::Error;

use crate::graph::{Named, Properties};
use crate::{Element, End, Model, Vertex};

/// What a drawing cannot say.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DrawingError {
    /// A field that no label can hold.
    #[error("the label of {element} cannot hold {field}: write the model as JSON, or change it")]
    Field {
        /// The vertex or the edge.
        element: Named,
        /// What does not fit.
        field: &'static str,
    },
    /// In a drawing walks begin with the edge that leaves the node `Start`; of several, with the last one.
    #[error(
        "a drawing begins with its last edge from Start, this model begins elsewhere: write the model as JSON"
    )]
    Start,
    /// An edge from a vertex that nobody knows: in a drawing it would begin at Start.
    #[error("the edge {0} has a source that is no vertex: correct it, or remove the edge")]
    NoSource(Named),
    /// An edge that leads nowhere.
    #[error("the edge {0} has no target, which no drawing can show: give it one, or remove it")]
    NoTarget(Named),
}

/// Fails unless the model begins with the last of its edges that have no source, and all sources are known.
pub(crate) fn begins_as_drawn(model: &Model) -> Result<(), DrawingError> {
    let edges = model.edges.iter().zip(0..);
    let lost = edges
        .clone()
        .find(|(edge, _)| matches!(edge.source, End::Unknown(_)));
    if let Some((_, at)) = lost {
        return Err(DrawingError::NoSource(model.named(Element::Edge(at))));
    }
    let begins = edges.filter(|(edge, _)| edge.source == End::None).last();
    if begins.map(|(_, at)| Element::Edge(at)) == model.start {
        Ok(())
    } else {
        Err(DrawingError::Start)
    }
}

pub(crate) fn no_room(model: &Model, element: Element, field: &'static str) -> DrawingError {
    DrawingError::Field {
        element: model.named(element),
        field,
    }
}

pub(crate) fn id(vertex: &Vertex) -> &str {
    vertex.id.as_deref().unwrap_or_default()
}

/// An id for the node `Start` that no vertex has.
pub(crate) fn start_id(model: &Model) -> String {
    let mut start = "Start".to_owned();
    while model.vertices.iter().any(|vertex| id(vertex) == start) {
        start.push('_');
    }
    start
}

pub(crate) fn is_blocked(properties: &Properties) -> bool {
    properties.get("blocked") == Some(&Value::Bool(true))
}
