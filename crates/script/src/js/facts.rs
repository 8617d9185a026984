//! What is known about a connection when it opens passes through here, and the state kept for it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize};

use serde_json::Value;

/// What scripts see as `connection`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionFacts {
    /// The connection's id: `conn-7`.
    pub id: String,
    /// The path of its handshake, without the query.
    pub path: String,
    /// The query's pairs, decoded, in order. A repeated name becomes an array.
    pub query: Vec<(String, String)>,
    /// The parameters of the path.
    pub params: Vec<(String, String)>,
    /// The handshake's headers; names are made lower-case, repeated ones joined with `, `.
    pub headers: Vec<(String, String)>,
    /// The client's address with its port.
    pub remote_addr: String,
    /// When it was opened, in milliseconds since 1970.
    pub connected_at: i64,
    /// The agreed subprotocol.
    pub subprotocol: Option<String>,
}

/// One open connection, shared by its handle and its script thread.
#[derive(Debug)]
pub(super) struct Opening {
    /// Unique in the process; the facts' id is only a name.
    pub(super) key: u64,
    pub(super) facts: ConnectionFacts,
    /// The state a fresh object starts from: the initial one, or the one saved from an engine that had to go.
    pub(super) start: Mutex<Option<Value>>,
    /// Whether a script has had the state in its hands since `start` was set.
    pub(super) touched: AtomicBool,
    /// Calls that have not ended.
    pub(super) outstanding: AtomicUsize,
}
