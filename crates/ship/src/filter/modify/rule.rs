//! One rule of `modify`: what it does to the pairs of a record.

use std::borrow::Cow;

use sockeye_core::Mistake;

use super::super::words::words;
use super::super::{bad_pattern, one_word, packed_text, two_words};
use crate::parser::Pattern;
use crate::plan::Property;
use crate::record::{Entries, Entry};

#[derive(Debug)]
pub(super) enum Rule {
    Set {
        key: String,
        value: Cow<'static, [u8]>,
        replaces: bool,
    },
    Remove(Keys),
    Move {
        keys: Keys,
        to_start: bool,
    },
    Rename {
        from: String,
        to: String,
        is_hard: bool,
    },
    Copy {
        from: String,
        to: String,
        is_hard: bool,
    },
}

/// Which keys a rule is for.
#[derive(Debug)]
pub(super) enum Keys {
    Named(String),
    Beginning(String),
    Matching(Pattern),
}

impl Keys {
    fn has(&self, entry: &Entry<'_>) -> bool {
        entry.name().is_some_and(|name| match self {
            Self::Named(key) => name == key.as_bytes(),
            Self::Beginning(front) => name.starts_with(front.as_bytes()),
            Self::Matching(pattern) => pattern.matches(name),
        })
    }

    /// `FRONT` or `FRONT*`
    fn beginning(text: &str) -> Self {
        Self::Beginning(text.strip_suffix('*').unwrap_or(text).to_owned())
    }
}

impl Rule {
    pub(super) fn of(property: &Property) -> Result<Self, Mistake> {
        match property.key.as_str() {
            "remove" | "remove_wildcard" | "remove_regex" | "move_to_start" | "move_to_end" => {
                Self::of_one(property)
            }
            _ => Self::of_two(property),
        }
    }

    fn of_one(property: &Property) -> Result<Self, Mistake> {
        let Ok([key]) = <[String; 1]>::try_from(words(&property.value, 2)) else {
            return Err(one_word(property));
        };
        Ok(match property.key.as_str() {
            "remove" => Self::Remove(Keys::Named(key)),
            "remove_regex" => {
                let pattern = Pattern::new(&key).map_err(|fault| bad_pattern(property, &fault))?;
                Self::Remove(Keys::Matching(pattern))
            }
            "remove_wildcard" => Self::Remove(Keys::beginning(&key)),
            name => Self::Move {
                keys: Keys::beginning(&key),
                to_start: name == "move_to_start",
            },
        })
    }

    fn of_two(property: &Property) -> Result<Self, Mistake> {
        let Ok([key, value]) = <[String; 2]>::try_from(words(&property.value, 2)) else {
            let form = format!("`{} KEY VALUE`", property.key);
            return Err(two_words(property, &form));
        };
        Ok(match property.key.as_str() {
            "rename" => Self::Rename {
                from: key,
                to: value,
                is_hard: false,
            },
            "hard_rename" => Self::Rename {
                from: key,
                to: value,
                is_hard: true,
            },
            "copy" => Self::Copy {
                from: key,
                to: value,
                is_hard: false,
            },
            "hard_copy" => Self::Copy {
                from: key,
                to: value,
                is_hard: true,
            },
            name => Self::Set {
                key,
                value: packed_text(&value),
                replaces: name == "set",
            },
        })
    }

    /// Says whether it changed anything.
    pub(super) fn apply(&self, body: &mut Entries<'_>) -> bool {
        match self {
            Self::Set {
                key,
                value,
                replaces,
            } => {
                if !replaces && count(body, key) > 0 {
                    return false;
                }
                body.0.retain(|entry| !is_named(entry, key));
                body.push(key.as_bytes(), value.clone());
                true
            }
            Self::Remove(keys) => {
                let before = body.0.len();
                body.0.retain(|entry| !keys.has(entry));
                body.0.len() < before
            }
            Self::Move { keys, to_start } => {
                let any = body.0.iter().any(|entry| keys.has(entry));
                body.0.sort_by_key(|entry| keys.has(entry) != *to_start);
                any
            }
            Self::Rename { from, to, is_hard } => rename(body, from, to, *is_hard),
            Self::Copy { from, to, is_hard } => copy(body, from, to, *is_hard),
        }
    }
}

fn is_named(entry: &Entry<'_>, key: &str) -> bool {
    entry.name() == Some(key.as_bytes())
}

fn count(body: &Entries<'_>, key: &str) -> usize {
    body.0.iter().filter(|entry| is_named(entry, key)).count()
}

fn rename(body: &mut Entries<'_>, from: &str, to: &str, is_hard: bool) -> bool {
    if count(body, from) == 0 || !is_hard && count(body, to) > 0 {
        return false;
    }
    if from != to {
        body.0.retain(|entry| !is_named(entry, to));
    }
    for entry in body.0.iter_mut().filter(|entry| is_named(entry, from)) {
        entry.key = packed_text(to);
    }
    true
}

/// The copy stands behind the original.
fn copy(body: &mut Entries<'_>, from: &str, to: &str, is_hard: bool) -> bool {
    let targets = count(body, to);
    if from == to || count(body, from) != 1 || targets > usize::from(is_hard) {
        return false;
    }
    body.0.retain(|entry| !is_named(entry, to));
    let place = body.0.iter().position(|entry| is_named(entry, from));
    if let Some(place) = place {
        let value = body.0[place].value.clone();
        body.0.insert(
            place + 1,
            Entry {
                key: packed_text(to),
                value,
            },
        );
    }
    true
}
