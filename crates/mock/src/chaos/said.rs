//! What a file or an operator has said about chaos, key by key, and one thing said over another.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::keys::{GROUPS, keys};

/// Keys by their path, `delay.min_ms`, each with a value of its form.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Said(BTreeMap<&'static str, Value>);

/// Two keys for one thing.
const EITHER: [&str; 2] = ["disconnect_code", "close_codes"];

impl Said {
    pub(crate) fn set(&mut self, path: &'static str, value: impl Into<Value>) {
        self.0.insert(path, value.into());
    }

    /// Said of a handler, over what is said of all.
    pub(crate) fn over(&self, all: &Self) -> Self {
        let mut both = all.clone();
        if EITHER.iter().any(|key| self.0.contains_key(key)) {
            both.0.retain(|key, _| !EITHER.contains(key));
        }
        both.0
            .extend(self.0.iter().map(|(key, value)| (*key, value.clone())));
        both
    }

    /// How many pairs of its values contradict each other, each of which would be right alone.
    pub(super) fn contradictions(&self) -> usize {
        let both = EITHER.iter().all(|key| self.0.contains_key(key));
        let bounds = [self.number("delay.min_ms"), self.number("delay.max_ms")];
        let crossed = matches!(bounds, [Some(least), Some(most)] if least > most);
        usize::from(both) + usize::from(crossed)
    }

    /// Whether anything but whether it holds is said in a group.
    pub(super) fn has_any(&self, group: &str) -> bool {
        let is_one = |key: &&'static str| {
            let (own, name) = key.split_once('.').unwrap_or(("", key));
            own == group && name != "enabled"
        };
        self.0.keys().any(is_one)
    }

    pub(super) fn value(&self, path: &str) -> Option<&Value> {
        self.0.get(path)
    }

    pub(crate) fn number(&self, path: &str) -> Option<u64> {
        self.value(path)?.as_u64()
    }

    pub(super) fn rate(&self, path: &str) -> f64 {
        self.value(path).and_then(Value::as_f64).unwrap_or(0.0)
    }

    pub(super) fn switch(&self, path: &str) -> Option<bool> {
        self.value(path)?.as_bool()
    }

    pub(super) fn word(&self, path: &str) -> Option<&str> {
        self.value(path)?.as_str()
    }

    /// Every key with its value, in the order of the keys.
    pub(super) fn in_words(&self) -> String {
        let said = keys().filter_map(|key| {
            let value = self.value(key.path)?;
            let word = value
                .as_str()
                .map_or_else(|| value.to_string(), ToOwned::to_owned);
            Some(format!("{} {word}", key.path))
        });
        said.collect::<Vec<_>>().join(", ")
    }

    /// As a file would say it, in the order of the keys.
    pub(super) fn to_json(&self) -> Value {
        let mut root = Map::new();
        for (group, _) in GROUPS {
            let own = keys().filter(|key| key.group == group);
            let said =
                own.filter_map(|key| Some((key.name.to_owned(), self.value(key.path)?.clone())));
            let map: Map<String, Value> = said.collect();
            if group.is_empty() {
                root = map;
            } else if !map.is_empty() {
                root.insert(group.to_owned(), map.into());
            }
        }
        root.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_handler_speaks_over_all_key_by_key() {
        let mut all = Said::default();
        all.set("message_drop_rate", 0.5);
        all.set("delay.min_ms", 5);
        all.set("close_codes", json!([1000, 4000]));
        let mut one = Said::default();
        one.set("delay.max_ms", 9);
        one.set("disconnect_code", 1011);
        let both = one.over(&all);
        let wanted = json!({
            "disconnect_code": 1011,
            "message_drop_rate": 0.5,
            "delay": { "min_ms": 5, "max_ms": 9 },
        });
        assert_eq!(both.to_json(), wanted);
    }
}
