//! One model passes through here on its way to a file for yEd, with complete labels.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::drawing::{self, DrawingError, id, is_blocked, no_room, start_id};
use crate::graph::Properties;
use crate::label;
use crate::{Edge, Element, End, Model};
use quick_xml::escape::escape;
use serde_json::Value;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
xmlns:y=\"http://www.yworks.com/xml/graphml\" xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns \
http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd\">\n\
  <key for=\"node\" id=\"d0\" yfiles.type=\"nodegraphics\"/>\n\
  <key for=\"edge\" id=\"d1\" yfiles.type=\"edgegraphics\"/>\n";

/// The model as a `GraphML` document.
///
/// Several actions of one element become one script. Properties become texts, but for the place and for `blocked`.
pub fn write(model: &Model) -> Result<String, DrawingError> {
    drawing::begins_as_drawn(model)?;
    let mut out = HEAD.to_owned();
    let nodes = keys(
        &mut out,
        "node",
        model.vertices.iter().map(|vertex| &vertex.properties),
    );
    let links = keys(
        &mut out,
        "edge",
        model.edges.iter().map(|edge| &edge.properties),
    );
    out.push_str("  <graph edgedefault=\"directed\" id=\"G\">\n");
    let start = start_id(model);
    if model.start.is_some() {
        node(&mut out, &start, "Start", &Properties::default(), &nodes);
    }
    let mut init = (!model.actions.is_empty()).then(|| label::joined(&model.actions));
    for (vertex, at) in model.vertices.iter().zip(0..) {
        let label = label::of_vertex(
            vertex,
            init.take().as_deref(),
            is_blocked(&vertex.properties),
        );
        let label = label.map_err(|field| no_room(model, Element::Vertex(at), field))?;
        node(&mut out, id(vertex), &label, &vertex.properties, &nodes);
    }
    for (edge, at) in model.edges.iter().zip(0..) {
        let label = label::of_edge(edge, is_blocked(&edge.properties));
        let label = label.map_err(|field| no_room(model, Element::Edge(at), field))?;
        let of = |end: &End| end.vertex().map(|at| id(&model.vertices[at as usize]));
        let nowhere = || DrawingError::NoTarget(model.named(Element::Edge(at)));
        let target = of(&edge.target).ok_or_else(nowhere)?;
        link(
            &mut out,
            edge,
            of(&edge.source).unwrap_or(&start),
            target,
            &label,
            &links,
        );
    }
    out.push_str("  </graph>\n</graphml>\n");
    Ok(out)
}

/// Whether a member stands in the drawing itself.
fn is_drawn(name: &str, value: &Value) -> bool {
    match name {
        "x" | "y" => value.is_number(),
        "blocked" => value.is_boolean(),
        _ => false,
    }
}

/// Declares the properties of all nodes or edges: their names in the order of their keys.
fn keys<'a>(
    out: &mut String,
    what: &str,
    all: impl Iterator<Item = &'a Properties>,
) -> Vec<&'a str> {
    let members = all.flat_map(Properties::members);
    let members = members.filter(|(name, value)| !is_drawn(name, value));
    let names: BTreeSet<&str> = members.map(|(name, _)| name.as_str()).collect();
    for (at, name) in names.iter().enumerate() {
        let name = escape(*name);
        let _ = writeln!(
            out,
            "  <key attr.name=\"{name}\" attr.type=\"string\" for=\"{what}\" id=\"{what}{at}\"/>"
        );
    }
    names.into_iter().collect()
}

fn data(out: &mut String, what: &str, keys: &[&str], properties: &Properties) {
    for (at, key) in keys.iter().enumerate() {
        let text = match properties.get(key) {
            Some(value) if is_drawn(key, value) => continue,
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => continue,
        };
        let _ = writeln!(
            out,
            "      <data key=\"{what}{at}\">{}</data>",
            escape(text)
        );
    }
}

fn node(out: &mut String, id: &str, label: &str, properties: &Properties, keys: &[&str]) {
    let _ = writeln!(out, "    <node id=\"{}\">", escape(id));
    data(out, "node", keys, properties);
    let place = |name| properties.get(name).and_then(Value::as_f64);
    out.push_str("      <data key=\"d0\"><y:ShapeNode>");
    if place("x").is_some() || place("y").is_some() {
        out.push_str("<y:Geometry height=\"50.0\" width=\"150.0\"");
        for name in ["x", "y"] {
            if let Some(at) = place(name) {
                let _ = write!(out, " {name}=\"{at:?}\"");
            }
        }
        out.push_str("/>");
    }
    let _ = writeln!(
        out,
        "<y:NodeLabel>{}</y:NodeLabel></y:ShapeNode></data>",
        escape(label)
    );
    out.push_str("    </node>\n");
}

fn link(out: &mut String, edge: &Edge, source: &str, target: &str, label: &str, keys: &[&str]) {
    let (id, source, target) = (escape(&*edge.id), escape(source), escape(target));
    let _ = writeln!(
        out,
        "    <edge id=\"{id}\" source=\"{source}\" target=\"{target}\">"
    );
    data(out, "edge", keys, &edge.properties);
    let label = escape(label);
    let _ = writeln!(
        out,
        "      <data key=\"d1\"><y:PolyLineEdge><y:Arrows source=\"none\" target=\"standard\"/>\
         <y:EdgeLabel>{label}</y:EdgeLabel></y:PolyLineEdge></data>"
    );
    out.push_str("    </edge>\n");
}
