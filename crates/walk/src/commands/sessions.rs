//! `listSessions` passes through here: who is walking, and word of those who begin and end from now on.

use sockeye_model::json::object::Object;
use sockeye_model::machine::Status;

use super::{Fault, Scene};
use crate::conversation::Order;
use crate::registry::{ENDINGS, EVERYBODY, SessionBrief};
use crate::reply::{array, finite, nested};
use crate::state::status_name;

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
    let is_detailed = scene.request.raw("details") == Some("true");
    let mut reply = scene.replies.object();
    reply
        .text(scene.key.name(), "sessions")
        .truth("success", true);
    reply.with("sessions", |out| {
        array(out, &sessions, |out, session| {
            nested(out, |object| {
                object.text("id", &session.id).text("name", &session.name);
                if is_detailed {
                    details(object, session);
                }
            });
        });
    });
    Ok(())
}

/// What only those get who ask for it.
fn details(object: &mut Object<'_>, session: &SessionBrief) {
    object
        .value("seed", session.seed)
        .value("paused", session.is_paused)
        .value("totalCount", session.steps)
        .value("stopConditionFulfillment", finite(session.fulfilment))
        .text("status", status_name(Some(whole(&session.statuses))))
        .text("started", &session.started.to_string());
}

/// The status of all models together: the worst that happened, or what is still to come.
fn whole(statuses: &[Status]) -> Status {
    let has = |wanted| statuses.contains(&wanted);
    let all = |wanted| statuses.iter().all(|status| *status == wanted);
    if has(Status::Failed) {
        Status::Failed
    } else if all(Status::Completed) {
        Status::Completed
    } else if all(Status::NotExecuted) {
        Status::NotExecuted
    } else {
        Status::Executing
    }
}
