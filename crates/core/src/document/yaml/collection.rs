//! A YAML list or map passes through here while it is being read: its keys, its merges, what it holds twice.

use std::collections::{HashMap, HashSet};

use granit_parser::StructureStyle;

use super::super::{Key, Node, NodeValue};
use crate::{Mistake, Mistakes, Place, quoted};

/// A list or map whose end has not come yet.
pub(super) struct Open {
    /// Where it begins.
    pub(super) place: Place,
    /// Whether it stands in brackets.
    pub(super) style: StructureStyle,
    /// The parser's number of its anchor, 0 without.
    pub(super) anchor: usize,
    holds: Holds,
}

enum Holds {
    Items(Vec<Node>),
    Entries {
        entries: Vec<(Key, Node)>,
        merges: Vec<Node>,
        next: Next,
    },
}

/// What the next value of a map is.
enum Next {
    Key,
    Value(Key),
    /// The value of the merge key `<<`.
    Merge,
}

impl Open {
    /// A list without items.
    pub(super) fn list(place: Place, style: StructureStyle, anchor: usize) -> Self {
        Self {
            place,
            style,
            anchor,
            holds: Holds::Items(Vec::new()),
        }
    }

    /// A map without entries.
    pub(super) fn map(place: Place, style: StructureStyle, anchor: usize) -> Self {
        let holds = Holds::Entries {
            entries: Vec::new(),
            merges: Vec::new(),
            next: Next::Key,
        };
        Self {
            place,
            style,
            anchor,
            holds,
        }
    }

    /// The next item, key or value. `plain` is a scalar without quotes, `place` where it is written,
    /// which for an alias is not where its value stands.
    pub(super) fn push(&mut self, node: Node, plain: bool, place: Place) -> Result<(), Mistake> {
        let (entries, merges, next) = match &mut self.holds {
            Holds::Items(items) => {
                items.push(node);
                return Ok(());
            }
            Holds::Entries {
                entries,
                merges,
                next,
            } => (entries, merges, next),
        };
        match std::mem::replace(next, Next::Key) {
            Next::Key if plain && node.text() == Some("<<") => *next = Next::Merge,
            Next::Key => {
                *next = Next::Value(Key {
                    name: key_text(&node, plain, &place)?,
                    place,
                });
            }
            Next::Value(key) => entries.push((key, node)),
            Next::Merge => merge(node, &place, merges)?,
        }
        Ok(())
    }

    /// The finished value. Keys that stand in a map twice are mistakes; a map's own keys win over
    /// merged ones, an earlier merge over a later one.
    pub(super) fn close(self, mistakes: &mut Mistakes) -> NodeValue {
        match self.holds {
            Holds::Items(items) => NodeValue::Seq(items),
            Holds::Entries {
                mut entries,
                merges,
                ..
            } => {
                mistakes.extend(duplicates(&entries));
                entries.extend(merged(&entries, merges));
                NodeValue::Map(entries)
            }
        }
    }
}

/// The entries of `merges` whose keys are not in `entries`.
fn merged(entries: &[(Key, Node)], merges: Vec<Node>) -> Vec<(Key, Node)> {
    if merges.is_empty() {
        return Vec::new();
    }
    let mut taken: HashSet<String> = entries.iter().map(|(key, _)| key.name.clone()).collect();
    let mut added = Vec::new();
    for node in merges {
        let NodeValue::Map(more) = node.value else {
            continue;
        };
        added.extend(
            more.into_iter()
                .filter(|(key, _)| taken.insert(key.name.clone())),
        );
    }
    added
}

/// A mistake for every key that stands in `entries` a second time.
pub(in crate::document) fn duplicates(entries: &[(Key, Node)]) -> Vec<Mistake> {
    let mut firsts: HashMap<&str, &Place> = HashMap::with_capacity(entries.len());
    let mut twice = Vec::new();
    for (key, _) in entries {
        match firsts.get(key.name.as_str()) {
            Some(first) => twice.push(
                Mistake::at(
                    &key.place,
                    format!("the key {} is here twice", quoted(&key.name)),
                )
                .label("again here")
                .also(first, "first here")
                .remedy("remove one of them"),
            ),
            None => {
                firsts.insert(&key.name, &key.place);
            }
        }
    }
    twice
}

/// A key as text: what is written, whatever type it would have as a value.
fn key_text(node: &Node, plain: bool, place: &Place) -> Result<String, Mistake> {
    match &node.value {
        NodeValue::Str(text) => Ok(text.clone()),
        NodeValue::Seq(_) | NodeValue::Map(_) => {
            let message = format!("a key must be text, not {}", node.kind_name());
            let sign = quoted(place.raw().get(..1).unwrap_or_default());
            Err(Mistake::at(place, message)
                .label("this is read as a key")
                .remedy(format!("put text that starts with {sign} in quotes")))
        }
        _ if plain => Ok(place.raw().to_owned()),
        _ => Ok(node.place.raw().to_owned()),
    }
}

/// Adds what `<<` names: a map or a list of maps.
fn merge(node: Node, place: &Place, merges: &mut Vec<Node>) -> Result<(), Mistake> {
    let is_map = |node: &Node| matches!(node.value, NodeValue::Map(_));
    match node.value {
        NodeValue::Map(_) => merges.push(node),
        NodeValue::Seq(items) if items.iter().all(is_map) => merges.extend(items),
        _ => {
            return Err(
                Mistake::at(place, "the merge key `<<` needs a map or a list of maps")
                    .label(format!("this is {}", node.kind_name()))
                    .remedy("name a map with an alias, such as `<<: *base`, or put `<<` in quotes"),
            );
        }
    }
    Ok(())
}
