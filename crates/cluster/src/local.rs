//! What a node is to the others: its connections and rooms go out, broadcasts for its members come in.

use serde::{Deserialize, Serialize};
use sockeye_script::js::Payload;

/// What the local node offers. Called on the cluster's own thread, so every method must return at once.
pub trait LocalNode: Send + Sync + 'static {
    /// A broadcast of another node arrived: for local members only, and never to be sent on.
    fn deliver(&self, target: &Target, message: &Payload);

    /// What is connected here now.
    fn presence(&self) -> Presence;
}

/// Whom a broadcast is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// All connections.
    Everyone,
    /// The connections of a route.
    Route(String),
    /// The members of a room.
    Room(String),
}

/// What is connected to a node. Names of routes and rooms mean the same on every node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Open connections of each route.
    pub routes: Vec<(String, u64)>,
    /// Connection ids in each room.
    pub rooms: Vec<(String, Vec<String>)>,
}
