//! A message that a shipper sent becomes records again, whichever format it has and whichever faults.
//!
//! The first bytes tell the formats apart. Leniently, everything is taken that the reference sends,
//! and what was odd is in the report; strictly, the first thing that is wrong is said and the rest of
//! the message is not read.

mod json;
mod msgpack;
mod oddity;

use crate::record::{NO_METADATA, Time};
pub use oddity::{Oddities, Oddity};

/// How much is forgiven.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Manner {
    /// All that the reference sends.
    #[default]
    Lenient,
    /// Only what is right: msgpack in binary messages and in the current layout, JSON that is JSON.
    Strict,
}

/// A format as it is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Records as msgpack.
    Msgpack,
    /// One array of objects.
    Json,
    /// Objects, each with a line of its own.
    JsonLines,
    /// Objects with nothing between them.
    JsonStream,
    /// GELF messages.
    Gelf,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Msgpack,
        Self::Json,
        Self::JsonLines,
        Self::JsonStream,
        Self::Gelf,
    ];

    /// Its name, as outputs write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Msgpack => "msgpack",
            Self::Json => "json",
            Self::JsonLines => "json_lines",
            Self::JsonStream => "json_stream",
            Self::Gelf => "gelf",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// What the first bytes of a message say; for objects of JSON the first guess is a line each.
    pub fn of(message: &[u8]) -> Option<Self> {
        /// How the reference begins a GELF message.
        const GELF: &[u8] = br#"{"version":"1.1""#;
        match message.trim_ascii_start() {
            [b'[', ..] => Some(Self::Json),
            text if text.starts_with(GELF) => Some(Self::Gelf),
            [b'{', ..] => Some(Self::JsonLines),
            // An array of two, in each of its three forms.
            [0x92, ..] | [0xdc, 0, 2, ..] | [0xdd, 0, 0, 0, 2, ..] => Some(Self::Msgpack),
            _ => None,
        }
    }
}

/// A record that was found in a message.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Its time; records of JSON have it under a key of their body, if at all.
    pub time: Option<Time>,
    /// What is said about it, a msgpack map.
    pub metadata: &'a [u8],
    /// Its body, a msgpack map.
    pub body: &'a [u8],
}

impl<'a> Record<'a> {
    /// A record of JSON.
    fn of_body(body: &'a [u8]) -> Self {
        Self {
            time: None,
            metadata: NO_METADATA,
            body,
        }
    }
}

/// What a message was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// Its format, if the first bytes told.
    pub format: Option<Format>,
    /// How many records it had, up to the fault.
    pub records: u32,
    /// What was odd and was taken all the same; strictly never anything.
    pub oddities: Oddities,
    /// Why the rest of the message could not be read.
    pub fault: Option<String>,
}

impl Decoded {
    /// Takes note of something odd; strictly that is a fault.
    fn odd(&mut self, oddity: Oddity, manner: Manner) -> Result<(), String> {
        match manner {
            Manner::Strict => Err(oddity.to_string()),
            Manner::Lenient => {
                self.oddities.insert(oddity);
                Ok(())
            }
        }
    }
}

/// Reads a message; `each` gets every record before the fault, if there is one.
pub fn decode(
    message: &[u8],
    is_binary: bool,
    manner: Manner,
    mut each: impl FnMut(Record<'_>),
) -> Decoded {
    let mut decoded = Decoded::default();
    let mut count = 0;
    let read = read(message, is_binary, manner, &mut decoded, &mut |record| {
        count += 1;
        each(record);
    });
    decoded.records = count;
    decoded.fault = read.err();
    decoded
}

fn read(
    message: &[u8],
    is_binary: bool,
    manner: Manner,
    decoded: &mut Decoded,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<(), String> {
    if message.is_empty() {
        return Err("the message is empty".to_owned());
    }
    decoded.format = Format::of(message);
    let Some(format) = decoded.format else {
        let first = message[0];
        return Err(format!("no format begins with the byte {first:02x}"));
    };
    if (format == Format::Msgpack) != is_binary {
        let oddity = if is_binary {
            Oddity::JsonAsBinary
        } else {
            Oddity::MsgpackAsText
        };
        decoded.odd(oddity, manner)?;
    }
    match format {
        Format::Msgpack => msgpack::read(message, manner, decoded, each),
        Format::Json => json::read_array(message, manner, decoded, each),
        _ => json::read_objects(message, manner, decoded, each),
    }
}
