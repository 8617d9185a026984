//! What is written down of connections: a session file for each connection of a route that wants it, and
//! everything that passes for one who records from outside.
//!
//! Both hear of it through the network's tap, so they see what the client sees, in its order.
//!
//! | file | what it holds |
//! |---|---|
//! | `settings` | what a route wants, and the name of a session's file |
//! | `recordings` | all recordings of a mock: where what passes is handed on |
//! | `session` | the file of one connection |
//! | `shelf` | the last recordings, for operators |
//! | `feed` | a queue for one who records from outside |

mod feed;
mod recordings;
mod session;
mod settings;
mod shelf;

use std::time::Duration;

use sockeye_net::{Message, Passing, Sight};
use sockeye_tape::{Content, Direction, Entry};

pub use feed::{Choice, FEED_BYTES, FEED_ENTRIES, Feed};
pub(crate) use recordings::Recordings;
pub(crate) use settings::{NAMES, RecordSettings};

/// What passes, as a tape keeps it.
fn entry(at: Duration, passing: &Passing<'_>) -> Entry {
    let direction = match passing.direction {
        sockeye_net::Direction::In => Direction::Incoming,
        sockeye_net::Direction::Out => Direction::Outgoing,
    };
    let content = match passing.sight {
        Sight::Message(Message::Text(text)) => Content::Text(text.to_owned()),
        Sight::Message(Message::Binary(bytes)) => Content::Binary(bytes.to_owned()),
        Sight::Ping(payload) => Content::Ping(payload.to_owned()),
        Sight::Pong(payload) => Content::Pong(payload.to_owned()),
        Sight::Close(None) => Content::Close {
            code: None,
            reason: String::new(),
        },
        Sight::Close(Some((code, reason))) => Content::Close {
            code: Some(code.get()),
            reason: reason.to_owned(),
        },
    };
    Entry::new(at, direction, content)
}
