//! One model passes through here on its way to Graphviz, with complete labels.

use std::fmt::Write as _;

use crate::drawing::{self, DrawingError, id, is_blocked, no_room};
use crate::label;
use crate::{Element, End, Model};

/// The model as a Graphviz text: a node for each vertex, an arrow for each edge, each with its label.
///
/// Several actions of one element become one script. Properties other than `blocked` have no place there.
pub fn write(model: &Model) -> Result<String, DrawingError> {
    drawing::begins_as_drawn(model)?;
    let mut out = format!(
        "digraph {} {{\n",
        quote(model.name.as_deref().unwrap_or_default())
    );
    let start = drawing::start_id(model);
    let mut init = (!model.actions.is_empty()).then(|| label::joined(&model.actions));
    if model.start.is_some() {
        let _ = writeln!(out, "  {} [label=\"Start\"];", quote(&start));
    }
    for (vertex, at) in model.vertices.iter().zip(0..) {
        let label = label::of_vertex(
            vertex,
            init.take().as_deref(),
            is_blocked(&vertex.properties),
        );
        let label = label.map_err(|field| no_room(model, Element::Vertex(at), field))?;
        let _ = writeln!(out, "  {} [label={}];", quote(id(vertex)), quote(&label));
    }
    for (edge, at) in model.edges.iter().zip(0..) {
        let label = label::of_edge(edge, is_blocked(&edge.properties));
        let label = label.map_err(|field| no_room(model, Element::Edge(at), field))?;
        let of = |end: &End| end.vertex().map(|at| id(&model.vertices[at as usize]));
        let nowhere = || DrawingError::NoTarget(model.named(Element::Edge(at)));
        let target = quote(of(&edge.target).ok_or_else(nowhere)?);
        let source = quote(of(&edge.source).unwrap_or(&start));
        let _ = writeln!(
            out,
            "  {source} -> {target} [label={}] [id={}];",
            quote(&label),
            quote(&edge.id)
        );
    }
    out.push_str("}\n");
    Ok(out)
}

fn quote(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    format!("\"{text}\"")
}
