//! `listSessions` passes through here: who is walking, and word of those who begin and end from now on.

use super::{Fault, Scene};
use crate::conversation::Order;
use crate::registry::{ENDINGS, EVERYBODY};
use crate::reply::{array, quote};

#[expect(clippy::unnecessary_wraps, reason = "the table wants it")]
pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    for group in [EVERYBODY, ENDINGS] {
        let order = Order::Join(group.to_owned());
        scene.conversation.orders.push(order);
    }
    let registry = &scene.conversation.service.registry;
    // Who begins before the link has joined is told, too.
    let catch_up = Order::CatchUp(registry.next());
    let sessions = registry.list();
    scene.conversation.orders.push(catch_up);
    let mut reply = scene.replies.object();
    reply
        .text(scene.key.name(), "sessions")
        .truth("success", true);
    reply.with("sessions", |out| {
        array(out, &sessions, |out, session| {
            out.push_str("{\"id\":");
            quote(out, &session.id);
            out.push_str(",\"name\":");
            quote(out, &session.name);
            out.push('}');
        });
    });
    Ok(())
}
