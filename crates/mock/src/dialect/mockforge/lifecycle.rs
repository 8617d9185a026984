//! `on_connect:` and `on_close:` of a handler: what is done then, and the headers a proxy adds.

use ::http::HeaderName;
use sockeye_core::document::{Fields, Key, Node};
use sockeye_core::{Mistake, Place, quoted};
use sockeye_script::template::Template;

use super::rule;
use crate::act::Act;
use crate::dialect::Reading;
use crate::plan::SocketRoute;

/// Headers that belong to one connection or to the handshake itself.
const REFUSED: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is done when a connection opens; the headers with which a proxy calls.
pub(super) fn read_on_connect(
    socket: &mut SocketRoute,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) -> Vec<(HeaderName, Template)> {
    let mut found = Vec::new();
    let node = fields.take("on_connect").filter(|node| !node.is_null());
    let Some(mut fields) = node.and_then(|node| reading.fields(node, "`on_connect`")) else {
        return found;
    };
    socket
        .on_connect
        .extend(rule::read_answer(&mut fields, reading));
    if let Some(headers) = fields.take("headers") {
        let headers = headers.as_map("`headers`", reading.mistakes);
        for (key, node) in headers.unwrap_or_default() {
            found.extend(read_header(key, node, reading));
        }
    }
    reading.finish(fields);
    found
}

/// What is said before a connection closes, or run when it has ended.
pub(super) fn read_on_close(
    socket: &mut SocketRoute,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let node = fields.take("on_close").filter(|node| !node.is_null());
    let Some(mut fields) = node.and_then(|node| reading.fields(node, "`on_close`")) else {
        return;
    };
    match rule::read_answer(&mut fields, reading) {
        Some(Act::Say(answer)) => socket.on_close.push(answer),
        Some(Act::Run(handler)) => socket.ended = Some(handler),
        _ => {}
    }
    reading.finish(fields);
}

fn read_header(
    key: &Key,
    node: &Node,
    reading: &mut Reading<'_>,
) -> Option<(HeaderName, Template)> {
    let name = header_name(&key.name, &key.place, reading);
    let what = format!("the value of {}", quoted(&key.name));
    node.as_text(&what, reading.mistakes)?;
    let value = reading.template(node);
    name.zip(value)
}

/// A header that a proxy may send, or a mistake.
pub(super) fn header_name(
    written: &str,
    place: &Place,
    reading: &mut Reading<'_>,
) -> Option<HeaderName> {
    let Ok(name) = written.parse::<HeaderName>() else {
        let text = format!("{} is not a header name", quoted(written));
        let mistake = Mistake::at(place, text);
        reading.mistake(mistake.remedy("use letters, digits and !#$%&'*+-.^_`|~"));
        return None;
    };
    if REFUSED.contains(&name.as_str()) || name.as_str().starts_with("sec-websocket-") {
        let text = format!("the proxy itself writes the header {}", quoted(written));
        reading.mistake(Mistake::at(place, text).remedy("remove it"));
        return None;
    }
    Some(name)
}
