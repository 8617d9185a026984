//! `env` passes through here: the environment variables that scripts may see, each read when it is asked for.

use std::rc::Rc;

use rquickjs::{Ctx, Function, Object, Result, Value};

use super::super::turn::Turn;
use super::name_of;

/// An object that has nothing of its own and asks the host for what it is asked for.
const OBJECT: &str = r#"(read) => new Proxy(Object.freeze(Object.create(null)), {
  get: (target, name) => (typeof name === "string" ? read(name) : undefined),
})"#;

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let turn = Rc::clone(turn);
    let read = move |ctx: Ctx<'js>, name: Value<'js>| -> Result<Option<String>> {
        let name = name_of(&ctx, &turn, "env: the name", Some(name))?;
        Ok(turn.host.env(&name))
    };
    let object: Function = ctx.eval(OBJECT)?;
    let env: Value = object.call((Function::new(ctx.clone(), read)?,))?;
    globals.set("env", env)
}
