//! The server's end of TLS: what a listener offers, and a handshake with whoever comes.

use std::fmt;
use std::io;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::SupportedProtocolVersion;
use rustls::crypto::aws_lc_rs::Ticketer;
use rustls::server::{ServerConfig, UnbufferedServerConnection, WebPkiClientVerifier};
use rustls::sign::SingleCertAndKey;
use rustls::version::{TLS12, TLS13};
use tokio::net::TcpStream;

use super::authorities::Authorities;
use super::channel::Channel;
use super::session::Session;
use super::{ALPN, Identity, provider};
use crate::stream::{Secured, Stream};

/// A version of TLS; where one is named alone it is the lowest that is spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[default]
    Tls12,
    /// TLS 1.3.
    Tls13,
}

/// The versions of TLS that are spoken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TlsVersions {
    /// 1.2 and 1.3.
    #[default]
    Both,
    /// This one only.
    Only(TlsVersion),
}

static BOTH_VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
static LATEST_VERSION: [&SupportedProtocolVersion; 1] = [&TLS13];
static OLDER_VERSION: [&SupportedProtocolVersion; 1] = [&TLS12];

impl TlsVersion {
    fn and_later(self) -> TlsVersions {
        match self {
            Self::Tls12 => TlsVersions::Both,
            Self::Tls13 => TlsVersions::Only(self),
        }
    }
}

impl TlsVersions {
    pub(super) fn supported(self) -> &'static [&'static SupportedProtocolVersion] {
        match self {
            Self::Both => &BOTH_VERSIONS,
            Self::Only(TlsVersion::Tls12) => &OLDER_VERSION,
            Self::Only(TlsVersion::Tls13) => &LATEST_VERSION,
        }
    }
}

/// Whether clients must show a certificate, and of whom.
#[derive(Clone, Debug, Default)]
pub enum ClientAuth {
    /// They are not asked.
    #[default]
    Off,
    /// They may show none; one that they show must be right.
    Optional(Authorities),
    /// They must show one.
    Required(Authorities),
}

/// Tickets that a client gets, each for one connection later on.
const TICKETS: usize = 2;

/// What a listener offers: a certificate, versions, what it wants of clients.
#[derive(Clone, Debug)]
pub struct TlsConfig(Arc<ServerConfig>);

impl TlsConfig {
    /// Puts it together. Errors: the authorities are none, or the system has no randomness.
    pub fn new(identity: &Identity, clients: &ClientAuth, lowest: TlsVersion) -> io::Result<Self> {
        Self::build(identity, clients, lowest.and_later(), TICKETS)
    }

    /// As [`Self::new`], with these versions and for clients that may never read: they get no tickets.
    /// What lies unread at a client that hangs up makes its end a reset, which takes the last of what it said.
    pub fn for_senders(
        identity: &Identity,
        clients: &ClientAuth,
        versions: TlsVersions,
    ) -> io::Result<Self> {
        Self::build(identity, clients, versions, 0)
    }

    fn build(
        identity: &Identity,
        clients: &ClientAuth,
        versions: TlsVersions,
        tickets: usize,
    ) -> io::Result<Self> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(versions.supported())
            .map_err(io::Error::other)?;
        let verifier = |authorities: &Authorities| {
            WebPkiClientVerifier::builder_with_provider(Arc::clone(&authorities.0), provider())
        };
        let verifier = match clients {
            ClientAuth::Off => None,
            ClientAuth::Optional(of) => Some(verifier(of).allow_unauthenticated()),
            ClientAuth::Required(of) => Some(verifier(of)),
        };
        let builder = match verifier {
            None => builder.with_no_client_auth(),
            Some(verifier) => {
                builder.with_client_cert_verifier(verifier.build().map_err(io::Error::other)?)
            }
        };
        let certified = SingleCertAndKey::from(Arc::clone(&identity.0));
        let mut config = builder.with_cert_resolver(Arc::new(certified));
        config.alpn_protocols = vec![ALPN.to_vec()];
        config.send_tls13_tickets = tickets;
        // Tickets instead of memory for sessions that may be resumed.
        config.ticketer = Ticketer::new().map_err(io::Error::other)?;
        config.session_storage = Arc::new(rustls::server::NoServerSessionStorage {});
        Ok(Self(Arc::new(config)))
    }
}

/// What a listener offers now. Cheap to clone; all clones change together.
#[derive(Clone)]
pub struct ServerTls(Arc<ArcSwap<ServerConfig>>);

impl fmt::Debug for ServerTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerTls").finish_non_exhaustive()
    }
}

impl ServerTls {
    /// Offers `config`.
    pub fn new(config: TlsConfig) -> Self {
        Self(Arc::new(ArcSwap::new(config.0)))
    }

    /// Offers `config` to whoever connects from now on; open connections stay as they are.
    pub fn replace(&self, config: TlsConfig) {
        self.0.store(config.0);
    }

    /// Shakes hands with the client at the other end of `socket`. Not bounded in time.
    ///
    /// An error comes with the socket as long as something can be said on it.
    pub(crate) async fn accept(&self, socket: TcpStream) -> Result<Stream, Rejected> {
        let mut first = [0];
        match socket.peek(&mut first).await {
            Ok(0) => {
                return Err(Rejected::Broken(
                    socket,
                    io::ErrorKind::UnexpectedEof.into(),
                ));
            }
            Ok(_) if first != HANDSHAKE => return Err(Rejected::NotTls(socket)),
            Ok(_) => {}
            Err(error) => return Err(Rejected::Broken(socket, error)),
        }
        let session = match UnbufferedServerConnection::new(self.0.load_full()) {
            Ok(session) => Session::Server(session),
            Err(error) => return Err(Rejected::Broken(socket, io::Error::other(error))),
        };
        let mut channel = Channel::new(session);
        match channel.handshake(&socket).await {
            Ok(()) => Ok(Stream::Tls(Box::new(Secured { socket, channel }))),
            Err(error) => Err(Rejected::Broken(socket, error)),
        }
    }
}

/// The first byte of a connection that speaks TLS: a record of the handshake (RFC 8446 section 5.1).
const HANDSHAKE: [u8; 1] = [0x16];

/// Why a connection did not become one over TLS.
#[derive(Debug)]
pub(crate) enum Rejected {
    /// The client speaks something else.
    NotTls(TcpStream),
    /// The handshake failed; rustls has told the client why.
    Broken(TcpStream, io::Error),
}
