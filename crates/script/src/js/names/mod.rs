//! The names scripts see pass through here: one file for each, one line for each in [`NAMES`].

mod broadcast;
mod connection;
mod console;
mod env;
mod rooms;
mod shared;
mod state;
mod template;

use std::rc::Rc;

use rquickjs::{Ctx, Exception, Object, Result, Value};

use super::turn::Turn;

/// Puts one name into the global object. The object is frozen afterwards, with everything that hangs on it.
type Define = for<'js> fn(&Ctx<'js>, &Object<'js>, &Rc<Turn>) -> Result<()>;

/// Every name of the host.
const NAMES: &[Define] = &[
    broadcast::define,
    connection::define,
    console::define,
    env::define,
    rooms::define,
    shared::define,
    state::define,
    template::define,
];

/// Defines every name of the host.
pub(super) fn define(ctx: &Ctx<'_>, turn: &Rc<Turn>) -> Result<()> {
    NAMES
        .iter()
        .try_for_each(|define| define(ctx, &ctx.globals(), turn))
}

/// The most bytes of a name that scripts give to something: a room, a key, a variable.
const NAME_BYTES: usize = 1024;

/// An argument that must be a text.
fn name_of<'js>(
    ctx: &Ctx<'js>,
    turn: &Turn,
    what: &str,
    value: Option<Value<'js>>,
) -> Result<String> {
    match value {
        Some(value) if value.is_string() => turn.text_within(ctx, value, NAME_BYTES),
        other => {
            let found = other.map_or("undefined", |value| {
                if value.is_number() {
                    "a number"
                } else {
                    value.type_name()
                }
            });
            Err(Exception::throw_type(
                ctx,
                &format!("{what} must be a string, it is {found}"),
            ))
        }
    }
}
