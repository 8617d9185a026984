//! `chaos:`, faults on purpose, of all handlers or of one.

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, Place};

use crate::dialect::Reading;
use crate::dialect::mockforge::rule::close_code;

/// Shares of messages, each between 0 and 1.
const RATES: [&str; 5] = [
    "disconnect_probability",
    "message_drop_rate",
    "message_duplicate_rate",
    "message_reorder_rate",
    "message_corrupt_rate",
];

/// Which messages are dropped, duplicated and reordered.
const DIRECTIONS: [(&str, ()); 3] = [("outbound", ()), ("inbound", ()), ("both", ())];

/// How delays spread between their bounds.
const DISTRIBUTIONS: [(&str, ()); 4] = [
    ("uniform", ()),
    ("fixed", ()),
    ("normal", ()),
    ("pareto", ()),
];

/// The longest queue in front of a slow socket, in messages.
const LONGEST_QUEUE: u64 = 1_000_000;

pub(super) fn check(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`chaos`") else {
        return;
    };
    reading.bool(&mut fields, "enabled");
    for rate in RATES {
        reading.number(&mut fields, rate, 0.0..=1.0);
    }
    if let Some(delay) = fields.take("delay") {
        check_delay(delay, reading);
    }
    if let Some(slow) = fields.take("slow_consumer") {
        check_slow_consumer(slow, reading);
    }
    reading.whole(&mut fields, "seed", 0..=u64::MAX);
    reading.choice(&mut fields, "direction", &DIRECTIONS);
    reading.millis(&mut fields, "reorder_window_ms");
    reading.whole(&mut fields, "bandwidth_bps", 1..=u64::MAX);
    check_codes(&mut fields, reading);
    reading.finish(fields);
}

/// With which code a disconnection closes: one, or one of several.
fn check_codes(fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    for (key, node) in reading.either(fields, &["disconnect_code", "close_codes"]) {
        if key.name == "disconnect_code" {
            close_code(node, "`disconnect_code`", reading);
            continue;
        }
        let codes = node
            .as_seq("`close_codes`", reading.mistakes)
            .unwrap_or_default();
        for code in codes {
            close_code(code, "an item of `close_codes`", reading);
        }
    }
}

fn check_delay(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`delay`") else {
        return;
    };
    let least = reading.millis(&mut fields, "min_ms");
    let most = reading.millis(&mut fields, "max_ms");
    reading.choice(&mut fields, "distribution", &DISTRIBUTIONS);
    reading.finish(fields);
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        let place = |key| node.get(key).map_or(&node.place, |node| &node.place);
        reading.mistake(bounds(least, most, place("min_ms"), place("max_ms")));
    }
}

fn bounds(least: u64, most: u64, min: &Place, max: &Place) -> Mistake {
    Mistake::at(
        min,
        format!("`min_ms` ({least}) is more than `max_ms` ({most})"),
    )
    .label("the lower bound")
    .also(max, "the upper one")
    .remedy("swap them")
}

fn check_slow_consumer(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`slow_consumer`") else {
        return;
    };
    reading.bool(&mut fields, "enabled");
    reading.millis(&mut fields, "delay_ms");
    reading.whole(&mut fields, "buffer_size", 1..=LONGEST_QUEUE);
    reading.bool(&mut fields, "drop_when_full");
    reading.finish(fields);
}
