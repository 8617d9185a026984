//! What a shipper may do that is not right and can be read all the same.

use std::fmt;

use crate::json::Liberty;

/// Something odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Oddity {
    /// msgpack in a text message, as the reference sends it.
    MsgpackAsText,
    /// JSON in a binary message.
    JsonAsBinary,
    /// A record without metadata, as before 2.1 of the reference.
    OldLayout,
    /// JSON with something that JSON does not allow.
    Json(Liberty),
    /// A string that is not UTF-8.
    NotUtf8,
}

impl Oddity {
    const ALL: [Self; 9] = [
        Self::MsgpackAsText,
        Self::JsonAsBinary,
        Self::OldLayout,
        Self::NotUtf8,
        Self::Json(Liberty::LeadingZero),
        Self::Json(Liberty::NotANumber),
        Self::Json(Liberty::HexEscape),
        Self::Json(Liberty::BareKey),
        Self::Json(Liberty::ControlCharacter),
    ];
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MsgpackAsText => f.write_str("msgpack in a text message"),
            Self::JsonAsBinary => f.write_str("JSON in a binary message"),
            Self::OldLayout => f.write_str("a record in the layout `[time, map]`"),
            Self::NotUtf8 => f.write_str("text that is not UTF-8"),
            Self::Json(liberty) => f.write_str(liberty.name()),
        }
    }
}

/// A set of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities(u16);

impl Oddities {
    /// Adds one.
    pub fn insert(&mut self, oddity: Oddity) {
        let place = Oddity::ALL.iter().position(|known| *known == oddity);
        self.0 |= place.map_or(0, |place| 1 << place);
    }

    /// Those that are in it.
    pub fn iter(self) -> impl Iterator<Item = Oddity> {
        let all = Oddity::ALL.into_iter().enumerate();
        all.filter(move |(place, _)| self.0 & 1 << place != 0)
            .map(|(_, oddity)| oddity)
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether it is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
