//! An entry of a segment passes through here: records of a chunk, or the word that a chunk is settled.
//!
//! ```text
//! length of what follows the checksum (u32) | CRC32C of it (u32) | kind (u8) | chunk (u64) | …
//! records:  serial (u64) | records (u32) | name, tag, input (u16 and bytes each) | msgpack
//! settled:  output (u16 and bytes; none for all of them)
//! ```
//!
//! Numbers are little-endian. A reader stops at the first entry that is not whole: its length does not
//! fit or its checksum is another.

/// What a segment begins with.
pub(crate) const MAGIC: &[u8; 8] = b"sockeye1";

const HEAD: usize = 8;
const RECORDS: u8 = 1;
const SETTLED: u8 = 2;

/// One entry, lent out of a segment or about to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry<'a> {
    Records(Records<'a>),
    /// Of a chunk: an output has it or has given it up; none stands for every output.
    Settled {
        chunk: u64,
        output: Option<&'a str>,
    },
}

/// Records of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Records<'a> {
    pub(crate) chunk: u64,
    /// Number of the entry: an entry that is written twice has the same one.
    pub(crate) serial: u64,
    pub(crate) count: u32,
    pub(crate) name: &'a str,
    pub(crate) tag: &'a str,
    pub(crate) input: &'a str,
    pub(crate) msgpack: &'a [u8],
}

impl Entry<'_> {
    /// Appends the entry; where in it the records begin.
    pub(crate) fn append_to(&self, out: &mut Vec<u8>) -> usize {
        let start = out.len();
        out.extend_from_slice(&[0; HEAD]);
        let mut at = 0;
        match self {
            Self::Records(entry) => {
                out.push(RECORDS);
                out.extend_from_slice(&entry.chunk.to_le_bytes());
                out.extend_from_slice(&entry.serial.to_le_bytes());
                out.extend_from_slice(&entry.count.to_le_bytes());
                for text in [entry.name, entry.tag, entry.input] {
                    put_text(out, text);
                }
                at = out.len() - start;
                out.extend_from_slice(entry.msgpack);
            }
            Self::Settled { chunk, output } => {
                out.push(SETTLED);
                out.extend_from_slice(&chunk.to_le_bytes());
                put_text(out, output.unwrap_or_default());
            }
        }
        let (_, entry) = out.split_at_mut(start);
        if let Some((head, body)) = entry.split_first_chunk_mut::<HEAD>() {
            // An entry holds one append, which is bounded far below 4 GiB.
            let len = u32::try_from(body.len()).unwrap_or(u32::MAX);
            let (first, second) = head.split_at_mut(4);
            first.copy_from_slice(&len.to_le_bytes());
            second.copy_from_slice(&crc32c::crc32c(body).to_le_bytes());
        }
        at
    }
}

/// Texts longer than a u16 can say are cut: tags and names are short.
fn put_text(out: &mut Vec<u8>, text: &str) {
    let text = text
        .get(..text.floor_char_boundary(usize::from(u16::MAX)))
        .unwrap_or_default();
    let len = u16::try_from(text.len()).unwrap_or_default();
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// The entry at the front, and how many bytes it takes; none if it is not whole.
pub(crate) fn first(bytes: &[u8]) -> Option<(Entry<'_>, usize)> {
    let mut bytes = bytes;
    let all = bytes.len();
    let len = usize::try_from(u32::from_le_bytes(take(&mut bytes)?)).ok()?;
    let checksum = u32::from_le_bytes(take(&mut bytes)?);
    let body = bytes.get(..len)?;
    if crc32c::crc32c(body) != checksum {
        return None;
    }
    let entry = parse(body)?;
    Some((entry, (all - bytes.len()) + len))
}

fn parse(mut body: &[u8]) -> Option<Entry<'_>> {
    let [kind] = take(&mut body)?;
    let chunk = u64::from_le_bytes(take(&mut body)?);
    match kind {
        RECORDS => Some(Entry::Records(Records {
            chunk,
            serial: u64::from_le_bytes(take(&mut body)?),
            count: u32::from_le_bytes(take(&mut body)?),
            name: text(&mut body)?,
            tag: text(&mut body)?,
            input: text(&mut body)?,
            msgpack: body,
        })),
        SETTLED => {
            let output = text(&mut body)?;
            let output = (!output.is_empty()).then_some(output);
            Some(Entry::Settled { chunk, output })
        }
        _ => None,
    }
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

fn text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let len = usize::from(u16::from_le_bytes(take(bytes)?));
    let (text, rest) = bytes.split_at_checked(len)?;
    *bytes = rest;
    str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Entry, Records, first};

    const RECORDS: Entry<'_> = Entry::Records(Records {
        chunk: 7,
        serial: 9,
        count: 2,
        name: "1-2.3.flb",
        tag: "app.web",
        input: "tcp.0",
        msgpack: b"some records",
    });

    #[test]
    fn entries_come_back_as_they_were() {
        let mut bytes = Vec::new();
        let at = RECORDS.append_to(&mut bytes);
        assert_eq!(bytes.get(at..), Some(&b"some records"[..]));
        let length = bytes.len();
        for output in [None, Some("websocket.0")] {
            Entry::Settled { chunk: 7, output }.append_to(&mut bytes);
        }
        assert_eq!(first(&bytes), Some((RECORDS, length)));
        let (_, rest) = bytes.split_at(length);
        let (settled, next) = first(rest).unwrap();
        assert_eq!(
            settled,
            Entry::Settled {
                chunk: 7,
                output: None
            }
        );
        let (settled, _) = first(rest.get(next..).unwrap()).unwrap();
        assert_eq!(
            settled,
            Entry::Settled {
                chunk: 7,
                output: Some("websocket.0")
            }
        );
    }

    #[test]
    fn what_is_torn_or_flipped_is_no_entry() {
        let mut bytes = Vec::new();
        RECORDS.append_to(&mut bytes);
        for end in 0..bytes.len() {
            assert_eq!(first(bytes.get(..end).unwrap()), None, "cut at {end}");
        }
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            *flipped.get_mut(at).unwrap() ^= 1;
            assert_eq!(first(&flipped), None, "flipped at {at}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = first(&bytes);
        }
    }
}
