//! A value of a plain script passes through here, and the texts that stand for it.

use std::sync::Arc;

/// Bytes of a text. A longer one is the engine's.
const LONGEST: usize = 8 * 1024;

/// A value that JavaScript copies.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::js::scopes) enum Value {
    Undefined,
    Null,
    Truth(bool),
    Number(f64),
    Text(Arc<str>),
}

impl Value {
    pub(super) fn is_true(&self) -> bool {
        match self {
            Self::Undefined | Self::Null => false,
            Self::Truth(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::Text(text) => !text.is_empty(),
        }
    }

    /// `===`.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self == other
    }

    /// `==`; none where it would convert.
    pub(super) fn is_alike(&self, other: &Self) -> Option<bool> {
        let is_nothing = |value: &Self| matches!(value, Self::Undefined | Self::Null);
        if is_nothing(self) || is_nothing(other) {
            return Some(is_nothing(self) && is_nothing(other));
        }
        let is_kin = std::mem::discriminant(self) == std::mem::discriminant(other);
        is_kin.then(|| self == other)
    }

    /// `+` where one of them is a text.
    pub(super) fn joined(&self, other: &Self) -> Option<Self> {
        let text = format!("{}{}", self.string(), other.string());
        (text.len() <= LONGEST).then(|| Self::Text(text.into()))
    }

    /// `String(value)`.
    fn string(&self) -> String {
        match self {
            Self::Undefined => "undefined".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Truth(truth) => truth.to_string(),
            Self::Number(number) => decimal(*number),
            Self::Text(text) => text.to_string(),
        }
    }

    /// The text by which a variable is shown.
    pub(in crate::js::scopes) fn show(&self) -> String {
        match self {
            Self::Number(number) if *number == 0.0 && number.is_sign_negative() => "-0".to_owned(),
            other => other.string(),
        }
    }

    /// The value as a script writes it.
    pub(super) fn literal(&self) -> String {
        match self {
            Self::Text(text) => {
                let quoted = serde_json::Value::from(&**text).to_string();
                // The text must not look like one that is for the global scope.
                let quoted = quoted.replace("global.", "global\\u002e");
                quoted
                    .replace('\u{2028}', "\\u2028")
                    .replace('\u{2029}', "\\u2029")
            }
            other => other.show(),
        }
    }
}

/// A number as JavaScript prints it (ECMA-262 section 6.1.6.1.20).
fn decimal(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if number.is_nan() || (1e-6..1e21).contains(&number.abs()) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_printed_as_javascript_prints_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (1.5, "1.5"),
            (1.0 / 3.0, "0.3333333333333333"),
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (12_345_678_901_234_567_890.0, "12345678901234567000"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.25e-9, "1.25e-9"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(decimal(number), text);
        }
        assert_eq!(Value::Number(-0.0).show(), "-0");
    }
}
