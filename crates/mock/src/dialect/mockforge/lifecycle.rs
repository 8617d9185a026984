//! `on_connect:` and `on_close:` of a handler: what is done then, and the headers a proxy adds.

use sockeye_core::document::{Fields, Key, Node};
use sockeye_core::{Mistake, quoted};

use super::rule;
use crate::act::Act;
use crate::dialect::Reading;
use crate::plan::SocketRoute;

/// Headers that belong to one connection or to the handshake itself.
const REFUSED: [&str; 8] = [
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What is done when a connection opens.
pub(super) fn read_on_connect(
    socket: &mut SocketRoute,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let node = fields.take("on_connect").filter(|node| !node.is_null());
    let Some(mut fields) = node.and_then(|node| reading.fields(node, "`on_connect`")) else {
        return;
    };
    socket
        .on_connect
        .extend(rule::read_answer(&mut fields, reading));
    if let Some(headers) = fields.take("headers") {
        let headers = headers.as_map("`headers`", reading.mistakes);
        for (key, node) in headers.unwrap_or_default() {
            check_header(key, node, reading);
        }
    }
    reading.finish(fields);
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

fn check_header(key: &Key, node: &Node, reading: &mut Reading<'_>) {
    let name = key.name.to_ascii_lowercase();
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        let text = format!("{} is not a header name", quoted(&key.name));
        let mistake = Mistake::at(&key.place, text);
        reading.mistake(mistake.remedy("use letters, digits and !#$%&'*+-.^_`|~"));
    } else if REFUSED.contains(&name.as_str()) || name.starts_with("sec-websocket-") {
        let text = format!("the proxy itself writes the header {}", quoted(&key.name));
        reading.mistake(Mistake::at(&key.place, text).remedy("remove it"));
    }
    let what = format!("the value of {}", quoted(&key.name));
    if node.as_text(&what, reading.mistakes).is_some() {
        reading.template(node);
    }
}
