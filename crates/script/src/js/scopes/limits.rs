//! What the scripts of one walk may use passes through here: every bound with its default.

use std::time::Duration;

/// The bounds of [`Scopes`](super::Scopes).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeLimits {
    /// Wall clock time of one script; default 1,000 ms. A script that takes longer is stopped.
    pub wall: Duration,
    /// Memory of all scopes together in bytes; default 64 MiB, at least 4 MiB. At the bound scripts end for good.
    pub memory_bytes: usize,
    /// Stack of one script in bytes; default 512 KiB, from 64 KiB to 4 MiB. At the bound the engine throws.
    pub stack_bytes: usize,
}

impl Default for ScopeLimits {
    fn default() -> Self {
        Self {
            wall: Duration::from_secs(1),
            memory_bytes: 64 * 1024 * 1024,
            stack_bytes: 512 * 1024,
        }
    }
}

impl ScopeLimits {
    /// The same bounds, moved into the ranges the engine can keep.
    pub(super) fn clamped(mut self) -> Self {
        self.memory_bytes = self.memory_bytes.max(4 * 1024 * 1024);
        self.stack_bytes = self.stack_bytes.clamp(64 * 1024, 4 * 1024 * 1024);
        self
    }
}
