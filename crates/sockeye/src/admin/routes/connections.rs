//! Connections: all that are wanted, or one in full.

use ::http::{Response, StatusCode};
use serde_json::json;
use sockeye_mock::operate::{Operator, OperatorError, Sorting, Wanted};
use sockeye_net::Body;

use crate::admin::answer::{Problem, ok};
use crate::admin::query::Query;

/// The longest page, and the one that nobody asked to be longer.
const MOST: usize = 1_000;
const USUAL: usize = 100;

/// Offsets are numbers that every reader of JSON keeps.
const MOST_OFFSET: usize = (1 << 53) - 1;

/// What a list can go by; with `-` before it, the highest first.
const SORTINGS: [(&str, (Sorting, bool)); 16] = [
    ("id", (Sorting::Id, false)),
    ("-id", (Sorting::Id, true)),
    ("path", (Sorting::Path, false)),
    ("-path", (Sorting::Path, true)),
    ("remote_addr", (Sorting::RemoteAddress, false)),
    ("-remote_addr", (Sorting::RemoteAddress, true)),
    ("connected_at", (Sorting::ConnectedAt, false)),
    ("-connected_at", (Sorting::ConnectedAt, true)),
    ("messages_received", (Sorting::MessagesReceived, false)),
    ("-messages_received", (Sorting::MessagesReceived, true)),
    ("messages_sent", (Sorting::MessagesSent, false)),
    ("-messages_sent", (Sorting::MessagesSent, true)),
    ("bytes_received", (Sorting::BytesReceived, false)),
    ("-bytes_received", (Sorting::BytesReceived, true)),
    ("bytes_sent", (Sorting::BytesSent, false)),
    ("-bytes_sent", (Sorting::BytesSent, true)),
];

pub(crate) fn list(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(query, &["path", "room", "q", "limit", "offset", "sort"])?;
    let limit = query.number("limit", 1..=MOST)?.unwrap_or(USUAL);
    let offset = query.number("offset", 0..=MOST_OFFSET)?.unwrap_or(0);
    let (sorting, descending) = query.choice("sort", &SORTINGS)?.unwrap_or_default();
    let text = |name| query.text(name).map(ToOwned::to_owned);
    let wanted = Wanted {
        path: text("path"),
        room: text("room"),
        text: text("q"),
    };
    let all = operator.connections(&wanted, sorting, descending);
    let count = all.len();
    let page: Vec<_> = all.into_iter().skip(offset).take(limit).collect();
    Ok(ok(&json!({
        "connections": page,
        "count": count,
        "limit": limit,
        "offset": offset,
    })))
}

pub(crate) async fn one(operator: &Operator, id: &str) -> Result<Response<Body>, Problem> {
    let detail = operator.connection(id).await;
    detail
        .map(|detail| ok(&detail))
        .map_err(|error| problem(error, id))
}

/// What an operator's mistake is in HTTP.
pub(crate) fn problem(error: OperatorError, id: &str) -> Problem {
    let status = match error {
        OperatorError::NoConnection => StatusCode::NOT_FOUND,
        OperatorError::Busy => StatusCode::GONE,
    };
    Problem::new(status, error.to_string()).with("id", id)
}
