//! Text becomes the type that a parser gives its key: `Types code:integer took:float`.

use crate::record::pack;

/// How many letters of a float are looked at.
const LONGEST_FLOAT: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Text,
    Integer,
    Float,
    Bool,
    Hex,
}

const NAMES: [(&str, Type); 6] = [
    ("string", Type::Text),
    ("integer", Type::Integer),
    ("int", Type::Integer),
    ("float", Type::Float),
    ("bool", Type::Bool),
    ("hex", Type::Hex),
];

/// The types of some keys; all others are text.
#[derive(Debug, Default)]
pub(super) struct Types(Vec<(Vec<u8>, Type)>);

impl Types {
    /// Of `key:type key:type`; otherwise the word that is none.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let words = text.split([' ', ',']).filter(|word| !word.is_empty());
        let types: Result<Vec<_>, String> = words
            .map(|word| {
                let known = word.rsplit_once(':').and_then(|(key, name)| {
                    let found = NAMES
                        .iter()
                        .find(|(known, _)| known.eq_ignore_ascii_case(name));
                    found.map(|(_, kind)| (key.as_bytes().to_vec(), *kind))
                });
                known.ok_or_else(|| word.to_owned())
            })
            .collect();
        Ok(Self(types?))
    }

    /// Appends a value as the type of its key. Numbers are read as C reads them: as far as they go, and
    /// nothing at all is 0.
    pub(super) fn append(&self, key: &[u8], text: &[u8], out: &mut Vec<u8>) {
        let kind = self
            .0
            .iter()
            .find(|(known, _)| known == key)
            .map_or(Type::Text, |(_, kind)| *kind);
        match kind {
            Type::Integer => pack::int(out, leading_integer(text)),
            Type::Hex => pack::uint(out, leading_hex(text)),
            Type::Float => pack::float(out, leading_float(text)),
            Type::Bool if text.eq_ignore_ascii_case(b"true") => pack::boolean(out, true),
            Type::Bool if text.eq_ignore_ascii_case(b"false") => pack::boolean(out, false),
            Type::Text | Type::Bool => pack::string(out, text),
        }
    }
}

fn leading_integer(text: &[u8]) -> i64 {
    let text = text.trim_ascii_start();
    let (digits, is_negative) = match text {
        [b'-', rest @ ..] => (rest, true),
        [b'+', rest @ ..] => (rest, false),
        _ => (text, false),
    };
    let mut number = 0_i64;
    for digit in digits.iter().take_while(|byte| byte.is_ascii_digit()) {
        let digit = i64::from(digit - b'0');
        let digit = if is_negative { -digit } else { digit };
        number = number.saturating_mul(10).saturating_add(digit);
    }
    number
}

fn leading_hex(text: &[u8]) -> u64 {
    let text = text.trim_ascii_start();
    let digits = text
        .strip_prefix(b"0x")
        .or(text.strip_prefix(b"0X"))
        .unwrap_or(text);
    let values = digits
        .iter()
        .map_while(|digit| char::from(*digit).to_digit(16));
    values.fold(0_u64, |number, digit| {
        number.saturating_mul(16).saturating_add(u64::from(digit))
    })
}

fn leading_float(text: &[u8]) -> f64 {
    let text = text.trim_ascii();
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
    let end = text
        .iter()
        .position(|byte| !is_part(byte))
        .unwrap_or(text.len());
    let longest = std::str::from_utf8(&text[..end]).unwrap_or_default();
    // The longest front that is a number: `1.5-2` is 1.5.
    let fronts = (1..=longest.len().min(LONGEST_FLOAT)).rev();
    fronts
        .map(|end| &longest[..end])
        .find_map(|front| front.parse().ok())
        .unwrap_or(0.0)
}
