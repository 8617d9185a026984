//! One message of a recorded conversation passes through here as a value that no format knows of.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sockeye_core::{Redactor, Timestamp};

/// Which way a message went, as the mock sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// From the client to the server.
    Incoming,
    /// From the server to the client.
    Outgoing,
}

/// What a frame carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A Ping, with at most 125 bytes.
    Ping(Vec<u8>),
    /// A Pong, with at most 125 bytes.
    Pong(Vec<u8>),
    /// A Close.
    Close {
        /// Its code; `None` where the frame was empty.
        code: Option<u16>,
        /// Its reason, at most 123 bytes.
        reason: String,
    },
}

impl Content {
    /// The name of its kind, as the session file writes it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Binary(_) => "binary",
            Self::Ping(_) => "ping",
            Self::Pong(_) => "pong",
            Self::Close { .. } => "close",
        }
    }

    /// Bytes of its payload, without the code of a Close.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Close { reason: text, .. } => text.len(),
            Self::Binary(bytes) | Self::Ping(bytes) | Self::Pong(bytes) => bytes.len(),
        }
    }

    /// Whether the payload has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether this is a message and not a control frame.
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Binary(_))
    }
}

/// What a written scenario asks for and a recording never has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cue {
    /// Wait for a message of the client that this fits before going on: a regular expression, or a
    /// JSONPath if it begins with `$.` or `$[`.
    pub wait_for: Option<String>,
    /// The text is a template.
    pub template: bool,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Time since the recording began. Files keep milliseconds, `.part` files microseconds.
    pub at: Duration,
    /// Which way it went.
    pub direction: Direction,
    /// What it was. `None` for a cue that only waits.
    pub content: Option<Content>,
    /// Which connection it belongs to, in a recording of several.
    pub connection: Option<Arc<str>>,
    /// The path of its connection.
    pub path: Option<Arc<str>>,
    /// What a written scenario asks for; boxed because hardly any entry has one.
    pub cue: Option<Box<Cue>>,
}

impl Entry {
    /// An entry of a recording of one connection.
    pub fn new(at: Duration, direction: Direction, content: Content) -> Self {
        Self {
            at,
            direction,
            content: Some(content),
            connection: None,
            path: None,
            cue: None,
        }
    }

    /// The same entry as a part of a connection.
    #[must_use]
    pub fn of(mut self, connection: Arc<str>, path: Arc<str>) -> Self {
        self.connection = Some(connection);
        self.path = Some(path);
        self
    }

    /// Replaces what is secret in it.
    pub fn redact(&mut self, redactor: &Redactor) {
        match &mut self.content {
            Some(Content::Text(text) | Content::Close { reason: text, .. }) => {
                if let Cow::Owned(kept) = redactor.text(text) {
                    *text = kept;
                }
            }
            Some(Content::Binary(bytes) | Content::Ping(bytes) | Content::Pong(bytes)) => {
                if let Cow::Owned(kept) = redactor.bytes(bytes) {
                    *bytes = kept;
                }
            }
            None => {}
        }
        if let Some(path) = &mut self.path
            && let Cow::Owned(kept) = redactor.text(path)
        {
            *path = kept.into();
        }
    }

    /// Bytes that it occupies while it waits to be written, about.
    pub(crate) fn weight(&self) -> usize {
        size_of::<Self>() + self.content.as_ref().map_or(0, Content::len)
    }
}

/// What is known of a recording when it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// When it began. Files keep whole seconds, or what there is below them.
    pub recorded_at: Timestamp,
    /// The path that it was limited to, if it was.
    pub path: Option<String>,
    /// What made it. Without the three, the metadata is exactly what the guide shows.
    pub tool: Option<String>,
    /// The version of what made it.
    pub version: Option<String>,
}

impl Head {
    /// A head that says nothing but when.
    pub fn at(recorded_at: Timestamp) -> Self {
        Self {
            recorded_at,
            path: None,
            tool: None,
            version: None,
        }
    }
}

/// A whole recording in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What is known of it as a whole.
    pub head: Head,
    /// From its start to its end; at least the time of the last entry.
    pub duration: Duration,
    /// Its messages, in the order of time.
    pub entries: Vec<Entry>,
}
