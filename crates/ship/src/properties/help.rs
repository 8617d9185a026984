//! A plugin's table of keys passes through here on its way to a reader: what `-o websocket -h` prints.

use std::fmt::Write as _;

use super::{Key, Kind};

/// The keys of a plugin with their defaults and what they mean, one after the other.
pub fn help(plugin: &str, about: &str, tables: &[&[Key]]) -> String {
    let keys = || tables.iter().flat_map(|table| table.iter());
    let width = keys().map(|key| key.name.len()).max().unwrap_or_default();
    let mut text = format!("{plugin}: {about}\n");
    for key in keys() {
        let Key { name, help, .. } = key;
        // Writing into a text cannot fail.
        let _ = write!(text, "\n  {name:width$}  {help}");
        let _ = write!(text, "\n  {:width$}  > {}", "", key.kind.describe());
        if let Some(default) = key.default {
            let _ = write!(text, ", default: {}", shown(default));
        }
    }
    text.push('\n');
    text
}

fn shown(default: &str) -> String {
    if default.trim().is_empty() {
        format!("{default:?}")
    } else {
        default.to_owned()
    }
}

impl Kind {
    /// What a value must be, in a few words.
    pub fn describe(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Texts => "text, several times".to_owned(),
            Self::Bool => "on or off".to_owned(),
            Self::Integer => "whole number".to_owned(),
            Self::Port => "port".to_owned(),
            Self::Time => "time: seconds, or 500ms, 5s, 1m, 1h, 1d".to_owned(),
            Self::Size => "size: bytes, or 32k, 5M, 1G (thousands)".to_owned(),
            Self::Choice(words) => words.join(", "),
            Self::Unused(why) => format!("accepted and not used: {why}"),
        }
    }
}
