//! What one client says passes through here, request by request, wherever its machine lives.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use sockeye_core::Random;
use sockeye_model::Model;

use crate::card::{Card, Observer, locked};
use crate::commands::elements;
use crate::limits::{HELD_REQUESTS, LIGHT_BYTES, LIGHT_ELEMENTS};
use crate::pipeline;
use crate::profile::Dialect;
use crate::registry::state_group;
use crate::reply::Replies;
use crate::request::Key;
use crate::rest::Playback;
use crate::service::Service;
use crate::summons::Summons;
use crate::walk::{PackedWalk, Walk};

/// The state of one client.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) service: Arc<Service>,
    pub(crate) observer: Observer,
    pub(crate) summons: Summons,
    pub(crate) dialect: Dialect,
    /// The key of the last request, which events use, too.
    pub(crate) key: Key,
    /// Models that wait for `start`, or that it was started with.
    pub(crate) loaded: Vec<Model>,
    pub(crate) walk: Option<Walk>,
    /// Whether it is on an I/O thread, where nothing may take long.
    pub(crate) is_light: bool,
    pub(crate) random: Random,
    /// The session of others that it watches.
    pub(crate) watched: Option<Watch>,
    /// What its link is to do beside sending the replies.
    pub(crate) orders: Vec<Order>,
    /// When a delayed step is due.
    pub(crate) due: Option<Instant>,
    /// The session of the REST service, if that is what it watches.
    pub(crate) playback: Option<Playback>,
    /// Requests behind a step that is held back, the step's own first.
    waiting: VecDeque<String>,
}

/// Something for the link.
#[derive(Clone, Debug)]
pub(crate) enum Order {
    Join(String),
    Leave(String),
    /// Tell of sessions that began since this number was the next one: before the link has joined.
    CatchUp(u64),
    /// Ask for variables and requirements, which are told to those who have joined.
    Ask(Arc<Card>),
}

/// A session that is watched.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) card: Arc<Card>,
    /// The group of its steps; none if it is the client's own, whose steps it sees anyway.
    pub(crate) steps: Option<(String, usize)>,
    /// Visits of each element as `getVisits` last told them.
    pub(crate) told: Vec<u32>,
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Done,
    /// A step is held back, until then or until somebody says otherwise.
    Held(Option<Instant>),
    /// It may take longer than an I/O thread has. Nothing has changed.
    Elsewhere,
}

/// A conversation on its way to another thread. One that does not arrive leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Packed {
    /// None once it has arrived.
    parts: Option<Baggage>,
    walk: Option<PackedWalk>,
}

/// A conversation without its walk.
#[derive(Debug)]
struct Baggage {
    service: Arc<Service>,
    observer: Observer,
    summons: Summons,
    dialect: Dialect,
    key: Key,
    loaded: Vec<Model>,
    random: Random,
    watched: Option<Watch>,
    due: Option<Instant>,
    playback: Option<Playback>,
    waiting: VecDeque<String>,
}

impl Conversation {
    pub(crate) fn new(
        service: Arc<Service>,
        observer: Observer,
        summons: Summons,
        dialect: Dialect,
    ) -> Self {
        Self {
            random: service.random(),
            service,
            observer,
            summons,
            dialect,
            key: Key::Command,
            loaded: Vec::new(),
            walk: None,
            is_light: true,
            watched: None,
            orders: Vec::new(),
            due: None,
            playback: None,
            waiting: VecDeque::new(),
        }
    }

    /// Answers one request, or keeps it behind those that wait.
    ///
    /// `Elsewhere` means that this request was not answered and must be said again on another thread.
    pub(crate) fn hear(&mut self, text: &str, replies: &mut Replies) -> Next {
        if self.is_light && text.len() > LIGHT_BYTES {
            return Next::Elsewhere;
        }
        if !self.waiting.is_empty() && !pipeline::passes(text) {
            if self.waiting.len() >= HELD_REQUESTS {
                pipeline::refuse(self, "too many requests wait behind a held step", replies);
            } else {
                self.waiting.push_back(text.to_owned());
            }
            return Next::Held(self.due);
        }
        let next = pipeline::answer(self, text, replies);
        if let Next::Held(_) = next {
            self.waiting.push_front(text.to_owned());
        }
        next
    }

    /// Goes on with what waits, and does what others want of it.
    pub(crate) fn go_on(&mut self, replies: &mut Replies) -> Next {
        self.tell_state();
        while let Some(text) = self.waiting.pop_front() {
            match pipeline::answer(self, &text, replies) {
                Next::Done => {}
                next => {
                    self.waiting.push_front(text);
                    return next;
                }
            }
        }
        Next::Done
    }

    fn tell_state(&mut self) {
        let Some(walk) = &mut self.walk else { return };
        if !walk.card.is_state_wanted() {
            return;
        }
        let mut message = Replies::default();
        crate::state::write(walk, &mut message.object());
        if let Some(text) = message.texts().next() {
            walk.card.keep_state(text);
        }
        let group = state_group(&walk.card.group);
        self.service.registry.send(&group, &message);
    }

    /// The session that a running test walks, if this connection is there to watch it.
    pub(crate) fn played(&self) -> Option<Arc<Card>> {
        locked(self.playback.as_ref()?).clone()
    }

    /// Forgets the request that waits first.
    pub(crate) fn forget_held(&mut self) {
        self.waiting.pop_front();
    }

    /// Ends the walk, if there is one. Who watches it is told how it stood at its end.
    pub(crate) fn end_walk(&mut self) {
        if let Some(walk) = &self.walk
            && self.service.registry.is_watched(&walk.card)
        {
            walk.card.want_state();
            self.tell_state();
        }
        if let Some(walk) = self.walk.take() {
            self.service.registry.end(&walk.card);
        }
    }

    /// Stops watching, if it watches.
    pub(crate) fn stop_watching(&mut self) -> bool {
        let Some(watch) = self.watched.take() else {
            return false;
        };
        watch.count(false);
        self.orders
            .push(Order::Leave(state_group(&watch.card.group)));
        if let Some((group, _)) = watch.steps.clone() {
            self.orders.push(Order::Leave(group));
        }
        true
    }

    /// Whether it may be on an I/O thread again: nothing waits, nothing is large, and no script has needed an engine.
    pub(crate) fn is_slight(&self) -> bool {
        let is_slight = self.walk.as_ref().is_none_or(Walk::is_slight);
        is_slight && self.waiting.is_empty() && elements(&self.loaded) <= LIGHT_ELEMENTS
    }

    /// Takes the conversation from its thread. A walk that cannot go is lost, which its client is told as a failure.
    pub(crate) fn pack(mut self) -> Packed {
        let walk = self.walk.take();
        let (card, walk) = match walk {
            Some(walk) => (Some(Arc::clone(&walk.card)), walk.pack().ok()),
            None => (None, None),
        };
        if let (Some(card), None) = (card, &walk) {
            self.service.registry.end(&card);
        }
        let parts = Baggage {
            service: Arc::clone(&self.service),
            observer: self.observer,
            summons: self.summons.clone(),
            dialect: self.dialect,
            key: self.key,
            loaded: std::mem::take(&mut self.loaded),
            random: std::mem::replace(&mut self.random, Random::seeded(0)),
            watched: self.watched.take(),
            due: self.due,
            playback: self.playback.take(),
            waiting: std::mem::take(&mut self.waiting),
        };
        // What an observer wants stays with it.
        self.observer = 0;
        Packed {
            parts: Some(parts),
            walk,
        }
    }
}

impl Watch {
    /// Counts the watcher in or out.
    pub(crate) fn count(&self, is_in: bool) {
        use std::sync::atomic::Ordering::Relaxed;
        if let Some((_, shape)) = self.steps {
            let watchers = &self.card.watchers[shape];
            if is_in {
                watchers.fetch_add(1, Relaxed);
            } else {
                watchers.fetch_sub(1, Relaxed);
            }
        }
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.stop_watching();
        self.end_walk();
        if self.observer != 0 {
            self.service.registry.leave(self.observer);
        }
    }
}

impl Packed {
    /// The conversation again, on an I/O thread or on one of its own. None: it was taken out before.
    pub(crate) fn unpack(mut self, is_light: bool) -> Option<Conversation> {
        let parts = self.parts.take()?;
        let mut conversation =
            Conversation::new(parts.service, parts.observer, parts.summons, parts.dialect);
        conversation.is_light = is_light;
        conversation.key = parts.key;
        conversation.loaded = parts.loaded;
        conversation.random = parts.random;
        conversation.watched = parts.watched;
        conversation.due = parts.due;
        conversation.playback = parts.playback;
        conversation.waiting = parts.waiting;
        if let Some(packed) = self.walk.take() {
            let card = packed.card();
            match packed.unpack(is_light) {
                Ok(walk) => conversation.walk = Some(walk),
                Err(_) => conversation.service.registry.end(&card),
            }
        }
        Some(conversation)
    }
}

impl Drop for Packed {
    fn drop(&mut self) {
        let Some(parts) = self.parts.take() else {
            return;
        };
        if let Some(watch) = &parts.watched {
            watch.count(false);
        }
        if let Some(walk) = self.walk.take() {
            parts.service.registry.end(&walk.card());
        }
        parts.service.registry.leave(parts.observer);
    }
}
