//! The running mock as the network sees it: requests to answers.

use std::net::SocketAddr;
use std::sync::Arc;

use ::http::{Method, Request};
use hyper::body::Incoming as RequestBody;
use sockeye_cluster::{Cluster, ClusterError, ClusterSettings};
use sockeye_core::Clock;
use sockeye_net::{App, Dialing, Fanout, Tap, Upgrade};
use sockeye_wire::handshake::is_upgrade;
use tokio::time::sleep;

use crate::chaos::Opening;
use crate::facts::{Facts, host_of};
use crate::http;
use crate::node::Node;
use crate::pairs::Pairs;
use crate::plan::{Found, Hit, Plan, Responder, SocketRoute};
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
        let mock = Self {
            world: Arc::new(World::new(seed, clock)),
            plans: Arc::new(Plans::new(plan)),
        };
        mock.prepare(&mock.plans.current());
        mock
    }

    /// Shares state, rooms and broadcasts with all other processes on a Redis from now on. To be called
    /// before the server starts; waits for at most 5 s.
    ///
    /// # Errors
    ///
    /// Why Redis cannot be used.
    pub fn join(&self, settings: ClusterSettings) -> Result<(), ClusterError> {
        let node = Arc::new(Node::new(&self.world));
        self.world.commons.join(Cluster::start(settings, node)?);
        Ok(())
    }

    /// Tells which ports this process listens on: proxies do not call them. To be called once, before
    /// clients come.
    pub fn listens_on(&self, ports: Vec<SocketAddr>) {
        self.world.listens_on(ports);
    }

    /// Replaces the plan at once. Connections stay open and use it from their next message on, or
    /// when they are nudged.
    pub fn swap(&self, plan: Plan) {
        self.prepare(&plan);
        self.plans.swap(plan);
    }

    /// Finishes all recordings and the files of all sinks, and waits until they are there. To be called after the server's
    /// end.
    pub fn finish_recordings(&self) {
        self.world.recordings.close();
        self.world.sinks.finish();
    }

    /// Starts what the plan needs beside its routes.
    fn prepare(&self, plan: &Plan) {
        let settings = &plan.settings;
        let commons = &self.world.commons;
        commons.allow_env(&settings.script_env);
        self.world.log.want(plan.logs_messages());
        if plan.has_scripts() {
            commons
                .engines
                .start(&self.world, &settings.script_limits());
        }
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
        upstream: Option<Dialing>,
        generation: u64,
        wrong_accept: bool,
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
            wrong_accept,
            upstream,
            start: Box::new(start),
        }
    }

    /// Opens the first WebSocket among the hits, or the fallback where there are none, unless the
    /// route wants to refuse the peer.
    async fn open_socket(
        &self,
        request: &Request<RequestBody>,
        hits: Vec<Hit<'_>>,
        plan: &Plan,
        peer: SocketAddr,
    ) -> Option<Answer> {
        let is_nowhere = hits.is_empty();
        let mut sockets = hits.into_iter();
        let found = sockets.find_map(|hit| {
            hit.route
                .socket
                .as_ref()
                .map(|route| (route, hit.parameters))
        });
        let fallback = plan.fallback.as_ref().filter(|_| is_nowhere);
        let (route, parameters) =
            found.or_else(|| fallback.map(|route| (route, Pairs::default())))?;
        if let Some(part) = route.unserved {
            return Some(Answer::Http(http::refuse::unserved(part)));
        }
        // Who may not come in takes nothing of a quota.
        let facts = Facts::of(request, parameters);
        let auth = route.auth.as_ref();
        if let Some(refusal) = auth.and_then(|auth| auth.refuse(&self.world, &route.name, &facts)) {
            return Some(Answer::Http(refusal));
        }
        if let Some(conduct) = &route.conduct
            && let Some(refusal) = conduct.refuse(&self.world, peer.ip()).await
        {
            return Some(Answer::Http(refusal));
        }
        if let Responder::Sink(sink) = &route.responder
            && let Some(status) = sink.refusal(&self.world.sinks.of(&route.name))
        {
            return Some(Answer::Http(http::refuse::on_purpose(status, "sink")));
        }
        let mut wrong_accept = false;
        if let Some(chaos) = self.plans.chaos_of(route) {
            let opening = Opening::draw(&chaos, self.world.chaos_seed(), &self.world.chaos);
            if !opening.delay.is_zero() {
                sleep(opening.delay).await;
            }
            if let Some(status) = opening.refuse {
                return Some(Answer::Http(http::refuse::on_purpose(status, "chaos")));
            }
            wrong_accept = opening.wrong_accept;
        }
        let upstream = route.proxy.as_ref().map(|proxy| {
            let handed = proxy.handed(request);
            proxy.dialing(&self.world, &route.name, facts.clone(), handed)
        });
        let upgrade = self.upgrade(route, facts, upstream, plan.generation, wrong_accept);
        Some(Answer::Upgrade(upgrade))
    }
}

/// What a plain request gets that no endpoint answers.
fn refuse(request: &Request<RequestBody>, hits: &[Hit<'_>], plan: &Plan) -> Answer {
    let mut methods = http::methods(hits);
    let speaks_socket = hits.iter().any(|hit| hit.route.socket.is_some())
        || hits.is_empty() && plan.fallback.is_some();
    if hits.is_empty() && !speaks_socket {
        return Answer::Http(http::refuse::not_found(request.uri().path(), plan.routes()));
    }
    if speaks_socket && !methods.contains(&Method::GET) {
        if matches!(*request.method(), Method::GET | Method::HEAD) {
            return Answer::Http(http::refuse::upgrade_required());
        }
        methods.push(Method::GET);
    }
    Answer::Http(http::refuse::method_not_allowed(&methods))
}

impl App for Mock {
    type Session = MockSession;

    fn started(&self, fanout: &Fanout) {
        self.world.commons.started(fanout);
    }

    fn tap(&self) -> Option<Arc<Tap>> {
        let world = Arc::downgrade(&self.world);
        let tap = Arc::new(Tap::new(move |passing| {
            if let Some(world) = world.upgrade() {
                world.note_passing(passing);
            }
        }));
        self.world.journal.connect(Arc::clone(&tap));
        self.world.recordings.connect(Arc::clone(&tap));
        self.world.log.connect(Arc::clone(&tap));
        Some(tap)
    }

    async fn answer(&self, request: Request<RequestBody>, peer: SocketAddr) -> Answer {
        let plan = self.plans.current();
        let host = host_of(&request);
        let wants_socket = is_upgrade(request.headers());
        let hits = match plan.find(host, request.uri().path()) {
            Found::Routes(hits) => hits,
            Found::BadParameter(bad) if !wants_socket => {
                return Answer::Http(http::refuse::bad_parameter(&bad));
            }
            Found::BadParameter(_) | Found::Nothing => Vec::new(),
        };
        if wants_socket
            && let Some(answer) = self.open_socket(&request, hits.clone(), &plan, peer).await
        {
            return answer;
        }
        // An upgrade that nobody here can make is ignored, as RFC 9110 section 7.8 allows.
        let Some((endpoint, hit)) = http::pick(&hits, request.method()) else {
            return refuse(&request, &hits, &plan);
        };
        let (endpoint, parameters) = (Arc::clone(endpoint), hit.parameters.clone());
        let response = http::respond(&self.world, &endpoint, request, parameters, peer).await;
        Answer::Http(response)
    }
}
