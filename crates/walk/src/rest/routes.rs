//! A call of the REST service finds its route here.

use ::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use sockeye_net::Body;

use super::TYPE;
use crate::app::plain;

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// The models, once they are read.
    Load(String),
    HasNext,
    GetNext,
    GetData,
    SetData(String),
    Restart,
    Fail(String),
    GetStatistics,
}

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Call(Call),
    /// The path is for another method.
    Other(&'static str),
    Nothing,
}

/// The path of everything.
const BASE: &str = "/graphwalker/";

pub(super) fn find(method: &Method, path: &str) -> Route {
    let Some(rest) = path.strip_prefix(BASE) else {
        return Route::Nothing;
    };
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (name, argument) = match rest.split_once('/') {
        Some((name, argument)) => (name, Some(argument)),
        None => (rest, None),
    };
    let decoded = |argument: &str| {
        let is_segment = !argument.is_empty() && !argument.contains('/');
        is_segment.then(|| {
            percent_decode_str(argument)
                .decode_utf8_lossy()
                .into_owned()
        })
    };
    let (needed, call) = match (name, argument) {
        ("load", None) => (Method::POST, Call::Load(String::new())),
        ("hasNext", None) => (Method::GET, Call::HasNext),
        ("getNext", None) => (Method::GET, Call::GetNext),
        ("getData", None) => (Method::GET, Call::GetData),
        ("getStatistics", None) => (Method::GET, Call::GetStatistics),
        ("restart", None) => (Method::PUT, Call::Restart),
        ("setData", Some(argument)) => match decoded(argument) {
            Some(script) => (Method::PUT, Call::SetData(script)),
            None => return Route::Nothing,
        },
        ("fail", Some(argument)) => match decoded(argument) {
            Some(reason) => (Method::PUT, Call::Fail(reason)),
            None => return Route::Nothing,
        },
        _ => return Route::Nothing,
    };
    // A step is no GET that may be asked for by a look at its head.
    if *method == needed {
        return Route::Call(call);
    }
    Route::Other(match needed {
        Method::POST => "POST,OPTIONS",
        Method::PUT => "PUT,OPTIONS",
        _ => "GET,OPTIONS",
    })
}

/// The answer to another method than the path is for.
pub(super) fn other(method: &Method, allowed: &'static str) -> Response<Body> {
    // A look at the head of what may be asked for changes nothing.
    let is_look = *method == Method::HEAD && allowed.starts_with("GET");
    let status = if *method == Method::OPTIONS || is_look {
        StatusCode::OK
    } else {
        StatusCode::METHOD_NOT_ALLOWED
    };
    let mut response = plain(status, TYPE, "");
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}

/// What is refused for its headers: models that are not said to be text, and clients that do not take text.
pub(super) fn refuse(headers: &HeaderMap, call: &Call) -> Option<Response<Body>> {
    let value = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    if let (Call::Load(_), Some(kind)) = (call, value(header::CONTENT_TYPE)) {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("text/plain") && kind != "*/*" {
            let text = "send models as text/plain, or without Content-Type";
            return Some(plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, TYPE, text));
        }
    }
    let accepted = value(header::ACCEPT)?;
    let mut kinds = accepted
        .split(',')
        .map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let is_taken = kinds.any(|kind| matches!(kind, "*/*" | "text/*" | "text/plain" | ""));
    (!is_taken).then(|| {
        let text = "answers are text/plain";
        plain(StatusCode::NOT_ACCEPTABLE, TYPE, text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_are_one_decoded_segment() {
        let put = |path: &str| find(&Method::PUT, path);
        let script = |text: &str| Route::Call(Call::SetData(text.to_owned()));
        assert_eq!(
            put("/graphwalker/setData/MAX_BOOKS=6;"),
            script("MAX_BOOKS=6;")
        );
        assert_eq!(put("/graphwalker/setData/a%2Fb+c%3B"), script("a/b+c;"));
        assert_eq!(put("/graphwalker/setData/a/b"), Route::Nothing);
        assert_eq!(put("/graphwalker/setData/"), Route::Nothing);
        assert_eq!(put("/graphwalker/setData"), Route::Nothing);
    }

    #[test]
    fn other_methods_and_paths_are_told_apart() {
        let get = |path: &str| find(&Method::GET, path);
        assert_eq!(get("/graphwalker/hasNext/"), Route::Call(Call::HasNext));
        assert_eq!(get("/graphwalker//hasNext"), Route::Nothing);
        assert_eq!(get("/graphwalker/restart"), Route::Other("PUT,OPTIONS"));
        assert_eq!(get("/hasNext"), Route::Nothing);
        assert_eq!(get("/graphwalker/getModel"), Route::Nothing);
    }
}
