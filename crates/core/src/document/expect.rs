//! A value of a document passes through here on its way to the type that is wanted, or becomes a mistake.

use std::ops::RangeInclusive;

use super::{Node, NodeValue};
use crate::{Mistake, Mistakes, nearest, quoted};

/// The units of a size, each with its bytes.
const SIZES: [(&str, u64); 5] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("B", 1),
];

/// The longest value a remedy repeats, in bytes.
const SHORT: usize = 40;

/// In all of these `what` names the value in a sentence, such as "`port`" or "the path"; a value that
/// does not fit gives none and one mistake.
impl Node {
    /// Text. Numbers and booleans are not taken for text.
    pub fn as_text(&self, what: &str, mistakes: &mut Mistakes) -> Option<&str> {
        if let NodeValue::Str(text) = &self.value {
            return Some(text);
        }
        let mistake = self.not("text", what);
        mistakes.push(match self.value {
            NodeValue::Bool(_) | NodeValue::Int(_) | NodeValue::Float(_) => {
                mistake.remedy(format!("put it in quotes: `\"{}\"`", self.place.raw()))
            }
            NodeValue::Map(_) if self.place.raw().starts_with('{') => {
                mistake.remedy("put text that starts with a brace in quotes")
            }
            _ => mistake,
        });
        None
    }

    /// A whole number in `range`.
    pub fn as_u64(
        &self,
        what: &str,
        range: RangeInclusive<u64>,
        mistakes: &mut Mistakes,
    ) -> Option<u64> {
        let range = i128::from(*range.start())..=i128::from(*range.end());
        let value = self.as_whole(what, &range, mistakes)?;
        u64::try_from(value).ok()
    }

    /// A whole number in `range`, which may be negative.
    pub fn as_i64(
        &self,
        what: &str,
        range: RangeInclusive<i64>,
        mistakes: &mut Mistakes,
    ) -> Option<i64> {
        let range = i128::from(*range.start())..=i128::from(*range.end());
        let value = self.as_whole(what, &range, mistakes)?;
        i64::try_from(value).ok()
    }

    fn as_whole(
        &self,
        what: &str,
        range: &RangeInclusive<i128>,
        mistakes: &mut Mistakes,
    ) -> Option<i128> {
        let mistake = match &self.value {
            NodeValue::Int(value) if range.contains(value) => return Some(*value),
            NodeValue::Int(_) => self.outside(what, range.start(), range.end()),
            NodeValue::Float(value) if value.is_finite() && value.fract() == 0.0 => {
                self.outside(what, range.start(), range.end())
            }
            NodeValue::Float(_) => self.not("a whole number", what).label("not a whole number"),
            _ => self.unquote(self.not("a whole number", what)),
        };
        mistakes.push(mistake);
        None
    }

    /// A number in `range`, whole or not.
    pub fn as_f64(
        &self,
        what: &str,
        range: RangeInclusive<f64>,
        mistakes: &mut Mistakes,
    ) -> Option<f64> {
        let value = match self.value {
            NodeValue::Float(value) => value,
            #[expect(
                clippy::cast_precision_loss,
                reason = "a number with a point was asked for"
            )]
            NodeValue::Int(value) => value as f64,
            _ => {
                mistakes.push(self.unquote(self.not("a number", what)));
                return None;
            }
        };
        if range.contains(&value) {
            return Some(value);
        }
        mistakes.push(self.outside(what, range.start(), range.end()));
        None
    }

    /// `true` or `false`.
    pub fn as_bool(&self, what: &str, mistakes: &mut Mistakes) -> Option<bool> {
        if let NodeValue::Bool(value) = self.value {
            return Some(value);
        }
        let word = self.text().map(str::to_ascii_lowercase);
        let mistake = self.not("`true` or `false`", what);
        mistakes.push(match word.as_deref() {
            Some("yes" | "on" | "y" | "true") => mistake.remedy("write `true`, without quotes"),
            Some("no" | "off" | "n" | "false") => mistake.remedy("write `false`, without quotes"),
            _ => mistake,
        });
        None
    }

    /// The items of a list.
    pub fn as_seq(&self, what: &str, mistakes: &mut Mistakes) -> Option<&[Self]> {
        if let NodeValue::Seq(items) = &self.value {
            return Some(items);
        }
        let written = self.place.raw();
        let is_block = matches!(self.value, NodeValue::Map(_)) && !written.starts_with('{');
        let remedy = if self.is_null() {
            "write its items, or remove it".to_owned()
        } else if is_block {
            "put a dash `- ` before each item".to_owned()
        } else if written.contains('\n') || written.len() > SHORT {
            "put it in brackets: `[…]`".to_owned()
        } else {
            format!("put it in brackets: `[{written}]`")
        };
        mistakes.push(self.not("a list", what).remedy(remedy));
        None
    }

    /// What stands beside the word in `choices`.
    pub fn as_choice<T: Clone>(
        &self,
        what: &str,
        choices: &[(&str, T)],
        mistakes: &mut Mistakes,
    ) -> Option<T> {
        let words = || choices.iter().map(|(word, _)| *word);
        let found = self
            .text()
            .and_then(|text| choices.iter().find(|(word, _)| *word == text));
        if let Some((_, value)) = found {
            return Some(value.clone());
        }
        let allowed = words().map(quoted).collect::<Vec<_>>().join(", ");
        let wanted = if choices.len() == 1 {
            allowed
        } else {
            format!("one of {allowed}")
        };
        let mistake = match self.text() {
            Some(text) => Mistake::at(
                &self.place,
                format!("{what} must be {wanted}, not {}", quoted(text)),
            ),
            None => self.not(&wanted, what),
        };
        let near = self.text().and_then(|text| nearest(text, words()));
        mistakes.push(match near {
            Some(near) => mistake.remedy(format!("did you mean {}?", quoted(near))),
            None => mistake,
        });
        None
    }

    /// A size in bytes: a whole number, or a number with `B`, `KiB`, `MiB`, `GiB` or `TiB` behind it.
    pub fn as_bytes(
        &self,
        what: &str,
        range: RangeInclusive<u64>,
        mistakes: &mut Mistakes,
    ) -> Option<u64> {
        let Some(text) = self.text() else {
            if matches!(self.value, NodeValue::Int(_)) {
                return self.as_u64(what, range, mistakes);
            }
            mistakes.push(
                self.not("a size", what)
                    .remedy("write bytes such as `65536`, or `64KiB`"),
            );
            return None;
        };
        let mistake = match size(text) {
            Some(bytes) if range.contains(&bytes) => return Some(bytes),
            Some(_) => self.outside(what, range.start(), range.end()),
            None => Mistake::at(
                &self.place,
                format!("{what} must be a size, not {}", quoted(text)),
            )
            .remedy(
                "write bytes such as `65536`, or a whole number of `KiB`, `MiB`, `GiB` or `TiB`",
            ),
        };
        mistakes.push(mistake);
        None
    }

    /// "what must be wanted, not what is written".
    pub(super) fn not(&self, wanted: &str, what: &str) -> Mistake {
        let written = self.place.raw();
        let (found, label) = match self.value {
            NodeValue::Null if written.is_empty() => {
                (", but is empty".into(), "nothing follows".into())
            }
            NodeValue::Null => (
                format!(", but is {}", quoted(written)),
                "this is nothing".into(),
            ),
            NodeValue::Seq(_) | NodeValue::Map(_) => not_kind(self),
            NodeValue::Str(_) if written.is_empty() || written.contains('\n') => not_kind(self),
            _ => (
                format!(", not {}", quoted(written)),
                format!("this is {}", self.kind_name()),
            ),
        };
        Mistake::at(&self.place, format!("{what} must be {wanted}{found}")).label(label)
    }

    /// "what must be between low and high, not what it is".
    fn outside<T: std::fmt::Display>(&self, what: &str, low: &T, high: &T) -> Mistake {
        let found = quoted(self.text().unwrap_or(self.place.raw()));
        Mistake::at(
            &self.place,
            format!("{what} must be between {low} and {high}, not {found}"),
        )
        .label("out of range")
    }

    /// Adds the remedy for a number that stands in quotes.
    fn unquote(&self, mistake: Mistake) -> Mistake {
        let is_number = self
            .text()
            .is_some_and(|text| super::scalar::number(text).is_some());
        if is_number {
            mistake.remedy("remove the quotes")
        } else {
            mistake
        }
    }
}

fn not_kind(node: &Node) -> (String, String) {
    (
        format!(", not {}", node.kind_name()),
        format!("this is {}", node.kind_name()),
    )
}

/// `64KiB` in bytes; blanks before the unit are allowed, other units are not.
fn size(text: &str) -> Option<u64> {
    let (digits, unit) = SIZES
        .iter()
        .find_map(|(unit, bytes)| Some((text.strip_suffix(unit)?, *bytes)))
        .unwrap_or((text, 1));
    let digits = digits.trim_end();
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse::<u64>()
        .ok()
        .filter(|_| is_whole)?
        .checked_mul(unit)
}
