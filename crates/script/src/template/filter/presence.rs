//! Filters about values being there, and those that hardly change them.

use serde_json::Value;

use super::{Call, Filter, NONE, ONE, Outcome, TEXT, entry};

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("default", "substitute"),
        ONE,
        TEXT,
        default,
        "The value, or the substitute if it is missing or `null`.",
    ),
    entry(
        ("default-if-empty", "substitute"),
        ONE,
        TEXT,
        default_if_empty,
        "The value, or the substitute if it is missing or empty.",
    ),
    entry(
        ("empty?", ""),
        NONE,
        TEXT,
        empty,
        "Whether the value is missing or empty.",
    ),
    entry(
        ("not-empty", ""),
        NONE,
        TEXT,
        not_empty,
        "The value, or nothing if it is empty.",
    ),
    entry(
        ("safe", ""),
        NONE,
        TEXT,
        safe,
        "The value as it is: nothing is ever escaped for HTML here.",
    ),
    entry(
        ("json", ""),
        NONE,
        TEXT,
        json,
        "The value as a text of compact JSON; `null` for nothing.",
    ),
];

pub(super) fn default(call: Call<'_>) -> Outcome {
    Ok(if call.value.is_null() {
        Value::from(call.arg(0))
    } else {
        call.value
    })
}

pub(super) fn default_if_empty(call: Call<'_>) -> Outcome {
    Ok(if is_empty(&call.value) {
        Value::from(call.arg(0))
    } else {
        call.value
    })
}

pub(super) fn empty(call: Call<'_>) -> Outcome {
    Ok(Value::Bool(is_empty(&call.value)))
}

pub(super) fn not_empty(call: Call<'_>) -> Outcome {
    Ok(if is_empty(&call.value) {
        Value::Null
    } else {
        call.value
    })
}

pub(super) fn safe(call: Call<'_>) -> Outcome {
    Ok(call.value)
}

pub(super) fn json(call: Call<'_>) -> Outcome {
    Ok(Value::String(call.value.to_string()))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
