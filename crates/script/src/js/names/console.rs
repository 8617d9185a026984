//! `console` passes through here: log lines with the caller's place in the order of its effects.

use std::rc::Rc;

use rquickjs::function::Rest;
use rquickjs::{Ctx, Function, Object, Result, Value};

use super::super::Payload;
use super::super::outcome::{Effect, LogLevel};
use super::super::turn::Turn;

const METHODS: [(&str, LogLevel); 5] = [
    ("debug", LogLevel::Debug),
    ("log", LogLevel::Info),
    ("info", LogLevel::Info),
    ("warn", LogLevel::Warn),
    ("error", LogLevel::Error),
];

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let console = Object::new(ctx.clone())?;
    for (name, level) in METHODS {
        let on = Rc::clone(turn);
        let log = move |ctx: Ctx<'js>, values: Rest<Value<'js>>| {
            let text = line(&ctx, &on, values.0)?;
            on.push(&ctx, Effect::Log { level, text })
        };
        console.set(name, Function::new(ctx.clone(), log)?.with_name(name)?)?;
    }
    globals.set("console", console)
}

fn line<'js>(ctx: &Ctx<'js>, turn: &Turn, values: Vec<Value<'js>>) -> Result<String> {
    let mut words = Vec::with_capacity(values.len());
    for value in values {
        words.push(word(ctx, turn, value)?);
    }
    Ok(words.join(" "))
}

/// A value as a word of a log line: errors by their text, everything else as it would be sent.
fn word<'js>(ctx: &Ctx<'js>, turn: &Turn, value: Value<'js>) -> Result<String> {
    if value.is_null() || value.is_undefined() {
        return Ok(value.type_name().to_owned());
    }
    if value.is_error() {
        return Ok(super::super::fault::thrown_text(ctx, &value));
    }
    let kind = value.type_name();
    Ok(match turn.payload(ctx, value)? {
        Some(Payload::Text(text)) => text,
        Some(Payload::Binary(bytes)) => format!("[{} bytes]", bytes.len()),
        None => format!("[{kind}]"),
    })
}
