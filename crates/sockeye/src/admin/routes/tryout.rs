//! A message tried out: which rule would answer it, and why the others would not.

use std::fmt::Display;

use ::http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use serde::Deserialize;
use sockeye_mock::operate::Operator;
use sockeye_net::Body;

use super::body;
use crate::admin::answer::{Problem, ok};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    path: String,
    message: String,
}

pub(crate) async fn run(
    operator: &Operator,
    request: Request<Incoming>,
) -> Result<Response<Body>, Problem> {
    let (_, body) = body::read(request).await?;
    let wrong = |why: &dyn Display| {
        let text = format!("send {{\"path\": \"/…\", \"message\": \"…\"}}: {why}");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text)
    };
    // serde takes a list for the members in their order, too.
    if body.trim_ascii_start().starts_with(b"[") {
        return Err(wrong(&"not an array"));
    }
    let question: Question = serde_json::from_slice(&body).map_err(|error| wrong(&error))?;
    // What no request can ask for leads nowhere.
    let path = Some(&question.path).filter(|path| path.starts_with('/'));
    let tryout = path.and_then(|path| operator.try_out(path, &question.message));
    let nothing = || {
        let text = "no WebSocket is served on this path";
        Problem::new(StatusCode::NOT_FOUND, text).with("path", question.path.as_str())
    };
    tryout.map(|tryout| ok(&tryout)).ok_or_else(nothing)
}
