//! One entry of `handlers:` becomes a route.

use std::sync::Arc;

use sockeye_core::document::{Fields, Key, Node, NodeValue};
use sockeye_core::{Mistake, quoted};
use sockeye_net::LinkSettings;
use sockeye_script::js::ScriptKind;

use super::{
    auth, builtin, chaos, frame_limits, jsonrpc, lifecycle, oversize, proxy, record, route, rule,
    sink, timer, unserved,
};
use crate::act::Act;
use crate::answer::Answer;
use crate::chaos::Said;
use crate::dialect::field::one_of;
use crate::dialect::{Reading, compression};
use crate::plan::{Responder, Route, SocketRoute};
use crate::proxy::Allowed;
use crate::rules::Rules;

/// What a handler does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Echo,
    Static,
    Pattern,
    JsonRpc,
    Script,
    Rooms,
    Proxy,
    Sink,
}

/// Handler types by their names in files.
pub(super) const TYPES: [(&str, Type); 8] = [
    ("echo", Type::Echo),
    ("static", Type::Static),
    ("pattern", Type::Pattern),
    ("jsonrpc", Type::JsonRpc),
    ("script", Type::Script),
    ("rooms", Type::Rooms),
    ("proxy", Type::Proxy),
    ("sink", Type::Sink),
];

/// Keys that belong to certain types only.
const BELONGS: [(&str, &[Type]); 12] = [
    ("messages", &[Type::Static]),
    ("rules", &[Type::Pattern, Type::Rooms, Type::Proxy]),
    ("methods", &[Type::JsonRpc]),
    ("script", &[Type::Script]),
    ("script_file", &[Type::Script]),
    ("forward_headers", &[Type::Proxy]),
    ("forward_query", &[Type::Proxy]),
    ("connect_timeout_ms", &[Type::Proxy]),
    ("tls", &[Type::Proxy]),
    ("upstream", &[Type::Proxy]),
    ("transform", &[Type::Proxy]),
    ("sink", &[Type::Sink]),
];

/// Reads one handler.
pub(super) fn read(
    node: &Node,
    link: &Arc<LinkSettings>,
    allowed: &Arc<[Allowed]>,
    all_chaos: Option<&Said>,
    reading: &mut Reading<'_>,
) -> Option<Route> {
    let mut fields = reading.fields(node, "a handler")?;
    let path_node = fields.need("path", reading.mistakes);
    let path = path_node.and_then(|path| reading.path(path));
    let type_node = fields.take("type").filter(|node| !node.is_null());
    let kind = match type_node {
        Some(node) => node.as_choice("`type`", &TYPES, reading.mistakes),
        // A handler without a type answers by rules, or says nothing at all.
        None => Some(Type::Pattern),
    };
    if let Some(kind) = kind {
        check_belongings(node, kind, &mut fields, reading);
    }
    let link = own_link(&mut fields, link, reading);
    let subprotocols = fields
        .take("subprotocols")
        .map(|names| reading.subprotocols(names));
    for key in ["name", "description"] {
        reading.text(&mut fields, key);
    }
    let link = if kind == Some(Type::Sink) {
        Arc::new(sink::link(&link, node.get("max_message_size").is_some()))
    } else {
        link
    };
    let kind_name = type_name(kind.unwrap_or(Type::Pattern));
    let mut socket = builtin::socket("", kind_name, Vec::new(), &link);
    socket.subprotocols = subprotocols.unwrap_or_default().into();
    read_messages(&mut socket, &mut fields, reading);
    read_rules(&mut socket, &mut fields, reading);
    read_methods(&mut socket, kind, &mut fields, reading);
    read_script(&mut socket, kind, type_node, &mut fields, reading);
    read_timers(&mut socket, &mut fields, reading);
    let headers = lifecycle::read_on_connect(&mut socket, &mut fields, reading);
    lifecycle::read_on_close(&mut socket, &mut fields, reading);
    socket.state = read_state(&mut fields, reading);
    let kept = record::read(node, &mut fields, reading);
    (socket.record, socket.redactor) = (kept.record, kept.redactor);
    chaos::read_handler(&mut socket, all_chaos, &mut fields, reading);
    socket.auth = auth::read(&mut fields, reading).map(Arc::new);
    if kind == Some(Type::Proxy) {
        let place = type_node.map_or_else(|| fields.place().clone(), |node| node.place.clone());
        let proxy = proxy::read(&place, headers, allowed, &mut fields, reading);
        socket.proxy = proxy.map(Arc::new);
    }
    if kind == Some(Type::Sink) {
        socket.responder = Responder::Sink(Arc::new(sink::read(node, &mut fields, reading)));
    }
    socket.unserved = unserved::read_handler(&mut fields, reading);
    reading.finish(fields);
    if kind? == Type::Echo {
        socket.responder = builtin::one_rule(vec![Answer::Echo]);
    }
    let path = path?;
    socket.name = path.to_string().into();
    socket.note_scripts();
    oversize::warn(&socket, &node.place, reading);
    Some(route(
        path,
        socket,
        path_node.map(|node| node.place.clone()),
    ))
}

fn type_name(kind: Type) -> &'static str {
    TYPES
        .iter()
        .find(|(_, known)| *known == kind)
        .map_or("pattern", |(name, _)| name)
}

/// A key that means nothing for this type is a mistake.
fn check_belongings(node: &Node, kind: Type, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    for (name, types) in BELONGS {
        // Asked for only if it is there: it shall not be proposed for misspelt ones.
        if node.get(name).is_some() && !types.contains(&kind) {
            let key = fields.take_entry(name).map(|(key, _)| key);
            reading
                .mistakes
                .extend(key.map(|key| stray(key, node, kind, types)));
        }
    }
    let headers = node
        .get("on_connect")
        .and_then(|event| event.key("headers"));
    let headers = headers.filter(|_| kind != Type::Proxy);
    reading
        .mistakes
        .extend(headers.map(|key| stray(key, node, kind, &[Type::Proxy])));
}

/// The mistake of a key that belongs to handlers of other types.
fn stray(key: &Key, handler: &Node, kind: Type, types: &[Type]) -> Mistake {
    let name = quoted(&key.name);
    let names: Vec<String> = types.iter().map(|kind| quoted(type_name(*kind))).collect();
    let written = handler.key("type");
    let mistake = match written {
        Some(_) => {
            let text = format!(
                "{name} means nothing in a handler of type `{}`",
                type_name(kind)
            );
            Mistake::at(&key.place, text)
        }
        None => Mistake::at(
            &key.place,
            format!("{name} means nothing in a handler without `type`"),
        ),
    };
    mistake.remedy(match (written, types) {
        (None, [only]) => format!("add `type: {}`", type_name(*only)),
        _ => format!("it belongs to type {}", one_of(&names)),
    })
}

/// The link settings with the handler's own message size and compression.
fn own_link(
    fields: &mut Fields<'_>,
    link: &Arc<LinkSettings>,
    reading: &mut Reading<'_>,
) -> Arc<LinkSettings> {
    let size = fields
        .take("max_message_size")
        .and_then(|node| reading.message_size(node));
    let names = &compression::WITH_UNDERSCORES;
    let compression = reading.compression(fields, names, link.compression);
    if size.is_none() && compression == link.compression {
        return Arc::clone(link);
    }
    Arc::new(LinkSettings {
        frames: size.map_or(link.frames, frame_limits),
        compression,
        ..LinkSettings::clone(link)
    })
}

/// The moments at which a static handler says something.
const MOMENTS: [&str; 3] = ["on_connect", "on_message", "on_close"];

/// `messages:` of a static handler: a list of one-key maps, or one map.
fn read_messages(socket: &mut SocketRoute, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    let Some(node) = fields.take("messages").filter(|node| !node.is_null()) else {
        return;
    };
    let is_list = matches!(node.value, NodeValue::Seq(_));
    let items = match &node.value {
        NodeValue::Seq(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut on_message = Vec::new();
    for item in items {
        let Some(mut message) = reading.fields(item, "an entry of `messages`") else {
            continue;
        };
        let entries = MOMENTS.map(|key| message.take_entry(key));
        reading.finish(message);
        let found: Vec<&Key> = entries.iter().flatten().map(|(key, _)| key).collect();
        if is_list && found.len() > 1 {
            reading.mistake(several_moments(&found));
        }
        let [connect, message, close] =
            entries.map(|entry| entry.and_then(|(_, node)| reading.answer(node)));
        socket.on_connect.extend(connect.map(Act::Say));
        on_message.extend(message);
        socket.on_close.extend(close);
    }
    if !on_message.is_empty() {
        socket.responder = builtin::one_rule(on_message);
    }
}

fn several_moments(keys: &[&Key]) -> Mistake {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|key| key.place.span().start);
    let [first, second, ..] = keys.as_slice() else {
        return Mistake::nowhere("an entry of `messages` has several keys");
    };
    let text = format!("an entry of `messages` has one key, not {}", keys.len());
    Mistake::at(&second.place, text)
        .label("one too many")
        .also(&first.place, "the first one")
        .remedy(format!("start another entry: `- {}: …`", second.name))
}

fn read_rules(socket: &mut SocketRoute, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    let items = reading.items(fields, "rules");
    if items.is_empty() {
        return;
    }
    let rules = items
        .iter()
        .filter_map(|rule| rule::read(rule, reading))
        .collect();
    socket.responder = Responder::Rules(Rules::new(rules));
}

fn read_methods(
    socket: &mut SocketRoute,
    kind: Option<Type>,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let items = reading.items(fields, "methods");
    if kind == Some(Type::JsonRpc) {
        let methods = jsonrpc::read_methods(items, reading);
        socket.responder = Responder::JsonRpc(methods);
    }
}

fn read_timers(socket: &mut SocketRoute, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    let items = reading.items(fields, "scheduled");
    socket.scheduled = timer::read_scheduled(items, reading);
    if let Some(node) = fields.take("broadcast").filter(|node| !node.is_null()) {
        socket.broadcasts = timer::read_broadcast(node, reading);
    }
}

/// The script of a handler: its text, or the name of its file.
fn read_script(
    socket: &mut SocketRoute,
    kind: Option<Type>,
    type_node: Option<&Node>,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let found = reading.either(fields, &["script", "script_file"]);
    for (key, node) in &found {
        let handler = if key.name == "script" {
            reading.as_script(node, "script", ScriptKind::Script)
        } else {
            reading.script_file(node, ScriptKind::Script)
        };
        if let Some(handler) = handler {
            socket.responder = Responder::Script(handler);
        }
    }
    if kind == Some(Type::Script) && found.is_empty() {
        let place = type_node.map_or_else(|| fields.place(), |node| &node.place);
        let mistake = Mistake::at(place, "a handler of type `script` needs `script`")
            .label("`script` is missing")
            .remedy("write the script under `script`, or name its file with `script_file`");
        fields.miss("script", mistake);
    }
}

/// What the state of every connection starts as.
fn read_state(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<serde_json::Value> {
    let node = fields.take("state").filter(|node| !node.is_null())?;
    let mut fields = reading.fields(node, "`state`")?;
    let initial = fields.take("initial").filter(|node| !node.is_null());
    reading.finish(fields);
    let initial = initial?;
    initial.as_map("`initial`", reading.mistakes)?;
    Some(initial.to_json())
}
