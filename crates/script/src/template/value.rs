//! Values on their way into a text pass through here, borrowed wherever that is possible.

use std::borrow::Cow;

use serde_json::Value;

use super::scope::Found;

/// A value that a hole produced.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Val<'a> {
    Missing,
    Text(Cow<'a, str>),
    Short(Short),
    Json(Cow<'a, Value>),
    /// A text that is JSON.
    Raw(&'a str),
    Int(i64),
    Float(f64),
    Bool(bool),
}

/// A short ASCII text without an allocation: a time, an id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Short {
    bytes: [u8; Short::CAPACITY],
    length: u8,
}

impl Short {
    /// A UUID's 36 characters are the longest text we keep here.
    pub(crate) const CAPACITY: usize = 38;

    pub(crate) fn new() -> Self {
        Self {
            bytes: [0; Self::CAPACITY],
            length: 0,
        }
    }

    /// Adds one ASCII character; what does not fit is left out.
    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(usize::from(self.length)) {
            *slot = byte & 0x7F;
            self.length += 1;
        }
    }

    /// Adds `number` with at least `width` digits.
    pub(crate) fn digits(&mut self, number: u32, width: u32) {
        let mut power = 10_u32.pow(width.clamp(1, 9) - 1);
        while number / power >= 10 {
            power *= 10;
        }
        while power > 0 {
            let digit = u8::try_from(number / power % 10).unwrap_or_default();
            self.push(b'0' + digit);
            power /= 10;
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        let written = self
            .bytes
            .get(..usize::from(self.length))
            .unwrap_or_default();
        std::str::from_utf8(written).unwrap_or_default()
    }
}

/// A number as a helper or filter sees it: whole numbers stay whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    pub(crate) fn as_f64(self) -> f64 {
        match self {
            #[expect(
                clippy::cast_precision_loss,
                reason = "beyond 2^53 a float is what arithmetic gives anywhere"
            )]
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }

    /// The number that `text` spells: digits, or a decimal fraction. Not `NaN`, not infinity.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let spelt = text
            .trim_start_matches(['-', '+'])
            .starts_with(|first: char| first.is_ascii_digit() || first == '.');
        if !spelt {
            return None;
        }
        text.parse().map(Self::Int).ok().or_else(|| {
            text.parse()
                .ok()
                .filter(|n: &f64| n.is_finite())
                .map(Self::Float)
        })
    }

    /// The number in a JSON value: itself, or the one its text spells.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Number(number) => number
                .as_i64()
                .map(Self::Int)
                .or_else(|| number.as_f64().map(Self::Float)),
            Value::String(text) => Self::parse(text),
            _ => None,
        }
    }

    pub(crate) fn to_json(self) -> Value {
        match self {
            Self::Int(number) => Value::from(number),
            Self::Float(number) => Value::from(number),
        }
    }
}

/// A whole number if `number` is one that a float holds exactly.
pub(crate) fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "in range and without a fraction, as just checked"
    )]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

impl Val<'_> {
    /// The text of the value as it appears in a concatenation.
    pub(crate) fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Missing => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Short(short) => Cow::Borrowed(short.as_str()),
            Self::Json(value) => text_of(value),
            Self::Raw(text) => Cow::Borrowed(text),
            Self::Int(number) => Cow::Owned(number.to_string()),
            Self::Float(number) => text_of_float(*number),
            Self::Bool(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        }
    }

    /// The number the value is or spells.
    pub(crate) fn as_number(&self) -> Option<Number> {
        match self {
            Self::Int(number) => Some(Number::Int(*number)),
            Self::Float(number) => Some(Number::Float(*number)),
            Self::Text(text) => Number::parse(text),
            Self::Json(value) => Number::of(value),
            Self::Short(short) => Number::parse(short.as_str()),
            Self::Raw(text) => Number::parse(text),
            Self::Missing | Self::Bool(_) => None,
        }
    }

    /// Whether there is nothing to insert: no value, or `null`.
    pub(crate) fn is_nothing(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Json(value) => value.is_null(),
            _ => false,
        }
    }

    pub(crate) fn into_json(self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Short(short) => Value::from(short.as_str()),
            Self::Json(value) => value.into_owned(),
            Self::Raw(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
            Self::Int(number) => Value::from(number),
            Self::Float(number) => Value::from(number),
            Self::Bool(truth) => Value::Bool(truth),
        }
    }

    pub(crate) fn owned(text: impl Into<String>) -> Self {
        Self::Text(Cow::Owned(text.into()))
    }
}

impl<'a> From<Found<'a>> for Val<'a> {
    fn from(found: Found<'a>) -> Self {
        match found {
            Found::Missing => Self::Missing,
            Found::Text(text) => Self::Text(text),
            Found::Json(value) => Self::Json(value),
            Found::Raw(text) => Self::Raw(text),
            Found::Int(number) => Self::Int(number),
        }
    }
}

impl From<Number> for Val<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(number) => Self::Int(number),
            Number::Float(number) => Self::Float(number),
        }
    }
}

/// The text of a JSON value: a string's characters, nothing for `null`, compact JSON otherwise.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn text_of_float(number: f64) -> Cow<'static, str> {
    Cow::Owned(Value::from(number).to_string())
}

#[cfg(test)]
mod tests {
    use super::{Number, Short};

    #[test]
    fn short_texts_pad_digits_and_never_overflow() {
        let mut short = Short::new();
        short.digits(7, 3);
        short.digits(12345, 2);
        short.digits(0, 1);
        assert_eq!(short.as_str(), "007123450");
        (0..100).for_each(|_| short.push(b'x'));
        assert_eq!(short.as_str().len(), Short::CAPACITY);
    }

    #[test]
    fn only_digits_spell_a_number() {
        assert_eq!(Number::parse("-5"), Some(Number::Int(-5)));
        assert_eq!(Number::parse(" 2.5 "), Some(Number::Float(2.5)));
        assert_eq!(Number::parse("NaN"), None);
        assert_eq!(Number::parse("inf"), None);
        assert_eq!(Number::parse("1e999"), None);
        assert_eq!(Number::parse("5 apples"), None);
    }
}
