//! All sessions pass through here: who is walking, where they are, and what others want of them.

mod steer;
mod view;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, OnceLock};

use sockeye_core::Clock;
use sockeye_model::Suite;
use sockeye_net::{Audience, Fanout, Frame, Message};

use crate::card::{Card, Identity, locked};
use crate::reply::Replies;
use crate::summons::Summons;
pub use steer::SteerError;
pub(crate) use view::name_of;
pub use view::{SessionBrief, SessionView};

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

fn created(card: &Card, messages: &mut Replies) {
    messages
        .object()
        .text("command", "sessionCreated")
        .text("sessionId", &card.id)
        .text("name", name_of(card));
}
