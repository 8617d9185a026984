//! Every reason why an endpoint does not answer as its file says, on its way to a status and a JSON body.

use std::time::Duration;

use ::http::header::{CONNECTION, RETRY_AFTER};
use ::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::{Value, json};
use sockeye_core::quoted;
use sockeye_core::secrets;
use sockeye_net::Body;
use sockeye_script::template::RenderError;
use thiserror::Error;

use super::external::FileError;
use super::form::Misfit;
use super::refuse;

/// Why an endpoint refuses a request, or fails to answer it.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    /// 413
    #[error("the body is longer than {limit} bytes")]
    BodyTooLong { limit: usize },
    /// 408
    #[error("the body was not complete after {} ms", limit.as_millis())]
    BodyLate { limit: Duration },
    /// 400
    #[error("the body broke off: {0}")]
    BodyBroken(Box<str>),
    /// 400. `found` is `None` where the parameter is missing.
    #[error("the query parameter {} must be {expected}, but {}", quoted(name), missing_or(name, found.as_deref()))]
    Query {
        name: Box<str>,
        expected: &'static str,
        found: Option<Box<str>>,
    },
    /// 400
    #[error("the Content-Type must be `application/json`, not {}", quoted(.0))]
    ContentType(Box<str>),
    /// 400
    #[error("the body is not JSON: {0}")]
    NotJson(Box<str>),
    /// 400
    #[error(transparent)]
    Misfit(#[from] Misfit),
    /// 429
    #[error("more than {limit} requests in {} ms", window.as_millis())]
    TooMany {
        limit: u64,
        window: Duration,
        retry_in: Duration,
    },
    /// 500, as `failure-rate` asks for
    #[error("simulated failure")]
    SimulatedFailure,
    /// 504, as `timeout-rate` asks for
    #[error("simulated timeout")]
    SimulatedTimeout,
    /// 500
    #[error("the response could not be rendered: {0}")]
    Template(#[from] RenderError),
    /// 500
    #[error("the value of the header `{0}` has a line break or another control character")]
    Header(HeaderName),
    /// 500
    #[error(transparent)]
    File(#[from] FileError),
}

fn missing_or(name: &str, found: Option<&str>) -> String {
    found.map_or_else(
        || "is missing".to_owned(),
        |found| format!("is {}", quoted(&secrets::value(name, found))),
    )
}

impl Refusal {
    /// The status that goes with it.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::BodyTooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyLate { .. } => StatusCode::REQUEST_TIMEOUT,
            Self::BodyBroken(_)
            | Self::Query { .. }
            | Self::ContentType(_)
            | Self::NotJson(_)
            | Self::Misfit(_) => StatusCode::BAD_REQUEST,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::SimulatedTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::SimulatedFailure | Self::Template(_) | Self::Header(_) | Self::File(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// Whether the file is to blame, so that its author should read about it in the log.
    pub(crate) fn is_ours(&self) -> bool {
        matches!(self, Self::Template(_) | Self::Header(_) | Self::File(_))
    }

    /// The answer: `{"error": ..., ...}`.
    pub(crate) fn response(&self) -> Response<Body> {
        let mut response = refuse::json(self.status(), &self.body());
        match self {
            // What is left of the body would be taken for the next request.
            Self::BodyTooLong { .. } | Self::BodyLate { .. } | Self::BodyBroken(_) => {
                response
                    .headers_mut()
                    .insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Self::TooMany { retry_in, .. } => {
                let seconds = retry_in.as_secs() + u64::from(retry_in.subsec_nanos() > 0);
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            _ => {}
        }
        response
    }

    fn body(&self) -> Value {
        let error = self.to_string();
        match self {
            Self::BodyTooLong { limit } => json!({"error": error, "limit_bytes": limit}),
            Self::Query {
                name,
                expected,
                found,
            } => json!({
                "error": error,
                "parameter": name,
                "expected": expected,
                "found": found.as_deref().map(|found| refuse::excerpt(&secrets::value(name, found))),
            }),
            Self::ContentType(found) => json!({
                "error": error,
                "expected": "application/json",
                "found": refuse::excerpt(found),
            }),
            Self::Misfit(misfit) => json!({
                "error": error,
                "at": misfit.at,
                "expected": misfit.expected,
                "found": misfit.found,
            }),
            Self::TooMany {
                limit,
                window,
                retry_in,
            } => json!({
                "error": error,
                "limit": limit,
                "window_ms": refuse::milliseconds(*window),
                "retry_in_ms": refuse::milliseconds(*retry_in),
            }),
            _ => json!({"error": error}),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(found: Option<&str>) -> Refusal {
        Refusal::Query {
            name: "amount".into(),
            expected: "a whole number",
            found: found.map(Into::into),
        }
    }

    #[test]
    fn a_refusal_says_what_would_be_right() {
        let window = Duration::from_mins(1);
        let (many, retry_in) = (2, Duration::from_millis(1500));
        for (refusal, status, text) in [
            (
                query(None),
                400,
                "the query parameter `amount` must be a whole number, but is missing",
            ),
            (
                query(Some("x")),
                400,
                "the query parameter `amount` must be a whole number, but is `x`",
            ),
            (
                Refusal::BodyTooLong { limit: 9 },
                413,
                "the body is longer than 9 bytes",
            ),
            (
                Refusal::BodyLate {
                    limit: Duration::from_secs(10),
                },
                408,
                "the body was not complete after 10000 ms",
            ),
            (
                Refusal::ContentType("text/xml".into()),
                400,
                "the Content-Type must be `application/json`, not `text/xml`",
            ),
            (
                Refusal::TooMany {
                    limit: many,
                    window,
                    retry_in,
                },
                429,
                "more than 2 requests in 60000 ms",
            ),
            (Refusal::SimulatedTimeout, 504, "simulated timeout"),
            (
                Refusal::Header(HeaderName::from_static("x-user")),
                500,
                "the value of the header `x-user` has a line break or another control character",
            ),
        ] {
            assert_eq!(
                (refusal.status().as_u16(), refusal.to_string().as_str()),
                (status, text)
            );
        }
    }

    #[test]
    fn a_query_refusal_names_parameter_type_and_value() {
        let expected = json!({
            "error": "the query parameter `amount` must be a whole number, but is `x`",
            "parameter": "amount",
            "expected": "a whole number",
            "found": "x",
        });
        assert_eq!(query(Some("x")).body(), expected);
        assert_eq!(query(None).body()["found"], Value::Null);
    }

    #[test]
    fn seconds_to_wait_are_rounded_up() {
        let refusal = Refusal::TooMany {
            limit: 1,
            window: Duration::from_secs(2),
            retry_in: Duration::from_millis(1001),
        };
        assert_eq!(refusal.response().headers()[RETRY_AFTER], "2");
    }
}
