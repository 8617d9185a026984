//! Keys of the guide that are read and checked, but not served by this version: each is a warning,
//! and a route that cannot work without one refuses upgrades with 501.

use sockeye_core::document::{Fields, Key, Node};
use sockeye_core::{Mistake, quoted};

use super::PAGE;
use super::handler::Type;
use crate::dialect::Reading;

/// Keys beside `handlers` that this version does not serve.
const SECTION: [&str; 8] = [
    "chaos",
    "tls",
    "shared_state",
    "replay_file",
    "outbound_queue",
    "on_slow",
    "script",
    "log_messages",
];

/// Keys of a handler that it does not serve.
const HANDLER: [&str; 16] = [
    "methods",
    "script",
    "script_file",
    "broadcast",
    "scheduled",
    "state",
    "upstream",
    "transform",
    "record",
    "record_path",
    "on_connect",
    "on_close",
    "chaos",
    "schema",
    "auth",
    "forward_headers",
];

/// Keys of a rule that it does not serve.
const RULE: [&str; 6] = ["when", "then", "delay_ms", "times", "close", "broadcast"];

pub(super) fn read_section(fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    for key in SECTION {
        if let Some((key, node)) = fields.take_entry(key) {
            check(key, node, reading);
            reading.unserved(&key.place, &quoted(&key.name));
        }
    }
}

/// The first part of a handler that is not served.
pub(super) fn read_handler(
    kind: Type,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    let by_type = match kind {
        Type::JsonRpc => Some("`type: jsonrpc`"),
        Type::Script => Some("`type: script`"),
        Type::Rooms => Some("`type: rooms`"),
        Type::Proxy => Some("`type: proxy`"),
        Type::Echo | Type::Static | Type::Pattern => None,
    };
    if let Some(part) = by_type {
        reading.unserved(fields.place(), part);
    }
    let mut found = by_type;
    for name in HANDLER {
        let Some((key, node)) = fields.take_entry(name) else {
            continue;
        };
        check(key, node, reading);
        if by_type.is_none() {
            reading.unserved(&key.place, &quoted(name));
        }
        found = found.or(Some(name));
    }
    found
}

/// The first part of a rule that is not served.
pub(super) fn read_rule(
    fields: &mut Fields<'_>,
    handler: Option<&(Key, Node)>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    let mut found = None;
    if let Some((key, node)) = handler {
        node.as_text("handler", reading.mistakes);
        reading.unserved(&key.place, "`handler`");
        found = Some("handler");
    }
    for name in RULE {
        let Some((key, node)) = fields.take_entry(name) else {
            continue;
        };
        check(key, node, reading);
        reading.unserved(&key.place, &quoted(name));
        found = found.or(Some(name));
    }
    found
}

/// What can already be said about such a part: rates, intervals, bounds.
fn check(key: &Key, node: &Node, reading: &mut Reading<'_>) {
    match key.name.as_str() {
        "chaos" => check_chaos(node, reading),
        "scheduled" => {
            let items = node
                .as_seq("scheduled", reading.mistakes)
                .unwrap_or_default();
            items
                .iter()
                .for_each(|item| check_timer(item, "a scheduled message", reading));
        }
        "broadcast" if node.get("interval_ms").is_some() => {
            check_timer(node, "a broadcast", reading);
        }
        "when" | "script" if node.get("timeout_ms").is_none() => {
            node.as_text(&key.name, reading.mistakes);
        }
        _ => {}
    }
}

fn check_timer(node: &Node, what: &'static str, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, what) else {
        return;
    };
    let interval = fields.need("interval_ms", reading.mistakes);
    let _ = interval.map(|node| node.as_u64("interval_ms", 1..=86_400_000, reading.mistakes));
    if let Some(message) = fields.need("message", reading.mistakes) {
        reading.answer(message);
    }
    for key in ["initial_delay_ms", "jitter_ms", "count", "when"] {
        let _ = fields.take(key);
    }
    reading.finish(fields);
}

/// The rates of `chaos:`, each a probability.
const RATES: [&str; 5] = [
    "disconnect_probability",
    "message_drop_rate",
    "message_duplicate_rate",
    "message_reorder_rate",
    "message_corrupt_rate",
];

fn check_chaos(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "chaos") else {
        return;
    };
    let _ = fields
        .take("enabled")
        .map(|node| node.as_bool("enabled", reading.mistakes));
    for rate in RATES {
        let _ = fields
            .take(rate)
            .map(|node| node.as_f64(rate, 0.0..=1.0, reading.mistakes));
    }
    if let Some(delay) = fields.take("delay") {
        check_delay(delay, reading);
    }
    for key in [
        "slow_consumer",
        "seed",
        "direction",
        "disconnect_code",
        "close_codes",
        "reorder_window_ms",
        "bandwidth_bps",
    ] {
        let _ = fields.take(key);
    }
    reading.finish(fields);
}

fn check_delay(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "a delay") else {
        return;
    };
    let mut millis = |key| {
        fields
            .take(key)
            .and_then(|node| node.as_u64(key, 0..=86_400_000, reading.mistakes))
    };
    let (least, most) = (millis("min_ms"), millis("max_ms"));
    let _ = fields.take("distribution");
    reading.finish(fields);
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        let text = format!("`min_ms` ({least}) is more than `max_ms` ({most})");
        reading.mistake(
            Mistake::at(&node.place, text)
                .remedy("swap them")
                .page(PAGE),
        );
    }
}
