//! Sessions pass through here as pictures of themselves: a line of a list, or everything that is known of one.

use std::sync::Arc;

use sockeye_core::Timestamp;
use sockeye_model::Suite;
use sockeye_model::machine::{Status, Step};

use super::Registry;
use crate::card::{Card, locked};

/// A session in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionBrief {
    /// `session-7`.
    pub id: String,
    /// What its client calls it; if it calls it nothing, the name of its first model.
    pub name: String,
    /// When it began.
    pub started: Timestamp,
    /// The seed of its random decisions.
    pub seed: i64,
    /// Steps so far, in all models.
    pub steps: u64,
    /// How far the stop condition of the current model is fulfilled; may be more than 1.
    pub fulfilment: f64,
    /// Whether an observer or a breakpoint has paused it.
    pub is_paused: bool,
    /// How each model is doing, in the order of the models.
    pub statuses: Vec<Status>,
}

/// A session with all that is known of it.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// What stands in the list.
    pub brief: SessionBrief,
    /// The models as they came.
    pub suite: Arc<Suite>,
    /// Where the walk is; none before its first step.
    pub current: Option<Step>,
    /// Visits of each element of each model: the vertices, then the edges, in definition order.
    pub visits: Vec<Vec<u32>>,
    /// Variables (`data`), requirements and coverage, as the JSON object of the `sessionState` message; none before anybody
    /// has asked for it ([`Registry::refresh`]).
    pub state: Option<Arc<str>>,
}

impl Registry {
    /// All sessions, in the order in which they began.
    pub fn list(&self) -> Vec<SessionBrief> {
        let cards: Vec<Arc<Card>> = locked(&self.0.sessions).values().cloned().collect();
        cards.iter().map(|card| brief(card)).collect()
    }

    /// One session.
    pub fn view(&self, id: &str) -> Option<SessionView> {
        let card = self.find(id).ok()?;
        let models = card.suite.models.iter().enumerate();
        let visits = models.map(|(number, model)| {
            let elements = model.elements();
            elements
                .map(|element| card.visits(number, element))
                .collect()
        });
        Some(SessionView {
            brief: brief(&card),
            suite: Arc::clone(&card.suite),
            current: card.current(),
            visits: visits.collect(),
            state: card.state(),
        })
    }
}

pub(crate) fn name_of(card: &Card) -> &str {
    let of_model = card
        .suite
        .models
        .first()
        .and_then(|model| model.name.as_deref());
    card.name.as_deref().or(of_model).unwrap_or_default()
}

fn brief(card: &Card) -> SessionBrief {
    SessionBrief {
        id: card.id.clone(),
        name: name_of(card).to_owned(),
        started: card.started,
        seed: card.seed,
        steps: card.steps(),
        fulfilment: card.fulfilment(),
        is_paused: card.is_paused(),
        statuses: (0..card.suite.models.len())
            .map(|model| card.status(model))
            .collect(),
    }
}
