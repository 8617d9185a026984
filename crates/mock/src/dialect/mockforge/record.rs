//! `record:`, `record_path:` and `record_redact:` of a handler: what is written down of its connections,
//! where, and what is left out.

use std::sync::Arc;

use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_core::{Mistake, RedactionRules, Redactor};
use sockeye_tape::{NameMistake, NameTemplate};

use super::auth;
use crate::beside::folder_of;
use crate::dialect::Reading;
use crate::record::{NAMES, RecordSettings};

/// Where the manual explains recordings.
const PAGE: &str = "docs/recording.md";

/// Where sessions go if nobody says, from the folder of the file.
const USUAL_PATH: &str = "recordings/ws-{{date}}.json";

/// What is kept of the connections of a handler, and what is kept out.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) record: Option<Arc<RecordSettings>>,
    pub(super) redactor: Option<Arc<Redactor>>,
}

/// Reads all keys about recording.
pub(super) fn read(handler: &Node, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Kept {
    let is_wanted = reading.bool(fields, "record");
    let path = fields.take_entry("record_path");
    let name = match &path {
        Some((_, node)) => read_path(node, reading),
        None => NameTemplate::parse(USUAL_PATH, &NAMES).ok(),
    };
    if handler.get("record").is_none()
        && let Some((key, _)) = &path
    {
        let mistake = Mistake::at(&key.place, "`record_path` alone records nothing");
        let mistake = mistake.remedy("add `record: true`").page(PAGE);
        reading.mistake(mistake.warning());
    }
    let mut rules = match fields.take("record_redact").filter(|node| !node.is_null()) {
        Some(node) => read_rules(node, reading),
        None => RedactionRules::default(),
    };
    rules.literals = env_values(handler);
    rules.literals.extend(auth_values(handler));
    // Each rule was tried by itself.
    let redactor = Redactor::new(&rules).ok().filter(|all| !all.is_empty());
    let redactor = redactor.map(Arc::new);
    let record = is_wanted.unwrap_or(false).then_some(name).flatten();
    let record = record.map(|name| RecordSettings {
        folder: folder_of(&handler.place).to_owned(),
        name,
        redactor: redactor.clone(),
    });
    Kept {
        record: record.map(Arc::new),
        redactor,
    }
}

fn read_path(node: &Node, reading: &mut Reading<'_>) -> Option<NameTemplate> {
    let text = node.as_text("`record_path`", reading.mistakes)?;
    let wrong = match NameTemplate::parse(text, &NAMES) {
        Ok(name) => return Some(name),
        Err(wrong) => wrong,
    };
    let length = match &wrong {
        NameMistake::Unknown { name, .. } => name.len().max(1),
        NameMistake::Leaves { .. } | NameMistake::Open { .. } => 2,
        NameMistake::NoFile { .. } | NameMistake::Control { .. } => 1,
    };
    let at = wrong.at().min(text.len());
    let place = node.place_within(at..(at + length).min(text.len()));
    let mistake = Mistake::at(&place, wrong.to_string()).page(PAGE);
    let mistake = match &wrong {
        NameMistake::Unknown { name, .. } => mistake.did_you_mean(name, NAMES),
        NameMistake::Leaves { .. } => {
            mistake.remedy("write a path below the folder of this file, such as recordings/ws.json")
        }
        NameMistake::Open { .. } => mistake.remedy("close it with `}}`"),
        NameMistake::NoFile { .. } => mistake.remedy("add a name, such as ws-{{date}}.json"),
        NameMistake::Control { .. } => mistake.remedy("remove it"),
    };
    reading.mistake(mistake);
    None
}

/// What is to be left out; each rule that is none is a mistake at its place.
fn read_rules(node: &Node, reading: &mut Reading<'_>) -> RedactionRules {
    let Some(mut fields) = reading.fields(node, "`record_redact`") else {
        return RedactionRules::default();
    };
    let mut rules = RedactionRules::default();
    let lists: [(&str, &mut Vec<String>); 2] = [
        ("pointers", &mut rules.pointers),
        ("patterns", &mut rules.patterns),
    ];
    for (key, list) in lists {
        for item in reading.items(&mut fields, key) {
            let what = format!("an item of `{key}`");
            let Some(text) = item.as_text(&what, reading.mistakes) else {
                continue;
            };
            match Redactor::new(&alone(key, text)) {
                Ok(_) => list.push(text.to_owned()),
                Err(wrong) => {
                    let mistake = Mistake::at(&item.place, wrong.0).page(PAGE);
                    reading.mistake(match key {
                        "patterns" => mistake.remedy("write one such as 'key=(\\w+)'"),
                        _ => mistake,
                    });
                }
            }
        }
    }
    reading.finish(fields);
    rules
}

/// A rule by itself.
fn alone(key: &str, text: &str) -> RedactionRules {
    let mut rules = RedactionRules::default();
    let list = match key {
        "pointers" => &mut rules.pointers,
        _ => &mut rules.patterns,
    };
    list.push(text.to_owned());
    rules
}

/// The values of the environment that stand in headers: they are never written, wherever they turn up.
fn env_values(handler: &Node) -> Vec<String> {
    let headers = handler.get("on_connect").and_then(|on| on.get("headers"));
    let Some(NodeValue::Map(headers)) = headers.map(|headers| &headers.value) else {
        return Vec::new();
    };
    let texts = headers.iter().filter_map(|(_, value)| value.text());
    let names = texts.flat_map(|text| text.split("env.").skip(1).map(name_at_start));
    names.filter_map(|name| std::env::var(name).ok()).collect()
}

/// What a handshake must carry: a text, or values of the environment in one.
fn auth_values(handler: &Node) -> Vec<String> {
    let Some(text) = auth::written(handler) else {
        return Vec::new();
    };
    if !text.contains("{{") {
        return vec![text.to_owned()];
    }
    let names = text.split("env.").skip(1).map(name_at_start);
    names.filter_map(|name| std::env::var(name).ok()).collect()
}

fn name_at_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}
