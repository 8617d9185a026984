//! Requests that no endpoint takes: each leaves with a status and a JSON body that says what is right.

use std::time::Duration;

use ::http::header::{ALLOW, CONNECTION, CONTENT_TYPE, UPGRADE};
use ::http::{HeaderValue, Method, Response, StatusCode};
use bytes::Bytes;
use serde_json::{Value, json};
use sockeye_core::{nearest, quoted};
use sockeye_net::Body;

use crate::path::BadParameter;
use crate::plan::Route;

/// How many known paths a 404 lists.
const LISTED_PATHS: usize = 50;
/// How many characters of what a client sent are repeated to it.
const EXCERPT: usize = 60;

/// 404: the path has no route. Lists the known ones, at most 50, and the one that was likely meant.
pub(crate) fn not_found(path: &str, routes: &[Route]) -> Response<Body> {
    let mut known: Vec<String> = Vec::new();
    for route in routes {
        let name = shown(route);
        if !known.contains(&name) {
            known.push(name);
        }
    }
    let mut body = json!({"error": format!("there is no route for {}", quoted(path))});
    if let Some(near) = nearest(path, known.iter().map(String::as_str)) {
        body["did_you_mean"] = near.into();
    }
    let more = known.len().saturating_sub(LISTED_PATHS);
    known.truncate(LISTED_PATHS);
    body["paths"] = known.into();
    if more > 0 {
        body["more_paths"] = more.into();
    }
    json(StatusCode::NOT_FOUND, &body)
}

/// The path as written, with the host it is bound to.
fn shown(route: &Route) -> String {
    match &route.host {
        Some(host) => format!("{host}{}", route.path),
        None => route.path.to_string(),
    }
}

/// 405: the path has a route, but not for this method. Names those it has, in `Allow` too.
pub(crate) fn method_not_allowed(allowed: &[Method]) -> Response<Body> {
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    let body = json!({"error": "this path does not know the method", "allowed": names});
    let mut response = json(StatusCode::METHOD_NOT_ALLOWED, &body);
    // Methods are tokens, so this is always a header value.
    if let Ok(allow) = HeaderValue::from_str(&names.join(", ")) {
        response.headers_mut().insert(ALLOW, allow);
    }
    response
}

/// 426 (RFC 9110 section 15.5.22): the path has a WebSocket and nothing else.
pub(crate) fn upgrade_required() -> Response<Body> {
    let body = json!({
        "error": "this path speaks WebSocket only",
        "expected": "a request with `Upgrade: websocket` and `Connection: Upgrade`",
    });
    let mut response = json(StatusCode::UPGRADE_REQUIRED, &body);
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    response
}

/// 400: a parameter of the path has another type than the route declares.
pub(crate) fn bad_parameter(bad: &BadParameter) -> Response<Body> {
    let (name, expected) = (quoted(&bad.name), bad.kind.name());
    let found = quoted(&bad.found);
    let body = json!({
        "error": format!("the path parameter {name} must be {expected}, but is {found}"),
        "parameter": bad.name,
        "expected": expected,
        "found": excerpt(&bad.found),
    });
    json(StatusCode::BAD_REQUEST, &body)
}

/// 501: the file asks for something that is read but not served. `part` names it.
pub(crate) fn unserved(part: &str) -> Response<Body> {
    let text = format!("{part} is understood but not served by this version");
    json(StatusCode::NOT_IMPLEMENTED, &json!({"error": text}))
}

/// A handshake that chaos refuses.
pub(crate) fn on_purpose(status: StatusCode, whose: &str) -> Response<Body> {
    json(
        status,
        &json!({"error": format!("refused on purpose, as `{whose}` wants it")}),
    )
}

/// A response with a JSON body.
pub(crate) fn json(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The start of what a client sent, at most 60 characters.
pub(crate) fn excerpt(text: &str) -> String {
    let mut start: String = text.chars().take(EXCERPT).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start
}

/// Whole milliseconds for JSON, which has no durations.
pub(crate) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;
    use crate::path::{Kind, Notation, PathPattern};

    fn routes(paths: &[String]) -> Vec<Route> {
        let route = |path: &String| Route {
            host: None,
            path: PathPattern::parse(path, Notation::Colon).unwrap(),
            socket: None,
            endpoints: Vec::new(),
            place: None,
            number: 0,
        };
        paths.iter().map(route).collect()
    }

    fn body(response: Response<Body>) -> Value {
        let collected = response.into_body().collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        let bytes = runtime.block_on(collected).unwrap().to_bytes();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn a_404_names_the_path_that_was_meant_and_all_others() {
        let routes = routes(&["/ws/echo".into(), "/users/:id".into()]);
        let response = not_found("/ws/ecko", &routes);
        assert_eq!(response.status(), 404);
        let expected = json!({
            "error": "there is no route for `/ws/ecko`",
            "did_you_mean": "/ws/echo",
            "paths": ["/ws/echo", "/users/:id"],
        });
        assert_eq!(body(response), expected);
    }

    #[test]
    fn a_404_lists_fifty_paths_and_counts_the_rest() {
        let paths: Vec<String> = (0..53)
            .map(|number| format!("/path/number/{number}/x"))
            .collect();
        let body = body(not_found("/", &routes(&paths)));
        assert_eq!(body["paths"].as_array().unwrap().len(), 50);
        assert_eq!(body["more_paths"], 3);
    }

    #[test]
    fn a_long_path_is_not_repeated_in_full() {
        let response = not_found(&format!("/{}", "x".repeat(8000)), &[]);
        assert!(body(response).to_string().len() < 200);
    }

    #[test]
    fn a_405_and_a_426_carry_their_headers() {
        let refused = method_not_allowed(&[Method::GET, Method::POST]);
        assert_eq!(
            (refused.status().as_u16(), &refused.headers()[ALLOW]),
            (405, &"GET, POST".parse().unwrap())
        );
        let refused = upgrade_required();
        assert_eq!(refused.status(), 426);
        assert_eq!(refused.headers()[UPGRADE], "websocket");
        assert_eq!(refused.headers()[CONNECTION], "Upgrade");
    }

    #[test]
    fn a_bad_parameter_is_named_with_its_type() {
        let bad = BadParameter {
            name: "id".into(),
            kind: Kind::Int,
            found: "abc".into(),
        };
        let expected = json!({
            "error": "the path parameter `id` must be a whole number, but is `abc`",
            "parameter": "id",
            "expected": "a whole number",
            "found": "abc",
        });
        assert_eq!(body(bad_parameter(&bad)), expected);
    }

    #[test]
    fn a_501_names_the_part() {
        let expected =
            json!({"error": "`type: rooms` is understood but not served by this version"});
        assert_eq!(body(unserved("`type: rooms`")), expected);
    }
}
