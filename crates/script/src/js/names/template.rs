//! `template(text)` passes through here.

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Function, Object, Result, Value};

use super::super::turn::Turn;

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let turn = Rc::clone(turn);
    let template = move |ctx: Ctx<'js>, text: Value<'js>| -> Result<String> {
        if !text.is_string() {
            return Err(Exception::throw_type(
                &ctx,
                "template: the text must be a string",
            ));
        }
        let text = turn.text(&ctx, text)?;
        let seat = turn.seat(&ctx)?;
        let expanded = turn.host.template(&text, &seat.opening.facts.id);
        expanded.map_err(|problem| Exception::throw_message(&ctx, &format!("template: {problem}")))
    };
    globals.set(
        "template",
        Function::new(ctx.clone(), template)?.with_name("template")?,
    )
}
