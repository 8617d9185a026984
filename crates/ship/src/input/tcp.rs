//! Records over TCP: JSON, or lines of text.

mod stream;

use std::sync::Arc;

use sockeye_core::{Clock, Mistakes};

use super::address::{LISTEN, Listen};
use super::documents::Extra;
use super::line::{parser, unescaped};
use super::listener::{Door, READ_BYTES, Wire, read};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::parser::Parser;
use crate::properties::{Key, Kind, Properties};
use crate::report::Log;
use crate::tls;
pub(super) use stream::{Shape, Stream};

const KEYS: &[Key] = &[
    LISTEN,
    Key::new(
        "port",
        Kind::Port,
        Some("5170"),
        "port to listen on, 0 for any",
    ),
];

/// Keys that tell how bytes become records.
pub(super) const SHAPE: &[Key] = &[
    Key::new(
        "format",
        Kind::Choice(&["json", "none"]),
        Some("json"),
        "json: objects; none: text between separators",
    ),
    Key::new(
        "separator",
        Kind::Text,
        Some("\\n"),
        "what ends a record of text",
    ),
    Key::new(
        "source_address_key",
        Kind::Text,
        None,
        "key for the sender's address",
    ),
    Key::new(
        "parser",
        Kind::Text,
        None,
        "parser for the text between separators",
    ),
    Key::new(
        "buffer_size",
        Kind::Size,
        Some("4096"),
        "KB that one record may have",
    ),
    Key::new(
        "chunk_size",
        Kind::Unused("buffers grow as needed"),
        None,
        "accepted",
    ),
    Key::new(
        "workers",
        Kind::Unused("one thread is enough"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "tcp",
    about: "JSON or lines over TCP",
    tables: &[
        KEYS,
        SHAPE,
        tls::KEYS,
        tls::SERVER_KEYS,
        crate::engine::INPUT_KEYS,
    ],
    build,
};

#[derive(Debug)]
struct Tcp {
    listen: Listen,
    settings: Arc<Settings>,
    door: Door,
}

/// How bytes become records, the same for all connections.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) clock: Clock,
    shape: Shape,
    parser: Option<Arc<Parser>>,
    source_key: Option<String>,
    limit: usize,
}

impl Settings {
    pub(super) fn of(properties: &Properties<'_>, context: &Context) -> Result<Self, Mistakes> {
        let parser = parser(properties, &context.parsers)?;
        let separator = unescaped(properties.text("separator").unwrap_or("\\n"));
        // A parser reads text, so it says that this is none.
        let is_text = properties.choice("format") == Some("none") || parser.is_some();
        let shape = if is_text {
            Shape::Text(separator)
        } else {
            Shape::Json
        };
        Ok(Self {
            clock: context.clock.clone(),
            shape,
            parser,
            source_key: properties.text("source_address_key").map(str::to_owned),
            limit: buffer_size(properties),
        })
    }

    /// A stream of records, of a peer that is shown as `source`.
    pub(super) fn stream(&self, source: impl FnOnce() -> String) -> Stream {
        let mut extra = Extra::default();
        if let Some(key) = &self.source_key {
            extra.string(key, &source());
        }
        Stream::new(&self.shape, self.parser.clone(), extra, self.limit)
    }
}

/// A plain number is in KB, as it was for the reference.
fn buffer_size(properties: &Properties<'_>) -> usize {
    let text = properties.text("buffer_size").unwrap_or_default();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let size = properties.size("buffer_size").unwrap_or_default();
    let bytes = if is_plain {
        size.saturating_mul(1024)
    } else {
        size
    };
    usize::try_from(bytes).unwrap_or(usize::MAX).max(1024)
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    Ok(Box::new(Tcp {
        listen: Listen::with_tls(properties)?,
        settings: Arc::new(Settings::of(properties, context)?),
        door: Door::default(),
    }))
}

impl Input for Tcp {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        self.door = Door::open(&self.listen, "tcp", name, log)?;
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        let Self { door, settings, .. } = *self;
        Box::pin(door.serve(collector, move |caller, collector| {
            let settings = Arc::clone(&settings);
            async move {
                let records = settings.stream(|| caller.source());
                connection("tcp", caller.stream, records, &settings.clock, &collector).await;
            }
        }))
    }
}

/// Reads until the peer ends; what it said last counts, too.
pub(super) async fn connection(
    plugin: &str,
    mut stream: Box<dyn Wire>,
    mut records: Stream,
    clock: &Clock,
    collector: &Collector,
) {
    let mut buffer = vec![0; READ_BYTES];
    let mut out = Vec::new();
    loop {
        let read = read(&mut stream, &mut buffer, collector).await;
        let bytes = read.and_then(|read| buffer.get(..read));
        out.clear();
        let batch = match bytes {
            Some(bytes) => records.feed(bytes, now(clock), &mut out),
            None => records.end(now(clock), &mut out),
        };
        batch.tell(plugin, collector);
        if batch.records > 0 && collector.append(None, &out, batch.records).await.is_err() {
            return;
        }
        if bytes.is_none() {
            return;
        }
    }
}
