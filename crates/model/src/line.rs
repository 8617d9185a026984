//! One step of a walk passes through here and becomes a line of JSON, in the member order and with the escapes of the
//! reference: what `offline` prints, and what its service answers.

mod order;

use serde_json::Value;

use crate::graph::Properties;
use crate::json::double;
use crate::json::object::{Escapes, Object, array, quote};
use crate::machine::{Machine, Step, WalkError};
use crate::{Element, Model};
use order::{Table, hashed};

/// What a line says besides the name of the element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The number of the path, where there are several.
    pub path: Option<u64>,
    /// That the step was made: the member `result`, of the service only.
    pub result: bool,
    /// Model, id, variables, properties and actions.
    pub verbose: bool,
    /// How many elements of the model there are, and those that were not visited.
    pub unvisited: bool,
}

/// Appends the object for a step. Fails if the variables cannot be read.
pub fn write(
    out: &mut String,
    machine: &mut Machine,
    step: Step,
    details: Details,
) -> Result<(), WalkError> {
    let data = if details.verbose {
        machine.data()?
    } else {
        Vec::new()
    };
    let model = &machine.suite().models[step.model];
    let unvisited = if details.unvisited {
        let is_left = |element: &Element| !machine.is_visited(step.model, *element);
        model.elements().filter(is_left).collect()
    } else {
        Vec::new()
    };
    let elements = model.vertices.len() + model.edges.len();
    let name = model.name_of(step.element).unwrap_or_default();
    object(out, |line| {
        if let Some(path) = details.path {
            line.value("path", path);
        }
        line.maybe("result", details.result.then_some("ok"));
        if details.verbose {
            line.maybe("modelName", model.name.as_deref().map(base_name));
            line.array("data", &data, |out, (name, value)| pair(out, name, value));
        }
        if details.unvisited {
            line.value("numberOfElements", elements);
        }
        if details.verbose {
            line.text("currentElementID", model.id_of(step.element));
        }
        if details.unvisited {
            line.value("numberOfUnvisitedElements", unvisited.len());
        }
        line.text("currentElementName", name);
        if details.unvisited {
            line.array("unvisitedElements", unvisited, |out, element| {
                left(out, model, element, details.verbose);
            });
        }
        if details.verbose {
            attributes(line, model, step.element);
        }
    });
    Ok(())
}

fn object(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    Object::write(out, Escapes::Message, fill);
}

/// An object of one member.
fn pair(out: &mut String, name: &str, text: &str) {
    object(out, |object| {
        object.text(name, text);
    });
}

/// An element that was not visited.
fn left(out: &mut String, model: &Model, element: Element, with_id: bool) {
    object(out, |object| {
        object
            .maybe("elementId", with_id.then(|| model.id_of(element)))
            .maybe("elementName", model.name_of(element));
    });
}

/// What hangs on the element.
fn attributes(line: &mut Object<'_>, model: &Model, element: Element) {
    let actions = model.actions_of(element);
    if !actions.is_empty() {
        line.array("actions", actions, |out, action| {
            pair(out, "Action", action);
        });
    }
    let properties = match element {
        Element::Vertex(at) => &model.vertices[at as usize].properties,
        Element::Edge(at) => &model.edges[at as usize].properties,
    };
    line.array("properties", in_order(properties), |out, (name, item)| {
        object(out, |object| {
            if !item.is_null() {
                value(object.member(name), item);
            }
        });
    });
}

fn in_order(properties: &Properties) -> Vec<(&String, &Value)> {
    let members: Vec<_> = properties.members().collect();
    hashed(members, Table::Copied)
}

/// A value as it stands in properties. Members that are null vanish, numbers lose a fraction of zero.
fn value(out: &mut String, found: &Value) {
    match found {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&short(number.as_f64().unwrap_or_default())),
        Value::String(text) => quote(out, text, Escapes::Message),
        Value::Array(items) => array(out, items, value),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, item)| !item.is_null()).collect();
            object(out, |object| {
                for (name, item) in hashed(members, Table::Sized) {
                    value(object.member(name), item);
                }
            });
        }
    }
}

/// `100` for 100.0, `1.0E7` as Java prints it.
fn short(number: f64) -> String {
    let text = double(number);
    match text.strip_suffix(".0") {
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// The name of a file without its folders and its last extension, which is what the reference makes of every name.
fn base_name(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(base, _)| base)
}
