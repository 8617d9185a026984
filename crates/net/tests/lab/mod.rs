//! A server whose sessions do what a test wants and tell it what they saw.

mod authority;
mod raw;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use sockeye_net::{
    Answer, App, Body, Conversation, Counts, Direction, Drained, Ending, Fanout, Limits,
    LinkCounts, LinkSettings, Message, Outbox, Peer, Port, Server, ServerTls, Session, Sight, Tap,
    Target, Upgrade, Written, dial, listen,
};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

pub(crate) use authority::{Authority, dial_tls};
pub(crate) use raw::{Frame, Raw, close_frame, frame};

/// Far more than anything takes: a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(15);

/// Waits for `future`, and fails the test instead of waiting for ever.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let result = timeout(PATIENCE, future).await;
    result.unwrap_or_else(|_| panic!("{what} did not happen"))
}

/// What the sessions of a server do.
#[derive(Clone, Copy)]
pub(crate) struct Manners {
    pub(crate) opened: fn(&mut Outbox<'_>),
    pub(crate) message: fn(Message<'_>, &mut Outbox<'_>),
    pub(crate) nudged: fn(&mut Outbox<'_>),
    pub(crate) woken: fn(&mut Outbox<'_>),
    pub(crate) written: fn(Written),
    pub(crate) goodbye: fn(&mut Outbox<'_>),
    pub(crate) ended: fn(),
}

/// Echoes, and is silent otherwise.
pub(crate) const ECHO: Manners = Manners {
    opened: |_| {},
    message: |message, out| out.message(message),
    nudged: |_| {},
    woken: |_| {},
    written: |_| {},
    goodbye: |_| {},
    ended: || {},
};

/// Echoes, and says "bye" before a Close.
pub(crate) const POLITE: Manners = Manners {
    goodbye: |out| out.text("bye"),
    ..ECHO
};

/// What a session saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It opened, on the thread with this name.
    Opened(String),
    Goodbye,
    Ended(Ending),
}

pub(crate) struct TestSession {
    number: u64,
    manners: Manners,
    events: mpsc::UnboundedSender<(u64, Seen)>,
}

impl TestSession {
    fn tell(&self, seen: Seen) {
        // A test that is over no longer listens.
        let _ = self.events.send((self.number, seen));
    }
}

impl Session for TestSession {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        let thread = std::thread::current();
        self.tell(Seen::Opened(thread.name().unwrap().to_owned()));
        (self.manners.opened)(out);
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        (self.manners.message)(message, out);
    }

    fn nudged(&mut self, out: &mut Outbox<'_>) {
        (self.manners.nudged)(out);
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        (self.manners.woken)(out);
    }

    fn written(&mut self, turn: Written) {
        (self.manners.written)(turn);
    }

    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        self.tell(Seen::Goodbye);
        (self.manners.goodbye)(out);
    }

    fn ended(&mut self, ending: &Ending) {
        self.tell(Seen::Ended(ending.clone()));
        (self.manners.ended)();
    }
}

/// What a server is started with.
pub(crate) struct Setup {
    pub(crate) manners: Manners,
    pub(crate) settings: LinkSettings,
    pub(crate) limits: Limits,
    pub(crate) threads: usize,
    pub(crate) subprotocols: &'static [&'static str],
    pub(crate) tls: Option<ServerTls>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            manners: ECHO,
            settings: LinkSettings {
                ping_interval: None,
                ..LinkSettings::default()
            },
            limits: Limits::default(),
            threads: 1,
            subprotocols: &[],
            tls: None,
        }
    }
}

struct TestApp {
    manners: Manners,
    settings: Arc<LinkSettings>,
    subprotocols: Arc<[String]>,
    events: mpsc::UnboundedSender<(u64, Seen)>,
    gate: Arc<Semaphore>,
    tap: Arc<Tap>,
    links: Arc<Mutex<Vec<Arc<LinkCounts>>>>,
}

impl TestApp {
    fn upgrade(&self, path: &str) -> Answer<TestSession> {
        let manners = if path == "/echo" { ECHO } else { self.manners };
        let start_panics = path == "/panic-start";
        let events = self.events.clone();
        let links = Arc::clone(&self.links);
        Answer::Upgrade(Upgrade {
            settings: Arc::clone(&self.settings),
            subprotocols: Arc::clone(&self.subprotocols),
            wrong_accept: false,
            upstream: None,
            start: Box::new(move |peer: Peer| {
                assert!(!start_panics, "a session that cannot start");
                links.lock().unwrap().push(Arc::clone(&peer.counts));
                TestSession {
                    number: peer.number,
                    manners,
                    events,
                }
            }),
        })
    }
}

impl App for TestApp {
    type Session = TestSession;

    fn tap(&self) -> Option<Arc<Tap>> {
        Some(Arc::clone(&self.tap))
    }

    /// `/http` and `/big` are plain, `/gate` waits for the test, `/panic-...` panics, the rest is
    /// WebSocket: `/echo` echoes whatever the manners are.
    async fn answer(&self, request: Request<Incoming>, _peer: SocketAddr) -> Answer<TestSession> {
        match request.uri().path() {
            "/http" => Answer::Http(Response::new(Body::from("hello"))),
            "/big" => Answer::Http(Response::new(Body::from(vec![b'x'; 32 << 20]))),
            "/panic-answer" => panic!("an application that cannot answer"),
            "/gate" => {
                self.gate.acquire().await.unwrap().forget();
                self.upgrade("/gate")
            }
            path => self.upgrade(path),
        }
    }
}

/// A running server and what its sessions say.
pub(crate) struct Lab {
    server: Server,
    events: mpsc::UnboundedReceiver<(u64, Seen)>,
    gate: Arc<Semaphore>,
    tap: Arc<Tap>,
    tapped: Arc<Mutex<Vec<Tapped>>>,
    links: Arc<Mutex<Vec<Arc<LinkCounts>>>>,
}

/// What a tap showed: the link, its way, its bytes; those of control frames behind a word.
pub(crate) type Tapped = (u64, Direction, Vec<u8>);

fn shown(sight: Sight<'_>) -> Vec<u8> {
    match sight {
        Sight::Message(message) => message.bytes().to_vec(),
        Sight::Ping(payload) => [b"ping ", payload].concat(),
        Sight::Pong(payload) => [b"pong ", payload].concat(),
        Sight::Close(None) => b"close".to_vec(),
        Sight::Close(Some((code, reason))) => format!("close {code} {reason}").into_bytes(),
    }
}

impl Lab {
    pub(crate) fn start(setup: Setup) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let gate = Arc::new(Semaphore::new(0));
        let tapped: Arc<Mutex<Vec<Tapped>>> = Arc::default();
        let basin = Arc::clone(&tapped);
        let tap = Arc::new(Tap::new(move |passing| {
            let seen = (passing.link, passing.direction, shown(passing.sight));
            basin.lock().unwrap().push(seen);
        }));
        let links: Arc<Mutex<Vec<_>>> = Arc::default();
        let app = TestApp {
            tap: Arc::clone(&tap),
            links: Arc::clone(&links),
            manners: setup.manners,
            settings: Arc::new(setup.settings),
            subprotocols: setup.subprotocols.iter().map(ToString::to_string).collect(),
            events: sender,
            gate: Arc::clone(&gate),
        };
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let port = match setup.tls {
            Some(tls) => Port::secure(listener, tls),
            None => listener.into(),
        };
        let server = Server::start(port, Arc::new(app), setup.limits, setup.threads).unwrap();
        Self {
            server,
            events,
            gate,
            tap,
            tapped,
            links,
        }
    }

    /// The tap of its app.
    pub(crate) fn tap(&self) -> &Tap {
        &self.tap
    }

    /// What the tap has shown.
    pub(crate) fn tapped(&self) -> Vec<Tapped> {
        self.tapped.lock().unwrap().clone()
    }

    /// The counts of its links, in the order they opened.
    pub(crate) fn link_counts(&self) -> Vec<Arc<LinkCounts>> {
        self.links.lock().unwrap().clone()
    }

    pub(crate) fn polite() -> Self {
        Self::start(Setup {
            manners: POLITE,
            ..Setup::default()
        })
    }

    pub(crate) fn with_settings(manners: Manners, settings: LinkSettings) -> Self {
        Self::start(Setup {
            manners,
            settings,
            ..Setup::default()
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(crate) fn counts(&self) -> Counts {
        self.server.counts()
    }

    pub(crate) fn fanout(&self) -> Fanout {
        self.server.fanout()
    }

    pub(crate) fn nudge(&self) {
        self.server.nudge();
    }

    /// Lets one request to `/gate` go on.
    pub(crate) fn open_gate(&self) -> impl FnOnce() + use<> {
        let gate = Arc::clone(&self.gate);
        move || gate.add_permits(1)
    }

    /// A socket that has said nothing yet.
    pub(crate) async fn connect(&self) -> Raw {
        Raw::connect(self.address()).await
    }

    /// An open link of our own raw client.
    pub(crate) async fn raw(&self, path: &str) -> Raw {
        let mut raw = self.connect().await;
        raw.upgrade(path).await;
        raw
    }

    /// An open link of the crate's client.
    pub(crate) async fn dial(&self, path: &str) -> Conversation {
        dial_with(self.address(), path, &[]).await
    }

    /// What a session saw next.
    pub(crate) async fn seen(&mut self) -> (u64, Seen) {
        soon("an event", self.events.recv()).await.unwrap()
    }

    /// How the next link to end did.
    pub(crate) async fn ending(&mut self) -> Ending {
        loop {
            if let (_, Seen::Ended(ending)) = self.seen().await {
                return ending;
            }
        }
    }

    /// Splits off the server, for a test that drains it meanwhile.
    pub(crate) fn split(self) -> (Server, mpsc::UnboundedReceiver<(u64, Seen)>) {
        (self.server, self.events)
    }

    pub(crate) async fn drain(self) -> Drained {
        soon("the end of the server", self.server.drain()).await
    }
}

/// Opens a link with the crate's client.
pub(crate) async fn dial_with(
    address: SocketAddr,
    path: &str,
    subprotocols: &[String],
) -> Conversation {
    let host = address.to_string();
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new(&host, path, &headers, subprotocols, fresh_key()).unwrap();
    let target = Target::new(address.ip().to_string(), address.port());
    dial(&target, &request, FrameLimits::default(), PATIENCE)
        .await
        .unwrap()
}
