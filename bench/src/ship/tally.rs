//! What the sink got passes through here: records are counted, and each must be the one behind the last.

use std::time::Instant;

use super::lines;

/// How records lie in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each ends with a newline.
    Lines,
    /// `MessagePack` values back to back.
    Packed,
}

/// Counts the records of all connections of a sink.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Records so far.
    pub(super) records: u32,
    /// When the last of them came.
    pub(super) last: Option<Instant>,
    /// The first thing that was not as it has to be.
    pub(super) fault: Option<String>,
}

impl Tally {
    /// Counts the records of one message.
    pub(super) fn message(&mut self, layout: Layout, payload: &[u8]) {
        match layout {
            Layout::Lines => {
                let lines = payload.split(|byte| *byte == b'\n');
                lines
                    .filter(|line| !line.is_empty())
                    .for_each(|line| self.record(line));
            }
            Layout::Packed => self.values(payload),
        }
        self.last = Some(Instant::now());
    }

    /// Notes what was wrong, if nothing was before.
    pub(super) fn note(&mut self, fault: impl FnOnce() -> String) {
        self.fault.get_or_insert_with(fault);
    }

    fn record(&mut self, record: &[u8]) {
        let place = lines::place(record);
        if place != Some(self.records) {
            let at = self.records;
            self.note(|| match place {
                Some(place) => format!("record {at} is that of line {place}"),
                None => format!(
                    "record {at} has no number at its end: {}",
                    String::from_utf8_lossy(&record[record.len().saturating_sub(80)..])
                ),
            });
        }
        self.records += 1;
    }

    fn values(&mut self, mut rest: &[u8]) {
        while !rest.is_empty() {
            let Some(length) = value_length(rest) else {
                let at = self.records;
                self.note(|| format!("a message ends within record {at}"));
                return;
            };
            let (value, behind) = rest.split_at(length);
            self.record(value);
            rest = behind;
        }
    }
}

/// Bytes of the first `MessagePack` value; `None` if there is no whole one. Counts what is open instead of descending.
fn value_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut open = 1_usize;
    while open > 0 {
        let (head, values) = head(bytes.get(at..)?)?;
        at += head;
        open = open - 1 + values;
    }
    (at <= bytes.len()).then_some(at)
}

/// Bytes up to the next value's head, and how many values are in this one.
fn head(bytes: &[u8]) -> Option<(usize, usize)> {
    let first = *bytes.first()?;
    let number = |width: usize| {
        let big_endian = bytes.get(1..=width)?.iter();
        Some(big_endian.fold(0, |sum: usize, byte| sum << 8 | usize::from(*byte)))
    };
    let sized = |width: usize, extra: usize| Some((1 + width + extra + number(width)?, 0));
    let small = usize::from(first);
    match first {
        0x80..=0x8f => Some((1, 2 * (small & 0x0f))),
        0x90..=0x9f => Some((1, small & 0x0f)),
        0xa0..=0xbf => Some((1 + (small & 0x1f), 0)),
        0xc4 | 0xd9 => sized(1, 0),
        0xc5 | 0xda => sized(2, 0),
        0xc6 | 0xdb => sized(4, 0),
        0xc7 => sized(1, 1),
        0xc8 => sized(2, 1),
        0xc9 => sized(4, 1),
        0xcc | 0xd0 => Some((2, 0)),
        0xcd | 0xd1 | 0xd4 => Some((3, 0)),
        0xd5 => Some((4, 0)),
        0xca | 0xce | 0xd2 => Some((5, 0)),
        0xd6 => Some((6, 0)),
        0xcb | 0xcf | 0xd3 => Some((9, 0)),
        0xd7 => Some((10, 0)),
        0xd8 => Some((18, 0)),
        0xdc => Some((3, number(2)?)),
        0xdd => Some((5, number(4)?)),
        0xde => Some((3, 2 * number(2)?)),
        0xdf => Some((5, 2 * number(4)?)),
        _ => Some((1, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[[time, {}], {"log": "…number}"}]` with the map of the metadata and the length of the text in their long forms.
    fn packed(number: u32) -> Vec<u8> {
        let mut bytes = vec![0x92, 0x92, 0xd7, 0x00, 0, 0, 0, 1, 0, 0, 0, 2];
        bytes.extend([0xdf, 0, 0, 0, 0, 0x81, 0xa3, b'l', b'o', b'g']);
        bytes.extend([0xda, 0, 8]);
        bytes.extend(format!("{number}}}").bytes());
        bytes
    }

    #[test]
    fn lines_are_records_also_the_last_without_its_newline() {
        let mut tally = Tally::default();
        tally.message(Layout::Lines, b"{1000000}\n{1000001}\n");
        tally.message(Layout::Lines, b"{1000002}");
        assert_eq!((tally.records, tally.fault), (3, None));
        assert!(tally.last.is_some());
    }

    #[test]
    fn values_of_every_kind_are_passed_over() {
        let mut tally = Tally::default();
        let message = [packed(1_000_000), packed(1_000_001)].concat();
        tally.message(Layout::Packed, &message);
        assert_eq!((tally.records, tally.fault.take()), (2, None));
        for (value, length) in [
            (&[0x00_u8][..], 1),
            (&[0xe0], 1),
            (&[0xc0], 1),
            (&[0xa2, b'a', b'b'], 3),
            (&[0xc4, 1, 0], 3),
            (&[0xc7, 1, 5, 0], 4),
            (&[0xcb, 0, 0, 0, 0, 0, 0, 0, 0], 9),
            (&[0xdc, 0, 2, 1, 2], 5),
            (&[0xde, 0, 1, 1, 2], 5),
            (&[0xdb, 0, 0, 0, 1, b'a'], 6),
        ] {
            assert_eq!(value_length(value), Some(length), "{value:x?}");
            assert_eq!(value_length(&value[..length - 1]), None, "{value:x?}");
        }
    }

    #[test]
    fn a_record_that_is_lost_doubled_or_cut_is_told() {
        let fault = |messages: &[&[u8]]| {
            let mut tally = Tally::default();
            for message in messages {
                tally.message(Layout::Lines, message);
            }
            tally.fault.unwrap_or_default()
        };
        let lost = fault(&[b"1000000\n", b"1000002\n"]);
        assert_eq!(lost, "record 1 is that of line 2");
        let doubled = fault(&[b"1000000\n", b"1000000\n1000001\n"]);
        assert_eq!(doubled, "record 1 is that of line 0");
        let other = fault(&[b"{\"log\":\"x\"}\n"]);
        assert_eq!(other, "record 0 has no number at its end: {\"log\":\"x\"}");
        let mut tally = Tally::default();
        tally.message(Layout::Packed, &packed(1_000_000)[..20]);
        assert_eq!(
            tally.fault.as_deref(),
            Some("a message ends within record 0")
        );
    }
}
