//! `scheduled:` and `broadcast:` of a handler: messages that nobody asked for.

use std::time::Duration;

use sockeye_core::document::{Node, NodeValue};

use super::unserved::{Unserved, script};
use crate::agenda::Timer;
use crate::dialect::Reading;

/// A list of timers that each connection has for itself.
pub(super) fn read_scheduled(
    items: &[Node],
    unserved: &mut Unserved,
    reading: &mut Reading<'_>,
) -> Vec<Timer> {
    let items = items.iter();
    items
        .filter_map(|item| read_timer(item, "an item of `scheduled`", unserved, reading))
        .collect()
}

/// One timer of all connections of a handler, or a list of them.
pub(super) fn read_broadcast(
    node: &Node,
    unserved: &mut Unserved,
    reading: &mut Reading<'_>,
) -> Vec<Timer> {
    let items = match &node.value {
        NodeValue::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let items = items.iter();
    items
        .filter_map(|item| read_timer(item, "`broadcast`", unserved, reading))
        .collect()
}

fn read_timer(
    node: &Node,
    what: &'static str,
    unserved: &mut Unserved,
    reading: &mut Reading<'_>,
) -> Option<Timer> {
    let mut fields = reading.fields(node, what)?;
    let interval = fields.need("interval_ms", reading.mistakes);
    let interval = interval.and_then(|interval| reading.interval(interval, "interval_ms"));
    let message = fields.need("message", reading.mistakes);
    let answer = message.and_then(|message| reading.answer(message));
    let first = reading.millis(&mut fields, "initial_delay_ms");
    let count = reading.whole(&mut fields, "count", 1..=u64::from(u32::MAX));
    if let Some((key, node)) = fields.take_entry("jitter_ms") {
        reading.as_millis(node, "`jitter_ms`");
        unserved.note(&key.place, "`jitter_ms`", reading);
    }
    if let Some((key, node)) = fields.take_entry("when") {
        script::check_when(node, reading);
        unserved.note(&key.place, "`when`", reading);
    }
    reading.finish(fields);
    let interval = Duration::from_millis(interval?);
    Some(Timer {
        interval,
        first: first.map_or(interval, Duration::from_millis),
        count,
        answer: answer?,
    })
}
