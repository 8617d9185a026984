//! The parts of a time that a text said, put together at the end.

use crate::calendar;
use crate::record::Time;

/// Every conversion that reads something.
pub(super) const KNOWN: &[u8] = b"YmdHMSLNfzZbBhaAejypkIlsuw";

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
/// Zones that may stand for an offset, in hours.
const ZONES: [(&str, i64); 11] = [
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

#[derive(Debug, Default)]
pub(super) struct Fields {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    is_afternoon: Option<bool>,
    epoch: Option<i64>,
    offset: Option<i64>,
}

impl Fields {
    /// Reads what a conversion wants off the front; gives the rest.
    pub(super) fn read<'t>(&mut self, letter: u8, text: &'t [u8]) -> Option<&'t [u8]> {
        let number = |most: usize, range: std::ops::RangeInclusive<i64>| number(text, most, range);
        let (field, (value, rest)) = match letter {
            b'm' => (&mut self.month, number(2, 1..=12)?),
            b'd' | b'e' => (&mut self.day, number(2, 1..=31)?),
            b'j' => (&mut self.day_of_year, number(3, 1..=366)?),
            b'Y' => (&mut self.year, signed(text, 4)?),
            b'y' => {
                let (short, rest) = number(2, 0..=99)?;
                let century = if short < 69 { 2000 } else { 1900 };
                (&mut self.year, (century + short, rest))
            }
            b's' => (&mut self.epoch, signed(text, 18)?),
            b'z' => (&mut self.offset, zone(text)?),
            b'b' | b'B' | b'h' => {
                let (place, rest) = name(text, &MONTHS)?;
                (&mut self.month, (place + 1, rest))
            }
            _ => return self.read_clock(letter, text),
        };
        *field = Some(value);
        Some(rest)
    }

    fn read_clock<'t>(&mut self, letter: u8, text: &'t [u8]) -> Option<&'t [u8]> {
        let (field, (value, rest)) = match letter {
            b'H' | b'k' => (&mut self.hour, number(text, 2, 0..=23)?),
            b'I' | b'l' => (&mut self.hour, number(text, 2, 1..=12)?),
            b'M' => (&mut self.minute, number(text, 2, 0..=59)?),
            b'S' => (&mut self.second, number(text, 2, 0..=60)?),
            b'p' => {
                let (is_afternoon, rest) = half(text)?;
                self.is_afternoon = Some(is_afternoon);
                return Some(rest);
            }
            b'L' | b'N' | b'f' => {
                let (nanos, rest) = fraction(text)?;
                self.nanos = nanos;
                return Some(rest);
            }
            b'a' | b'A' => return Some(name(text, &DAYS)?.1),
            b'u' | b'w' => return Some(number(text, 1, 0..=7)?.1),
            // A zone by its name says nothing that is used, as in strptime.
            _ => {
                let end = text.iter().position(|byte| !byte.is_ascii_alphabetic());
                return Some(&text[end.unwrap_or(text.len())..]);
            }
        };
        *field = value;
        Some(rest)
    }

    /// The time; `offset` is the zone of one that named none.
    pub(super) fn time(&self, offset: i64, now: Time) -> Time {
        if let Some(epoch) = self.epoch {
            return Time::new(epoch, self.nanos);
        }
        let offset = self.offset.unwrap_or(offset);
        let today = calendar::date((now.seconds + offset).div_euclid(86_400));
        let year = self.year.unwrap_or(today.0);
        let has_date = self.year.is_some() || self.month.is_some() || self.day.is_some();
        let (month, day) = if has_date { (1, 1) } else { (today.1, today.2) };
        let days = match self.day_of_year {
            Some(day) if self.month.is_none() => calendar::days(year, 1, 1) + day - 1,
            _ => calendar::days(year, self.month.unwrap_or(month), self.day.unwrap_or(day)),
        };
        let hour = match self.is_afternoon {
            Some(is_afternoon) => self.hour % 12 + if is_afternoon { 12 } else { 0 },
            None => self.hour,
        };
        let seconds = days * 86_400 + hour * 3600 + self.minute * 60 + self.second - offset;
        Time::new(seconds, self.nanos)
    }
}

/// Up to `most` digits within a range, blanks before them skipped.
fn number(text: &[u8], most: usize, range: std::ops::RangeInclusive<i64>) -> Option<(i64, &[u8])> {
    let text = text.trim_ascii_start();
    let digits = text
        .iter()
        .take(most)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = text.split_at(digits);
    let value = digits
        .iter()
        .fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (!digits.is_empty() && range.contains(&value)).then_some((value, rest))
}

fn signed(text: &[u8], most: usize) -> Option<(i64, &[u8])> {
    match text.strip_prefix(b"-") {
        Some(text) => number(text, most, 0..=i64::MAX).map(|(value, rest)| (-value, rest)),
        None => number(text, most, 0..=i64::MAX),
    }
}

/// A name or its first three letters, in any case; gives its place.
fn name<'t>(text: &'t [u8], names: &[&str]) -> Option<(i64, &'t [u8])> {
    let starts = |name: &str, length: usize| {
        let front = text.get(..length)?;
        front
            .eq_ignore_ascii_case(&name.as_bytes()[..length])
            .then(|| &text[length..])
    };
    names.iter().zip(0..).find_map(|(name, place)| {
        let rest = starts(name, name.len()).or_else(|| starts(name, 3))?;
        Some((place, rest))
    })
}

/// `AM` or `PM`
fn half(text: &[u8]) -> Option<(bool, &[u8])> {
    let (word, rest) = text.split_at_checked(2)?;
    if word.eq_ignore_ascii_case(b"am") {
        return Some((false, rest));
    }
    word.eq_ignore_ascii_case(b"pm").then_some((true, rest))
}

/// Digits behind the point; the point itself if the format has none.
fn fraction(text: &[u8]) -> Option<(u32, &[u8])> {
    let text = text
        .strip_prefix(b".")
        .or(text.strip_prefix(b","))
        .unwrap_or(text);
    let count = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(count);
    let padded = digits.iter().chain(std::iter::repeat(&b'0')).take(9);
    let nanos = padded.fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0'));
    (count > 0).then_some((nanos, rest))
}

/// `Z`, a name, or an offset.
fn zone(text: &[u8]) -> Option<(i64, &[u8])> {
    let text = text.trim_ascii_start();
    if let Some(rest) = text.strip_prefix(b"Z") {
        return Some((0, rest));
    }
    for (name, hours) in ZONES {
        if let Some(rest) = text.strip_prefix(name.as_bytes()) {
            return Some((hours * 3600, rest));
        }
    }
    numeric(text)
}

/// An offset in seconds of all of a text: `+0200`, `-07:00`, `+05`.
pub(in super::super) fn offset(text: &[u8]) -> Option<i64> {
    numeric(text)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(seconds, _)| seconds)
}

fn numeric(text: &[u8]) -> Option<(i64, &[u8])> {
    let (sign, rest) = match text {
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, rest) = two_digits(rest)?;
    let after_colon = rest.strip_prefix(b":").unwrap_or(rest);
    let (minutes, rest) = two_digits(after_colon).unwrap_or((0, rest));
    Some((sign * (hours * 3600 + minutes * 60), rest))
}

fn two_digits(text: &[u8]) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(2)?;
    let both = digits.iter().all(u8::is_ascii_digit);
    both.then(|| {
        (
            i64::from(digits[0] - b'0') * 10 + i64::from(digits[1] - b'0'),
            rest,
        )
    })
}
