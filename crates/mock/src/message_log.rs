//! `log_messages`: what passes the connections of a route becomes lines of the log.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sockeye_core::{Redactor, secrets};
use sockeye_net::{Direction, Hold, Message, Tap};
use tracing::{Level, debug, enabled, info};

use crate::operate::Place;

/// Characters of a message that a line shows.
const SHOWN: usize = 200;

/// How much of the messages of a route is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MessageLog {
    /// Nothing.
    #[default]
    Off,
    /// That there was one: direction, kind and length, as information.
    Meta,
    /// The same, and its start to those who debug.
    Full,
}

/// Sees all messages while some route of the plan has them logged.
#[derive(Debug, Default)]
pub(crate) struct Log {
    tap: OnceLock<Arc<Tap>>,
    is_wanted: AtomicBool,
    hold: Mutex<Option<Hold>>,
}

impl Log {
    /// Messages come through this.
    pub(crate) fn connect(&self, tap: Arc<Tap>) {
        self.tap.get_or_init(|| tap);
        self.want(self.is_wanted());
    }

    /// Whether a route of the plan has its messages logged.
    pub(crate) fn want(&self, is_wanted: bool) {
        self.is_wanted.store(is_wanted, Relaxed);
        let hold = self.tap.get().filter(|_| is_wanted).map(Tap::hold);
        *self.hold.lock().unwrap_or_else(PoisonError::into_inner) = hold;
    }

    /// Whether messages are to be shown to this: the tap may be open for somebody else.
    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Relaxed)
    }
}

/// Logs a message of the connection that is at `place`.
pub(crate) fn note(place: &Place, direction: Direction, message: Message<'_>) {
    if place.log == MessageLog::Off {
        return;
    }
    let connection = place.facts.id();
    let (path, bytes) = (&*place.facts.path, message.bytes().len());
    let direction = match direction {
        Direction::In => "in",
        Direction::Out => "out",
    };
    let kind = match message {
        Message::Text(_) => "text",
        Message::Binary(_) => "binary",
    };
    if let (MessageLog::Full, Message::Text(text), true) =
        (place.log, message, enabled!(Level::DEBUG))
    {
        let text = excerpt(text, place.redactor.as_deref());
        debug!(connection, path, direction, kind, bytes, text, "message");
    } else {
        info!(connection, path, direction, kind, bytes, "message");
    }
}

/// The start of a text without what is secret in it.
fn excerpt(text: &str, redactor: Option<&Redactor>) -> String {
    let text = secrets::in_text(text);
    let text = match redactor {
        Some(redactor) => redactor.text(&text).into_owned().into(),
        None => text,
    };
    let mut start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}
