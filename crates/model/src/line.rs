//! One step of a walk passes through here and becomes a line of JSON, in the member order and with the escapes of the
//! reference: what `offline` prints, and what its service answers.

mod order;

use std::fmt::Write as _;

use serde_json::Value;

use crate::graph::Properties;
use crate::json::double;
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
    let mut object = Object::open(out);
    if let Some(path) = details.path {
        let _ = write!(object.member("path"), "{path}");
    }
    if details.result {
        object.member("result").push_str("\"ok\"");
    }
    if details.verbose {
        if let Some(name) = &model.name {
            quote(object.member("modelName"), base_name(name));
        }
        list(object.member("data"), &data, |out, (name, value)| {
            quote(Object::open(out).member(name), value);
            out.push('}');
        });
    }
    let unvisited = if details.unvisited {
        let is_left = |element: &Element| !machine.is_visited(step.model, *element);
        model.elements().filter(is_left).collect()
    } else {
        Vec::new()
    };
    if details.unvisited {
        let elements = model.vertices.len() + model.edges.len();
        let _ = write!(object.member("numberOfElements"), "{elements}");
    }
    if details.verbose {
        quote(object.member("currentElementID"), model.id_of(step.element));
    }
    if details.unvisited {
        let left = unvisited.len();
        let _ = write!(object.member("numberOfUnvisitedElements"), "{left}");
    }
    let name = model.name_of(step.element).unwrap_or_default();
    quote(object.member("currentElementName"), name);
    if details.unvisited {
        list(
            object.member("unvisitedElements"),
            &unvisited,
            |out, element| left(out, model, *element, details.verbose),
        );
    }
    if details.verbose {
        attributes(&mut object, model, step.element);
    }
    out.push('}');
    Ok(())
}

/// An element that was not visited.
fn left(out: &mut String, model: &Model, element: Element, with_id: bool) {
    let mut object = Object::open(out);
    if with_id {
        quote(object.member("elementId"), model.id_of(element));
    }
    if let Some(name) = model.name_of(element) {
        quote(object.member("elementName"), name);
    }
    out.push('}');
}

/// What hangs on the element.
fn attributes(object: &mut Object<'_>, model: &Model, element: Element) {
    let actions = model.actions_of(element);
    if !actions.is_empty() {
        list(object.member("actions"), actions, |out, action| {
            quote(Object::open(out).member("Action"), action);
            out.push('}');
        });
    }
    let properties = match element {
        Element::Vertex(at) => &model.vertices[at as usize].properties,
        Element::Edge(at) => &model.edges[at as usize].properties,
    };
    list(
        object.member("properties"),
        &in_order(properties),
        |out, (name, item)| {
            let mut object = Object::open(out);
            if !item.is_null() {
                value(object.member(name), item);
            }
            out.push('}');
        },
    );
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
        Value::String(text) => quote(out, text),
        Value::Array(items) => list(out, items, value),
        Value::Object(members) => {
            let members = members.iter().filter(|(_, item)| !item.is_null()).collect();
            let mut object = Object::open(out);
            for (name, item) in hashed(members, Table::Sized) {
                value(object.member(name), item);
            }
            out.push('}');
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

/// An object that is being written. Whoever opened it closes it.
struct Object<'a> {
    out: &'a mut String,
    is_empty: bool,
}

impl<'a> Object<'a> {
    fn open(out: &'a mut String) -> Self {
        out.push('{');
        let is_empty = true;
        Self { out, is_empty }
    }

    /// Begins a member; its value comes next.
    fn member(&mut self, name: &str) -> &mut String {
        if !std::mem::replace(&mut self.is_empty, false) {
            self.out.push(',');
        }
        quote(self.out, name);
        self.out.push(':');
        self.out
    }
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// A text in quotes, with what could end a script element, control characters and some spaces escaped.
fn quote(out: &mut String, text: &str) {
    out.push('"');
    let mut before = '\0';
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '/' if before == '<' => out.push_str("\\/"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..' ' | '\u{80}'..'\u{a0}' | '\u{2000}'..'\u{2100}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(letter));
            }
            _ => out.push(letter),
        }
        before = letter;
    }
    out.push('"');
}
