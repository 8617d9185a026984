//! What an application is to the network: requests come in, answers and sessions go out.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use sockeye_wire::Deflate;
use tokio::time::Instant;

use crate::{Ending, Fanout, LinkCounts, LinkSettings, Outbox, Tap, Upstream};

/// The body of a plain HTTP answer.
pub type Body = Full<Bytes>;

/// Decides what every request gets. One value serves all threads.
pub trait App: Send + Sync + 'static {
    /// What speaks on a link once it is open. Lives and dies on one thread.
    type Session: Session;

    /// The server is about to accept connections; `fanout` reaches their links. Called once.
    fn started(&self, _fanout: &Fanout) {}

    /// Shows the messages of all links to somebody; asked once.
    fn tap(&self) -> Option<Arc<Tap>> {
        None
    }

    /// The values of `Sec-WebSocket-Version` that are spoken. Those of drafts 7 to 12 are 7 and 8.
    fn versions(&self) -> &'static [&'static str] {
        &["13"]
    }

    /// Answers one request. The network has checked the size of its head and the announced size of
    /// its body, nothing else. A panic costs the request a 500 and nothing else.
    fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Answer<Self::Session>>;
}

/// What a request gets.
pub enum Answer<S> {
    /// A plain response; the connection stays with HTTP.
    Http(Response<Body>),
    /// A WebSocket, if the handshake is right and there is room.
    Upgrade(Upgrade<S>),
}

impl<S> std::fmt::Debug for Answer<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Http(response) => f.debug_tuple("Http").field(response).finish(),
            Self::Upgrade(upgrade) => f.debug_tuple("Upgrade").field(upgrade).finish(),
        }
    }
}

/// Reaches the server behind a link for a peer, given the subprotocols that the peer offers, or says what
/// the peer gets instead. Called when the handshake is known to be right and there is room; a panic
/// costs the request a 500.
pub type Dialing = Box<
    dyn FnOnce(
        Peer,
        Vec<String>,
    ) -> Pin<Box<dyn Future<Output = Result<Upstream, Response<Body>>>>>,
>;

/// How to open a link.
pub struct Upgrade<S> {
    /// Bounds and timers of the link.
    pub settings: Arc<LinkSettings>,
    /// Subprotocols that the route speaks, best first. Empty: the first one offered is accepted,
    /// because browsers refuse an answer that names none of those they offered.
    pub subprotocols: Arc<[String]>,
    /// Whether `Sec-WebSocket-Accept` is wrong on purpose; the link opens all the same.
    pub wrong_accept: bool,
    /// Reaches the server behind, if there is one to be. Its subprotocol is then the link's own.
    pub upstream: Option<Dialing>,
    /// Makes the session, once the handshake has succeeded and a slot is taken. A panic closes the
    /// connection with 1011.
    pub start: Box<dyn FnOnce(Peer) -> S>,
}

impl<S> std::fmt::Debug for Upgrade<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upgrade")
            .field("settings", &self.settings)
            .field("subprotocols", &self.subprotocols)
            .field("wrong_accept", &self.wrong_accept)
            .field("upstream", &self.upstream.is_some())
            .finish_non_exhaustive()
    }
}

/// Who is at the other end of a link.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Number of the connection: 1 for the first of this server, never used twice.
    pub number: u64,
    /// The peer's address.
    pub address: SocketAddr,
    /// The subprotocol that was agreed.
    pub subprotocol: Option<String>,
    /// What was agreed about compression, if anything.
    pub deflate: Option<Deflate>,
    /// Whether the link speaks TLS.
    pub tls: bool,
    /// What passes through the link.
    pub counts: Arc<LinkCounts>,
}

/// A data message, whole and, if text, valid UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message<'a> {
    /// A text message.
    Text(&'a str),
    /// A binary message.
    Binary(&'a [u8]),
}

impl Message<'_> {
    /// The payload's bytes.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Binary(bytes) => bytes,
        }
    }
}

/// A turn of a link is over: what its session said is with the system, or waits for a peer that is slow.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// Messages of the peer that the session was given in this turn.
    pub messages: u64,
    /// When they were read; `at` if there were none. The time that they waited for the peer to take earlier answers
    /// is left out.
    pub read_at: Instant,
    /// When the turn was over.
    pub at: Instant,
}

/// What speaks on an open link. Calls come one after another, on the link's thread, and must not
/// block: they put what they have to say into the outbox and return.
///
/// A panic in a session ends its own link with 1011 and nothing else.
pub trait Session: 'static {
    /// The link is open.
    fn opened(&mut self, out: &mut Outbox<'_>);

    /// A data message came.
    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>);

    /// A data message came from the server behind. Said to the peer unless the session does better.
    fn upstream_message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        out.message(message);
    }

    /// Something that all sessions share has changed: [`crate::Server::nudge`] was called.
    fn nudged(&mut self, _out: &mut Outbox<'_>) {}

    /// The instant that was asked for with [`Outbox::wake_at`] has come, or somebody rang the link's
    /// bell ([`Outbox::bell`]). Further instants must be asked for again.
    fn woken(&mut self, _out: &mut Outbox<'_>) {}

    /// A turn is over in which data messages passed, or which was awaited with [`Outbox::await_end`].
    fn written(&mut self, _turn: Written) {}

    /// The last chance to say something: our Close frame follows.
    ///
    /// Not called when the socket failed or the peer broke the protocol; called when the peer has
    /// answered no ping, for it may still listen.
    fn goodbye(&mut self, out: &mut Outbox<'_>);

    /// The link is gone and its slot is free. Called once for every session that was started, also
    /// for those that a server drops at its end.
    fn ended(&mut self, ending: &Ending);
}
