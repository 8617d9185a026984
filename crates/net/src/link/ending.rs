//! Why a link ended.

use std::fmt;

use sockeye_wire::{CloseCode, Violation};

use crate::outbox::Farewell;

/// How a link came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The peer sent Close, with this code if any.
    Peer(Option<CloseCode>),
    /// The session closed it.
    Session(CloseCode),
    /// The server is shutting down.
    Drained,
    /// The peer broke the protocol or a limit.
    Violation(Violation),
    /// The peer sent pings or pongs without end.
    ControlFlood,
    /// Nothing came after a ping.
    PingTimeout,
    /// No data message for too long.
    Idle,
    /// The peer took nothing of what was sent for too long.
    SlowConsumer,
    /// The server behind the link sent Close, with this code if any.
    Upstream(Option<CloseCode>),
    /// The server behind the link is gone, silent, or broke the protocol; why, in words.
    UpstreamLost(String),
    /// The session panicked.
    Panicked,
    /// Its shaper cut it off.
    Cut,
    /// The socket ended or failed without a Close.
    Lost,
}

impl Ending {
    /// The Close frame that tells the peer.
    pub(crate) fn farewell(&self) -> Farewell {
        let (code, reason) = match self {
            Self::Peer(_) | Self::Cut | Self::Lost => (CloseCode::NORMAL, String::new()),
            Self::Session(code) => (*code, String::new()),
            Self::Drained => (CloseCode::GOING_AWAY, "server is shutting down".to_owned()),
            Self::Violation(violation) => (violation.code, violation.to_string()),
            Self::ControlFlood => (CloseCode::POLICY, "too many control frames".to_owned()),
            Self::PingTimeout => (CloseCode::GOING_AWAY, "ping timeout".to_owned()),
            Self::Idle => (CloseCode::NORMAL, "idle".to_owned()),
            Self::SlowConsumer => (CloseCode::TRY_AGAIN, "too slow".to_owned()),
            Self::Upstream(code) => {
                return Farewell {
                    code: *code,
                    reason: String::new(),
                };
            }
            Self::UpstreamLost(why) => (CloseCode::BAD_GATEWAY, format!("the upstream {why}")),
            Self::Panicked => (CloseCode::INTERNAL, "internal error".to_owned()),
        };
        let code = Some(code);
        Farewell { code, reason }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Peer(Some(code)) => write!(f, "closed by the peer with {code}"),
            Self::Peer(None) => f.write_str("closed by the peer"),
            Self::Session(code) => write!(f, "closed with {code}"),
            Self::Drained => f.write_str("closed because the server shuts down"),
            Self::Violation(violation) => {
                write!(f, "closed with {}: {violation}", violation.code)
            }
            Self::ControlFlood => f.write_str("closed with 1008: too many control frames"),
            Self::PingTimeout => f.write_str("closed because a ping was not answered"),
            Self::Idle => f.write_str("closed because it was idle"),
            Self::SlowConsumer => f.write_str("dropped because the peer stopped reading"),
            Self::Upstream(Some(code)) => write!(f, "closed by the upstream with {code}"),
            Self::Upstream(None) => f.write_str("closed by the upstream"),
            Self::UpstreamLost(why) => write!(f, "closed with 1014: the upstream {why}"),
            Self::Panicked => f.write_str("closed because of a fault of ours"),
            Self::Cut => f.write_str("cut off on purpose"),
            Self::Lost => f.write_str("lost without a Close"),
        }
    }
}
