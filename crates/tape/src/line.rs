//! One line of a `.part` file passes through here: JSON whose last member is a checksum (CRC-32C, RFC 3720
//! appendix B.4) of what stands before it, so that a reader knows a line that was torn or changed.

use std::borrow::Cow;
use std::io::{self, Write as _};
use std::time::Duration;

use crc32c::crc32c;
use serde::{Deserialize, Serialize};
use sockeye_core::Timestamp;

use crate::millis::LATEST;
use crate::shape::{Shape, Shared};
use crate::{Entry, Head};

/// The version of the form that is written; others are not read.
pub(crate) const VERSION: u32 = 1;

/// What stands between a line's members and its eight digits.
const SEAL: &[u8] = b",\"crc\":\"";
/// What stands behind them.
const END: &[u8] = b"\"}";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct First<'a> {
    sockeye_tape: u32,
    #[serde(with = "crate::stamp")]
    recorded_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    path: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tool: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<Cow<'a, str>>,
    /// What was left out, in words.
    redaction: Cow<'a, str>,
}

/// Every other line.
#[derive(Debug, Serialize, Deserialize)]
struct Next<'a> {
    seq: u64,
    t_us: u64,
    #[serde(borrow, flatten)]
    shape: Shape<'a>,
}

/// Appends the first line.
pub(crate) fn write_head(into: &mut Vec<u8>, head: &Head, redaction: &str) -> io::Result<()> {
    let first = First {
        sockeye_tape: VERSION,
        recorded_at: head.recorded_at,
        path: head.path.as_deref().map(Cow::Borrowed),
        tool: head.tool.as_deref().map(Cow::Borrowed),
        version: head.version.as_deref().map(Cow::Borrowed),
        redaction: Cow::Borrowed(redaction),
    };
    put(into, &first)
}

/// Appends the line of entry number `seq`, which count from 1.
pub(crate) fn write_entry(into: &mut Vec<u8>, seq: u64, entry: &Entry) -> io::Result<()> {
    let next = Next {
        seq,
        t_us: u64::try_from(entry.at.as_micros()).unwrap_or(u64::MAX),
        shape: Shape::from(entry),
    };
    put(into, &next)
}

fn put(into: &mut Vec<u8>, line: &impl Serialize) -> io::Result<()> {
    let start = into.len();
    serde_json::to_writer(&mut *into, line)?;
    into.pop();
    let sum = crc32c(into.get(start..).unwrap_or_default());
    into.extend_from_slice(SEAL);
    write!(into, "{sum:08x}")?;
    into.extend_from_slice(END);
    into.push(b'\n');
    Ok(())
}

/// The members of a line, if it is whole and unchanged; else what is wrong with it.
fn open(line: &[u8]) -> Result<String, String> {
    let torn = || "the line is torn".to_owned();
    let line = line.strip_suffix(b"\n").ok_or_else(torn)?;
    let line = line.strip_suffix(END).ok_or_else(torn)?;
    let (line, digits) = line
        .split_at_checked(line.len().wrapping_sub(8))
        .ok_or_else(torn)?;
    let members = line.strip_suffix(SEAL).ok_or_else(torn)?;
    if format!("{:08x}", crc32c(members)).as_bytes() != digits {
        return Err("its checksum is wrong: the line was changed".to_owned());
    }
    let members = str::from_utf8(members).map_err(|_| "it is not UTF-8".to_owned())?;
    Ok(format!("{members}}}"))
}

/// What the first line says.
pub(crate) fn read_head(line: &[u8]) -> Result<Head, String> {
    let line = open(line)?;
    let first: First = serde_json::from_str(&line).map_err(|problem| problem.to_string())?;
    if first.sockeye_tape != VERSION {
        let version = first.sockeye_tape;
        return Err(format!(
            "version {version} is not known here, only {VERSION}"
        ));
    }
    Ok(Head {
        recorded_at: first.recorded_at,
        path: first.path.map(Cow::into_owned),
        tool: first.tool.map(Cow::into_owned),
        version: first.version.map(Cow::into_owned),
    })
}

/// What the line of entry number `seq` says.
pub(crate) fn read_entry(line: &[u8], seq: u64, shared: &mut Shared) -> Result<Entry, String> {
    let line = open(line)?;
    let next: Next = serde_json::from_str(&line).map_err(|problem| problem.to_string())?;
    if next.seq != seq {
        return Err(format!("it is entry {} where {seq} was to come", next.seq));
    }
    #[expect(clippy::cast_precision_loss, reason = "only compared with a bound")]
    if next.t_us as f64 / 1000.0 > LATEST {
        return Err(format!("{} µs is too late", next.t_us));
    }
    let mut entry = next.shape.entry(shared)?;
    entry.at = Duration::from_micros(next.t_us);
    Ok(entry)
}
