//! JOURNEY: a client's messages go on to a real server, and what that server says comes back.
//!
//! ```text
//! request ──dial──> the server behind is reached ──101──> the client is let in
//! client ──rules: answered here──or──transform.incoming──> server
//! client <──transform.outgoing── server
//! ```
//!
//! The network carries the bytes (`net/link/relay.rs`): it reads neither side while the other does not keep
//! up, and hands on how each side closes. Here it is decided whom to call, and what is handed on.

mod dial;
mod ground;

use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderName;
use sockeye_core::secrets;
use sockeye_net::{ClientTls, Message, Outbox};
use sockeye_script::template::{Template, UrlTemplate};

use crate::js::{Ask, Cursor, Handler};

pub(crate) use ground::Allowed;

/// A server behind a route.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) upstream: Upstream,
    /// How to speak TLS with it, if that is asked for.
    pub(crate) tls: Option<ClientTls>,
    /// Path and query there.
    pub(crate) url: UrlTemplate,
    /// Headers of the handshake with it.
    pub(crate) headers: Vec<(HeaderName, Template)>,
    /// Headers of the client that are handed on.
    pub(crate) forward_headers: Vec<HeaderName>,
    /// Whether the client's query is handed on.
    pub(crate) forward_query: bool,
    /// The time until it has answered the handshake.
    pub(crate) timeout: Duration,
    /// What becomes of messages to it.
    pub(crate) incoming: Option<Arc<Handler>>,
    /// What becomes of its messages.
    pub(crate) outgoing: Option<Arc<Handler>>,
    /// Hosts in private networks that the file allows.
    pub(crate) allowed: Arc<[Allowed]>,
}

/// Who is called. Nothing that a peer sends has a say in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Upstream {
    /// Name or address, without brackets.
    pub(crate) host: Box<str>,
    pub(crate) port: u16,
    /// Both, as the `Host` header has them.
    pub(crate) authority: Box<str>,
    pub(crate) is_secure: bool,
}

impl Proxy {
    /// The address as users know it, without its path.
    pub(crate) fn shown(&self) -> String {
        let scheme = if self.upstream.is_secure { "wss" } else { "ws" };
        format!("{scheme}://{}", self.upstream.authority)
    }

    /// What it does, for explanations.
    pub(crate) fn notes(&self) -> Vec<String> {
        let upstream = format!("{}{}", self.shown(), self.url.with("…"));
        let mut notes = vec![format!("upstream: {}", secrets::address(&upstream))];
        for (way, script) in [("incoming", &self.incoming), ("outgoing", &self.outgoing)] {
            let place = script.as_ref().map(|handler| handler.line(None));
            notes.extend(place.map(|place| format!("transform.{way}: {place}")));
        }
        notes
    }

    /// Whether connections that were opened for `other` may stay.
    pub(crate) fn reaches_the_same_as(&self, other: &Self) -> bool {
        self.upstream == other.upstream
    }

    pub(crate) fn has_scripts(&self) -> bool {
        self.incoming.is_some() || self.outgoing.is_some()
    }

    /// Hands on a client's message that no rule has answered, or says which script does it.
    pub(crate) fn forward(&self, message: Message<'_>, out: &mut Outbox<'_>) -> Option<Ask> {
        if let (Some(handler), Message::Text(_)) = (&self.incoming, message) {
            return Some(Ask::new(handler, Cursor::Incoming));
        }
        out.upstream(message);
        None
    }

    /// The script that a message of the server behind has to go through.
    pub(crate) fn outgoing(&self, message: Message<'_>) -> Option<Ask> {
        let handler = self.outgoing.as_ref()?;
        matches!(message, Message::Text(_)).then(|| Ask::new(handler, Cursor::Outgoing))
    }
}
