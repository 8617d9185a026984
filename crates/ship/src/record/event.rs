//! Bytes with records back to back become records whose parts are lent out of them.

use super::time::{GROUP_END, GROUP_START};
use super::{Fault, Reader, Time, Token};

/// What stands at a record's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A record.
    Record,
    /// The mark before the records of a group; its body says what they have in common.
    GroupStart,
    /// The mark behind the last record of a group.
    GroupEnd,
}

/// How a record was laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `[[time, metadata], body]`, since 2.1 of the reference.
    Current,
    /// `[time, body]`, before, and today in what Forward's packed mode passes through.
    Old,
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// When it happened.
    pub time: Time,
    /// A msgpack map; empty in the old layout.
    pub metadata: &'a [u8],
    /// A msgpack map.
    pub body: &'a [u8],
    /// All of its bytes.
    pub raw: &'a [u8],
    /// A record, or a mark of a group.
    pub kind: Kind,
    /// Which of the two layouts.
    pub layout: Layout,
}

/// Takes records off the front of bytes; after a fault it gives no more.
#[derive(Clone, Debug)]
pub struct Events<'a> {
    reader: Reader<'a>,
    is_over: bool,
}

impl<'a> Events<'a> {
    /// The records in `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            reader: Reader::new(bytes),
            is_over: false,
        }
    }

    /// How many bytes the records so far took.
    pub fn at(&self) -> usize {
        self.reader.at()
    }
}

impl<'a> Iterator for Events<'a> {
    type Item = Result<Event<'a>, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over || self.reader.is_empty() {
            return None;
        }
        let event = event(&mut self.reader);
        self.is_over = event.is_err();
        Some(event)
    }
}

fn event<'a>(reader: &mut Reader<'a>) -> Result<Event<'a>, Fault> {
    let from = reader.at();
    if let Some(time) = reader.usual_head() {
        let metadata = map(reader)?;
        let body = map(reader)?;
        let raw = reader.between(from, reader.at());
        let kind = kind(time, raw);
        return Ok(Event {
            time,
            metadata,
            body,
            raw,
            kind,
            layout: Layout::Current,
        });
    }
    match reader.token()? {
        Token::Array(2) => {}
        Token::Array(_) => return Err(Fault::NotARecord("an array that has not two elements")),
        other => return Err(Fault::NotARecord(other.name())),
    }
    let (time, metadata, layout) = match reader.token()? {
        Token::Array(2) => {
            let time = Time::of(reader.token()?)?;
            (time, map(reader)?, Layout::Current)
        }
        Token::Array(_) => return Err(Fault::NotARecord("a head that has not two elements")),
        time => (Time::of(time)?, super::NO_METADATA, Layout::Old),
    };
    let body = map(reader)?;
    let raw = reader.between(from, reader.at());
    Ok(Event {
        time,
        metadata,
        body,
        raw,
        kind: kind(time, raw),
        layout,
    })
}

/// A map's bytes.
fn map<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], Fault> {
    if reader.is_at_map() {
        return reader.raw();
    }
    Err(Fault::NotAMap(reader.token()?.name()))
}

/// Marks are `EventTime`s without nanoseconds at the two last seconds.
fn kind(time: Time, raw: &[u8]) -> Kind {
    let is_event_time = matches!(raw, [0x92, 0x92, 0xd7 | 0xc7, ..]);
    match time {
        Time {
            seconds: GROUP_START,
            nanos: 0,
        } if is_event_time => Kind::GroupStart,
        Time {
            seconds: GROUP_END,
            nanos: 0,
        } if is_event_time => Kind::GroupEnd,
        _ => Kind::Record,
    }
}
