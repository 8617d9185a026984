//! `getSession` passes through here: all that is known of a session, one's own or another's.

use super::{Fault, Scene};
use crate::registry::name_of;
use crate::reply::{array, quote};
use crate::state::status_name;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let own = scene
        .conversation
        .walk
        .as_ref()
        .map(|walk| walk.card.id.clone());
    let id = match scene.request.maybe_text("sessionId")? {
        Some(id) => id.into_owned(),
        None => own.ok_or_else(|| Fault::Failed(crate::failure::NOT_STARTED.to_owned()))?,
    };
    let card = scene.conversation.service.registry.find(&id)?;
    card.want_state();
    let current = card.current();
    let state = card.state();
    let paused = card.is_paused();
    let mut reply = scene.succeed();
    reply
        .text("sessionId", &card.id)
        .text("name", name_of(&card))
        .text("started", &card.started.to_string())
        .whole("seed", card.seed)
        .truth("paused", paused)
        .whole("totalCount", card.steps())
        .number("stopConditionFulfillment", card.fulfilment());
    if let Some(step) = current {
        let model = &card.suite.models[step.model];
        reply
            .text("modelId", &model.id)
            .text("elementId", model.id_of(step.element));
    }
    reply.with("statuses", |out| {
        let statuses = (0..card.suite.models.len()).map(|model| card.status(model));
        array(out, statuses, |out, status| {
            quote(out, status_name(Some(status)));
        });
    });
    // What it last said of variables, requirements and coverage; it is asked to say so again.
    reply.raw("state", state.as_deref().unwrap_or("null"));
    Ok(())
}
