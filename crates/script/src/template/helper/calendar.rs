//! `date`, `time` and `timestamp`: parts of the current instant, and how instants are spelt.

use jiff::civil::DateTime;
use jiff::tz::Offset;
use sockeye_core::Timestamp;

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::{Short, Val};

pub(super) const DATE: Helper = Helper {
    name: "date",
    aliases: &[],
    arguments: "",
    doc: "Today's date in UTC as YYYY-MM-DD.",
    example: "{{date}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: date,
};

pub(super) const TIME: Helper = Helper {
    name: "time",
    aliases: &[],
    arguments: "",
    doc: "The time of day in UTC as HH:MM:SS.",
    example: "{{time}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: time,
};

pub(super) const TIMESTAMP: Helper = Helper {
    name: "timestamp",
    aliases: &[],
    arguments: "",
    doc: "Milliseconds since 1970-01-01T00:00:00Z.",
    example: "{{timestamp}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: timestamp,
};

fn date<'v>(_: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let mut text = Short::new();
    push_date(&mut text, utc(scope.clock.now()));
    Ok(Val::Short(text))
}

fn time<'v>(_: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let mut text = Short::new();
    push_time(&mut text, utc(scope.clock.now()));
    Ok(Val::Short(text))
}

fn timestamp<'v>(_: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::Int(scope.clock.now().as_millisecond()))
}

/// RFC 3339 with milliseconds and `Z`: `2024-01-15T10:30:00.123Z`.
pub(super) fn rfc3339(instant: Timestamp) -> Short {
    let instant = utc(instant);
    let mut text = Short::new();
    push_date(&mut text, instant);
    text.push(b'T');
    push_time(&mut text, instant);
    text.push(b'.');
    text.digits(unsigned(instant.millisecond()), 3);
    text.push(b'Z');
    text
}

fn utc(instant: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(instant)
}

fn push_date(text: &mut Short, date: DateTime) {
    if date.year() < 0 {
        text.push(b'-');
    }
    text.digits(u32::from(date.year().unsigned_abs()), 4);
    text.push(b'-');
    text.digits(unsigned(date.month().into()), 2);
    text.push(b'-');
    text.digits(unsigned(date.day().into()), 2);
}

fn push_time(text: &mut Short, time: DateTime) {
    text.digits(unsigned(time.hour().into()), 2);
    text.push(b':');
    text.digits(unsigned(time.minute().into()), 2);
    text.push(b':');
    text.digits(unsigned(time.second().into()), 2);
}

/// Fields of a civil time after the year are never negative.
fn unsigned(field: i16) -> u32 {
    u32::from(field.unsigned_abs())
}
