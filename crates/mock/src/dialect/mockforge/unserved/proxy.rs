//! Keys of a proxy: the server behind it, what happens to messages on the way.

use sockeye_core::document::Node;
use sockeye_script::js::ScriptKind;

use crate::dialect::Reading;

pub(super) fn check_upstream(node: &Node, reading: &mut Reading<'_>) {
    let is_template = node
        .text()
        .is_some_and(|text| text.trim_start().starts_with("{{"));
    if is_template || reading.url(node, "`upstream`", &["ws", "wss"]).is_some() {
        reading.template(node);
    }
}

/// Scripts by direction: `incoming` is from the client, `outgoing` to it.
pub(super) fn check_transform(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`transform`") else {
        return;
    };
    for key in ["incoming", "outgoing"] {
        if let Some(node) = fields.take(key) {
            reading.as_script(node, key, ScriptKind::Transform);
        }
    }
    reading.finish(fields);
}

pub(super) fn check_forward_headers(node: &Node, reading: &mut Reading<'_>) {
    let names = node.as_seq("`forward_headers`", reading.mistakes);
    for name in names.unwrap_or_default() {
        name.as_text("an item of `forward_headers`", reading.mistakes);
    }
}
