//! Choices that need no memory pass through here: at random, by weight, along the model's own path.

use super::View;
use crate::Element;
use crate::graph::count;
use crate::machine::WalkError;
use crate::topology::Node;

fn pick(view: &mut View<'_>) -> Node {
    let drawn = view.random.below(count(view.open().len()));
    view.open()[drawn as usize]
}

/// Any open successor, all alike.
pub(super) fn random(view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
    view.look_ahead(current)?;
    Ok(pick(view))
}

/// An open edge by its weight, in steps of a hundredth. Edges without a weight share what is left of 1.
pub(super) fn weighted(view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
    view.look_ahead(current)?;
    if !view.place.topology.is_vertex(current) {
        return Ok(pick(view));
    }
    let name = |view: &View<'_>| {
        let name = view.name(current);
        name.name.unwrap_or(name.id)
    };
    let mut sum = 0.0;
    let mut unweighted = 0_u32;
    for node in view.open() {
        match weight(view, *node) {
            weight if weight > 0.0 => sum += weight,
            _ => unweighted += 1,
        }
        if sum > 1.0 {
            return Err(WalkError::Weights(name(view)));
        }
    }
    let rest = match unweighted {
        0 => 1.0 - sum,
        _ => (1.0 - sum) / f64::from(unweighted),
    };
    let drawn = f64::from(view.random.below(100));
    let mut reached = 0.0;
    for node in view.open() {
        let weight = weight(view, *node);
        reached += if weight > 0.0 { weight } else { rest } * 100.0;
        if drawn < reached {
            return Ok(*node);
        }
    }
    match view.open() {
        [only] => Ok(*only),
        _ => Err(WalkError::NoWeight(name(view))),
    }
}

fn weight(view: &View<'_>, node: Node) -> f64 {
    match view.place.topology.element(node) {
        Element::Edge(at) => view.place.model().edges[at as usize].weight,
        Element::Vertex(_) => 0.0,
    }
}

/// The next edge of the model's own path, if it is open.
pub(super) fn predefined(view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
    view.look_ahead(current)?;
    if !view.place.topology.is_vertex(current) {
        return Ok(view.open()[0]);
    }
    let edge = view.place.model().path.get(view.place.path_at).copied();
    view.place.path_at += 1;
    let node = edge.map(|edge| view.place.topology.node(Element::Edge(edge)));
    match node {
        Some(node) if view.open().contains(&node) => Ok(node),
        _ => Err(WalkError::NoPath(view.name(current))),
    }
}
