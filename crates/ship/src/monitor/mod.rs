//! What is counted is shown here: the endpoints that users of the reference ask.
//!
//! | file | what happens there |
//! |---|---|
//! | `counters` | numbers that grow |
//! | `json` | the endpoints that answer JSON |
//! | `prometheus` | those that answer in Prometheus' text |
//! | `health` | whether the last minute was a good one |

mod counters;
mod health;
mod json;
mod prometheus;

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use sockeye_core::Timestamp;
use sockeye_net::{Answer, App, Body, Ending, Limits, Message, Outbox, Server, Session, listen};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

pub use counters::{
    BUCKETS, ByCode, Count, Counters, FilterCounters, InputCounters, Latency, OutputCounters,
};
use health::Health;

use crate::pipeline::Pipeline;
use crate::service::{HttpServer, Service};

/// How long open requests may take when the engine ends.
const DRAIN: Duration = Duration::from_millis(500);

/// The listener that shows what is counted.
pub(crate) struct Monitor {
    server: Server,
    view: Arc<View>,
    sampling: Option<JoinHandle<()>>,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").finish_non_exhaustive()
    }
}

/// What requests may look at.
pub(crate) struct View {
    pub(crate) counters: Arc<Counters>,
    pub(crate) pipeline: Arc<Pipeline>,
    pub(crate) started: Instant,
    pub(crate) start_time: Timestamp,
    pub(crate) health: Option<Health>,
    pub(crate) has_storage_metrics: bool,
    may_reload: bool,
    reload: Notify,
}

impl Monitor {
    /// Starts the listener, if the service wants one. Errors are sentences: the address cannot be used.
    pub(crate) fn start(
        service: &Service,
        counters: &Arc<Counters>,
        pipeline: &Arc<Pipeline>,
    ) -> Result<Option<Self>, String> {
        let Some(http) = &service.http else {
            return Ok(None);
        };
        let view = Arc::new(View {
            counters: Arc::clone(counters),
            pipeline: Arc::clone(pipeline),
            started: Instant::now(),
            start_time: pipeline.clock.now(),
            health: service.health.map(Health::new),
            has_storage_metrics: service.storage.metrics,
            may_reload: service.hot_reload,
            reload: Notify::new(),
        });
        let server = serve(http, &view)
            .map_err(|error| format!("cannot listen on {}:{}: {error}", http.listen, http.port))?;
        let sampled = Arc::clone(&view);
        let sampling = view
            .health
            .is_some()
            .then(|| tokio::spawn(health::sample(sampled)));
        Ok(Some(Self {
            server,
            view,
            sampling,
        }))
    }

    /// The address; the port is the real one.
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) async fn reload_wanted(&self) {
        self.view.reload.notified().await;
    }

    pub(crate) async fn stop(self) {
        if let Some(sampling) = &self.sampling {
            sampling.abort();
        }
        self.server.drain().await;
    }
}

fn serve(http: &HttpServer, view: &Arc<View>) -> std::io::Result<Server> {
    let mut found = (http.listen.as_str(), http.port).to_socket_addrs()?;
    let address = found.next().ok_or(std::io::ErrorKind::AddrNotAvailable)?;
    let limits = Limits {
        drain: DRAIN,
        ..Limits::default()
    };
    Server::start(listen(address)?, Arc::clone(view), limits, 1)
}

/// There is no WebSocket here.
pub(crate) enum Nobody {}

impl Session for Nobody {
    fn opened(&mut self, _out: &mut Outbox<'_>) {
        match *self {}
    }

    fn message(&mut self, _message: Message<'_>, _out: &mut Outbox<'_>) {
        match *self {}
    }

    fn goodbye(&mut self, _out: &mut Outbox<'_>) {
        match *self {}
    }

    fn ended(&mut self, _ending: &Ending) {
        match *self {}
    }
}

impl App for View {
    type Session = Nobody;

    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr) -> Answer<Nobody> {
        let path = request.uri().path().trim_end_matches('/').to_owned();
        Answer::Http(self.respond(request.method(), &path))
    }
}

/// A status, a type and a text.
type Reply = (StatusCode, &'static str, String);

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const PROMETHEUS: &str = "text/plain; version=0.0.4";

impl View {
    fn respond(&self, method: &Method, path: &str) -> Response<Body> {
        let (status, kind, text) = self.reply(method, path);
        let mut response = Response::new(Full::new(Bytes::from(text)));
        *response.status_mut() = status;
        let kind = header::HeaderValue::from_static(kind);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }

    fn reply(&self, method: &Method, path: &str) -> Reply {
        if path == "/api/v2/reload" {
            return self.reload(method);
        }
        if method != Method::GET && method != Method::HEAD {
            return (StatusCode::METHOD_NOT_ALLOWED, TEXT, String::new());
        }
        let ok = |kind, text| (StatusCode::OK, kind, text);
        match path {
            "" => ok(JSON, json::about()),
            "/api/v1/uptime" => ok(JSON, json::uptime(self)),
            "/api/v1/metrics" => ok(JSON, json::metrics(&self.counters)),
            "/api/v1/metrics/prometheus" => ok(PROMETHEUS, prometheus::first(self)),
            "/api/v2/metrics" | "/api/v2/metrics/prometheus" => {
                ok(PROMETHEUS, prometheus::second(self))
            }
            "/api/v1/storage" if self.has_storage_metrics => ok(JSON, json::storage(self)),
            "/api/v1/plugins" => ok(JSON, json::plugins()),
            "/api/v1/health" => match &self.health {
                Some(health) if health.is_good() => ok(TEXT, "ok\n".to_owned()),
                Some(_) => (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    TEXT,
                    "error\n".to_owned(),
                ),
                None => (StatusCode::NOT_FOUND, TEXT, String::new()),
            },
            "/api/v2/health" => ok(JSON, json::health(self)),
            _ => (StatusCode::NOT_FOUND, TEXT, String::new()),
        }
    }

    fn reload(&self, method: &Method) -> Reply {
        if method == Method::GET {
            let count = self.counters.reloads.get();
            let text = format!("{{\"hot_reload_count\":{count}}}");
            return (StatusCode::OK, JSON, text);
        }
        if method != Method::POST && method != Method::PUT {
            return (StatusCode::METHOD_NOT_ALLOWED, TEXT, String::new());
        }
        if !self.may_reload {
            let text = "{\"reload\":\"not enabled\",\"status\":-1}".to_owned();
            return (StatusCode::BAD_REQUEST, JSON, text);
        }
        self.reload.notify_one();
        let text = "{\"reload\":\"done\",\"status\":0}".to_owned();
        (StatusCode::OK, JSON, text)
    }
}
