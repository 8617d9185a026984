//! The stream of events: what happens on the mock's side, pushed to the pages that watch.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use sockeye_mock::operate::{Event, Operator, SeenMessage, Watch, stamp};
use sockeye_net::{Direction, Ending, Message, Outbox, Session};
use tokio::time::Instant;

use super::app::{Served, stats};

/// Time between two batches, and the longest time without one.
const BEAT: Duration = Duration::from_millis(50);
const QUIET: Duration = Duration::from_secs(1);

/// Events of one batch; of more, the newest.
const MOST_EVENTS: usize = 500;

/// Characters of a message that are shown.
const SHOWN: usize = 4_096;

/// One page that watches.
#[derive(Debug)]
pub(crate) struct EventStream {
    operator: Operator,
    served: Served,
    watch: Watch,
    filter: Filter,
    /// When the last batch went out.
    told: Instant,
}

/// What a page wants to see of messages.
#[derive(Debug, Default, Deserialize)]
struct Filter {
    #[serde(default)]
    messages: bool,
    path: Option<String>,
    direction: Option<Way>,
    connection: Option<String>,
}

/// Which way messages go.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Way {
    In,
    Out,
}

impl EventStream {
    pub(crate) fn new(operator: Operator, served: Served) -> Self {
        Self {
            watch: operator.journal().watch(),
            operator,
            served,
            filter: Filter::default(),
            told: Instant::now(),
        }
    }

    fn stats(&self) -> Value {
        stats(&self.operator, &self.served)
    }

    /// Tells what has happened since the last batch, if anything.
    fn tell(&mut self, out: &mut Outbox<'_>) {
        let news = self.watch.news(MOST_EVENTS);
        let (mut opened, mut closed, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        let mut failed = Vec::new();
        for event in &news.events {
            match event {
                Event::Opened(number) => opened.extend(self.operator.find(*number)),
                Event::Ended { connection, how } => {
                    closed.push(json!({ "id": format!("conn-{connection}"), "ending": how }));
                }
                Event::Message(message) if self.filter.lets(message) => {
                    messages.push(shown(message));
                }
                Event::Message(_) => {}
                Event::RecordingFailed(recording) => failed.push(&**recording),
            }
        }
        let now = Instant::now();
        let is_quiet =
            opened.is_empty() && closed.is_empty() && messages.is_empty() && failed.is_empty();
        if is_quiet && now - self.told < QUIET {
            return;
        }
        self.told = now;
        let batch = json!({
            "type": "events",
            "stats": self.stats(),
            "opened": opened,
            "closed": closed,
            "messages": messages,
            "failed_recordings": failed,
            "dropped": news.missed,
        });
        out.text(&batch.to_string());
    }
}

impl Session for EventStream {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        let hello = json!({
            "type": "hello",
            "version": env!("CARGO_PKG_VERSION"),
            "stats": self.stats(),
        });
        out.text(&hello.to_string());
        out.wake_at(Instant::now() + BEAT);
    }

    /// `{"type":"filter", …}`; anything else is told to be nothing.
    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        let wanted: Option<Value> = serde_json::from_slice(message.bytes()).ok();
        let wanted = wanted.filter(|wanted| wanted["type"] == "filter");
        let filter = wanted.and_then(|wanted| serde_json::from_value::<Filter>(wanted).ok());
        match filter {
            Some(filter) => {
                self.watch.read_messages(filter.messages);
                self.filter = filter;
            }
            None => out.text(r#"{"type":"error","error":"only filters are understood"}"#),
        }
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        self.tell(out);
        out.wake_at(Instant::now() + BEAT);
    }

    fn goodbye(&mut self, _out: &mut Outbox<'_>) {}

    fn ended(&mut self, _ending: &Ending) {}
}

impl Filter {
    fn lets(&self, message: &SeenMessage) -> bool {
        let direction = match message.direction {
            Direction::In => Way::In,
            Direction::Out => Way::Out,
        };
        self.messages
            && self.direction.is_none_or(|wanted| wanted == direction)
            && self
                .path
                .as_ref()
                .is_none_or(|path| **path == *message.facts.path)
            && self
                .connection
                .as_ref()
                .is_none_or(|id| *id == format!("conn-{}", message.connection))
    }
}

/// A message as pages and lists show it.
pub(crate) fn shown(message: &SeenMessage) -> Value {
    let mut view = json!({
        "seq": message.seq,
        "at": stamp(message.at),
        "connection": format!("conn-{}", message.connection),
        "path": message.facts.path,
        "direction": match message.direction { Direction::In => "in", Direction::Out => "out" },
        "kind": if message.is_text { "text" } else { "binary" },
        "bytes": message.bytes,
        "cut": message.start.len() < message.bytes,
    });
    if message.is_text {
        let text = String::from_utf8_lossy(&message.start);
        let text: String = text.chars().take(SHOWN).collect();
        view["text"] = text.into();
    } else {
        view["base64"] = STANDARD.encode(&message.start).into();
    }
    view
}
