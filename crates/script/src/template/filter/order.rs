//! Filters that sort lists.

use std::cmp::Ordering;

use serde_json::Value;

use super::list::items;
use super::{Call, Filter, NONE, ONE, Outcome, TEXT, entry};
use crate::template::value::Number;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("sort", ""),
        NONE,
        TEXT,
        sort,
        "The items in order: numbers by value, texts by character.",
    ),
    entry(
        ("sort-by", "field"),
        ONE,
        TEXT,
        sort_by,
        "The objects in the order of one of their fields.",
    ),
    entry(
        ("sort-reversed", ""),
        NONE,
        TEXT,
        sort_reversed,
        "The items in reverse order.",
    ),
    entry(
        ("sort-by-reversed", "field"),
        ONE,
        TEXT,
        sort_by_reversed,
        "The objects in the reverse order of one of their fields.",
    ),
];

pub(super) fn sort(call: Call<'_>) -> Outcome {
    sorted(&call.value, |item| item, false)
}

pub(super) fn sort_reversed(call: Call<'_>) -> Outcome {
    sorted(&call.value, |item| item, true)
}

pub(super) fn sort_by(call: Call<'_>) -> Outcome {
    let field = call.arg(0).to_owned();
    sorted(
        &call.value,
        |item| item.get(&field).unwrap_or(&Value::Null),
        false,
    )
}

pub(super) fn sort_by_reversed(call: Call<'_>) -> Outcome {
    let field = call.arg(0).to_owned();
    sorted(
        &call.value,
        |item| item.get(&field).unwrap_or(&Value::Null),
        true,
    )
}

fn sorted(value: &Value, key: impl Fn(&Value) -> &Value, reversed: bool) -> Outcome {
    if value.is_null() {
        return Ok(Value::Null);
    }
    let mut items = items(value)?.to_vec();
    items.sort_by(|left, right| {
        let order = compare(key(left), key(right));
        if reversed { order.reverse() } else { order }
    });
    Ok(Value::Array(items))
}

/// Nothing, then booleans, numbers by value, texts by character, and the rest as they were.
fn compare(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Number(_), Value::Number(_)) => {
            let float = |value| Number::of(value).map_or(0.0, Number::as_f64);
            float(left).total_cmp(&float(right))
        }
        (Value::String(left), Value::String(right)) => left.cmp(right),
        _ => rank(left).cmp(&rank(right)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}
