//! What observers want of sessions passes through here, to the cards, and what became of it to those who watch.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use sockeye_model::{Element, Suite};

use super::{Registry, state_group};
use crate::card::{Card, Observer, locked};
use crate::limits::{BREAKPOINTS, DELAY};
use crate::reply::Replies;

/// Why an observer cannot have what it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SteerError(pub(crate) String);

impl std::fmt::Display for SteerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SteerError {}

impl Registry {
    /// Asks a session to tell its variables and requirements; [`SessionView::state`](super::SessionView::state) has them a moment later.
    ///
    /// # Errors
    ///
    /// There is no such session.
    pub fn refresh(&self, id: &str) -> Result<(), SteerError> {
        self.find(id).map(|card| card.want_state())
    }

    /// A number for somebody who steers sessions and has no connection.
    pub fn observer(&self) -> Observer {
        self.0.observers.fetch_add(1, Relaxed)
    }

    /// Holds a session back before its next step.
    ///
    /// # Errors
    ///
    /// There is no such session, or too many observers want something of it.
    pub fn pause(&self, id: &str, observer: Observer) -> Result<(), SteerError> {
        let card = self.find(id)?;
        let is_new = card.pause(observer).ok_or_else(|| crowded(id))?;
        if is_new {
            self.tell_paused(&card, None);
        }
        Ok(())
    }

    /// Lets a session go on, whoever has paused it.
    ///
    /// # Errors
    ///
    /// There is no such session.
    pub fn resume(&self, id: &str) -> Result<(), SteerError> {
        let card = self.find(id)?;
        if card.resume() {
            self.tell(&card, "sessionResumed");
        }
        Ok(())
    }

    /// Lets a paused session make one step.
    ///
    /// # Errors
    ///
    /// There is no such session, or it is not paused.
    pub fn step(&self, id: &str) -> Result<(), SteerError> {
        if self.find(id)?.step_once() {
            return Ok(());
        }
        let text = format!("session {id} is not paused: pause it first");
        Err(SteerError(text))
    }

    /// Makes each step of a session wait; zero ends that. At most 60 s.
    ///
    /// # Errors
    ///
    /// There is no such session, the delay is too long, or too many observers want something of it.
    pub fn set_delay(
        &self,
        id: &str,
        observer: Observer,
        delay: Duration,
    ) -> Result<(), SteerError> {
        let card = self.find(id)?;
        if delay > DELAY {
            let most = DELAY.as_millis();
            let text = format!("a step waits at most {most} ms: choose a shorter delay");
            return Err(SteerError(text));
        }
        let is_taken = card.delay(observer, delay);
        is_taken.then_some(()).ok_or_else(|| crowded(id))
    }

    /// Replaces an observer's breakpoints, each a model's and an element's id. The session pauses when such an element was
    /// executed.
    ///
    /// # Errors
    ///
    /// There is no such session or element, or there are too many breakpoints or observers.
    pub fn set_breakpoints(
        &self,
        id: &str,
        observer: Observer,
        breakpoints: &[(String, String)],
    ) -> Result<(), SteerError> {
        let card = self.find(id)?;
        if breakpoints.len() > BREAKPOINTS {
            let text = format!("a session has at most {BREAKPOINTS} breakpoints of one observer");
            return Err(SteerError(text));
        }
        let places = breakpoints
            .iter()
            .map(|(model, element)| place(&card.suite, model, element));
        let places: HashSet<_> = places.collect::<Result<_, _>>()?;
        let is_taken = card.break_at(observer, places);
        is_taken.then_some(()).ok_or_else(|| crowded(id))
    }

    /// Forgets what an observer wanted of all sessions. What others want stays.
    pub fn leave(&self, observer: Observer) {
        let cards: Vec<Arc<Card>> = locked(&self.0.sessions).values().cloned().collect();
        for card in cards {
            if card.forget(observer) {
                self.tell(&card, "sessionResumed");
            }
        }
    }

    pub(crate) fn tell_paused(&self, card: &Card, at: Option<(&str, &str)>) {
        let mut message = Replies::default();
        let mut object = message.object();
        object
            .text("command", "sessionPaused")
            .text("sessionId", &card.id);
        if let Some((model, element)) = at {
            object
                .text("reason", "breakpoint")
                .text("modelId", model)
                .text("elementId", element);
        }
        drop(object);
        self.send(&state_group(&card.group), &message);
    }

    fn tell(&self, card: &Card, command: &str) {
        let mut message = Replies::default();
        message
            .object()
            .text("command", command)
            .text("sessionId", &card.id);
        self.send(&state_group(&card.group), &message);
    }
}

fn crowded(id: &str) -> SteerError {
    SteerError(format!(
        "too many observers steer session {id}: one of them must leave"
    ))
}

fn place(suite: &Suite, model: &str, element: &str) -> Result<(usize, Element), SteerError> {
    let mut models = suite.models.iter();
    let number = models.position(|found| &*found.id == model);
    let number =
        number.ok_or_else(|| SteerError(format!("there is no model with id `{model}`")))?;
    let found = suite.models[number].find(element);
    let found = found.ok_or_else(|| {
        SteerError(format!(
            "the model `{model}` has no element with id `{element}`"
        ))
    })?;
    Ok((number, found))
}
