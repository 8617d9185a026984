//! What scripts may ask of the server around them passes through here.

use std::sync::Arc;

use super::SharedStore;

/// The server as scripts see it. Called on script threads, so every method must return at once.
pub trait Host: Send + Sync {
    /// How many connections a broadcast would reach: `target` as in
    /// [`Effect::Broadcast`](super::Effect::Broadcast), `from` the caller's connection id.
    fn recipients(&self, target: Option<&str>, from: &str) -> usize;

    /// The rooms the connection is in.
    fn rooms_of(&self, connection: &str) -> Vec<String>;

    /// The connection ids in a room; empty if there is no such room.
    fn members(&self, room: &str) -> Vec<String>;

    /// The value of an environment variable, if scripts may see it.
    fn env(&self, name: &str) -> Option<String>;

    /// Expands a template for the connection, or says what is wrong with it.
    fn template(&self, text: &str, connection: &str) -> Result<String, String>;

    /// The state that all connections share.
    fn shared(&self) -> Arc<dyn SharedStore>;
}
