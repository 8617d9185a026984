//! Records become GELF 1.1 messages: fields that GELF knows by their names, all others with `_` in front, flat.

mod field;
mod flatten;

use super::value::Dialect;
use super::{Encoded, Format, number, text};
use crate::record::{Event, Events, Kind, Reader, Token};
use field::{Field, Level};

/// Where GELF's own fields come from, and what stands in for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GelfKeys {
    /// The key of the `host`.
    pub host: String,
    /// The key of the `short_message`, without which a record is no message.
    pub short_message: String,
    /// The key of the `full_message`.
    pub full_message: String,
    /// The key of the `timestamp`.
    pub timestamp: String,
    /// The key of the `level`: 0 to 7, or its syslog name.
    pub level: String,
    /// The `short_message` of records that have none; without it they are refused.
    pub default_short_message: Option<String>,
}

impl Default for GelfKeys {
    fn default() -> Self {
        Self {
            host: "host".to_owned(),
            short_message: "short_message".to_owned(),
            full_message: "full_message".to_owned(),
            timestamp: "timestamp".to_owned(),
            level: "level".to_owned(),
            default_short_message: None,
        }
    }
}

/// The format.
#[derive(Debug)]
pub(super) struct Gelf {
    keys: GelfKeys,
    dialect: Dialect,
}

impl Gelf {
    pub(super) fn new(keys: &GelfKeys, dialect: Dialect) -> Self {
        Self {
            keys: keys.clone(),
            dialect,
        }
    }

    fn message(&self, out: &mut Vec<u8>, event: &Event<'_>) -> Result<(), String> {
        out.extend_from_slice(b"{\"version\":\"1.1\"");
        let mut body = Reader::new(event.body);
        let said = self.fields(out, &mut body)?;
        if !said.contains(Field::Timestamp) {
            out.extend_from_slice(b", \"timestamp\":");
            number::append_int(out, event.time.seconds);
            let millis = event.time.nanos / 1_000_000;
            let digit = |power: u32| b'0' + (millis / power % 10) as u8;
            out.extend_from_slice(&[b'.', digit(100), digit(10), digit(1)]);
        }
        if !said.contains(Field::ShortMessage) {
            let Some(default) = &self.keys.default_short_message else {
                return Err(format!(
                    "no {} for GELF's short_message",
                    self.keys.short_message
                ));
            };
            out.extend_from_slice(b", \"short_message\":");
            text::append_quoted(out, default.as_bytes(), self.dialect.strings);
        }
        out.push(b'}');
        Ok(())
    }

    fn fields(&self, out: &mut Vec<u8>, body: &mut Reader<'_>) -> Result<field::Seen, String> {
        let pairs = match body.token().map_err(|fault| fault.to_string())? {
            Token::Map(pairs) => pairs,
            other => return Err(format!("{} where a map should be", other.name())),
        };
        let mut seen = field::Seen::default();
        for _ in 0..pairs {
            let key = body.raw().map_err(|fault| fault.to_string())?;
            let value = body.raw().map_err(|fault| fault.to_string())?;
            let Ok(Token::Str(key) | Token::Bin(key)) = Reader::new(key).token() else {
                continue;
            };
            let Some(field) = Field::of(key, &self.keys) else {
                continue;
            };
            if field != Field::Other && seen.contains(field) {
                continue;
            }
            if self.pair(out, field, key, value)? {
                seen.insert(field);
            }
        }
        Ok(seen)
    }

    /// Appends a field; says whether the message has it now.
    fn pair(
        &self,
        out: &mut Vec<u8>,
        field: Field,
        key: &[u8],
        value: &[u8],
    ) -> Result<bool, String> {
        let name = field.name().unwrap_or(key);
        let token = Reader::new(value)
            .token()
            .map_err(|fault| fault.to_string())?;
        if field == Field::Level {
            return match Level::of(token, self.dialect.is_reference)? {
                Level::Number(level) => {
                    flatten::append_key(out, b"", name);
                    number::append_uint(out, level);
                    Ok(true)
                }
                Level::AsItIs => flatten::append_field(out, b"", name, value, self.dialect),
                Level::Nothing => Ok(false),
            };
        }
        let prefix: &[u8] = if field == Field::Other { b"_" } else { b"" };
        let is_said = match token {
            Token::Map(_) => {
                flatten::append_flat(out, &[b"_", name].concat(), value, self.dialect)?;
                false
            }
            _ => flatten::append_field(out, prefix, name, value, self.dialect)?,
        };
        // The reference counts what it leaves out as said.
        Ok(is_said || self.dialect.is_reference)
    }
}

impl Format for Gelf {
    fn encode(&mut self, records: &[u8], out: &mut Vec<u8>) -> Encoded {
        let mut encoded = Encoded::default();
        let chunk_from = out.len();
        for event in Events::new(records) {
            let from = out.len();
            let written = match event {
                Ok(event) if event.kind != Kind::Record => continue,
                Ok(event) => self.message(out, &event),
                Err(fault) => Err(fault.to_string()),
            };
            match written {
                Ok(()) => {
                    out.push(b'\n');
                    encoded.written += 1;
                }
                Err(why) => {
                    out.truncate(from);
                    encoded.refuse(&why);
                }
            }
        }
        if self.dialect.is_reference && encoded.refused > 0 {
            // One record that is no message costs the reference all of the chunk.
            out.truncate(chunk_from);
            encoded.refused += std::mem::take(&mut encoded.written);
        }
        encoded
    }

    fn is_binary(&self) -> bool {
        false
    }
}
