//! `listSessions` passes through here: who is walking, and word of those who begin and end from now on.

use super::{Fault, Scene};
use crate::conversation::Order;
use crate::registry::{ENDINGS, EVERYBODY};
use crate::reply::{array, quote};

#[expect(clippy::unnecessary_wraps, reason = "the table wants it")]
pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    // First: who begins meanwhile is told as an event or stands in the list, or both.
    for group in [EVERYBODY, ENDINGS] {
        let order = Order::Join(group.to_owned());
        scene.conversation.orders.push(order);
    }
    let sessions = scene.conversation.service.registry.list();
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
