//! `connection` passes through here: what is known about the caller, its state, and how to answer it.

use std::collections::HashMap;
use std::rc::Rc;

use rquickjs::function::Opt;
use rquickjs::object::Accessor;
use rquickjs::{Ctx, Exception, Function, IntoJs, Object, Result, Value};

use super::super::ConnectionFacts;
use super::super::outcome::Effect;
use super::super::turn::Turn;
use super::super::value::object_of;
use super::name_of;
use super::rooms::joined;

/// The longest reason of a close frame in bytes (RFC 6455 §5.5: 125 less the code).
const REASON_BYTES: usize = 123;

/// A fact as a value.
type Read = for<'js> fn(&Ctx<'js>, &ConnectionFacts) -> Result<Value<'js>>;

/// The facts, in the order in which a script would list them.
const FACTS: &[(&str, Read)] = &[
    ("id", |ctx, facts| facts.id.as_str().into_js(ctx)),
    ("path", |ctx, facts| facts.path.as_str().into_js(ctx)),
    ("query", |ctx, facts| {
        Ok(query(ctx, &facts.query)?.into_value())
    }),
    ("params", |ctx, facts| {
        Ok(object_of(ctx, facts.params.iter().cloned())?.into_value())
    }),
    ("headers", |ctx, facts| {
        Ok(headers(ctx, &facts.headers)?.into_value())
    }),
    ("remote_addr", |ctx, facts| {
        facts.remote_addr.as_str().into_js(ctx)
    }),
    ("connected_at", |ctx, facts| facts.connected_at.into_js(ctx)),
    ("subprotocol", |ctx, facts| {
        facts.subprotocol.as_deref().into_js(ctx)
    }),
];

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let connection = Object::new(ctx.clone())?;
    for (name, read) in FACTS {
        let on = Rc::clone(turn);
        let read = move |ctx: Ctx<'js>| read(&ctx, &on.seat(&ctx)?.opening.facts);
        connection.prop(*name, Accessor::new_get(read).enumerable())?;
    }
    let on = Rc::clone(turn);
    let rooms = move |ctx: Ctx<'js>| joined(&ctx, &on);
    connection.prop("rooms", Accessor::new_get(rooms).enumerable())?;
    define_state(&connection, turn)?;
    let on = Rc::clone(turn);
    let send = move |ctx: Ctx<'js>, value: Opt<Value<'js>>| {
        let Some(value) = value.0 else {
            return Ok(());
        };
        match on.payload(&ctx, value)? {
            Some(payload) => on.push(&ctx, Effect::Send(payload)),
            None => Ok(()),
        }
    };
    connection.prop("send", Function::new(ctx.clone(), send)?.with_name("send")?)?;
    let on = Rc::clone(turn);
    let close = move |ctx: Ctx<'js>, code: Opt<Value<'js>>, reason: Opt<Value<'js>>| {
        let effect = close_effect(&ctx, &on, code.0, reason.0)?;
        on.push(&ctx, effect)
    };
    connection.prop(
        "close",
        Function::new(ctx.clone(), close)?.with_name("close")?,
    )?;
    globals.set("connection", connection)
}

fn define_state<'js>(connection: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let (reader, writer) = (Rc::clone(turn), Rc::clone(turn));
    let read = move |ctx: Ctx<'js>| reader.seat(&ctx)?.state(&ctx);
    let write = move |ctx: Ctx<'js>, value: Value<'js>| {
        writer.seat(&ctx)?.set_state(&ctx, value);
        Result::Ok(())
    };
    connection.prop("state", Accessor::new(read, write).enumerable())
}

fn close_effect<'js>(
    ctx: &Ctx<'js>,
    turn: &Turn,
    code: Option<Value<'js>>,
    reason: Option<Value<'js>>,
) -> Result<Effect> {
    let code = match code.filter(|code| !code.is_undefined()) {
        None => Some(1000),
        Some(code) => code
            .as_number()
            .filter(|code| code.fract() == 0.0)
            .and_then(sendable),
    };
    let Some(code) = code else {
        let text = "connection.close: the code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999";
        return Err(Exception::throw_range(ctx, text));
    };
    let reason = match reason.filter(|reason| !reason.is_undefined()) {
        None => String::new(),
        reason => name_of(ctx, turn, "connection.close: the reason", reason)?,
    };
    if reason.len() > REASON_BYTES {
        let actual = reason.len();
        let text = format!(
            "connection.close: the reason is {actual} bytes long, the limit is {REASON_BYTES} bytes"
        );
        return Err(Exception::throw_range(ctx, &text));
    }
    Ok(Effect::Close { code, reason })
}

/// A close code that an endpoint may send (RFC 6455 §7.4 and the IANA registry).
fn sendable(code: f64) -> Option<u16> {
    let codes = (1000..=1003).chain(1007..=1014).chain(3000..=4999);
    codes
        .into_iter()
        .find(|known| (f64::from(*known) - code).abs() < f64::EPSILON)
}

/// The query as an object: a repeated name has an array of its values.
fn query<'js>(ctx: &Ctx<'js>, pairs: &[(String, String)]) -> Result<Object<'js>> {
    let mut values: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, value) in pairs {
        values.entry(name).or_default().push(value);
    }
    let mut members = Vec::with_capacity(values.len());
    for (name, _) in pairs {
        let value = match values.remove(name.as_str()).as_deref() {
            None => continue,
            Some([value]) => value.into_js(ctx)?,
            Some(several) => several.to_vec().into_js(ctx)?,
        };
        members.push((name.clone(), value));
    }
    object_of(ctx, members)
}

/// The headers as an object with lower-case names: a repeated header is joined (RFC 9110 §5.2).
fn headers<'js>(ctx: &Ctx<'js>, pairs: &[(String, String)]) -> Result<Object<'js>> {
    let mut members: Vec<(String, String)> = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        let name = name.to_ascii_lowercase();
        match members.iter_mut().find(|(known, _)| *known == name) {
            Some((_, joined)) => {
                joined.push_str(", ");
                joined.push_str(value);
            }
            None => members.push((name, value.clone())),
        }
    }
    object_of(ctx, members)
}
