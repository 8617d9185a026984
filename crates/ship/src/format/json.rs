//! Records become JSON objects: the time first, then what is said about the record, then its body.

use super::value::{Dialect, Writer};
use super::{DateFormat, Encoded, Format, Settings, date, text};
use crate::record::{
    Event, Events, Fault, Kind, Layout, NO_METADATA, Reader, Time, Token, WIDE_NO_METADATA,
};

/// The key under which metadata and the attributes of a group stand.
const INTERNAL: &[u8] = b"__internal__";

/// What stands around and between the objects of a chunk.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    before: &'static [u8],
    between: &'static [u8],
    after_each: &'static [u8],
    after: &'static [u8],
}

/// `[{},{}]`
pub(super) const ARRAY: Frame = Frame {
    before: b"[",
    between: b",",
    after_each: b"",
    after: b"]",
};
/// One object on each line.
pub(super) const LINES: Frame = Frame {
    before: b"",
    between: b"",
    after_each: b"\n",
    after: b"",
};
/// `{}{}`
pub(super) const STREAM: Frame = Frame {
    before: b"",
    between: b"",
    after_each: b"",
    after: b"",
};

/// The three formats of JSON.
#[derive(Debug)]
pub(super) struct Json {
    frame: Frame,
    dialect: Dialect,
    date_format: DateFormat,
    /// The key of the time, as it is and as JSON with the colon.
    date_key: Option<(Vec<u8>, Vec<u8>)>,
}

impl Json {
    pub(super) fn new(settings: &Settings, frame: Frame) -> Self {
        let dialect = settings.dialect();
        let date_key = settings.date_key.as_ref().map(|key| {
            let mut json = Vec::new();
            text::append_quoted(&mut json, key.as_bytes(), dialect.strings);
            json.push(b':');
            (key.clone().into_bytes(), json)
        });
        Self {
            frame,
            dialect,
            date_format: settings.date_format,
            date_key,
        }
    }

    /// Appends one object; says whether the body's own key replaced the time.
    fn object<'a>(
        &self,
        writer: &mut Writer<'_, 'a>,
        event: &Event<'a>,
        group: Option<&'a [u8]>,
    ) -> Result<bool, Fault> {
        let mut body = Reader::new(event.body);
        let pairs = pairs_of(&mut body)?;
        writer.read_keys(pairs, &body)?;
        writer.out.push(b'{');
        let mut is_first = true;
        let mut is_shadowed = false;
        if let Some((key, json)) = &self.date_key {
            is_shadowed = writer.has_key(key);
            if !is_shadowed {
                writer.out.extend_from_slice(json);
                date::append(writer.out, event.time, self.date_format);
                is_first = false;
            }
        }
        let has_internal = !is_empty(event.metadata)? || group.is_some();
        if has_internal && !writer.has_key(INTERNAL) {
            if !is_first {
                writer.out.push(b',');
            }
            is_first = false;
            internal(writer, event.metadata, group)?;
        }
        writer.pairs(pairs, &mut body, 0, is_first)?;
        writer.out.push(b'}');
        Ok(is_shadowed)
    }
}

impl Format for Json {
    fn encode(&mut self, records: &[u8], out: &mut Vec<u8>) -> Encoded {
        let mut encoded = Encoded::default();
        let mut group = None;
        out.extend_from_slice(self.frame.before);
        let mut writer = Writer::new(out, self.dialect);
        for event in Events::new(records) {
            let written = event.and_then(|event| match event.kind {
                Kind::GroupStart => {
                    group = (!is_empty(event.body)?).then_some(event.body);
                    Ok(false)
                }
                Kind::GroupEnd => {
                    group = None;
                    Ok(false)
                }
                Kind::Record => {
                    if encoded.written > 0 {
                        writer.out.extend_from_slice(self.frame.between);
                    }
                    let is_shadowed = self.object(&mut writer, &event, group)?;
                    writer.out.extend_from_slice(self.frame.after_each);
                    encoded.shadowed += u32::from(is_shadowed);
                    encoded.written += 1;
                    Ok(true)
                }
            });
            // Records were walked through once when their borders were found, so only what cannot be
            // walked through is refused, before anything of it was written.
            if let Err(fault) = written {
                encoded.refuse(&fault);
            }
        }
        out.extend_from_slice(self.frame.after);
        encoded
    }

    fn is_binary(&self) -> bool {
        false
    }
}

/// Single records as objects of JSON, for those who show or keep them.
#[derive(Debug)]
pub struct Objects {
    dated: Json,
    undated: Json,
}

impl Default for Objects {
    fn default() -> Self {
        let dated = Settings {
            escape_unicode: false,
            ..Settings::default()
        };
        let undated = Settings {
            date_key: None,
            ..dated.clone()
        };
        Self {
            dated: Json::new(&dated, STREAM),
            undated: Json::new(&undated, STREAM),
        }
    }
}

impl Objects {
    /// Appends a record with its time under `date`, if it has one, and its metadata, a msgpack map, if it
    /// has any. On a fault nothing is appended.
    pub fn append(
        &self,
        out: &mut Vec<u8>,
        time: Option<Time>,
        metadata: &[u8],
        body: &[u8],
    ) -> Result<(), Fault> {
        let from = out.len();
        let format = if time.is_some() {
            &self.dated
        } else {
            &self.undated
        };
        let event = Event {
            time: time.unwrap_or_default(),
            metadata,
            body,
            raw: body,
            kind: Kind::Record,
            layout: Layout::Current,
        };
        let written = format.object(&mut Writer::new(out, format.dialect), &event, None);
        if written.is_err() {
            out.truncate(from);
        }
        written.map(drop)
    }
}

/// `"__internal__":{…}`
fn internal<'a>(
    writer: &mut Writer<'_, 'a>,
    metadata: &'a [u8],
    group: Option<&'a [u8]>,
) -> Result<(), Fault> {
    writer.out.extend_from_slice(b"\"__internal__\":{");
    if let Some(group) = group {
        writer.out.extend_from_slice(b"\"group_attributes\":");
        writer.value(&mut Reader::new(group))?;
        writer.out.push(b',');
    }
    writer.out.extend_from_slice(b"\"log_metadata\":");
    writer.value(&mut Reader::new(metadata))?;
    writer.out.push(b'}');
    Ok(())
}

fn pairs_of(map: &mut Reader<'_>) -> Result<u32, Fault> {
    match map.token()? {
        Token::Map(pairs) => Ok(pairs),
        other => Err(Fault::NotAMap(other.name())),
    }
}

fn is_empty(map: &[u8]) -> Result<bool, Fault> {
    Ok(map == NO_METADATA || map == WIDE_NO_METADATA || pairs_of(&mut Reader::new(map))? == 0)
}
