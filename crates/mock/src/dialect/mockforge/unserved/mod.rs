//! Keys of the guide that are read and checked, but not served by this version: each is a warning,
//! and a route that cannot work without one refuses upgrades with 501.

mod beside;
mod chaos;
mod guard;
mod jsonrpc;
mod lifecycle;
mod proxy;
mod rule;
mod script;
mod section;
mod timer;

use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Key, Node};

use super::handler::Type;
use crate::answer::Answer;
use crate::dialect::Reading;

/// Checks the value under a key.
type Check = fn(&Node, &mut Reading<'_>);

/// Sections beside `websocket`, as messages name them.
const BESIDE: [(&str, Check); 2] = [
    ("`admin`", beside::check_admin),
    ("`include`", beside::check_include),
];

/// Keys beside `handlers`.
const SECTION: [(&str, Check); 8] = [
    ("`chaos`", chaos::check),
    ("`tls`", section::check_tls),
    ("`shared_state`", section::check_shared_state),
    ("`replay_file`", section::check_replay_file),
    ("`outbound_queue`", section::check_outbound_queue),
    ("`on_slow`", section::check_on_slow),
    ("`script`", section::check_script),
    ("`log_messages`", section::check_log_messages),
];

/// Keys of a handler.
const HANDLER: [(&str, Check); 14] = [
    ("`methods`", jsonrpc::check_methods),
    ("`broadcast`", timer::check_broadcast),
    ("`scheduled`", timer::check_scheduled),
    ("`state`", section::check_state),
    ("`upstream`", proxy::check_upstream),
    ("`transform`", proxy::check_transform),
    ("`record`", proxy::check_record),
    ("`record_path`", proxy::check_record_path),
    ("`forward_headers`", proxy::check_forward_headers),
    ("`on_connect`", lifecycle::check_on_connect),
    ("`on_close`", lifecycle::check_on_close),
    ("`chaos`", chaos::check),
    ("`schema`", guard::check_schema),
    ("`auth`", guard::check_auth),
];

/// Keys of a rule beside its answer.
const RULE: [(&str, Check); 6] = [
    ("`when`", script::check_when),
    ("`then`", rule::check_then),
    ("`delay_ms`", rule::check_delay),
    ("`times`", rule::check_times),
    ("`close`", rule::check_close),
    ("`broadcast`", rule::check_broadcast),
];

/// Whether the section beside `websocket` is one of the guide's.
pub(super) fn read_beside(key: &Key, node: &Node, reading: &mut Reading<'_>) -> bool {
    let part = BESIDE.iter().find(|(shown, _)| name(shown) == key.name);
    if let Some((shown, check)) = part {
        check(node, reading);
        reading.unserved(&key.place, shown);
    }
    part.is_some()
}

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
        Some(Type::JsonRpc) => Some("`type: jsonrpc`"),
        Some(Type::Script) => Some("`type: script`"),
        Some(Type::Rooms) => Some("`type: rooms`"),
        Some(Type::Proxy) => Some("`type: proxy`"),
        Some(Type::Echo | Type::Static | Type::Pattern) | None => None,
    };
    let place = type_node.map_or_else(|| fields.place().clone(), |node| node.place.clone());
    if let Some(part) = by_type {
        reading.unserved(&place, part);
    }
    let needs = |key: &str, kind: &str| {
        Mistake::at(&place, format!("a handler of type `{kind}` needs `{key}`"))
            .label(format!("`{key}` is missing"))
    };
    let scripts = script::read(fields, reading);
    if kind == Some(Type::Script) && !scripts {
        let remedy = "write the script under `script`, or name its file with `script_file`";
        fields.miss("script", needs("script", "script").remedy(remedy));
    }
    let has_upstream = fields.has("upstream");
    let part = read_parts(&HANDLER, by_type.is_none(), fields, reading);
    if kind == Some(Type::Proxy) && !has_upstream {
        let remedy = "add `upstream: wss://…`, the server behind the proxy";
        fields.miss("upstream", needs("upstream", "proxy").remedy(remedy));
    }
    by_type.or(part)
}

/// What a rule answers, and its first part that is not served.
pub(super) fn read_rule(
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> (Option<Answer>, Option<&'static str>) {
    let by_script = fields.has("handler").then_some("`handler`");
    let response = rule::read_response(fields, reading);
    if let Some(part) = by_script {
        reading.unserved(fields.place(), part);
    }
    let part = read_parts(&RULE, true, fields, reading);
    (response, by_script.or(part))
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
