//! Members of JSON that have the names of secrets: found where they stand, so that all else stays as it is written.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{HIDDEN, hide, is_secret};

/// Levels that are looked into; what is deeper is left out whole.
const MOST_LEVELS: usize = 127;

/// A text, such as a message. If it is JSON, members with the names of secrets are left out, at any depth; all else stays
/// as it is written. What is nested deeper than 127 levels is left out whole.
pub fn in_text(text: &str) -> Cow<'_, str> {
    let Ok(whole) = serde_json::from_str::<&RawValue>(text) else {
        return text.into();
    };
    let mut search = Search {
        text,
        found: Vec::new(),
    };
    search.look_into(whole, 0);
    hide(text, search.found, &format!("\"{HIDDEN}\""))
}

/// A value of JSON without the same members.
pub fn in_json(mut value: Value) -> Value {
    look_into(&mut value, 0);
    value
}

fn look_into(value: &mut Value, level: usize) {
    if level >= MOST_LEVELS && (value.is_object() || value.is_array()) {
        *value = HIDDEN.into();
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let says_something = !value.is_null() && value.as_str() != Some("");
                if says_something && is_secret(name) {
                    *value = HIDDEN.into();
                } else {
                    look_into(value, level + 1);
                }
            }
        }
        Value::Array(elements) => {
            for element in elements {
                look_into(element, level + 1);
            }
        }
        _ => {}
    }
}

struct Search<'t> {
    text: &'t str,
    /// Secret values, in order.
    found: Vec<Range<usize>>,
}

impl<'t> Search<'t> {
    fn look_into(&mut self, value: &'t RawValue, level: usize) {
        let written = value.get();
        if !written.starts_with(['{', '[']) {
            return;
        }
        if level >= MOST_LEVELS {
            self.find(value);
            return;
        }
        // Both have been read once already, as part of the whole.
        if written.starts_with('{') {
            let members = serde_json::from_str::<Members<'t>>(written);
            for (name, value) in members.map(|members| members.0).unwrap_or_default() {
                // Nothing is given away by an empty text, or by none.
                let says_something = !matches!(value.get(), "null" | "\"\"");
                if says_something && is_secret(&name) {
                    self.find(value);
                } else {
                    self.look_into(value, level + 1);
                }
            }
        } else {
            let elements = serde_json::from_str::<Vec<&'t RawValue>>(written);
            for element in elements.unwrap_or_default() {
                self.look_into(element, level + 1);
            }
        }
    }

    fn find(&mut self, value: &'t RawValue) {
        // The value is a part of the text.
        let start = value.get().as_ptr().addr() - self.text.as_ptr().addr();
        self.found.push(start..start + value.get().len());
    }
}

/// The members of an object, those of one name too, in order.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct All;
        impl<'t> Visitor<'t> for All {
            type Value = Members<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        from.deserialize_map(All)
    }
}
