//! One request of a sender passes through here: checked, read, made into records, answered.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;

use super::{Settings, form};
use crate::collector::Collector;
use crate::input::documents::{Arrays, Documents, Extra};
use crate::input::now;
use crate::record::{Entries, Events};

/// How long a sender may take for one body.
const BODY_TIME: Duration = Duration::from_mins(1);

/// Why a request is not taken.
type Refusal = (StatusCode, &'static str);

const BAD: StatusCode = StatusCode::BAD_REQUEST;

/// Takes the records of a request and answers it.
pub(super) async fn answer(
    settings: &Settings,
    peer: Option<SocketAddr>,
    collector: &Collector,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::default());
    match take(settings, peer, collector, request).await {
        Ok(()) => {
            *response.status_mut() = settings.good;
            response.headers_mut().extend(settings.headers.clone());
        }
        Err((status, text)) => {
            *response.status_mut() = status;
            *response.body_mut() = Full::from(text);
        }
    }
    Ok(response)
}

async fn take(
    settings: &Settings,
    peer: Option<SocketAddr>,
    collector: &Collector,
    request: Request<Incoming>,
) -> Result<(), Refusal> {
    if request.method() != Method::POST {
        return Err((BAD, "error: invalid HTTP method\n"));
    }
    let kind = Kind::of(request.headers())?;
    let tag = tag(request.uri().path());
    let mut extra = Extra::default();
    if let Some(key) = &settings.address_key {
        extra.string(key, &sender(request.headers(), peer));
    }
    let body = body(request, settings.limit).await?;
    let mut records = Vec::new();
    let count = kind.append(&body, settings, &extra, &mut records)?;
    let is_taken = match &settings.tag_key {
        None => collector
            .append(tag.as_deref(), &records, count)
            .await
            .is_ok(),
        Some(key) => each(collector, tag.as_deref(), key, &records).await,
    };
    if is_taken {
        Ok(())
    } else {
        Err((StatusCode::SERVICE_UNAVAILABLE, "error: shutting down\n"))
    }
}

/// What a body is.
#[derive(Clone, Copy)]
enum Kind {
    Json,
    Form,
}

impl Kind {
    fn of(headers: &HeaderMap) -> Result<Self, Refusal> {
        let Some(value) = headers.get(CONTENT_TYPE) else {
            return Err((BAD, "error: header 'Content-Type' is not set\n"));
        };
        let value = value.as_bytes();
        let end = value
            .iter()
            .position(|&byte| byte == b';')
            .unwrap_or(value.len());
        let name = value.get(..end).unwrap_or_default().trim_ascii();
        if name.eq_ignore_ascii_case(b"application/json") {
            Ok(Self::Json)
        } else if name.eq_ignore_ascii_case(b"application/x-www-form-urlencoded") {
            Ok(Self::Form)
        } else {
            Err((BAD, "error: invalid 'Content-Type'\n"))
        }
    }

    /// The records of a body: all of them, or none.
    fn append(
        self,
        body: &[u8],
        settings: &Settings,
        extra: &Extra,
        out: &mut Vec<u8>,
    ) -> Result<u32, Refusal> {
        const REFUSED: Refusal = (BAD, "error: unable to process records\n");
        let time = now(&settings.clock);
        match self {
            Self::Form => form::append(body, time, extra, out)
                .then_some(1)
                .ok_or(REFUSED),
            Self::Json => {
                let mut documents = Documents::new(Arrays::Several, settings.limit);
                let mut batch = documents.feed(body, time, extra, out);
                batch.add(documents.end(time, extra, out));
                let is_good = batch.why.is_none() && batch.records > 0;
                is_good.then_some(batch.records).ok_or(REFUSED)
            }
        }
    }
}

async fn body(request: Request<Incoming>, limit: usize) -> Result<Bytes, Refusal> {
    let collected = Limited::new(request.into_body(), limit).collect();
    match tokio::time::timeout(BODY_TIME, collected).await {
        Err(_) => Err((
            StatusCode::REQUEST_TIMEOUT,
            "error: the body takes too long\n",
        )),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err((
            StatusCode::PAYLOAD_TOO_LARGE,
            "error: the body is too large\n",
        )),
        Ok(Err(_)) => Err((BAD, "error: the body ended early\n")),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// The path without its first slash, other characters than letters, digits, `_` and `.` turned into
/// `_`; none for `/`.
fn tag(path: &str) -> Option<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.');
    let tag: String = path
        .chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect();
    Some(tag).filter(|tag| !tag.is_empty())
}

/// Who sent it, as the first proxy said it.
fn sender(headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
    let forwarded = headers
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok());
    let first = forwarded
        .and_then(|list| list.split(',').next())
        .map(str::trim);
    let peer = || peer.map_or_else(String::new, |peer| peer.ip().to_string());
    first.map_or_else(peer, str::to_owned)
}

/// Each record under the tag that it names itself.
async fn each(collector: &Collector, tag: Option<&str>, key: &str, records: &[u8]) -> bool {
    for event in Events::new(records).flatten() {
        let own = own_tag(event.body, key);
        let tag = own.as_deref().or(tag);
        if collector.append(tag, event.raw, 1).await.is_err() {
            return false;
        }
    }
    true
}

fn own_tag(body: &[u8], key: &str) -> Option<String> {
    let entries = Entries::of(body).ok()?;
    let entry = entries
        .0
        .iter()
        .find(|entry| entry.name() == Some(key.as_bytes()))?;
    let text = entry.text().filter(|text| !text.is_empty())?;
    Some(String::from_utf8_lossy(text).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_tags() {
        for (path, expected) in [
            ("/app.log", Some("app.log")),
            ("/a/b/c.d", Some("a_b_c.d")),
            ("/x-y%20", Some("x_y_20")),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(tag(path).as_deref(), expected);
        }
    }
}
