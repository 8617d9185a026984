//! The cluster from outside: nodes on a real Redis, which is killed, paused, restarted and talked over.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod broadcasts;
mod faults;
mod lab;
mod memory_alike;
mod operations;
mod presence;
mod start;
