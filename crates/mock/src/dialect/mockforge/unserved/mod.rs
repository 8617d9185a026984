//! Keys of the guide that are read and checked, but not served by this version: each is a warning,
//! and a route that cannot work without one refuses upgrades with 501.

mod guard;
mod proxy;
mod section;

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, Place};

use super::handler::Type;
use crate::dialect::Reading;

/// Checks the value under a key.
type Check = fn(&Node, &mut Reading<'_>);

/// Keys beside `handlers`.
const SECTION: [(&str, Check); 4] = [
    ("`replay_file`", section::check_replay_file),
    ("`outbound_queue`", section::check_outbound_queue),
    ("`on_slow`", section::check_on_slow),
    ("`log_messages`", section::check_log_messages),
];

/// Keys of a handler.
const HANDLER: [(&str, Check); 7] = [
    ("`upstream`", proxy::check_upstream),
    ("`transform`", proxy::check_transform),
    ("`record`", proxy::check_record),
    ("`record_path`", proxy::check_record_path),
    ("`forward_headers`", proxy::check_forward_headers),
    ("`schema`", guard::check_schema),
    ("`auth`", guard::check_auth),
];

pub(super) fn read_section(fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    read_parts(&SECTION, true, fields, reading);
}

/// The first part of a handler that is not served. `kind` is none if its type is a mistake.
pub(super) fn read_handler(
    kind: Option<Type>,
    type_node: Option<&Node>,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    let by_type = match kind {
        Some(Type::Proxy) => Some("`type: proxy`"),
        _ => None,
    };
    let place = type_node.map_or_else(|| fields.place().clone(), |node| node.place.clone());
    if let Some(part) = by_type {
        reading.unserved(&place, part);
    }
    let needs = |key: &str, kind: &str| {
        Mistake::at(&place, format!("a handler of type `{kind}` needs `{key}`"))
            .label(format!("`{key}` is missing"))
    };
    let has_upstream = fields.has("upstream");
    let part = read_parts(&HANDLER, by_type.is_none(), fields, reading);
    if kind == Some(Type::Proxy) && !has_upstream {
        let remedy = "add `upstream: wss://…`, the server behind the proxy";
        fields.miss("upstream", needs("upstream", "proxy").remedy(remedy));
    }
    by_type.or(part)
}

/// The first part of a handler that is not served.
#[derive(Debug, Default)]
pub(super) struct Unserved(pub(super) Option<&'static str>);

impl Unserved {
    /// A part that is not served; the user is warned.
    pub(super) fn note(&mut self, place: &Place, shown: &'static str, reading: &mut Reading<'_>) {
        reading.unserved(place, shown);
        self.0 = self.0.or(Some(shown));
    }
}

/// Checks every part that is there; the first of them. Each is a warning unless the whole is one.
fn read_parts(
    parts: &[(&'static str, Check)],
    warns: bool,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Option<&'static str> {
    let mut found = None;
    for (shown, check) in parts {
        if let Some((key, node)) = fields.take_entry(name(shown)) {
            check(node, reading);
            if warns {
                reading.unserved(&key.place, shown);
            }
            found = found.or(Some(*shown));
        }
    }
    found
}

/// The key a message shows in backticks.
fn name(shown: &str) -> &str {
    shown.trim_matches('`')
}
