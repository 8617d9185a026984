//! `nest` puts keys under a new one, or lifts those of a map out of it.

use sockeye_core::Mistakes;

use super::{COMMON_KEYS, Fate, Filter, Filtered, Known, each, entries};
use crate::parser::Parsers;
use crate::properties::{Key, Kind, Properties};
use crate::record::{Entries, Entry, Reader, Token, pack};

const KEYS: &[Key] = &[
    Key::new(
        "operation",
        Kind::Choice(&["nest", "lift"]),
        None,
        "nest: keys go under a new one; lift: out of a map",
    ),
    Key::new(
        "wildcard",
        Kind::Texts,
        None,
        "nest: the keys to put together; `*` at the end stands for any letters",
    ),
    Key::new(
        "nest_under",
        Kind::Text,
        None,
        "nest: the key of the new map",
    ),
    Key::new("nested_under", Kind::Text, None, "lift: the key of the map"),
    Key::new(
        "add_prefix",
        Kind::Text,
        None,
        "text to put before the keys",
    ),
    Key::new("prefix_with", Kind::Text, None, "the same as `add_prefix`"),
    Key::new(
        "remove_prefix",
        Kind::Text,
        None,
        "text to take off the front of the keys",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "nest",
    about: "puts keys under a new one, or lifts those of a map out of it",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Nest {
    operation: Operation,
    prefix: Prefix,
}

#[derive(Debug)]
enum Operation {
    Nest {
        under: String,
        wildcards: Vec<String>,
    },
    Lift {
        from: String,
    },
}

#[derive(Debug)]
enum Prefix {
    Same,
    Added(String),
    Removed(String),
}

fn build(properties: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    properties.need("operation")?;
    let added = properties
        .text("add_prefix")
        .or(properties.text("prefix_with"));
    let prefix = match (added, properties.text("remove_prefix")) {
        (Some(_), Some(_)) => {
            let message = "`add_prefix` and `remove_prefix` in one filter";
            return Err(properties
                .mistake("remove_prefix", message)
                .remedy("keep one of them")
                .into());
        }
        (Some(prefix), None) => Prefix::Added(prefix.to_owned()),
        (None, Some(prefix)) => Prefix::Removed(prefix.to_owned()),
        (None, None) => Prefix::Same,
    };
    let operation = match properties.choice("operation") {
        Some("lift") => Operation::Lift {
            from: properties.need("nested_under")?.to_owned(),
        },
        _ => Operation::Nest {
            under: properties.need("nest_under")?.to_owned(),
            wildcards: properties
                .texts("wildcard")
                .map(|property| property.value.clone())
                .collect(),
        },
    };
    Ok(Box::new(Nest { operation, prefix }))
}

fn is_meant(name: Option<&[u8]>, wildcards: &[String]) -> bool {
    let Some(name) = name else {
        return false;
    };
    wildcards
        .iter()
        .any(|wildcard| match wildcard.strip_suffix('*') {
            Some(front) => name.starts_with(front.as_bytes()),
            None => name == wildcard.as_bytes(),
        })
}

impl Nest {
    /// An entry with its key as the prefix rule wants it.
    fn renamed<'a>(&self, entry: Entry<'a>) -> Entry<'a> {
        let Some(name) = entry.name() else {
            return entry;
        };
        let name = match &self.prefix {
            Prefix::Same => return entry,
            Prefix::Added(prefix) => [prefix.as_bytes(), name].concat(),
            Prefix::Removed(prefix) => match name.strip_prefix(prefix.as_bytes()) {
                Some(name) => name.to_vec(),
                None => return entry,
            },
        };
        let mut key = Vec::new();
        pack::string(&mut key, &name);
        Entry {
            key: key.into(),
            value: entry.value,
        }
    }

    fn nested<'a>(&self, body: Entries<'a>, under: &str, wildcards: &[String]) -> Fate<'a> {
        let is_in = |entry: &Entry<'_>| is_meant(entry.name(), wildcards);
        let (inner, outer): (Vec<_>, Vec<_>) = body.0.into_iter().partition(is_in);
        if inner.is_empty() {
            return Fate::Same;
        }
        let inner = Entries(inner.into_iter().map(|entry| self.renamed(entry)).collect());
        let mut map = Vec::new();
        inner.append_to(&mut map);
        let mut body = Entries(outer);
        body.push(under.as_bytes(), map);
        Fate::Body(body)
    }

    fn lifted<'a>(&self, body: Entries<'a>, from: &str) -> Fate<'a> {
        let is_map = |value: &[u8]| matches!(Reader::new(value).token(), Ok(Token::Map(_)));
        let is_it =
            |entry: &Entry<'_>| entry.name() == Some(from.as_bytes()) && is_map(&entry.value);
        let (maps, mut outer): (Vec<_>, Vec<_>) = body.0.into_iter().partition(is_it);
        if maps.is_empty() {
            return Fate::Same;
        }
        for map in maps {
            let inner = Entries::of(&map.value).unwrap_or_default();
            let owned = inner.0.into_iter().map(Entry::into_owned);
            outer.extend(owned.map(|entry| self.renamed(entry)));
        }
        Fate::Body(Entries(outer))
    }
}

impl Filter for Nest {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        each(records, out, |event| match &self.operation {
            Operation::Nest { under, wildcards } => self.nested(entries(event), under, wildcards),
            Operation::Lift { from } => self.lifted(entries(event), from),
        })
    }
}
