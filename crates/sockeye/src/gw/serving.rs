//! The model service from its options to its end: models are read, a port is opened, signals close it.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use sockeye_core::Clock;
use sockeye_model::Suite;
use sockeye_net::{Server, listen};
use sockeye_walk::{Guard, RestOptions, ServiceKind, WalkApp, WalkOptions};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use super::failure::Failure;
use super::models;
use super::online::{Options, Service};
use crate::logging::say;
use crate::pages;
use crate::runtime;

/// Serves until a signal ends it.
pub(super) fn run(options: &Options) -> Result<(), Failure> {
    let kind = match options.service {
        // Models come with `start`; those of the command line are not even looked at.
        Service::WebSocket => ServiceKind::Socket,
        Service::Restful => ServiceKind::Rest(Box::new(RestOptions {
            suite: suite(options)?,
            verbose: options.verbose,
            unvisited: options.unvisited,
            blocked: options.blocked,
        })),
    };
    let runtime = runtime::here().map_err(|_| Failure::run("there is no runtime"))?;
    let result = runtime.block_on(serve(options, kind));
    runtime.shutdown_background();
    result
}

/// The models that the REST service begins with; none if none are named.
fn suite(options: &Options) -> Result<Option<Suite>, Failure> {
    if options.models.is_empty() {
        return Ok(None);
    }
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let pairs = options.models.iter();
    let pairs = pairs.flat_map(|(file, generator)| [text(file), generator.clone()]);
    let pairs: Vec<String> = pairs.collect();
    let mut suite = models::with_generators(&pairs, options.start_element.as_deref())?;
    suite.seed = options.seed.or(suite.seed);
    Ok(Some(suite))
}

async fn serve(options: &Options, kind: ServiceKind) -> Result<(), Failure> {
    let is_rest = options.service == Service::Restful;
    let walk = WalkOptions {
        protocol: options.protocol.generation(),
        strict_silence: options.strict_silence,
        bug_compatible: options.bug_compatible,
        seed: options.seed,
    };
    // Before anybody is told that we listen: who was told may send one at once.
    let mut signals = Signals::listen()?;
    let wanted = SocketAddr::new(options.host, options.port);
    let listener = listen(wanted).map_err(|error| refused(wanted, &error))?;
    let guard = Guard::new(&options.host.to_string(), options.host);
    let app = WalkApp::new(kind, walk, guard, Clock::system()).map_err(|reason| {
        say("Was the argument --model correctly?");
        Failure::run(reason)
    })?;
    let app = app.with_pages(pages::sessions);
    let threads = available_parallelism().map_or(1, usize::from);
    let server = Server::start(listener, Arc::new(app), sockeye_walk::limits(), threads)
        .map_err(|error| refused(wanted, &error))?;
    announce(server.address(), is_rest);
    signals.end().await;
    if !is_rest {
        print("\nGraphWalkerServer shutting down\n\n");
    }
    tokio::select! {
        _ = server.drain() => {}
        // A second one ends at once.
        () = signals.end() => {}
    }
    Ok(())
}

fn announce(address: SocketAddr, is_rest: bool) {
    let port = address.port();
    if !address.ip().is_loopback() {
        warn!("everyone who can reach {address} can use this service");
        say(&format!(
            "everyone who can reach {address} can use this service"
        ));
    }
    if is_rest {
        print(&format!(
            "Try http://localhost:{port}/graphwalker/hasNext or http://localhost:{port}/graphwalker/getNext\n\
             Press Control+C to end...\n"
        ));
        say(&format!("listening on ws://{address} (to watch the test)"));
        say(&page(address));
        say(&format!("INFO: Started listener bound to [{address}]"));
        // Clients wait for these words.
        return say("INFO: [HttpServer] Started.");
    }
    info!("GraphWalkerServer started on port: {port}");
    say(&format!("listening on ws://{address} (models)"));
    say(&page(address));
}

/// Where a browser finds the page of the sessions; an address of its own stands for all addresses.
fn page(address: SocketAddr) -> String {
    let mut shown = address;
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => shown.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => shown.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    format!("sessions are shown at http://{shown}/")
}

/// Nobody may be there to read it.
fn print(text: &str) {
    let mut out = std::io::stdout();
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}

fn refused(address: SocketAddr, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => Failure::run("Address already in use").remedy(format!(
            "{address} is taken: choose another port with --port, or --port 0 for any free one"
        )),
        std::io::ErrorKind::PermissionDenied => Failure::run("Permission denied")
            .remedy("that port needs more rights: choose one above 1023 with --port"),
        _ => Failure::run(error.to_string()).remedy(format!(
            "cannot listen on {address}: choose another with --host"
        )),
    }
}

/// The signals that end the service.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Failure> {
        let heard = |kind| {
            signal(kind)
                .map_err(|error| Failure::run(format!("cannot listen for signals: {error}")))
        };
        Ok(Self {
            terminate: heard(SignalKind::terminate())?,
            interrupt: heard(SignalKind::interrupt())?,
        })
    }

    async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
