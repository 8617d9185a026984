//! A record is appended to a vector: its time and metadata first, then its body, whole or key by key.

use super::{Time, pack};

/// An empty map in one byte, as inputs write it that copy a ready map.
pub const NO_METADATA: &[u8] = &[0x80];
/// An empty map in five bytes, as inputs write it that build records key by key.
pub const WIDE_NO_METADATA: &[u8] = &[0xdf, 0, 0, 0, 0];

/// Appends a whole record: `metadata` and `body` are msgpack maps.
pub fn append_record(out: &mut Vec<u8>, time: Time, metadata: &[u8], body: &[u8]) {
    head(out, time, metadata);
    out.extend_from_slice(body);
}

fn head(out: &mut Vec<u8>, time: Time, metadata: &[u8]) {
    out.extend_from_slice(&[0x92, 0x92]);
    out.extend_from_slice(&time.event_time());
    out.extend_from_slice(metadata);
}

/// Builds one record key by key at the end of a vector.
///
/// The count of its body is five bytes, set by [`Self::finish`]; a writer that is dropped before leaves
/// nothing behind.
#[derive(Debug)]
pub struct RecordWriter<'a> {
    out: &'a mut Vec<u8>,
    from: usize,
    count_at: usize,
    pairs: u32,
    is_finished: bool,
}

impl<'a> RecordWriter<'a> {
    /// A record with the metadata that inputs write who build their records ([`WIDE_NO_METADATA`]).
    pub fn new(out: &'a mut Vec<u8>, time: Time) -> Self {
        Self::with_metadata(out, time, WIDE_NO_METADATA)
    }

    /// A record with `metadata`, a msgpack map.
    pub fn with_metadata(out: &'a mut Vec<u8>, time: Time, metadata: &[u8]) -> Self {
        let from = out.len();
        head(out, time, metadata);
        let count_at = out.len() + 1;
        pack::wide_map(out, 0);
        Self {
            out,
            from,
            count_at,
            pairs: 0,
            is_finished: false,
        }
    }

    /// A key whose value the caller appends to the vector that it gets: exactly one msgpack value.
    pub fn key(&mut self, key: &str) -> &mut Vec<u8> {
        self.key_bytes(key.as_bytes())
    }

    /// As [`Self::key`]; the key is any bytes.
    pub fn key_bytes(&mut self, key: &[u8]) -> &mut Vec<u8> {
        pack::string(self.out, key);
        self.pairs += 1;
        self.out
    }

    /// A key and a string.
    pub fn string(&mut self, key: &str, text: &[u8]) {
        pack::string(self.key(key), text);
    }

    /// A key and an integer.
    pub fn uint(&mut self, key: &str, number: u64) {
        pack::uint(self.key(key), number);
    }

    /// A key and an integer.
    pub fn int(&mut self, key: &str, number: i64) {
        pack::int(self.key(key), number);
    }

    /// A key and a float.
    pub fn float(&mut self, key: &str, number: f64) {
        pack::float(self.key(key), number);
    }

    /// A key and a boolean.
    pub fn boolean(&mut self, key: &str, is_true: bool) {
        pack::boolean(self.key(key), is_true);
    }

    /// Pairs that are msgpack already: `pairs` keys and values, back to back.
    pub fn pairs(&mut self, pairs: u32, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
        self.pairs += pairs;
    }

    /// The record is whole.
    pub fn finish(mut self) {
        let count = self.pairs.to_be_bytes();
        self.out[self.count_at..self.count_at + 4].copy_from_slice(&count);
        self.is_finished = true;
    }
}

impl Drop for RecordWriter<'_> {
    fn drop(&mut self) {
        if !self.is_finished {
            self.out.truncate(self.from);
        }
    }
}
