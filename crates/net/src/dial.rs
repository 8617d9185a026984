//! The client's end: an address and a request become a conversation, in the clear or over TLS.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use sockeye_wire::handshake::{self, ClientRequest};
use sockeye_wire::{Decoder, Deflate, Encoder, FrameLimits, Packing, Role};
use tokio::time::timeout;

use crate::reach::{Proxy, reach};
use crate::stream::Stream;
use crate::tls::{ClientTls, in_words};
use crate::{Conversation, Polled, Upstream, refusal};

/// Where to connect to, and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// Host name or address, without brackets. Over TLS the certificate must be for it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Where `host` and `port` are, for callers that have looked and checked already. `None`: the
    /// system is asked, and its addresses are tried one after another.
    pub address: Option<SocketAddr>,
    /// How to speak TLS. `None`: in the clear.
    pub tls: Option<ClientTls>,
    /// The name that the certificate is for, and that is told in the handshake (SNI); `None`: `host`.
    pub certificate_name: Option<String>,
    /// The address of this machine to connect from; `None`: the system chooses.
    pub source: Option<IpAddr>,
    /// Who makes the way to the server; `address` does not count then. `None`: nobody has to.
    pub proxy: Option<Proxy>,
}

impl Target {
    /// A target in the clear, wherever the system says it is.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            address: None,
            tls: None,
            certificate_name: None,
            source: None,
            proxy: None,
        }
    }

    /// The same target over TLS, if there is one.
    #[must_use]
    pub fn over(mut self, tls: Option<ClientTls>) -> Self {
        self.tls = tls;
        self
    }

    /// The same target at this address: nothing is resolved.
    #[must_use]
    pub fn at(mut self, address: SocketAddr) -> Self {
        self.address = Some(address);
        self
    }
}

/// Why there is no conversation.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The address cannot be resolved, reached or spoken to.
    #[error("cannot connect to {host}:{port}: {error}")]
    Socket {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// What the system said.
        error: io::Error,
    },
    /// TLS failed: the peer does not speak it, is not trusted, or does not trust us.
    #[error("cannot speak TLS with {host}:{port}: {reason}")]
    Tls {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// Why, in words.
        reason: String,
    },
    /// The proxy cannot be reached, or makes no way to the server.
    #[error("the proxy {proxy} makes no way to {host}:{port}: {reason}")]
    Proxy {
        /// The proxy's host and port.
        proxy: String,
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// Why, in words.
        reason: String,
    },
    /// Nothing happened in time.
    #[error("{host}:{port} did not finish the handshake in {within:?}")]
    Timeout {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// The time it had.
        within: Duration,
    },
    /// The peer ended the connection before its answer was complete.
    #[error("{host}:{port} closed the connection during the handshake")]
    Closed {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
    },
    /// The answer was not a right 101.
    #[error("{host}:{port} refused the upgrade: {error}")]
    Handshake {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// What was wrong with the answer.
        error: handshake::ResponseError,
        /// The answer as it came, head and body, at most 48 KiB of it.
        answer: Vec<u8>,
    },
}

/// What a right 101 leaves behind.
pub(crate) struct Opened {
    pub(crate) stream: Stream,
    pub(crate) subprotocol: Option<String>,
    /// What was agreed about compression.
    pub(crate) deflate: Option<Deflate>,
    /// Bytes that came behind the 101.
    pub(crate) early: Vec<u8>,
}

impl Opened {
    /// What reads and writes on it.
    pub(crate) fn codec(&self, limits: FrameLimits) -> (Decoder, Encoder) {
        let decoder = Decoder::new(Role::Client, limits);
        match self.deflate {
            None => (decoder, Encoder::client()),
            Some(agreed) => (
                decoder.with_deflate(agreed),
                Encoder::client().with_deflate(agreed, Packing::default()),
            ),
        }
    }
}

/// Connects to `target`, sends `request` and checks the answer, all within `within`. Messages are compressed
/// if the request offered that and the answer agrees.
pub async fn dial(
    target: &Target,
    request: &ClientRequest,
    limits: FrameLimits,
    within: Duration,
) -> Result<Conversation, DialError> {
    let opened = open(target, request, within).await?;
    Ok(Conversation::new(opened, limits))
}

/// As [`dial`], for a connection behind a link: [`crate::Upgrade::upstream`]. To be called on the thread
/// of that link.
pub async fn dial_upstream(
    target: &Target,
    request: &ClientRequest,
    limits: FrameLimits,
    within: Duration,
) -> Result<Upstream, DialError> {
    let opened = open(target, request, within).await?;
    Ok(Upstream::new(opened, limits))
}

/// As [`dial`], for a caller that polls the socket itself.
pub async fn dial_polled(
    target: &Target,
    request: &ClientRequest,
    limits: FrameLimits,
    within: Duration,
) -> Result<Polled, DialError> {
    let opened = open(target, request, within).await?;
    Polled::new(opened, limits).map_err(|error| target.failed(error))
}

async fn open(
    target: &Target,
    request: &ClientRequest,
    within: Duration,
) -> Result<Opened, DialError> {
    match timeout(within, connect(target, request)).await {
        Ok(result) => result,
        Err(_) => Err(DialError::Timeout {
            host: target.host.clone(),
            port: target.port,
            within,
        }),
    }
}

async fn connect(target: &Target, request: &ClientRequest) -> Result<Opened, DialError> {
    let (host, port) = (target.host.clone(), target.port);
    let failed = |error| target.failed(error);
    let mut stream = reach(target).await?;
    stream.write_all(request.bytes()).await.map_err(failed)?;
    let mut received = Vec::new();
    loop {
        if stream.read_some(&mut received).await.map_err(failed)? == 0 {
            return Err(DialError::Closed { host, port });
        }
        let response = match request.check_response(&received) {
            Ok(response) => response,
            Err(error) => {
                if matches!(error, handshake::ResponseError::Status { .. }) {
                    refusal::read_on(&mut stream, &mut received).await;
                }
                return Err(DialError::Handshake {
                    host,
                    port,
                    error,
                    answer: received,
                });
            }
        };
        if let Some(response) = response {
            let early = received.split_off(response.header_bytes);
            return Ok(Opened {
                stream,
                subprotocol: response.subprotocol,
                deflate: response.deflate,
                early,
            });
        }
    }
}

impl Target {
    /// The name that the certificate must be for.
    pub(crate) fn name(&self) -> &str {
        self.certificate_name.as_deref().unwrap_or(&self.host)
    }

    pub(crate) fn failed(&self, error: io::Error) -> DialError {
        let (host, port) = (self.host.clone(), self.port);
        match error.kind() {
            io::ErrorKind::UnexpectedEof => DialError::Closed { host, port },
            // What TLS says comes with a reason of its own, what the system says has none inside.
            io::ErrorKind::InvalidData | io::ErrorKind::Other if self.tls.is_some() => {
                let mut reason = in_words(&error);
                // Who asks for another name than that of the address may have asked for the wrong one.
                if let Some(name) = &self.certificate_name {
                    reason.push_str("; it was asked for as ");
                    reason.push_str(name);
                }
                DialError::Tls { host, port, reason }
            }
            _ => DialError::Socket { host, port, error },
        }
    }
}
