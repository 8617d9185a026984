//! HTTP archives pass through here, in and out: the WebSocket messages that browsers and proxies save
//! beside their requests.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use sockeye_core::Timestamp;

use crate::limits::{ENTRIES, MESSAGE_BYTES};
use crate::millis::LATEST;
use crate::shape::{Shared, bytes, close};
use crate::tape::{Format, Notes, Tape};
use crate::{Content, Direction, Entry, Head, ReadError, Session, stamp};

/// The operation codes of frames (RFC 6455, section 11.8), which archives use.
mod opcode {
    pub(super) const TEXT: i64 = 1;
    pub(super) const BINARY: i64 = 2;
    pub(super) const CLOSE: i64 = 8;
    pub(super) const PING: i64 = 9;
    pub(super) const PONG: i64 = 10;
}

#[derive(Deserialize)]
struct Har {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Request>,
}

#[derive(Deserialize)]
struct Request {
    request: Asked,
    #[serde(rename = "_webSocketMessages")]
    messages: Option<Vec<Message>>,
}

#[derive(Deserialize)]
struct Asked {
    url: String,
}

#[derive(Deserialize)]
struct Message {
    /// `send` is what the browser said.
    #[serde(rename = "type")]
    sent_by: SentBy,
    /// Seconds since 1970.
    time: f64,
    opcode: i64,
    #[serde(default)]
    data: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum SentBy {
    Send,
    Receive,
}

pub(crate) fn read(path: &Path, from: impl Read) -> Result<Tape, ReadError> {
    let har: Har =
        serde_json::from_reader(from).map_err(|problem| ReadError::at(path, &problem, None))?;
    let sockets = har.log.entries.into_iter().enumerate();
    let sockets: Vec<_> = sockets
        .filter_map(|(index, entry)| Some((index, entry.request.url, entry.messages?)))
        .collect();
    let times = sockets
        .iter()
        .flat_map(|(_, _, messages)| messages.iter().map(|message| message.time));
    let start = times.fold(f64::INFINITY, f64::min);
    let mut gathered = Gathered {
        path,
        start,
        entries: Vec::new(),
        notes: Notes::default(),
    };
    let mut shared = Shared::default();
    let several = sockets.len() > 1;
    for (number, (index, url, messages)) in sockets.into_iter().enumerate() {
        let connection = several.then(|| shared.of(&format!("conn-{}", number + 1)));
        let url = path_of(&url).map(|path| shared.of(path));
        gathered.socket(index, messages, connection.as_ref(), url.as_ref())?;
    }
    let Gathered {
        mut entries, notes, ..
    } = gathered;
    // Stable: messages of one connection stay in their order.
    entries.sort_by_key(|entry| entry.at);
    let duration = entries.last().map_or(Duration::ZERO, |entry| entry.at);
    let head = Head::at(instant(start));
    let session = Session {
        head,
        duration,
        entries,
    };
    Ok(Tape {
        format: Format::Har,
        session,
        notes: notes.done(),
        damage: None,
    })
}

struct Gathered<'p> {
    path: &'p Path,
    start: f64,
    entries: Vec<Entry>,
    notes: Notes,
}

impl Gathered<'_> {
    fn socket(
        &mut self,
        index: usize,
        messages: Vec<Message>,
        connection: Option<&Arc<str>>,
        url: Option<&Arc<str>>,
    ) -> Result<(), ReadError> {
        let mut last = Duration::ZERO;
        for (number, message) in messages.into_iter().enumerate() {
            let name = || format!("log.entries[{index}]._webSocketMessages[{number}]");
            let wrong = |what| ReadError::Text {
                file: self.path.to_owned(),
                line: 1,
                column: 1,
                message: Some(name()),
                what,
            };
            // As finely as archives are written; seconds since 1970 leave no more in a number.
            let micros = ((message.time - self.start) * 1e6).round();
            let at = Duration::try_from_secs_f64(micros / 1e6)
                .ok()
                .filter(|at| at.as_secs_f64() * 1000.0 <= LATEST)
                .ok_or_else(|| wrong(format!("`time` is no instant: {}", message.time)))?;
            let at = self.notes.in_order(at, last, || format!("`{}`", name()));
            last = at;
            let direction = match message.sent_by {
                SentBy::Send => Direction::Incoming,
                SentBy::Receive => Direction::Outgoing,
            };
            let content = content(message.opcode, message.data).map_err(wrong)?;
            if self.entries.len() == ENTRIES {
                return Err(ReadError::too_many(self.path));
            }
            self.entries.push(Entry {
                connection: connection.cloned(),
                path: url.cloned(),
                ..Entry::new(at, direction, content)
            });
        }
        Ok(())
    }
}

fn content(code: i64, data: String) -> Result<Content, String> {
    if data.len() > MESSAGE_BYTES * 2 {
        return Err(format!("the message is longer than {MESSAGE_BYTES} bytes"));
    }
    Ok(match code {
        opcode::TEXT => Content::Text(data),
        opcode::BINARY => Content::Binary(bytes(&data)?),
        opcode::PING => Content::Ping(bytes(&data)?),
        opcode::PONG => Content::Pong(bytes(&data)?),
        opcode::CLOSE => {
            let payload = bytes(&data)?;
            let Some((code, reason)) = payload.split_first_chunk::<2>() else {
                return close(None, String::new());
            };
            let reason = String::from_utf8_lossy(reason).into_owned();
            close(Some(u16::from_be_bytes(*code)), reason)?
        }
        other => return Err(format!("`opcode` {other} is none of 1, 2, 8, 9 and 10")),
    })
}

/// The path and query of a URL.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let at = rest.find('/')?;
    rest.get(at..)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "beyond the range it saturates, and is refused"
)]
fn instant(seconds: f64) -> Timestamp {
    if !seconds.is_finite() {
        return Timestamp::UNIX_EPOCH;
    }
    Timestamp::from_microsecond((seconds * 1e6).round() as i64).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Writes a session as an HTTP archive, one entry for each connection.
pub fn write_har(session: &Session, to: impl Write) -> io::Result<()> {
    let mut sockets: BTreeMap<usize, (Option<&str>, Vec<Value>)> = BTreeMap::new();
    let mut order: Vec<Option<&Arc<str>>> = Vec::new();
    for entry in session
        .entries
        .iter()
        .filter(|entry| entry.content.is_some())
    {
        let connection = entry.connection.as_ref();
        let known = order.iter().position(|known| *known == connection);
        let number = known.unwrap_or_else(|| {
            order.push(connection);
            order.len() - 1
        });
        let socket = sockets.entry(number).or_default();
        socket.0 = socket.0.or(entry.path.as_deref());
        socket.1.push(message(session.head.recorded_at, entry));
    }
    let started = stamp::text(session.head.recorded_at);
    let time = session.duration.as_secs_f64() * 1000.0;
    let entries: Vec<Value> = sockets
        .into_values()
        .map(|(path, messages)| {
            let path = path.or(session.head.path.as_deref()).unwrap_or("/ws");
            request(&started, time, path, &messages)
        })
        .collect();
    let har = json!({
        "log": {
            "version": "1.2",
            "creator": {
                "name": session.head.tool.as_deref().unwrap_or("sockeye"),
                "version": session.head.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION")),
            },
            "entries": entries,
        }
    });
    let mut to = to;
    serde_json::to_writer_pretty(&mut to, &har)?;
    to.write_all(b"\n")?;
    to.flush()
}

/// The members that the format wants of every request (HAR 1.2).
fn request(started: &str, time: f64, path: &str, messages: &[Value]) -> Value {
    json!({
        "startedDateTime": started,
        "time": time,
        "request": {
            "method": "GET",
            "url": format!("ws://localhost{path}"),
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "queryString": [],
            "headersSize": -1,
            "bodySize": 0,
        },
        "response": {
            "status": 101,
            "statusText": "Switching Protocols",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": [],
            "content": { "size": 0, "mimeType": "x-unknown" },
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": { "send": 0, "wait": 0, "receive": time },
        "_resourceType": "websocket",
        "_webSocketMessages": messages,
    })
}

fn message(start: Timestamp, entry: &Entry) -> Value {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let (code, data) = match entry.content.as_ref() {
        None => (opcode::TEXT, String::new()),
        Some(Content::Text(text)) => (opcode::TEXT, text.clone()),
        Some(Content::Binary(bytes)) => (opcode::BINARY, STANDARD.encode(bytes)),
        Some(Content::Ping(bytes)) => (opcode::PING, STANDARD.encode(bytes)),
        Some(Content::Pong(bytes)) => (opcode::PONG, STANDARD.encode(bytes)),
        Some(Content::Close { code, reason }) => {
            let mut payload = code.map_or_else(Vec::new, |code| code.to_be_bytes().to_vec());
            payload.extend_from_slice(reason.as_bytes());
            (opcode::CLOSE, STANDARD.encode(payload))
        }
    };
    let sent_by = match entry.direction {
        Direction::Incoming => "send",
        Direction::Outgoing => "receive",
    };
    #[expect(clippy::cast_precision_loss, reason = "microseconds of our times fit")]
    let start = start.as_microsecond() as f64;
    let time = (start + entry.at.as_secs_f64() * 1e6).round() / 1e6;
    json!({ "type": sent_by, "time": time, "opcode": code, "data": data })
}
