//! YAML configurations pass through here: `env`, `includes`, `service`, `pipeline`, `parsers`.

use std::sync::Arc;

use sockeye_core::document::{Key, Node, NodeValue, parse_yaml};
use sockeye_core::{Mistake, Place, Source, quoted};

use super::Reading;
use super::classic::include;
use super::draft::{Draft, Sort, ignored_section, key};
use crate::plan::Property;

/// Members of the reference's files that mean nothing here.
const FOREIGN: [&str; 5] = [
    "customs",
    "multiline_parsers",
    "plugins",
    "stream_processor",
    "upstream_servers",
];

const TOP: [&str; 5] = ["env", "includes", "service", "pipeline", "parsers"];
const PIPELINE: [&str; 3] = ["inputs", "filters", "outputs"];

/// Reads one file into drafts; what it includes is read first.
pub(super) fn read(reading: &mut Reading<'_>, source: &Arc<Source>) {
    let root = match parse_yaml(source) {
        Ok(root) => root,
        Err(mistakes) => return reading.mistakes.extend(mistakes),
    };
    if root.is_null() {
        return;
    }
    let Some(members) = map(reading, &root, "a configuration") else {
        return;
    };
    // Variables hold for the whole file, wherever they stand.
    for (name, node) in members.iter().filter(|(name, _)| key(&name.name) == "env") {
        env(reading, name, node);
    }
    for (name, node) in members {
        match key(&name.name).as_str() {
            "env" => {}
            "includes" => includes(reading, node),
            "service" => section(reading, Sort::Service, node),
            "pipeline" => pipeline(reading, node),
            "parsers" => sections(reading, Sort::Parser, node),
            other => reading.mistakes.push(unknown(name, other)),
        }
    }
}

fn map<'n>(reading: &mut Reading<'_>, node: &'n Node, what: &str) -> Option<&'n [(Key, Node)]> {
    node.as_map(what, &mut reading.mistakes)
}

fn list<'n>(reading: &mut Reading<'_>, node: &'n Node, what: &str) -> &'n [Node] {
    match &node.value {
        NodeValue::Seq(items) => items,
        NodeValue::Null => &[],
        _ => {
            let message = format!("{what} must be a list, not {}", node.kind_name());
            let mistake = Mistake::at(&node.place, message).label("not a list");
            let remedy = "put a dash in front of each entry";
            reading.mistakes.push(mistake.remedy(remedy));
            &[]
        }
    }
}

fn unknown(name: &Key, word: &str) -> Mistake {
    if FOREIGN.contains(&word) {
        let remedy = "remove it: nothing of the kind is built in".to_owned();
        return ignored_section(&name.place, word, remedy);
    }
    Mistake::at(
        &name.place,
        format!("unknown key {} in a configuration", quoted(&name.name)),
    )
    .label("ignored")
    .did_you_mean(word, TOP)
    .warning()
}

fn env(reading: &mut Reading<'_>, name: &Key, node: &Node) {
    for (variable, value) in map(reading, node, "`env`").unwrap_or_default() {
        let Some(text) = scalar(value) else {
            let kind = value.kind_name();
            let message = format!("{} must be text, not {kind}", quoted(&variable.name));
            let mistake = Mistake::at(&value.place, message).label("not text");
            let mistake = mistake.also(&name.place, "these are variables");
            reading.mistakes.push(mistake.remedy("write one value"));
            continue;
        };
        let text = reading
            .variables
            .replaced(&text, &value.place, &mut reading.mistakes);
        reading.variables.set(&variable.name, text);
    }
}

fn includes(reading: &mut Reading<'_>, node: &Node) {
    for item in list(reading, node, "`includes`") {
        let Some(name) = scalar(item) else {
            let mistake = Mistake::at(&item.place, "an include must be the name of a file");
            reading
                .mistakes
                .push(mistake.label("no name").remedy("write `- file.yaml`"));
            continue;
        };
        if let Err(mistake) = include(reading, &name, &item.place) {
            reading.mistakes.push(mistake);
        }
    }
}

fn pipeline(reading: &mut Reading<'_>, node: &Node) {
    for (name, node) in map(reading, node, "`pipeline`").unwrap_or_default() {
        match name.name.as_str() {
            "inputs" => sections(reading, Sort::Input, node),
            "filters" => sections(reading, Sort::Filter, node),
            "outputs" => sections(reading, Sort::Output, node),
            other => {
                let message = format!("unknown key {} under `pipeline`", quoted(other));
                let mistake = Mistake::at(&name.place, message).label("not known here");
                reading.mistakes.push(mistake.did_you_mean(other, PIPELINE));
            }
        }
    }
}

fn sections(reading: &mut Reading<'_>, sort: Sort, node: &Node) {
    for item in list(reading, node, "this") {
        section(reading, sort, item);
    }
}

fn section(reading: &mut Reading<'_>, sort: Sort, node: &Node) {
    if let Some(draft) = draft(reading, sort, node) {
        reading.drafts.push(draft);
    }
}

fn draft(reading: &mut Reading<'_>, sort: Sort, node: &Node) -> Option<Draft> {
    let entries = map(reading, node, "a section")?;
    let first = entries.first().map_or(&node.place, |(name, _)| &name.place);
    let mut draft = Draft::new(sort, first.clone());
    for (name, value) in entries {
        if key(&name.name) == "processors" {
            processors(reading, &mut draft, value);
        } else {
            property(reading, &mut draft, name, value);
        }
    }
    Some(draft)
}

/// `logs`, a list of filters; there are neither metrics nor traces here.
fn processors(reading: &mut Reading<'_>, draft: &mut Draft, node: &Node) {
    for (kind, node) in map(reading, node, "`processors`").unwrap_or_default() {
        if kind.name != "logs" {
            let message = format!("processors of {} are not known", quoted(&kind.name));
            let mistake = Mistake::at(&kind.place, message).label("ignored");
            reading
                .mistakes
                .push(mistake.remedy("records are `logs`").warning());
            continue;
        }
        for item in list(reading, node, "`logs`") {
            let processor = self::draft(reading, Sort::Filter, item);
            draft.processors.extend(processor);
        }
    }
}

/// One value, or several in a list.
fn property(reading: &mut Reading<'_>, draft: &mut Draft, name: &Key, node: &Node) {
    let values = match &node.value {
        NodeValue::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    for value in values {
        let Some(text) = scalar(value) else {
            let message = format!(
                "{} must be text, not {}",
                quoted(&name.name),
                value.kind_name()
            );
            let mistake = Mistake::at(&value.place, message).label("not text");
            let remedy = "write it as one text, in quotes if it has braces";
            reading.mistakes.push(mistake.remedy(remedy));
            continue;
        };
        draft.properties.push(Property {
            key: key(&name.name),
            value: text.trim().to_owned(),
            place: value_place(value, name),
            key_place: name.place.clone(),
        });
    }
}

fn value_place(value: &Node, name: &Key) -> Place {
    if value.place.span().is_empty() {
        name.place.clone()
    } else {
        value.place.clone()
    }
}

/// A value as text: numbers as they are written.
fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Null => Some(String::new()),
        NodeValue::Bool(value) => Some(value.to_string()),
        NodeValue::Int(_) | NodeValue::Float(_) => Some(node.place.raw().trim().to_owned()),
        NodeValue::Str(text) => Some(text.clone()),
        NodeValue::Seq(_) | NodeValue::Map(_) => None,
    }
}
