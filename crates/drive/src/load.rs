//! What is asked for: how many connections say what, how fast and for how long.

use std::fmt;
use std::time::Duration;

use sockeye_net::Target;
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::ClientRequest;

use crate::limits::{OUTSTANDING, WINDOW};
use crate::payload::Payload;

/// A load.
#[derive(Clone, Debug)]
pub struct Load {
    /// Connections, at least one and at most [`CONNECTIONS`](crate::CONNECTIONS).
    pub connections: usize,
    /// New connections per second; `None`: as fast as they can be made.
    pub ramp: Option<f64>,
    /// Threads that send and receive. At most one for each connection is started.
    pub threads: usize,
    /// Messages per second of all connections together. `None`: each connection sends when an answer has come.
    pub rate: Option<f64>,
    /// Messages without an answer that a connection may have. `None`: one without a rate, with a rate the
    /// connection's share of [`OUTSTANDING`].
    pub window: Option<usize>,
    /// How much is measured.
    pub span: Span,
    /// How long messages flow before anything is measured.
    pub warm_up: Duration,
    /// What is sent.
    pub payload: Payload,
    /// What has to come back.
    pub expect: Expect,
    /// How long after it has left a message may be without an answer. Beyond: lost.
    pub answer_within: Duration,
}

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// So long.
    Time(Duration),
    /// So many messages of all connections together.
    Messages(u64),
}

/// What has to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Each message, byte for byte and in its order.
    Echo,
    /// One message of any kind for each.
    Any,
    /// Nothing: a message has its answer when the system has taken it.
    Nothing,
}

impl Load {
    /// The window of each connection.
    pub fn window(&self) -> usize {
        let share = (OUTSTANDING / self.connections.max(1)).clamp(1, WINDOW);
        let usual = if self.rate.is_some() { share } else { 1 };
        self.window.unwrap_or(usual).max(1)
    }
}

/// Where the load goes.
pub struct Site {
    /// The server.
    pub target: Target,
    /// Makes the request of a connection: each has a key of its own.
    pub request: Box<dyn Fn() -> ClientRequest>,
    /// What is taken from the server.
    pub limits: FrameLimits,
    /// How long connecting may take.
    pub within: Duration,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site")
            .field("target", &self.target)
            .field("limits", &self.limits)
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_of_all_connections_together_are_bounded() {
        for connections in [1, 7, 100, 60_000] {
            let load = Load {
                connections,
                ramp: None,
                threads: 1,
                rate: Some(1.0),
                window: None,
                span: Span::Messages(1),
                warm_up: Duration::ZERO,
                payload: Payload::generated(1),
                expect: Expect::Echo,
                answer_within: Duration::ZERO,
            };
            let window = load.window();
            assert!((1..=WINDOW).contains(&window));
            assert!(window * connections <= OUTSTANDING, "{connections}");
            let closed = Load { rate: None, ..load };
            assert_eq!(closed.window(), 1);
        }
    }
}
