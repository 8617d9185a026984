//! A request to the admin listener finds its route.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use ::http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use serde_json::{Value, json};
use sockeye_mock::operate::Operator;
use sockeye_net::{Answer, App, Body, Counts, LinkSettings, Upgrade};
use tokio::sync::mpsc;

use super::answer::{Problem, ok, typed};
use super::events::EventStream;
use super::guard::Guard;
use super::routes::reload::ReloadRequest;
use super::routes::{
    chaos, connections, messages, pages, recordings, reload, sinks, steer, tryout,
};
use super::stream::Stream;
use super::table::{Action, AdminRoute, Target, find};
use super::tape::{TAPE, TapeStream};
use super::{metrics, openapi};
use crate::pages::protect;

/// The subprotocol of the stream of events.
const EVENTS: &str = "sockeye.events";

/// The server that is watched.
#[derive(Clone, Debug)]
pub(crate) struct Served {
    /// The counts of its network.
    pub(crate) counts: Counts,
    /// Where clients find it: `ws://127.0.0.1:8080`.
    pub(crate) url: String,
    pub(crate) started: Instant,
}

/// What the listener knows.
#[derive(Debug)]
pub(crate) struct AdminApp {
    pub(crate) operator: Operator,
    pub(crate) served: Served,
    pub(crate) guard: Guard,
    pub(crate) reloads: mpsc::Sender<ReloadRequest>,
    pub(crate) draining: Arc<AtomicBool>,
}

impl App for AdminApp {
    type Session = Stream;

    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr) -> Answer<Stream> {
        let is_upgrade = sockeye_wire::handshake::is_upgrade(request.headers());
        let mut answer = self.admitted(request, is_upgrade).await;
        if let Answer::Http(response) = &mut answer {
            protect(response);
        }
        answer
    }
}

impl AdminApp {
    async fn admitted(&self, request: Request<Incoming>, is_upgrade: bool) -> Answer<Stream> {
        if let Err(problem) = self.guard.admit(request.uri(), request.headers()) {
            return Answer::Http(problem.response());
        }
        let path = request.uri().path().to_owned();
        match find(request.method(), &path) {
            Target::Route(route, id) => self.route(route, id, request, is_upgrade).await,
            Target::Methods(methods) => {
                let methods: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
                Answer::Http(other_method(&methods.join(", ")))
            }
            Target::Nothing => {
                Answer::Http(pages::serve(request.method(), &path, request.headers()))
            }
        }
    }

    async fn route(
        &self,
        route: &AdminRoute,
        id: &str,
        request: Request<Incoming>,
        is_upgrade: bool,
    ) -> Answer<Stream> {
        if route.is_guarded
            && let Err(problem) = self.guard.check_token(request.headers())
        {
            let mut response = problem.response();
            let scheme = HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, scheme);
            return Answer::Http(response);
        }
        if matches!(route.action, Action::Events | Action::Tape) {
            let opened = self.open(route.action, request.uri().query(), is_upgrade);
            return opened.unwrap_or_else(|problem| Answer::Http(problem.response()));
        }
        let answer = self.act(route.action, id, request).await;
        Answer::Http(answer.unwrap_or_else(Problem::response))
    }

    async fn act(
        &self,
        action: Action,
        id: &str,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, Problem> {
        let query = request.uri().query();
        let operator = &self.operator;
        match action {
            Action::Connections => connections::list(operator, query),
            Action::Connection => connections::one(operator, id).await,
            Action::Close => steer::close(operator, id, query),
            Action::Send => steer::send(operator, id, request).await,
            Action::Broadcast => steer::broadcast(operator, request).await,
            Action::Rooms => {
                let rooms = operator.rooms();
                Ok(ok(&json!({ "count": rooms.len(), "rooms": rooms })))
            }
            Action::Handlers => {
                let handlers = operator.handlers();
                Ok(ok(
                    &json!({ "count": handlers.len(), "handlers": handlers }),
                ))
            }
            Action::Try => tryout::run(operator, request).await,
            Action::Stats => Ok(ok(&self.stats())),
            Action::Messages => messages::list(operator, query),
            Action::Reload => reload::run(&self.reloads).await,
            Action::Chaos => chaos::show(operator, query),
            Action::SetChaos => chaos::set(operator, request).await,
            Action::ForgetChaos => chaos::forget(operator, query),
            Action::Faults => chaos::log(operator, query),
            Action::Healthz => Ok(typed("ok", "text/plain; charset=utf-8")),
            Action::Readyz => Ok(self.readiness()),
            Action::Metrics => Ok(typed(
                metrics::write(operator, &self.served.counts),
                metrics::TYPE,
            )),
            Action::OpenApi => Ok(typed(openapi::document(), "application/json")),
            Action::Recordings => recordings::list(operator, query),
            Action::Sinks => sinks::list(operator, query),
            Action::ForgetSinks => sinks::forget(operator, query),
            Action::Events | Action::Tape => Err(Problem::bad("this is a WebSocket")),
        }
    }

    fn open(
        &self,
        action: Action,
        query: Option<&str>,
        is_upgrade: bool,
    ) -> Result<Answer<Stream>, Problem> {
        let choice = match action {
            Action::Tape => Some(recordings::choice(query)?),
            _ => None,
        };
        if !is_upgrade {
            let text = "this is a stream; connect with a WebSocket";
            let mut response = Problem::new(StatusCode::UPGRADE_REQUIRED, text).response();
            let upgrade = HeaderValue::from_static("websocket");
            response.headers_mut().insert(header::UPGRADE, upgrade);
            return Ok(Answer::Http(response));
        }
        let (operator, served) = (self.operator.clone(), self.served.clone());
        let subprotocol = choice.as_ref().map_or(EVENTS, |_| TAPE);
        Ok(Answer::Upgrade(Upgrade {
            settings: Arc::new(LinkSettings::default()),
            subprotocols: Arc::new([subprotocol.to_owned()]),
            wrong_accept: false,
            upstream: None,
            start: Box::new(move |_| match choice {
                Some(choice) => Stream::Tape(Box::new(TapeStream::new(operator, choice))),
                None => Stream::Events(Box::new(EventStream::new(operator, served))),
            }),
        }))
    }

    fn readiness(&self) -> Response<Body> {
        if self.draining.load(Relaxed) {
            let mut response = typed("draining", "text/plain; charset=utf-8");
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            return response;
        }
        typed("ready", "text/plain; charset=utf-8")
    }

    fn stats(&self) -> Value {
        stats(&self.operator, &self.served)
    }
}

/// The counts of a server.
pub(crate) fn stats(operator: &Operator, served: &Served) -> Value {
    let (totals, mock, figures) = (served.counts.totals(), operator.stats(), operator.ends());
    let chaos_counts = operator.chaos_counts().into_iter();
    let chaos_counts = chaos_counts.map(|(name, count)| (name.to_owned(), count.into()));
    let chaos_counts = chaos_counts.collect();
    let uptime = u64::try_from(served.started.elapsed().as_millis()).unwrap_or(u64::MAX);
    json!({
        "uptime_ms": uptime,
        "connections": {
            "active": totals.opened.saturating_sub(totals.ended),
            "total": totals.opened,
            "rejected": totals.rejected,
        },
        "messages": { "received": totals.received, "sent": totals.sent },
        "bytes": { "received": totals.bytes_received, "sent": totals.bytes_sent },
        "latency": operator.latency(),
        "unanswered": mock.unanswered,
        "errors": {
            "parse": mock.parse,
            "template": mock.template,
            "script": mock.script,
            "timeout": mock.timeout + figures.timeout,
            "too_big": figures.too_big,
            "protocol": figures.protocol,
            "slow": figures.slow,
            "io": figures.io,
            "internal": figures.internal,
            "tls": totals.tls_failed,
            "upstream": mock.upstream + figures.upstream,
        },
        "chaos": Value::Object(chaos_counts),
        "rooms": mock.rooms,
        "generation": mock.generation,
        "urls": [served.url],
        "version": env!("CARGO_PKG_VERSION"),
    })
}

fn other_method(allowed: &str) -> Response<Body> {
    let text = format!("this path is for {allowed}");
    let mut response = Problem::new(StatusCode::METHOD_NOT_ALLOWED, text).response();
    if let Ok(allowed) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}
