//! The functions that translated templates call: helpers, filters, comparisons and writers.
#![expect(
    clippy::needless_pass_by_value,
    reason = "minijinja's functions own their arguments"
)]

use std::borrow::Cow;
use std::cmp::Ordering;

use minijinja::value::{Rest, Serde, Value as Engine};
use minijinja::{Environment, Error, ErrorKind, State};
use serde_json::Value;

use super::session::{SESSION, Session};
use super::translate::identifier;
use crate::template::error::{RenderError, STEP_LIMIT};
use crate::template::evaluate::Args;
use crate::template::filter::{self, Call, Filter};
use crate::template::helper::math::calculate;
use crate::template::helper::{self, Helper};
use crate::template::pattern;
use crate::template::scope::{Step, walk};
use crate::template::value::{Number, Val, text_of};
use crate::template::write::{self, Place};

/// An environment with every function and nothing of minijinja's own.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(STEP_LIMIT));
    for helper in helper::helpers() {
        let run =
            move |state: &mut State<'_, '_>, args: Rest<Engine>| call_helper(helper, state, &args);
        environment.add_function(identifier("h", helper.name), run);
    }
    for filter in filter::filters() {
        let run = move |state: &mut State<'_, '_>, value: Engine, args: Rest<Engine>| {
            call_filter(filter, state, &value, &args)
        };
        environment.add_filter(identifier("f", filter.name), run);
    }
    environment.add_function("as_text", |value: Engine| written(&value, Place::Text));
    environment.add_function("as_part", |value: Engine| written(&value, Place::InString));
    environment.add_function("as_json", |value: Engine| written(&value, Place::Bare));
    environment.add_function("truthy", |value: Engine| is_true(&to_json(&value)));
    environment.add_function(
        "compare",
        |left: Engine, operator: String, right: Engine| {
            compare(&to_json(&left), &operator, &to_json(&right))
        },
    );
    environment.add_function("all_equal", all_equal);
    environment.add_function("at", at);
    environment.add_function("items", items);
    environment.add_function("firstof", firstof);
    environment.add_function("sum", sum);
    environment.add_function("cycle", cycle);
    environment.add_function("now_as", now_as);
    environment
}

/// A JSON value for minijinja.
pub(super) fn to_engine(value: &Value) -> Engine {
    match value {
        Value::String(text) => Engine::from(text.as_str()),
        other => Engine::from(Serde(other)),
    }
}

/// A value of minijinja as JSON; what JSON does not have is `null`.
pub(super) fn to_json(value: &Engine) -> Value {
    match value.as_str() {
        Some(text) => Value::from(text),
        None => serde_json::to_value(value).unwrap_or(Value::Null),
    }
}

/// Carries one of our errors through minijinja.
pub(super) fn carried(error: RenderError) -> Error {
    Error::new(ErrorKind::InvalidOperation, "the template failed").with_source(error)
}

fn session<T>(state: &State<'_, '_>, work: impl FnOnce(&Session) -> T) -> Result<T, Error> {
    let value = state.lookup(SESSION);
    let session = value
        .as_ref()
        .and_then(|value| value.downcast_object_ref::<Session>());
    session
        .map(work)
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, "there is no session"))
}

fn call_helper(
    helper: &'static Helper,
    state: &State<'_, '_>,
    args: &[Engine],
) -> Result<Engine, Error> {
    let values: Vec<Val<'_>> = args
        .iter()
        .map(|arg| Val::Json(Cow::Owned(to_json(arg))))
        .collect();
    let result = session(state, |session| {
        session.with_scope(|scope| (helper.run)(&Args::Values(&values), scope).map(Val::into_json))
    })?;
    result.map(|value| to_engine(&value)).map_err(carried)
}

fn call_filter(
    filter: &'static Filter,
    state: &State<'_, '_>,
    value: &Engine,
    args: &[Engine],
) -> Result<Engine, Error> {
    let args: Vec<String> = args
        .iter()
        .map(|arg| text_of(&to_json(arg)).into_owned())
        .collect();
    let value = to_json(value);
    let result = session(state, |session| {
        session.with_scope(|scope| {
            (filter.run)(Call {
                value,
                args: &args,
                random: &mut *scope.random,
            })
        })
    })?;
    match result {
        Ok(value) => Ok(to_engine(&value)),
        Err(problem) => Err(carried(RenderError::Filter {
            filter: filter.name,
            problem: problem.into(),
        })),
    }
}

fn written(value: &Engine, place: Place) -> String {
    let mut out = Vec::new();
    write::value(&Val::Json(Cow::Owned(to_json(value))), place, &mut out);
    // Values are UTF-8, and escaping keeps them so.
    String::from_utf8(out).unwrap_or_default()
}

/// Selmer's truth: false are nothing, `false`, an empty text and the text `false`; 0 and `[]` are true.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty() && text != "false",
        _ => true,
    }
}

fn compare(left: &Value, operator: &str, right: &Value) -> bool {
    let order = order(left, right);
    match operator {
        "=" | "==" => equal(left, right),
        "!=" => !equal(left, right),
        "<" => order == Some(Ordering::Less),
        "<=" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        ">" => order == Some(Ordering::Greater),
        ">=" => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        _ => contains(right, left),
    }
}

/// By value for numbers and texts that spell them, by text for everything else; nothing equals only nothing.
fn equal(left: &Value, right: &Value) -> bool {
    if left.is_null() || right.is_null() {
        return left == right;
    }
    match order(left, right) {
        Some(order) => order == Ordering::Equal,
        None => text_of(left) == text_of(right),
    }
}

/// The order of two numbers; other values have none.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (Number::of(left)?, Number::of(right)?) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (left, right) => left.as_f64().partial_cmp(&right.as_f64()),
    }
}

/// Whether a list has an equal item, an object the key, or a text the part.
fn contains(whole: &Value, part: &Value) -> bool {
    match whole {
        Value::Array(items) => items.iter().any(|item| equal(item, part)),
        Value::Object(fields) => fields.contains_key(text_of(part).as_ref()),
        Value::String(text) => !part.is_null() && text.contains(text_of(part).as_ref()),
        _ => false,
    }
}

fn all_equal(values: Rest<Engine>) -> bool {
    let values: Vec<Value> = values.iter().map(to_json).collect();
    values
        .iter()
        .zip(values.iter().skip(1))
        .all(|(left, right)| equal(left, right))
}

fn at(value: Engine, steps: Rest<Engine>) -> Engine {
    let steps: Vec<Step> = steps
        .iter()
        .map(|step| match step.as_str() {
            Some(key) => Step::Key(key.to_owned()),
            None => Step::Index(step.as_usize().unwrap_or(usize::MAX)),
        })
        .collect();
    walk(&to_json(&value), &steps).map_or_else(|| Engine::from(()), to_engine)
}

/// The items a `for` with so many variables runs over: those of a list, the fields of an object as pairs of key
/// and value, the characters of a text, nothing otherwise. With several variables each item is a list of them.
fn items(value: Engine, variables: usize) -> Engine {
    let pair = |(key, value): (String, Value)| Value::Array(vec![Value::String(key), value]);
    let items: Vec<Value> = match to_json(&value) {
        Value::Array(items) => items,
        Value::Object(fields) => fields.into_iter().map(pair).collect(),
        Value::String(text) => text
            .chars()
            .map(|letter| Value::from(letter.to_string()))
            .collect(),
        _ => Vec::new(),
    };
    let spread = |item: Value| {
        let mut parts = match item {
            Value::Array(parts) => parts,
            single => vec![single],
        };
        parts.resize(variables, Value::Null);
        Value::Array(parts)
    };
    let items = if variables > 1 {
        items.into_iter().map(spread).collect()
    } else {
        items
    };
    to_engine(&Value::Array(items))
}

fn firstof(values: Rest<Engine>) -> Engine {
    let first = values.iter().map(to_json).find(is_true);
    to_engine(&first.unwrap_or_else(|| Value::from("")))
}

fn sum(values: Rest<Engine>) -> Result<Engine, Error> {
    let problem = |problem: String| carried(RenderError::Tags(format!("`sum`: {problem}").into()));
    let mut total = Number::Int(0);
    for value in values.iter().map(to_json).filter(|value| !value.is_null()) {
        let number = Number::of(&value).ok_or_else(|| problem(filter::not_a("number", &value)))?;
        total = calculate(total, "+", number).map_err(|text| problem(text.to_owned()))?;
    }
    Ok(to_engine(&total.to_json()))
}

fn cycle(state: &mut State<'_, '_>, site: usize, texts: Rest<Engine>) -> Result<Engine, Error> {
    let turn = session(state, |session| session.turn(site))?;
    Ok(texts
        .iter()
        .cycle()
        .nth(turn % texts.len().max(1))
        .cloned()
        .unwrap_or_default())
}

fn now_as(state: &mut State<'_, '_>, pattern: String) -> Result<String, Error> {
    let now = session(state, |session| {
        session.with_scope(|scope| scope.clock.now())
    })?;
    pattern::format(&pattern, jiff::tz::Offset::UTC.to_datetime(now))
        .map_err(|problem| carried(RenderError::Tags(problem.into())))
}
