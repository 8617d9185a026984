//! Recordings: those of the handlers, as a list, and what a client wants to record itself.

use ::http::Response;
use serde_json::json;
use sockeye_mock::operate::{Operator, RecordingState};
use sockeye_mock::record::Choice;
use sockeye_mock::{Notation, PathPattern};
use sockeye_net::Body;

use crate::admin::answer::{Problem, ok};
use crate::admin::query::Query;

/// The longest page, and the one that nobody asked to be longer.
const MOST: usize = 1_000;
const USUAL: usize = 100;

/// Offsets are numbers that every reader of JSON keeps.
const MOST_OFFSET: usize = (1 << 53) - 1;

/// Paths that one client may ask for.
const MOST_PATHS: usize = 64;

const STATES: [(&str, RecordingState); 3] = [
    ("running", RecordingState::Running),
    ("finished", RecordingState::Finished),
    ("failed", RecordingState::Failed),
];

pub(crate) fn list(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["state", "limit", "offset"])?;
    let state = query.choice("state", &STATES)?;
    let limit = query.number("limit", 1..=MOST)?.unwrap_or(USUAL);
    let offset = query.number("offset", 0..=MOST_OFFSET)?.unwrap_or(0);
    let mut all = operator.recordings();
    all.retain(|view| state.is_none_or(|state| state == view.state));
    let count = all.len();
    let page: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
    Ok(ok(&json!({
        "recordings": page,
        "count": count,
        "limit": limit,
        "offset": offset,
    })))
}

/// What a client wants to record.
pub(crate) fn choice(query: Option<&str>) -> Result<Choice, Problem> {
    let query = Query::read_repeated(query, &["path", "exclude_ping"], &["path"])?;
    let words = [("true", true), ("false", false)];
    let without_pings = query.choice("exclude_ping", &words)?.unwrap_or(false);
    let mut paths = Vec::new();
    for path in query.texts("path") {
        let pattern = PathPattern::parse(path, Notation::Braces).map_err(|wrong| {
            let text = format!("`path`: {}", wrong.message);
            Problem::bad(text).with("parameter", "path")
        })?;
        paths.push(pattern);
    }
    if paths.len() > MOST_PATHS {
        let text = format!("at most {MOST_PATHS} paths can be asked for");
        return Err(Problem::bad(text).with("parameter", "path"));
    }
    Ok(Choice {
        paths,
        without_pings,
    })
}
