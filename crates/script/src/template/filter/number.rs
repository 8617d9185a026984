//! Filters that calculate.

use serde_json::Value;

use super::list::length;
use super::{
    Call, Filter, INTEGER, NONE, NUMBER, ONE, Outcome, TEXT, TWO, Takes, entry, not_a, push,
};
use crate::template::helper::math::calculate;
use crate::template::value::{Number, text_of, whole};

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(
        ("add", "n …"),
        Takes::AtLeast(1),
        TEXT,
        add,
        "The sum, or the texts joined if one is not a number.",
    ),
    entry(("multiply", "n"), ONE, NUMBER, multiply, "The product."),
    entry(
        ("divide", "n"),
        ONE,
        NUMBER,
        divide,
        "The quotient; whole if it comes out even.",
    ),
    entry(
        ("round", ""),
        NONE,
        TEXT,
        round,
        "The nearest whole number; halves go up.",
    ),
    entry(
        ("between?", "low high"),
        TWO,
        NUMBER,
        between,
        "Whether the number lies between two, in any order.",
    ),
    entry(
        ("get-digit", "n"),
        ONE,
        INTEGER,
        get_digit,
        "The n-th digit from the right, from 1.",
    ),
    entry(
        ("pluralize", "[plural] | singular plural"),
        Takes::OneOf(&[0, 1, 2]),
        TEXT,
        pluralize,
        "The ending for a number or a list's length: by default nothing or `s`.",
    ),
];

pub(super) fn add(call: Call<'_>) -> Outcome {
    let first = text_of(&call.value);
    let texts: Vec<&str> = std::iter::once(first.as_ref())
        .chain(call.args.iter().map(String::as_str))
        .collect();
    let numbers: Option<Vec<Number>> = texts.iter().map(|text| Number::parse(text)).collect();
    if let Some(numbers) = numbers {
        let sum = numbers
            .into_iter()
            .try_fold(Number::Int(0), |sum, number| calculate(sum, "+", number));
        return sum.map(Number::to_json).map_err(str::to_owned);
    }
    let mut joined = String::new();
    texts.iter().try_for_each(|text| push(&mut joined, text))?;
    Ok(Value::String(joined))
}

pub(super) fn multiply(call: Call<'_>) -> Outcome {
    operation(&call, "*")
}

pub(super) fn divide(call: Call<'_>) -> Outcome {
    operation(&call, "/")
}

fn operation(call: &Call<'_>, operator: &str) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let result = calculate(
        number(&call.value)?,
        operator,
        number(&Value::from(call.arg(0)))?,
    )?;
    Ok(result.to_json())
}

pub(super) fn round(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    Ok(match number(&call.value)? {
        Number::Int(number) => Value::from(number),
        Number::Float(number) => {
            let rounded = (number + 0.5).floor();
            whole(rounded).map_or(Value::from(rounded), Value::from)
        }
    })
}

pub(super) fn between(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Bool(false));
    }
    let value = number(&call.value)?.as_f64();
    let one = number(&Value::from(call.arg(0)))?.as_f64();
    let other = number(&Value::from(call.arg(1)))?.as_f64();
    Ok(Value::Bool(
        (one.min(other)..=one.max(other)).contains(&value),
    ))
}

pub(super) fn get_digit(call: Call<'_>) -> Outcome {
    let text = text_of(&call.value).into_owned();
    let digits: Vec<char> = text.chars().collect();
    let at = call
        .arg(0)
        .trim()
        .parse::<usize>()
        .ok()
        .and_then(|nth| digits.len().checked_sub(nth));
    let digit = at.and_then(|at| match digits.get(at) {
        // A decimal point is no digit: the one to its left counts.
        Some('.') => digits.get(at.checked_sub(1)?),
        digit => digit,
    });
    Ok(digit.map_or(call.value, |digit| Value::from(digit.to_string())))
}

pub(super) fn pluralize(call: Call<'_>) -> Outcome {
    let one = match Number::of(&call.value) {
        Some(number) => (number.as_f64() - 1.0).abs() < f64::EPSILON,
        None => length(&call.value)? == 1,
    };
    let (singular, plural) = match call.args {
        [] => ("", "s"),
        [plural] => ("", plural.as_str()),
        [singular, plural, ..] => (singular.as_str(), plural.as_str()),
    };
    Ok(Value::from(if one { singular } else { plural }))
}

/// The number a value is or spells.
pub(super) fn number(value: &Value) -> Result<Number, String> {
    Number::of(value).ok_or_else(|| not_a("number", value))
}
