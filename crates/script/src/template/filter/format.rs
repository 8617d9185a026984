//! Filters that spell numbers: decimals, `printf` formats and money.

use serde_json::Value;

use super::number::number as numeric;
use super::{Call, Filter, INTEGER, ONE, Outcome, TEXT, Takes, entry};
use crate::template::value::Number;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    Filter {
        check: check_decimals,
        ..entry(
            ("double-format", "[decimals]"),
            Takes::OneOf(&[0, 1]),
            INTEGER,
            double,
            "The number with so many decimals, 1 unless told.",
        )
    },
    Filter {
        check: check_number,
        ..entry(
            ("number-format", "format"),
            ONE,
            TEXT,
            number,
            "The number in a format such as `%.2f`, `%05d` or `%,d`.",
        )
    },
    Filter {
        check: check_currency,
        ..entry(
            ("currency-format", "[language [country]]"),
            Takes::OneOf(&[0, 1, 2]),
            TEXT,
            currency,
            "The amount as money, in US dollars unless told: `$1,234.50`.",
        )
    },
];

/// The most decimals and the greatest width of a format: more would only be zeros and blanks.
const MOST_DIGITS: usize = 100;

pub(super) fn check_decimals(args: &[Option<&str>]) -> Result<(), String> {
    match args.first() {
        Some(Some(text)) => decimals(text).map(|_| ()),
        _ => Ok(()),
    }
}

fn decimals(text: &str) -> Result<usize, String> {
    let count = text
        .trim()
        .parse::<usize>()
        .ok()
        .filter(|count| *count <= MOST_DIGITS);
    count.ok_or_else(|| format!("`{text}` decimals are not possible: from 0 to {MOST_DIGITS}"))
}

pub(super) fn double(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let decimals = if call.args.is_empty() {
        1
    } else {
        decimals(call.arg(0))?
    };
    Ok(Value::String(format!(
        "{:.decimals$}",
        numeric(&call.value)?.as_f64()
    )))
}

pub(super) fn check_number(args: &[Option<&str>]) -> Result<(), String> {
    match args.first() {
        Some(Some(format)) => Format::parse(format).map(|_| ()),
        _ => Ok(()),
    }
}

pub(super) fn number(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let format = Format::parse(call.arg(0))?;
    Ok(Value::String(format.apply(numeric(&call.value)?)))
}

/// A format with one conversion: `%`, flags of `,0+-`, width, `.decimals`, and one of `d f s x`.
struct Format<'f> {
    before: &'f str,
    after: &'f str,
    flags: &'f str,
    width: usize,
    decimals: Option<usize>,
    conversion: char,
}

impl<'f> Format<'f> {
    fn parse(text: &'f str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a format such as `%.2f`, `%05d` or `%,d`");
        let (before, rest) = text.split_once('%').ok_or_else(wrong)?;
        let (flags, rest) = split(rest, |letter| ",0+-".contains(letter));
        let (width, rest) = split(rest, |letter| letter.is_ascii_digit());
        let (decimals, rest) = match rest.strip_prefix('.') {
            Some(rest) => {
                let (digits, rest) = split(rest, |letter| letter.is_ascii_digit());
                (Some(digits.parse().map_err(|_| wrong())?), rest)
            }
            None => (None, rest),
        };
        let conversion = rest
            .chars()
            .next()
            .filter(|letter| "dfsx".contains(*letter))
            .ok_or_else(wrong)?;
        let width = if width.is_empty() {
            0
        } else {
            width.parse().map_err(|_| wrong())?
        };
        let after = rest.get(1..).unwrap_or_default();
        let fits =
            width <= MOST_DIGITS && decimals.unwrap_or(0) <= MOST_DIGITS && !after.contains('%');
        let decimals_belong = decimals.is_none() || conversion == 'f';
        if !fits || !decimals_belong {
            return Err(wrong());
        }
        Ok(Self {
            before,
            after,
            flags,
            width,
            decimals,
            conversion,
        })
    }

    fn apply(&self, number: Number) -> String {
        let digits = match (self.conversion, number) {
            ('f', number) => format!("{:.*}", self.decimals.unwrap_or(6), number.as_f64().abs()),
            ('x', Number::Int(number)) => format!("{:x}", number.unsigned_abs()),
            (_, Number::Int(number)) => number.unsigned_abs().to_string(),
            ('s', Number::Float(number)) => number.abs().to_string(),
            (_, Number::Float(number)) => format!("{:.0}", number.abs().trunc()),
        };
        let digits = if self.flags.contains(',') {
            grouped(&digits, ',', '.')
        } else {
            digits
        };
        let sign = match (number.as_f64() < 0.0, self.flags.contains('+')) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        let padding = self.width.saturating_sub(sign.len() + digits.len());
        let Self { before, after, .. } = self;
        if self.flags.contains('-') {
            format!("{before}{sign}{digits}{}{after}", " ".repeat(padding))
        } else if self.flags.contains('0') {
            format!("{before}{sign}{}{digits}{after}", "0".repeat(padding))
        } else {
            format!("{before}{}{sign}{digits}{after}", " ".repeat(padding))
        }
    }
}

/// Splits behind the first characters that `belong`.
fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|letter| !belongs(letter)).unwrap_or(text.len()))
}

/// Digits in groups of three, with the given separators.
fn grouped(digits: &str, group: char, point: char) -> String {
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// How a country writes money.
struct Money {
    locale: (&'static str, &'static str),
    before: &'static str,
    after: &'static str,
    group: char,
    point: char,
    decimals: usize,
}

const MONEY: &[Money] = &[
    Money {
        locale: ("en", "US"),
        before: "$",
        after: "",
        group: ',',
        point: '.',
        decimals: 2,
    },
    Money {
        locale: ("en", "GB"),
        before: "£",
        after: "",
        group: ',',
        point: '.',
        decimals: 2,
    },
    Money {
        locale: ("pt", "BR"),
        before: "R$\u{a0}",
        after: "",
        group: '.',
        point: ',',
        decimals: 2,
    },
    Money {
        locale: ("de", "DE"),
        before: "",
        after: "\u{a0}€",
        group: '.',
        point: ',',
        decimals: 2,
    },
    Money {
        locale: ("es", "ES"),
        before: "",
        after: "\u{a0}€",
        group: '.',
        point: ',',
        decimals: 2,
    },
    Money {
        locale: ("fr", "FR"),
        before: "",
        after: "\u{a0}€",
        group: '\u{202f}',
        point: ',',
        decimals: 2,
    },
    Money {
        locale: ("ja", "JP"),
        before: "￥",
        after: "",
        group: ',',
        point: '.',
        decimals: 0,
    },
];

pub(super) fn check_currency(args: &[Option<&str>]) -> Result<(), String> {
    match args {
        [None, ..] | [_, None] => Ok(()),
        _ => money(
            args.first().copied().flatten(),
            args.get(1).copied().flatten(),
        )
        .map(|_| ()),
    }
}

fn money(language: Option<&str>, country: Option<&str>) -> Result<&'static Money, String> {
    let language = language.unwrap_or("en");
    let fits = |money: &&Money| {
        money.locale.0 == language && country.is_none_or(|country| country == money.locale.1)
    };
    MONEY.iter().find(fits).ok_or_else(|| {
        let known: Vec<_> = MONEY
            .iter()
            .map(|money| format!("{}:{}", money.locale.0, money.locale.1))
            .collect();
        format!(
            "money of `{language}:{}` is not known, only of {}",
            country.unwrap_or_default(),
            known.join(", ")
        )
    })
}

pub(super) fn currency(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let money = money(
        call.args.first().map(String::as_str),
        call.args.get(1).map(String::as_str),
    )?;
    let amount = numeric(&call.value)?.as_f64();
    let digits = grouped(
        &format!("{:.*}", money.decimals, amount.abs()),
        money.group,
        money.point,
    );
    let sign = if amount < 0.0 { "-" } else { "" };
    Ok(Value::String(format!(
        "{sign}{}{digits}{}",
        money.before, money.after
    )))
}
