//! The operator's desk: lists, single connections, orders, counts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use jiff::Timestamp;
use sockeye_cluster::{ClusterCounts, Target};
use sockeye_core::secrets;
use sockeye_script::js::Payload;
use sockeye_wire::CloseCode;
use thiserror::Error;
use tokio::sync::oneshot;

use super::journal::Journal;
use super::orders::{Order, Report};
use super::register::{Card, Place};
use super::tally::Figures;
use super::tryout::{Tryout, try_out};
use super::view::{
    ConnectionDetail, ConnectionView, HandlerView, LatencyView, PercentilesView, RecordingView,
    RoomView, RuleView, StatsView, TimerView, headers, query, stamp,
};
use crate::explain::{ExplainedRoute, explain_endpoint, explain_socket};
use crate::mock::Mock;
use crate::plan::{Responder, Route, SocketRoute};
use crate::plans::Plans;
use crate::record::{Choice, Feed};
use crate::sink::SinkView;
use crate::times::RouteDurations;
use crate::world::World;

/// Members of a room that are named.
const MOST_MEMBERS: usize = 1_000;

/// How long a session may take to tell how it stands.
const REPORT_TIME: Duration = Duration::from_secs(1);

/// Sees and steers a running mock. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Operator(Arc<Mock>);

/// Why an order is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum OperatorError {
    /// No open connection has this id.
    #[error("connection not found")]
    NoConnection,
    /// Too many orders wait for the connection, or it is about to close.
    #[error("the connection is busy or closing")]
    Busy,
}

/// Which connections are wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Those with this path, or on the handler with this path.
    pub path: Option<String>,
    /// Those in this room.
    pub room: Option<String>,
    /// Those with this in their id, path, address or the name of a room, in any case of letters.
    pub text: Option<String>,
}

/// What a list of connections goes by; the id, where that is equal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sorting {
    /// The id.
    #[default]
    Id,
    /// The path.
    Path,
    /// The peer's address.
    RemoteAddress,
    /// The time it opened.
    ConnectedAt,
    /// Messages from the peer.
    MessagesReceived,
    /// Messages to the peer.
    MessagesSent,
    /// Bytes from the peer.
    BytesReceived,
    /// Bytes to the peer.
    BytesSent,
}

impl Operator {
    /// An operator of this mock.
    pub fn new(mock: Arc<Mock>) -> Self {
        Self(mock)
    }

    pub(crate) fn world(&self) -> &World {
        &self.0.world
    }

    pub(crate) fn plans(&self) -> &Plans {
        &self.0.plans
    }

    /// The connections that are wanted, in order; the highest first if `descending`.
    pub fn connections(
        &self,
        wanted: &Wanted,
        sorting: Sorting,
        descending: bool,
    ) -> Vec<ConnectionView> {
        let commons = &self.0.world.commons;
        let now = self.0.world.clock().now();
        let all = commons.register.all().into_iter();
        let views = all.map(|(number, card)| {
            (
                number,
                ConnectionView::of(&card, commons.rooms.of(number), now),
            )
        });
        let mut views: Vec<(u64, ConnectionView)> =
            views.filter(|(_, view)| wanted.includes(view)).collect();
        match sorting {
            Sorting::Id => {}
            Sorting::Path => views.sort_by(|(_, one), (_, two)| one.path.cmp(&two.path)),
            Sorting::RemoteAddress => {
                views.sort_by(|(_, one), (_, two)| one.remote_addr.cmp(&two.remote_addr));
            }
            Sorting::ConnectedAt => {
                views.sort_by(|(_, one), (_, two)| one.connected_at.cmp(&two.connected_at));
            }
            Sorting::MessagesReceived => views.sort_by_key(|(_, view)| view.messages_received),
            Sorting::MessagesSent => views.sort_by_key(|(_, view)| view.messages_sent),
            Sorting::BytesReceived => views.sort_by_key(|(_, view)| view.bytes_received),
            Sorting::BytesSent => views.sort_by_key(|(_, view)| view.bytes_sent),
        }
        if descending {
            views.reverse();
        }
        views.into_iter().map(|(_, view)| view).collect()
    }

    /// One connection in full.
    ///
    /// # Errors
    ///
    /// There is none with this id.
    pub async fn connection(&self, id: &str) -> Result<ConnectionDetail, OperatorError> {
        let (number, card) = self.card(id)?;
        let (hear, heard) = oneshot::channel();
        let asked = card.order(Order::Report(Box::new(move |report| {
            // Whoever asked may be gone.
            let _ = hear.send(report);
        })));
        // A connection that has much to do, or that ends, tells nothing of its state.
        let report = if asked {
            let wait = tokio::time::timeout(REPORT_TIME, heard).await;
            wait.ok().and_then(Result::ok).unwrap_or_default()
        } else {
            Report::default()
        };
        Ok(self.detail(number, &card, report))
    }

    fn detail(&self, number: u64, card: &Card, report: Report) -> ConnectionDetail {
        let world = &self.0.world;
        let now = world.clock().now();
        let Place {
            facts, redactor, ..
        } = card.place();
        let redactor = redactor.as_deref();
        let silence = card.counts.silent_for();
        let last = silence.and_then(|silence| now.checked_sub(silence).ok());
        let params = facts.parameters.iter();
        ConnectionDetail {
            connection: ConnectionView::of(card, world.commons.rooms.of(number), now),
            headers: headers(&facts, redactor),
            query: query(&facts, redactor),
            params: params
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            state: report.state.map(secrets::in_json),
            last_activity_at: last.map(stamp),
            pending_messages: report.waiting,
        }
    }

    /// Sends a message to a connection.
    ///
    /// # Errors
    ///
    /// There is none with this id, or it takes no orders.
    pub fn send(&self, id: &str, message: Payload) -> Result<(), OperatorError> {
        let (_, card) = self.card(id)?;
        let taken = card.order(Order::Send(message));
        taken.then_some(()).ok_or(OperatorError::Busy)
    }

    /// Closes a connection.
    ///
    /// # Errors
    ///
    /// As for [`Self::send`].
    pub fn close(&self, id: &str, code: CloseCode, reason: String) -> Result<(), OperatorError> {
        let (_, card) = self.card(id)?;
        let taken = card.order(Order::Close { code, reason });
        taken.then_some(()).ok_or(OperatorError::Busy)
    }

    /// Sends a message to everyone, to all on a path, or to a room; gives the number of connections.
    pub fn broadcast(&self, path: Option<&str>, room: Option<&str>, message: &Payload) -> usize {
        let target = match (path, room) {
            (_, Some(room)) => Target::Room(room.to_owned()),
            (Some(path), None) => Target::Route(path.to_owned()),
            (None, None) => Target::Everyone,
        };
        let commons = &self.0.world.commons;
        let size = commons.size(&target);
        commons.send(&target, message);
        size
    }

    /// All rooms, by name.
    pub fn rooms(&self) -> Vec<RoomView> {
        let rooms = self.0.world.commons.rooms.all().into_iter();
        let mut rooms: Vec<RoomView> = rooms
            .map(|(name, members)| RoomView {
                name,
                size: members.len(),
                members: members
                    .iter()
                    .take(MOST_MEMBERS)
                    .map(|member| format!("conn-{member}"))
                    .collect(),
            })
            .collect();
        rooms.sort_by(|one, two| one.name.cmp(&two.name));
        rooms
    }

    /// All handlers, in the order of the files.
    pub fn handlers(&self) -> Vec<HandlerView> {
        let plan = self.0.plans.current();
        let mut routes: Vec<&Route> = plan.routes().iter().collect();
        routes.sort_by_key(|route| route.number);
        let durations = self.durations();
        let mut handlers = Vec::new();
        for route in routes {
            let socket = route.socket.as_deref();
            handlers.extend(socket.map(|socket| self.socket(route, socket, &durations)));
            let endpoints = route.endpoints.iter();
            handlers.extend(endpoints.map(|endpoint| shown(explain_endpoint(route, endpoint))));
        }
        handlers
    }

    fn socket(
        &self,
        route: &Route,
        socket: &SocketRoute,
        durations: &BTreeMap<String, RouteDurations>,
    ) -> HandlerView {
        let took = durations.get(&*socket.name);
        HandlerView {
            latency: took.and_then(|took| PercentilesView::of(&took.messages)),
            script_latency: took.and_then(|took| PercentilesView::of(&took.scripts)),
            connections: self.0.world.open_here(Some(&socket.name)),
            rules: rules(&socket.responder),
            timers: timers(socket),
            ..shown(explain_socket(route, socket))
        }
    }

    /// What would happen to a text message on a path; nothing if no WebSocket is there.
    pub fn try_out(&self, path: &str, text: &str) -> Option<Tryout> {
        try_out(&self.0.world, &self.0.plans.current(), path, text)
    }

    /// The mock's part of the counts.
    pub fn stats(&self) -> StatsView {
        let world = &self.0.world;
        let (counts, recordings) = (world.counts(), world.recordings.counts());
        StatsView {
            active: world.open_here(None),
            unanswered: counts.unanswered,
            left_out: counts.left_out,
            parse: counts.parse_errors,
            template: counts.template_errors,
            script: counts.script_errors,
            upstream: counts.upstream_errors,
            timeout: counts.script_timeouts,
            rooms: world.commons.rooms.count(),
            generation: self.0.plans.generation(),
            recordings: recordings.active,
            failed_recordings: recordings.failed,
        }
    }

    /// How connections have ended and what they have carried.
    pub fn figures(&self) -> Figures {
        let world = &self.0.world;
        let open = world.commons.register.all().into_iter();
        let open = open.map(|(_, card)| {
            let route = card.place().route;
            (world.times.name(&route).to_owned(), card.counts.totals())
        });
        world.tally.figures(open)
    }

    /// How long messages and scripts took since the start, by route; those of the routes that came after the first
    /// 200 together, under the name `(others)`.
    pub fn durations(&self) -> BTreeMap<String, RouteDurations> {
        self.0.world.times.by_route()
    }

    /// How long the messages of the last ten seconds took.
    pub fn latency(&self) -> LatencyView {
        let (window, durations) = self.0.world.times.recent();
        LatencyView::of(window, &durations)
    }

    /// How connections have ended; without what they have carried.
    pub fn ends(&self) -> Figures {
        self.0.world.tally.figures(std::iter::empty())
    }

    /// The counts of the cluster, if there is one.
    pub fn cluster(&self) -> Option<ClusterCounts> {
        self.0.world.commons.cluster_counts()
    }

    /// The sinks, or the one on `path`, in the order of the files, with the last records of each: at most
    /// `most`.
    pub fn sinks(&self, path: Option<&str>, most: usize) -> Vec<SinkView> {
        self.0.sinks(path, most)
    }

    /// Has the sinks, or the one on `path`, forget what they have had; gives how many there are.
    pub fn forget_sinks(&self, path: Option<&str>) -> usize {
        self.0.forget_sinks(path)
    }

    /// The last recordings of handlers, the newest first.
    pub fn recordings(&self) -> Vec<RecordingView> {
        self.0.world.recordings.views()
    }

    /// Hears from now on what passes, whole; and when that began. `wake` is called on the I/O threads
    /// when there is something to take where nothing was before, and must return at once.
    pub fn feed(
        &self,
        choice: Choice,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> (Feed, Timestamp) {
        let world = &self.0.world;
        (world.recordings.feed(choice, wake), world.clock().now())
    }

    /// The last events.
    pub fn journal(&self) -> &Arc<Journal> {
        &self.0.world.journal
    }

    /// A connection as the list shows it, while it is open.
    pub fn find(&self, number: u64) -> Option<ConnectionView> {
        let commons = &self.0.world.commons;
        let card = commons.register.find(number)?;
        let now = self.0.world.clock().now();
        Some(ConnectionView::of(&card, commons.rooms.of(number), now))
    }

    fn card(&self, id: &str) -> Result<(u64, Arc<Card>), OperatorError> {
        let number = id
            .strip_prefix("conn-")
            .and_then(|number| number.parse().ok());
        let number = number.ok_or(OperatorError::NoConnection)?;
        let card = self.0.world.commons.register.find(number);
        Ok((number, card.ok_or(OperatorError::NoConnection)?))
    }
}

impl Wanted {
    fn includes(&self, view: &ConnectionView) -> bool {
        let text = self.text.as_deref().unwrap_or_default().to_lowercase();
        let has_text = |field: &String| field.to_lowercase().contains(&text);
        let on_path = |path: &String| view.path == *path || view.route == *path;
        self.path.as_ref().is_none_or(on_path)
            && self
                .room
                .as_ref()
                .is_none_or(|room| view.rooms.contains(room))
            && [&view.id, &view.path, &view.remote_addr]
                .into_iter()
                .chain(&view.rooms)
                .any(has_text)
    }
}

fn shown(route: ExplainedRoute) -> HandlerView {
    HandlerView {
        path: route.path,
        kind: route.kind,
        host: route.host,
        place: route.place,
        connections: 0,
        notes: route.notes,
        rules: Vec::new(),
        timers: Vec::new(),
        latency: None,
        script_latency: None,
    }
}

fn rules(responder: &Responder) -> Vec<RuleView> {
    let Responder::Rules(rules) = responder else {
        return Vec::new();
    };
    let all = rules.all().iter().enumerate();
    all.map(|(at, rule)| RuleView {
        number: at + 1,
        pattern: rule.pattern.clone(),
        kind: rule.matcher.kind(),
        when: rule.when.is_some(),
        answers: rule.acts.iter().filter(|act| act.speaks()).count(),
        go_on: rule.go_on,
        line: rule.place.as_ref().map(sockeye_core::Place::line),
        place: rule
            .place
            .as_ref()
            .map(|place| format!("{}:{}", place.source().name(), place.line())),
        hits: rules.hits(at),
    })
    .collect()
}

fn timers(socket: &SocketRoute) -> Vec<TimerView> {
    let kinds = [
        ("scheduled", &socket.scheduled),
        ("broadcast", &socket.broadcasts),
    ];
    let timers = kinds
        .into_iter()
        .flat_map(|(kind, timers)| timers.iter().map(move |timer| (kind, timer)));
    timers
        .map(|(kind, timer)| TimerView {
            kind,
            interval_ms: u64::try_from(timer.interval.as_millis()).unwrap_or(u64::MAX),
            sent: timer.sent.load(Relaxed),
        })
        .collect()
}
