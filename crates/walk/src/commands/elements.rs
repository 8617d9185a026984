//! `updateAllElements` passes through here: how often every element was visited.

use std::sync::Arc;

use super::{Fault, Scene};
use crate::card::Card;
use crate::reply::{array, nested};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let card = match scene.conversation.played() {
        Some(card) => card,
        None => Arc::clone(&scene.walk()?.card),
    };
    scene.succeed().with("elements", |out| write(out, &card));
    Ok(())
}

/// All elements of all models, the vertices of each before its edges.
pub(super) fn write(out: &mut String, card: &Card) {
    let models = card.suite.models.iter().enumerate();
    let all = models.flat_map(|(number, model)| {
        let elements = model.elements();
        elements.map(move |element| (number, model, element))
    });
    array(out, all, |out, (number, model, element)| {
        nested(out, |object| {
            object
                .text("modelId", &model.id)
                .text("elementId", model.id_of(element))
                .value("visitedCount", card.visits(number, element));
        });
    });
}
