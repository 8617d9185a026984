//! Models pass through here on their way to JSON, in the member order and with the escapes of the reference.

use serde_json::Value;

use super::object::{Escapes, Object, array, quote};
use crate::graph::Properties;
use crate::{Edge, Element, End, Model, Suite, Vertex};

/// Which members are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Those that the reference writes: no name and no seed of the whole.
    Reference,
    /// All that was read.
    Whole,
}

/// The models as one line of JSON. Read again, it gives the same models, but for comments and members that are not known.
pub fn write(suite: &Suite, scope: Scope) -> String {
    let mut out = String::new();
    object(&mut out, |object| {
        if scope == Scope::Whole {
            object.maybe("name", suite.name.as_deref());
            if let Some(seed) = suite.seed {
                object.value("seed", seed);
            }
        }
        object.array("models", &suite.models, write_model);
    });
    out
}

/// Appends one model as its member of `models`.
pub fn write_model(out: &mut String, model: &Model) {
    object(out, |object| {
        object
            .maybe("name", model.name.as_deref())
            .text("id", &model.id)
            .maybe("generator", model.generator.as_deref());
        let start = model.start.map(|start| model.id_of(start));
        object.maybe("startElementId", start.or(model.unknown_start.as_deref()));
        texts(object, "actions", &model.actions);
        texts(object, "requirements", &model.requirements);
        properties(object, &model.properties);
        object.array("vertices", &model.vertices, vertex);
        object.array("edges", &model.edges, |out, item| edge(out, model, item));
        let ids = model
            .path
            .iter()
            .filter_map(|at| model.edges.get(*at as usize));
        let path: Vec<Box<str>> = ids.map(|edge| edge.id.clone()).collect();
        texts(object, "predefinedPathEdgeIds", &path);
    });
}

/// Appends one element as its member of `vertices` or `edges`; `null` if the model has no such element.
pub fn write_element(out: &mut String, model: &Model, element: Element) {
    let found = match element {
        Element::Vertex(at) => model
            .vertices
            .get(at as usize)
            .map(|found| vertex(out, found)),
        Element::Edge(at) => model
            .edges
            .get(at as usize)
            .map(|found| edge(out, model, found)),
    };
    if found.is_none() {
        out.push_str("null");
    }
}

fn vertex(out: &mut String, vertex: &Vertex) {
    object(out, |object| {
        object
            .maybe("id", vertex.id.as_deref())
            .maybe("name", vertex.name.as_deref())
            .maybe("sharedState", vertex.shared.as_deref());
        texts(object, "actions", &vertex.actions);
        texts(object, "requirements", &vertex.requirements);
        properties(object, &vertex.properties);
    });
}

fn edge(out: &mut String, model: &Model, edge: &Edge) {
    let end = |end: &End| match end {
        End::None => None,
        End::Vertex(at) => model.vertices.get(*at as usize)?.id.clone(),
        End::Unknown(id) => Some(id.clone()),
    };
    object(out, |object| {
        object
            .text("id", &edge.id)
            .maybe("name", edge.name.as_deref())
            .maybe("guard", edge.guard.as_deref());
        texts(object, "actions", &edge.actions);
        texts(object, "requirements", &edge.requirements);
        properties(object, &edge.properties);
        object
            .value("weight", double(edge.weight))
            .value("dependency", edge.dependency)
            .maybe("sourceVertexId", end(&edge.source).as_deref())
            .maybe("targetVertexId", end(&edge.target).as_deref());
    });
}

fn object(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    Object::write(out, Escapes::Model, fill);
}

fn texts(object: &mut Object<'_>, name: &str, texts: &[Box<str>]) {
    if !texts.is_empty() {
        object.array(name, texts, |out, text| quote(out, text, Escapes::Model));
    }
}

fn properties(found: &mut Object<'_>, properties: &Properties) {
    if properties.is_empty() {
        return;
    }
    object(found.member("properties"), |object| {
        for (name, item) in properties.members() {
            value(object.member(name), item);
        }
    });
}

fn value(out: &mut String, found: &Value) {
    match found {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&double(number.as_f64().unwrap_or_default())),
        Value::String(text) => quote(out, text, Escapes::Model),
        Value::Array(items) => array(out, items, value),
        Value::Object(members) => object(out, |object| {
            for (name, item) in members {
                value(object.member(name), item);
            }
        }),
    }
}

/// A double as Java prints it: always with a fraction, with an exponent below 0.001 and from ten million on.
pub(crate) fn double(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || (1e-3..1e7).contains(&size) {
        return format!("{number:?}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        Some((digits, exponent)) => format!("{digits}E{exponent}"),
        None => text,
    }
}
