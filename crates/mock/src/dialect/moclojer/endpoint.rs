//! One `endpoint:` of a Moclojer file on its way to an HTTP endpoint.

pub(super) mod response;

use std::time::Duration;

use ::http::Method;
use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_core::{Mistake, quoted};

use super::webhook;
use crate::dialect::Reading;
use crate::http::{Demand, Endpoint, Form, Latency, RateLimit};
use crate::path::{KINDS, Kind, PathPattern};

/// Where the manual explains endpoints.
pub(super) const PAGE: &str = "docs/http.md";

const METHODS: [Method; 8] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::TRACE,
];

/// The longest window of a rate limit, in milliseconds: a day.
const LONGEST_WINDOW: u64 = 24 * 60 * 60 * 1000;
/// Moclojer's defaults: 100 requests in 15 minutes.
const DEFAULT_WINDOW: u64 = 15 * 60 * 1000;
const DEFAULT_REQUESTS: u64 = 100;

/// The longest delay, in milliseconds: ten minutes.
const LONGEST_DELAY: u64 = 10 * 60 * 1000;
/// How long a simulated timeout takes unless the file says, in milliseconds, as in Moclojer.
const DEFAULT_TIMEOUT: u64 = 30_000;

/// Reads the map under `endpoint:`. A host, if it names one, the path, and the rest.
pub(crate) fn read(
    node: &Node,
    reading: &mut Reading<'_>,
) -> Option<(Option<String>, PathPattern, Endpoint)> {
    let mut fields = reading.fields(node, "an endpoint")?;
    let method = fields
        .take("method")
        .map_or(Some(Method::GET), |node| method(node, reading));
    let path = fields
        .need("path", reading.mistakes)
        .and_then(|node| path(node, reading));
    let host = fields.take("host").and_then(|node| reading.host(node));
    let query = fields.take("query").map(|node| query(node, reading));
    let body = fields.take("body").filter(|node| !node.is_null());
    let body = body.and_then(|node| example(node, reading));
    let reply = fields
        .take("response")
        .and_then(|node| response::read(node, reading));
    let rate_limit = fields
        .take("rate-limit")
        .and_then(|node| rate_limit(node, reading));
    let latency = fields
        .take("latency")
        .and_then(|node| latency(node, reading));
    let webhook = fields
        .take("webhook")
        .and_then(|node| webhook::read(node, reading));
    // Both only order Moclojer's Swagger page.
    fields.take("tag");
    fields.take("router-name");
    reading.finish(fields);
    let (method, path) = (method?, path?);
    let mut endpoint = Endpoint::new(method, &path, node.place.clone());
    endpoint.demand = Demand {
        query: query.unwrap_or_default(),
        body,
    };
    endpoint.rate_limit = rate_limit;
    endpoint.latency = latency;
    endpoint.webhook = webhook;
    endpoint.reply = reply.unwrap_or_default();
    Some((host, path, endpoint))
}

/// The name of a method, in any case.
pub(super) fn method(node: &Node, reading: &mut Reading<'_>) -> Option<Method> {
    let word = node.as_text("method", reading.mistakes)?;
    let found = METHODS
        .into_iter()
        .find(|method| method.as_str().eq_ignore_ascii_case(word));
    if found.is_none() {
        let mistake = Mistake::at(&node.place, format!("there is no method {}", quoted(word)));
        let known = METHODS.each_ref().map(Method::as_str);
        reading.mistake(mistake.did_you_mean(word, known).page(PAGE));
    }
    found
}

fn path(node: &Node, reading: &mut Reading<'_>) -> Option<PathPattern> {
    let query = node
        .text()
        .and_then(|text| Some(text.find('?')?..text.len()));
    if let Some(query) = query {
        let mistake = Mistake::at(&node.place_within(query), "a path has no query");
        reading.mistake(mistake.remedy("declare it under `query`").page(PAGE));
        return None;
    }
    reading.path(node)
}

/// `query:`, names and their types.
fn query(node: &Node, reading: &mut Reading<'_>) -> Vec<(Box<str>, Kind)> {
    let declared = node.as_map("query", reading.mistakes).unwrap_or_default();
    let mut read = |name: &str, node: &Node| {
        let what = format!("the type of {}", quoted(name));
        Some((name.into(), node.as_choice(&what, KINDS, reading.mistakes)?))
    };
    declared
        .iter()
        .filter_map(|(name, node)| read(&name.name, node))
        .collect()
}

/// `body:`, an example in JSON or as a map.
fn example(node: &Node, reading: &mut Reading<'_>) -> Option<Form> {
    let NodeValue::Str(text) = &node.value else {
        return Some(Form::of(&node.to_json()));
    };
    match serde_json::from_str(text) {
        Ok(example) => Some(Form::of(&example)),
        Err(error) => {
            let at = offset(text, error.line(), error.column());
            let place = node.place_within(at..text.len().min(at + 1));
            let mistake = Mistake::at(
                &place,
                format!("the example of a body is not JSON: {error}"),
            );
            reading.mistake(mistake.remedy("write a JSON text, or a map").page(PAGE));
            None
        }
    }
}

/// Where `line` and `column`, both counted from 1 and the column in bytes, stand in `text`.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// `rate-limit:` of an endpoint or a WebSocket.
pub(super) fn rate_limit(node: &Node, reading: &mut Reading<'_>) -> Option<RateLimit> {
    let mut fields = reading.fields(node, "a rate limit")?;
    let window = whole(&mut fields, "window-ms", 1..=LONGEST_WINDOW, reading);
    let most = whole(
        &mut fields,
        "max-requests",
        0..=u64::from(u32::MAX),
        reading,
    );
    if let Some((key, _)) = fields.take_entry("key-fn") {
        reading.unserved(&key.place, "`key-fn`");
    }
    reading.finish(fields);
    let window = Duration::from_millis(window.unwrap_or(DEFAULT_WINDOW));
    Some(RateLimit::new(window, most.unwrap_or(DEFAULT_REQUESTS)))
}

/// `latency:` of an endpoint or a WebSocket.
pub(super) fn latency(node: &Node, reading: &mut Reading<'_>) -> Option<Latency> {
    let mut fields = reading.fields(node, "latency")?;
    let low = whole(&mut fields, "min-ms", 0..=LONGEST_DELAY, reading);
    let high = whole(&mut fields, "max-ms", 0..=LONGEST_DELAY, reading);
    let failure_rate = rate(&mut fields, "failure-rate", reading);
    let timeout_rate = rate(&mut fields, "timeout-rate", reading);
    let timeout = whole(&mut fields, "timeout-ms", 0..=LONGEST_DELAY, reading);
    reading.finish(fields);
    let low = low.unwrap_or(0);
    let high = high.unwrap_or(low);
    if high < low {
        let text = format!("`max-ms` must be at least `min-ms`, but {high} is less than {low}");
        reading.mistake(Mistake::at(&node.place, text).page(PAGE));
        return None;
    }
    Some(Latency {
        delay: Duration::from_millis(low)..=Duration::from_millis(high),
        failure_rate,
        timeout_rate,
        timeout: Duration::from_millis(timeout.unwrap_or(DEFAULT_TIMEOUT)),
    })
}

fn whole(
    fields: &mut Fields<'_>,
    key: &'static str,
    range: std::ops::RangeInclusive<u64>,
    reading: &mut Reading<'_>,
) -> Option<u64> {
    fields
        .take(key)?
        .as_u64(&format!("`{key}`"), range, reading.mistakes)
}

/// A share of requests; none if it is not written.
fn rate(fields: &mut Fields<'_>, key: &'static str, reading: &mut Reading<'_>) -> f64 {
    let node = fields.take(key);
    let rate = node.and_then(|node| node.as_f64(&format!("`{key}`"), 0.0..=1.0, reading.mistakes));
    rate.unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
