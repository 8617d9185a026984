//! The server's side of a replay: each client that comes gets the next part of its path.

use std::collections::BTreeMap;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use sockeye_core::Random;
use sockeye_mock::Recital;
use sockeye_net::{
    Answer, App, Body, Compression, Ending, Limits, LinkSettings, Message, Outbox, Peer, Server,
    Session, Upgrade, listen,
};
use sockeye_tape::Content;
use sockeye_tape::limits::MESSAGE_BYTES;
use sockeye_tape::play::{Manner, Score, Verify};
use sockeye_wire::{CloseCode, FrameLimits};

use super::args::ReplayArgs;
use super::tally::Tally;
use super::template::rendered;
use crate::exit::Exit;
use crate::report::{self, counted};
use crate::ws::connect::Signals;

/// Where a recording without a path is served.
pub(super) const PATH: &str = "/ws";

/// The I/O threads: one is enough for a replay, and keeps the order of what is told.
const THREADS: usize = 1;

/// Serves until a signal comes.
pub(super) async fn serve(args: &ReplayArgs, scores: Vec<Arc<Score>>, tally: Arc<Tally>) -> Exit {
    let Ok(mut signals) = Signals::listen() else {
        report::sentence("cannot listen for signals");
        return Exit::Internal;
    };
    let lines: usize = scores.iter().map(|score| score.lines()).sum();
    let stage = Arc::new(Stage::new(args, scores, Arc::clone(&tally)));
    let limits = Limits {
        connections: 0,
        ..Limits::default()
    };
    let started = address(&args.host, args.port)
        .and_then(listen)
        .and_then(|listener| Server::start(listener, Arc::clone(&stage), limits, THREADS));
    let server = match started {
        Ok(server) => server,
        Err(problem) => {
            let (host, port) = (&args.host, args.port);
            report::sentence(&format!(
                "cannot listen on {host}:{port}: {problem}; choose another with --port, or --port 0 for any free one"
            ));
            return Exit::Io;
        }
    };
    let paths: Vec<&str> = stage.parts.keys().map(String::as_str).collect();
    tally.announce(&format!(
        "listening on ws://{}{} ({} of {})",
        server.address(),
        paths.join(", "),
        counted(lines, "message"),
        args.input.display(),
    ));
    signals.next().await;
    tokio::select! {
        _ = server.drain() => {}
        () = signals.next() => {}
    }
    tally.end(Exit::Done)
}

fn address(host: &str, port: u16) -> io::Result<SocketAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    (host, port).to_socket_addrs()?.next().ok_or_else(nothing)
}

/// The parts of a path, and whose turn it is.
#[derive(Debug)]
struct Parts {
    scores: Vec<Arc<Score>>,
    next: AtomicUsize,
}

#[derive(Debug)]
struct Stage {
    parts: BTreeMap<String, Parts>,
    settings: Arc<LinkSettings>,
    manner: Manner,
    keep_open: bool,
    tally: Arc<Tally>,
}

impl Stage {
    fn new(args: &ReplayArgs, scores: Vec<Arc<Score>>, tally: Arc<Tally>) -> Self {
        let mut parts: BTreeMap<String, Parts> = BTreeMap::new();
        for score in scores {
            let path = args
                .path
                .as_deref()
                .or(score.path.as_deref())
                .unwrap_or(PATH);
            // What clients ask for beside the path is theirs.
            let path = path.split('?').next().unwrap_or(PATH).to_owned();
            let new = || Parts {
                scores: Vec::new(),
                next: AtomicUsize::new(0),
            };
            parts.entry(path).or_insert_with(new).scores.push(score);
        }
        let bytes = args.dial.max_message_size;
        let frames = FrameLimits {
            frame_bytes: bytes,
            message_bytes: bytes,
            ..FrameLimits::default()
        };
        let settings = LinkSettings {
            frames,
            // One message may be as long as that, and the next ones wait for it.
            backlog_bytes: 2 * MESSAGE_BYTES,
            compression: (!args.dial.no_compression).then(Compression::default),
            ..LinkSettings::default()
        };
        Self {
            parts,
            settings: Arc::new(settings),
            manner: args.manner(super::args::As::Server),
            keep_open: args.keep_open,
            tally,
        }
    }
}

impl App for Stage {
    type Session = Playing;

    async fn answer(&self, request: Request<Incoming>, _: SocketAddr) -> Answer<Playing> {
        let Some(parts) = self.parts.get(request.uri().path()) else {
            let known: Vec<&str> = self.parts.keys().map(String::as_str).collect();
            let text = format!("nothing is replayed here, only on {}\n", known.join(", "));
            let mut response = Response::new(Body::from(text));
            *response.status_mut() = StatusCode::NOT_FOUND;
            return Answer::Http(response);
        };
        let turn = parts.next.fetch_add(1, Ordering::Relaxed) % parts.scores.len();
        let score = parts.scores.get(turn).unwrap_or(&parts.scores[0]);
        let (score, tally) = (Arc::clone(score), Arc::clone(&self.tally));
        let (manner, keep_open) = (self.manner, self.keep_open);
        Answer::Upgrade(Upgrade {
            settings: Arc::clone(&self.settings),
            subprotocols: Arc::from([]),
            wrong_accept: false,
            upstream: None,
            start: Box::new(move |peer: Peer| Playing {
                recital: Recital::new(Arc::clone(&score), manner, !keep_open),
                verify: Verify::new(score, manner.strict),
                number: peer.number,
                random: Random::from_os(),
                tally,
            }),
        })
    }
}

/// One client that hears its part.
#[derive(Debug)]
struct Playing {
    recital: Recital,
    verify: Verify,
    number: u64,
    random: Random,
    tally: Arc<Tally>,
}

impl Session for Playing {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        self.recital.begin();
        self.go_on(out);
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        self.tally.came();
        self.compare(message);
        self.recital.hear(message);
        self.go_on(out);
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        self.go_on(out);
    }

    fn goodbye(&mut self, _: &mut Outbox<'_>) {}

    fn ended(&mut self, ending: &Ending) {
        if !self.tally.verifies() {
            return;
        }
        if let Ending::Peer(code) = ending {
            let flaw = self.verify.closed(code.map(CloseCode::get));
            if let Some(flaw) = flaw {
                self.tally.flaw(self.number, &flaw);
            }
        }
        for flaw in self.verify.missing() {
            self.tally.flaw(self.number, &flaw);
        }
    }
}

impl Playing {
    fn compare(&mut self, message: Message<'_>) {
        if !self.tally.verifies() {
            return;
        }
        let content = match message {
            Message::Text(text) => Content::Text(text.to_owned()),
            Message::Binary(bytes) => Content::Binary(bytes.to_vec()),
        };
        if let Some(flaw) = self.verify.came(&content) {
            self.tally.flaw(self.number, &flaw);
        }
    }

    /// Says what is due.
    fn go_on(&mut self, out: &mut Outbox<'_>) {
        let random = &mut self.random;
        let template = |_, text: &str, out: &mut Outbox<'_>| out.text(&rendered(text, random));
        let said = self.recital.go_on(out, template);
        self.tally.said(said);
    }
}
