//! `getNext` passes through here: one step, pushed to whoever watches, and then its reply.

use super::visited::{self, Shape};
use super::{Fault, Scene};
use crate::card::Gate;
use crate::profile::Protocol;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    scene.walk()?;
    let conversation = &mut *scene.conversation;
    let Some(walk) = &mut conversation.walk else {
        return Ok(());
    };
    match walk.card.gate(&mut conversation.due) {
        Gate::Open => {}
        Gate::Until(instant) => return Err(Fault::Held(Some(instant))),
        Gate::Shut => return Err(Fault::Held(None)),
    }
    let made = walk.step()?;
    // The step was made all the same. Only machines that keep the reference's habits have such a number.
    if !made.1.is_finite() {
        let reason = "JSON does not allow non-finite numbers.";
        return Err(Fault::Failed(reason.to_owned()));
    }
    let shape = Shape::of(scene.protocol, scene.key);
    let context = conversation.service.options.bug_compatible;
    visited::write(walk, made, shape.with_faults(context), None, scene.replies)?;
    reply(scene, made.0)?;
    let registry = &scene.conversation.service.registry;
    if let Some(walk) = &mut scene.conversation.walk {
        visited::publish(walk, made, registry);
    }
    Ok(())
}

fn reply(scene: &mut Scene<'_, '_>, step: sockeye_model::machine::Step) -> Result<(), Fault> {
    let protocol = scene.protocol;
    // The rewrite has no reply beside the push. Unless it was asked for by name, its clients get one all the same, which
    // they ignore, while those of other generations wait for it.
    if scene.conversation.dialect.forced == Some(Protocol::Rs) {
        return Ok(());
    }
    let suite = std::sync::Arc::clone(scene.walk()?.suite());
    let model = &suite.models[step.model];
    let (id, name) = (model.id_of(step.element), model.name_of(step.element));
    let mut reply = scene.succeed();
    match protocol {
        Protocol::V32 => {}
        Protocol::V33 | Protocol::Editor => {
            reply.text("id", id).maybe("name", name);
        }
        Protocol::V34 | Protocol::V42 => {
            reply
                .text("modelId", &model.id)
                .text("elementId", id)
                .maybe("name", name);
        }
        Protocol::V43 | Protocol::Rs => {
            reply
                .text("modelId", &model.id)
                .text("elementId", id)
                .maybe("name", name)
                .maybe("modelName", model.name.as_deref());
        }
    }
    Ok(())
}
