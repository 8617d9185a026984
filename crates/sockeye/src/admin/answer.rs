//! What the admin listener answers: JSON, and errors of one form.

use ::http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use sockeye_net::Body;

/// An error: a status, one sentence, and what else helps.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    error: String,
    members: Vec<(&'static str, Value)>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
            members: Vec::new(),
        }
    }

    pub(crate) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.members.push((name, value.into()));
        self
    }

    pub(crate) fn response(self) -> Response<Body> {
        let mut body = json!({ "error": self.error });
        if let Value::Object(members) = &mut body {
            for (name, value) in self.members {
                members.insert(name.to_owned(), value);
            }
        }
        let mut response = ok(&body);
        *response.status_mut() = self.status;
        response
    }
}

/// 200 with JSON.
pub(crate) fn ok(value: &impl Serialize) -> Response<Body> {
    // Views have text keys and finite numbers, which is all that can go wrong.
    let body = serde_json::to_vec(value).unwrap_or_default();
    typed(body, "application/json")
}

/// 200 with a body of this type.
pub(crate) fn typed(body: impl Into<bytes::Bytes>, kind: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(body.into()));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
