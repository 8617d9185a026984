//! What a server of a test does, connection by connection.

use std::time::Duration;

/// What the server does with one connection.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is something that a server may do"
)]
#[derive(Clone, Debug, Default)]
pub(super) struct Act {
    /// Answers the request with this instead of 101.
    pub(super) refusal: Option<String>,
    /// Never answers the request, or not in full.
    pub(super) hangs: bool,
    /// What it says before it hangs.
    pub(super) says_first: &'static str,
    /// Answers with another `Sec-WebSocket-Accept`, or with none.
    pub(super) accept: Option<&'static str>,
    /// What it does after so many messages.
    pub(super) after: Option<(usize, Last)>,
    /// It does that once it has confirmed those messages, and not before.
    pub(super) is_fair: bool,
    /// Pings a client that has said nothing for so long, and leaves one that does not answer.
    pub(super) keepalive: Option<Duration>,
    /// Answers no pings.
    pub(super) is_deaf_to_pings: bool,
    /// Pings as soon as the connection is open, and behind each message.
    pub(super) pings: bool,
    /// Says `{"ack": N}` behind each message.
    pub(super) acks: bool,
    /// Closes with this code over every message that has this text in it.
    pub(super) hates: Option<(&'static str, u16)>,
    /// Does not read for so long after the handshake.
    pub(super) stalls: Option<Duration>,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum Last {
    /// FIN.
    Drop,
    /// RST.
    Reset,
    /// A Close, at once after the message and before anything that came behind it.
    Close(u16),
    /// Says and takes nothing more, and stays connected.
    Freeze,
    /// The client has closed, and has our answer.
    Answer,
}

impl Act {
    /// Does this after so many messages.
    pub(super) fn after(count: usize, last: Last) -> Self {
        Self {
            after: Some((count, last)),
            ..Self::default()
        }
    }

    /// Does this after so many messages, all of which it has confirmed.
    pub(super) fn fair(count: usize, last: Last) -> Self {
        Self {
            is_fair: true,
            ..Self::after(count, last)
        }
    }

    /// Refuses the upgrade with this status.
    pub(super) fn refusing(status: &str) -> Self {
        Self {
            refusal: Some(format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nno")),
            ..Self::default()
        }
    }

    /// Closes with this code over every message with this text in it.
    pub(super) fn hating(text: &'static str, code: u16) -> Self {
        Self {
            hates: Some((text, code)),
            ..Self::default()
        }
    }
}
