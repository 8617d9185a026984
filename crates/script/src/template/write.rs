//! Values become bytes here: as plain text, as part of a JSON string literal, or as a JSON value.

use std::io::{self, Write};

use serde_json::Value;

use super::value::Val;

/// What surrounds a hole, and therefore how its value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Plain text: the value's characters.
    Text,
    /// Inside a JSON string literal: the value's characters, escaped.
    InString,
    /// Where JSON expects a value.
    Bare,
}

/// Writes `value` as `place` demands.
pub(crate) fn value(value: &Val<'_>, place: Place, out: &mut Vec<u8>) {
    match place {
        Place::Text => text(value, out),
        Place::InString => in_string(value, out),
        Place::Bare => bare(value, out),
    }
}

/// Writes `text` as a JSON string with its quotes.
pub(crate) fn quoted(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    escaped(text.as_bytes(), out);
    out.push(b'"');
}

fn text(value: &Val<'_>, out: &mut Vec<u8>) {
    match value {
        Val::Missing => {}
        Val::Text(text) => out.extend_from_slice(text.as_bytes()),
        Val::Short(short) => out.extend_from_slice(short.as_str().as_bytes()),
        Val::Raw(text) => out.extend_from_slice(text.as_bytes()),
        Val::Json(json) => match json.as_ref() {
            Value::Null => {}
            Value::String(text) => out.extend_from_slice(text.as_bytes()),
            other => compact(other, out),
        },
        Val::Int(_) | Val::Float(_) | Val::Bool(_) => scalar(value, out),
    }
}

fn in_string(value: &Val<'_>, out: &mut Vec<u8>) {
    match value {
        Val::Text(text) => escaped(text.as_bytes(), out),
        Val::Raw(text) => escaped(text.as_bytes(), out),
        Val::Json(json) => match json.as_ref() {
            Value::Null => {}
            Value::String(text) => escaped(text.as_bytes(), out),
            other => compact(other, Escaping(out)),
        },
        // Times, ids and scalars have nothing to escape.
        _ => text(value, out),
    }
}

fn bare(value: &Val<'_>, out: &mut Vec<u8>) {
    match value {
        Val::Missing => out.extend_from_slice(b"null"),
        Val::Text(text) => quoted(text, out),
        Val::Short(short) => quoted(short.as_str(), out),
        Val::Raw(text) => out.extend_from_slice(text.as_bytes()),
        Val::Json(json) => compact(json, out),
        Val::Int(_) | Val::Float(_) | Val::Bool(_) => scalar(value, out),
    }
}

fn scalar(value: &Val<'_>, out: &mut Vec<u8>) {
    // Writing into a vector cannot fail.
    let _ = match value {
        Val::Int(number) => write!(out, "{number}"),
        Val::Bool(truth) => write!(out, "{truth}"),
        Val::Float(number) => serde_json::to_writer(out, number).map_err(io::Error::from),
        _ => Ok(()),
    };
}

fn compact(value: &Value, out: impl Write) {
    // A value has string keys only, and neither writer fails.
    let _ = serde_json::to_writer(out, value);
}

/// Escapes JSON that becomes the content of a JSON string.
struct Escaping<'o>(&'o mut Vec<u8>);

impl Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        escaped(bytes, self.0);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Copies runs between the characters that RFC 8259 section 7 wants escaped; all of them are ASCII.
pub(crate) fn escaped(bytes: &[u8], out: &mut Vec<u8>) {
    let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(special) {
        let (run, tail) = rest.split_at(at);
        out.extend_from_slice(run);
        if let Some((byte, tail)) = tail.split_first() {
            escape(*byte, out);
            rest = tail;
        }
    }
    out.extend_from_slice(rest);
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        other => {
            let _ = write!(out, "\\u{other:04x}");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Place, Val, quoted, value};

    #[test]
    fn every_character_survives_a_json_string() {
        let all: String = (0..0x300)
            .filter_map(char::from_u32)
            .chain("\u{1F600}\u{2028}".chars())
            .collect();
        let mut out = Vec::new();
        quoted(&all, &mut out);
        assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), json!(all));
    }

    #[test]
    fn an_object_inside_a_string_is_escaped_json() {
        let inner = json!({"a": "q\"\n"});
        let mut out = b"\"".to_vec();
        value(
            &Val::Json(std::borrow::Cow::Borrowed(&inner)),
            Place::InString,
            &mut out,
        );
        out.push(b'"');
        let text: String = serde_json::from_slice(&out).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), inner);
    }
}
