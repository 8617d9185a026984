//! `record_modifier` adds pairs, and takes keys away or keeps only some: `record KEY VALUE`, `remove_key KEY`, `allowlist_key KEY`.

use std::borrow::Cow;

use sockeye_core::Mistakes;

use super::words::words;
use super::{COMMON_KEYS, Fate, Filter, Filtered, Known, each, entries, packed_text};
use crate::parser::Parsers;
use crate::properties::{Key, Kind, Properties};

const KEYS: &[Key] = &[
    Key::new(
        "record",
        Kind::Texts,
        None,
        "adds a pair: `record KEY VALUE`",
    ),
    Key::new("remove_key", Kind::Texts, None, "takes a key away"),
    Key::new(
        "allowlist_key",
        Kind::Texts,
        None,
        "keeps this key and others so named, and no more",
    ),
    Key::new(
        "whitelist_key",
        Kind::Texts,
        None,
        "the same as `allowlist_key`",
    ),
    Key::new(
        "uuid_key",
        Kind::Unused("records get no identifier here"),
        None,
        "accepted for existing files",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "record_modifier",
    about: "adds pairs to records and takes keys away",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct RecordModifier {
    added: Vec<(String, Cow<'static, [u8]>)>,
    removed: Vec<String>,
    allowed: Vec<String>,
}

fn build(properties: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    let mut mistakes = Mistakes::new();
    let mut added = Vec::new();
    for property in properties.texts("record") {
        match <[String; 2]>::try_from(words(&property.value, 2)) {
            Ok([key, value]) => added.push((key, packed_text(&value))),
            Err(_) => mistakes.push(super::two_words(property, "`record KEY VALUE`")),
        }
    }
    let values = |key| properties.texts(key).map(|property| property.value.clone());
    let removed: Vec<String> = values("remove_key").collect();
    let allowed: Vec<String> = values("allowlist_key")
        .chain(values("whitelist_key"))
        .collect();
    if !removed.is_empty() && !allowed.is_empty() {
        let message = "`remove_key` and `allowlist_key` in one filter";
        mistakes.push(
            properties
                .mistake("remove_key", message)
                .remedy("keep one of them"),
        );
    }
    mistakes.into_result(Box::new(RecordModifier {
        added,
        removed,
        allowed,
    }))
}

impl RecordModifier {
    fn keeps(&self, name: Option<&[u8]>) -> bool {
        let is_in = |list: &[String]| {
            list.iter()
                .any(|key| name.is_some_and(|name| name.eq_ignore_ascii_case(key.as_bytes())))
        };
        !is_in(&self.removed) && (self.allowed.is_empty() || is_in(&self.allowed))
    }
}

impl Filter for RecordModifier {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        each(records, out, |event| {
            let mut body = entries(event);
            let before = body.0.len();
            body.0.retain(|entry| self.keeps(entry.name()));
            if body.0.len() == before && self.added.is_empty() {
                return Fate::Same;
            }
            for (key, value) in &self.added {
                body.push(key.as_bytes(), value.clone());
            }
            Fate::Body(body)
        })
    }
}
