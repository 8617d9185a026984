//! The `webhook:` of an endpoint or a WebSocket on its way to a call that can be made.

use std::time::Duration;

use ::http::{HeaderName, HeaderValue, Method, header};
use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_script::template::{Condition, UrlTemplate};

use super::endpoint;
use super::endpoint::response::read_headers;
use crate::dialect::Reading;
use crate::dialect::url::{self, end_of_authority};
use crate::webhook::{Content, Target, Webhook};

/// Where the manual explains webhooks.
const PAGE: &str = "docs/http.md#webhooks";

/// How long a webhook waits unless the file says, in seconds, as Moclojer documents.
const DEFAULT_SECONDS: f64 = 60.0;
/// The longest wait: a day.
const LONGEST_SECONDS: f64 = 86_400.0;

/// Headers that say who is called and how the message is framed.
const OURS: [HeaderName; 7] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Reads the map under `webhook:`.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Webhook> {
    let mut fields = reading.fields(node, "a webhook")?;
    let url = fields.need("url", reading.mistakes);
    let url = url.and_then(|node| url_of(node, reading));
    let method = fields
        .take("method")
        .map_or(Some(Method::POST), |node| endpoint::method(node, reading));
    let headers = fields.take("headers").filter(|node| !node.is_null());
    let headers = headers.map(|node| read_headers(node, &OURS, reading));
    let body = fields.take("body").and_then(|node| reading.answer(node));
    let sleep = sleep(&mut fields, reading);
    let condition = fields.take("if").map(|node| condition(node, reading));
    reading.finish(fields);
    let (target, url) = url?;
    let content = Content {
        headers: headers.unwrap_or_default(),
        body,
    };
    // A condition that is a mistake must not become none.
    let condition = match condition {
        Some(condition) => Some(condition?),
        None => None,
    };
    Some(Webhook::new(
        method?, target, url, content, sleep, condition,
    ))
}

/// `sleep-time:`, in seconds as documented; Moclojer's own code takes milliseconds.
fn sleep(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Duration {
    let seconds = reading.number(fields, "sleep-time", 0.0..=LONGEST_SECONDS);
    Duration::from_secs_f64(seconds.unwrap_or(DEFAULT_SECONDS))
}

fn condition(node: &Node, reading: &mut Reading<'_>) -> Option<Condition> {
    let text = node.as_text("`if`", reading.mistakes)?;
    match Condition::parse(text, reading.dialect) {
        Ok(condition) => Some(condition),
        Err(wrong) => {
            reading.template_mistake(node, wrong);
            None
        }
    }
}

/// Whom to call, and the path and query there.
fn url_of(node: &Node, reading: &mut Reading<'_>) -> Option<(Target, UrlTemplate)> {
    let text = node.as_text("`url`", reading.mistakes)?;
    if text.starts_with("https://") {
        let place = node.place_within(0.."https://".len());
        let mistake = Mistake::at(
            &place,
            "a webhook over TLS is not supported by this version",
        );
        let remedy = "write an `http://` address, such as that of a proxy that speaks TLS for you";
        reading.mistake(mistake.remedy(remedy).page(PAGE));
        return None;
    }
    let text = reading.url(node, "`url`", &["http"])?;
    let start = "http://".len();
    let rest = text.get(start..).unwrap_or_default();
    let length = end_of_authority(rest);
    let (authority, rest) = rest.split_at(length);
    let target = target(node, authority, start, reading)?;
    let url = reading.path_and_query(node, rest, Some(start + length), PAGE)?;
    Some((target, url))
}

/// Host and port, which are the author's choice alone.
fn target(node: &Node, authority: &str, start: usize, reading: &mut Reading<'_>) -> Option<Target> {
    let place = node.place_within(start..start + authority.len());
    let mut refuse = |message: String, remedy: &str| {
        reading.mistake(Mistake::at(&place, message).remedy(remedy).page(PAGE));
        None
    };
    if authority.contains(['{', '}']) {
        let remedy = "write the host; holes may stand in the path and the query behind it";
        return refuse("the host of a webhook has no holes".to_owned(), remedy);
    }
    if authority.contains('@') {
        let remedy = "write it as the header `Authorization`";
        return refuse("a URL with a user's name is not called".to_owned(), remedy);
    }
    let value = HeaderValue::from_str(authority).ok();
    let (Some(parsed), Some(value)) = (url::authority(authority), value) else {
        let message = format!("{} is no host", quoted(authority));
        return refuse(
            message,
            "write a name or an address, and a port if it is not 80",
        );
    };
    let port = parsed.port_u16().unwrap_or(80);
    Some(Target::new(parsed.host(), port, value, &node.place))
}
