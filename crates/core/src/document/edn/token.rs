//! EDN words pass through here: numbers, keywords, symbols, `nil`, `true` and `false` are told apart.

use super::super::{NodeValue, scalar};
use super::scan::Scan;
use crate::{Mistake, Place, quoted};

/// How many bytes of `rest` belong to a word that starts there.
pub(super) fn length(rest: &str) -> usize {
    let ends = |letter: char| letter.is_whitespace() || "()[]{}\",;\\^@`~".contains(letter);
    rest.find(ends).unwrap_or(rest.len())
}

impl Scan<'_> {
    /// The word the cursor stands before.
    pub(super) fn token(&mut self) -> Result<NodeValue, Mistake> {
        let start = self.at();
        let length = length(self.rest());
        if length == 0 {
            self.bump();
            let place = self.place_from(start);
            return Err(Mistake::at(
                &place,
                format!("no form starts with {}", quoted(place.raw())),
            )
            .label("here")
            .remedy("put text in double quotes"));
        }
        self.advance(length);
        let place = self.place_from(start);
        value(place.raw(), &place)
    }

    /// `#Inf`, `#-Inf` or `#NaN`, the first `#` of which is read already.
    pub(super) fn special_number(&mut self) -> Result<NodeValue, Mistake> {
        let start = self.at();
        self.bump();
        let length = length(self.rest());
        self.advance(length);
        let place = self.place_from(start);
        match place.raw() {
            "#Inf" => Ok(NodeValue::Float(f64::INFINITY)),
            "#-Inf" => Ok(NodeValue::Float(f64::NEG_INFINITY)),
            "#NaN" => Ok(NodeValue::Float(f64::NAN)),
            other => Err(Mistake::at(
                &place,
                format!("{} is no number", quoted(&format!("#{other}"))),
            )
            .remedy("known are `##Inf`, `##-Inf` and `##NaN`")),
        }
    }
}

fn value(word: &str, place: &Place) -> Result<NodeValue, Mistake> {
    match word {
        "nil" => return Ok(NodeValue::Null),
        "true" => return Ok(NodeValue::Bool(true)),
        "false" => return Ok(NodeValue::Bool(false)),
        _ => {}
    }
    if let Some(keyword) = word.strip_prefix(':') {
        return keyword_text(keyword, place);
    }
    let digits = word.strip_prefix(['-', '+']).unwrap_or(word);
    if !digits.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Ok(NodeValue::Str(word.to_owned()));
    }
    number(word, digits).ok_or_else(|| {
        Mistake::at(place, format!("{} is no number", quoted(word)))
            .label("what starts with a digit must be one")
            .remedy("put text in double quotes")
    })
}

fn keyword_text(keyword: &str, place: &Place) -> Result<NodeValue, Mistake> {
    if keyword.is_empty() || keyword.starts_with(':') {
        return Err(
            Mistake::at(place, format!("{} is no keyword", quoted(place.raw())))
                .remedy("write one colon and a name"),
        );
    }
    Ok(NodeValue::Str(keyword.to_owned()))
}

/// `42`, `-1`, `10N`, `1.5`, `1.5M`, `1e3`, `0x1f`, `2r101`.
fn number(word: &str, digits: &str) -> Option<NodeValue> {
    if let Some(exact) = digits.strip_suffix('M') {
        return scalar::is_decimal(exact)
            .then(|| word.trim_end_matches('M').parse().ok())?
            .map(NodeValue::Float);
    }
    let whole = digits.strip_suffix('N').unwrap_or(digits);
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return scalar::whole(word.trim_end_matches('N'));
    }
    if scalar::is_decimal(digits) {
        return word.parse().ok().map(NodeValue::Float);
    }
    let (radix, value) = match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(value) => (16, value),
        None => digits.split_once(['r', 'R']).and_then(|(radix, value)| {
            Some((
                radix
                    .parse()
                    .ok()
                    .filter(|radix| (2..=36).contains(radix))?,
                value,
            ))
        })?,
    };
    let is_based = value.chars().all(|digit| digit.is_digit(radix));
    let value = i64::from_str_radix(value, radix)
        .ok()
        .filter(|_| is_based)?;
    Some(NodeValue::Int(if word.starts_with('-') {
        -i128::from(value)
    } else {
        value.into()
    }))
}
