//! Moclojer files (contract 1): a list of `websocket:` and `endpoint:` items, in YAML or EDN.
//!
//! They mean what their documentation promises: a JSON pattern is compared as JSON, the first rule
//! that matches answers, values are escaped for JSON and not for HTML.

pub(crate) mod endpoint;
mod pattern;
mod webhook;

use std::sync::Arc;

use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_core::{Mistake, Place, quoted};
use sockeye_net::LinkSettings;
use sockeye_wire::FrameLimits;

use super::{Part, Reading, compression};
use crate::act::Act;
use crate::answer::Answer;
use crate::conduct::Conduct;
use crate::message_log::MessageLog;
use crate::plan::{Responder, Route, SocketRoute};
use crate::rules::{Rule, Rules};

/// Where the manual explains these files.
pub(crate) const PAGE: &str = "docs/moclojer.md";

/// The largest message, in bytes: 4 MiB, as the reference accepts.
const MESSAGE_BYTES: u64 = 4 * 1024 * 1024;

/// Reads a file's items.
pub(crate) fn read(items: &[Node], place: &Place, reading: &mut Reading<'_>) -> Part {
    let link = Arc::new(LinkSettings {
        frames: FrameLimits {
            frame_bytes: MESSAGE_BYTES,
            message_bytes: MESSAGE_BYTES,
            ..FrameLimits::default()
        },
        ..LinkSettings::default()
    });
    if items.is_empty() {
        let mistake = Mistake::at(place, "the file has no items");
        reading.mistake(mistake.remedy("write `- websocket:` or `- endpoint:`"));
    }
    let routes = items
        .iter()
        .filter_map(|item| read_item(item, &link, reading))
        .collect();
    let mut part = Part {
        routes,
        ..Part::default()
    };
    part.settings.watch = Some(true);
    part.settings.all_moclojer = true;
    part
}

fn read_item(item: &Node, link: &Arc<LinkSettings>, reading: &mut Reading<'_>) -> Option<Route> {
    let NodeValue::Map(entries) = &item.value else {
        let text = format!("an item must be a map, not {}", item.kind_name());
        let mistake = Mistake::at(&item.place, text);
        reading.mistake(mistake.remedy("write `- websocket:` or `- endpoint:`"));
        return None;
    };
    let mut fields = reading.fields(item, "an item")?;
    let socket = fields.take("websocket");
    let endpoint = fields.take_entry("endpoint");
    let known = socket.is_some() || endpoint.is_some() || !entries.is_empty();
    reading.finish(fields);
    match (socket, endpoint) {
        (Some(node), None) => read_socket(node, link, reading),
        (None, Some((_, node))) => read_endpoint(node, reading),
        (Some(_), Some((key, _))) => {
            let text = "an item is either a websocket or an endpoint";
            let mistake = Mistake::at(&key.place, text);
            reading.mistake(mistake.remedy("start a new item with `- endpoint:`"));
            None
        }
        (None, None) if known => None,
        (None, None) => {
            let mistake = Mistake::at(&item.place, "an item is empty");
            reading.mistake(mistake.remedy("write `websocket:` or `endpoint:` into it"));
            None
        }
    }
}

fn read_endpoint(node: &Node, reading: &mut Reading<'_>) -> Option<Route> {
    reading.mistakes.explained_on(PAGE);
    let read = endpoint::read(node, reading);
    reading.mistakes.explained_on(endpoint::PAGE);
    let (host, path, endpoint) = read?;
    let endpoints = vec![Arc::new(endpoint)];
    let place = Some(node.get("path").unwrap_or(node).place.clone());
    Some(Route {
        host,
        path,
        socket: None,
        endpoints,
        place,
        number: 0,
    })
}

fn read_socket(node: &Node, link: &Arc<LinkSettings>, reading: &mut Reading<'_>) -> Option<Route> {
    let mut fields = reading.fields(node, "a websocket")?;
    let path_node = fields.need("path", reading.mistakes);
    let path = path_node.and_then(|path| reading.path(path));
    let host = fields.take("host").and_then(|host| reading.host(host));
    let on_connect = read_event(&mut fields, "on-connect", "`on-connect`", reading);
    let on_close = read_event(&mut fields, "on-close", "`on-close`", reading);
    let rules = reading.items(&mut fields, "on-message").iter();
    let rules = rules.filter_map(|rule| read_rule(rule, reading)).collect();
    let subprotocols = fields
        .take("subprotocols")
        .map(|names| reading.subprotocols(names));
    let conduct = read_conduct(&mut fields, node, reading);
    let names = &compression::WITH_DASHES;
    let compression = reading.compression(&mut fields, names, link.compression);
    reading.finish(fields);
    let path = path?;
    let socket = SocketRoute {
        // A path of two hosts is two routes, whose connections are counted apart.
        name: format!("{}{path}", host.as_deref().unwrap_or_default()).into(),
        kind: "websocket",
        on_connect: on_connect.into_iter().map(Act::Say).collect(),
        responder: Responder::Rules(Rules::new(rules)),
        scheduled: Vec::new(),
        broadcasts: Vec::new(),
        on_close: on_close.into_iter().collect(),
        ended: None,
        state: None,
        has_scripts: false,
        subprotocols: subprotocols.unwrap_or_default().into(),
        link: if compression == link.compression {
            Arc::clone(link)
        } else {
            Arc::new(LinkSettings {
                compression,
                ..LinkSettings::clone(link)
            })
        },
        proxy: None,
        auth: None,
        unserved: None,
        log: MessageLog::Off,
        record: None,
        redactor: None,
        chaos: None,
        conduct,
    };
    let place = path_node.map(|node| node.place.clone());
    let socket = Some(Arc::new(socket));
    Some(Route {
        host,
        path,
        socket,
        endpoints: Vec::new(),
        place,
        number: 0,
    })
}

/// `rate-limit:`, `latency:` and `webhook:`, as endpoints have them.
fn read_conduct(
    fields: &mut Fields<'_>,
    node: &Node,
    reading: &mut Reading<'_>,
) -> Option<Box<Conduct>> {
    let limit = fields.take("rate-limit");
    let limit = limit.and_then(|node| endpoint::rate_limit(node, reading));
    let latency = fields.take("latency");
    let latency = latency.and_then(|node| endpoint::latency(node, reading));
    let webhook = fields.take("webhook");
    let webhook = webhook.and_then(|node| webhook::read(node, reading));
    Conduct::new(limit, latency, webhook, &node.place)
}

/// `on-connect:` and `on-close:`: a map with one response.
fn read_event(
    fields: &mut Fields<'_>,
    key: &'static str,
    what: &'static str,
    reading: &mut Reading<'_>,
) -> Option<Answer> {
    let node = fields.take(key).filter(|node| !node.is_null())?;
    if matches!(node.value, NodeValue::Str(_)) {
        let mistake = Mistake::at(&node.place, format!("{what} must be a map, not text"));
        reading.mistake(mistake.remedy(format!("write the text as `response` in {what}")));
        return None;
    }
    let mut event = reading.fields(node, what)?;
    let response = event.need("response", reading.mistakes);
    reading.finish(event);
    reading.answer(response?)
}

fn read_rule(node: &Node, reading: &mut Reading<'_>) -> Option<Rule> {
    let mut fields = reading.fields(node, "a rule")?;
    let pattern = fields.need("pattern", reading.mistakes);
    let response = fields.need("response", reading.mistakes);
    let go_on = reading.bool(&mut fields, "continue");
    reading.finish(fields);
    let matcher = pattern.and_then(|pattern| pattern::read(pattern, reading));
    let answer = response.and_then(|response| reading.answer(response));
    let pattern = pattern?;
    Some(Rule {
        matcher: matcher?,
        when: None,
        times: None,
        acts: vec![Act::Say(answer?)],
        then: Arc::default(),
        go_on: go_on.unwrap_or(false),
        pattern: super::written(pattern),
        place: Some(pattern.place.clone()),
    })
}

impl Reading<'_> {
    /// A host name, with or without brackets, without a port.
    pub(crate) fn host(&mut self, node: &Node) -> Option<String> {
        let host = node.as_text("`host`", self.mistakes)?;
        let right = |letter: char| {
            letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '[' | ']')
        };
        let bracketed = host.starts_with('[') && host.ends_with(']');
        if !host.is_empty()
            && host
                .chars()
                .all(|letter| right(letter) || bracketed && letter == ':')
        {
            return Some(host.to_owned());
        }
        let mistake = Mistake::at(&node.place, format!("{} is not a host name", quoted(host)));
        self.mistake(mistake.remedy("write a name like `api.example.org`, without a port"));
        None
    }

    /// A list of subprotocol names, best first.
    pub(crate) fn subprotocols(&mut self, node: &Node) -> Vec<String> {
        let items = node
            .as_seq("`subprotocols`", self.mistakes)
            .unwrap_or_default();
        items
            .iter()
            .filter_map(|item| self.subprotocol(item))
            .collect()
    }

    fn subprotocol(&mut self, node: &Node) -> Option<String> {
        let name = node.as_text("a subprotocol", self.mistakes)?;
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !name.is_empty() && name.bytes().all(token) {
            return Some(name.to_owned());
        }
        let text = format!("{} is not a subprotocol name", quoted(name));
        let remedy = "use letters, digits and !#$%&'*+-.^_`|~";
        self.mistake(Mistake::at(&node.place, text).remedy(remedy));
        None
    }
}
