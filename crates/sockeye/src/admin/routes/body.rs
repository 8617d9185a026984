//! The body of a request: read within a bound, and taken for a message by its media type.

use ::http::{HeaderMap, Request, StatusCode, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use sockeye_script::js::Payload;
use std::time::Duration;
use tokio::time::timeout;

use crate::admin::answer::Problem;

/// The longest body, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The whole body.
///
/// # Errors
///
/// It is too long, takes too long, or breaks off.
pub(crate) async fn read(request: Request<Incoming>) -> Result<(HeaderMap, Bytes), Problem> {
    let (head, body) = request.into_parts();
    let too_long = || {
        let text = format!("the body has more than {MOST_BYTES} bytes");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, text)
    };
    match timeout(PATIENCE, Limited::new(body, MOST_BYTES).collect()).await {
        Ok(Ok(body)) => Ok((head.headers, body.to_bytes())),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(too_long()),
        Ok(Err(_)) => Err(Problem::bad("the body broke off")),
        Err(_) => {
            let text = "the body was not complete within 10 s";
            Err(Problem::new(StatusCode::REQUEST_TIMEOUT, text))
        }
    }
}

/// The message in a body: JSON and text become text messages, bytes binary ones.
///
/// # Errors
///
/// The media type is another one, or the body is not what it says.
pub(crate) fn message(headers: &HeaderMap, body: &Bytes) -> Result<Payload, Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.map_or(Ok("text/plain"), |kind| kind.to_str());
    let kind = kind.unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let text = || {
        let text = String::from_utf8(body.to_vec());
        text.map_err(|_| Problem::bad("the body is not UTF-8"))
    };
    match kind.to_ascii_lowercase().as_str() {
        "application/json" => {
            if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(body) {
                return Err(Problem::bad(format!("the body is not JSON: {error}")));
            }
            Ok(Payload::Text(text()?))
        }
        // What curl says unless it is told otherwise.
        "text/plain" | "application/x-www-form-urlencoded" => Ok(Payload::Text(text()?)),
        "application/octet-stream" => Ok(Payload::Binary(body.to_vec())),
        _ => {
            let text = "send application/json, text/plain or application/octet-stream";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text))
        }
    }
}
