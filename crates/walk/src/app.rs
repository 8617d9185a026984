//! A request to the model service becomes a WebSocket or a call of the REST service here.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};

use ::http::{HeaderValue, Request, Response, StatusCode, header};
use bytes::Bytes;
use hyper::body::Incoming;
use sockeye_core::Clock;
use sockeye_net::{Answer, App, Body, Fanout, LinkSettings, Peer, Upgrade};
use sockeye_wire::FrameLimits;

use crate::guard::Guard;
use crate::limits::{PING, PONG, REQUEST_BYTES, UNREAD_BYTES};
use crate::profile::{Dialect, Protocol};
use crate::registry::Registry;
use crate::rest::{Rest, RestOptions};
use crate::service::{Service, WalkOptions};
use crate::session::WalkSession;

/// Which of the two services it is.
#[derive(Debug)]
pub enum ServiceKind {
    /// A machine for each WebSocket.
    Socket,
    /// One machine for all, driven over REST. A WebSocket to the same port watches it.
    Rest(Box<RestOptions>),
}

/// The model service. One value serves all threads.
#[derive(Debug)]
pub struct WalkApp {
    service: Arc<Service>,
    guard: Guard,
    rest: Option<Rest>,
    pages: Option<Pages>,
}

/// Files of a page for browsers, by path: an answer, or nothing where there is none.
pub type Pages = fn(&Request<Incoming>) -> Option<Response<Body>>;

/// What all links have in common.
static SETTINGS: LazyLock<Arc<LinkSettings>> = LazyLock::new(|| {
    Arc::new(LinkSettings {
        frames: FrameLimits {
            frame_bytes: REQUEST_BYTES as u64,
            message_bytes: REQUEST_BYTES as u64,
            ..FrameLimits::default()
        },
        ping_interval: Some(PING),
        pong_timeout: PONG,
        backlog_bytes: UNREAD_BYTES,
        ..LinkSettings::default()
    })
});

/// What is said to whoever speaks HTTP where a WebSocket is.
const NOT_A_SOCKET: &str =
    "<html><head></head><body><h1>404 WebSocket Upgrade Failure</h1></body></html>";

/// The path of the rewrite of 2026.
const REWRITE_PATH: &str = "/graphwalker";

impl WalkApp {
    /// A service that is about to be started.
    ///
    /// # Errors
    ///
    /// The models that a REST service is to begin with cannot be walked.
    pub fn new(
        kind: ServiceKind,
        options: WalkOptions,
        guard: Guard,
        clock: Clock,
    ) -> Result<Self, String> {
        let service = Arc::new(Service::new(options, clock));
        let rest = match kind {
            ServiceKind::Socket => None,
            ServiceKind::Rest(rest) => Some(Rest::start(&service, *rest)?),
        };
        Ok(Self {
            service,
            guard,
            rest,
            pages: None,
        })
    }

    /// The same with a page for browsers.
    #[must_use]
    pub fn with_pages(self, pages: Pages) -> Self {
        Self {
            pages: Some(pages),
            ..self
        }
    }

    /// All sessions.
    pub fn registry(&self) -> Registry {
        self.service.registry.clone()
    }

    fn open(&self, request: &Request<Incoming>) -> Upgrade<WalkSession> {
        let uri = request.uri();
        let mut asked = uri.query().unwrap_or_default().split('&');
        let asked = asked.find_map(|pair| pair.strip_prefix("gw="));
        let forced = match asked {
            // Whoever says so shows its generation, whatever was said on the command line.
            Some("auto") => None,
            asked => asked
                .and_then(Protocol::named)
                .or(self.service.options.protocol),
        };
        let dialect = Dialect::new(forced, uri.path() == REWRITE_PATH);
        let service = Arc::clone(&self.service);
        let playback = self.rest.as_ref().map(Rest::playback);
        Upgrade {
            settings: Arc::clone(&SETTINGS),
            subprotocols: Arc::new([]),
            wrong_accept: false,
            upstream: None,
            start: Box::new(move |peer: Peer| {
                WalkSession::new(service, peer.number, dialect, playback)
            }),
        }
    }
}

impl App for WalkApp {
    type Session = WalkSession;

    fn started(&self, fanout: &Fanout) {
        self.service.registry.reach(fanout);
    }

    fn versions(&self) -> &'static [&'static str] {
        // Old clients of the reference announce 8.
        &["13", "8", "7"]
    }

    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr) -> Answer<WalkSession> {
        if let Err(reason) = self.guard.admit(request.uri(), request.headers()) {
            return Answer::Http(plain(
                StatusCode::FORBIDDEN,
                "text/plain;charset=UTF-8",
                reason,
            ));
        }
        if sockeye_wire::handshake::is_upgrade(request.headers()) {
            return Answer::Upgrade(self.open(&request));
        }
        if let Some(page) = self.pages.and_then(|pages| pages(&request)) {
            return Answer::Http(page);
        }
        match &self.rest {
            Some(rest) => Answer::Http(rest.answer(request).await),
            None => Answer::Http(plain(StatusCode::NOT_FOUND, "text/html", NOT_A_SOCKET)),
        }
    }
}

/// An answer with a text.
pub(crate) fn plain(
    status: StatusCode,
    kind: &'static str,
    text: impl Into<Bytes>,
) -> Response<Body> {
    let mut response = Response::new(Body::new(text.into()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let sniff = HeaderValue::from_static("nosniff");
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, sniff);
    response
}
