//! `broadcast(target, value)` passes through here.

use std::rc::Rc;

use rquickjs::function::{Opt, Rest};
use rquickjs::{Ctx, Function, Object, Result, Value};

use super::super::outcome::Effect;
use super::super::turn::Turn;
use super::name_of;
use super::rooms::pending;

pub(super) fn define<'js>(ctx: &Ctx<'js>, globals: &Object<'js>, turn: &Rc<Turn>) -> Result<()> {
    let turn = Rc::clone(turn);
    let broadcast = move |ctx: Ctx<'js>, first: Opt<Value<'js>>, rest: Rest<Value<'js>>| {
        let mut rest = rest.0.into_iter();
        match (first.0, rest.next()) {
            (Some(target), Some(value)) => {
                let target = name_of(&ctx, &turn, "broadcast: the target", Some(target))?;
                send(&ctx, &turn, Some(target), value)
            }
            (Some(value), None) => send(&ctx, &turn, None, value),
            (None, _) => Ok(0),
        }
    };
    let broadcast = Function::new(ctx.clone(), broadcast)?.with_name("broadcast")?;
    globals.set("broadcast", broadcast)
}

/// Leaves the broadcast to the host and says how many connections it will reach.
fn send<'js>(
    ctx: &Ctx<'js>,
    turn: &Turn,
    target: Option<String>,
    value: Value<'js>,
) -> Result<usize> {
    let Some(payload) = turn.payload(ctx, value)? else {
        return Ok(0);
    };
    let reached = recipients(ctx, turn, target.as_deref())?;
    turn.push(ctx, Effect::Broadcast { target, payload })?;
    Ok(reached)
}

/// The host's count, corrected by what this call has done to its own membership.
fn recipients(ctx: &Ctx<'_>, turn: &Turn, target: Option<&str>) -> Result<usize> {
    let seat = turn.seat(ctx)?;
    let from = &seat.opening.facts.id;
    let count = turn.host.recipients(target, from);
    let Some((room, now)) = target.and_then(|room| Some((room, pending(turn, room)?))) else {
        return Ok(count);
    };
    let before = turn.host.rooms_of(from).iter().any(|name| name == room);
    Ok(match (before, now) {
        (false, true) => count + 1,
        (true, false) => count.saturating_sub(1),
        _ => count,
    })
}
