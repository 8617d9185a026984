//! Where records go: one file per output, and the table of them.

mod file;
mod null;
mod plain;
mod stdout;
pub mod websocket;

use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

use sockeye_core::{Mistakes, quoted};

use crate::chunk::Chunk;
use crate::format::{self, Format};
use crate::known;
use crate::plan::Section;
use crate::properties::{Key, Kind, Properties};
use crate::queue::Lane;
use crate::record::Events;
use crate::service::Service;

pub(crate) use file::name_for;
pub use plain::{Plain, Writer};

/// An output at work. It ends when its lane says that there will be nothing more.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where records go.
pub trait Output: Send + Debug {
    /// Takes chunks from the lane, in order, until there will be none; each is settled: delivered,
    /// or given up with a reason. What it writes when is its own affair.
    fn run(self: Box<Self>, lane: Arc<Lane>) -> Running;
}

/// Makes an output of its properties.
pub type Build = fn(&Properties<'_>, &Service) -> Result<Box<dyn Output>, Mistakes>;

/// An output that can be named.
pub type Known = known::Known<Build>;

/// Every output.
pub const ALL: &[Known] = &[file::KNOWN, null::KNOWN, stdout::KNOWN, websocket::KNOWN];

const LEVELS: Kind = Kind::Choice(&["off", "error", "warn", "warning", "info", "debug", "trace"]);

/// The keys that all outputs have.
pub const COMMON_KEYS: &[Key] = &[
    Key::new(
        "match",
        Kind::Text,
        None,
        "tags that are wanted; `*` stands for any run of characters",
    ),
    Key::new(
        "match_regex",
        Kind::Text,
        None,
        "tags that are wanted, as a regular expression tied to the start",
    ),
    Key::new("alias", Kind::Text, None, "name in log and metrics"),
    Key::new("log_level", LEVELS, None, "how much this output logs"),
    Key::new(
        "retry_limit",
        Kind::Text,
        None,
        "attempts after the first; no_limits, no_retries; without it, no limit",
    ),
    Key::new(
        "storage.total_limit_size",
        Kind::Size,
        None,
        "bytes on disk that may wait for this output; the oldest are dropped",
    ),
    Key::new(
        "workers",
        Kind::Unused("one connection keeps the order"),
        None,
        "threads",
    ),
    Key::new(
        "log_suppress_interval",
        Kind::Unused("lines are bounded by the waits between attempts"),
        None,
        "seconds",
    ),
    Key::new(
        "active",
        Kind::Unused("what is written is active"),
        None,
        "whether it is",
    ),
];

/// The output of that name.
pub fn named(name: &str) -> Option<&'static Known> {
    known::named(ALL, name)
}

/// The output that a section describes. Nothing is opened.
pub fn build(section: &Section, service: &Service) -> Result<Box<dyn Output>, Mistakes> {
    let (known, properties) = known::find("output", ALL, section, address)?;
    (known.build)(&properties, service)
}

/// The page that people read shows an address as the name, of a form that is not known.
fn address(section: &Section) -> Option<String> {
    let name = section.plugin.as_str();
    let (_, address) = section.place.raw().split_once("://")?;
    let tls = match name {
        "http" | "ws" => "",
        "https" | "wss" => ", with `tls on`",
        _ => return None,
    };
    let address = quoted(&format!("websocket://{address}"));
    Some(format!("write {address}{tls}"))
}

/// What a section says about its format, and the service about every format.
fn format_settings(properties: &Properties<'_>, service: &Service) -> format::Settings {
    let mut settings = format::settings(properties);
    settings.nan_to_null = service.nan_to_null;
    if let Some(escape) = service.escape_unicode {
        settings.escape_unicode = escape;
    }
    settings
}

/// Encodes the records of a chunk; those that the format cannot say are told.
fn encode(format: &mut dyn Format, chunk: &Chunk, records: &[u8], out: &mut Vec<u8>, lane: &Lane) {
    let encoded = format.encode(records, out);
    if encoded.refused > 0 {
        tell_refused(&encoded, format, chunk, records, lane);
    }
}

/// Records that a format cannot say are gone: that is counted and told, and they are kept aside if that is wanted.
fn tell_refused(
    encoded: &format::Encoded,
    format: &mut dyn Format,
    chunk: &Chunk,
    records: &[u8],
    lane: &Lane,
) {
    let refused = u64::from(encoded.refused);
    lane.counters.errors.one();
    lane.counters.dropped_records.add(refused);
    let why = encoded
        .why
        .as_deref()
        .unwrap_or("the format cannot say them");
    lane.log.error(format_args!(
        "[output:{}] {refused} records cannot be written in this format and are dropped: {why}",
        lane.name
    ));
    if encoded.written == 0 {
        lane.reject(chunk, records, why);
        return;
    }
    let mut room = Vec::new();
    for event in Events::new(records).map_while(Result::ok) {
        room.clear();
        if format.encode(event.raw, &mut room).refused > 0 {
            lane.reject(chunk, event.raw, why);
        }
    }
}
