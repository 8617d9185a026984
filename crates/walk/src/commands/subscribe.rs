//! `subscribeSession` and `unsubscribeSession` pass through here: watching what somebody else walks.

use sockeye_model::json::{self, Scope};

use super::visited::WATCHED;
use super::{Fault, Scene, elements};
use crate::conversation::{Order, Watch};
use crate::profile::Protocol;
use crate::registry::{ENDINGS, name_of, state_group};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    let card = scene.conversation.service.registry.find(&id)?;
    scene.conversation.stop_watching();
    let own = scene.conversation.walk.as_ref();
    let is_own = own.is_some_and(|walk| walk.card.id == card.id);
    // Who asks with `getVisits` need not hear of each step.
    let is_quiet = scene.request.raw("steps") == Some("false");
    let has_steps = !is_own && !is_quiet;
    let shape = usize::from(scene.protocol == Protocol::Rs);
    let (_, suffix) = WATCHED[shape];
    let group = format!("{}{suffix}", card.group);
    let orders = &mut scene.conversation.orders;
    orders.push(Order::Join(state_group(&card.group)));
    orders.push(Order::Join(ENDINGS.to_owned()));
    // Its own steps a client hears of anyway.
    if has_steps {
        orders.push(Order::Join(group.clone()));
    }
    let watch = Watch {
        card: card.clone(),
        steps: has_steps.then_some((group, shape)),
        told: Vec::new(),
    };
    watch.count(true);
    let ask = Order::Ask(card.clone());
    scene.conversation.orders.push(ask);
    scene.conversation.watched = Some(watch);
    let models = json::write(&card.suite, Scope::Reference);
    let paused = card.is_paused();
    let mut reply = scene.succeed();
    reply
        .text("sessionId", &card.id)
        .text("name", name_of(&card))
        .raw("models", &models);
    if !is_quiet {
        reply.with("elements", |out| elements::write(out, &card));
    }
    reply.whole("seed", card.seed).truth("paused", paused);
    Ok(())
}

/// Stops watching. What the client wanted of the session, a pause or breakpoints, ends with that.
#[expect(clippy::unnecessary_wraps, reason = "the table wants it")]
pub(super) fn run_end(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    if scene.conversation.stop_watching() {
        let observer = scene.conversation.observer;
        scene.conversation.service.registry.leave(observer);
    }
    scene.succeed();
    Ok(())
}
