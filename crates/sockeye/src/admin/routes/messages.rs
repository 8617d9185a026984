//! The last messages. They are kept while somebody asks for them, and for a minute after.

use ::http::Response;
use serde_json::json;
use sockeye_mock::operate::{Event, Operator, SeenMessage};
use sockeye_net::{Body, Direction};

use crate::admin::answer::{Problem, ok};
use crate::admin::events::shown;
use crate::admin::query::Query;

/// The longest page, and the one that nobody asked to be longer.
const MOST: usize = 1_000;
const USUAL: usize = 100;

/// Events that are looked through.
const LOOKED_AT: usize = 20_000;

/// Places are numbers that every reader of JSON keeps.
const MOST_PLACE: u64 = (1 << 53) - 1;

const WAYS: [(&str, Direction); 2] = [("in", Direction::In), ("out", Direction::Out)];

pub(crate) fn list(operator: &Operator, query: Option<&str>) -> Result<Response<Body>, Problem> {
    let query = Query::read(
        query,
        &["connection", "path", "direction", "limit", "after"],
    )?;
    let limit = query.number("limit", 1..=MOST)?.unwrap_or(USUAL);
    let after = query.number("after", 0..=MOST_PLACE)?.unwrap_or(0);
    let direction = query.choice("direction", &WAYS)?;
    let is_wanted = |message: &SeenMessage| {
        let id = format!("conn-{}", message.connection);
        direction.is_none_or(|wanted| wanted == message.direction)
            && query
                .text("path")
                .is_none_or(|path| *path == *message.facts.path)
            && query.text("connection").is_none_or(|wanted| wanted == id)
    };
    let page = operator.journal().ask(after, LOOKED_AT);
    let mut messages = Vec::new();
    // The newest count if there are too many; they are shown oldest first.
    for event in page.events.iter().rev() {
        if messages.len() == limit {
            break;
        }
        if let Event::Message(message) = event
            && is_wanted(message)
        {
            messages.push(shown(message));
        }
    }
    messages.reverse();
    Ok(ok(&json!({
        "count": messages.len(),
        "messages": messages,
        "next": page.next,
    })))
}
