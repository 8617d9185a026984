//! `rooms` passes through here. What a call has joined and left is seen by the rest of the call at once.

use std::rc::Rc;

use rquickjs::function::Opt;
use rquickjs::{Ctx, Exception, Function, Object, Result, Value};

use super::super::outcome::Effect;
use super::super::turn::Turn;
use super::name_of;

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let rooms = Object::new(ctx.clone())?;
    let on = Rc::clone(turn);
    let join = move |ctx: Ctx<'js>, name: Opt<Value<'js>>| {
        let name = room(&ctx, &on, "rooms.join", name)?;
        on.push(&ctx, Effect::Join(name))
    };
    rooms.set("join", Function::new(ctx.clone(), join)?.with_name("join")?)?;
    let on = Rc::clone(turn);
    let leave = move |ctx: Ctx<'js>, name: Opt<Value<'js>>| {
        let name = room(&ctx, &on, "rooms.leave", name)?;
        on.push(&ctx, Effect::Leave(name))
    };
    rooms.set(
        "leave",
        Function::new(ctx.clone(), leave)?.with_name("leave")?,
    )?;
    let on = Rc::clone(turn);
    let list_members = move |ctx: Ctx<'js>, name: Opt<Value<'js>>| {
        let name = room(&ctx, &on, "rooms.members", name)?;
        members(&ctx, &on, &name)
    };
    rooms.set(
        "members",
        Function::new(ctx.clone(), list_members)?.with_name("members")?,
    )?;
    let on = Rc::clone(turn);
    let size = move |ctx: Ctx<'js>, name: Opt<Value<'js>>| {
        let name = room(&ctx, &on, "rooms.size", name)?;
        members(&ctx, &on, &name).map(|members| members.len())
    };
    rooms.set("size", Function::new(ctx.clone(), size)?.with_name("size")?)?;
    let on = Rc::clone(turn);
    let list = move |ctx: Ctx<'js>| joined(&ctx, &on);
    rooms.set("list", Function::new(ctx.clone(), list)?.with_name("list")?)?;
    globals.set("rooms", rooms)
}

/// The rooms of the running connection.
pub(super) fn joined(ctx: &Ctx<'_>, turn: &Turn) -> Result<Vec<String>> {
    let mut rooms = turn.host.rooms_of(&turn.seat(ctx)?.opening.facts.id);
    for effect in turn.effects().iter() {
        match effect {
            Effect::Join(name) if !rooms.contains(name) => rooms.push(name.clone()),
            Effect::Leave(name) => rooms.retain(|room| room != name),
            _ => {}
        }
    }
    Ok(rooms)
}

/// Whether the running call has joined or left the room, and which of them last.
pub(super) fn pending(turn: &Turn, room: &str) -> Option<bool> {
    turn.effects().iter().rev().find_map(|effect| match effect {
        Effect::Join(name) if name == room => Some(true),
        Effect::Leave(name) if name == room => Some(false),
        _ => None,
    })
}

fn members(ctx: &Ctx<'_>, turn: &Turn, room: &str) -> Result<Vec<String>> {
    let seat = turn.seat(ctx)?;
    let own = &seat.opening.facts.id;
    let mut members = turn.host.members(room);
    match pending(turn, room) {
        Some(true) if !members.contains(own) => members.push(own.clone()),
        Some(false) => members.retain(|member| member != own),
        _ => {}
    }
    Ok(members)
}

fn room<'js>(ctx: &Ctx<'js>, turn: &Turn, method: &str, name: Opt<Value<'js>>) -> Result<String> {
    let name = name_of(ctx, turn, &format!("{method}: the room's name"), name.0)?;
    if name.is_empty() || name.starts_with('/') || name == "*" {
        let text = format!("{method}: a room cannot be called `{name}`");
        return Err(Exception::throw_range(ctx, &text));
    }
    Ok(name)
}
