//! What the files say, all together: checked, immutable, shared by all threads.

use std::sync::Arc;
use std::time::Duration;

use sockeye_cluster::ClusterSettings;
use sockeye_core::{Place, Redactor};
use sockeye_net::LinkSettings;
use sockeye_script::js::ScriptLimits;

use crate::act::Act;
use crate::agenda::Timer;
use crate::answer::Answer;
use crate::auth::Auth;
use crate::chaos::Chaos;
use crate::conduct::Conduct;
use crate::http::Endpoint;
use crate::js::Handler;
use crate::jsonrpc::JsonRpc;
use crate::message_log::MessageLog;
use crate::pairs::Pairs;
use crate::path::{BadParameter, PathPattern};
use crate::proxy::Proxy;
use crate::record::RecordSettings;
use crate::replay::Program;
use crate::rules::{Rule, Rules};
use crate::sink::Sink;
use crate::tls::TlsSettings;

/// Everything a server needs to answer.
#[derive(Debug)]
pub struct Plan {
    /// Routes, the most special path first.
    pub(crate) routes: Vec<Route>,
    /// What answers on paths without a route, if anything does.
    pub(crate) fallback: Option<Arc<SocketRoute>>,
    /// What concerns the server as a whole.
    pub settings: Settings,
    /// Counts the plans of a process; a session compares it with its own.
    pub(crate) generation: u64,
}

/// One path and what lives there.
#[derive(Debug)]
pub struct Route {
    /// The host name that requests must ask for; `None`: any.
    pub host: Option<String>,
    /// The path.
    pub path: PathPattern,
    /// The WebSocket, if there is one.
    pub socket: Option<Arc<SocketRoute>>,
    /// HTTP endpoints, at most one per method.
    pub endpoints: Vec<Arc<Endpoint>>,
    /// Where it is defined; `None`: built in.
    pub place: Option<Place>,
    /// Its number in the order of the files.
    pub number: usize,
}

/// A WebSocket endpoint.
#[derive(Debug)]
pub struct SocketRoute {
    /// The path as written: what counts and log lines go by.
    pub name: Arc<str>,
    /// What kind of handler the file asks for, for explanations.
    pub kind: &'static str,
    /// Done when a connection opens.
    pub on_connect: Vec<Act>,
    /// What answers messages.
    pub responder: Responder,
    /// Messages that every connection gets for itself, again and again.
    pub scheduled: Vec<Timer>,
    /// Messages that all connections get together, again and again.
    pub broadcasts: Vec<Timer>,
    /// Sent before our Close.
    pub on_close: Vec<Answer>,
    /// Run when a connection has ended; it can only reach others.
    pub ended: Option<Arc<Handler>>,
    /// What the state of each connection starts as.
    pub state: Option<serde_json::Value>,
    /// Whether anything here needs JavaScript.
    pub has_scripts: bool,
    /// Subprotocols, best first; empty: the first one offered.
    pub subprotocols: Arc<[String]>,
    /// Bounds and timers of its links.
    pub link: Arc<LinkSettings>,
    /// The server behind it, if it has one.
    pub(crate) proxy: Option<Arc<Proxy>>,
    /// What a handshake must carry, if anything.
    pub(crate) auth: Option<Arc<Auth>>,
    /// A part of the file that this version reads but does not serve; upgrades are refused with 501.
    pub unserved: Option<&'static str>,
    /// What is written down of its connections, if anything.
    pub(crate) record: Option<Arc<RecordSettings>>,
    /// What is secret in its messages, for everybody who records them.
    pub(crate) redactor: Option<Arc<Redactor>>,
    /// How it behaves beyond its answers, if the file says something about that.
    pub(crate) conduct: Option<Box<Conduct>>,
    /// What is to go wrong on purpose, if the file says something about that.
    pub(crate) chaos: Option<Arc<Chaos>>,
    /// How much of its messages is logged.
    pub(crate) log: MessageLog,
}

/// What answers the messages of a route.
#[derive(Debug)]
pub enum Responder {
    /// The first rule that matches.
    Rules(Rules),
    /// The method that is called.
    JsonRpc(JsonRpc),
    /// A script.
    Script(Arc<Handler>),
    /// A recorded conversation, which goes on as it was recorded.
    Replay(Arc<Program>),
    /// Nothing, or acknowledgements: messages are records that are taken in.
    Sink(Arc<Sink>),
}

/// What concerns the server as a whole. `None`: nobody said.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Address to listen on.
    pub host: Option<String>,
    /// Port to listen on.
    pub port: Option<u16>,
    /// Open WebSocket connections, 0 for no bound.
    pub max_connections: Option<usize>,
    /// Open WebSocket connections of one address, loopback ones too, 0 for no bound.
    pub max_connections_per_address: Option<usize>,
    /// Whether WebSockets are served at all.
    pub enabled: Option<bool>,
    /// Whether the files are watched.
    pub watch: Option<bool>,
    /// Seed of everything random.
    pub seed: Option<u64>,
    /// The listener for operators.
    pub admin: AdminSettings,
    /// TLS, if the listener speaks it.
    pub tls: Option<TlsSettings>,
    /// Time that one call of a script may take.
    pub script_time: Option<Duration>,
    /// Memory of the scripts of one thread, in MiB.
    pub script_memory: Option<usize>,
    /// Where scripts of several processes share their state; `None`: nobody said, or in memory.
    pub shared: Option<SharedState>,
    /// Environment variables that scripts may see.
    pub script_env: Vec<String>,
    /// What is to go wrong on purpose on all handlers of a file.
    pub(crate) chaos: Option<Arc<Chaos>>,
    /// Whether every file is a Moclojer file: they bring their own default port.
    pub all_moclojer: bool,
}

/// What files say about the listener for operators. `None`: nobody said.
#[derive(Clone, Debug, Default)]
pub struct AdminSettings {
    /// Whether there is one.
    pub enabled: Option<bool>,
    /// Address to listen on.
    pub host: Option<String>,
    /// Port to listen on.
    pub port: Option<u16>,
}

/// A Redis behind the shared state.
#[derive(Clone, Debug)]
pub struct SharedState {
    /// Where it is.
    pub settings: ClusterSettings,
    /// Whether a server starts without it, with state in memory.
    pub may_miss: bool,
}

/// The port of a server whose files say nothing: Moclojer's own, and the guide's.
impl Settings {
    /// Moclojer's default port, contract 1.
    pub const MOCLOJER_PORT: u16 = 8000;
    /// The guide's default port, contract 2.
    pub const GUIDE_PORT: u16 = 8080;

    /// What scripts may use.
    pub(crate) fn script_limits(&self) -> ScriptLimits {
        let default = ScriptLimits::default();
        let memory = self
            .script_memory
            .map(|mib| mib.saturating_mul(1024 * 1024));
        ScriptLimits {
            wall: self.script_time.unwrap_or(default.wall),
            memory_bytes: memory.unwrap_or(default.memory_bytes),
            ..default
        }
    }

    /// The port to listen on.
    pub fn port_or_default(&self) -> u16 {
        let default = if self.all_moclojer {
            Self::MOCLOJER_PORT
        } else {
            Self::GUIDE_PORT
        };
        self.port.unwrap_or(default)
    }
}

/// A route that a request leads to.
#[derive(Clone, Debug)]
pub struct Hit<'p> {
    /// The route.
    pub route: &'p Route,
    /// The parameters of its path.
    pub parameters: Pairs,
}

/// What a path leads to.
#[derive(Debug)]
pub enum Found<'p> {
    /// Routes of this path, the most special first; at least one.
    Routes(Vec<Hit<'p>>),
    /// A route of this shape whose parameter has another type.
    BadParameter(BadParameter),
    /// No route.
    Nothing,
}

impl Plan {
    /// All routes, the most special path first.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// The routes of a path and host.
    pub fn find(&self, host: Option<&str>, path: &str) -> Found<'_> {
        let mut hits = Vec::new();
        let mut bad = None;
        for route in self.routes.iter().filter(|route| route.answers_host(host)) {
            match route.path.matches(path) {
                Some(Ok(parameters)) => hits.push(Hit { route, parameters }),
                Some(Err(parameter)) => bad = bad.or(Some(parameter)),
                None => {}
            }
        }
        match (hits.is_empty(), bad) {
            (false, _) => Found::Routes(hits),
            (true, Some(parameter)) => Found::BadParameter(parameter),
            (true, None) => Found::Nothing,
        }
    }

    /// The WebSocket of a path and host.
    pub fn find_socket(
        &self,
        host: Option<&str>,
        path: &str,
    ) -> Option<(&Arc<SocketRoute>, Pairs)> {
        if let Found::Routes(hits) = self.find(host, path) {
            let mut sockets = hits.into_iter();
            let found = sockets.find_map(|hit| {
                hit.route
                    .socket
                    .as_ref()
                    .map(|socket| (socket, hit.parameters))
            });
            if found.is_some() {
                return found;
            }
        }
        self.fallback
            .as_ref()
            .map(|socket| (socket, Pairs::default()))
    }
}

impl SocketRoute {
    /// Looks whether anything here needs JavaScript.
    pub(crate) fn note_scripts(&mut self) {
        let in_acts = |acts: &[Act]| acts.iter().any(|act| act.handler().is_some());
        let in_rule = |rule: &Rule| {
            let mut steps = rule.then.iter().filter_map(|step| step.act.as_ref());
            rule.when.is_some() || in_acts(&rule.acts) || steps.any(|act| act.handler().is_some())
        };
        let answers = match &self.responder {
            Responder::Rules(rules) => rules.all().iter().any(in_rule),
            Responder::JsonRpc(calls) => calls.has_scripts(),
            Responder::Script(_) => true,
            Responder::Replay(_) | Responder::Sink(_) => false,
        };
        let timers = self.scheduled.iter().any(|timer| timer.when.is_some());
        let moments = in_acts(&self.on_connect) || self.ended.is_some();
        let proxy = self.proxy.as_ref();
        let on_the_way = proxy.is_some_and(|proxy| proxy.has_scripts());
        self.has_scripts = answers || timers || moments || on_the_way;
    }
}

impl Plan {
    /// Whether any route needs JavaScript.
    pub(crate) fn has_scripts(&self) -> bool {
        self.sockets().any(|route| route.has_scripts)
    }

    /// Whether any route has its messages logged.
    pub(crate) fn logs_messages(&self) -> bool {
        self.sockets().any(|route| route.log != MessageLog::Off)
    }

    /// Whether any route plays a recorded conversation.
    pub(crate) fn replays(&self) -> bool {
        self.sockets()
            .any(|route| matches!(route.responder, Responder::Replay(_)))
    }

    fn sockets(&self) -> impl Iterator<Item = &Arc<SocketRoute>> {
        let sockets = self.routes.iter().filter_map(|route| route.socket.as_ref());
        sockets.chain(&self.fallback)
    }
}

impl Route {
    fn answers_host(&self, asked: Option<&str>) -> bool {
        let Some(host) = &self.host else { return true };
        asked.is_some_and(|asked| without_port(asked).eq_ignore_ascii_case(host))
    }
}

/// `example.org:8000` to `example.org`, `[::1]:8000` to `[::1]`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Seconds as a duration; 0 means never.
pub(crate) fn seconds_or_never(seconds: f64) -> Option<Duration> {
    (seconds > 0.0).then(|| Duration::from_secs_f64(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_without_its_port() {
        let host = |asked| without_port(asked);
        assert_eq!(host("example.org:8000"), "example.org");
        assert_eq!(host("example.org"), "example.org");
        assert_eq!(host("[::1]:8000"), "[::1]");
        assert_eq!(host("[::1]"), "[::1]");
    }
}
