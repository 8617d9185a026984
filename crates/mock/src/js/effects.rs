//! What a call has asked for is carried out here, in the order of the script's statements.

use sockeye_cluster::Target;
use sockeye_net::{Frame, Message, Outbox};
use sockeye_script::js::{Effect, LogLevel, Payload, Returned};
use sockeye_wire::CloseCode;
use tracing::{debug, error, info, warn};

use crate::commons::audience;
use crate::facts::Facts;
use crate::rooms::Rooms;
use crate::world::World;

/// Whose call it was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller<'s> {
    pub(crate) world: &'s World,
    pub(crate) facts: &'s Facts,
    /// The name of its route.
    pub(crate) route: &'s str,
}

/// Carries out what a call has asked for.
pub(crate) fn carry_out(effects: Vec<Effect>, caller: Caller<'_>, out: &mut Outbox<'_>) {
    for effect in effects {
        match effect {
            Effect::Send(payload) => out.message(spoken(&payload)),
            Effect::Broadcast { target, payload } => {
                let target = target_of(target.as_deref(), caller.route);
                let frame = Frame::new(spoken(&payload));
                out.broadcast(&audience(&target), &frame);
                caller.world.commons.send_elsewhere(&target, &payload);
            }
            Effect::Join(room) => join(&room, caller, out),
            Effect::Leave(room) => {
                out.leave(&Rooms::group(&room));
                caller
                    .world
                    .commons
                    .rooms
                    .leave(&room, caller.facts.number());
            }
            Effect::Close { code, reason } => {
                let code = CloseCode::new(code).unwrap_or(CloseCode::NORMAL);
                out.close(code, &reason);
            }
            Effect::Log { level, text } => log(level, &text, caller.facts),
        }
    }
}

/// Carries out what the last call of a connection has asked for, which can only reach others.
pub(crate) fn carry_out_behind(effects: Vec<Effect>, caller: Caller<'_>) {
    for effect in effects {
        match effect {
            Effect::Broadcast { target, payload } => {
                let target = target_of(target.as_deref(), caller.route);
                caller.world.commons.send(&target, &payload);
            }
            Effect::Log { level, text } => log(level, &text, caller.facts),
            Effect::Send(_) | Effect::Join(_) | Effect::Leave(_) | Effect::Close { .. } => {}
        }
    }
}

/// Says what a call has returned.
pub(crate) fn say(returned: &Returned, out: &mut Outbox<'_>) {
    match returned {
        Returned::Text(text) => out.text(text),
        Returned::Binary(bytes) => out.binary(bytes),
        Returned::Nothing | Returned::Truth(_) => {}
    }
}

/// Whom a broadcast is for: all on the caller's path, everyone, all on a path, or a room.
pub(crate) fn target_of(target: Option<&str>, route: &str) -> Target {
    match target {
        None => Target::Route(route.to_owned()),
        Some("*") => Target::Everyone,
        Some(path) if path.starts_with('/') => Target::Route(path.to_owned()),
        Some(room) => Target::Room(room.to_owned()),
    }
}

/// A payload as the network takes it.
pub(crate) fn spoken(payload: &Payload) -> Message<'_> {
    match payload {
        Payload::Text(text) => Message::Text(text),
        Payload::Binary(bytes) => Message::Binary(bytes),
    }
}

/// A message as script threads take it.
pub(crate) fn payload_of(message: Message<'_>) -> Payload {
    match message {
        Message::Text(text) => Payload::Text(text.to_owned()),
        Message::Binary(bytes) => Payload::Binary(bytes.to_vec()),
    }
}

fn join(room: &str, caller: Caller<'_>, out: &mut Outbox<'_>) {
    if out.join(&Rooms::group(room)) {
        caller.world.commons.rooms.join(room, caller.facts.number());
        caller.world.commons.presence_changed();
    } else {
        let connection = caller.facts.id();
        warn!(%connection, room, "not joined: the connection is in as many rooms as it may be");
    }
}

fn log(level: LogLevel, text: &str, facts: &Facts) {
    let (connection, path) = (facts.id(), &*facts.path);
    match level {
        LogLevel::Debug => debug!(%connection, path, "{text}"),
        LogLevel::Info => info!(%connection, path, "{text}"),
        LogLevel::Warn => warn!(%connection, path, "{text}"),
        LogLevel::Error => error!(%connection, path, "{text}"),
    }
}
