//! The server behind is reached here, before the client is let in: whom, with which headers, and what the
//! client gets where that fails.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ::http::HeaderMap;
use ::http::{Response, StatusCode};
use serde_json::json;
use sockeye_net::{Body, DialError, Dialing, Peer, Target, Upstream, dial_upstream};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, RequestError, fresh_key};
use thiserror::Error;
use tokio::net::lookup_host;
use tokio::time::{Instant, timeout_at};
use tracing::warn;

use super::Proxy;
use super::ground::{self, Forbidden};
use crate::facts::Facts;
use crate::http::refuse;
use crate::occasion::Occasion;
use crate::outgoing::{self, MOST_LINE_BYTES, Unfit};
use crate::voice::Voice;
use crate::world::World;

/// Addresses of a name that are looked at; of the others none is called.
const MOST_ADDRESSES: usize = 16;

/// What a server behind may send in one message, in bytes: 64 MiB, beyond any client's patience.
const MOST_MESSAGE_BYTES: u64 = 64 * 1024 * 1024;

/// Frames that such a message may consist of, beside those that its length earns.
const MOST_FRAGMENTS: u32 = 4_096;

/// What of a request is handed on, apart from what templates ask for.
#[derive(Debug, Default)]
pub(crate) struct Handed {
    headers: HeaderMap,
    query: Option<String>,
}

/// Why the server behind is not reached.
#[derive(Debug, Error)]
enum Unreached {
    #[error("it may not be called: {0}")]
    Forbidden(Forbidden),
    #[error("{host} is not known: {error}")]
    Unknown { host: Box<str>, error: io::Error },
    #[error("{host}:{port} did not finish the handshake in {within:?}")]
    Late {
        host: Box<str>,
        port: u16,
        within: Duration,
    },
    #[error(transparent)]
    Dial(#[from] DialError),
    #[error(transparent)]
    Unfit(#[from] Unfit),
    #[error("its handshake cannot be written: {0}")]
    Request(#[from] RequestError),
}

impl Unreached {
    /// 403 where we do not want to, 504 where it took too long, 502 otherwise.
    fn status(&self) -> StatusCode {
        match self {
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Late { .. } | Self::Dial(DialError::Timeout { .. }) => {
                StatusCode::GATEWAY_TIMEOUT
            }
            _ => StatusCode::BAD_GATEWAY,
        }
    }
}

impl Proxy {
    /// What of `request` is handed on.
    pub(crate) fn handed<B>(&self, request: &::http::Request<B>) -> Handed {
        let mut headers = HeaderMap::new();
        for name in &self.forward_headers {
            for value in request.headers().get_all(name) {
                headers.append(name.clone(), value.clone());
            }
        }
        let query = request.uri().query().filter(|_| self.forward_query);
        Handed {
            headers,
            query: query.map(str::to_owned),
        }
    }

    /// Reaches the server for a client of `route` that is about to be let in.
    pub(crate) fn dialing(
        self: &Arc<Self>,
        world: &Arc<World>,
        route: &str,
        facts: Facts,
        handed: Handed,
    ) -> Dialing {
        let (proxy, world, route) = (Arc::clone(self), Arc::clone(world), route.to_owned());
        Box::new(move |peer, offered| {
            Box::pin(async move {
                let attempt = Attempt {
                    proxy: &proxy,
                    world: &world,
                    route: &route,
                };
                let reached = attempt.reach(peer, facts, handed, &offered).await;
                reached.map_err(|error| attempt.refuse(&error))
            })
        })
    }
}

/// One client's way to the server behind.
struct Attempt<'a> {
    proxy: &'a Proxy,
    world: &'a World,
    route: &'a str,
}

impl Attempt<'_> {
    async fn reach(
        &self,
        peer: Peer,
        facts: Facts,
        handed: Handed,
        offered: &[String],
    ) -> Result<Upstream, Unreached> {
        let deadline = Instant::now() + self.proxy.timeout;
        let facts = Facts {
            peer: Some(peer),
            ..facts
        };
        let request = self.request(&facts, handed, offered)?;
        let addresses = self.resolve(deadline).await?;
        let own = self.world.ports();
        let host = &*self.proxy.upstream.host;
        ground::check(host, &addresses, &self.proxy.allowed, own).map_err(Unreached::Forbidden)?;
        self.dial(&addresses, &request, deadline).await
    }

    /// The addresses of the server. Asked once: what is looked at is what is called.
    async fn resolve(&self, deadline: Instant) -> Result<Vec<SocketAddr>, Unreached> {
        let upstream = &self.proxy.upstream;
        let looked_up = timeout_at(deadline, lookup_host((&*upstream.host, upstream.port))).await;
        let unknown = |error| Unreached::Unknown {
            host: upstream.host.clone(),
            error,
        };
        let found = looked_up.map_err(|_| self.late())?.map_err(unknown)?;
        let addresses: Vec<SocketAddr> = found.take(MOST_ADDRESSES).collect();
        if addresses.is_empty() {
            return Err(unknown(io::Error::other("it has no address")));
        }
        Ok(addresses)
    }

    /// Tries the addresses one after another, until one of them takes the connection.
    async fn dial(
        &self,
        addresses: &[SocketAddr],
        request: &ClientRequest,
        deadline: Instant,
    ) -> Result<Upstream, Unreached> {
        let upstream = &self.proxy.upstream;
        let limits = FrameLimits {
            frame_bytes: MOST_MESSAGE_BYTES,
            message_bytes: MOST_MESSAGE_BYTES,
            fragments: MOST_FRAGMENTS,
            loose_text: false,
        };
        let mut last = self.late();
        for address in addresses {
            let left = deadline.saturating_duration_since(Instant::now());
            let target = Target::new(&*upstream.host, upstream.port)
                .over(self.proxy.tls.clone())
                .at(*address);
            match dial_upstream(&target, request, limits, left).await {
                Ok(reached) => return Ok(reached),
                Err(DialError::Timeout { .. }) => return Err(self.late()),
                Err(error @ DialError::Socket { .. }) => last = error.into(),
                Err(error) => return Err(error.into()),
            }
        }
        Err(last)
    }

    fn late(&self) -> Unreached {
        let upstream = &self.proxy.upstream;
        Unreached::Late {
            host: upstream.host.clone(),
            port: upstream.port,
            within: self.proxy.timeout,
        }
    }

    /// The handshake, with what the file and the client's request bring to it.
    fn request(
        &self,
        facts: &Facts,
        handed: Handed,
        offered: &[String],
    ) -> Result<ClientRequest, Unreached> {
        let mut random = self.world.random(facts.number());
        let mut voice = Voice {
            world: self.world,
            facts,
            route: self.route,
            conduct: None,
            random: &mut random,
        };
        let (mut headers, query) = (handed.headers, handed.query);
        let mut url = voice.with_scope(Occasion::default(), |scope| {
            for (name, template) in &self.proxy.headers {
                headers.insert(name.clone(), outgoing::header(name, template, scope)?);
            }
            outgoing::url(&self.proxy.url, scope)
        })?;
        if let Some(query) = query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&query);
        }
        if url.len() > MOST_LINE_BYTES {
            return Err(Unfit::LineTooLong.into());
        }
        let authority = &self.proxy.upstream.authority;
        let request = ClientRequest::new(authority, &url, &headers, offered, fresh_key());
        request.map_err(Unreached::Request)
    }

    /// What the client gets instead of a connection.
    fn refuse(&self, error: &Unreached) -> Response<Body> {
        let upstream = self.proxy.shown();
        if self.world.count_upstream_error() {
            warn!(
                route = self.route,
                upstream, "the upstream is not reached: {error}"
            );
        }
        let body = json!({
            "error": format!("the upstream is not reached: {error}"),
            "upstream": upstream,
        });
        refuse::json(error.status(), &body)
    }
}
