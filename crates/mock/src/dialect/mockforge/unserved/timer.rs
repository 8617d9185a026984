//! `scheduled:` and `broadcast:` of a handler: messages that nobody asked for.

use sockeye_core::document::{Node, NodeValue};

use super::script;
use crate::dialect::Reading;

/// A list of timers that each connection has for itself.
pub(super) fn check_scheduled(node: &Node, reading: &mut Reading<'_>) {
    let items = node
        .as_seq("`scheduled`", reading.mistakes)
        .unwrap_or_default();
    for item in items {
        check_timer(item, "an item of `scheduled`", reading);
    }
}

/// One timer of all connections of a handler, or a list of them.
pub(super) fn check_broadcast(node: &Node, reading: &mut Reading<'_>) {
    let items = match &node.value {
        NodeValue::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    for item in items {
        check_timer(item, "`broadcast`", reading);
    }
}

fn check_timer(node: &Node, what: &'static str, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, what) else {
        return;
    };
    if let Some(interval) = fields.need("interval_ms", reading.mistakes) {
        reading.interval(interval, "interval_ms");
    }
    if let Some(message) = fields.need("message", reading.mistakes) {
        reading.answer(message);
    }
    reading.millis(&mut fields, "initial_delay_ms");
    reading.millis(&mut fields, "jitter_ms");
    reading.whole(&mut fields, "count", 1..=u64::from(u32::MAX));
    if let Some(condition) = fields.take("when") {
        script::check_when(condition, reading);
    }
    reading.finish(fields);
}
