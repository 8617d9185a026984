//! `sockeye serve`: files to a plan, a plan to a running server, signals to its end.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::available_parallelism;

use sockeye_core::Clock;
use sockeye_mock::{LoadOptions, Loaded, Mock, Notation, PathPattern, Settings, announce, load};
use sockeye_net::{Drained, Limits, Server, listen};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{info, warn};

use crate::cli::ServeArgs;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::logging::say;
use crate::tls::Tls;
use crate::watch::{FileWatch, fingerprint};
use crate::{files, report};

/// Serves until a signal ends it.
pub(crate) fn run(args: ServeArgs) -> Exit {
    let job = match prepare(args) {
        Ok(job) => job,
        Err(exit) => return exit,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(job.serve()),
        Err(error) => internal(&error),
    }
}

fn internal(error: &io::Error) -> Exit {
    report::sentence(&format!("cannot start: {error}"));
    Exit::Internal
}

/// Everything that is known before the first socket is opened.
struct Job {
    files: Vec<PathBuf>,
    /// The files' fingerprint before they were read.
    seen: u64,
    options: LoadOptions,
    loaded: Loaded,
    host: String,
    port: u16,
    max_connections: Option<usize>,
    seed: Option<u64>,
    watch: bool,
}

/// Reads command line, environment and files, in this order of weight.
fn prepare(args: ServeArgs) -> Result<Job, Exit> {
    let usage = |text: &str| {
        report::sentence(text);
        Exit::Usage
    };
    let mut environment = Environment::read().map_err(|text| usage(&text))?;
    if let Some(path) = &args.ws_path {
        let wrong = PathPattern::parse(path, Notation::Braces).err();
        if let Some(wrong) = wrong {
            return Err(usage(&format!("--ws-path {path:?}: {}", wrong.message)));
        }
    }
    let named = args.files.into_iter().chain(args.config).collect();
    let asked_for = args.websocket || environment.enabled == Some(true);
    let files = choose_files(named, environment.config.take(), asked_for)?;
    let mut overrides = environment.overrides;
    overrides.path = args.ws_path.or(overrides.path);
    overrides.tls = args.ws_tls;
    let options = LoadOptions {
        lenient: args.lenient,
        serving: true,
        overrides,
    };
    // Before the files are read: an edit meanwhile is noticed later.
    let seen = fingerprint(&files);
    let loaded = load(&files, &options, 0).map_err(|mistakes| {
        report::mistakes(&mistakes);
        Exit::Usage
    })?;
    report::mistakes(&loaded.warnings);
    let settings: &Settings = &loaded.plan.settings;
    let enabled = args.websocket || environment.enabled.or(settings.enabled).unwrap_or(true);
    if !enabled {
        let text = "`websocket.enabled` is false; add --websocket to serve all the same";
        return Err(usage(text));
    }
    let host = args
        .host
        .or(environment.host)
        .or_else(|| settings.host.clone());
    Ok(Job {
        host: host.unwrap_or_else(|| "127.0.0.1".to_owned()),
        port: args
            .port
            .or(environment.port)
            .unwrap_or_else(|| settings.port_or_default()),
        max_connections: environment.max_connections.or(settings.max_connections),
        seed: args.seed.or(environment.seed).or(settings.seed),
        watch: args.watch || environment.watch.or(settings.watch).unwrap_or(false),
        files,
        seen,
        options,
        loaded,
    })
}

/// The files that were named, or `CONFIG`, or what is found; nothing at all needs `--websocket`.
fn choose_files(
    named: Vec<PathBuf>,
    config: Option<String>,
    websocket: bool,
) -> Result<Vec<PathBuf>, Exit> {
    if !named.is_empty() {
        return Ok(named);
    }
    if let Some(config) = config {
        return Ok(vec![config.into()]);
    }
    let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
    if let Some(found) = files::discover(&folder) {
        info!("using {}", found.display());
        return Ok(vec![found]);
    }
    if websocket {
        return Ok(Vec::new());
    }
    report::sentence(
        "no file to serve; name one, or add --websocket for the default endpoint on /ws",
    );
    Err(Exit::Usage)
}

impl Job {
    async fn serve(self) -> Exit {
        let address = match resolve(&self.host, self.port) {
            Ok(address) => address,
            Err(error) => return self.refuse(&error),
        };
        // Before anybody is told that we listen: who was told may send one at once.
        let Some(signals) = Signals::listen() else {
            report::sentence("cannot listen for signals");
            return Exit::Internal;
        };
        let listener = match listen(address) {
            Ok(listener) => listener,
            Err(error) => return self.refuse(&error),
        };
        let mut limits = Limits::default();
        limits.connections = self.max_connections.unwrap_or(limits.connections);
        let routes = self.loaded.plan.routes().len();
        let wanted = self.loaded.plan.settings.tls.clone();
        let mut tls = match wanted.as_ref().map(Tls::new).transpose() {
            Ok(tls) => tls,
            Err(error) => return internal(&error),
        };
        let mock = Arc::new(Mock::new(self.loaded.plan, self.seed, Clock::system()));
        let threads = available_parallelism().map_or(1, usize::from);
        let port = Tls::on(tls.as_ref(), listener);
        let server = match Server::start(port, Arc::clone(&mock), limits, threads) {
            Ok(server) => server,
            Err(error) => return internal(&error),
        };
        if !server.address().ip().is_loopback() {
            warn!(
                "everyone who can reach {} can use this mock",
                server.address()
            );
        }
        tokio::spawn(announce(Arc::clone(&mock), server.fanout()));
        let mut watch = if self.watch {
            start_watch(&self.files, self.seen)
        } else {
            None
        };
        let address = server.address();
        if let (Some(tls), Some(wanted)) = (&mut tls, &wanted) {
            tls.announce(wanted, address.port());
            watch_beside(watch.as_mut(), &wanted.files);
        }
        let scheme = if tls.is_some() { "wss" } else { "ws" };
        say(&format!(
            "listening on {scheme}://{address} ({})",
            counted(routes, "route")
        ));
        let reload = Reload {
            files: self.files,
            options: self.options,
            generation: 0,
            tls,
        };
        run_until_signal(&mock, server, watch, reload, signals).await
    }

    fn refuse(&self, error: &io::Error) -> Exit {
        let (host, port) = (&self.host, self.port);
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "the port is in use; choose another with --port, or --port 0 for any free one"
            }
            io::ErrorKind::PermissionDenied => {
                "that port needs more rights; choose one above 1023 with --port"
            }
            io::ErrorKind::AddrNotAvailable => {
                "this machine has no such address; choose another with --host"
            }
            _ => &format!(
                "{error}; choose another with --host (HOST and MOCKFORGE_WS_HOST count, too)"
            ),
        };
        report::sentence(&format!("cannot listen on {host}:{port}: {remedy}"));
        Exit::Io
    }
}

fn resolve(host: &str, port: u16) -> io::Result<SocketAddr> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let nothing = || io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
    (host, port).to_socket_addrs()?.next().ok_or_else(nothing)
}

fn start_watch(files: &[PathBuf], seen: u64) -> Option<FileWatch> {
    match FileWatch::new(files, seen) {
        Ok(watch) => Some(watch),
        Err(error) => {
            warn!("the files are not watched: {error}");
            None
        }
    }
}

/// Watches the certificates, too.
fn watch_beside(watch: Option<&mut FileWatch>, files: &[PathBuf]) {
    if let Some(watch) = watch {
        watch.beside(files);
    }
}

/// What a reload needs.
struct Reload {
    files: Vec<PathBuf>,
    options: LoadOptions,
    generation: u64,
    tls: Option<Tls>,
}

impl Reload {
    /// Loads the files beside the running plan and swaps it in. With a mistake nothing changes.
    fn run(&mut self, mock: &Mock, server: &Server, watch: Option<&mut FileWatch>) {
        // Anything else could keep us waiting, and the server with us.
        if let Some(file) = self.files.iter().find(|file| !file.is_file()) {
            let file = file.display();
            return warn!("not reloaded: {file} is not a file; the old rules stay in force");
        }
        match load(&self.files, &self.options, self.generation + 1) {
            Ok(loaded) => {
                self.generation += 1;
                report::mistakes(&loaded.warnings);
                let routes = counted(loaded.plan.routes().len(), "route");
                let tls = loaded.plan.settings.tls.as_ref();
                Tls::reload(self.tls.as_mut(), tls);
                watch_beside(watch, tls.map_or(&[], |tls| &tls.files));
                mock.swap(loaded.plan);
                server.nudge();
                info!("reloaded: {routes}");
            }
            Err(mistakes) => {
                report::mistakes(&mistakes);
                warn!("not reloaded: the files have mistakes; the old ones stay in force");
            }
        }
    }
}

/// The signals that a server acts on.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> Option<Self> {
        Some(Self {
            terminate: signal(SignalKind::terminate()).ok()?,
            interrupt: signal(SignalKind::interrupt()).ok()?,
            hangup: signal(SignalKind::hangup()).ok()?,
        })
    }

    /// Waits for one that asks the server to end.
    async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn run_until_signal(
    mock: &Mock,
    server: Server,
    mut watch: Option<FileWatch>,
    mut reload: Reload,
    mut signals: Signals,
) -> Exit {
    loop {
        tokio::select! {
            () = changed(watch.as_mut()) => reload.run(mock, &server, watch.as_mut()),
            _ = signals.hangup.recv() => reload.run(mock, &server, watch.as_mut()),
            _ = signals.terminate.recv() => break,
            _ = signals.interrupt.recv() => break,
        }
    }
    end(mock, server, signals).await
}

async fn changed(watch: Option<&mut FileWatch>) {
    match watch {
        Some(watch) => watch.changed().await,
        None => std::future::pending().await,
    }
}

/// Says goodbye to all connections; a second signal ends at once.
async fn end(mock: &Mock, server: Server, mut signals: Signals) -> Exit {
    info!("shutting down; a second signal ends at once");
    let counts = server.counts();
    let exit = tokio::select! {
        drained = server.drain() => match drained {
            Drained::All => Exit::Done,
            Drained::Some => {
                warn!("some connections did not close in time and were dropped");
                Exit::NotAsAsked
            }
        },
        () = signals.end() => Exit::NotAsAsked,
    };
    let (totals, missed) = (counts.totals(), mock.counts());
    info!(
        "served {}, {} in, {} out, {} unanswered",
        counted(totals.opened, "connection"),
        counted(totals.received, "message"),
        totals.sent,
        missed.unanswered,
    );
    exit
}

/// `1 route`, `2 routes`.
fn counted<N: TryInto<u64> + Copy + std::fmt::Display>(number: N, noun: &str) -> String {
    let one = number.try_into().is_ok_and(|number| number == 1);
    if one {
        format!("{number} {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
