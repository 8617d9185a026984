//! What an operator is shown, in the words of the admin listener. Everything here is `Serialize`.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sockeye_core::{Redactor, secrets};

use super::register::{Card, Place};
use crate::facts::Facts;
use crate::times::Durations;

/// An open connection.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionView {
    /// `conn-7`.
    pub id: String,
    /// The path that was asked for.
    pub path: String,
    /// The path of its handler, as written.
    pub route: String,
    /// The peer's address and port.
    pub remote_addr: String,
    /// When it opened.
    pub connected_at: String,
    /// How long ago that was.
    pub duration_ms: u64,
    /// Data messages from the peer.
    pub messages_received: u64,
    /// Data messages to the peer.
    pub messages_sent: u64,
    /// Their bytes.
    pub bytes_received: u64,
    /// Their bytes.
    pub bytes_sent: u64,
    /// The rooms it is in.
    pub rooms: Vec<String>,
    /// The subprotocol that was agreed; a seal, if it looks like a token.
    pub subprotocol: Option<String>,
    /// Whether it came over TLS.
    pub tls: bool,
}

/// An open connection in full. Values of headers and parameters that carry secrets are left out.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectionDetail {
    /// What the list has, too.
    #[serde(flatten)]
    pub connection: ConnectionView,
    /// The request's headers.
    pub headers: BTreeMap<String, String>,
    /// The request's parameters; one that came more than once is a list.
    pub query: BTreeMap<String, Value>,
    /// What the parameters of the path stand for.
    pub params: BTreeMap<String, String>,
    /// The state of its scripts.
    pub state: Option<Value>,
    /// When the last data message passed.
    pub last_activity_at: Option<String>,
    /// Messages that wait for its scripts.
    pub pending_messages: usize,
}

/// A room.
#[derive(Clone, Debug, Serialize)]
pub struct RoomView {
    /// Its name.
    pub name: String,
    /// Ids of its members, at most 1,000.
    pub members: Vec<String>,
    /// How many they are.
    pub size: usize,
}

/// A handler.
#[derive(Clone, Debug, Serialize)]
pub struct HandlerView {
    /// Its path, as written.
    pub path: String,
    /// What it is: `websocket (pattern)`, `GET`.
    pub kind: String,
    /// The host it is limited to.
    pub host: Option<String>,
    /// `file:line`, or `built in`.
    pub place: String,
    /// Open connections.
    pub connections: u64,
    /// Further facts, a line each.
    pub notes: Vec<String>,
    /// Its rules, in order.
    pub rules: Vec<RuleView>,
    /// Its timers.
    pub timers: Vec<TimerView>,
    /// How long its messages took since the start; none if there were none.
    pub latency: Option<PercentilesView>,
    /// How long calls of its scripts took since the start; none if there were none.
    pub script_latency: Option<PercentilesView>,
}

/// How long things took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PercentilesView {
    /// How many they are.
    pub count: u64,
    /// What half of them took at most, in milliseconds.
    pub p50_ms: f64,
    /// What 90 % of them took at most.
    pub p90_ms: f64,
    /// What 99 % of them took at most.
    pub p99_ms: f64,
}

/// How long the last messages took, from the read that brought them to the write of what they caused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LatencyView {
    /// The time in which they came: about ten seconds, or longer if nobody has asked.
    pub window_ms: u64,
    /// Messages.
    pub count: u64,
    /// What half of them took at most, in milliseconds; none if there were none.
    pub p50_ms: Option<f64>,
    /// What 90 % of them took at most.
    pub p90_ms: Option<f64>,
    /// What 99 % of them took at most.
    pub p99_ms: Option<f64>,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
pub struct RuleView {
    /// Its number, from 1.
    pub number: usize,
    /// Its pattern in the words of the file.
    pub pattern: String,
    /// What the pattern was taken for.
    pub kind: &'static str,
    /// Whether it has a condition in JavaScript.
    pub when: bool,
    /// Messages it sends.
    pub answers: usize,
    /// Whether later rules may answer, too.
    #[serde(rename = "continue")]
    pub go_on: bool,
    /// Its line in the file.
    pub line: Option<usize>,
    /// `file:line`.
    pub place: Option<String>,
    /// How often it has answered since the file was loaded.
    pub hits: u64,
}

/// A timer.
#[derive(Clone, Debug, Serialize)]
pub struct TimerView {
    /// `scheduled` or `broadcast`.
    pub kind: &'static str,
    /// Time between two messages.
    pub interval_ms: u64,
    /// Messages sent since the file was loaded.
    pub sent: u64,
}

/// The mock's part of the counts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct StatsView {
    /// Open connections.
    pub active: u64,
    /// Messages that no rule answered.
    pub unanswered: u64,
    /// Messages that were to be sent later, and for which there was no room.
    pub left_out: u64,
    /// Messages that are not JSON to rules that want it.
    pub parse: u64,
    /// Answers that could not be rendered.
    pub template: u64,
    /// Calls of scripts that failed.
    pub script: u64,
    /// Calls of scripts that took too long.
    pub timeout: u64,
    /// Servers behind a route that could not be reached.
    pub upstream: u64,
    /// Rooms.
    pub rooms: usize,
    /// How often files were loaded anew.
    pub generation: u64,
    /// Connections that handlers record now.
    pub recordings: u64,
    /// Recordings that could not go on.
    pub failed_recordings: u64,
}

impl ConnectionView {
    pub(crate) fn of(card: &Card, rooms: Vec<String>, now: Timestamp) -> Self {
        let Place { facts, route, .. } = card.place();
        let totals = card.counts.totals();
        let peer = facts.peer.as_ref();
        let age = now.as_millisecond() - card.opened_at.as_millisecond();
        Self {
            id: facts.id(),
            path: facts.path.to_string(),
            route: route.to_string(),
            remote_addr: peer.map_or_else(String::new, |peer| peer.address.to_string()),
            connected_at: stamp(card.opened_at),
            duration_ms: u64::try_from(age).unwrap_or(0),
            messages_received: totals.received,
            messages_sent: totals.sent,
            bytes_received: totals.bytes_received,
            bytes_sent: totals.bytes_sent,
            rooms,
            subprotocol: peer
                .and_then(|peer| peer.subprotocol.as_deref())
                .map(|name| secrets::subprotocol(name).into_owned()),
            tls: peer.is_some_and(|peer| peer.tls),
        }
    }
}

impl PercentilesView {
    /// None if there are no durations.
    pub(crate) fn of(durations: &Durations) -> Option<Self> {
        Some(Self {
            count: durations.count(),
            p50_ms: durations.quantile(0.5)?,
            p90_ms: durations.quantile(0.9)?,
            p99_ms: durations.quantile(0.99)?,
        })
    }
}

impl LatencyView {
    pub(crate) fn of(window: Duration, durations: &Durations) -> Self {
        let percentiles = PercentilesView::of(durations);
        Self {
            window_ms: u64::try_from(window.as_millis()).unwrap_or(u64::MAX),
            count: durations.count(),
            p50_ms: percentiles.map(|view| view.p50_ms),
            p90_ms: percentiles.map(|view| view.p90_ms),
            p99_ms: percentiles.map(|view| view.p99_ms),
        }
    }
}

/// What of a value may be seen: names of secrets hide it, and so does the file.
fn seen(name: &str, value: &str, redactor: Option<&Redactor>) -> String {
    let value = secrets::value(name, value);
    redactor.map_or_else(|| value.to_string(), |all| all.text(&value).into_owned())
}

/// The headers of a request, by name; one that came more than once is joined.
pub(crate) fn headers(facts: &Facts, redactor: Option<&Redactor>) -> BTreeMap<String, String> {
    let mut headers: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in facts.headers.iter() {
        let value = seen(name, value, redactor);
        let known = headers.entry(name.to_owned()).or_default();
        if !known.is_empty() {
            known.push_str(", ");
        }
        known.push_str(&value);
    }
    headers
}

/// The parameters of a request, by name.
pub(crate) fn query(facts: &Facts, redactor: Option<&Redactor>) -> BTreeMap<String, Value> {
    let mut query: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in facts.query.iter() {
        let value: Value = seen(name, value, redactor).into();
        match query.get_mut(name) {
            None => drop(query.insert(name.to_owned(), value)),
            Some(Value::Array(values)) => values.push(value),
            Some(known) => *known = Value::Array(vec![known.take(), value]),
        }
    }
    query
}

/// A recording of a handler's connection.
#[derive(Clone, Debug, Serialize)]
pub struct RecordingView {
    /// Its file, from the folder of the configuration file on; none until it is made.
    pub name: Option<String>,
    /// How it stands.
    pub state: RecordingState,
    /// `conn-7`.
    pub connection: String,
    /// The path that was asked for.
    pub path: String,
    /// When it began.
    pub began: String,
    /// Messages and control frames in it, once it is finished.
    pub messages: Option<u64>,
    /// Why it failed.
    pub error: Option<String>,
}

/// How a recording stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordingState {
    /// It goes on.
    Running,
    /// Its file is there.
    Finished,
    /// It could not go on.
    Failed,
}

/// `2024-01-15T10:30:00.123Z`.
pub fn stamp(at: Timestamp) -> String {
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        let pair = |name: &'static str| (name, "canary");
        let secret = ["authorization", "cookie", "x-api-key", "x-auth-token"];
        let open = ["accept"];
        let headers = secret.iter().chain(&open).map(|name| pair(name));
        let query = ["access_token", "apiKey", "q", "q", "Password"];
        let facts = Facts {
            headers: headers.collect(),
            query: query.into_iter().map(pair).collect(),
            ..Facts::default()
        };
        let headers = super::headers(&facts, None);
        for name in secret {
            assert_eq!(headers[name], "«redacted»");
        }
        assert_eq!(headers["accept"], "canary");
        let query = super::query(&facts, None);
        assert_eq!(query["q"], serde_json::json!(["canary", "canary"]));
        let shown = serde_json::to_string(&query).unwrap();
        assert_eq!(shown.matches("canary").count(), 2, "{shown}");
    }

    #[test]
    fn times_have_milliseconds() {
        assert_eq!(stamp(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00.000Z");
    }
}
