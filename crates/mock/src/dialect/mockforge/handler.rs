//! One entry of `handlers:` becomes a route.

use std::sync::Arc;

use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_core::{Mistake, quoted};
use sockeye_net::LinkSettings;

use super::{PAGE, builtin, frame_limits, matching, route, unserved};
use crate::answer::Answer;
use crate::dialect::{Reading, written};
use crate::plan::{Route, SocketRoute};
use crate::rules::{Rule, Rules};

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
}

/// Handler types by their names in files.
pub(super) const TYPES: [(&str, Type); 7] = [
    ("echo", Type::Echo),
    ("static", Type::Static),
    ("pattern", Type::Pattern),
    ("jsonrpc", Type::JsonRpc),
    ("script", Type::Script),
    ("rooms", Type::Rooms),
    ("proxy", Type::Proxy),
];

/// Keys that belong to certain types only.
const BELONGS: [(&str, &[Type]); 8] = [
    ("messages", &[Type::Static]),
    ("rules", &[Type::Pattern, Type::Rooms, Type::Proxy]),
    ("methods", &[Type::JsonRpc]),
    ("script", &[Type::Script]),
    ("upstream", &[Type::Proxy]),
    ("transform", &[Type::Proxy]),
    ("record", &[Type::Proxy]),
    ("record_path", &[Type::Proxy]),
];

/// Reads one handler.
pub(super) fn read(
    node: &Node,
    link: &Arc<LinkSettings>,
    reading: &mut Reading<'_>,
) -> Option<Route> {
    let mut fields = reading.fields(node, "a handler")?;
    let path_node = fields.need("path", reading.mistakes);
    let path = path_node.and_then(|path| reading.path(path));
    let type_node = fields.take("type").filter(|node| !node.is_null());
    let kind = match type_node {
        Some(node) => node.as_choice("type", &TYPES, reading.mistakes),
        // A handler without a type answers by rules, or says nothing at all.
        None => Some(Type::Pattern),
    };
    if let Some(kind) = kind {
        check_belongings(node, kind, reading);
    }
    let link = own_link(&mut fields, link, reading);
    let subprotocols = fields
        .take("subprotocols")
        .map(|names| reading.subprotocols(names));
    for key in ["name", "description"] {
        let _ = fields
            .take(key)
            .map(|node| node.as_text(key, reading.mistakes));
    }
    let mut socket = builtin::socket("", type_name(kind?), Vec::new(), &link);
    socket.subprotocols = subprotocols.unwrap_or_default().into();
    fill(&mut socket, kind?, &mut fields, reading);
    reading.finish(fields);
    let path = path?;
    socket.name = path.to_string();
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

/// What the type says about the route.
fn fill(socket: &mut SocketRoute, kind: Type, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    match kind {
        Type::Echo => socket.rules = Rules::new(vec![builtin::any(vec![Answer::Echo])]),
        Type::Static => read_messages(socket, fields, reading),
        Type::Pattern | Type::Rooms | Type::Proxy => {
            let rules = fields.take("rules").filter(|rules| !rules.is_null());
            let items = rules.and_then(|rules| rules.as_seq("rules", reading.mistakes));
            let mut unserved = None;
            let rules = items.unwrap_or_default().iter();
            let rules = rules
                .filter_map(|rule| read_rule(rule, &mut unserved, reading))
                .collect();
            socket.rules = Rules::new(rules);
            socket.unserved = unserved;
        }
        Type::JsonRpc | Type::Script => {}
    }
    let part = unserved::read_handler(kind, fields, reading);
    socket.unserved = part.or(socket.unserved);
}

/// A key that means nothing for this type is a mistake.
fn check_belongings(node: &Node, kind: Type, reading: &mut Reading<'_>) {
    let NodeValue::Map(entries) = &node.value else {
        return;
    };
    for (key, _) in entries {
        let types = BELONGS.iter().find(|(name, _)| *name == key.name);
        let Some((_, types)) = types.filter(|(_, types)| !types.contains(&kind)) else {
            continue;
        };
        let names: Vec<String> = types
            .iter()
            .map(|kind| format!("`type: {}`", type_name(*kind)))
            .collect();
        let kind = type_name(kind);
        let text = format!(
            "{} means nothing in a handler of type `{kind}`",
            quoted(&key.name)
        );
        let mistake = Mistake::at(&key.place, text).page(PAGE);
        reading.mistake(mistake.remedy(format!("it belongs to {}", names.join(" or "))));
    }
}

/// The link settings with the handler's own message size.
fn own_link(
    fields: &mut Fields<'_>,
    link: &Arc<LinkSettings>,
    reading: &mut Reading<'_>,
) -> Arc<LinkSettings> {
    let size = fields
        .take("max_message_size")
        .and_then(|node| reading.message_size(node));
    match size {
        Some(bytes) => Arc::new(LinkSettings {
            frames: frame_limits(bytes),
            ..LinkSettings::clone(link)
        }),
        None => Arc::clone(link),
    }
}

/// `messages:` of a static handler: a list of one-key maps, or one map.
fn read_messages(socket: &mut SocketRoute, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    let Some(node) = fields.take("messages").filter(|node| !node.is_null()) else {
        return;
    };
    let items: Vec<&Node> = match &node.value {
        NodeValue::Seq(items) => items.iter().collect(),
        _ => vec![node],
    };
    let mut on_message = Vec::new();
    for item in items {
        let Some(mut message) = reading.fields(item, "a static message") else {
            continue;
        };
        let mut say = |key, answers: &mut Vec<Answer>, reading: &mut Reading<'_>| {
            let answer = message.take(key).and_then(|node| reading.answer(node));
            answers.extend(answer);
        };
        say("on_connect", &mut socket.on_connect, reading);
        say("on_message", &mut on_message, reading);
        say("on_close", &mut socket.on_close, reading);
        reading.finish(message);
    }
    if !on_message.is_empty() {
        socket.rules = Rules::new(vec![builtin::any(on_message)]);
    }
}

fn read_rule(
    node: &Node,
    unserved: &mut Option<&'static str>,
    reading: &mut Reading<'_>,
) -> Option<Rule> {
    let mut fields = reading.fields(node, "a rule")?;
    let pattern = fields.take("match");
    let response = fields.take_entry("response");
    let handler = fields.take_entry("handler");
    let go_on = fields
        .take("continue")
        .and_then(|go| go.as_bool("continue", reading.mistakes));
    if let (Some(_), Some((key, node))) = (response, handler) {
        let _ = node;
        let mistake = Mistake::at(&key.place, "a rule has either a `response` or a `handler`");
        reading.mistake(mistake.remedy("remove one of them").page(PAGE));
    }
    let part = unserved::read_rule(&mut fields, handler, reading);
    *unserved = part.or(*unserved);
    reading.finish(fields);
    let matcher = matching::read(pattern, reading);
    let answer = response.and_then(|(_, node)| reading.answer(node));
    Some(Rule {
        matcher: matcher?,
        answers: answer.into_iter().collect(),
        go_on: go_on.unwrap_or(false),
        pattern: pattern.map_or_else(|| "*".to_owned(), written),
        place: Some(pattern.unwrap_or(node).place.clone()),
    })
}
