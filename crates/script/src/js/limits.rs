//! What one call, one connection and one thread may use passes through here: every bound with its default.

use std::time::Duration;

/// The bounds of a [`ScriptPool`](super::ScriptPool).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptLimits {
    /// Wall clock time of one call, awaits included; default 1,000 ms. A call that takes longer ends with
    /// [`ScriptError::Timeout`](super::ScriptError::Timeout); a thread that does not come back within three
    /// times this is replaced.
    pub wall: Duration,
    /// Memory of all scripts and connections of one thread in bytes; default 64 MiB, at least 4 MiB. At the
    /// bound the call ends with [`ScriptError::OutOfMemory`](super::ScriptError::OutOfMemory).
    pub memory_bytes: usize,
    /// Stack of one call in bytes; default 512 KiB, from 64 KiB to 4 MiB. At the bound the engine throws.
    pub stack_bytes: usize,
    /// Sends, broadcasts, joins, leaves, closes and log lines of one call; default 64. The next one throws.
    pub effects: usize,
    /// Bytes of one call's effects and return value together; default 1 MiB. The next one throws.
    pub output_bytes: usize,
    /// `shared` operations one call may wait for at a time; default 64. The next one throws.
    pub awaits: usize,
    /// Calls of one connection that may wait for their turn; default 1,024. The next one is refused.
    pub waiting: usize,
}

impl Default for ScriptLimits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(1),
            memory_bytes: 64 * 1024 * 1024,
            stack_bytes: 512 * 1024,
            effects: 64,
            output_bytes: 1024 * 1024,
            awaits: 64,
            waiting: 1024,
        }
    }
}

/// The least memory in which an engine can start.
const LEAST_MEMORY: usize = 4 * 1024 * 1024;
/// The bounds between which the engine can watch its stack.
const STACK: (usize, usize) = (64 * 1024, 4 * 1024 * 1024);

impl ScriptLimits {
    /// The same bounds, moved into the ranges the engine can keep.
    pub(super) fn clamped(mut self) -> Self {
        self.memory_bytes = self.memory_bytes.max(LEAST_MEMORY);
        self.stack_bytes = self.stack_bytes.clamp(STACK.0, STACK.1);
        self
    }
}
