//! Small models pass through here from one line of text: `A B; in:>A ab:A>B ba:B>A?x>1`, vertices, then edges.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::sync::Arc;

use sockeye_core::Random;
use sockeye_model::machine::{Machine, WalkError};
use sockeye_model::{Suite, json};

/// Models from JSON.
pub(crate) fn suite(text: &str) -> Suite {
    json::read(text, &mut Random::seeded(1)).expect("models")
}

/// One model: vertices `A` with the name `v_A`, edges `id:source>target?guard` with the name `e_id`.
pub(crate) fn graph(text: &str) -> Suite {
    let (vertices, edges) = text.split_once(';').expect("vertices; edges");
    let vertices = vertices
        .split_whitespace()
        .map(|id| format!("{{id:{id},name:v_{id}}}"));
    let edges = edges.split_whitespace().map(|edge| {
        let (id, ends) = edge.split_once(':').expect("id:ends");
        let (source, rest) = ends.split_once('>').expect("source>target");
        let (target, guard) = rest.split_once('?').unwrap_or((rest, ""));
        let source = match source {
            "" => String::new(),
            _ => format!("sourceVertexId:{source},"),
        };
        format!("{{id:{id},name:e_{id},{source}targetVertexId:{target},guard:'{guard}'}}")
    });
    let (vertices, edges): (Vec<_>, Vec<_>) = (vertices.collect(), edges.collect());
    let (vertices, edges) = (vertices.join(","), edges.join(","));
    suite(&format!(
        "{{models:[{{id:m,vertices:[{vertices}],edges:[{edges}]}}]}}"
    ))
}

/// Such a model with its start element and generator.
pub(crate) fn planned(text: &str, start: &str, generator: &str) -> Suite {
    let mut suite = graph(text);
    suite.models[0].start = suite.models[0].find(start);
    suite.models[0].generator = Some(generator.into());
    suite
}

/// A machine in such a model, with seed 1.
pub(crate) fn drawn(text: &str, start: &str, generator: &str) -> Machine {
    Machine::new(Arc::new(planned(text, start, generator)), 1).expect("a machine")
}

/// The ids of at most `most` elements.
pub(crate) fn ids(machine: &mut Machine, most: usize) -> Result<Vec<String>, WalkError> {
    let mut path = Vec::new();
    while path.len() < most && machine.has_next()? {
        let step = machine.step()?;
        path.push(machine.name(step).id.to_string());
    }
    Ok(path)
}
