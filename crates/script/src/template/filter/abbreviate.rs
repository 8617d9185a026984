//! `abbreviate` and the filters before it that say how.
//!
//! As in Selmer, those pass an object on: the text in `s`, and what they were told.

use serde_json::{Value, json};

use super::{Call, Filter, INTEGER, NONE, ONE, Outcome, TEXT, Takes, entry};
use crate::template::value::text_of;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("abbreviate", "longest [width]"),
        Takes::OneOf(&[1, 2]),
        INTEGER,
        abbreviate,
        "The text cut to width if it is longer than longest, with an ellipsis.",
    ),
    entry(
        ("abbr-left", ""),
        NONE,
        TEXT,
        left,
        "Before `abbreviate`: cut at the left.",
    ),
    entry(
        ("abbr-middle", ""),
        NONE,
        TEXT,
        middle,
        "Before `abbreviate`: cut in the middle.",
    ),
    entry(
        ("abbr-right", ""),
        NONE,
        TEXT,
        right,
        "Before `abbreviate`: cut at the right.",
    ),
    entry(
        ("abbr-ellipsis", "text"),
        ONE,
        TEXT,
        ellipsis,
        "Before `abbreviate`: the text that stands for what was cut.",
    ),
];

const POSITION: &str = "abbr-position";
const ELLIPSIS: &str = "abbr-ellipsis";

pub(super) fn left(call: Call<'_>) -> Outcome {
    Ok(told(call.value, POSITION, "left"))
}

pub(super) fn middle(call: Call<'_>) -> Outcome {
    Ok(told(call.value, POSITION, "middle"))
}

pub(super) fn right(call: Call<'_>) -> Outcome {
    Ok(told(call.value, POSITION, "right"))
}

pub(super) fn ellipsis(call: Call<'_>) -> Outcome {
    let ellipsis = call.arg(0).to_owned();
    Ok(told(call.value, ELLIPSIS, &ellipsis))
}

fn told(value: Value, key: &str, said: &str) -> Value {
    let mut settings = if value.get("s").is_some() {
        value
    } else {
        json!({ "s": value })
    };
    if let Some(fields) = settings.as_object_mut() {
        fields.insert(key.to_owned(), Value::from(said));
    }
    settings
}

pub(super) fn abbreviate(call: Call<'_>) -> Outcome {
    let setting = |key: &str| call.value.get(key).and_then(Value::as_str);
    let ellipsis = setting(ELLIPSIS).unwrap_or("...");
    let text = text_of(call.value.get("s").unwrap_or(&call.value)).into_owned();
    let longest = width(call.arg(0))?;
    let wanted = if call.args.len() > 1 {
        width(call.arg(1))?
    } else {
        longest
    };
    if longest < wanted {
        return Err(format!(
            "the longest text of {longest} is shorter than the width of {wanted}"
        ));
    }
    let Some(kept) = wanted.checked_sub(ellipsis.chars().count()) else {
        return Err(format!("the ellipsis is longer than the width of {wanted}"));
    };
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= longest {
        return Ok(Value::String(text));
    }
    let (head, tail) = match setting(POSITION) {
        Some("left") => (0, kept),
        Some("middle") => (kept / 2, kept / 2),
        _ => (kept, 0),
    };
    let start: String = letters.iter().take(head).collect();
    let end: String = letters
        .iter()
        .skip(letters.len().saturating_sub(tail))
        .collect();
    Ok(Value::String(format!("{start}{ellipsis}{end}")))
}

fn width(text: &str) -> Result<usize, String> {
    text.trim()
        .parse()
        .map_err(|_| format!("`{text}` is not a width"))
}
