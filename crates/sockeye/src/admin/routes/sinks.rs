//! Sinks: what they have had, their last records, and a clean sheet for the next test.

use ::http::Response;
use serde_json::json;
use sockeye_mock::operate::Operator;
use sockeye_net::Body;

use crate::admin::answer::{Problem, ok};
use crate::admin::query::Query;

/// The most records of a sink, and how many are shown that nobody asked for.
const MOST: usize = 10_000;
const USUAL: usize = 10;

pub(crate) fn list(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["path", "limit"])?;
    let limit = query.number("limit", 0..=MOST)?.unwrap_or(USUAL);
    let path = query.text("path");
    let sinks = operator.sinks(path, limit);
    if let (Some(path), true) = (path, sinks.is_empty()) {
        return Err(no_sink(path));
    }
    Ok(ok(&json!({ "count": sinks.len(), "sinks": sinks })))
}

pub(crate) fn forget(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["path"])?;
    let path = query.text("path");
    let count = operator.forget_sinks(path);
    if let (Some(path), 0) = (path, count) {
        return Err(no_sink(path));
    }
    Ok(ok(&json!({ "forgotten": count })))
}

fn no_sink(path: &str) -> Problem {
    let text = format!(
        "no handler of type `sink` has the path {}",
        sockeye_core::quoted(path)
    );
    Problem::new(::http::StatusCode::NOT_FOUND, text).with("parameter", "path")
}
