//! `stdout` prints records on their way and lets them pass.

use std::io::Write as _;

use sockeye_core::Mistakes;

use super::{COMMON_KEYS, Filter, Filtered, Known};
use crate::format::Objects;
use crate::parser::Parsers;
use crate::properties::Properties;
use crate::record::{Events, NO_METADATA, Time};

pub(super) const KNOWN: Known = Known {
    name: "stdout",
    about: "prints records and lets them pass",
    keys: &[COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Show;

#[expect(clippy::unnecessary_wraps, reason = "every filter is built alike")]
fn build(_: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    Ok(Box::new(Show))
}

/// `[0] tag: [[1700000000.123456789, {}], {"a":1}]`, a line for each record.
pub(crate) fn lines(tag: &str, records: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let objects = Objects::default();
    for (at, event) in Events::new(records).map_while(Result::ok).enumerate() {
        let Time { seconds, nanos } = event.time;
        // Writing to a vector cannot fail, and what was walked through once can be said.
        let _ = write!(text, "[{at}] {tag}: [[{seconds}.{nanos:09}, ");
        let _ = objects.append(&mut text, None, NO_METADATA, event.metadata);
        text.extend_from_slice(b"], ");
        let _ = objects.append(&mut text, None, NO_METADATA, event.body);
        text.extend_from_slice(b"]\n");
    }
    text
}

impl Filter for Show {
    fn apply(&mut self, tag: &str, records: &[u8], _: &mut Vec<u8>) -> Filtered {
        // A pipe that nobody reads any more does not stop the records.
        let _ = std::io::stdout().write_all(&lines(tag, records));
        Filtered::Unchanged
    }
}
