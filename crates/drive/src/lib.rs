//! Load on a WebSocket server: messages leave on a grid of instants or as fast as answers come, answers are checked and timed.
//!
//! # Layout, in the order a run meets it
//!
//! | file | what happens there |
//! |---|---|
//! | [`Load`] | what is asked for, and its bounds |
//! | [`run()`] | threads are started, seconds are gathered, the end is awaited |
//! | `opening` | connections are made, at a pace if that is wanted, and dealt to the threads |
//! | `course` | when each message of a thread is meant to leave |
//! | `engine` | a thread: its poll, its connections, what is due, what came |
//! | `client` | one connection |
//! | `ledger` | what leaves and what comes, judged and counted |
//! | `waiting` | messages without an answer, and what an answer is taken for |
//! | [`Payload`] | what is sent, and how it is known again |
//! | [`Tally`] | what is counted |
//!
//! # No coordinated omission
//!
//! At a rate, each message has an instant at which it is meant to leave, whatever the server does. Its latency is the
//! time from that instant to its answer. A server that stalls for 200 ms so has its stall in the latency of every
//! message that was meant to leave meanwhile, and not of the one that it kept waiting. What cannot leave (the
//! window of its connection is full, or its socket) leaves as soon as it can, and its instant stays what it was:
//! the grid is arithmetic, so a server that is behind costs no memory.

mod client;
mod course;
mod engine;
mod latencies;
mod ledger;
mod limits;
mod load;
mod opening;
mod payload;
mod poller;
mod run;
mod tally;
mod waiting;
mod watch;

pub use latencies::Latencies;
pub use limits::{CONNECTIONS, OUTSTANDING, PAYLOAD_BYTES, THREADS, WINDOW};
pub use load::{Expect, Load, Site, Span};
pub use opening::{Opened, Refusals};
pub use payload::Payload;
pub use run::{Failure, Outcome, Progress, run};
pub use tally::Tally;
