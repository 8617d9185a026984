//! Records become what goes onto the wire: `msgpack`, `json`, `json_lines`, `json_stream` or `gelf`.
//!
//! Each format encodes straight from the records' bytes to its own. By default JSON is valid JSON and
//! floats are read back as the same float; [`Compat::FluentBit`] prints the reference's bytes, faults
//! included, so that the two can be compared byte for byte.

mod date;
mod gelf;
mod json;
mod msgpack;
mod number;
mod settings;
mod text;
mod value;

use std::fmt::Debug;

pub use date::DateFormat;
pub use gelf::GelfKeys;
pub use json::Objects;
pub use settings::{KEYS, settings};

/// Turns the records of a chunk into the payload of a frame.
pub trait Format: Send + Debug {
    /// Appends `records` (msgpack, back to back) to `out`.
    fn encode(&mut self, records: &[u8], out: &mut Vec<u8>) -> Encoded;

    /// Whether the payload is bytes and not text.
    fn is_binary(&self) -> bool;
}

/// What became of the records of a chunk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoded {
    /// Records that are in the payload.
    pub written: u32,
    /// Records that this format cannot say; they are not in the payload.
    pub refused: u32,
    /// Why the first of them was refused.
    pub why: Option<String>,
    /// Records whose body has the date's key itself, which replaces the time of the record.
    pub shadowed: u32,
}

impl Encoded {
    fn refuse(&mut self, why: &dyn std::fmt::Display) {
        self.refused += 1;
        self.why.get_or_insert_with(|| why.to_string());
    }
}

/// Appends text in quotes, control characters escaped and UTF-8 as it is, for people to read.
pub(crate) fn append_text(out: &mut Vec<u8>, text: &[u8]) {
    text::append_quoted(out, text, text::Style::Raw);
}

/// The formats by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The records as they travel.
    #[default]
    Msgpack,
    /// One array of objects.
    Json,
    /// One object on each line.
    JsonLines,
    /// Objects with nothing between them.
    JsonStream,
    /// One GELF 1.1 message on each line.
    Gelf,
}

/// The names of the formats as files write them, in any case.
pub const NAMES: [(&str, Kind); 5] = [
    ("msgpack", Kind::Msgpack),
    ("json", Kind::Json),
    ("json_stream", Kind::JsonStream),
    ("json_lines", Kind::JsonLines),
    ("gelf", Kind::Gelf),
];

impl Kind {
    /// The format of that name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let known = NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, kind)| *kind)
    }
}

/// Whose bytes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compat {
    /// Valid JSON.
    #[default]
    None,
    /// The reference's bytes.
    FluentBit,
}

/// All that a format can be told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which format.
    pub kind: Kind,
    /// The key of a record's time in JSON; `None`: no time.
    pub date_key: Option<String>,
    /// How JSON writes the time.
    pub date_format: DateFormat,
    /// Whose bytes.
    pub compat: Compat,
    /// Whether JSON writes `\u` for what is not ASCII (`json.escape_unicode`).
    pub escape_unicode: bool,
    /// Whether the reference's bytes have `null` for NaN (`json.convert_nan_to_null`); ours always have.
    pub nan_to_null: bool,
    /// Where GELF's own fields come from.
    pub gelf: GelfKeys,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            date_key: Some("date".to_owned()),
            date_format: DateFormat::default(),
            compat: Compat::default(),
            escape_unicode: true,
            nan_to_null: false,
            gelf: GelfKeys::default(),
        }
    }
}

impl Settings {
    /// The format that does as told.
    pub fn build(&self) -> Box<dyn Format> {
        match self.kind {
            Kind::Msgpack => Box::new(msgpack::Msgpack),
            Kind::Gelf => Box::new(gelf::Gelf::new(&self.gelf, self.dialect())),
            Kind::Json => Box::new(json::Json::new(self, json::ARRAY)),
            Kind::JsonLines => Box::new(json::Json::new(self, json::LINES)),
            Kind::JsonStream => Box::new(json::Json::new(self, json::STREAM)),
        }
    }

    fn dialect(&self) -> value::Dialect {
        let strings = match (self.compat, self.escape_unicode) {
            (_, false) => text::Style::Raw,
            (Compat::None, true) => text::Style::Escaped,
            (Compat::FluentBit, true) => text::Style::Reference,
        };
        let is_reference = self.compat == Compat::FluentBit;
        value::Dialect {
            strings,
            is_reference,
            nan_to_null: self.nan_to_null,
        }
    }
}
