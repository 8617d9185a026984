//! Sockets to WebSocket links and back: listen, accept, upgrade, the link itself, dial, limits, drain.
//!
//! # Layout, in the order a connection meets it
//!
//! | file | what happens there |
//! |---|---|
//! | [`listen`](crate::listen()) | a socket is bound |
//! | `accept` | connections are taken under a permit and handed to an I/O thread |
//! | `thread` | an I/O thread: one runtime, one set of buffers, all its links |
//! | `secure`, `tls` | the handshake of TLS, where a [`Port`] asks for it |
//! | `http` | hyper reads the request, the [`App`] answers it or asks for the upgrade |
//! | `roster`, [`Fanout`], [`Bell`] | what reaches a link from outside: messages of others, a reload, a late answer, the end |
//! | `link` | frames in, [`Session`] calls, frames out, timers, the closing handshake |
//! | [`Shaper`] | what may stand between a session and its wire, to hold, change or break messages |
//! | `reach` | the way to a server: from an address of ours, through a proxy, over TLS |
//! | [`dial`](crate::dial()) | the same link from the client's end |
//! | [`SecureStream`] | bytes over TLS for those who speak no WebSocket |
//! | [`Polled`] | a socket of the client's end that its owner polls |
//! | [`Upstream`] | a server behind a link, with us as its client |
//!
//! The application owns no file descriptor: it sees requests ([`App`]) and messages ([`Session`]),
//! and answers into an [`Outbox`]. Every bound is a field of [`Limits`].

mod accept;
mod app;
mod bell;
mod buffers;
mod conversation;
mod counts;
mod dial;
mod fanout;
mod http;
mod limits;
mod link;
mod listen;
mod outbox;
mod polled;
mod reach;
mod refusal;
mod roster;
mod secure;
mod secured;
mod server;
mod shaper;
mod slots;
mod socket;
mod stream;
mod tap;
mod thread;
mod tls;
mod upstream;

pub use app::{Answer, App, Body, Dialing, Message, Peer, Session, Upgrade, Written};
pub use bell::Bell;
pub use conversation::{Conversation, ConversationReader, ConversationWriter, Received};
pub use counts::{Counts, LinkCounts, Totals};
pub use dial::{DialError, Target, dial, dial_polled, dial_upstream};
pub use fanout::{Audience, Fanout, Frame};
pub use limits::{Compression, Limits, LinkSettings, WhenBehind};
pub use link::Ending;
pub use listen::{Port, listen};
pub use outbox::{Outbox, Pace};
pub use polled::Polled;
pub use reach::Proxy;
pub use secured::{SecureStream, secure};
pub use server::{Drained, Server};
pub use shaper::{Arrival, Cut, OwnMessage, Shaper, Wire};
pub use tap::{Direction, Hold, Passing, Sight, Tap};
pub use tls::{
    Authorities, ClientAuth, ClientTls, ClientTrust, Identity, SelfSigned, ServerTls, TlsConfig,
    TlsError, TlsFile, TlsFlaw, TlsVersion, TlsVersions,
};
pub use upstream::Upstream;
