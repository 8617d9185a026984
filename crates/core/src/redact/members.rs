//! Members of JSON that are secret: found where they stand, so that all else stays as it is written.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Redactor;

/// Levels that are looked into; what is deeper is sealed whole.
const MOST_LEVELS: usize = 127;

/// A text of JSON with its secret members sealed; nothing if it is no JSON, or none is secret.
pub(super) fn seal(redactor: &Redactor, text: &str) -> Option<String> {
    let whole: &RawValue = serde_json::from_str(text).ok()?;
    let mut search = Search {
        redactor,
        text,
        place: Vec::new(),
        found: Vec::new(),
    };
    search.look_into(whole);
    if search.found.is_empty() {
        return None;
    }
    let mut sealed = String::with_capacity(text.len());
    let mut from = 0;
    for secret in search.found {
        sealed.push_str(&text[from..secret.start]);
        let value = &text[secret.clone()];
        // Equal secrets have equal seals, however they are written.
        let string = serde_json::from_str::<String>(value);
        let seal = redactor.sealed(string.as_deref().unwrap_or(value).as_bytes());
        sealed.push('"');
        sealed.push_str(&seal);
        sealed.push('"');
        from = secret.end;
    }
    sealed.push_str(&text[from..]);
    Some(sealed)
}

/// A value with its secret members sealed.
pub(super) fn seal_value(redactor: &Redactor, mut value: Value) -> Value {
    seal_at(redactor, &mut value, &mut Vec::new());
    value
}

fn seal_at(redactor: &Redactor, value: &mut Value, place: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let is_secret = redactor.covers_members && redactor.is_secret(name);
                seal_member(redactor, name.clone(), value, is_secret, place);
            }
        }
        Value::Array(elements) => {
            for (at, value) in elements.iter_mut().enumerate() {
                seal_member(redactor, at.to_string(), value, false, place);
            }
        }
        Value::String(text) => {
            if let Cow::Owned(shown) = redactor.shapes(text) {
                *text = shown;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn seal_member(
    redactor: &Redactor,
    step: String,
    value: &mut Value,
    is_secret: bool,
    place: &mut Vec<String>,
) {
    place.push(step);
    let is_pointed_at = redactor
        .pointers
        .iter()
        .any(|pointer| pointer.leads_to(place));
    let says_something = !value.is_null() && value.as_str() != Some("");
    let is_too_deep = place.len() >= MOST_LEVELS && (value.is_object() || value.is_array());
    if is_too_deep || says_something && (is_secret || is_pointed_at) {
        let written = value.to_string();
        let secret = value.as_str().unwrap_or(&written);
        *value = redactor.sealed(secret.as_bytes()).into();
    } else {
        seal_at(redactor, value, place);
    }
    place.pop();
}

struct Search<'r, 't> {
    redactor: &'r Redactor,
    text: &'t str,
    /// The way to the value that is looked at.
    place: Vec<String>,
    /// Secret values, in order.
    found: Vec<Range<usize>>,
}

impl<'t> Search<'_, 't> {
    fn look_into(&mut self, value: &'t RawValue) {
        let written = value.get();
        if !written.starts_with(['{', '[']) {
            return;
        }
        if self.place.len() >= MOST_LEVELS {
            self.find(value);
            return;
        }
        // Both have been read once already, as part of the whole.
        if written.starts_with('{') {
            let members = serde_json::from_str::<Members<'t>>(written);
            for (name, value) in members.map(|members| members.0).unwrap_or_default() {
                let is_secret = self.redactor.covers_members && self.redactor.is_secret(&name);
                self.look_at(name, value, is_secret);
            }
        } else {
            let elements = serde_json::from_str::<Vec<&'t RawValue>>(written);
            for (at, value) in elements.unwrap_or_default().into_iter().enumerate() {
                self.look_at(at.to_string(), value, false);
            }
        }
    }

    fn look_at(&mut self, step: String, value: &'t RawValue, is_secret: bool) {
        self.place.push(step);
        let is_pointed_at = || {
            let mut pointers = self.redactor.pointers.iter();
            pointers.any(|pointer| pointer.leads_to(&self.place))
        };
        // Nothing is given away by an empty text, or by none.
        let says_something = !matches!(value.get(), "null" | "\"\"");
        if says_something && (is_secret || is_pointed_at()) {
            self.find(value);
        } else {
            self.look_into(value);
        }
        self.place.pop();
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
