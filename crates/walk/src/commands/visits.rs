//! `getVisits` passes through here: what has changed in a watched session since it was last asked for.
//!
//! Steps that are pushed come at the walk's speed. A page that draws asks instead, whenever it is ready to draw again, and
//! hears of each element at most once.

use std::fmt::Write as _;

use super::{Fault, Scene};
use crate::card::Card;
use crate::reply::{array, finite, nested};
use crate::state::status_name;

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?.into_owned();
    let watched = &mut scene.conversation.watched;
    let Some(mut watch) = watched.take_if(|watch| watch.card.id == id) else {
        let text = format!("`{id}` is not watched: `subscribeSession` begins that");
        return Err(Fault::Failed(text));
    };
    let card = std::sync::Arc::clone(&watch.card);
    let is_over = scene.conversation.service.registry.find(&id).is_err();
    let mut reply = scene.succeed();
    reply
        .text("sessionId", &id)
        .truth("ended", is_over)
        .truth("paused", card.is_paused())
        .whole("totalCount", card.steps())
        .number("stopConditionFulfillment", card.fulfilment());
    if let Some(place) = card.place_of_current() {
        reply.whole("current", place as u64);
    }
    reply
        .with("models", |out| models(out, &card))
        .with("changes", |out| changes(out, &card, &mut watch.told));
    if let Some(reason) = card.failure() {
        reply.text("failure", &reason);
    }
    drop(reply);
    scene.conversation.watched = Some(watch);
    Ok(())
}

fn models(out: &mut String, card: &Card) {
    let all = 0..card.suite.models.len();
    array(out, all, |out, model| {
        nested(out, |object| {
            object
                .text("status", status_name(Some(card.status(model))))
                .value(
                    "stopConditionFulfillment",
                    finite(card.fulfilment_of(model)),
                );
        });
    });
}

/// Place and count of each element that was visited since, one after the other. A place counts through all models, in each
/// the vertices before the edges.
fn changes(out: &mut String, card: &Card, told: &mut Vec<u32>) {
    told.resize(card.places(), 0);
    let changed = told.iter_mut().enumerate().filter_map(|(place, told)| {
        let visits = card.visits_at(place);
        (std::mem::replace(told, visits) != visits).then_some((place, visits))
    });
    array(out, changed, |out, (place, visits)| {
        let _ = write!(out, "{place},{visits}");
    });
}
