//! Everything that is to run stands here, built and not opened: inputs, filters and outputs at their places.

use crate::collector::Keeping;
use crate::filter::Filter;
use crate::input::Input;
use crate::matching::Matching;
use crate::output::Output;
use crate::properties::{Key, Kind};
use crate::queue::Rules;
use crate::service::LogLevel;

const LEVELS: Kind = Kind::Choice(&["off", "error", "warn", "warning", "info", "debug", "trace"]);

/// The keys that all inputs have.
pub const INPUT_KEYS: &[Key] = &[
    Key::new(
        "tag",
        Kind::Text,
        None,
        "tag of its records; its name without one",
    ),
    Key::new("alias", Kind::Text, None, "name in log and metrics"),
    Key::new("log_level", LEVELS, None, "how much this input logs"),
    Key::new(
        "mem_buf_limit",
        Kind::Size,
        Some("100M"),
        "bytes of its records in memory; beyond, it waits",
    ),
    Key::new(
        "storage.type",
        Kind::Choice(&["memory", "memrb", "filesystem"]),
        Some("memory"),
        "where its records wait; memrb drops the oldest instead of waiting",
    ),
    Key::new(
        "storage.pause_on_chunks_overlimit",
        Kind::Unused("it waits where there is no room"),
        None,
        "accepted",
    ),
    Key::new("routable", Kind::Unused("tags decide"), None, "accepted"),
    Key::new(
        "threaded",
        Kind::Unused("there are no threads to choose"),
        None,
        "accepted",
    ),
    Key::new(
        "log_suppress_interval",
        Kind::Unused("lines are few"),
        None,
        "accepted",
    ),
];

/// An input at its place.
#[derive(Debug)]
pub struct InputPart {
    /// Name in log and metrics: `tcp.0`, or the alias.
    pub name: String,
    /// Tag of its records.
    pub tag: String,
    /// Bytes that it may hold; [`crate::collector::MEMORY_BYTES`] without.
    pub memory: Option<u64>,
    /// Where its records wait.
    pub keeping: Keeping,
    /// Its own log level.
    pub log_level: Option<LogLevel>,
    /// Filters of its own, by their place in [`Parts::filters`].
    pub processors: Vec<usize>,
    /// The input itself.
    pub input: Box<dyn Input>,
}

/// A filter at its place.
#[derive(Debug)]
pub struct FilterPart {
    /// Name in metrics: `grep.0`, or the alias.
    pub name: String,
    /// The tags that it is asked about.
    pub wants: Matching,
    /// Whether it is asked about the records of every input.
    pub is_common: bool,
    /// The filter itself.
    pub filter: Box<dyn Filter>,
}

/// An output at its place.
#[derive(Debug)]
pub struct OutputPart {
    /// Name in log and metrics: `websocket.0`, or the alias.
    pub name: String,
    /// The tags that it wants.
    pub wants: Matching,
    /// What it allows.
    pub rules: Rules,
    /// Its own log level.
    pub log_level: Option<LogLevel>,
    /// The output itself.
    pub output: Box<dyn Output>,
}

/// Everything that is to run, built and not opened.
#[derive(Debug, Default)]
pub struct Parts {
    /// Where records come from.
    pub inputs: Vec<InputPart>,
    /// What changes them, in order.
    pub filters: Vec<FilterPart>,
    /// Where they go.
    pub outputs: Vec<OutputPart>,
}
