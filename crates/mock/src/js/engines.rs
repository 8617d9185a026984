//! The script threads of a server, started when the first file needs them.

use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;

use serde_json::Value;
use sockeye_script::js::{ConnectionFacts, ScriptConnection, ScriptLimits, ScriptPool};
use tracing::error;

use super::host::Stage;
use crate::facts::Facts;
use crate::pairs::Pairs;
use crate::world::World;

/// The script threads, once they are started; none if they could not be.
#[derive(Debug, Default)]
pub(crate) struct Engines(OnceLock<Option<ScriptPool>>);

impl Engines {
    /// Starts the threads unless they run. Their limits are those of the first start.
    pub(crate) fn start(&self, world: &Arc<World>, limits: &ScriptLimits) {
        self.0.get_or_init(|| {
            let threads = available_parallelism().map_or(1, usize::from);
            let host = Arc::new(Stage::new(world));
            match ScriptPool::start(threads, limits.clone(), host) {
                Ok(pool) => Some(pool),
                Err(error) => {
                    error!("no script can run: their threads cannot be started: {error}");
                    None
                }
            }
        });
    }

    /// Binds a connection to one of the threads. Its state starts as a copy of `initial_state`.
    pub(crate) fn open(
        &self,
        facts: &Facts,
        connected_at: i64,
        initial_state: Option<Value>,
    ) -> Option<ScriptConnection> {
        let pool = self.0.get()?.as_ref()?;
        Some(pool.open(seen_by_scripts(facts, connected_at), initial_state))
    }
}

fn seen_by_scripts(facts: &Facts, connected_at: i64) -> ConnectionFacts {
    let owned = |pairs: &Pairs| -> Vec<(String, String)> {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    };
    let peer = facts.peer.as_ref();
    ConnectionFacts {
        id: facts.id(),
        path: facts.path.to_string(),
        query: owned(&facts.query),
        params: owned(&facts.parameters),
        headers: owned(&facts.headers),
        remote_addr: peer.map_or_else(String::new, |peer| peer.address.to_string()),
        connected_at,
        subprotocol: peer.and_then(|peer| peer.subprotocol.clone()),
    }
}
