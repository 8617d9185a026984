//! Every key of `chaos:`: its group, its form, what holds without it. Files, the admin listener and its
//! description go by this table.

use std::ops::RangeInclusive;

use serde_json::{Map, Value, json};

use super::frames;

/// A day in milliseconds, the longest time.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// The longest queue in front of a slow socket, in messages.
const LONGEST_QUEUE: u64 = 1_000_000;

/// What a number that every reader of JSON keeps is at most.
const EXACT: u64 = (1 << 53) - 1;

/// The form of a value.
#[derive(Clone, Debug)]
pub(crate) enum Form {
    /// `true` or `false`.
    Switch,
    /// A share, from 0 to 1.
    Rate,
    /// Milliseconds, at most a day.
    Millis,
    /// A whole number.
    Whole(RangeInclusive<u64>),
    /// One of some words.
    Word(&'static [&'static str]),
    /// A code of a Close frame.
    Code,
    /// A list of them.
    Codes,
}

/// A key.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    /// The map it stands in; empty for `chaos` itself.
    pub(crate) group: &'static str,
    pub(crate) name: &'static str,
    /// Group and name with a point between them.
    pub(crate) path: &'static str,
    pub(crate) form: Form,
    /// What holds without it, in the words of a file; empty: nothing.
    pub(crate) default: &'static str,
}

/// The maps that keys stand in, with what mistakes call them.
pub(crate) const GROUPS: [(&str, &str); 6] = [
    ("", "`chaos`"),
    ("delay", "`delay`"),
    ("slow_consumer", "`slow_consumer`"),
    ("frames", "`frames`"),
    ("link", "`link`"),
    ("handshake", "`handshake`"),
];

const fn key(
    group: &'static str,
    path: &'static str,
    name: &'static str,
    form: Form,
    default: &'static str,
) -> Key {
    Key {
        group,
        name,
        path,
        form,
        default,
    }
}

/// A key of `chaos` itself.
const fn own(name: &'static str, form: Form, default: &'static str) -> Key {
    key("", name, name, form, default)
}

/// All but the rates of wrong frames, which are in a table of their own.
static KEYS: [Key; 27] = [
    own("enabled", Form::Switch, "true"),
    own("seed", Form::Whole(0..=u64::MAX), ""),
    own("disconnect_probability", Form::Rate, "0"),
    own("disconnect_code", Form::Code, ""),
    own("close_codes", Form::Codes, ""),
    own("message_drop_rate", Form::Rate, "0"),
    own("message_duplicate_rate", Form::Rate, "0"),
    own("message_reorder_rate", Form::Rate, "0"),
    own("reorder_window_ms", Form::Millis, "1000"),
    own("message_corrupt_rate", Form::Rate, "0"),
    own(
        "direction",
        Form::Word(&["outbound", "inbound", "both"]),
        "outbound",
    ),
    own("bandwidth_bps", Form::Whole(1..=EXACT), ""),
    key("delay", "delay.min_ms", "min_ms", Form::Millis, "0"),
    key("delay", "delay.max_ms", "max_ms", Form::Millis, "0"),
    key(
        "delay",
        "delay.distribution",
        "distribution",
        Form::Word(&["uniform", "fixed", "normal", "pareto"]),
        "uniform",
    ),
    key(
        "slow_consumer",
        "slow_consumer.enabled",
        "enabled",
        Form::Switch,
        "true",
    ),
    key(
        "slow_consumer",
        "slow_consumer.delay_ms",
        "delay_ms",
        Form::Millis,
        "1000",
    ),
    key(
        "slow_consumer",
        "slow_consumer.buffer_size",
        "buffer_size",
        Form::Whole(1..=LONGEST_QUEUE),
        "10",
    ),
    key(
        "slow_consumer",
        "slow_consumer.drop_when_full",
        "drop_when_full",
        Form::Switch,
        "false",
    ),
    key(
        "frames",
        "frames.oversize_bytes",
        "oversize_bytes",
        Form::Whole(1..=EXACT),
        "1073741824",
    ),
    key("link", "link.reset_rate", "reset_rate", Form::Rate, "0"),
    key(
        "link",
        "link.never_pong",
        "never_pong",
        Form::Switch,
        "false",
    ),
    key(
        "link",
        "link.half_open_after_ms",
        "half_open_after_ms",
        Form::Millis,
        "",
    ),
    key(
        "handshake",
        "handshake.delay_ms",
        "delay_ms",
        Form::Millis,
        "0",
    ),
    key(
        "handshake",
        "handshake.refuse_rate",
        "refuse_rate",
        Form::Rate,
        "0",
    ),
    key(
        "handshake",
        "handshake.status",
        "status",
        Form::Whole(400..=599),
        "503",
    ),
    key(
        "handshake",
        "handshake.wrong_accept_rate",
        "wrong_accept_rate",
        Form::Rate,
        "0",
    ),
];

/// All keys.
pub(crate) fn keys() -> impl Iterator<Item = Key> {
    let frames = frames::ALL.iter().map(|fault| {
        let name = fault.path.strip_prefix("frames.").unwrap_or(fault.path);
        key("frames", fault.path, name, Form::Rate, "0")
    });
    KEYS.iter().cloned().chain(frames)
}

/// The paths of all keys, `delay.min_ms`, each with its default; empty where there is none.
pub fn chaos_keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    keys().map(|key| (key.path, key.default))
}

/// A JSON Schema of `chaos:` as an operator may send it.
pub fn chaos_schema() -> Value {
    let mut root = properties("");
    for (group, _) in GROUPS.iter().skip(1) {
        let map = json!({
            "type": "object",
            "properties": properties(group),
            "additionalProperties": false,
        });
        root.insert((*group).to_owned(), map);
    }
    json!({
        "type": "object",
        "properties": root,
        "additionalProperties": false,
        // Two ways to say the same.
        "not": { "required": ["disconnect_code", "close_codes"] },
    })
}

fn properties(group: &str) -> Map<String, Value> {
    let own = keys().filter(|key| key.group == group);
    own.map(|key| (key.name.to_owned(), schema(&key.form)))
        .collect()
}

fn schema(form: &Form) -> Value {
    let whole = |range: &RangeInclusive<u64>| json!({ "type": "integer", "minimum": range.start(), "maximum": range.end() });
    let codes = [(1000, 1003), (1007, 1014), (3000, 4999)];
    let codes = codes.map(|(least, most)| whole(&(least..=most)));
    match form {
        Form::Switch => json!({ "type": "boolean" }),
        Form::Rate => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Form::Millis => whole(&(0..=DAY)),
        Form::Whole(range) => whole(range),
        Form::Word(words) => json!({ "enum": words }),
        Form::Code => json!({ "anyOf": codes }),
        Form::Codes => json!({ "type": "array", "items": { "anyOf": codes }, "minItems": 1 }),
    }
}
