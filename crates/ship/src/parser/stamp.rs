//! A time as text becomes seconds and nanoseconds: the conversions of strptime, and `%L` for a fraction.

mod fields;

use crate::record::Time;
use fields::Fields;
pub(super) use fields::offset;

/// How a time is written.
#[derive(Clone, Debug)]
pub struct StampFormat {
    items: Vec<Item>,
    /// Seconds east of UTC, for times that name no zone.
    offset: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Byte(u8),
    /// Any white space, also none.
    Space,
    Conversion(u8),
}

/// Conversions that stand for others.
const LONG: [(u8, &str); 6] = [
    (b'T', "%H:%M:%S"),
    (b'R', "%H:%M"),
    (b'D', "%m/%d/%y"),
    (b'F', "%Y-%m-%d"),
    (b'r', "%I:%M:%S %p"),
    (b'c', "%a %b %e %H:%M:%S %Y"),
];

impl StampFormat {
    /// Of the text of a format; otherwise what it has that nobody knows. `offset` is in seconds.
    pub fn new(text: &str, offset: i64) -> Result<Self, String> {
        let mut items = Vec::new();
        compile(text, &mut items)?;
        Ok(Self { items, offset })
    }

    /// Whether it is seconds since 1970 and nothing else but their fraction.
    pub(super) fn is_of_seconds(&self) -> bool {
        self.items.first() == Some(&Item::Conversion(b's'))
    }

    /// The time that all of `text` says; `now` says what is not in it, such as the year.
    pub fn read(&self, text: &[u8], now: Time) -> Option<Time> {
        let mut fields = Fields::default();
        let mut rest = text;
        for item in &self.items {
            rest = match item {
                Item::Byte(byte) => rest.strip_prefix(std::slice::from_ref(byte))?,
                Item::Space => rest.trim_ascii_start(),
                Item::Conversion(letter) => fields.read(*letter, rest)?,
            };
        }
        // What follows the format is not looked at, as in strptime.
        Some(fields.time(self.offset, now))
    }
}

fn compile(text: &str, items: &mut Vec<Item>) -> Result<(), String> {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte.is_ascii_whitespace() {
            items.push(Item::Space);
            continue;
        }
        if byte != b'%' {
            items.push(Item::Byte(byte));
            continue;
        }
        // The letters between ask for another calendar or padding, which changes nothing here.
        let letter = bytes.find(|letter| !b"EO-_0^#".contains(letter));
        let letter = letter.ok_or("a `%` at its end")?;
        match letter {
            b'%' => items.push(Item::Byte(b'%')),
            b'n' | b't' => items.push(Item::Space),
            _ if fields::KNOWN.contains(&letter) => items.push(Item::Conversion(letter)),
            _ => match LONG.iter().find(|(long, _)| *long == letter) {
                Some((_, text)) => compile(text, items)?,
                None => return Err(format!("`%{}`, which is no conversion", char::from(letter))),
            },
        }
    }
    Ok(())
}
