//! Bytes of the admin listener's stream become entries again, however they were cut.

use std::sync::Arc;
use std::time::Duration;

use sockeye_tape::{Content, Entry};

use crate::admin::Line;

/// The longest line before a payload, in bytes: a path of a request, escaped.
const LINE_BYTES: usize = 256 * 1024;

/// The longest payload, in bytes: what may wait in the server.
const PAYLOAD_BYTES: usize = 64 * 1024 * 1024;

/// Entries that are on their way.
#[derive(Debug, Default)]
pub(super) struct Stream {
    bytes: Vec<u8>,
    at: usize,
    /// The line whose payload is not all there.
    line: Option<Line>,
}

/// The bytes are no entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign;

impl Stream {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.at);
        self.at = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next entry that is all there.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Foreign> {
        if self.line.is_none() {
            self.line = self.next_line()?;
        }
        let Some(line) = self.line.take() else {
            return Ok(None);
        };
        let rest = &self.bytes[self.at..];
        let Some(payload) = rest.get(..line.bytes) else {
            self.line = Some(line);
            return Ok(None);
        };
        self.at += payload.len();
        entry(&line, payload).map(Some)
    }

    fn next_line(&mut self) -> Result<Option<Line>, Foreign> {
        let rest = &self.bytes[self.at..];
        let Some(end) = rest.iter().position(|byte| *byte == b'\n') else {
            return match rest.len() {
                0..LINE_BYTES => Ok(None),
                _ => Err(Foreign),
            };
        };
        let line: Line = serde_json::from_slice(&rest[..end]).map_err(|_| Foreign)?;
        self.at += end + 1;
        if line.bytes > PAYLOAD_BYTES {
            return Err(Foreign);
        }
        Ok(Some(line))
    }
}

fn entry(line: &Line, payload: &[u8]) -> Result<Entry, Foreign> {
    let text = || String::from_utf8(payload.to_owned()).map_err(|_| Foreign);
    let content = match line.kind.as_str() {
        "text" => Content::Text(text()?),
        "binary" => Content::Binary(payload.to_owned()),
        "ping" => Content::Ping(payload.to_owned()),
        "pong" => Content::Pong(payload.to_owned()),
        "close" => Content::Close {
            code: line.code,
            reason: text()?,
        },
        _ => return Err(Foreign),
    };
    let at = Duration::from_micros(line.t_us);
    let (connection, path) = (line.connection.as_str(), line.path.as_str());
    let entry = Entry::new(at, line.direction, content);
    Ok(entry.of(Arc::from(connection), Arc::from(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "{\"t_us\":7,\"connection\":\"conn-1\",\"path\":\"/a\",\"direction\":\"incoming\",\
                        \"type\":\"text\",\"bytes\":3}\nabc";

    #[test]
    fn entries_come_whole_however_they_are_cut() {
        let all = TEXT.repeat(3);
        for size in 1..TEXT.len() * 2 {
            let mut stream = Stream::default();
            let mut entries = Vec::new();
            for piece in all.as_bytes().chunks(size) {
                stream.push(piece);
                while let Some(entry) = stream.next().unwrap() {
                    entries.push(entry);
                }
            }
            assert_eq!(entries.len(), 3, "{size}");
            assert_eq!(entries[2].content, Some(Content::Text("abc".to_owned())));
        }
    }

    #[test]
    fn what_is_no_entry_is_told() {
        let long = "x".repeat(LINE_BYTES);
        let huge = TEXT.replace(":3}", ":99999999999}");
        let cut = TEXT.replace("abc", "\u{fc}a").replace(":3}", ":1}");
        for text in ["nothing\n", &long, &huge, &cut] {
            let mut stream = Stream::default();
            stream.push(text.as_bytes());
            assert_eq!(stream.next(), Err(Foreign), "{}", &text[..7]);
        }
    }
}
