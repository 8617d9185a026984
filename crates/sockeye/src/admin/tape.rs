//! What passes connections, on its way to a client that records it: every entry whole and in order, as fast
//! as the client takes it. When that is too slow the stream ends and says so; nothing is left out silently.
//!
//! The stream is bytes, cut into binary messages anywhere: for each entry a line of JSON ([`Line`]) and as
//! many bytes of payload as it says. Text messages are about the stream itself.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sockeye_mock::operate::{Operator, stamp};
use sockeye_mock::record::{Choice, Feed};
use sockeye_net::{Ending, Message, Outbox, Session};
use sockeye_tape::{Content, Direction, Entry};
use sockeye_wire::CloseCode;

/// The subprotocol of the stream.
pub(crate) const TAPE: &str = "sockeye.tape";

/// Bytes that may be on their way to the client: less than what a link may keep for its peer.
const WINDOW: u64 = 512 * 1024;

/// Bytes of one message, and of the entries that are taken at once.
const PIECE: usize = 64 * 1024;

/// What stands before the payload of an entry.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Microseconds since the stream began.
    pub(crate) t_us: u64,
    pub(crate) connection: String,
    pub(crate) path: String,
    pub(crate) direction: Direction,
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The code of a Close.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<u16>,
    /// Bytes of the payload that follows.
    pub(crate) bytes: usize,
}

/// What the client says.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Word {
    /// So many bytes have been dealt with since the stream began.
    Ack { bytes: u64 },
    /// Nothing more is wanted.
    Stop,
}

/// One client that records.
#[derive(Debug)]
pub(crate) struct TapeStream {
    operator: Operator,
    choice: Choice,
    feed: Option<Feed>,
    /// Entries as bytes, and how many of these are sent.
    pending: Vec<u8>,
    at: usize,
    sent: u64,
    acknowledged: u64,
    is_stopped: bool,
}

impl TapeStream {
    pub(crate) fn new(operator: Operator, choice: Choice) -> Self {
        Self {
            operator,
            choice,
            feed: None,
            pending: Vec::new(),
            at: 0,
            sent: 0,
            acknowledged: 0,
            is_stopped: false,
        }
    }

    /// Sends what there is, as far as the client keeps up with it. True: there is nothing more.
    fn tell(&mut self, window: u64, out: &mut Outbox<'_>) -> bool {
        while self.sent.saturating_sub(self.acknowledged) < window {
            if self.at == self.pending.len() && !self.fill() {
                return true;
            }
            let rest = &self.pending[self.at..];
            let piece = &rest[..rest.len().min(PIECE)];
            out.binary(piece);
            self.at += piece.len();
            self.sent += piece.len() as u64;
        }
        false
    }

    /// Takes what has come since. False: nothing.
    fn fill(&mut self) -> bool {
        let entries = self.feed.as_ref().map(|feed| feed.take(PIECE));
        self.pending.clear();
        self.at = 0;
        for entry in entries.iter().flatten() {
            write(entry, &mut self.pending);
        }
        // The room that one long message needed is not kept.
        self.pending.shrink_to(4 * PIECE);
        !self.pending.is_empty()
    }

    /// Sends what there is, and the end if it has come.
    fn go_on(&mut self, out: &mut Outbox<'_>) {
        if !self.tell(WINDOW, out) {
            return;
        }
        let is_overrun = self.feed.as_ref().is_some_and(Feed::is_overrun);
        if is_overrun {
            let why = "messages came faster than the recording took them";
            out.text(&json!({ "type": "end", "error": why }).to_string());
            out.close(CloseCode::TRY_AGAIN, "too slow");
        } else if self.is_stopped {
            out.close(CloseCode::NORMAL, "");
        }
    }
}

impl Session for TapeStream {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        let bell = out.bell();
        let choice = std::mem::take(&mut self.choice);
        let (feed, began) = self.operator.feed(choice, move || bell.ring());
        self.feed = Some(feed);
        let hello = json!({
            "type": "hello",
            "version": env!("CARGO_PKG_VERSION"),
            "recorded_at": stamp(began),
        });
        out.text(&hello.to_string());
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        let value: Option<Value> = serde_json::from_slice(message.bytes()).ok();
        let word = value.and_then(|value| serde_json::from_value(value).ok());
        match word {
            Some(Word::Ack { bytes }) => self.acknowledged = bytes.min(self.sent),
            Some(Word::Stop) => {
                self.is_stopped = true;
                self.feed.iter().for_each(Feed::stop);
            }
            None => out.text(r#"{"type":"error","error":"only ack and stop are understood"}"#),
        }
        self.go_on(out);
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        self.go_on(out);
    }

    /// What waits goes out before our Close, also when the server ends: its bound is the feed's.
    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        let feed = self.feed.as_ref();
        feed.inspect(|feed| feed.stop());
        let is_overrun = feed.is_some_and(Feed::is_overrun);
        self.tell(u64::MAX, out);
        if !is_overrun {
            out.text(&json!({ "type": "end" }).to_string());
        }
        self.feed = None;
    }

    fn ended(&mut self, _ending: &Ending) {
        self.feed = None;
    }
}

/// Appends an entry.
fn write(entry: &Entry, into: &mut Vec<u8>) {
    let Some(content) = &entry.content else {
        return;
    };
    let (payload, code): (&[u8], _) = match content {
        Content::Text(text) => (text.as_bytes(), None),
        Content::Binary(bytes) | Content::Ping(bytes) | Content::Pong(bytes) => (bytes, None),
        Content::Close { code, reason } => (reason.as_bytes(), *code),
    };
    let line = Line {
        t_us: u64::try_from(entry.at.as_micros()).unwrap_or(u64::MAX),
        connection: entry.connection.as_deref().unwrap_or_default().to_owned(),
        path: entry.path.as_deref().unwrap_or_default().to_owned(),
        direction: entry.direction,
        kind: content.kind().to_owned(),
        code,
        bytes: payload.len(),
    };
    // A line of texts and numbers can be written, and memory takes it.
    let _ = serde_json::to_writer(&mut *into, &line);
    into.push(b'\n');
    into.extend_from_slice(payload);
}
