//! Values that are texts of another kind are read once more: `Decode_Field_As json log`, `Decode_Field json log`.

use super::unescape::unescape;
use crate::json::{Reader, Rules};
use crate::record::{Entries, Entry, Reader as Packed, Token, pack};

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Json,
    Escaped,
}

/// One `Decode_Field` or `Decode_Field_As`.
#[derive(Clone, Debug)]
pub(super) struct Decoder {
    notation: Notation,
    field: Vec<u8>,
    /// Whether what was read takes the place of the text, or is added to the record's pairs.
    replaces: bool,
    /// Whether the next decoder of the field has its turn after this one could not read the text.
    tries_next: bool,
    /// Whether it has its turn also after this one could.
    does_next: bool,
}

impl Decoder {
    /// Of `KIND FIELD [try_next|do_next]`; otherwise what is wrong with it.
    pub(super) fn of(text: &str, replaces: bool) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let (kind, field, action) = match words.as_slice() {
            [kind, field] => (*kind, *field, ""),
            [kind, field, action] => (*kind, *field, *action),
            _ => return Err("a decoder wants what the text is, and its key".to_owned()),
        };
        let notation = match kind.to_ascii_lowercase().as_str() {
            "json" => Notation::Json,
            "escaped" | "escaped_utf8" => Notation::Escaped,
            _ => return Err(format!("unknown decoder {}", sockeye_core::quoted(kind))),
        };
        let (tries_next, does_next) = match action.to_ascii_lowercase().as_str() {
            "" => (false, false),
            "try_next" => (true, false),
            "do_next" => (true, true),
            _ => return Err(format!("unknown action {}", sockeye_core::quoted(action))),
        };
        let field = field.as_bytes().to_vec();
        Ok(Self {
            notation,
            field,
            replaces,
            tries_next,
            does_next,
        })
    }
}

/// Reads values of `count` pairs at the end of `out`, from `from` on, once more; gives how many there are then.
pub(super) fn apply(decoders: &[Decoder], out: &mut Vec<u8>, from: usize, count: u32) -> u32 {
    let mut map = Vec::new();
    pack::map(&mut map, count as usize);
    map.extend_from_slice(out.get(from..).unwrap_or_default());
    let Ok(mut entries) = Entries::of(&map) else {
        return count;
    };
    let mut done: Vec<&[u8]> = Vec::new();
    let mut is_changed = false;
    for decoder in decoders {
        if done.contains(&decoder.field.as_slice()) {
            continue;
        }
        let is_read = decode(decoder, &mut entries);
        is_changed |= is_read;
        let goes_on = if is_read {
            decoder.does_next
        } else {
            decoder.tries_next
        };
        if !goes_on {
            done.push(&decoder.field);
        }
    }
    if !is_changed {
        return count;
    }
    out.truncate(from);
    for entry in &entries.0 {
        out.extend_from_slice(&entry.key);
        out.extend_from_slice(&entry.value);
    }
    u32::try_from(entries.0.len()).unwrap_or(u32::MAX)
}

fn decode(decoder: &Decoder, entries: &mut Entries<'_>) -> bool {
    let is_it = |entry: &Entry<'_>| entry.name() == Some(decoder.field.as_slice());
    let Some(place) = entries.0.iter().position(is_it) else {
        return false;
    };
    let Some(text) = entries.0[place].text() else {
        return false;
    };
    let mut value = Vec::new();
    match decoder.notation {
        Notation::Escaped => pack::string(&mut value, &unescape(text)),
        Notation::Json => {
            let mut reader = Reader::new(text, Rules::INPUT);
            let is_inside = matches!(reader.peek(), Some(b'{' | b'['));
            if !is_inside || reader.value(&mut value).is_err() || reader.has_more() {
                return false;
            }
        }
    }
    if decoder.replaces || decoder.notation == Notation::Escaped {
        entries.0[place].value = value.into();
        return true;
    }
    if !matches!(Packed::new(&value).token(), Ok(Token::Map(_))) {
        return false;
    }
    let inner = Entries::of(&value).unwrap_or_default();
    let inner: Vec<Entry<'static>> = inner.0.into_iter().map(Entry::into_owned).collect();
    entries.0.extend(inner);
    true
}
