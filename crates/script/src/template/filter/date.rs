//! `date`: instants in a pattern.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::Value;
use sockeye_core::Timestamp;

use super::{Call, Filter, Outcome, TEXT, Takes, entry, not_a};
use crate::template::pattern;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[Filter {
    check,
    ..entry(
        ("date", "pattern [locale]"),
        Takes::OneOf(&[1, 2]),
        TEXT,
        date,
        "The instant, a text in RFC 3339 or milliseconds since 1970, in a pattern such as `yyyy-MM-dd`, in UTC.",
    )
}];

pub(super) fn check(args: &[Option<&str>]) -> Result<(), String> {
    if let Some(Some(pattern)) = args.first() {
        pattern::parse(pattern)?;
    }
    match args.get(1) {
        Some(Some(locale)) => english(locale),
        _ => Ok(()),
    }
}

fn english(locale: &str) -> Result<(), String> {
    if locale.starts_with("en") {
        return Ok(());
    }
    Err(format!(
        "dates in the language `{locale}` are not known, only in `en`"
    ))
}

pub(super) fn date(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    if call.args.len() > 1 {
        english(call.arg(1))?;
    }
    let instant = instant(&call.value).ok_or_else(|| not_a("date", &call.value))?;
    Ok(Value::String(pattern::format(call.arg(0), instant)?))
}

/// RFC 3339 with or without a time, or milliseconds since 1970; without an offset it is UTC.
fn instant(value: &Value) -> Option<DateTime> {
    let from_instant = |instant: Timestamp| Offset::UTC.to_datetime(instant);
    if let Some(millis) = value.as_i64() {
        return Timestamp::from_millisecond(millis).ok().map(from_instant);
    }
    let text = value.as_str()?.trim();
    let instant = text.parse::<Timestamp>().ok().map(from_instant);
    instant
        .or_else(|| text.parse::<DateTime>().ok())
        .or_else(|| {
            Some(
                text.parse::<Date>()
                    .ok()?
                    .to_datetime(jiff::civil::Time::midnight()),
            )
        })
}
