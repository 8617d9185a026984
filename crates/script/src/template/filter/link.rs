//! `email` and `phone`: the only filters that write HTML.

use serde_json::Value;

use super::{Call, Filter, Outcome, TEXT, Takes, entry, not_a};
use crate::template::value::text_of;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("email", "[false]"),
        Takes::OneOf(&[0, 1]),
        TEXT,
        email,
        "An HTML link to the mail address, which must look like one unless told `false`.",
    ),
    entry(
        ("phone", "[prefix] [false]"),
        Takes::OneOf(&[0, 1, 2]),
        TEXT,
        phone,
        "An HTML link to the telephone number, which must look like one unless told `false`.",
    ),
];

pub(super) fn email(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let address = text_of(&call.value);
    if call.arg(0) != "false" && !is_address(&address) {
        return Err(not_a("mail address", &call.value));
    }
    Ok(Value::String(format!(
        "<a href='mailto:{address}'>{address}</a>"
    )))
}

/// Selmer's test: ordinary characters around one `@`, and a last label of two to six letters.
fn is_address(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    let ordinary = |text: &str, more: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || more.contains(letter))
    };
    ordinary(user, "._%+-")
        && ordinary(name, ".-")
        && (2..=6).contains(&top.len())
        && top.chars().all(|letter| letter.is_ascii_alphabetic())
}

pub(super) fn phone(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let shown = text_of(&call.value);
    let prefix = Some(call.arg(0)).filter(|prefix| !matches!(*prefix, "" | "true" | "false"));
    let unchecked = call.args.iter().any(|arg| arg == "false");
    let number = match (prefix, shown.strip_prefix('0')) {
        (Some(prefix), Some(rest)) => format!("+{prefix}-{rest}"),
        _ => shown.clone().into_owned(),
    };
    if !unchecked
        && !number
            .chars()
            .all(|letter| letter.is_ascii_digit() || " +-".contains(letter))
    {
        return Err(not_a("telephone number", &call.value));
    }
    let dialled = number.split_whitespace().collect::<Vec<_>>().join("-");
    Ok(Value::String(format!(
        "<a href='tel:{dialled}'>{shown}</a>"
    )))
}
