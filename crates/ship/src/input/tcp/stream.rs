//! The bytes of one sender pass through here: cut into JSON values or into text, made into records.

use std::sync::Arc;

use crate::input::documents::{Arrays, Batch, Documents, Extra};
use crate::input::line::Line;
use crate::parser::Parser;
use crate::record::Time;

/// What the bytes are.
#[derive(Clone, Debug)]
pub(in crate::input) enum Shape {
    /// JSON values.
    Json,
    /// Text that ends with a separator.
    Text(Vec<u8>),
}

/// The records of one sender.
#[derive(Debug)]
pub(in crate::input) struct Stream {
    cutter: Cutter,
    extra: Extra,
}

#[derive(Debug)]
enum Cutter {
    Json(Documents),
    Text(Text),
}

#[derive(Debug)]
struct Text {
    separator: Vec<u8>,
    line: Line,
    limit: usize,
    waiting: Vec<u8>,
    /// Up to where there is no separator.
    searched: usize,
}

impl Stream {
    pub(in crate::input) fn new(
        shape: &Shape,
        parser: Option<Arc<Parser>>,
        extra: Extra,
        limit: usize,
    ) -> Self {
        match shape {
            Shape::Json => Self {
                cutter: Cutter::Json(Documents::new(Arrays::Message, limit)),
                extra,
            },
            Shape::Text(separator) => {
                Self::lines(separator, Line::new("log", parser), extra, limit)
            }
        }
    }

    /// Lines between separators.
    pub(in crate::input) fn lines(
        separator: &[u8],
        line: Line,
        extra: Extra,
        limit: usize,
    ) -> Self {
        let cutter = Cutter::Text(Text {
            separator: separator.to_vec(),
            line,
            limit,
            waiting: Vec::new(),
            searched: 0,
        });
        Self { cutter, extra }
    }

    /// Takes the next bytes; appends the records that are whole.
    pub(in crate::input) fn feed(&mut self, bytes: &[u8], time: Time, out: &mut Vec<u8>) -> Batch {
        match &mut self.cutter {
            Cutter::Json(documents) => documents.feed(bytes, time, &self.extra, out),
            Cutter::Text(text) => text.feed(bytes, time, &self.extra, out),
        }
    }

    /// The sender has ended; text without its last separator is a record all the same.
    pub(in crate::input) fn end(&mut self, time: Time, out: &mut Vec<u8>) -> Batch {
        match &mut self.cutter {
            Cutter::Json(documents) => documents.end(time, &self.extra, out),
            Cutter::Text(text) => {
                let separator = text.separator.clone();
                text.feed(&separator, time, &self.extra, out)
            }
        }
    }
}

impl Text {
    fn feed(&mut self, bytes: &[u8], time: Time, extra: &Extra, out: &mut Vec<u8>) -> Batch {
        let mut batch = Batch::default();
        self.waiting.extend_from_slice(bytes);
        let mut start = 0;
        while let Some(end) = find(&self.waiting, &self.separator, self.searched.max(start)) {
            let line = self.waiting.get(start..end).unwrap_or_default();
            if !line.is_empty() {
                if self.line.append(line, time, &Extra::default(), extra, out) {
                    batch.records += 1;
                } else {
                    batch.refuse(line.len(), || "the parser does not know it".to_owned());
                }
            }
            start = end + self.separator.len();
        }
        self.waiting.drain(..start);
        // A separator may have begun at the end.
        self.searched = (self.waiting.len() + 1).saturating_sub(self.separator.len());
        if self.waiting.len() > self.limit {
            let limit = self.limit;
            batch.refuse(self.waiting.len(), || {
                format!("it has more than {limit} bytes (`buffer_size`)")
            });
            self.waiting.clear();
            self.searched = 0;
        }
        batch
    }
}

fn find(text: &[u8], separator: &[u8], from: usize) -> Option<usize> {
    let (&first, rest) = separator.split_first()?;
    let mut at = from;
    loop {
        let found = text.get(at..)?.iter().position(|&byte| byte == first)? + at;
        if text.get(found + 1..)?.starts_with(rest) {
            return Some(found);
        }
        at = found + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::line::shown;

    fn text(separator: &[u8], pieces: &[&str]) -> String {
        let mut stream = Stream::new(
            &Shape::Text(separator.to_vec()),
            None,
            Extra::default(),
            100,
        );
        let mut out = Vec::new();
        for piece in pieces {
            stream.feed(piece.as_bytes(), Time::new(1, 0), &mut out);
        }
        stream.end(Time::new(1, 0), &mut out);
        shown(&out)
    }

    #[test]
    fn lines_in_pieces_with_empty_ones_and_an_unterminated_end() {
        let expected =
            r#"{"log":"one"}{"log":"two\r"}{"log":"three"}{"log":"fourteen"}{"log":"rest"}"#;
        assert_eq!(
            text(b"\n", &["one\ntwo\r\n\nthree\n\n", "four", "teen\nrest"]),
            expected
        );
    }

    #[test]
    fn a_separator_of_several_bytes_in_any_pieces() {
        let whole = "one||two|x||three";
        let expected = r#"{"log":"one"}{"log":"two|x"}{"log":"three"}"#;
        for size in 1..whole.len() {
            let pieces: Vec<&str> = whole
                .as_bytes()
                .chunks(size)
                .map(|piece| std::str::from_utf8(piece).unwrap())
                .collect();
            assert_eq!(text(b"||", &pieces), expected, "{size}");
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_left_out() {
        let mut stream = Stream::new(&Shape::Text(b"\n".to_vec()), None, Extra::default(), 100);
        let mut out = Vec::new();
        let batch = stream.feed(&[b'x'; 101], Time::new(1, 0), &mut out);
        assert_eq!((batch.records, batch.garbage), (0, 101));
    }
}
