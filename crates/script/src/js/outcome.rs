//! What goes into a call and what comes out of it passes through here.

use super::ScriptError;

/// The content of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
}

impl Payload {
    /// The length in bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Binary(bytes) => bytes.len(),
        }
    }

    /// Whether the payload has no bytes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a call is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The message; nothing for a script that runs when a connection opens or closes.
    pub payload: Option<Payload>,
    /// When it was received, in milliseconds since 1970.
    pub received_at: i64,
}

/// All that one call has caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What the script asked for, in the order of its statements, also when it failed afterwards.
    pub effects: Vec<Effect>,
    /// How many effects were refused because the call had reached a limit.
    pub refused: usize,
    /// The return value, or why there is none.
    pub result: Result<Returned, ScriptError>,
    /// The connection's state was lost since its last call, because the engine had to be made anew.
    pub state_lost: bool,
}

impl Outcome {
    pub(super) fn failed(error: ScriptError) -> Self {
        Self {
            effects: Vec::new(),
            refused: 0,
            result: Err(error),
            state_lost: false,
        }
    }
}

/// A return value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// `undefined`, `null`, a function, a symbol, or no `return`: no message.
    Nothing,
    /// One text message: a string as it is, everything else as `JSON.stringify` writes it.
    Text(String),
    /// One binary message: the bytes of a `Uint8Array` or an `ArrayBuffer`.
    Binary(Vec<u8>),
    /// Whether the expression of a [`ScriptKind::When`](super::ScriptKind::When) is truthy.
    Truth(bool),
}

/// One thing a script asked for. The caller carries it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// `connection.send(value)`.
    Send(Payload),
    /// `broadcast(target, value)` or `broadcast(value)`.
    Broadcast {
        /// A room, a path that starts with `/`, `*` for everyone, nothing for all on the caller's path.
        target: Option<String>,
        /// The message.
        payload: Payload,
    },
    /// `rooms.join(name)`.
    Join(String),
    /// `rooms.leave(name)`.
    Leave(String),
    /// `connection.close(code, reason)`: a code that may be sent, a reason of at most 123 bytes (RFC 6455 §5.5).
    Close {
        /// The close code.
        code: u16,
        /// The reason.
        reason: String,
    },
    /// A line of `console`.
    Log {
        /// How important it is.
        level: LogLevel,
        /// The arguments, separated by blanks.
        text: String,
    },
}

impl Effect {
    /// The bytes that count against [`ScriptLimits::output_bytes`](super::ScriptLimits::output_bytes).
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Send(payload) | Self::Broadcast { payload, .. } => payload.len(),
            Self::Join(room) | Self::Leave(room) => room.len(),
            Self::Close { reason, .. } => reason.len(),
            Self::Log { text, .. } => text.len(),
        }
    }
}

/// How important a log line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// `console.debug`.
    Debug,
    /// `console.log` and `console.info`.
    Info,
    /// `console.warn`.
    Warn,
    /// `console.error`.
    Error,
}
