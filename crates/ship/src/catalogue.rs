//! Every plugin with its keys passes through here, for `-h` and for programs.

use serde_json::{Value, json};

use crate::config::command_line::Kind;
use crate::known::Known;
use crate::properties::{Key, help};
use crate::{filter, input, output};

/// A plugin as users see it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name in files.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    tables: &'static [&'static [Key]],
    /// Keys that all plugins of its kind have, where its own tables leave them out.
    common: &'static [Key],
}

/// The plugins of a kind, by name.
pub fn plugins(kind: Kind) -> Vec<Entry> {
    match kind {
        Kind::Input => entries(input::ALL, &[]),
        Kind::Output => entries(output::ALL, &[]),
        Kind::Filter => entries(filter::ALL, filter::COMMON_KEYS),
    }
}

fn entries<Build>(all: &[Known<Build>], common: &'static [Key]) -> Vec<Entry> {
    let entry = |known: &Known<Build>| Entry {
        name: known.name,
        about: known.about,
        tables: known.tables,
        common,
    };
    all.iter().map(entry).collect()
}

/// The plugin of that name.
pub fn plugin(kind: Kind, name: &str) -> Option<Entry> {
    plugins(kind).into_iter().find(|entry| entry.name == name)
}

impl Entry {
    /// Its keys, once each.
    fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = Vec::new();
        let all = self.tables.iter().flat_map(|table| table.iter());
        for key in all.chain(self.common) {
            if !keys.iter().any(|known| known.name == key.name) {
                keys.push(*key);
            }
        }
        keys
    }

    /// Its keys for people.
    pub fn help(&self) -> String {
        help(self.name, self.about, &[&self.keys()])
    }

    /// Its keys for programs.
    pub fn schema(&self) -> Value {
        let options: Vec<Value> = self
            .keys()
            .iter()
            .map(|key| {
                json!({
                    "name": key.name,
                    "description": key.help,
                    "default": key.default,
                    "type": key.kind.describe(),
                })
            })
            .collect();
        json!({"name": self.name, "description": self.about, "options": options})
    }
}

/// All plugins for programs.
pub fn schema() -> Value {
    let all = |kind| {
        plugins(kind)
            .iter()
            .map(Entry::schema)
            .collect::<Vec<Value>>()
    };
    json!({
        "inputs": all(Kind::Input),
        "filters": all(Kind::Filter),
        "outputs": all(Kind::Output),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plugin_tells_its_keys_once() {
        for kind in [Kind::Input, Kind::Filter, Kind::Output] {
            for entry in plugins(kind) {
                let help = entry.help();
                for key in entry.keys() {
                    let line = format!("\n  {} ", key.name);
                    assert!(
                        help.matches(&line).count() <= 1,
                        "{}: {}",
                        entry.name,
                        key.name
                    );
                }
            }
        }
        assert!(
            plugin(Kind::Output, "websocket")
                .unwrap()
                .help()
                .contains("idle_interval")
        );
    }
}
