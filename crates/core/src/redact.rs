//! Text that is about to be kept passes through here: what is secret in it is replaced by a mark, equal
//! secrets by equal marks.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use regex::{Regex, bytes};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

mod pointer;

/// A secret that is shorter would be found in texts that have nothing to do with it.
const SHORTEST_LITERAL: usize = 4;

/// What is secret.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedactionRules {
    /// Names of headers, whose whole value is replaced. Upper and lower case are the same.
    pub headers: Vec<String>,
    /// JSON pointers (RFC 6901) into messages that are JSON; what they point at is replaced.
    pub pointers: Vec<String>,
    /// Regular expressions. The first group is replaced, or the whole match if there is none.
    pub patterns: Vec<String>,
    /// Values that are secret wherever they stand, such as those of the environment. Shorter ones than
    /// four bytes are left alone.
    pub literals: Vec<String>,
}

/// Why a rule is none, as half a sentence with the rule in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleMistake(pub String);

/// Replaces secrets. Cheap where there are no rules.
#[derive(Debug, Default)]
pub struct Redactor {
    headers: Vec<String>,
    pointers: Vec<Vec<String>>,
    patterns: Vec<(Regex, bytes::Regex)>,
    /// How many of the patterns are made of literals.
    literals: usize,
}

impl Redactor {
    /// A redactor for these rules.
    ///
    /// # Errors
    ///
    /// A pointer that is not empty and does not begin with `/`; a text that is no regular expression.
    pub fn new(rules: &RedactionRules) -> Result<Self, RuleMistake> {
        let pointers: Result<_, _> = rules
            .pointers
            .iter()
            .map(|text| pointer::parse(text))
            .collect();
        let mut patterns = Vec::new();
        let literals = literals(&rules.literals);
        if let Some(literals) = &literals {
            patterns.push(pattern(literals)?);
        }
        for text in &rules.patterns {
            patterns.push(pattern(text)?);
        }
        Ok(Self {
            headers: rules
                .headers
                .iter()
                .map(|name| name.to_ascii_lowercase())
                .collect(),
            pointers: pointers?,
            literals: usize::from(literals.is_some()),
            patterns,
        })
    }

    /// Whether there is nothing to replace.
    pub fn is_empty(&self) -> bool {
        self.headers.is_empty() && self.pointers.is_empty() && self.patterns.is_empty()
    }

    /// What it replaces, in words that betray nothing: `2 headers, 1 pointer`.
    pub fn profile(&self) -> String {
        let counts = [
            (self.headers.len(), "header"),
            (self.pointers.len(), "pointer"),
            (self.patterns.len() - self.literals, "pattern"),
        ];
        let mut parts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| format!("{count} {noun}{}", if *count == 1 { "" } else { "s" }))
            .collect();
        if self.literals > 0 {
            parts.push("values of the environment".to_owned());
        }
        if parts.is_empty() {
            "none".to_owned()
        } else {
            parts.join(", ")
        }
    }

    /// The value of the header `name` as it may be kept.
    pub fn header<'a>(&self, name: &str, value: &'a str) -> Cow<'a, str> {
        let secret = self
            .headers
            .iter()
            .any(|header| header.eq_ignore_ascii_case(name));
        if secret {
            Cow::Owned(mark(value.as_bytes()))
        } else {
            self.text(value)
        }
    }

    /// A text as it may be kept.
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let mut text = self.pointed(text);
        for (pattern, _) in &self.patterns {
            let spots: Vec<Range<usize>> = pattern
                .captures_iter(&text)
                .filter_map(|found| found.get(1).or_else(|| found.get(0)))
                .map(|found| found.range())
                .collect();
            if !spots.is_empty() {
                text = Cow::Owned(replaced(&text, spots, mark));
            }
        }
        text
    }

    /// Bytes as they may be kept.
    pub fn bytes<'a>(&self, from: &'a [u8]) -> Cow<'a, [u8]> {
        let mut from = Cow::Borrowed(from);
        for (_, pattern) in &self.patterns {
            let with = |found: &bytes::Captures<'_>| {
                let whole = found.get(0).map_or(0..0, |whole| whole.range());
                let spot = found.get(1).map_or(whole.clone(), |group| group.range());
                let part = |range: Range<usize>| from.get(range).unwrap_or_default();
                let mut kept = part(whole.start..spot.start).to_vec();
                kept.extend_from_slice(mark(part(spot.clone())).as_bytes());
                kept.extend_from_slice(part(spot.end..whole.end));
                kept
            };
            if pattern.is_match(&from) {
                from = Cow::Owned(pattern.replace_all(&from, with).into_owned());
            }
        }
        from
    }

    /// The text with what the pointers point at replaced, if it is JSON.
    fn pointed<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.pointers.is_empty() || !text.trim_start().starts_with(['{', '[']) {
            return Cow::Borrowed(text);
        }
        let Ok(document) = serde_json::from_str::<&RawValue>(text) else {
            return Cow::Borrowed(text);
        };
        let mut spots: Vec<_> = self
            .pointers
            .iter()
            .flat_map(|pointer| pointer::find(document, pointer))
            .filter_map(|value| pointer::place(text, value))
            .collect();
        if spots.is_empty() {
            return Cow::Borrowed(text);
        }
        spots.sort_by_key(|spot| (spot.start, std::cmp::Reverse(spot.end)));
        Cow::Owned(replaced(text, spots, |value| {
            format!("\"{}\"", mark_of_value(value))
        }))
    }
}

/// The text with each of `spots` replaced; of those that overlap, the first.
fn replaced(text: &str, spots: Vec<Range<usize>>, with: impl Fn(&[u8]) -> String) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    for spot in spots.into_iter().filter(|spot| !spot.is_empty()) {
        if spot.start < at {
            continue;
        }
        kept.push_str(text.get(at..spot.start).unwrap_or_default());
        kept.push_str(&with(text.get(spot.clone()).unwrap_or_default().as_bytes()));
        at = spot.end;
    }
    kept.push_str(text.get(at..).unwrap_or_default());
    kept
}

/// What stands in the place of a secret: eight digits of its SHA-256, so that equal ones stay equal.
fn mark(secret: &[u8]) -> String {
    let mut mark = String::from("«redacted:");
    for byte in Sha256::digest(secret).iter().take(4) {
        let _ = write!(mark, "{byte:02x}");
    }
    mark.push('»');
    mark
}

/// The mark of a JSON value: that of a string's characters, so that it is the same as elsewhere.
fn mark_of_value(value: &[u8]) -> String {
    match serde_json::from_slice::<String>(value) {
        Ok(text) => mark(text.as_bytes()),
        Err(_) => mark(value),
    }
}

/// One pattern of all values that are secret wherever they stand, also where JSON escapes them.
fn literals(values: &[String]) -> Option<String> {
    let long = values
        .iter()
        .filter(|value| value.len() >= SHORTEST_LITERAL);
    let mut forms: Vec<String> = long
        .flat_map(|value| {
            let escaped = serde_json::Value::from(value.as_str()).to_string();
            [value.clone(), escaped.trim_matches('"').to_owned()]
        })
        .collect();
    // The longest first: a secret may begin like another one.
    forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
    forms.dedup();
    let forms: Vec<String> = forms.iter().map(|form| regex::escape(form)).collect();
    (!forms.is_empty()).then(|| forms.join("|"))
}

fn pattern(text: &str) -> Result<(Regex, bytes::Regex), RuleMistake> {
    let wrong = |problem: regex::Error| {
        let problem = problem.to_string();
        let last = problem.lines().last().unwrap_or_default();
        let last = last.trim_start_matches("error: ");
        RuleMistake(format!("`{text}` is no regular expression: {last}"))
    };
    Ok((
        Regex::new(text).map_err(wrong)?,
        bytes::Regex::new(text).map_err(wrong)?,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(rules: &RedactionRules) -> Redactor {
        Redactor::new(rules).unwrap()
    }

    fn of(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn equal_secrets_stay_equal_wherever_they_stand() {
        let rules = RedactionRules {
            headers: of(&["Authorization"]),
            pointers: of(&["/auth/token", "/list/1"]),
            patterns: of(&["key=([a-z0-9]+)"]),
            literals: of(&["sesame"]),
        };
        let redactor = redactor(&rules);
        let mark = "«redacted:2bd806c9»";
        assert_eq!(mark_of_value(b"\"abc\""), super::mark(b"abc"));
        assert_eq!(super::mark(b"alice"), mark);
        assert_eq!(redactor.header("authorization", "alice"), mark);
        assert_eq!(redactor.header("accept", "alice"), "alice");
        assert_eq!(redactor.text("?key=alice&x=1"), format!("?key={mark}&x=1"));
        let json = "{ \"n\": 1.50, \"auth\": {\"token\": \"alice\"}, \"list\": [1, {\"a\": 2}] }";
        let kept = redactor.text(json);
        assert!(kept.starts_with(&format!(
            "{{ \"n\": 1.50, \"auth\": {{\"token\": \"{mark}\"}}"
        )));
        assert!(!kept.contains("\"a\": 2"), "{kept}");
        let twice = redactor
            .text("{\"auth\":{\"token\":\"bob7\",\"token\":\"eve8\"}}")
            .into_owned();
        assert!(
            !twice.contains("bob7") && !twice.contains("eve8"),
            "{twice}"
        );
        serde_json::from_str::<serde_json::Value>(&kept).unwrap();
        assert!(!redactor.text("open sesame!").contains("sesame"));
        assert_eq!(
            redactor.bytes(b"\xFFsesame\xFE").len(),
            2 + super::mark(b"").len()
        );
        assert_eq!(
            redactor.bytes(b"\xFFkey=alice\xFE"),
            [b"\xFFkey=", mark.as_bytes(), b"\xFE"].concat()
        );
        assert_eq!(
            redactor.profile(),
            "1 header, 2 pointers, 1 pattern, values of the environment"
        );
    }

    #[test]
    fn a_secret_is_found_where_json_escapes_it() {
        let redactor = redactor(&RedactionRules {
            literals: of(&["a\"b\\c"]),
            ..Default::default()
        });
        let message = serde_json::json!({ "x": "a\"b\\c" }).to_string();
        assert!(!redactor.text(&message).contains("b\\\\c"));
    }

    #[test]
    fn nothing_is_touched_without_a_reason() {
        let none = Redactor::default();
        assert!(none.is_empty());
        assert!(matches!(none.text("{\"a\": 1}"), Cow::Borrowed(_)));
        let pointers = RedactionRules {
            pointers: of(&["/a"]),
            ..Default::default()
        };
        for text in ["{\"b\": 1}", "{\"a\": ", "[1]", "a", ""] {
            assert_eq!(redactor(&pointers).text(text), text);
        }
        let short = redactor(&RedactionRules {
            literals: of(&["ab"]),
            ..Default::default()
        });
        assert_eq!(short.text("cab"), "cab");
    }

    #[test]
    fn rules_that_are_none() {
        let pointer = RedactionRules {
            pointers: of(&["a"]),
            ..Default::default()
        };
        assert_eq!(
            Redactor::new(&pointer).unwrap_err().0,
            "`a` is no JSON pointer: write `/a`"
        );
        let pattern = RedactionRules {
            patterns: of(&["("]),
            ..Default::default()
        };
        assert_eq!(
            Redactor::new(&pattern).unwrap_err().0,
            "`(` is no regular expression: unclosed group"
        );
    }
}
