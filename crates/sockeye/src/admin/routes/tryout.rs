//! A message tried out: which rule would answer it, and why the others would not.

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
    let question: Question = serde_json::from_slice(&body).map_err(|error| {
        let text = format!("send {{\"path\": \"/…\", \"message\": \"…\"}}: {error}");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text)
    })?;
    let tryout = operator.try_out(&question.path, &question.message);
    let nothing = || {
        let text = "no WebSocket is served on this path";
        Problem::new(StatusCode::NOT_FOUND, text).with("path", question.path.as_str())
    };
    tryout.map(|tryout| ok(&tryout)).ok_or_else(nothing)
}
