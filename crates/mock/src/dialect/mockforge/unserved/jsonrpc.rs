//! `methods:` of a JSON-RPC handler: a name and what is answered.

use std::collections::HashMap;

use sockeye_core::document::Node;
use sockeye_core::{Mistake, Place, quoted};

use super::script;
use crate::dialect::Reading;

/// What a method answers with; one of them.
const ANSWERS: [&str; 3] = ["response", "error", "handler"];

pub(super) fn check_methods(node: &Node, reading: &mut Reading<'_>) {
    let methods = node
        .as_seq("`methods`", reading.mistakes)
        .unwrap_or_default();
    let mut names: HashMap<&str, &Place> = HashMap::new();
    for method in methods {
        let Some((name, place)) = check_method(method, reading) else {
            continue;
        };
        if let Some(first) = names.get(name) {
            let mistake = Mistake::at(place, format!("the method {} is here twice", quoted(name)))
                .label("again here")
                .also(first, "first here")
                .remedy("remove one of them, or give it another name");
            reading.mistake(mistake);
            continue;
        }
        names.insert(name, place);
    }
}

/// The method's name and where it stands.
fn check_method<'n>(node: &'n Node, reading: &mut Reading<'_>) -> Option<(&'n str, &'n Place)> {
    let mut fields = reading.fields(node, "a method")?;
    let name = fields.need("name", reading.mistakes);
    let answers = reading.either(&mut fields, &ANSWERS);
    for (key, node) in &answers {
        match key.name.as_str() {
            "response" => check_response(node, reading),
            "error" => check_error(node, reading),
            _ => script::check_named(node, "handler", reading),
        }
    }
    if answers.is_empty() {
        let mistake = Mistake::at(fields.place(), "a method needs `response` or `error`")
            .label("neither is here")
            .remedy("add `response: { result: … }` or `error: { code: …, message: … }`");
        fields.miss("response", mistake);
    }
    reading.millis(&mut fields, "delay_ms");
    let schema = fields.take("params_schema");
    schema.map(|schema| schema.as_map("`params_schema`", reading.mistakes));
    reading.finish(fields);
    let name_node = name?;
    let name = name_node.as_text("`name`", reading.mistakes)?;
    if name.starts_with("rpc.") {
        let text = "method names that start with `rpc.` are reserved by JSON-RPC";
        let mistake = Mistake::at(&name_node.place_within(0.."rpc.".len()), text);
        reading.mistake(mistake.remedy("choose another name").warning());
    }
    Some((name, &name_node.place))
}

fn check_response(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "a method's `response`") else {
        return;
    };
    if let Some(result) = fields.take("result") {
        reading.json(result);
    }
    reading.finish(fields);
}

fn check_error(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "a method's `error`") else {
        return;
    };
    if let Some(code) = fields.need("code", reading.mistakes) {
        code.as_i64("`code`", i64::MIN..=i64::MAX, reading.mistakes);
    }
    if let Some(message) = fields.need("message", reading.mistakes)
        && message.as_text("`message`", reading.mistakes).is_some()
    {
        reading.template(message);
    }
    if let Some(data) = fields.take("data") {
        reading.json(data);
    }
    reading.finish(fields);
}
