//! One condition of `modify`: what must be true of a record for its rules to be applied.

use sockeye_core::{Mistake, quoted};

use super::super::accessor::{Accessor, text};
use super::super::bad_pattern;
use super::super::words::words;
use crate::parser::Pattern;
use crate::plan::Property;
use crate::record::Entries;

/// The names of the tests, and how many words follow each.
const NAMES: [(&str, usize); 10] = [
    ("key_exists", 1),
    ("key_does_not_exist", 1),
    ("a_key_matches", 1),
    ("no_key_matches", 1),
    ("key_value_equals", 2),
    ("key_value_does_not_equal", 2),
    ("key_value_matches", 2),
    ("key_value_does_not_match", 2),
    ("matching_keys_have_matching_values", 2),
    ("matching_keys_do_not_have_matching_values", 2),
];

#[derive(Debug)]
pub(super) enum Test {
    Exists {
        place: Accessor,
        wanted: bool,
    },
    SomeKey {
        pattern: Pattern,
        wanted: bool,
    },
    Equals {
        place: Accessor,
        value: String,
        wanted: bool,
    },
    Matches {
        place: Accessor,
        pattern: Pattern,
        wanted: bool,
    },
    AllMatching {
        keys: Pattern,
        values: Pattern,
        wanted: bool,
    },
}

impl Test {
    pub(super) fn of(property: &Property) -> Result<Self, Mistake> {
        let parts = words(&property.value, 3);
        let written = parts.first().map(String::as_str).unwrap_or_default();
        let known = NAMES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(written));
        let Some((name, follow)) = known else {
            let message = format!("unknown condition {}", quoted(written));
            return Err(Mistake::at(&property.place, message)
                .label("not known")
                .did_you_mean(written, NAMES.iter().map(|(name, _)| *name)));
        };
        if parts.len() != follow + 1 {
            let form = if *follow == 1 { "KEY" } else { "KEY VALUE" };
            let message = format!("{} wants {form}", quoted(name));
            return Err(Mistake::at(&property.place, message)
                .remedy(format!("write `condition {name} {form}`")));
        }
        let pattern =
            |text: &str| Pattern::new(text).map_err(|fault| bad_pattern(property, &fault));
        let place = || Accessor::of(&parts[1]);
        let wanted = !name.contains("not") && *name != "no_key_matches";
        Ok(match *name {
            "key_exists" | "key_does_not_exist" => Self::Exists {
                place: place(),
                wanted,
            },
            "a_key_matches" | "no_key_matches" => Self::SomeKey {
                pattern: pattern(&parts[1])?,
                wanted,
            },
            "key_value_equals" | "key_value_does_not_equal" => Self::Equals {
                place: place(),
                value: parts[2].clone(),
                wanted,
            },
            "key_value_matches" | "key_value_does_not_match" => Self::Matches {
                place: place(),
                pattern: pattern(&parts[2])?,
                wanted,
            },
            _ => Self::AllMatching {
                keys: pattern(&parts[1])?,
                values: pattern(&parts[2])?,
                wanted,
            },
        })
    }

    /// Whether it is true of a body. A test on the value of a key that is not there is not.
    pub(super) fn holds(&self, body: &[u8]) -> bool {
        match self {
            Self::Exists { place, wanted } => place.find(body).is_some() == *wanted,
            Self::SomeKey { pattern, wanted } => {
                let entries = Entries::of(body).unwrap_or_default();
                let any = entries
                    .0
                    .iter()
                    .any(|entry| entry.name().is_some_and(|name| pattern.matches(name)));
                any == *wanted
            }
            Self::Equals {
                place,
                value,
                wanted,
            } => place
                .text(body)
                .is_some_and(|text| (*text == *value.as_bytes()) == *wanted),
            Self::Matches {
                place,
                pattern,
                wanted,
            } => place
                .text(body)
                .is_some_and(|text| pattern.matches(&text) == *wanted),
            Self::AllMatching {
                keys,
                values,
                wanted,
            } => {
                let entries = Entries::of(body).unwrap_or_default();
                let mut of_keys = entries
                    .0
                    .iter()
                    .filter(|entry| entry.name().is_some_and(|name| keys.matches(name)));
                of_keys.all(|entry| {
                    let is_match = text(&entry.value).is_some_and(|text| values.matches(&text));
                    is_match == *wanted
                })
            }
        }
    }
}
