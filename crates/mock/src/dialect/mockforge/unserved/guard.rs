//! `schema:` of a handler: what may be said.

use sockeye_core::document::Node;

use crate::dialect::Reading;

/// What follows a message that breaks its contract.
const VIOLATIONS: [(&str, ()); 3] = [("log", ()), ("reply", ()), ("close", ())];

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
