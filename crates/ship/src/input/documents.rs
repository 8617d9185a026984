//! JSON as it comes off a socket or a pipe passes through here: cut between its values, made into records.

mod objects;

use crate::collector::Collector;
use crate::json::{Fault, Reader, Rules};
use crate::record::Time;
pub(super) use objects::Extra;
use objects::append;

/// Up to this many bytes an unfinished value is read again with each new piece, so that garbage is
/// noticed at once; beyond it waits for its last bracket.
const READ_AGAIN: usize = 64 * 1024;

/// What an array at the root means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrays {
    /// `[time, {…}]` is a record with its time.
    Timed,
    /// `[…]` is the record `{"msg": […]}`.
    Message,
    /// `[{…}, {…}]` are several records.
    Several,
}

/// What came out of a piece.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Batch {
    /// Records that were appended.
    pub(super) records: u32,
    /// Bytes that were no JSON and left out.
    pub(super) garbage: usize,
    /// Why the first of them was not.
    pub(super) why: Option<String>,
}

/// Makes records of a stream of JSON values.
#[derive(Debug)]
pub(super) struct Documents {
    arrays: Arrays,
    /// Bytes that one value may have.
    limit: usize,
    waiting: Vec<u8>,
    scan: Scan,
    value: Vec<u8>,
}

/// How far an unfinished value was looked through for its last bracket.
#[derive(Debug, Default)]
struct Scan {
    at: usize,
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Documents {
    pub(super) fn new(arrays: Arrays, limit: usize) -> Self {
        Self {
            arrays,
            limit,
            waiting: Vec::new(),
            scan: Scan::default(),
            value: Vec::new(),
        }
    }

    /// Takes the next bytes of the stream; appends what records are whole. `extra` is put behind the
    /// keys of each.
    pub(super) fn feed(
        &mut self,
        bytes: &[u8],
        time: Time,
        extra: &Extra,
        out: &mut Vec<u8>,
    ) -> Batch {
        self.waiting.extend_from_slice(bytes);
        let mut batch = Batch::default();
        let mut waiting = std::mem::take(&mut self.waiting);
        let mut at = 0;
        while let Some(taken) = self.one(
            waiting.get(at..).unwrap_or_default(),
            time,
            extra,
            out,
            &mut batch,
        ) {
            at += taken;
        }
        waiting.drain(..at);
        self.waiting = waiting;
        batch
    }

    /// The stream is over: what waits is no whole value.
    pub(super) fn end(&mut self, time: Time, extra: &Extra, out: &mut Vec<u8>) -> Batch {
        let mut batch = self.feed(b"\n", time, extra, out);
        let left = self.waiting.trim_ascii().len();
        if left > 0 {
            batch.refuse(left, || Fault::Incomplete.to_string());
        }
        self.waiting.clear();
        self.scan = Scan::default();
        batch
    }

    /// One value off the front; none if more bytes are needed.
    fn one(
        &mut self,
        text: &[u8],
        time: Time,
        extra: &Extra,
        out: &mut Vec<u8>,
        batch: &mut Batch,
    ) -> Option<usize> {
        let blank = text.len() - text.trim_ascii_start().len();
        let value = text.get(blank..).filter(|value| !value.is_empty());
        let Some(value) = value else {
            return Some(blank).filter(|&blank| blank > 0);
        };
        if !matches!(value.first(), Some(b'{' | b'[')) {
            return self
                .garbage(value, batch, || "it is no object".to_owned())
                .map(|taken| blank + taken);
        }
        if value.len() > READ_AGAIN && self.scan.at > 0 && self.scan.end(value).is_none() {
            return self.too_large(value, batch).map(|taken| blank + taken);
        }
        match self.read(value, time, extra, out) {
            Ok((taken, records)) => {
                batch.records += records;
                self.scan = Scan::default();
                Some(blank + taken)
            }
            Err(Fault::Incomplete) => {
                self.scan.end(value);
                self.too_large(value, batch).map(|taken| blank + taken)
            }
            Err(fault) => self
                .garbage(value, batch, || fault.to_string())
                .map(|taken| blank + taken),
        }
    }

    fn read(
        &mut self,
        text: &[u8],
        time: Time,
        extra: &Extra,
        out: &mut Vec<u8>,
    ) -> Result<(usize, u32), Fault> {
        let mut reader = Reader::new(text, Rules::INPUT);
        self.value.clear();
        reader.value(&mut self.value)?;
        let records = append(&self.value, self.arrays, time, extra, out)?;
        Ok((reader.at(), records))
    }

    /// What is no JSON goes up to the end of its line; without one it waits for that.
    fn garbage(
        &mut self,
        text: &[u8],
        batch: &mut Batch,
        why: impl FnOnce() -> String,
    ) -> Option<usize> {
        let end = text.iter().position(|&byte| byte == b'\n');
        let taken = match end {
            Some(end) => end + 1,
            None if text.len() > self.limit => text.len(),
            None => return None,
        };
        batch.refuse(taken, why);
        self.scan = Scan::default();
        Some(taken)
    }

    /// A value beyond the limit is left out, up to the end of what is there.
    fn too_large(&mut self, text: &[u8], batch: &mut Batch) -> Option<usize> {
        if text.len() <= self.limit {
            return None;
        }
        let limit = self.limit;
        batch.refuse(text.len(), || {
            format!("it has more than {limit} bytes (`buffer_size`)")
        });
        self.scan = Scan::default();
        Some(text.len())
    }
}

impl Batch {
    /// What came out of the next piece, too.
    pub(super) fn add(&mut self, other: Self) {
        self.records += other.records;
        self.garbage += other.garbage;
        self.why = self.why.take().or(other.why);
    }

    /// Says what was left out, if anything was.
    pub(super) fn tell(&self, plugin: &str, collector: &Collector) {
        if let Some(why) = &self.why {
            let (name, bytes) = (collector.name(), self.garbage);
            collector.log().warn(format_args!(
                "[input:{plugin}:{name}] {bytes} bytes were left out, as they are no record: {why}"
            ));
        }
    }

    pub(super) fn refuse(&mut self, bytes: usize, why: impl FnOnce() -> String) {
        self.garbage += bytes;
        self.why.get_or_insert_with(why);
    }
}

impl Scan {
    /// Where the value ends, looking on from where the last look ended.
    fn end(&mut self, text: &[u8]) -> Option<usize> {
        for (index, &byte) in text.iter().enumerate().skip(self.at) {
            self.at = index + 1;
            if self.is_in_string {
                self.is_in_string = self.is_escaped || byte != b'"';
                self.is_escaped = !self.is_escaped && byte == b'\\';
                continue;
            }
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return Some(index + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::line::shown;

    fn fed(arrays: Arrays, pieces: &[&str]) -> (String, Batch) {
        let mut documents = Documents::new(arrays, 1000);
        let mut out = Vec::new();
        let mut all = Batch::default();
        let extra = Extra::default();
        for piece in pieces {
            let batch = documents.feed(piece.as_bytes(), Time::new(7, 0), &extra, &mut out);
            all.add(batch);
        }
        let batch = documents.end(Time::new(7, 0), &extra, &mut out);
        all.add(batch);
        (shown(&out), all)
    }

    #[test]
    fn objects_in_any_pieces() {
        let text = r#"{"a":1}{"b":"}]\"{"}  {"c":[{}]}"#;
        let expected = r#"{"a":1}{"b":"}]\"{"}{"c":[{}]}"#;
        for size in 1..text.len() {
            let pieces: Vec<&str> = text
                .as_bytes()
                .chunks(size)
                .map(|piece| std::str::from_utf8(piece).unwrap())
                .collect();
            let (records, batch) = fed(Arrays::Message, &pieces);
            assert_eq!(
                (records.as_str(), batch.records, batch.garbage),
                (expected, 3, 0),
                "{size}"
            );
        }
    }

    #[test]
    fn arrays_mean_what_the_input_says() {
        assert_eq!(
            fed(Arrays::Message, &["[1,{\"d\":2}]"]).0,
            r#"{"msg":[1,{"d":2}]}"#
        );
        assert_eq!(
            fed(Arrays::Timed, &["[1700000000.5,{\"d\":2}]"]).0,
            r#"{"d":2}"#
        );
        assert_eq!(
            fed(Arrays::Several, &["[{\"d\":2},{\"d\":3}]"]).0,
            r#"{"d":2}{"d":3}"#
        );
        assert_eq!(fed(Arrays::Several, &["[{\"d\":2},3]\n"]).1.records, 0);
        assert_eq!(fed(Arrays::Timed, &["[1,2,3]\n{\"a\":1}"]).0, r#"{"a":1}"#);
    }

    #[test]
    fn garbage_costs_its_own_line_and_nothing_else() {
        let pieces = [
            "{\"a\":1}\n",
            "garbage}\n",
            "{\"b\":2}\n",
            "\"str\" 5 null\n",
            "{\"c\":3}\n{bad}\n{\"d\":4}",
        ];
        let (records, batch) = fed(Arrays::Message, &pieces);
        assert_eq!(records, r#"{"a":1}{"b":2}{"c":3}{"d":4}"#);
        assert_eq!(batch.garbage, 9 + 13 + 6);
        assert_eq!(batch.why.as_deref(), Some("it is no object"));
    }

    #[test]
    fn a_value_beyond_the_limit_is_left_out() {
        let large = format!("{{\"a\":\"{}", "x".repeat(2000));
        let (records, batch) = fed(Arrays::Message, &[&large]);
        assert_eq!(records, "");
        assert!(batch.why.unwrap().contains("more than 1000 bytes"));
    }

    #[test]
    fn a_large_value_in_many_pieces_is_read_once() {
        let mut documents = Documents::new(Arrays::Message, 10_000_000);
        let text = format!("{{\"a\":\"{}\"}}", "x".repeat(4_000_000));
        let (mut out, mut records) = (Vec::new(), 0);
        for piece in text.as_bytes().chunks(1000) {
            records += documents
                .feed(piece, Time::new(1, 0), &Extra::default(), &mut out)
                .records;
        }
        assert_eq!(records, 1);
    }

    #[test]
    fn keys_of_the_input_come_behind() {
        let mut documents = Documents::new(Arrays::Message, 1000);
        let mut extra = Extra::default();
        extra.string("src", "tcp://127.0.0.1:1");
        let mut out = Vec::new();
        documents.feed(b"{\"a\":1}", Time::new(1, 0), &extra, &mut out);
        assert_eq!(shown(&out), r#"{"a":1,"src":"tcp://127.0.0.1:1"}"#);
    }
}
