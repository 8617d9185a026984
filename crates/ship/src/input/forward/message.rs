//! A message of the forward protocol passes through here and becomes records with a tag.

use std::borrow::Cow;
use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use sockeye_core::Clock;

use crate::record::{
    Events, Kind, NO_METADATA, Reader, Time, Token, WIDE_NO_METADATA, append_record, pack,
};

/// How many times larger than the limit of a message its records may be when they are unpacked.
const UNPACKED: usize = 10;

/// A message whose records are read.
pub(in crate::input) struct Message<'m> {
    pub(in crate::input) tag: Cow<'m, str>,
    pub(in crate::input) records: u32,
    /// What the sender wants to hear when they are taken.
    pub(in crate::input) ack: Option<Vec<u8>>,
}

/// Reads `[tag, time, record, option]`, `[tag, [[time, record], …], option]` or `[tag, packed, option]`
/// and appends the records; none for a sign of life. An error is a reason to cut the sender off.
pub(in crate::input) fn read<'m>(
    bytes: &'m [u8],
    limit: usize,
    clock: &Clock,
    out: &mut Vec<u8>,
) -> Result<Option<Message<'m>>, String> {
    let mut reader = Reader::new(bytes);
    let wrong = |what: &str| format!("cut off: {what}");
    let parts = match token(&mut reader)? {
        Token::Nil => return Ok(None),
        Token::Array(parts) => parts,
        other => return Err(wrong(&format!("a message that is {}", other.name()))),
    };
    let tag = match token(&mut reader)? {
        Token::Str(tag) | Token::Bin(tag) => String::from_utf8_lossy(tag),
        other => return Err(wrong(&format!("a tag that is {}", other.name()))),
    };
    let mut ahead = reader.clone();
    let second = token(&mut ahead)?;
    let option = match second {
        Token::Array(_) | Token::Str(_) | Token::Bin(_) if parts >= 2 => 2,
        _ if parts >= 3 => 3,
        _ => return Err(wrong("a message without records")),
    };
    let option = (parts > option).then(|| nth(bytes, option)).transpose()?;
    let option = option.map(Options::of).transpose()?.unwrap_or_default();
    let records = match second {
        Token::Array(count) => several(&mut ahead, count, out)?,
        Token::Str(packed) | Token::Bin(packed) => packed_records(packed, &option, limit, out)?,
        _ => one(&mut reader, &option, clock, out)?,
    };
    Ok(Some(Message {
        tag,
        records,
        ack: option.ack(),
    }))
}

fn token<'m>(reader: &mut Reader<'m>) -> Result<Token<'m>, String> {
    reader
        .token()
        .map_err(|fault| format!("cut off: no message: {fault}"))
}

fn raw<'m>(reader: &mut Reader<'m>) -> Result<&'m [u8], String> {
    reader
        .raw()
        .map_err(|fault| format!("cut off: no message: {fault}"))
}

/// The element of an array.
fn nth(array: &[u8], index: u32) -> Result<&[u8], String> {
    let mut reader = Reader::new(array);
    token(&mut reader)?;
    for _ in 0..index {
        raw(&mut reader)?;
    }
    raw(&mut reader)
}

/// `time, record`
fn one(
    reader: &mut Reader<'_>,
    option: &Options<'_>,
    clock: &Clock,
    out: &mut Vec<u8>,
) -> Result<u32, String> {
    let time = match token(reader)? {
        // Some senders leave the time to us.
        Token::Nil => crate::input::now(clock),
        time => Time::of(time).map_err(|fault| format!("cut off: {fault}"))?,
    };
    let body = map(raw(reader)?)?;
    append_record(out, time, option.metadata.unwrap_or(WIDE_NO_METADATA), body);
    Ok(1)
}

/// `[[time, record], …]`
fn several(reader: &mut Reader<'_>, count: u32, out: &mut Vec<u8>) -> Result<u32, String> {
    for _ in 0..count {
        let entry = raw(reader)?;
        let event = Events::new(entry)
            .next()
            .ok_or("cut off: an entry without a record")?;
        let event = event.map_err(|fault| format!("cut off: {fault}"))?;
        let is_plain = event.metadata == NO_METADATA;
        let metadata = if is_plain {
            NO_METADATA
        } else {
            event.metadata
        };
        append_record(out, event.time, metadata, event.body);
    }
    Ok(count)
}

/// Records as they are, packed or not; the marks of groups go with them and are not counted.
fn packed_records(
    packed: &[u8],
    option: &Options<'_>,
    limit: usize,
    out: &mut Vec<u8>,
) -> Result<u32, String> {
    let unpacked;
    let bytes = match option.compressed {
        None | Some(b"text") => packed,
        Some(b"gzip") => {
            unpacked = gunzip(packed, limit.saturating_mul(UNPACKED))?;
            &unpacked
        }
        Some(other) => {
            let name = String::from_utf8_lossy(other);
            return Err(format!(
                "cut off: compressed as `{name}`, which is not known"
            ));
        }
    };
    let mut records = 0;
    for event in Events::new(bytes) {
        let event = event.map_err(|fault| format!("cut off: {fault}"))?;
        records += u32::from(event.kind == Kind::Record);
    }
    out.extend_from_slice(bytes);
    Ok(records)
}

fn gunzip(packed: &[u8], limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    let mut decoder = MultiGzDecoder::new(packed).take(most.saturating_add(1));
    decoder
        .read_to_end(&mut bytes)
        .map_err(|error| format!("cut off: no gzip: {error}"))?;
    if bytes.len() > limit {
        return Err(format!("cut off: more than {limit} bytes when unpacked"));
    }
    Ok(bytes)
}

fn map(value: &[u8]) -> Result<&[u8], String> {
    match token(&mut Reader::new(value))? {
        Token::Map(_) => Ok(value),
        other => Err(format!("cut off: a record that is {}", other.name())),
    }
}

/// What a sender says about a message.
#[derive(Default)]
struct Options<'m> {
    chunk: Option<&'m [u8]>,
    compressed: Option<&'m [u8]>,
    metadata: Option<&'m [u8]>,
}

impl<'m> Options<'m> {
    fn of(value: &'m [u8]) -> Result<Self, String> {
        let mut options = Self::default();
        let mut reader = Reader::new(value);
        let pairs = match token(&mut reader)? {
            Token::Nil => return Ok(options),
            Token::Map(pairs) => pairs,
            other => return Err(format!("cut off: options that are {}", other.name())),
        };
        for _ in 0..pairs {
            let key = token(&mut reader)?;
            let value = raw(&mut reader)?;
            match key {
                Token::Str(b"chunk") => options.chunk = text(value),
                Token::Str(b"compressed") => options.compressed = text(value),
                Token::Str(b"metadata") => options.metadata = Some(map(value)?),
                _ => {}
            }
        }
        Ok(options)
    }

    /// `{"ack": chunk}`
    fn ack(&self) -> Option<Vec<u8>> {
        let chunk = self.chunk?;
        let mut ack = Vec::new();
        pack::map(&mut ack, 1);
        pack::string(&mut ack, b"ack");
        pack::string(&mut ack, chunk);
        Some(ack)
    }
}

fn text(value: &[u8]) -> Option<&[u8]> {
    match Reader::new(value).token() {
        Ok(Token::Str(text) | Token::Bin(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const SENT: &[u8] = include_bytes!(
        "../../../../../conformance/fluentbit/cases/in-forward-message-msgpack/input"
    );
    const FRAMES: &str = include_str!(
        "../../../../../conformance/fluentbit/cases/in-forward-message-msgpack/frames.jsonl"
    );

    #[test]
    fn every_mode_gives_the_bytes_of_the_reference() {
        let clock = Clock::system();
        let (mut out, mut records, mut acks) = (Vec::new(), 0, Vec::new());
        let mut rest = SENT;
        while !rest.is_empty() {
            let mut reader = Reader::new(rest);
            let bytes = reader.raw().unwrap();
            rest = &rest[bytes.len()..];
            let message = read(bytes, 1000, &clock, &mut out).unwrap().unwrap();
            records += message.records;
            acks.extend(message.ack);
        }
        let frame: serde_json::Value =
            serde_json::from_str(FRAMES.lines().next().unwrap()).unwrap();
        let expected = frame["hex"].as_str().unwrap().as_bytes();
        let expected: Vec<u8> = expected
            .chunks(2)
            .map(|hex| u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap())
            .collect();
        assert_eq!(out, expected);
        assert_eq!(records, 14);
        assert_eq!(acks, [b"\x81\xa3ack\xa3abc".to_vec()]);
    }

    fn packed(compressed: &[u8], entries: &[u8]) -> Vec<u8> {
        let mut message = Vec::new();
        pack::array(&mut message, 3);
        pack::string(&mut message, b"t");
        pack::binary(&mut message, entries);
        pack::map(&mut message, 1);
        pack::string(&mut message, b"compressed");
        pack::string(&mut message, compressed);
        message
    }

    #[test]
    fn gzip_is_unpacked_within_its_limit() {
        let entry = [0x92, 0x07, 0x81, 0xa1, b'a', 0x01].repeat(50);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&entry).unwrap();
        let message = packed(b"gzip", &encoder.finish().unwrap());
        let clock = Clock::system();
        let mut out = Vec::new();
        let read_all = read(&message, 100, &clock, &mut out).unwrap().unwrap();
        assert_eq!((read_all.records, out.len()), (50, entry.len()));
        let refused = read(&message, 10, &clock, &mut Vec::new()).err().unwrap();
        assert_eq!(refused, "cut off: more than 100 bytes when unpacked");
        let refused = read(&packed(b"zstd", b""), 10, &clock, &mut Vec::new())
            .err()
            .unwrap();
        assert_eq!(refused, "cut off: compressed as `zstd`, which is not known");
    }

    #[test]
    fn what_is_no_message_is_refused_and_a_sign_of_life_is_not() {
        let clock = Clock::system();
        for bytes in [
            &[0x01][..],
            &[0x91, 0xa1, b't'],
            &[0x92, 0xa1, b't', 0x01],
            &[0x93, 0x01, 0x01, 0x80],
            &[0x93, 0xa1, b't', 0x01, 0x01],
        ] {
            assert!(
                read(bytes, 10, &clock, &mut Vec::new()).is_err(),
                "{bytes:?}"
            );
        }
        assert!(
            read(&[0xc0], 10, &clock, &mut Vec::new())
                .unwrap()
                .is_none()
        );
    }
}
