//! Single elements pass through here: ids, names, ends, weights, and how a model begins and ends.

use std::collections::HashSet;

use super::{Findings, is_plain_random, plan_of};
use crate::plan::Generator;
use crate::{Edge, Element, End, Model, Vertex};

/// What the reference finds in one model, in its order.
pub(super) fn model(findings: &mut Findings, model: &Model) {
    element(findings, None, true, &model.requirements, &model.actions);
    for (vertex, at) in model.vertices.iter().zip(0..) {
        self::vertex(findings, Element::Vertex(at), vertex);
    }
    for (edge, at) in model.edges.iter().zip(0..) {
        self::edge(findings, Element::Edge(at), edge);
    }
    unique(findings, model);
    loops(findings, model);
    let shares = model.vertices.iter().any(|vertex| vertex.shared.is_some());
    if model.start.is_none() && !shares {
        findings.add(
            None,
            "The model has neither a start element or a defined shared state.",
        );
        return;
    }
    dead_ends(findings, model);
}

fn element(
    findings: &mut Findings,
    at: Option<Element>,
    has_id: bool,
    requirements: &[Box<str>],
    actions: &[Box<str>],
) {
    if !has_id {
        findings.add(at, "Id cannot be null");
    }
    for _ in requirements.iter().filter(|tag| tag.is_empty()) {
        findings.add(at, "Requirement cannot be an empty string");
    }
    for _ in actions.iter().filter(|action| action.is_empty()) {
        findings.add(at, "Script statement cannot be an empty string");
    }
}

fn vertex(findings: &mut Findings, at: Element, vertex: &Vertex) {
    element(
        findings,
        Some(at),
        vertex.id.is_some(),
        &vertex.requirements,
        &vertex.actions,
    );
    let text = match vertex.name.as_deref() {
        None => "Name of vertex cannot be null",
        Some("") => "Name of vertex cannot be an empty string",
        Some(name) if name.contains(char::is_whitespace) => {
            "Name of vertex cannot have any white spaces."
        }
        Some(_) => return,
    };
    findings.add(Some(at), text);
}

fn edge(findings: &mut Findings, at: Element, edge: &Edge) {
    element(findings, Some(at), true, &edge.requirements, &edge.actions);
    if edge.target.vertex().is_none() {
        findings.add(Some(at), "Edge must have a target vertex.");
    }
    if edge
        .name
        .as_deref()
        .is_some_and(|name| name.contains(char::is_whitespace))
    {
        findings.add(Some(at), "Name of edge cannot have any white spaces.");
    }
    if !(0.0..=1.0).contains(&edge.weight) {
        findings.add(Some(at), "The weight must be a value between 0 and 1.");
    }
}

fn unique(findings: &mut Findings, model: &Model) {
    let mut ids = HashSet::new();
    for element in model.elements() {
        let id = model.id_of(element);
        let what = match element {
            Element::Vertex(at) if model.vertices[at as usize].id.is_none() => continue,
            Element::Vertex(_) => "vertex",
            Element::Edge(_) => "edge",
        };
        if !ids.insert(id) {
            findings.add(
                Some(element),
                format!("Id of the {what} is not unique: {id}"),
            );
        }
    }
}

fn loops(findings: &mut Findings, model: &Model) {
    for (edge, at) in model.edges.iter().zip(0..) {
        let vertex = edge
            .source
            .vertex()
            .filter(|_| edge.source == edge.target && edge.name.is_none());
        if let Some(vertex) = vertex {
            let name = model.named(Element::Vertex(vertex));
            findings.add(
                Some(Element::Edge(at)),
                format!("Vertex: {name}, have a unnamed self loop edge."),
            );
        }
    }
}

fn dead_ends(findings: &mut Findings, model: &Model) {
    if !plan_of(model).is_some_and(|plan| is_plain_random(&plan)) {
        return;
    }
    let mut leads_on: Vec<bool> = model
        .vertices
        .iter()
        .map(|vertex| vertex.shared.is_some())
        .collect();
    for source in model.edges.iter().filter_map(|edge| edge.source.vertex()) {
        leads_on[source as usize] = true;
    }
    let with = "and is requested to run using a random path generator and 100% edge coverage. That";
    match leads_on.iter().filter(|leads| !**leads).count() {
        0 => {}
        1 => findings.add(
            None,
            format!("The model has one cul-de-sacs, {with} might not work."),
        ),
        _ => findings.add(
            None,
            format!("The model has multiple cul-de-sacs, {with} will not work."),
        ),
    }
}

/// Ids that nothing has.
pub(super) fn ends(findings: &mut Findings, model: &Model) {
    if let Some(id) = &model.unknown_start {
        let text =
            format!("the start element `{id}` does not exist: name the id of a vertex or an edge");
        findings.add(None, text);
    }
    for (edge, at) in model.edges.iter().zip(0..) {
        for (end, word) in [(&edge.source, "comes from"), (&edge.target, "leads to")] {
            if let End::Unknown(id) = end {
                let element = Element::Edge(at);
                let name = model.named(element);
                let text = format!(
                    "the edge {name} {word} `{id}`, which no vertex has as its id: correct it"
                );
                findings.add(Some(element), text);
            }
        }
    }
}

/// The weights of the edges that leave a vertex.
#[derive(Clone, Default)]
struct Shares {
    sum: f64,
    weighted: usize,
    unweighted: usize,
}

/// Weights that together are more than 1, or leave a gap that a walk by weights may hit.
pub(super) fn weights(findings: &mut Findings, model: &Model) {
    let plan = plan_of(model);
    let stages = plan.iter().flat_map(|plan| &plan.stages);
    let by_weights = stages
        .into_iter()
        .any(|stage| stage.generator == Generator::Weighted);
    let mut shares = vec![Shares::default(); model.vertices.len()];
    for edge in &model.edges {
        if let Some(source) = edge.source.vertex() {
            let share = &mut shares[source as usize];
            share.sum += edge.weight.max(0.0);
            share.weighted += usize::from(edge.weight > 0.0);
            share.unweighted += usize::from(edge.weight <= 0.0);
        }
    }
    for (share, at) in shares.into_iter().zip(0..) {
        let element = Element::Vertex(at);
        let (name, sum) = (model.named(element), share.sum);
        // A single way is taken whatever its weight.
        let has_gap = share.weighted > 1 && share.unweighted == 0 && sum < 1.0 - 1e-9;
        if sum > 1.0 + 1e-9 {
            let text = format!(
                "the weights of the edges from {name} are {sum} together: make them at most 1"
            );
            findings.add(Some(element), text);
        } else if by_weights && has_gap {
            let text = format!(
                "the weights of the edges from {name} are only {sum} together, so weighted_random may fail there: make \
                 them 1, or leave out one weight"
            );
            findings.add(Some(element), text);
        }
    }
}
