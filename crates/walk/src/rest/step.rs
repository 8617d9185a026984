//! A step on its way into the answer to `getNext`, as much of it as was asked for.

use serde_json::Value;
use sockeye_model::graph::Properties;
use sockeye_model::machine::{Step, WalkError};
use sockeye_model::{Element, Model};

use crate::reply::{Object, array, quote};
use crate::state::data_object;
use crate::walk::Walk;

pub(super) fn write(
    walk: &mut Walk,
    step: Step,
    verbose: bool,
    unvisited: bool,
    object: &mut Object<'_>,
) -> Result<(), WalkError> {
    let suite = std::sync::Arc::clone(walk.suite());
    let model = &suite.models[step.model];
    let name = model.name_of(step.element).unwrap_or_default();
    object.text("currentElementName", name);
    if verbose {
        details(walk, model, step, object)?;
    }
    if unvisited {
        missed(walk, model, step.model, verbose, object);
    }
    Ok(())
}

fn details(
    walk: &mut Walk,
    model: &Model,
    step: Step,
    object: &mut Object<'_>,
) -> Result<(), WalkError> {
    object
        .maybe("modelName", model.name.as_deref().map(base_name))
        .text("currentElementID", model.id_of(step.element));
    let pairs = walk.data()?;
    object.with("data", |out| {
        array(out, pairs, |out, pair| {
            data_object(out, std::slice::from_ref(pair));
        });
    });
    let properties = properties_of(model, step.element);
    object.with("properties", |out| {
        let members = properties.members().filter(|(_, value)| !value.is_null());
        array(out, members, |out, (name, value)| {
            out.push('{');
            quote(out, name);
            out.push(':');
            out.push_str(&shown(value));
            out.push('}');
        });
    });
    let actions = model.actions_of(step.element);
    if !actions.is_empty() {
        object.with("actions", |out| {
            array(out, actions, |out, action| {
                out.push_str("{\"Action\":");
                quote(out, action);
                out.push('}');
            });
        });
    }
    Ok(())
}

fn properties_of(model: &Model, element: Element) -> &Properties {
    match element {
        Element::Vertex(at) => &model.vertices[at as usize].properties,
        Element::Edge(at) => &model.edges[at as usize].properties,
    }
}

/// A value as JSON; whole numbers have no fraction.
fn shown(value: &Value) -> String {
    match value.as_f64() {
        Some(number) if value.is_number() => format!("{number}"),
        _ => value.to_string(),
    }
}

fn missed(walk: &Walk, model: &Model, number: usize, verbose: bool, object: &mut Object<'_>) {
    let is_missed = |element: &Element| !walk.machine.is_visited(number, *element);
    let missed: Vec<Element> = model.elements().filter(is_missed).collect();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    object
        .whole("numberOfElements", count(model.elements().count()))
        .whole("numberOfUnvisitedElements", count(missed.len()));
    object.with("unvisitedElements", |out| {
        array(out, missed, |out, element| {
            out.push('{');
            if let Some(name) = model.name_of(element) {
                out.push_str("\"elementName\":");
                quote(out, name);
            }
            if verbose {
                out.push_str(if out.ends_with('{') {
                    "\"elementId\":"
                } else {
                    ",\"elementId\":"
                });
                quote(out, model.id_of(element));
            }
            out.push('}');
        });
    });
}

/// A model's name without folders and ending.
fn base_name(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    match file.rsplit_once('.') {
        Some((base, _)) if !base.is_empty() => base,
        _ => file,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_cut_to_what_people_call_them() {
        assert_eq!(base_name("src/models/UC01.graphml"), "UC01");
        assert_eq!(base_name("UC01"), "UC01");
        assert_eq!(base_name("a.b.json"), "a.b");
    }
}
