//! Lines of text pass through here and become records: parsed, or as they are under one key.

use std::sync::Arc;

use super::documents::Extra;
use crate::parser::{Parser, Parsers};
use crate::properties::Properties;
use crate::record::{RecordWriter, Time, WIDE_NO_METADATA, pack};
use sockeye_core::Mistake;

/// How a line becomes a record.
#[derive(Clone, Debug)]
pub(super) struct Line {
    key: Box<str>,
    parser: Option<Arc<Parser>>,
    /// What the parser has found in the line.
    pairs: Vec<u8>,
    /// What stands between the time of a record that is not parsed and its text.
    head: Vec<u8>,
    /// Whether a line that its parser does not know is left out.
    is_strict: bool,
}

/// The bytes before the time of a record.
const BEFORE_TIME: [u8; 2] = [0x92, 0x92];

impl Line {
    pub(super) fn new(key: &str, parser: Option<Arc<Parser>>) -> Self {
        let mut head = WIDE_NO_METADATA.to_vec();
        pack::wide_map(&mut head, 1);
        pack::string(&mut head, key.as_bytes());
        Self {
            key: key.into(),
            parser,
            pairs: Vec::new(),
            head,
            is_strict: false,
        }
    }

    /// The same, but lines that the parser does not know are left out.
    pub(super) fn strict(self) -> Self {
        Self {
            is_strict: true,
            ..self
        }
    }

    /// Appends the record of a line, with keys in front of it and behind it; false if it is left out.
    pub(super) fn append(
        &mut self,
        line: &[u8],
        now: Time,
        front: &Extra,
        behind: &Extra,
        out: &mut Vec<u8>,
    ) -> bool {
        let Some(parser) = &self.parser else {
            if front.pairs + behind.pairs == 0 {
                self.append_plain(line, now, out);
            } else {
                self.append_text(line, now, front, behind, out);
            }
            return true;
        };
        self.pairs.clear();
        let Some(parsed) = parser.parse(line, now, &mut self.pairs) else {
            if !self.is_strict {
                self.append_text(line, now, front, behind, out);
            }
            return !self.is_strict;
        };
        let mut record = RecordWriter::new(out, parsed.time.unwrap_or(now));
        record.pairs(front.pairs, &front.bytes);
        record.pairs(parsed.pairs, &self.pairs);
        record.pairs(behind.pairs, &behind.bytes);
        record.finish();
        true
    }

    /// The line under its key and nothing else: the shortest way, for what comes by the million.
    fn append_plain(&self, line: &[u8], now: Time, out: &mut Vec<u8>) {
        out.extend_from_slice(&BEFORE_TIME);
        out.extend_from_slice(&now.event_time());
        out.extend_from_slice(&self.head);
        pack::string(out, line);
    }

    fn append_text(
        &self,
        line: &[u8],
        now: Time,
        front: &Extra,
        behind: &Extra,
        out: &mut Vec<u8>,
    ) {
        let mut record = RecordWriter::new(out, now);
        record.pairs(front.pairs, &front.bytes);
        record.string(&self.key, line);
        record.pairs(behind.pairs, &behind.bytes);
        record.finish();
    }
}

/// The parser that `parser` names, if it names one.
pub(super) fn parser(
    properties: &Properties<'_>,
    parsers: &Parsers,
) -> Result<Option<Arc<Parser>>, Mistake> {
    let name = properties.text("parser");
    name.map(|name| parsers.named(name, properties.place("parser")))
        .transpose()
}

/// The text of a separator: `\n`, `\r`, `\t`, `\0` and `\\` are escapes.
pub(super) fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let meant = match letter {
            '\\' => match letters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('0') => '\0',
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        bytes.extend_from_slice(meant.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}

/// The bodies of records as JSON, for tests.
#[cfg(test)]
pub(super) fn shown(records: &[u8]) -> String {
    let settings = crate::format::Settings {
        kind: crate::format::Kind::JsonStream,
        date_key: None,
        escape_unicode: false,
        ..Default::default()
    };
    let mut out = Vec::new();
    settings.build().encode(records, &mut out);
    String::from_utf8(out).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_keys_around_it() {
        let mut line = Line::new("log", None);
        let (mut front, mut behind) = (Extra::default(), Extra::default());
        let mut out = Vec::new();
        line.append(b"one", Time::new(1, 2), &front, &behind, &mut out);
        front.string("path", "/a");
        behind.string("src", "x");
        line.append(b"two", Time::new(1, 2), &front, &behind, &mut out);
        assert_eq!(
            shown(&out),
            r#"{"log":"one"}{"path":"/a","log":"two","src":"x"}"#
        );
    }

    #[test]
    fn the_short_way_writes_the_same_bytes() {
        let line = Line::new("log", None);
        let (mut short, mut long) = (Vec::new(), Vec::new());
        let none = Extra::default();
        line.append_plain(b"text", Time::new(1, 2), &mut short);
        line.append_text(b"text", Time::new(1, 2), &none, &none, &mut long);
        assert_eq!(short, long);
    }

    #[test]
    fn escapes_of_a_separator() {
        assert_eq!(unescaped(r"\n"), b"\n");
        assert_eq!(unescaped(r"a\\\t|"), b"a\\\t|");
        assert_eq!(unescaped("\\"), b"\\");
    }
}
