//! A map of a document passes through here field by field; what nobody asks for is a mistake.

use super::{Key, Node, NodeValue};
use crate::{Mistake, Mistakes, Place, Severity, nearest, quoted};

/// The fields of one map, each to be asked for once by the code that reads it.
///
/// A key nobody asked for is a mistake when [`Fields::finish`] is called; every key that was asked
/// for counts as known, so that the mistake can name the nearest one. What is missing is reported
/// then, too: a misspelt key is one mistake, not a missing and an unknown one.
#[derive(Debug)]
#[must_use = "call `finish`, which reports the keys nobody asked for"]
pub struct Fields<'n> {
    what: &'static str,
    place: &'n Place,
    entries: Vec<Option<&'n (Key, Node)>>,
    known: Vec<&'static str>,
    missing: Vec<(&'static str, Mistake)>,
}

impl<'n> Fields<'n> {
    /// The fields of `node`, which is `what`, such as "a websocket endpoint"; a mistake if it is no map.
    pub fn of(node: &'n Node, what: &'static str, mistakes: &mut Mistakes) -> Option<Self> {
        let entries = node.as_map(what, mistakes)?;
        Some(Self {
            what,
            place: &node.place,
            entries: entries.iter().map(Some).collect(),
            known: Vec::new(),
            missing: Vec::new(),
        })
    }

    /// The value under `key`, which may be null; none if the key is not there.
    pub fn take(&mut self, key: &'static str) -> Option<&'n Node> {
        self.take_entry(key).map(|(_, node)| node)
    }

    /// The same with the key itself, for mistakes that point at the key.
    pub fn take_entry(&mut self, key: &'static str) -> Option<&'n (Key, Node)> {
        self.known.push(key);
        let is_it =
            |entry: &&mut Option<&'n (Key, Node)>| entry.is_some_and(|(name, _)| name.name == key);
        self.entries.iter_mut().find(is_it)?.take()
    }

    /// Whether `key` is there and has not been asked for. The key is not known thereby.
    pub fn has(&self, key: &str) -> bool {
        self.entries
            .iter()
            .flatten()
            .any(|(name, _)| name.name == key)
    }

    /// The value under `key`; a mistake if the key is not there or has no value.
    pub fn need(&mut self, key: &'static str, mistakes: &mut Mistakes) -> Option<&'n Node> {
        let Some((name, node)) = self.take_entry(key) else {
            let mistake = Mistake::at(self.place, format!("{} needs `{key}`", self.what))
                .label(format!("`{key}` is missing"))
                .remedy(format!("add `{key}`"));
            self.miss(key, mistake);
            return None;
        };
        if node.is_null() {
            mistakes.push(
                Mistake::at(
                    &name.place,
                    format!("{} needs a value for `{key}`", self.what),
                )
                .label("nothing follows")
                .remedy(format!("write one behind `{key}`")),
            );
            return None;
        }
        Some(node)
    }

    /// `mistake` says that `key` is missing. It is reported by [`Fields::finish`], unless the key is
    /// only misspelt.
    pub fn miss(&mut self, key: &'static str, mistake: Mistake) {
        self.missing.push((key, mistake));
    }

    /// Where the map stands.
    pub fn place(&self) -> &'n Place {
        self.place
    }

    /// Every key nobody asked for is an error, or a warning when `lenient`; every key that is missing
    /// an error.
    pub fn finish(self, mistakes: &mut Mistakes, lenient: bool) {
        let severity = if lenient {
            Severity::Warning
        } else {
            Severity::Error
        };
        let mut meant = Vec::new();
        for (key, _) in self.entries.into_iter().flatten() {
            meant.extend(nearest(&key.name, self.known.iter().copied()));
            let message = format!("unknown key {} in {}", quoted(&key.name), self.what);
            let mistake = Mistake::at(&key.place, message)
                .label("not known here")
                .did_you_mean(&key.name, self.known.iter().copied());
            mistakes.push(match severity {
                Severity::Error => mistake,
                Severity::Warning => mistake.warning(),
            });
        }
        let missing = self.missing.into_iter();
        mistakes.extend(
            missing
                .filter(|(key, _)| lenient || !meant.contains(key))
                .map(|(_, mistake)| mistake),
        );
    }
}

impl Node {
    /// The entries of a map; otherwise a mistake that `what` must be a map.
    pub fn as_map(&self, what: &str, mistakes: &mut Mistakes) -> Option<&[(Key, Node)]> {
        if let NodeValue::Map(entries) = &self.value {
            return Some(entries);
        }
        let remedy = if self.is_null() {
            "write its keys, or remove it"
        } else if self.place.raw().starts_with('-') {
            "write keys with their values, without dashes"
        } else {
            "write keys with their values"
        };
        mistakes.push(self.not("a map", what).remedy(remedy));
        None
    }
}
