//! Walks through models for clients: the WebSocket and REST services of `GraphWalker`, every
//! generation of the protocol on one port.
//!
//! ```text
//! socket ──session──> pipeline ──Request──> command ──> Walk (machine) ──> Replies ──> socket
//!                        │                                  │ each step
//!                     Dialect                             Card ──> Registry ──> observers
//! ```
//!
//! Read `pipeline.rs` first: one request from its text to its answers. A command is a file under `commands` and a line in
//! its table.
//!
//! # Where a machine lives
//!
//! A machine stays on one thread, for its script engine does. Most machines live on the I/O thread of their link: a step is
//! shorter than a way to another thread and back. What could take longer does not: a request of more than 64 KiB, scripts
//! that call or loop, searches in large graphs. Then the whole conversation moves to a thread of its own, machine
//! included; its link waits for it and nobody else does. If only the request was long, it comes back behind the answer.
//!
//! # What a page needs to draw sessions
//!
//! In the process of the service, [`Registry`] (from [`WalkApp::registry`]) answers at once and from any thread:
//!
//! | call | gives |
//! |---|---|
//! | [`Registry::list`] | all sessions: id, name, seed, steps, fulfilment, status of each model, whether paused |
//! | [`Registry::view`] | one session: its models, the current element, visits of each element, last known variables |
//! | [`Registry::refresh`] | has the session tell variables, requirements and coverage; [`SessionView::state`] has them then |
//! | [`Registry::pause`], [`Registry::resume`], [`Registry::step`], [`Registry::set_delay`], [`Registry::set_breakpoints`] | steer it |
//! | [`Registry::observer`], [`Registry::leave`] | who steers: what an observer wanted ends when it leaves |
//!
//! Over the wire the same comes from the service's own port, which pages on loopback may open (`Origin` is checked, and
//! `Host`). A page sends `listSessions` and hears of `sessionCreated` and `sessionEnded` from then on;
//! `subscribeSession` gives models and visits and from then on each `visitedElement` with the variables, `sessionPaused`,
//! `sessionResumed`, `sessionEnded` and, when somebody asked with `getSession`, `sessionState` with requirements and
//! coverage; the other commands steer it. Where steps come faster than they can be drawn, it subscribes with
//! `"steps": false` and asks with `getVisits` for what has changed since it last asked.

mod app;
mod card;
mod commands;
mod conversation;
mod failure;
#[cfg(test)]
mod fuzz;
mod guard;
mod lenient;
mod limits;
mod pipeline;
mod plain;
mod profile;
mod registry;
mod reply;
mod request;
mod rest;
mod service;
mod session;
mod state;
mod summons;
mod walk;
mod worker;

pub use app::{Pages, ServiceKind, WalkApp};
pub use card::Observer;
pub use guard::Guard;
pub use limits_public::limits;
pub use profile::Protocol;
pub use registry::{Registry, SessionBrief, SessionView, SteerError};
pub use rest::RestOptions;
pub use service::WalkOptions;
pub use session::WalkSession;

mod limits_public {
    //! The bounds of the listener, for whoever starts it.

    use sockeye_net::Limits;

    use crate::limits::{CONNECTIONS, REQUEST_BYTES};

    /// The bounds of a listener for a [`crate::WalkApp`].
    pub fn limits() -> Limits {
        Limits {
            connections: CONNECTIONS,
            body_bytes: REQUEST_BYTES,
            ..Limits::default()
        }
    }
}
