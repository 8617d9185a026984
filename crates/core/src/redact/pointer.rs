//! What a JSON pointer points at passes through here, as a stretch of the text itself: the rest of a
//! message stays as it was written.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{Deserializer as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::RuleMistake;

/// The names in a pointer (RFC 6901).
pub(super) fn parse(text: &str) -> Result<Vec<String>, RuleMistake> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let Some(names) = text.strip_prefix('/') else {
        return Err(RuleMistake(format!(
            "`{text}` is no JSON pointer: write `/{text}`"
        )));
    };
    let name = |name: &str| name.replace("~1", "/").replace("~0", "~");
    Ok(names.split('/').map(name).collect())
}

/// The values that a pointer points at: several where an object has a name twice.
pub(super) fn find<'a>(within: &'a RawValue, names: &[String]) -> Vec<&'a RawValue> {
    let mut values = vec![within];
    for name in names {
        let step = |value: &&'a RawValue| {
            let mut reader = serde_json::Deserializer::from_str(value.get());
            reader.deserialize_any(Step(name)).unwrap_or_default()
        };
        values = values.iter().flat_map(step).collect();
    }
    values
}

/// Where in `text` a value stands that was read from it.
pub(super) fn place(text: &str, value: &RawValue) -> Option<Range<usize>> {
    let start = value
        .get()
        .as_ptr()
        .addr()
        .checked_sub(text.as_ptr().addr())?;
    let end = start.checked_add(value.get().len())?;
    (end <= text.len()).then_some(start..end)
}

/// Takes the members or the element of this name.
struct Step<'n>(&'n str);

impl<'de> Visitor<'de> for Step<'_> {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("an object or an array")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name == self.0 {
                found.push(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut found = Vec::new();
        let mut index = 0_usize;
        while let Some(value) = seq.next_element::<&RawValue>()? {
            if self.0.parse() == Ok(index) {
                found.push(value);
            }
            index += 1;
        }
        Ok(found)
    }
}
