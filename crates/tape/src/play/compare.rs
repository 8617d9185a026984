//! What was recorded and what came pass through here, side by side, and leave what is different.

use std::fmt;

use serde_json::Value;

use crate::Content;

/// Differences that are named of one message.
const NAMED: usize = 10;
/// Characters of a value that are shown.
const SHOWN: usize = 200;

/// One thing that is not as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the JSON, as a JSON pointer; empty for the whole message.
    pub at: String,
    /// What was recorded; `None`: nothing.
    pub recorded: Option<String>,
    /// What came; `None`: nothing.
    pub came: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        match (&self.recorded, &self.came) {
            (Some(recorded), Some(came)) => write!(f, "recorded {recorded}, came {came}"),
            (Some(recorded), None) => write!(f, "recorded {recorded}, not there"),
            (None, Some(came)) => write!(f, "not recorded, came {came}"),
            (None, None) => f.write_str("different"),
        }
    }
}

/// Whether two messages say the same: equal as JSON if both are texts of JSON, else byte by byte.
pub fn same(recorded: &Content, came: &Content) -> bool {
    match (recorded, came) {
        (Content::Text(recorded), Content::Text(came)) if recorded != came => {
            match (json(recorded), json(came)) {
                (Some(recorded), Some(came)) => equal(&recorded, &came),
                _ => false,
            }
        }
        _ => recorded == came,
    }
}

/// What is different between two messages, a handful at most; nothing if they say the same.
pub fn differences(recorded: &Content, came: &Content) -> Vec<Difference> {
    let mut found = Vec::new();
    if same(recorded, came) {
        return found;
    }
    if let (Content::Text(recorded), Content::Text(came)) = (recorded, came)
        && let (Some(recorded), Some(came)) = (json(recorded), json(came))
    {
        compare(&mut found, &mut String::new(), &recorded, &came);
        return found;
    }
    if let (Content::Binary(recorded), Content::Binary(came)) = (recorded, came) {
        found.push(bytes(recorded, came));
        return found;
    }
    found.push(Difference {
        at: String::new(),
        recorded: Some(shown(recorded)),
        came: Some(shown(came)),
    });
    found
}

fn json(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// Members in any order; `1` and `1.0` are the same number.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || (left.is_f64() || right.is_f64()) && left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, left)| right.get(name).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}

fn compare(found: &mut Vec<Difference>, at: &mut String, recorded: &Value, came: &Value) {
    if found.len() >= NAMED || equal(recorded, came) {
        return;
    }
    match (recorded, came) {
        (Value::Object(recorded), Value::Object(came)) => {
            for (name, value) in recorded {
                step(found, at, name, Some(value), came.get(name));
            }
            for (name, value) in came
                .iter()
                .filter(|(name, _)| !recorded.contains_key(*name))
            {
                step(found, at, name, None, Some(value));
            }
        }
        (Value::Array(recorded), Value::Array(came)) => {
            for index in 0..recorded.len().max(came.len()) {
                step(
                    found,
                    at,
                    &index.to_string(),
                    recorded.get(index),
                    came.get(index),
                );
            }
        }
        _ => found.push(Difference {
            at: at.clone(),
            recorded: Some(short(&recorded.to_string())),
            came: Some(short(&came.to_string())),
        }),
    }
}

fn step(
    found: &mut Vec<Difference>,
    at: &mut String,
    name: &str,
    recorded: Option<&Value>,
    came: Option<&Value>,
) {
    let length = at.len();
    at.push('/');
    at.push_str(&name.replace('~', "~0").replace('/', "~1"));
    match (recorded, came) {
        (Some(recorded), Some(came)) => compare(found, at, recorded, came),
        (recorded, came) if found.len() < NAMED => found.push(Difference {
            at: at.clone(),
            recorded: recorded.map(|value| short(&value.to_string())),
            came: came.map(|value| short(&value.to_string())),
        }),
        _ => {}
    }
    at.truncate(length);
}

fn bytes(recorded: &[u8], came: &[u8]) -> Difference {
    let first = recorded
        .iter()
        .zip(came)
        .take_while(|(recorded, came)| recorded == came)
        .count();
    let side = |bytes: &[u8]| match bytes.get(first) {
        Some(byte) => format!("{} bytes, byte {first} is {byte:#04x}", bytes.len()),
        None => format!("{} bytes", bytes.len()),
    };
    Difference {
        at: String::new(),
        recorded: Some(side(recorded)),
        came: Some(side(came)),
    }
}

/// A message in words.
pub(crate) fn shown(content: &Content) -> String {
    match content {
        Content::Text(text) => short(&format!("{text:?}")),
        Content::Close { code, reason } => match code {
            Some(code) if reason.is_empty() => format!("a Close with {code}"),
            Some(code) => short(&format!("a Close with {code} {reason:?}")),
            None => "a Close without a code".to_owned(),
        },
        other => format!("a {} message of {} bytes", other.kind(), other.len()),
    }
}

/// A text that is not too long; control characters are escaped already.
fn short(text: &str) -> String {
    let mut letters = text.chars();
    let short: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        format!("{short}…")
    } else {
        short
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self))
    }
}
