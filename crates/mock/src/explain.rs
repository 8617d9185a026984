//! What a plan means, in words and as JSON: the output of `sockeye check`.

use std::fmt;

use serde::Serialize;
use sockeye_core::{Place, quoted};

use crate::http::Endpoint;
use crate::load::file_of;
use crate::plan::{Plan, Responder, Route, SocketRoute};
use crate::rules::Rule;

/// A plan explained. `Display` is for people, `Serialize` for programs.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// The port that will be listened on if nobody says otherwise.
    pub port: u16,
    /// The address that will be listened on.
    pub host: String,
    /// Whether the files are watched.
    pub watch: bool,
    /// The routes, in the order of the files.
    pub routes: Vec<ExplainedRoute>,
    /// What answers on other paths.
    pub other_paths: &'static str,
}

/// A route explained.
#[derive(Debug, Serialize)]
pub struct ExplainedRoute {
    /// Path pattern.
    pub path: String,
    /// Host name it is limited to.
    pub host: Option<String>,
    /// `websocket` with the handler's type, or an HTTP method.
    pub kind: String,
    /// `file:line`, or `built in`.
    pub place: String,
    /// What it says when a connection opens and closes, and other facts, a line each.
    pub notes: Vec<String>,
    /// Its rules, in order.
    pub rules: Vec<ExplainedRule>,
}

/// A rule explained.
#[derive(Debug, Serialize)]
pub struct ExplainedRule {
    /// The pattern in the words of the file.
    pub pattern: String,
    /// What the pattern was taken for.
    pub kind: &'static str,
    /// Messages it sends.
    pub answers: usize,
    /// Whether later rules may answer too.
    pub go_on: bool,
    /// Line in the file.
    pub line: Option<usize>,
}

/// Explains `plan`.
pub fn explain(plan: &Plan) -> Explanation {
    let mut routes = Vec::new();
    let mut in_order: Vec<&Route> = plan.routes().iter().collect();
    in_order.sort_by_key(|route| route.number);
    for route in in_order {
        routes.extend(
            route
                .socket
                .as_deref()
                .map(|socket| explain_socket(route, socket)),
        );
        routes.extend(
            route
                .endpoints
                .iter()
                .map(|endpoint| explain_endpoint(route, endpoint)),
        );
    }
    Explanation {
        port: plan.settings.port_or_default(),
        host: plan
            .settings
            .host
            .clone()
            .unwrap_or_else(|| "127.0.0.1".to_owned()),
        watch: plan.settings.watch.unwrap_or(false),
        routes,
        other_paths: plan.fallback.as_ref().map_or("404", |socket| socket.kind),
    }
}

pub(crate) fn explain_socket(route: &Route, socket: &SocketRoute) -> ExplainedRoute {
    let mut notes = Vec::new();
    let count = |number: usize| match number {
        1 => "1 message".to_owned(),
        number => format!("{number} messages"),
    };
    if !socket.on_connect.is_empty() {
        notes.push(format!("on connect: {}", count(socket.on_connect.len())));
    }
    if !socket.on_close.is_empty() {
        notes.push(format!("on close: {}", count(socket.on_close.len())));
    }
    for (timers, what) in [
        (&socket.scheduled, "scheduled"),
        (&socket.broadcasts, "broadcast"),
    ] {
        let every = timers
            .iter()
            .map(|timer| format!("{what} every {:?}", timer.interval));
        notes.extend(every);
    }
    let rules = match &socket.responder {
        Responder::Rules(rules) => rules.all().iter().map(explain_rule).collect(),
        Responder::Script(handler) => {
            notes.push(format!("script: {}", place(Some(&handler.place))));
            Vec::new()
        }
        Responder::Replay(program) => {
            notes.push(program.note());
            Vec::new()
        }
        Responder::Sink(sink) => {
            notes.extend(sink.notes());
            Vec::new()
        }
        Responder::JsonRpc(methods) => {
            notes.push(format!("methods: {}", methods.names().join(", ")));
            Vec::new()
        }
    };
    notes.extend(socket.auth.iter().map(|auth| auth.note()));
    notes.extend(socket.proxy.iter().flat_map(|proxy| proxy.notes()));
    notes.extend(socket.conduct.iter().flat_map(|conduct| conduct.notes()));
    let chaos = socket.chaos.as_ref().filter(|chaos| chaos.is_on());
    notes.extend(chaos.map(|chaos| chaos.note()));
    if let Some(part) = socket.unserved {
        notes.push(format!(
            "not served by this version: {part}; upgrades get 501"
        ));
    }
    ExplainedRoute {
        path: route.path.to_string(),
        host: route.host.clone(),
        kind: format!("websocket ({})", socket.kind),
        place: place(route.place.as_ref()),
        notes,
        rules,
    }
}

fn explain_rule(rule: &Rule) -> ExplainedRule {
    ExplainedRule {
        pattern: rule.pattern.clone(),
        kind: rule.matcher.kind(),
        answers: rule.acts.iter().filter(|act| act.speaks()).count(),
        go_on: rule.go_on,
        line: rule.place.as_ref().map(Place::line),
    }
}

pub(crate) fn explain_endpoint(route: &Route, endpoint: &Endpoint) -> ExplainedRoute {
    ExplainedRoute {
        path: route.path.to_string(),
        host: route.host.clone(),
        kind: endpoint.method().to_string(),
        place: place(route.place.as_ref()),
        notes: endpoint.notes(),
        rules: Vec::new(),
    }
}

fn place(place: Option<&Place>) -> String {
    place.map_or_else(
        || "built in".to_owned(),
        |place| format!("{}:{}", file_of(place), place.line()),
    )
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "listens on {}:{}", self.host, self.port)?;
        if self.watch {
            writeln!(
                f,
                "watches its files: an edit takes effect with the next message"
            )?;
        }
        for route in &self.routes {
            write!(f, "\n{route}")?;
        }
        writeln!(f, "\nother paths: {}", self.other_paths)
    }
}

impl fmt::Display for ExplainedRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.path, self.kind)?;
        if let Some(host) = &self.host {
            write!(f, "  host {host}")?;
        }
        writeln!(f, "  ({})", self.place)?;
        for note in &self.notes {
            writeln!(f, "  {note}")?;
        }
        for (index, rule) in self.rules.iter().enumerate() {
            writeln!(f, "  {}. {rule}", index + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for ExplainedRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let go_on = if self.go_on {
            ", then the next rules"
        } else {
            ""
        };
        let answers = match self.answers {
            0 => "no answer".to_owned(),
            1 => "1 answer".to_owned(),
            number => format!("{number} answers"),
        };
        write!(
            f,
            "{}  as {}: {answers}{go_on}",
            quoted(&self.pattern),
            self.kind
        )
    }
}
