//! All sessions pass through here: who is walking, where they are, and what others want of them.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use sockeye_core::{Clock, Timestamp};
use sockeye_model::machine::{Status, Step};
use sockeye_model::{Element, Suite};
use sockeye_net::{Audience, Fanout, Frame, Message};

use crate::card::{Card, Identity, Observer, locked};
use crate::limits::{BREAKPOINTS, DELAY};
use crate::reply::Replies;
use crate::summons::Summons;

/// The group that hears of sessions that begin.
pub(crate) const EVERYBODY: &str = "walk";

/// The group that hears of sessions that end: who asked for all of them, and who watches one.
pub(crate) const ENDINGS: &str = "walk/ended";

/// The group that hears of the one machine of the REST service.
pub(crate) const PLAYBACK: &str = "walk/playback";

/// Every session of the service. Cheap to clone; may be asked from any thread.
#[derive(Clone, Debug)]
pub struct Registry(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// By number, which is the order in which they began.
    sessions: Mutex<BTreeMap<u64, Arc<Card>>>,
    next: AtomicU64,
    observers: AtomicU64,
    fanout: OnceLock<Fanout>,
    clock: Clock,
}

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

/// Why an observer cannot have what it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SteerError(pub(crate) String);

impl std::fmt::Display for SteerError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SteerError {}

/// What a session is to be known by.
#[derive(Debug)]
pub(crate) struct Beginning {
    pub(crate) name: Option<String>,
    pub(crate) seed: i64,
    pub(crate) summons: Summons,
    /// The group that hears of its steps; one of its own if there is none.
    pub(crate) group: Option<&'static str>,
}

impl Registry {
    pub(crate) fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared {
            sessions: Mutex::default(),
            next: AtomicU64::new(1),
            // Connections are observers by their numbers; pages of the dashboard get numbers far above.
            observers: AtomicU64::new(1 << 62),
            fanout: OnceLock::new(),
            clock,
        }))
    }

    pub(crate) fn reach(&self, fanout: &Fanout) {
        // A service is started once.
        let _ = self.0.fanout.set(fanout.clone());
    }

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

    /// Asks a session to tell its variables and requirements; [`SessionView::state`] has them a moment later.
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

    /// The number of the session that begins next.
    pub(crate) fn next(&self) -> u64 {
        self.0.next.load(Relaxed)
    }

    /// Messages about the sessions that have begun since this was the next number.
    pub(crate) fn begun_since(&self, number: u64) -> Replies {
        let mut messages = Replies::default();
        let sessions = locked(&self.0.sessions);
        for card in sessions.range(number..).map(|(_, card)| card) {
            created(card, &mut messages);
        }
        messages
    }

    pub(crate) fn find(&self, id: &str) -> Result<Arc<Card>, SteerError> {
        let number = id.strip_prefix("session-").and_then(|id| id.parse().ok());
        let found = number.and_then(|number: u64| locked(&self.0.sessions).get(&number).cloned());
        found.ok_or_else(|| {
            SteerError(format!(
                "there is no session `{id}`: `listSessions` tells which there are"
            ))
        })
    }

    pub(crate) fn begin(&self, beginning: Beginning, suite: &Arc<Suite>) -> Arc<Card> {
        // Under the lock: whoever sees the next number sees all sessions before it.
        let mut sessions = locked(&self.0.sessions);
        let number = self.0.next.fetch_add(1, Relaxed);
        let id = format!("session-{number}");
        let group = beginning
            .group
            .map_or_else(|| format!("walk/{id}").into(), Arc::from);
        let identity = Identity {
            id,
            name: beginning.name,
            group,
            seed: beginning.seed,
            started: self.0.clock.now(),
            summons: beginning.summons,
        };
        let card = Arc::new(Card::new(identity, suite));
        sessions.insert(number, Arc::clone(&card));
        drop(sessions);
        let mut message = Replies::default();
        created(&card, &mut message);
        self.send(EVERYBODY, &message);
        card
    }

    pub(crate) fn end(&self, card: &Card) {
        let number = card.id.strip_prefix("session-");
        let number = number.and_then(|number| number.parse().ok());
        number.and_then(|number: u64| locked(&self.0.sessions).remove(&number));
        let mut message = Replies::default();
        message
            .object()
            .text("command", "sessionEnded")
            .text("sessionId", &card.id);
        self.send(ENDINGS, &message);
    }

    /// Whether somebody hears what becomes of a session.
    pub(crate) fn is_watched(&self, card: &Card) -> bool {
        let audience = Audience::Group(state_group(&card.group).as_str().into());
        let fanout = self.0.fanout.get();
        fanout.is_some_and(|fanout| fanout.size(&audience) > 0)
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

    /// Sends messages to a group.
    pub(crate) fn send(&self, group: &str, messages: &Replies) {
        let Some(fanout) = self.0.fanout.get() else {
            return;
        };
        let audience = Audience::Group(group.into());
        if fanout.size(&audience) == 0 {
            return;
        }
        for text in messages.texts() {
            fanout.send(&audience, &Frame::new(Message::Text(text)));
        }
    }
}

/// The group that hears when a session is paused, goes on or ends.
pub(crate) fn state_group(group: &str) -> String {
    format!("{group}/state")
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

fn created(card: &Card, messages: &mut Replies) {
    messages
        .object()
        .text("command", "sessionCreated")
        .text("sessionId", &card.id)
        .text("name", name_of(card));
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
