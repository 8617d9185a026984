//! JSON text becomes msgpack in one pass, without a tree.
//!
//! How much is forgiven is said by [`Rules`]: a configuration's own JSON is read strictly, what comes in
//! over a socket as the reference's inputs do, and what a shipper sent as leniently as it was written.

mod liberties;
mod number;
mod string;

use thiserror::Error;

pub use liberties::{Liberty, Rules};

use crate::record::{MOST_DEPTH, pack};
use liberties::Liberties;

/// Why text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// The text ends inside a value; with more of it it may be whole.
    #[error("the text ends in the middle of a value")]
    Incomplete,
    /// Something else stands where `wanted` should.
    #[error("{wanted} should stand at byte {at}")]
    Unexpected {
        /// Where, in bytes from the start of the text, from 0.
        at: usize,
        /// What should be there.
        wanted: &'static str,
    },
    /// Nested deeper than a record may be ([`MOST_DEPTH`]).
    #[error("nested deeper than {MOST_DEPTH} levels at byte {0}")]
    TooDeep(usize),
}

/// Appends the value at the front of `text` as msgpack; says how many bytes of the text it took, with
/// the white space before it. On a fault nothing is appended.
pub fn append_value(text: &[u8], rules: Rules, out: &mut Vec<u8>) -> Result<usize, Fault> {
    let mut reader = Reader::new(text, rules);
    reader.value(out)?;
    Ok(reader.at())
}

/// Reads values off the front of a text, one after the other.
#[derive(Debug)]
pub struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    rules: Rules,
    used: Liberties,
    /// A string with escapes, while its length is not known.
    unescaped: Vec<u8>,
}

impl<'t> Reader<'t> {
    /// At the first byte.
    pub fn new(text: &'t [u8], rules: Rules) -> Self {
        Self {
            text,
            at: 0,
            rules,
            used: Liberties::default(),
            unescaped: Vec::new(),
        }
    }

    /// How many bytes were read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The liberties that the text has taken so far.
    pub fn liberties(&self) -> impl Iterator<Item = Liberty> + use<> {
        self.used.iter()
    }

    /// Past white space; whether anything follows.
    pub fn has_more(&mut self) -> bool {
        self.skip_space();
        self.at < self.text.len()
    }

    /// The first byte of what follows white space.
    pub fn peek(&mut self) -> Option<u8> {
        self.skip_space();
        self.text.get(self.at).copied()
    }

    /// Past one byte.
    pub fn advance(&mut self) {
        self.at += 1;
    }

    /// Appends the next value as msgpack; on a fault nothing.
    pub fn value(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let from = out.len();
        let read = self.value_within(0, out);
        if read.is_err() {
            out.truncate(from);
        }
        read
    }

    /// A value with so many arrays and objects around it.
    fn value_within(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        let first = self.peek().ok_or(Fault::Incomplete)?;
        if depth > MOST_DEPTH {
            return Err(Fault::TooDeep(self.at));
        }
        match first {
            b'"' => self.string(out),
            b'{' => self.object(depth + 1, out),
            b'[' => self.array(depth + 1, out),
            b'-' | b'0'..=b'9' => self.number(out),
            _ => self.word(out),
        }
    }

    fn object(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        let head = out.len();
        out.push(0x80);
        let pairs = self.pairs_within(depth, out, |_, _, _| true)?;
        close(out, head, pairs, pack::map);
        Ok(())
    }

    /// Appends the pairs of the object that is next, without a head; gives how many.
    ///
    /// `keeps` is called after each pair with where its key and its value begin in `out`; a pair that it
    /// does not keep is taken off again.
    pub fn pairs(
        &mut self,
        out: &mut Vec<u8>,
        keeps: impl FnMut(&[u8], usize, usize) -> bool,
    ) -> Result<usize, Fault> {
        match self.peek().ok_or(Fault::Incomplete)? {
            b'{' => self.pairs_within(1, out, keeps),
            _ => Err(self.unexpected("an object")),
        }
    }

    fn pairs_within(
        &mut self,
        depth: usize,
        out: &mut Vec<u8>,
        mut keeps: impl FnMut(&[u8], usize, usize) -> bool,
    ) -> Result<usize, Fault> {
        let mut pairs = 0;
        self.advance();
        if self.is_closed_by(b'}')? {
            return Ok(pairs);
        }
        loop {
            let key = out.len();
            self.key(depth, out)?;
            self.expect(b':', "`:`")?;
            let value = out.len();
            self.value_within(depth, out)?;
            if keeps(out, key, value) {
                pairs += 1;
            } else {
                out.truncate(key);
            }
            if self.next_or_end(b'}', "`,` or `}`")? {
                return Ok(pairs);
            }
        }
    }

    fn key(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        match self.peek().ok_or(Fault::Incomplete)? {
            b'"' => self.string(out),
            _ if self.rules.allows(Liberty::BareKey) => {
                self.used.add(Liberty::BareKey);
                self.value_within(depth, out)
            }
            _ => Err(self.unexpected("a key in quotes")),
        }
    }

    fn array(&mut self, depth: usize, out: &mut Vec<u8>) -> Result<(), Fault> {
        let head = out.len();
        out.push(0x90);
        self.advance();
        let mut values = 0;
        if self.is_closed_by(b']')? {
            return Ok(());
        }
        loop {
            self.value_within(depth, out)?;
            values += 1;
            if self.next_or_end(b']', "`,` or `]`")? {
                break;
            }
        }
        close(out, head, values, pack::array);
        Ok(())
    }

    fn is_closed_by(&mut self, end: u8) -> Result<bool, Fault> {
        let is_closed = self.peek().ok_or(Fault::Incomplete)? == end;
        self.at += usize::from(is_closed);
        Ok(is_closed)
    }

    /// Past a comma (false) or the end of the array or object (true).
    fn next_or_end(&mut self, end: u8, wanted: &'static str) -> Result<bool, Fault> {
        let byte = self.peek().ok_or(Fault::Incomplete)?;
        if byte != b',' && byte != end {
            return Err(self.unexpected(wanted));
        }
        self.advance();
        Ok(byte == end)
    }

    fn expect(&mut self, byte: u8, wanted: &'static str) -> Result<(), Fault> {
        match self.peek() {
            Some(found) if found == byte => {
                self.advance();
                Ok(())
            }
            Some(_) => Err(self.unexpected(wanted)),
            None => Err(Fault::Incomplete),
        }
    }

    /// `true`, `false`, `null`, and where that is allowed what C prints for floats that are no numbers.
    fn word(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let rest = &self.text[self.at..];
        let table: [(&[u8], &[u8]); 3] =
            [(b"null", &[0xc0]), (b"true", &[0xc3]), (b"false", &[0xc2])];
        for (word, packed) in table {
            if rest.starts_with(word) {
                self.at += word.len();
                out.extend_from_slice(packed);
                return Ok(());
            }
            if word.starts_with(rest) {
                return Err(Fault::Incomplete);
            }
        }
        match self.not_a_number(rest, false) {
            Some(number) => {
                pack::float(out, number);
                Ok(())
            }
            None => Err(self.unexpected("a value")),
        }
    }

    fn unexpected(&self, wanted: &'static str) -> Fault {
        Fault::Unexpected {
            at: self.at,
            wanted,
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.get(self.at) {
            self.at += 1;
        }
    }
}

/// The count of an array or a map is known: its head of one byte, or a longer one in its place.
fn close(out: &mut Vec<u8>, head: usize, count: usize, pack: fn(&mut Vec<u8>, usize)) {
    let mut bytes = Vec::new();
    if count < 16 {
        out[head] |= u8::try_from(count).unwrap_or_default();
        return;
    }
    pack(&mut bytes, count);
    out.splice(head..=head, bytes);
}
