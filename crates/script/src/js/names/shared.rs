//! `shared` passes through here: operations on the state that all connections share, each a promise.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, Function, Object, Promise, Result, Value};

use super::super::Operation;
use super::super::lane::Command;
use super::super::turn::{Settle, Turn};
use super::name_of;
use rquickjs::Persistent;

/// Makes an operation of the arguments of its method: a key or a glob, and one or two more.
type Read = for<'js> fn(&Ctx<'js>, &Turn, String, Arguments<'js>) -> Result<Operation>;

struct Arguments<'js> {
    second: Option<Value<'js>>,
    third: Option<Value<'js>>,
}

const METHODS: &[(&str, Read)] = &[
    ("get", |_, _, key, _| Ok(Operation::Get { key })),
    ("set", set),
    ("incr", |ctx, _, key, given| {
        let by = amount(ctx, "incr", given.second)?;
        Ok(Operation::Incr { key, by })
    }),
    ("decr", |ctx, _, key, given| {
        let by = amount(ctx, "decr", given.second)?;
        Ok(Operation::Incr { key, by: -by })
    }),
    ("del", |_, _, key, _| Ok(Operation::Del { key })),
    ("exists", |_, _, key, _| Ok(Operation::Exists { key })),
    ("keys", |_, _, glob, _| Ok(Operation::Keys { glob })),
];

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let shared = Object::new(ctx.clone())?;
    for (name, read) in METHODS {
        let on = Rc::clone(turn);
        let method = move |ctx: Ctx<'js>,
                           key: Opt<Value<'js>>,
                           second: Opt<Value<'js>>,
                           third: Opt<Value<'js>>| {
            let key = match key.0 {
                None if *name == "keys" => "*".to_owned(),
                key => name_of(&ctx, &on, &format!("shared.{name}: the key"), key)?,
            };
            let given = Arguments {
                second: second.0,
                third: third.0,
            };
            let operation = read(&ctx, &on, key, given)?;
            run(&ctx, &on, operation)
        };
        shared.set(*name, Function::new(ctx.clone(), method)?.with_name(*name)?)?;
    }
    globals.set("shared", shared)
}

/// Starts the operation; its answer comes back through the lane, into a later slice of the call.
fn run<'js>(ctx: &Ctx<'js>, turn: &Turn, operation: Operation) -> Result<Promise<'js>> {
    let (promise, resolve, reject) = Promise::new(ctx)?;
    let settle = Settle {
        resolve: Persistent::save(ctx, resolve),
        reject: Persistent::save(ctx, reject),
    };
    let (ticket, wait) = turn.wait(ctx, settle)?;
    let lane = Arc::clone(&turn.lane);
    let reply = move |answer| {
        lane.push(Command::Answer {
            ticket,
            wait,
            answer,
        });
    };
    turn.host.shared().run(operation, Box::new(reply));
    Ok(promise)
}

/// `shared.set(key, value, {ttl_ms})`.
fn set<'js>(ctx: &Ctx<'js>, turn: &Turn, key: String, given: Arguments<'js>) -> Result<Operation> {
    let value = match given.second {
        Some(value) => ctx.json_stringify(value)?,
        None => None,
    };
    let value = match value {
        None => serde_json::Value::Null,
        Some(json) => {
            let json = turn.text(ctx, json.into_value())?;
            serde_json::from_str(&json).map_err(|error| {
                Exception::throw_range(
                    ctx,
                    &format!("shared.set: the value cannot be kept: {error}"),
                )
            })?
        }
    };
    let options = given.third.and_then(Value::into_object);
    let ttl = match options {
        Some(options) => options.get::<_, Option<f64>>("ttl_ms")?,
        None => None,
    };
    let ttl = ttl.map(|ms| Duration::try_from_secs_f64(ms / 1000.0));
    let ttl = ttl.transpose().map_err(|_| {
        Exception::throw_range(ctx, "shared.set: ttl_ms must be a number of milliseconds")
    })?;
    Ok(Operation::Set { key, value, ttl })
}

/// The largest integer that a JavaScript number holds exactly.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

fn amount(ctx: &Ctx<'_>, method: &str, by: Option<Value<'_>>) -> Result<i64> {
    let Some(by) = by.filter(|by| !by.is_undefined()) else {
        return Ok(1);
    };
    match by.as_number() {
        Some(by) if by.fract() == 0.0 && by.abs() <= MAX_SAFE => {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53")]
            let by = by as i64;
            Ok(by)
        }
        _ => {
            let text = format!("shared.{method}: the amount must be a whole number");
            Err(Exception::throw_range(ctx, &text))
        }
    }
}
