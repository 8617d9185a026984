//! Models pass through here without what is marked as blocked: edges, vertices, and the edges of such vertices.

use serde_json::Value;
use thiserror::Error;

use crate::graph::{Named, Properties, count};
use crate::machine::Compat;
use crate::{Element, End, Model, Suite};

/// The property that marks an element.
const PROPERTY: &str = "blocked";

/// Why blocked elements could not be taken out.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BlockedError {
    /// The mark is not a truth value.
    #[error(
        "the property `blocked` of {element} is {found}, it must be true or false: write `\"blocked\": true`"
    )]
    NotBoolean {
        /// The element.
        element: Named,
        /// What stands there instead.
        found: String,
    },
    /// The predefined path goes over a blocked edge.
    #[error("Not all edges from predefined path exist in the model")]
    Path,
}

/// The models without their blocked elements. Everything else stays as it is, also what edges depend on.
pub fn without_blocked(suite: &Suite) -> Result<Suite, BlockedError> {
    without_blocked_as(suite, Compat::Improved)
}

/// The same; with [`Compat::Strict`] as the reference, whose edges lose what they depend on.
pub fn without_blocked_as(suite: &Suite, compat: Compat) -> Result<Suite, BlockedError> {
    let mut kept = filter(suite)?;
    if compat == Compat::Strict {
        let edges = kept.models.iter_mut().flat_map(|model| &mut model.edges);
        edges.for_each(|edge| edge.dependency = 0);
    }
    Ok(kept)
}

fn filter(suite: &Suite) -> Result<Suite, BlockedError> {
    let models = suite
        .models
        .iter()
        .map(filtered)
        .collect::<Result<_, _>>()?;
    Ok(Suite {
        name: suite.name.clone(),
        seed: suite.seed,
        models,
    })
}

fn filtered(model: &Model) -> Result<Model, BlockedError> {
    let vertices = model.vertices.iter().zip(0..);
    let vertices =
        vertices.map(|(vertex, at)| is_blocked(model, Element::Vertex(at), &vertex.properties));
    let blocked: Vec<bool> = vertices.collect::<Result<_, _>>()?;
    let (new_vertices, vertex_numbers) = kept(&model.vertices, |at| blocked[at]);
    let goes = |end: &End| end.vertex().is_some_and(|at| blocked[at as usize]);
    let edges = model.edges.iter().zip(0..).map(|(edge, at)| {
        let itself = is_blocked(model, Element::Edge(at), &edge.properties)?;
        Ok(itself || goes(&edge.source) || goes(&edge.target))
    });
    let gone: Vec<bool> = edges.collect::<Result<_, _>>()?;
    let (mut new_edges, edge_numbers) = kept(&model.edges, |at| gone[at]);
    for edge in &mut new_edges {
        for end in [&mut edge.source, &mut edge.target] {
            if let End::Vertex(at) = end
                && let Some(number) = vertex_numbers[*at as usize]
            {
                *at = number;
            }
        }
    }
    let path = model.path.iter().map(|at| edge_numbers[*at as usize]);
    let path: Option<Vec<u32>> = path.collect();
    let start = model.start.and_then(|start| match start {
        Element::Vertex(at) => vertex_numbers[at as usize].map(Element::Vertex),
        Element::Edge(at) => edge_numbers[at as usize].map(Element::Edge),
    });
    Ok(Model {
        name: model.name.clone(),
        id: model.id.clone(),
        generator: model.generator.clone(),
        start,
        unknown_start: model.unknown_start.clone(),
        actions: model.actions.clone(),
        requirements: model.requirements.clone(),
        properties: model.properties.clone(),
        vertices: new_vertices,
        edges: new_edges,
        path: path.ok_or(BlockedError::Path)?,
    })
}

/// What stays, and the new number of each.
fn kept<T: Clone>(all: &[T], is_gone: impl Fn(usize) -> bool) -> (Vec<T>, Vec<Option<u32>>) {
    let mut staying = Vec::with_capacity(all.len());
    let mut numbers = Vec::with_capacity(all.len());
    for (at, item) in all.iter().enumerate() {
        let stays = !is_gone(at);
        numbers.push(stays.then(|| count(staying.len())));
        staying.extend(stays.then(|| item.clone()));
    }
    (staying, numbers)
}

fn is_blocked(
    model: &Model,
    element: Element,
    properties: &Properties,
) -> Result<bool, BlockedError> {
    match properties.get(PROPERTY) {
        None => Ok(false),
        Some(Value::Bool(truth)) => Ok(*truth),
        Some(other) => Err(BlockedError::NotBoolean {
            element: model.named(element),
            found: other.to_string(),
        }),
    }
}
