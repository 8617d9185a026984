//! `auth:` and `schema:` of a handler: who may come in, and what may be said.

use sockeye_core::Mistake;
use sockeye_core::document::Node;

use crate::dialect::Reading;

/// What follows a message that breaks its contract.
const VIOLATIONS: [(&str, ()); 3] = [("log", ()), ("reply", ()), ("close", ())];

/// A header or a parameter of the query that must have a value.
pub(super) fn check_auth(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`auth`") else {
        return;
    };
    let found = reading.either(&mut fields, &["header", "query"]);
    for (key, node) in &found {
        node.as_text(&format!("`{}`", key.name), reading.mistakes);
    }
    if found.is_empty() {
        let mistake = Mistake::at(fields.place(), "`auth` needs `header` or `query`")
            .label("neither is here")
            .remedy("name the header or the parameter that carries the secret");
        fields.miss("header", mistake);
    }
    if let Some(equals) = fields.need("equals", reading.mistakes)
        && equals.as_text("`equals`", reading.mistakes).is_some()
    {
        reading.template(equals);
    }
    reading.whole(&mut fields, "status", 400..=599);
    reading.finish(fields);
}

/// JSON Schemas for the messages of each direction.
pub(super) fn check_schema(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`schema`") else {
        return;
    };
    for key in ["incoming", "outgoing"] {
        let schema = fields.take(key);
        schema.map(|schema| schema.as_map(&format!("`{key}`"), reading.mistakes));
    }
    reading.choice(&mut fields, "on_violation", &VIOLATIONS);
    reading.finish(fields);
}
