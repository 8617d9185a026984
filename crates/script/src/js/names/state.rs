//! The bare name `state` passes through here: the object of `connection.state`, made on first touch.

use std::rc::Rc;

use rquickjs::object::Accessor;
use rquickjs::{Ctx, Object, Result, Value};

use super::super::turn::Turn;

pub(super) fn define<'js>(_: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let (reader, writer) = (Rc::clone(turn), Rc::clone(turn));
    let read = move |ctx: Ctx<'js>| reader.seat(&ctx)?.state_object(&ctx);
    let write = move |ctx: Ctx<'js>, value: Value<'js>| {
        writer.seat(&ctx)?.set_state(&ctx, value);
        Result::Ok(())
    };
    globals.prop("state", Accessor::new(read, write))
}
