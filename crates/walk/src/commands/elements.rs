//! `updateAllElements` passes through here: how often every element was visited.

use std::sync::Arc;

use super::{Fault, Scene};
use crate::card::Card;
use crate::reply::{array, quote};

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
        out.push_str("{\"modelId\":");
        quote(out, &model.id);
        out.push_str(",\"elementId\":");
        quote(out, model.id_of(element));
        out.push_str(",\"visitedCount\":");
        out.push_str(&card.visits(number, element).to_string());
        out.push('}');
    });
}
