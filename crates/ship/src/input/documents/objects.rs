//! A JSON value that was read passes through here and becomes records: an object one, an array what the input says.

use super::Arrays;
use crate::json::Fault;
use crate::record::{
    NO_METADATA, Reader, RecordWriter, Time, Token, WIDE_NO_METADATA, append_record, pack,
};

/// Keys that an input puts behind those of a record.
#[derive(Clone, Debug, Default)]
pub(in crate::input) struct Extra {
    pub(in crate::input) pairs: u32,
    pub(in crate::input) bytes: Vec<u8>,
}

impl Extra {
    pub(in crate::input) fn string(&mut self, key: &str, value: &str) {
        pack::string(&mut self.bytes, key.as_bytes());
        pack::string(&mut self.bytes, value.as_bytes());
        self.pairs += 1;
    }
}

/// A value as one record or several.
pub(super) fn append(
    value: &[u8],
    arrays: Arrays,
    time: Time,
    extra: &Extra,
    out: &mut Vec<u8>,
) -> Result<u32, Fault> {
    let refused = |wanted| Fault::Unexpected { at: 0, wanted };
    let mut reader = Reader::new(value);
    let token = reader.token().map_err(|_| Fault::TooDeep(0))?;
    let count = match token {
        Token::Map(pairs) => {
            let pairs_at = reader.at();
            let body = value.get(pairs_at..).unwrap_or_default();
            object(out, time, WIDE_NO_METADATA, value, (pairs, body), extra);
            return Ok(1);
        }
        Token::Array(count) => count,
        _ => return Err(refused("an object")),
    };
    match arrays {
        Arrays::Message => {
            let mut record = RecordWriter::new(out, time);
            record.key("msg").extend_from_slice(value);
            record.pairs(extra.pairs, &extra.bytes);
            record.finish();
            Ok(1)
        }
        Arrays::Timed => {
            let wanted = "a time and an object in an array";
            let head = reader.token().map_err(|_| refused(wanted))?;
            let given = Time::of(head)
                .ok()
                .filter(|_| count == 2)
                .ok_or_else(|| refused(wanted))?;
            let body = value.get(reader.at()..).unwrap_or_default();
            let Ok(Token::Map(_)) = reader.token() else {
                return Err(refused(wanted));
            };
            append_record(out, given, NO_METADATA, body);
            Ok(1)
        }
        Arrays::Several => {
            let before = out.len();
            for _ in 0..count {
                let Ok(item) = reader.raw() else {
                    return Err(refused("an object"));
                };
                let Ok(1) = append(item, Arrays::Message, time, extra, out)
                    .map(|one| if item_is_map(item) { one } else { 0 })
                else {
                    out.truncate(before);
                    return Err(refused("objects in the array"));
                };
            }
            Ok(count)
        }
    }
}

fn item_is_map(item: &[u8]) -> bool {
    matches!(item.first(), Some(0x80..=0x8f | 0xde | 0xdf))
}

/// A ready map, or one with more keys behind its own.
fn object(
    out: &mut Vec<u8>,
    time: Time,
    metadata: &[u8],
    value: &[u8],
    (pairs, body): (u32, &[u8]),
    extra: &Extra,
) {
    if extra.pairs == 0 {
        append_record(out, time, metadata, value);
        return;
    }
    let mut record = RecordWriter::new(out, time);
    record.pairs(pairs, body);
    record.pairs(extra.pairs, &extra.bytes);
    record.finish();
}
