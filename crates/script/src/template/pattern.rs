//! Date patterns pass through here: the letters of Java's `DateTimeFormatter`, in English and UTC.

use std::fmt::Write as _;

use jiff::civil::DateTime;

/// What Selmer calls its ready patterns.
const NAMED: &[(&str, &str)] = &[
    ("shortDate", "M/d/yy"),
    ("shortTime", "h:mm a"),
    ("shortDateTime", "M/d/yy, h:mm a"),
    ("mediumDate", "MMM d, yyyy"),
    ("mediumTime", "h:mm:ss a"),
    ("mediumDateTime", "MMM d, yyyy, h:mm:ss a"),
    ("longDate", "MMMM d, yyyy"),
    ("longTime", "h:mm:ss a z"),
    ("longDateTime", "MMMM d, yyyy 'at' h:mm:ss a z"),
    ("fullDate", "EEEE, MMMM d, yyyy"),
    ("fullTime", "h:mm:ss a zzzz"),
    ("fullDateTime", "EEEE, MMMM d, yyyy 'at' h:mm:ss a zzzz"),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The longest run of one letter: fractions of a second have nine digits.
const LONGEST_FIELD: usize = 9;

/// A part of a pattern.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    Text(String),
    /// A letter and how often it stands there.
    Field(char, usize),
}

/// Cuts a pattern or the name of one into its parts, or says what is wrong with it.
pub(crate) fn parse(pattern: &str) -> Result<Vec<Item>, String> {
    let pattern = NAMED
        .iter()
        .find(|(name, _)| *name == pattern)
        .map_or(pattern, |(_, pattern)| pattern);
    let mut items = Vec::new();
    let mut rest = pattern;
    while let Some(letter) = rest.chars().next() {
        let (item, length) = if letter == '\'' {
            quoted(rest)
                .ok_or_else(|| format!("a quote in the date pattern `{pattern}` is never closed"))?
        } else if letter.is_ascii_alphabetic() {
            let length = rest.len() - rest.trim_start_matches(letter).len();
            if !"yuMLdDHhkKmsSnaEezZXxw".contains(letter) || length > LONGEST_FIELD {
                return Err(format!(
                    "`{}` means nothing in a date pattern",
                    letter.to_string().repeat(length.min(LONGEST_FIELD))
                ));
            }
            (Item::Field(letter, length), length)
        } else {
            (Item::Text(letter.to_string()), letter.len_utf8())
        };
        items.push(item);
        rest = rest.get(length..).unwrap_or_default();
    }
    Ok(items)
}

/// `'text'`, and `''` for one quote.
fn quoted(rest: &str) -> Option<(Item, usize)> {
    let inner = rest.get(1..)?;
    let end = inner.find('\'')?;
    let text = inner.get(..end)?;
    Some((
        Item::Text(if text.is_empty() { "'" } else { text }.to_owned()),
        end + 2,
    ))
}

/// Spells `instant`, which is in UTC.
pub(crate) fn format(pattern: &str, instant: DateTime) -> Result<String, String> {
    let mut text = String::new();
    for item in parse(pattern)? {
        match item {
            Item::Text(literal) => text.push_str(&literal),
            Item::Field(letter, width) => field(letter, width, instant, &mut text),
        }
    }
    Ok(text)
}

fn field(letter: char, width: usize, at: DateTime, text: &mut String) {
    let half_day = |hour: i8| if hour % 12 == 0 { 12 } else { hour % 12 };
    let number: i32 = match letter {
        'y' | 'u' if width == 2 => i32::from(at.year()).rem_euclid(100),
        'y' | 'u' => at.year().into(),
        'M' | 'L' if width >= 3 => return name(&MONTHS, at.month(), width, text),
        'E' | 'e' => return name(&DAYS, at.weekday().to_monday_one_offset(), width, text),
        'M' | 'L' => at.month().into(),
        'd' => at.day().into(),
        'D' => at.day_of_year().into(),
        'w' => at.date().iso_week_date().week().into(),
        'H' => at.hour().into(),
        'k' => {
            if at.hour() == 0 {
                24
            } else {
                at.hour().into()
            }
        }
        'K' => (at.hour() % 12).into(),
        'h' => half_day(at.hour()).into(),
        'm' => at.minute().into(),
        's' => at.second().into(),
        'n' => at.subsec_nanosecond(),
        'S' => return fraction(at.subsec_nanosecond(), width, text),
        'a' => return text.push_str(if at.hour() < 12 { "AM" } else { "PM" }),
        'X' => return text.push('Z'),
        'z' => {
            return text.push_str(if width >= 4 {
                "Coordinated Universal Time"
            } else {
                "UTC"
            });
        }
        // `Z` and `x`: an offset in digits.
        _ => return text.push_str(if width >= 3 { "+00:00" } else { "+0000" }),
    };
    // Writing into a string cannot fail.
    let _ = write!(text, "{number:0width$}");
}

fn name(names: &[&str], number: i8, width: usize, text: &mut String) {
    let at = usize::from(number.unsigned_abs()).saturating_sub(1);
    let name = names.get(at).copied().unwrap_or_default();
    text.push_str(if width >= 4 {
        name
    } else {
        name.get(..3).unwrap_or(name)
    });
}

fn fraction(nanoseconds: i32, width: usize, text: &mut String) {
    let digits = format!("{nanoseconds:09}");
    text.push_str(digits.get(..width).unwrap_or(&digits));
}

#[cfg(test)]
mod tests {
    use super::{format, parse};

    #[test]
    fn every_field_is_spelt() {
        let at = jiff::civil::date(2025, 3, 9).at(15, 4, 5, 678_000_000);
        let table = [
            ("yyyy-MM-dd", "2025-03-09"),
            ("yy u M L MMM MMMM", "25 2025 3 3 Mar March"),
            ("d D w", "9 68 10"),
            ("E EEEE e", "Sun Sunday Sun"),
            ("HH:mm:ss.SSS n", "15:04:05.678 678000000"),
            ("h hh K k a", "3 03 3 15 PM"),
            ("yyyy-MM-dd'T'HH:mm:ssX", "2025-03-09T15:04:05Z"),
            (
                "z zzzz Z xxx",
                "UTC Coordinated Universal Time +0000 +00:00",
            ),
            ("h 'o''clock'", "3 oclock"),
            ("''", "'"),
            ("shortDate", "3/9/25"),
            (
                "fullDateTime",
                "Sunday, March 9, 2025 at 3:04:05 PM Coordinated Universal Time",
            ),
        ];
        for (pattern, expected) in table {
            assert_eq!(format(pattern, at).unwrap(), expected, "{pattern}");
        }
        let midnight = jiff::civil::date(2025, 3, 9).at(0, 0, 0, 0);
        assert_eq!(format("h a k K", midnight).unwrap(), "12 AM 24 0");
    }

    #[test]
    fn unknown_letters_and_open_quotes_are_mistakes() {
        assert_eq!(
            parse("yyyy-QQ").unwrap_err(),
            "`QQ` means nothing in a date pattern"
        );
        assert_eq!(
            parse("yyyy 'T").unwrap_err(),
            "a quote in the date pattern `yyyy 'T` is never closed"
        );
    }
}
