//! `on_connect:` and `on_close:` of a handler: what is said then, and the headers a proxy adds.

use sockeye_core::document::{Key, Node};
use sockeye_core::{Mistake, quoted};

use super::Unserved;
use super::rule::read_response;
use crate::dialect::Reading;

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

pub(super) fn check_on_connect(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`on_connect`") else {
        return;
    };
    read_response(&mut fields, &mut Unserved::default(), reading);
    if let Some(headers) = fields.take("headers") {
        let headers = headers.as_map("`headers`", reading.mistakes);
        for (key, node) in headers.unwrap_or_default() {
            check_header(key, node, reading);
        }
    }
    reading.finish(fields);
}

pub(super) fn check_on_close(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`on_close`") else {
        return;
    };
    read_response(&mut fields, &mut Unserved::default(), reading);
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
