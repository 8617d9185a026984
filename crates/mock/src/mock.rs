//! The running mock as the network sees it: requests to answers.

use std::net::SocketAddr;
use std::sync::Arc;

use ::http::{Method, Request};
use hyper::body::Incoming as RequestBody;
use sockeye_core::Clock;
use sockeye_net::{App, Upgrade};

use crate::facts::{Facts, host_of};
use crate::http;
use crate::path::Parameters;
use crate::plan::{Found, Hit, Plan, SocketRoute};
use crate::plans::Plans;
use crate::session::MockSession;
use crate::world::{MockCounts, World};

type Answer = sockeye_net::Answer<MockSession>;

/// A mock server.
#[derive(Debug)]
pub struct Mock {
    pub(crate) world: Arc<World>,
    pub(crate) plans: Arc<Plans>,
}

impl Mock {
    /// Serves `plan`. With a seed, everything random repeats from run to run.
    pub fn new(plan: Plan, seed: Option<u64>, clock: Clock) -> Self {
        Self {
            world: Arc::new(World::new(seed, clock)),
            plans: Arc::new(Plans::new(plan)),
        }
    }

    /// Replaces the plan at once. Connections stay open and use it from their next message on, or
    /// when they are nudged.
    pub fn swap(&self, plan: Plan) {
        self.plans.swap(plan);
    }

    /// What went unanswered or wrong.
    pub fn counts(&self) -> MockCounts {
        self.world.counts()
    }

    /// Opens a session on a route.
    fn upgrade(
        &self,
        route: &Arc<SocketRoute>,
        facts: Facts,
        generation: u64,
    ) -> Upgrade<MockSession> {
        let (world, plans) = (Arc::clone(&self.world), Arc::clone(&self.plans));
        let session_route = Arc::clone(route);
        // Counted before the client can know that it is connected.
        let presence = self.world.enter(&route.name);
        let start = move |peer| {
            let facts = Facts {
                peer: Some(peer),
                ..facts
            };
            MockSession::new(world, plans, session_route, facts, generation, presence)
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
        let plan = self.plans.current();
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
            let response = http::respond(&self.world, &endpoint, request, parameters, peer).await;
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
