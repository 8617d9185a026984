//! Keys of the guide that are read and checked, but not served by this version: each is a warning,
//! and a route that cannot work without one refuses upgrades with 501.

mod guard;

use sockeye_core::document::{Fields, Node};

use crate::dialect::Reading;

/// Checks the value under a key.
type Check = fn(&Node, &mut Reading<'_>);

/// Keys of a handler.
const HANDLER: [(&str, Check); 1] = [("`schema`", guard::check_schema)];

/// The first part of a handler that is not served.
pub(super) fn read_handler(
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    read_parts(&HANDLER, fields, reading)
}

/// Checks every part that is there, each of which is a warning; the first of them.
fn read_parts(
    parts: &[(&'static str, Check)],
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    let mut found = None;
    for (shown, check) in parts {
        if let Some((key, node)) = fields.take_entry(name(shown)) {
            check(node, reading);
            reading.unserved(&key.place, shown);
            found = found.or(Some(*shown));
        }
    }
    found
}

/// The key a message shows in backticks.
fn name(shown: &str) -> &str {
    shown.trim_matches('`')
}
