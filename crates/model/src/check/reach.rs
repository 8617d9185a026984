//! Generators pass through here with their graph: what no walk will reach, and which conditions it will not fulfil.

use std::sync::Arc;

use super::{Findings, list, plan_of};
use crate::generator::{Drive, imbalance};
use crate::machine::{Compat, Place};
use crate::plan::{Condition, Generator, Kind, Plan};
use crate::topology::{Node, Topology};
use crate::{Element, Model, Suite};

pub(super) fn check(findings: &mut Findings, suite: &Suite, model: &Model) {
    let topology = Topology::new(model);
    let links = links(suite, findings.model);
    let is_reached = reached(&topology, model, &links);
    unlinked(findings, model, &links);
    let missed = |element: &Element| !is_reached[topology.node(*element) as usize];
    let missed: Vec<Element> = model.elements().filter(missed).collect();
    if !missed.is_empty() && model.start.is_some() {
        let text = format!(
            "no walk can reach {}: add edges that lead there",
            list(model, &missed)
        );
        findings.add(None, text);
    }
    let Some(text) = &model.generator else {
        findings.add(
            None,
            "the model has no generator: add one, such as `random(edge_coverage(100))`",
        );
        return;
    };
    let plan = match plan(model, text) {
        Ok(plan) => plan,
        Err(message) => {
            return findings.add(
                None,
                format!("the generator `{text}` cannot be used: {message}"),
            );
        }
    };
    for (at, letter) in &plan.dropped {
        let text = format!(
            "the generator has `{letter}` as its character {}, which means nothing: remove it",
            at + 1
        );
        findings.add(None, text);
    }
    for stage in &plan.stages {
        conditions(findings, model, &stage.condition, &missed);
        euler(findings, model, &topology, stage.generator);
    }
}

/// The plan, if it can be used with this model.
fn plan(model: &Model, text: &str) -> Result<Plan, String> {
    let plan = Plan::parse(text).map_err(|error| error.to_string())?;
    let alone = Suite {
        models: vec![model.clone()],
        ..Suite::default()
    };
    let mut place = Place::new(&Arc::new(alone), 0, Compat::default());
    Drive::new(&plan, &mut place).map_err(|error| error.to_string())?;
    Ok(plan)
}

/// The vertices through which walks may come from other models.
fn links(suite: &Suite, number: usize) -> Vec<Node> {
    let others = suite
        .models
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != number);
    let shared = others.flat_map(|(_, model)| &model.vertices);
    let names: std::collections::HashSet<&str> = shared
        .filter_map(|vertex| vertex.shared.as_deref())
        .collect();
    let own = suite.models[number].vertices.iter().zip(0..);
    let linked = own.filter(|(vertex, _)| {
        vertex
            .shared
            .as_deref()
            .is_some_and(|name| names.contains(name))
    });
    linked.map(|(_, at)| at).collect()
}

fn reached(topology: &Topology, model: &Model, links: &[Node]) -> Vec<bool> {
    let mut is_reached = vec![false; topology.len()];
    let start = model.start.map(|start| topology.node(start));
    let mut stack: Vec<Node> = start.into_iter().chain(links.iter().copied()).collect();
    for node in &stack {
        is_reached[*node as usize] = true;
    }
    while let Some(node) = stack.pop() {
        for next in topology.successors(node) {
            if !std::mem::replace(&mut is_reached[*next as usize], true) {
                stack.push(*next);
            }
        }
    }
    is_reached
}

fn unlinked(findings: &mut Findings, model: &Model, links: &[Node]) {
    let shares = model.vertices.iter().any(|vertex| vertex.shared.is_some());
    if model.start.is_none() && shares && links.is_empty() {
        findings.add(
            None,
            "no other model has a shared state of this one, so it is never walked and the walk never ends: add a start \
             element, or the shared state to another model",
        );
    }
}

fn conditions(findings: &mut Findings, model: &Model, condition: &Condition, missed: &[Element]) {
    let is_edge = |element: &Element| matches!(element, Element::Edge(_));
    let never = match condition {
        Condition::All(members) | Condition::Any(members) => {
            for member in members {
                conditions(findings, model, member, missed);
            }
            return;
        }
        Condition::Edges(percent)
        | Condition::Vertices(percent)
        | Condition::Requirements(percent)
            if *percent > 100 =>
        {
            "more than 100 percent are never covered: ask for at most 100".to_owned()
        }
        Condition::Edges(_) if model.edges.is_empty() => {
            "the model has no edges: add some".to_owned()
        }
        Condition::Edges(100) if missed.iter().any(is_edge) => {
            "some edges cannot be reached: connect them".to_owned()
        }
        Condition::Vertices(100) if !missed.iter().all(is_edge) => {
            "some vertices cannot be reached: connect them".to_owned()
        }
        Condition::Dependencies(least)
            if !model
                .edges
                .iter()
                .any(|edge| i64::from(edge.dependency) >= i64::from(*least)) =>
        {
            format!("no edge has a dependency of {least} or more: lower the number")
        }
        Condition::Reached(kind, names) => match unreached(model, *kind, names, missed) {
            Some(text) => text,
            None => return,
        },
        _ => return,
    };
    findings.add(
        None,
        format!("the condition {condition} is never fulfilled, {never}"),
    );
}

fn unreached(model: &Model, kind: Kind, names: &[Box<str>], missed: &[Element]) -> Option<String> {
    let is_target = |element: Element| match (kind, element) {
        (Kind::Shared, Element::Vertex(at)) => model.vertices[at as usize]
            .shared
            .as_ref()
            .is_some_and(|name| names.contains(name)),
        (Kind::Vertex, Element::Vertex(_)) | (Kind::Edge, Element::Edge(_)) => model
            .name_of(element)
            .is_some_and(|name| names.iter().any(|known| &**known == name)),
        _ => false,
    };
    let targets = model
        .elements()
        .filter(|element| is_target(*element))
        .count();
    let lost = missed.iter().filter(|element| is_target(**element)).count();
    (targets > 0 && targets == lost)
        .then(|| "no walk can reach its target: add edges that lead there".to_owned())
}

/// Whether one path can go over each edge once, and if not, where that fails.
fn euler(findings: &mut Findings, model: &Model, topology: &Topology, generator: Generator) {
    if !matches!(generator, Generator::Shortest | Generator::NewShortest)
        || plan_of(model).is_none()
    {
        return;
    }
    let uneven = imbalance(topology);
    if uneven.len() == 2 || uneven.is_empty() {
        return;
    }
    let lines = uneven
        .iter()
        .take(super::NAMED)
        .map(|(vertex, incoming, outgoing)| {
            let name = vertex.map_or_else(
                || "the outside".to_owned(),
                |at| model.named(Element::Vertex(at)).to_string(),
            );
            format!("{name} has {incoming} in and {outgoing} out")
        });
    let lines: Vec<String> = lines.collect();
    let text = format!(
        "no single path goes once over each edge, because at {} vertices as many edges must end as begin: {}; add or \
         remove edges there, or use quick_random",
        uneven.len(),
        lines.join(", ")
    );
    findings.add(None, text);
}
