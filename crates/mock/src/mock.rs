//! The running mock: requests to answers, the current plan, what all connections share.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use ::http::{Method, Request};
use arc_swap::ArcSwap;
use hyper::body::Incoming as RequestBody;
use sockeye_core::{Clock, Random};
use sockeye_net::{App, Upgrade};
use tokio::sync::Notify;
use tracing::warn;

use crate::facts::{Facts, host_of};
use crate::http;
use crate::path::Parameters;
use crate::plan::{Found, Hit, Plan, SocketRoute};
use crate::session::MockSession;

type Answer = sockeye_net::Answer<MockSession>;

/// The mock server as the network sees it.
#[derive(Debug)]
pub struct Mock {
    /// Itself, for the sessions.
    this: std::sync::Weak<Mock>,
    plan: ArcSwap<Plan>,
    generation: AtomicU64,
    changed: Notify,
    seed: Option<u64>,
    clock: Clock,
    /// Open connections by route name. Routes of plans that are gone stay, with 0.
    open: Mutex<HashMap<String, Arc<AtomicU64>>>,
    everywhere: Arc<AtomicU64>,
    unanswered: AtomicU64,
    parse_errors: AtomicU64,
    template_errors: AtomicU64,
    /// Environment variables that a template asked for and nobody set: each is reported once.
    missing_env: Mutex<HashSet<String>>,
}

/// What went unanswered or wrong since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MockCounts {
    /// Messages that no rule answered.
    pub unanswered: u64,
    /// Of those, messages to rules that need JSON and got something else.
    pub parse_errors: u64,
    /// Answers that could not be rendered.
    pub template_errors: u64,
}

impl Mock {
    /// Serves `plan`. With a seed, everything random repeats from run to run.
    pub fn new(plan: Plan, seed: Option<u64>, clock: Clock) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            this: this.clone(),
            generation: AtomicU64::new(plan.generation),
            plan: ArcSwap::from_pointee(plan),
            changed: Notify::new(),
            seed,
            clock,
            open: Mutex::default(),
            everywhere: Arc::default(),
            unanswered: AtomicU64::new(0),
            parse_errors: AtomicU64::new(0),
            template_errors: AtomicU64::new(0),
            missing_env: Mutex::default(),
        })
    }

    /// Replaces the plan at once. Connections stay open and use it from their next message on.
    pub fn swap(&self, plan: Plan) {
        let generation = plan.generation;
        self.plan.store(Arc::new(plan));
        self.generation.store(generation, Relaxed);
        self.changed.notify_waiters();
    }

    /// Waits until the plan is another one than that of `generation`.
    pub(crate) async fn changed_since(&self, generation: u64) {
        loop {
            // Before the look: a change between the two is not missed.
            let changed = self.changed.notified();
            if self.generation() != generation {
                return;
            }
            changed.await;
        }
    }

    /// The current plan.
    pub fn plan(&self) -> Arc<Plan> {
        self.plan.load_full()
    }

    /// What went unanswered or wrong.
    pub fn counts(&self) -> MockCounts {
        MockCounts {
            unanswered: self.unanswered.load(Relaxed),
            parse_errors: self.parse_errors.load(Relaxed),
            template_errors: self.template_errors.load(Relaxed),
        }
    }

    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Relaxed)
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The generator of a connection, or of plain HTTP with number 0.
    pub(crate) fn random(&self, number: u64) -> Random {
        self.seed
            .map_or_else(Random::from_os, |seed| Random::stream(seed, number))
    }

    pub(crate) fn count_unanswered(&self) {
        self.unanswered.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_parse_error(&self) {
        self.parse_errors.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_template_error(&self) {
        self.template_errors.fetch_add(1, Relaxed);
    }

    /// Open connections of one route, or of all.
    pub(crate) fn open_connections(&self, route: Option<&str>) -> u64 {
        let Some(route) = route else {
            return self.everywhere.load(Relaxed);
        };
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(route).map_or(0, |count| count.load(Relaxed))
    }

    /// Counts a connection of a route until the presence leaves.
    pub(crate) fn enter(&self, route: &str) -> Presence {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let here = match open.get(route) {
            Some(count) => Arc::clone(count),
            None => Arc::clone(open.entry(route.to_owned()).or_default()),
        };
        Presence::new([here, Arc::clone(&self.everywhere)])
    }

    pub(crate) fn env(&self, name: &str) -> Option<String> {
        let value = std::env::var(name).ok();
        if value.is_none() {
            let mut missing = self
                .missing_env
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            if missing.insert(name.to_owned()) {
                warn!("environment variable {name} is not set; templates read it as empty");
            }
        }
        value
    }

    /// Opens a session on a route.
    fn upgrade(
        &self,
        route: &Arc<SocketRoute>,
        facts: Facts,
        generation: u64,
    ) -> Upgrade<MockSession> {
        let (this, session_route) = (self.this.clone(), Arc::clone(route));
        // Counted before the client can know that it is connected.
        let presence = self.enter(&route.name);
        let start = move |peer| {
            let facts = Facts {
                peer: Some(peer),
                ..facts
            };
            let mock = this
                .upgrade()
                .expect("the server that calls this holds the mock");
            MockSession::new(mock, session_route, facts, generation, presence)
        };
        Upgrade {
            settings: Arc::clone(&route.link),
            subprotocols: Arc::clone(&route.subprotocols),
            start: Box::new(start),
        }
    }

    fn open_socket(
        &self,
        request: &Request<RequestBody>,
        (route, parameters): (&Arc<SocketRoute>, Parameters),
        plan: &Plan,
    ) -> Answer {
        if let Some(part) = route.unserved {
            return Answer::Http(http::refuse::unserved(part));
        }
        if !sockeye_wire::handshake::is_upgrade(request.headers()) {
            return Answer::Http(match *request.method() {
                Method::GET | Method::HEAD => http::refuse::upgrade_required(),
                _ => http::refuse::method_not_allowed(&[Method::GET]),
            });
        }
        let facts = Facts::of(request, parameters);
        Answer::Upgrade(self.upgrade(route, facts, plan.generation))
    }
}

impl App for Mock {
    type Session = MockSession;

    async fn answer(&self, request: Request<RequestBody>, peer: SocketAddr) -> Answer {
        let plan = self.plan();
        let host = host_of(&request);
        let path = request.uri().path();
        let hits = match plan.find(host, path) {
            Found::Routes(hits) => hits,
            Found::BadParameter(bad) if !sockeye_wire::handshake::is_upgrade(request.headers()) => {
                return Answer::Http(http::refuse::bad_parameter(&bad));
            }
            Found::BadParameter(_) | Found::Nothing => Vec::new(),
        };
        let wants_socket = sockeye_wire::handshake::is_upgrade(request.headers());
        let endpoint = (!wants_socket)
            .then(|| http::pick(&hits, request.method()))
            .flatten();
        if let Some((endpoint, hit)) = endpoint {
            let (endpoint, parameters) = (Arc::clone(endpoint), hit.parameters.clone());
            let response = http::respond(self, &endpoint, request, parameters, peer).await;
            return Answer::Http(response);
        }
        match socket_of(hits, &plan) {
            Ok(found) => self.open_socket(&request, found, &plan),
            Err(hits) if hits.is_empty() => {
                Answer::Http(http::refuse::not_found(path, plan.routes()))
            }
            Err(hits) => Answer::Http(http::refuse::method_not_allowed(&http::methods(&hits))),
        }
    }
}

/// The first WebSocket among the hits, or the fallback where there are none.
fn socket_of<'p>(
    mut hits: Vec<Hit<'p>>,
    plan: &'p Plan,
) -> Result<(&'p Arc<SocketRoute>, Parameters), Vec<Hit<'p>>> {
    let found = hits.iter().position(|hit| hit.route.socket.is_some());
    if let Some((socket, at)) = found.and_then(|at| Some((hits[at].route.socket.as_ref()?, at))) {
        return Ok((socket, hits.swap_remove(at).parameters));
    }
    match &plan.fallback {
        Some(fallback) if hits.is_empty() => Ok((fallback, Parameters::new())),
        _ => Err(hits),
    }
}

/// A connection that is counted.
#[derive(Debug)]
pub(crate) struct Presence(Option<[Arc<AtomicU64>; 2]>);

impl Presence {
    fn new(counts: [Arc<AtomicU64>; 2]) -> Self {
        for count in &counts {
            count.fetch_add(1, Relaxed);
        }
        Self(Some(counts))
    }

    pub(crate) fn leave(&mut self) {
        for count in self.0.take().into_iter().flatten() {
            count.fetch_sub(1, Relaxed);
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.leave();
    }
}
