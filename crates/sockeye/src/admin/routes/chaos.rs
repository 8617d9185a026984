//! Faults on purpose: what goes wrong, what an operator wants to go wrong, what has gone wrong.

use ::http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use serde_json::{Value, json};
use sockeye_core::Mistakes;
use sockeye_mock::chaos::ChaosError;
use sockeye_mock::operate::Operator;
use sockeye_net::Body;

use super::body;
use crate::admin::answer::{Problem, ok};
use crate::admin::query::Query;

/// The longest page of the log, and the one that nobody asked to be longer.
const MOST: usize = 1_000;
const USUAL: usize = 100;

/// Places are numbers that every reader of JSON keeps.
const MOST_PLACE: u64 = (1 << 53) - 1;

pub(crate) fn show(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    Query::read(query, &[])?;
    Ok(ok(&operator.chaos()))
}

pub(crate) async fn set(
    operator: &Operator,
    request: Request<Incoming>,
) -> Result<Response<Body>, Problem> {
    Query::read(request.uri().query(), &[])?;
    let (headers, body) = body::read(request).await?;
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.map_or(Ok("application/json"), |kind| kind.to_str());
    let kind = kind.unwrap_or_default().split(';').next();
    // What curl says unless it is told otherwise.
    let known = ["application/json", "application/x-www-form-urlencoded"];
    let is_known = |kind: &str| {
        known
            .iter()
            .any(|known| kind.trim().eq_ignore_ascii_case(known))
    };
    if !kind.is_some_and(is_known) {
        let text = "send application/json";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, text));
    }
    let settings = serde_json::from_slice(&body);
    let wrong = |error| Problem::bad(format!("the body is not JSON: {error}"));
    let set = operator.set_chaos(settings.map_err(wrong)?);
    set.map_err(|error| match &error {
        ChaosError::Wrong(mistakes) => told(StatusCode::BAD_REQUEST, mistakes),
        ChaosError::Contradiction(mistakes) => told(StatusCode::CONFLICT, mistakes),
    })?;
    Ok(ok(&operator.chaos()))
}

pub(crate) fn forget(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    Query::read(query, &[])?;
    operator.forget_chaos();
    Ok(ok(&operator.chaos()))
}

pub(crate) fn log(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["connection", "limit", "after"])?;
    let limit = query.number("limit", 1..=MOST)?.unwrap_or(USUAL);
    let after = query.number("after", 0..=MOST_PLACE)?.unwrap_or(0);
    let connection = query.text("connection").map(|id| {
        let number = id.strip_prefix("conn-").and_then(|id| id.parse().ok());
        // No connection has the last of all numbers.
        number.unwrap_or(u64::MAX)
    });
    let faults = operator.faults(connection, after, limit);
    let next = faults.last().map_or(after, |fault| fault.seq);
    Ok(ok(
        &json!({ "count": faults.len(), "faults": faults, "next": next }),
    ))
}

/// The first mistake in a sentence, and all of them as `sockeye check --json` shows them.
fn told(status: StatusCode, mistakes: &Mistakes) -> Problem {
    let first = mistakes.iter().next().map(|mistake| json!(mistake));
    let text = |name: &str| {
        let member = first.as_ref().and_then(|first| first.get(name));
        member.and_then(Value::as_str).map(ToOwned::to_owned)
    };
    let message = text("message").unwrap_or_else(|| "the settings have mistakes".to_owned());
    let sentence = match text("remedy") {
        Some(remedy) => format!("{message}; {remedy}"),
        None => message,
    };
    Problem::new(status, sentence).with("mistakes", json!(mistakes)["mistakes"].take())
}
