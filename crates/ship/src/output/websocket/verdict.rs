//! How a connection ended passes through here: what to say about it, and what to make of it.

use std::time::Duration;

use sockeye_wire::{CloseCode, Violation};

/// Why a connection ended.
#[derive(Debug)]
pub(super) enum Fault {
    /// The server sent Close.
    Closed(Option<(CloseCode, String)>),
    /// The connection is gone without a Close.
    Gone(String),
    /// The server did not answer for so long.
    Silent(Duration),
    /// The server broke the protocol.
    Broken(Violation),
}

/// What to make of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Connect again; what is not confirmed is sent again.
    Again,
    /// The same, but not at once: the server wants time.
    Later,
    /// The server does not want what it was sent: sending the same again as it is will not do.
    Unwanted,
}

impl Fault {
    /// One line, and how loud it is to be said.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Closed(None) => "closed the connection without a code".to_owned(),
            Self::Closed(Some((code, reason))) => {
                let mut text = format!("closed the connection: {code} {}", name(*code));
                if !reason.is_empty() {
                    text.push_str(", ");
                    text.push_str(reason);
                }
                text
            }
            Self::Gone(why) => format!("is gone: {why}"),
            Self::Silent(time) => format!("has not answered for {} s", time.as_secs_f64()),
            Self::Broken(violation) => format!("broke the protocol: {violation}"),
        }
    }

    pub(super) fn code(&self) -> Option<CloseCode> {
        match self {
            Self::Closed(Some((code, _))) => Some(*code),
            _ => None,
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        match self.code() {
            Some(
                CloseCode::PROTOCOL_ERROR
                | CloseCode::UNSUPPORTED
                | CloseCode::INVALID_PAYLOAD
                | CloseCode::POLICY
                | CloseCode::TOO_BIG,
            ) => Verdict::Unwanted,
            Some(CloseCode::TRY_AGAIN) => Verdict::Later,
            _ => Verdict::Again,
        }
    }
}

/// What a code means (RFC 6455 section 7.4.1).
fn name(code: CloseCode) -> &'static str {
    match code {
        CloseCode::NORMAL => "(normal)",
        CloseCode::GOING_AWAY => "(going away)",
        CloseCode::PROTOCOL_ERROR => "(protocol error)",
        CloseCode::UNSUPPORTED => "(this kind of frame is not accepted: see `frame_type`)",
        CloseCode::INVALID_PAYLOAD => {
            "(payload not as it should be: see `format` and `frame_type`)"
        }
        CloseCode::POLICY => "(against the server's rules)",
        CloseCode::TOO_BIG => "(message too big: see `max_message_size`)",
        CloseCode::INTERNAL => "(server error)",
        CloseCode::SERVICE_RESTART => "(restart)",
        CloseCode::TRY_AGAIN => "(try again later)",
        CloseCode::BAD_GATEWAY => "(bad gateway)",
        _ => "(the server's own code)",
    }
}
