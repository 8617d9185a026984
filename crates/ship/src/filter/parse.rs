//! `parser` reads the text under a key with a parser and puts its pairs in the place of the record.

use std::sync::Arc;

use sockeye_core::Mistakes;

use super::accessor::Accessor;
use super::{COMMON_KEYS, Filter, Filtered, Known, entries};
use crate::parser::{Parsed, Parser, Parsers};
use crate::properties::{Key, Kind, Properties};
use crate::record::{Event, Events, Reader, RecordWriter, Token};

const KEYS: &[Key] = &[
    Key::new("key_name", Kind::Text, None, "the key whose text is read"),
    Key::new(
        "parser",
        Kind::Texts,
        None,
        "the parser; of several the first one that can read the text",
    ),
    Key::new(
        "preserve_key",
        Kind::Bool,
        Some("off"),
        "whether the key stays; only with `reserve_data`",
    ),
    Key::new(
        "reserve_data",
        Kind::Bool,
        Some("off"),
        "whether the record's other keys stay",
    ),
    Key::new(
        "unescape_key",
        Kind::Unused("texts are read as they are"),
        None,
        "accepted for existing files",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "parser",
    about: "reads the text under a key with a parser",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Parse {
    key: String,
    place: Accessor,
    parsers: Vec<Arc<Parser>>,
    keeps_key: bool,
    keeps_others: bool,
    /// The pairs of one text.
    pairs: Vec<u8>,
}

fn build(properties: &Properties<'_>, parsers: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    let key = properties.need("key_name")?;
    properties.need("parser")?;
    let mut mistakes = Mistakes::new();
    let mut found = Vec::new();
    for property in properties.texts("parser") {
        match parsers.named(&property.value, &property.place) {
            Ok(parser) => found.push(parser),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.into_result(Box::new(Parse {
        key: key.to_owned(),
        place: Accessor::of(key),
        parsers: found,
        keeps_key: properties.flag("preserve_key"),
        keeps_others: properties.flag("reserve_data"),
        pairs: Vec::new(),
    }))
}

impl Parse {
    /// Reads the record's text into the pairs.
    fn read(&mut self, event: &Event<'_>) -> Option<Parsed> {
        let text = self.place.find(event.body)?;
        let Ok(Token::Str(text)) = Reader::new(text).token() else {
            return None;
        };
        self.pairs.clear();
        self.parsers
            .iter()
            .find_map(|parser| parser.parse(text, event.time, &mut self.pairs))
    }

    fn append(&self, event: &Event<'_>, parsed: Parsed, out: &mut Vec<u8>) {
        let time = parsed.time.unwrap_or(event.time);
        let mut record = RecordWriter::with_metadata(out, time, event.metadata);
        record.pairs(parsed.pairs, &self.pairs);
        if self.keeps_others {
            for entry in entries(event).0 {
                let is_key = entry.name() == Some(self.key.as_bytes());
                if !is_key || self.keeps_key {
                    record.pairs(1, &[entry.key, entry.value].concat());
                }
            }
        }
        record.finish();
    }
}

impl Filter for Parse {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        let from = out.len();
        let mut events = Events::new(records);
        let (mut count, mut is_changed, mut whole) = (0, false, 0);
        while let Some(Ok(event)) = events.next() {
            let is_record = event.kind == crate::record::Kind::Record;
            let parsed = if is_record { self.read(&event) } else { None };
            match parsed {
                Some(parsed) => {
                    self.append(&event, parsed, out);
                    is_changed = true;
                }
                None => out.extend_from_slice(event.raw),
            }
            count += u32::from(is_record);
            whole = events.at();
        }
        if !is_changed {
            out.truncate(from);
            return Filtered::Unchanged;
        }
        out.extend_from_slice(records.get(whole..).unwrap_or_default());
        Filtered::Changed { records: count }
    }
}
