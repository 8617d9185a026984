//! Models pass through here on their way to JSON, in the member order and with the escapes of the reference.

use serde_json::Value;

use crate::graph::Properties;
use crate::{Edge, End, Model, Suite, Vertex};

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
    object(&mut out, |out| {
        if scope == Scope::Whole {
            optional(out, "name", suite.name.as_deref());
            if let Some(seed) = suite.seed {
                member(out, "seed");
                out.push_str(&seed.to_string());
            }
        }
        array(out, "models", &suite.models, model);
    });
    out
}

fn model(out: &mut String, model: &Model) {
    object(out, |out| {
        optional(out, "name", model.name.as_deref());
        required(out, "id", &model.id);
        optional(out, "generator", model.generator.as_deref());
        let start = model.start.map(|start| model.id_of(start));
        optional(
            out,
            "startElementId",
            start.or(model.unknown_start.as_deref()),
        );
        texts(out, "actions", &model.actions);
        texts(out, "requirements", &model.requirements);
        properties(out, &model.properties);
        array(out, "vertices", &model.vertices, vertex);
        array(out, "edges", &model.edges, |out, edge| {
            write_edge(out, model, edge);
        });
        let ids = model
            .path
            .iter()
            .filter_map(|at| model.edges.get(*at as usize));
        let path: Vec<Box<str>> = ids.map(|edge| edge.id.clone()).collect();
        texts(out, "predefinedPathEdgeIds", &path);
    });
}

fn vertex(out: &mut String, vertex: &Vertex) {
    object(out, |out| {
        optional(out, "id", vertex.id.as_deref());
        optional(out, "name", vertex.name.as_deref());
        optional(out, "sharedState", vertex.shared.as_deref());
        texts(out, "actions", &vertex.actions);
        texts(out, "requirements", &vertex.requirements);
        properties(out, &vertex.properties);
    });
}

fn write_edge(out: &mut String, model: &Model, edge: &Edge) {
    let end = |end: &End| match end {
        End::None => None,
        End::Vertex(at) => model.vertices.get(*at as usize)?.id.clone(),
        End::Unknown(id) => Some(id.clone()),
    };
    object(out, |out| {
        required(out, "id", &edge.id);
        optional(out, "name", edge.name.as_deref());
        optional(out, "guard", edge.guard.as_deref());
        texts(out, "actions", &edge.actions);
        texts(out, "requirements", &edge.requirements);
        properties(out, &edge.properties);
        member(out, "weight");
        out.push_str(&double(edge.weight));
        member(out, "dependency");
        out.push_str(&edge.dependency.to_string());
        optional(out, "sourceVertexId", end(&edge.source).as_deref());
        optional(out, "targetVertexId", end(&edge.target).as_deref());
    });
}

fn object(out: &mut String, fill: impl FnOnce(&mut String)) {
    out.push('{');
    fill(out);
    out.push('}');
}

/// Begins a member: a comma unless it is the first, the name, a colon.
fn member(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    quote(out, name);
    out.push(':');
}

fn required(out: &mut String, name: &str, text: &str) {
    member(out, name);
    quote(out, text);
}

fn optional(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        required(out, name, text);
    }
}

fn array<T>(out: &mut String, name: &str, items: &[T], write: impl Fn(&mut String, &T)) {
    member(out, name);
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn texts(out: &mut String, name: &str, texts: &[Box<str>]) {
    if !texts.is_empty() {
        array(out, name, texts, |out, text| quote(out, text));
    }
}

fn properties(out: &mut String, properties: &Properties) {
    if properties.is_empty() {
        return;
    }
    member(out, "properties");
    object(out, |out| {
        for (name, item) in properties.members() {
            member(out, name);
            value(out, item);
        }
    });
}

fn value(out: &mut String, found: &Value) {
    match found {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&double(number.as_f64().unwrap_or_default())),
        Value::String(text) => quote(out, text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => object(out, |out| {
            for (name, item) in members {
                member(out, name);
                value(out, item);
            }
        }),
    }
}

/// A text in quotes. What HTML could take for markup is escaped, as the reference does.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '=' | '\'' | '\u{2028}' | '\u{2029}' | '\0'..' ' => {
                out.push_str("\\u");
                let digits = format!("{:04x}", u32::from(letter));
                out.push_str(&digits);
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
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
