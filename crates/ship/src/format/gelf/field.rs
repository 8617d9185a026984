//! A record's key becomes one of GELF's own fields, another one, or nothing.

use super::GelfKeys;
use crate::record::Token;

/// The names of the syslog levels; the place is the number.
const LEVELS: [&str; 8] = [
    "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug",
];

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Host,
    ShortMessage,
    FullMessage,
    Timestamp,
    Level,
    /// Whatever else; it gets `_` in front.
    Other,
}

impl Field {
    /// What a key is; `id` is nothing, because `_id` is GELF's own.
    pub(super) fn of(key: &[u8], keys: &GelfKeys) -> Option<Self> {
        let table = [
            (&keys.host, Self::Host),
            (&keys.short_message, Self::ShortMessage),
            (&keys.timestamp, Self::Timestamp),
            (&keys.level, Self::Level),
            (&keys.full_message, Self::FullMessage),
        ];
        match table.iter().find(|(known, _)| known.as_bytes() == key) {
            Some((_, field)) => Some(*field),
            None if key == b"id" => None,
            None => Some(Self::Other),
        }
    }

    /// GELF's name for it.
    pub(super) fn name(self) -> Option<&'static [u8]> {
        match self {
            Self::Host => Some(b"host"),
            Self::ShortMessage => Some(b"short_message"),
            Self::FullMessage => Some(b"full_message"),
            Self::Timestamp => Some(b"timestamp"),
            Self::Level => Some(b"level"),
            Self::Other => None,
        }
    }
}

/// Which of its own fields a message has.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen(u8);

impl Seen {
    pub(super) fn contains(self, field: Field) -> bool {
        self.0 & 1 << field as u8 != 0
    }

    pub(super) fn insert(&mut self, field: Field) {
        self.0 |= 1 << field as u8;
    }
}

/// What a level is written as.
pub(super) enum Level {
    /// The number.
    Number(u64),
    /// A word that is no syslog name.
    AsItIs,
    /// Nothing was given.
    Nothing,
}

impl Level {
    pub(super) fn of(token: Token<'_>, is_reference: bool) -> Result<Self, String> {
        match token {
            Token::UInt(level) => Ok(Self::Number(level)),
            Token::Str([digit @ b'0'..=b'7']) => Ok(Self::Number(u64::from(digit - b'0'))),
            Token::Str(word) => {
                let place = LEVELS
                    .iter()
                    .position(|name| name.as_bytes().eq_ignore_ascii_case(word));
                Ok(place.map_or(Self::AsItIs, |place| Self::Number(place as u64)))
            }
            Token::Nil if !is_reference => Ok(Self::Nothing),
            other => Err(format!("{} as GELF's level", other.name())),
        }
    }
}
