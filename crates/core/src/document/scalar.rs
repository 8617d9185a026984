//! A YAML scalar without quotes passes through here and becomes what the core schema of YAML 1.2 says.
//!
//! `no`, `on`, dates and `1_000` are text; `017` is seventeen; `0x1f` and `0o17` are numbers.

use super::NodeValue;

/// The value of a plain scalar (YAML 1.2.2, section 10.3.2).
pub(super) fn resolve(text: &str) -> NodeValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => NodeValue::Null,
        "true" | "True" | "TRUE" => NodeValue::Bool(true),
        "false" | "False" | "FALSE" => NodeValue::Bool(false),
        _ => number(text).unwrap_or_else(|| NodeValue::Str(text.to_owned())),
    }
}

/// The number a plain scalar is, if it is one.
pub(super) fn number(text: &str) -> Option<NodeValue> {
    if let Some(digits) = text.strip_prefix("0x") {
        return based(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return based(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if is_digits(unsigned) {
        return whole(text);
    }
    if is_decimal(unsigned) {
        return text.parse().ok().map(NodeValue::Float);
    }
    match unsigned {
        ".inf" | ".Inf" | ".INF" if text.starts_with('-') => {
            Some(NodeValue::Float(f64::NEG_INFINITY))
        }
        ".inf" | ".Inf" | ".INF" => Some(NodeValue::Float(f64::INFINITY)),
        ".nan" | ".NaN" | ".NAN" if text == unsigned => Some(NodeValue::Float(f64::NAN)),
        _ => None,
    }
}

/// A whole number in decimal digits, perhaps signed; beyond 64 bits it is a float.
pub(super) fn whole(text: &str) -> Option<NodeValue> {
    let range = i128::from(i64::MIN)..=i128::from(u64::MAX);
    match text.parse() {
        Ok(value) if range.contains(&value) => Some(NodeValue::Int(value)),
        _ => text.parse().ok().map(NodeValue::Float),
    }
}

/// Digits, a point and an exponent, each where Rust's and YAML's notations agree.
pub(super) fn is_decimal(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    digits(before)
        && digits(after)
        && !(before.is_empty() && after.is_empty())
        && exponent.is_none_or(|text| is_digits(text.strip_prefix(['-', '+']).unwrap_or(text)))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn based(digits: &str, radix: u32) -> Option<NodeValue> {
    let only_digits = digits.chars().all(|digit| digit.is_digit(radix));
    let value = u64::from_str_radix(digits, radix)
        .ok()
        .filter(|_| only_digits)?;
    Some(NodeValue::Int(value.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_follow_the_core_schema() {
        let text = |text: &str| NodeValue::Str(text.to_owned());
        for (written, value) in [
            ("", NodeValue::Null),
            ("~", NodeValue::Null),
            ("NULL", NodeValue::Null),
            ("nULL", text("nULL")),
            ("True", NodeValue::Bool(true)),
            ("FALSE", NodeValue::Bool(false)),
            ("yes", text("yes")),
            ("no", text("no")),
            ("on", text("on")),
            ("off", text("off")),
            ("y", text("y")),
            ("0", NodeValue::Int(0)),
            ("-7", NodeValue::Int(-7)),
            ("+7", NodeValue::Int(7)),
            ("017", NodeValue::Int(17)),
            ("0x1f", NodeValue::Int(31)),
            ("0x+1", text("0x+1")),
            ("0x", text("0x")),
            ("0o17", NodeValue::Int(15)),
            ("0o18", text("0o18")),
            ("1_000", text("1_000")),
            ("18446744073709551615", NodeValue::Int(u64::MAX.into())),
            ("-9223372036854775808", NodeValue::Int(i64::MIN.into())),
            (
                "18446744073709551616",
                NodeValue::Float(18_446_744_073_709_551_616.0),
            ),
            (
                "12345678901234567890123",
                NodeValue::Float(1.234_567_890_123_456_8e22),
            ),
            ("1.50", NodeValue::Float(1.5)),
            (".5", NodeValue::Float(0.5)),
            ("5.", NodeValue::Float(5.0)),
            ("-1e3", NodeValue::Float(-1000.0)),
            ("1e+3", NodeValue::Float(1000.0)),
            ("1e", text("1e")),
            (".", text(".")),
            ("-", text("-")),
            ("e5", text("e5")),
            ("1.2.3", text("1.2.3")),
            (".inf", NodeValue::Float(f64::INFINITY)),
            ("-.INF", NodeValue::Float(f64::NEG_INFINITY)),
            ("inf", text("inf")),
            ("nan", text("nan")),
            ("2025-03-20", text("2025-03-20")),
            ("12:30", text("12:30")),
        ] {
            assert_eq!(resolve(written), value, "{written}");
        }
        assert!(matches!(resolve(".nan"), NodeValue::Float(value) if value.is_nan()));
        assert_eq!(resolve("-.nan"), text("-.nan"));
    }
}
