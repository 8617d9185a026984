//! Filters on lists; those that make sense for a text work on its characters.

use serde_json::Value;

use super::{Call, Filter, INTEGER, NONE, ONE, Outcome, TEXT, Takes, entry, not_a, push};
use crate::template::value::{Number, text_of, whole};

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("first", ""),
        NONE,
        TEXT,
        first,
        "The first item or character.",
    ),
    entry(
        ("last", ""),
        NONE,
        TEXT,
        last,
        "The last item or character.",
    ),
    entry(
        ("take", "n"),
        ONE,
        INTEGER,
        take,
        "The first n items or characters.",
    ),
    entry(
        ("drop", "n"),
        ONE,
        INTEGER,
        drop,
        "All but the first n items or characters.",
    ),
    entry(
        ("drop-last", "n"),
        ONE,
        INTEGER,
        drop_last,
        "All but the last n items or characters.",
    ),
    entry(
        ("rand-nth", ""),
        NONE,
        TEXT,
        rand_nth,
        "A random item or character.",
    ),
    entry(
        ("join", "[separator]"),
        Takes::OneOf(&[0, 1]),
        TEXT,
        join,
        "The items' texts with the separator between them.",
    ),
    entry(
        ("range", "[end [step]]"),
        Takes::OneOf(&[0, 1, 2]),
        INTEGER,
        range,
        "The whole numbers from 0 to before the value, or from the value to before end; at most 10,000.",
    ),
    entry(
        ("count", ""),
        NONE,
        TEXT,
        count,
        "How many items, fields or characters there are; 0 for nothing.",
    ),
    entry(
        ("length", ""),
        NONE,
        TEXT,
        count,
        "How many items, fields or characters there are; 0 for nothing.",
    ),
    entry(
        ("count-is", "n"),
        ONE,
        INTEGER,
        count_is,
        "Whether there are n items, fields or characters.",
    ),
    entry(
        ("length-is", "n"),
        ONE,
        INTEGER,
        count_is,
        "Whether there are n items, fields or characters.",
    ),
];

/// The longest list that `range` makes.
const LONGEST_RANGE: i64 = 10_000;

pub(super) fn first(call: Call<'_>) -> Outcome {
    part(call.value, |items| items.into_iter().next()).map(single)
}

pub(super) fn last(call: Call<'_>) -> Outcome {
    part(call.value, |mut items| items.pop()).map(single)
}

pub(super) fn take(call: Call<'_>) -> Outcome {
    let count = amount(call.arg(0))?;
    part(call.value, |items| items.into_iter().take(count))
}

pub(super) fn drop(call: Call<'_>) -> Outcome {
    let count = amount(call.arg(0))?;
    part(call.value, |items| items.into_iter().skip(count))
}

pub(super) fn drop_last(call: Call<'_>) -> Outcome {
    let count = amount(call.arg(0))?;
    part(call.value, |items| {
        let kept = items.len().saturating_sub(count);
        items.into_iter().take(kept)
    })
}

pub(super) fn rand_nth(call: Call<'_>) -> Outcome {
    let random = call.random;
    let mut draw = |length: usize| {
        let last = i64::try_from(length).unwrap_or(i64::MAX).saturating_sub(1);
        usize::try_from(random.between(0, last)).unwrap_or_default()
    };
    part(call.value, |items| {
        let at = draw(items.len());
        items.into_iter().nth(at)
    })
    .map(single)
}

pub(super) fn join(call: Call<'_>) -> Outcome {
    let mut text = String::new();
    for (index, item) in items(&call.value)?.iter().enumerate() {
        if index > 0 {
            push(&mut text, call.arg(0))?;
        }
        push(&mut text, &text_of(item))?;
    }
    Ok(Value::String(text))
}

pub(super) fn range(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let value = whole_number(&call.value)?;
    let argument = |index: usize| whole_number(&Value::from(call.arg(index)));
    let (start, end) = if call.args.is_empty() {
        (0, value)
    } else {
        (value, argument(0)?)
    };
    let step = if call.args.len() > 1 { argument(1)? } else { 1 };
    if step == 0 {
        return Err("the step is 0".to_owned());
    }
    let mut numbers = Vec::new();
    let mut number = start;
    while (step > 0 && number < end) || (step < 0 && number > end) {
        if numbers.len() as u64 >= LONGEST_RANGE.unsigned_abs() {
            return Err(format!("the list has more than {LONGEST_RANGE} numbers"));
        }
        numbers.push(Value::from(number));
        let Some(next) = number.checked_add(step) else {
            break;
        };
        number = next;
    }
    Ok(Value::Array(numbers))
}

pub(super) fn count(call: Call<'_>) -> Outcome {
    length(&call.value).map(Value::from)
}

pub(super) fn count_is(call: Call<'_>) -> Outcome {
    let wanted = amount(call.arg(0))?;
    Ok(Value::Bool(length(&call.value)? == wanted))
}

/// Items, fields or characters; 0 for nothing.
pub(super) fn length(value: &Value) -> Result<usize, String> {
    match value {
        Value::Null => Ok(0),
        Value::String(text) => Ok(text.chars().count()),
        Value::Array(items) => Ok(items.len()),
        Value::Object(fields) => Ok(fields.len()),
        Value::Bool(_) | Value::Number(_) => Err(not_a("list", value)),
    }
}

/// The items of a list; none of nothing.
pub(super) fn items(value: &Value) -> Result<&[Value], String> {
    match value {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        other => Err(not_a("list", other)),
    }
}

/// Chooses items of a list or characters of a text, which gives a text again.
fn part<I: IntoIterator<Item = Value>>(
    value: Value,
    choose: impl FnOnce(Vec<Value>) -> I,
) -> Outcome {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Array(items) => Ok(Value::Array(choose(items).into_iter().collect())),
        Value::String(text) => {
            let letters = text
                .chars()
                .map(|letter| Value::from(letter.to_string()))
                .collect();
            let chosen: String = choose(letters)
                .into_iter()
                .map(|letter| text_of(&letter).into_owned())
                .collect();
            Ok(Value::String(chosen))
        }
        other => Err(not_a("list", &other)),
    }
}

/// The only item of a list that `part` made.
fn single(chosen: Value) -> Value {
    match chosen {
        Value::Array(mut items) => items.pop().unwrap_or(Value::Null),
        text => text,
    }
}

fn amount(text: &str) -> Result<usize, String> {
    let number = whole_number(&Value::from(text))?;
    Ok(usize::try_from(number.max(0)).unwrap_or(usize::MAX))
}

fn whole_number(value: &Value) -> Result<i64, String> {
    let number = match Number::of(value) {
        Some(Number::Int(number)) => Some(number),
        Some(Number::Float(number)) => whole(number),
        None => None,
    };
    number.ok_or_else(|| not_a("whole number", value))
}
