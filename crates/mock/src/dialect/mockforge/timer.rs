//! `scheduled:` and `broadcast:` of a handler: messages that nobody asked for.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use sockeye_core::document::{Node, NodeValue};
use sockeye_script::js::ScriptKind;

use crate::agenda::Timer;
use crate::dialect::Reading;

/// How messages call a timer of all connections.
const BROADCAST: &str = "`broadcast`";

/// A list of timers that each connection has for itself.
pub(super) fn read_scheduled(items: &[Node], reading: &mut Reading<'_>) -> Vec<Timer> {
    let items = items.iter();
    items
        .filter_map(|item| read_timer(item, "an item of `scheduled`", reading))
        .collect()
}

/// One timer of all connections of a handler, or a list of them.
pub(super) fn read_broadcast(node: &Node, reading: &mut Reading<'_>) -> Vec<Timer> {
    let items = match &node.value {
        NodeValue::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let items = items.iter();
    items
        .filter_map(|item| read_timer(item, BROADCAST, reading))
        .collect()
}

fn read_timer(node: &Node, what: &'static str, reading: &mut Reading<'_>) -> Option<Timer> {
    let mut fields = reading.fields(node, what)?;
    let interval = fields.need("interval_ms", reading.mistakes);
    let interval = interval.and_then(|interval| reading.interval(interval, "interval_ms"));
    let message = fields.need("message", reading.mistakes);
    let answer = message.and_then(|message| reading.answer(message));
    let first = reading.millis(&mut fields, "initial_delay_ms");
    let count = reading.whole(&mut fields, "count", 1..=u64::from(u32::MAX));
    let jitter = reading.millis(&mut fields, "jitter_ms").unwrap_or(0);
    // A broadcast is no connection's own.
    let when = if what == BROADCAST {
        None
    } else {
        reading.script(&mut fields, "when", ScriptKind::When)
    };
    reading.finish(fields);
    let interval = Duration::from_millis(interval?);
    Some(Timer {
        interval,
        first: first.map_or(interval, Duration::from_millis),
        count,
        jitter: Duration::from_millis(jitter),
        when,
        answer: answer?,
        sent: AtomicU64::new(0),
    })
}
