//! `sockeye serve`: files to a plan, a plan to a running server, signals to its end.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::available_parallelism;
use std::time::Instant;

use sockeye_core::Clock;
use sockeye_mock::operate::Operator;
use sockeye_mock::{
    ClusterError, LoadOptions, Loaded, Mock, Notation, PathPattern, Settings, SharedState,
    announce, deliver,
};
use sockeye_net::{Drained, Limits, Server, listen};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::Notify;
use tracing::{info, warn};

use crate::admin::{self, Admin, ReloadRequest, Served, Wanted};
use crate::cli::ServeArgs;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::guest::Guest;
use crate::logging::say;
use crate::reload::Reload;
use crate::report::counted;
use crate::tls::Tls;
use crate::watch::FileWatch;
use crate::{bind, files, report, runtime, settled};

/// Serves until a signal ends it.
pub(crate) fn run(args: ServeArgs) -> Exit {
    let job = match prepare(args) {
        Ok(job) => job,
        Err(exit) => return exit,
    };
    let runtime = match runtime::here() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    let exit = runtime.block_on(job.serve(None));
    // A name that a webhook looks up may take the system for ever.
    runtime.shutdown_background();
    exit
}

fn internal(error: &io::Error) -> Exit {
    report::sentence(&format!("cannot start: {error}"));
    Exit::Internal
}

/// Everything that is known before the first socket is opened.
pub(crate) struct Job {
    /// The files that were named or found.
    named: Vec<PathBuf>,
    /// All files that have a say.
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
    admin: Option<Wanted>,
}

/// Reads command line, environment and files, in this order of weight.
pub(crate) fn prepare(args: ServeArgs) -> Result<Job, Exit> {
    let usage = |text: &str| {
        report::sentence(text);
        Exit::Usage
    };
    let mut environment = Environment::read().map_err(|text| usage(&text))?;
    let admin_flags = args.admin;
    let admin_environment = std::mem::take(&mut environment.admin);
    if let Some(path) = &args.ws_path {
        let wrong = PathPattern::parse(path, Notation::Braces).err();
        if let Some(wrong) = wrong {
            return Err(usage(&format!("--ws-path {path:?}: {}", wrong.message)));
        }
    }
    let named = args.files.into_iter().chain(args.config).collect();
    let asked_for = args.websocket || environment.enabled == Some(true);
    let named = match args.written {
        Some(_) => Vec::new(),
        None => choose_files(named, environment.config.take(), asked_for)?,
    };
    let mut overrides = environment.overrides;
    overrides.path = args.ws_path.or(overrides.path);
    overrides.replay_file = args.ws_replay_file.or(overrides.replay_file);
    overrides.tls = args.ws_tls;
    let options = LoadOptions {
        lenient: args.lenient,
        serving: true,
        overrides,
        written: args.written,
    };
    let settled::Settled {
        outcome,
        files,
        seen,
    } = settled::read(&named, &named, &options, 0);
    let loaded = outcome.map_err(|mistakes| {
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
    let admin = Wanted::new(admin_flags, admin_environment, &settings.admin);
    Ok(Job {
        admin,
        host: host.unwrap_or_else(|| "127.0.0.1".to_owned()),
        port: args
            .port
            .or(environment.port)
            .unwrap_or_else(|| settings.port_or_default()),
        max_connections: environment.max_connections.or(settings.max_connections),
        seed: args.seed.or(environment.seed).or(settings.seed),
        watch: args.watch || environment.watch.or(settings.watch).unwrap_or(false),
        named,
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
    /// The listener's bounds. Loopback addresses have one only where a file names it.
    fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.connections = self.max_connections.unwrap_or(limits.connections);
        if let Some(most) = self.loaded.plan.settings.max_connections_per_address {
            limits.connections_per_address = most;
            limits.connections_per_loopback_address = most;
        }
        limits
    }

    /// Serves until a signal or a guest ends it.
    pub(crate) async fn serve(self, guest: Option<Guest>) -> Exit {
        let address = match bind::resolve(&self.host, self.port) {
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
        let limits = self.limits();
        let routes = self.loaded.plan.routes().len();
        let shared = self.loaded.plan.settings.shared.clone();
        let wanted = self.loaded.plan.settings.tls.clone();
        let mut tls = match wanted.as_ref().map(Tls::new).transpose() {
            Ok(tls) => tls,
            Err(error) => return internal(&error),
        };
        let mock = Arc::new(Mock::new(self.loaded.plan, self.seed, Clock::system()));
        if let Some(exit) = shared.and_then(|shared| share(&mock, shared)) {
            return exit;
        }
        let (listening, enough) = Guest::come_in(guest, &mock);
        let threads = available_parallelism().map_or(1, usize::from);
        let port = Tls::on(tls.as_ref(), listener);
        let server = match Server::start(port, Arc::clone(&mock), limits, threads) {
            Ok(server) => server,
            Err(error) => return internal(&error),
        };
        warn_of_reach(server.address());
        tokio::spawn(announce(Arc::clone(&mock), server.fanout()));
        tokio::spawn(deliver(Arc::clone(&mock)));
        let address = server.address();
        let scheme = if tls.is_some() { "wss" } else { "ws" };
        let url = format!("{scheme}://{address}");
        let served = Served {
            counts: server.counts(),
            url: url.clone(),
            started: Instant::now(),
        };
        let admin = match open_admin(self.admin, &mock, served) {
            Ok(admin) => admin,
            Err(exit) => return exit,
        };
        mock.listens_on(ports(address, admin.as_ref()));
        if let Err(exit) = listening() {
            return exit;
        }
        let watch = self.watch.then(|| start_watch(&self.files, self.seen));
        if let (Some(tls), Some(wanted)) = (&mut tls, &wanted) {
            tls.announce(wanted, address.port());
        }
        say(&format!(
            "listening on {url} ({})",
            counted(routes, "route")
        ));
        if let Some(admin) = &admin {
            admin.announce();
        }
        let reload = Reload {
            named: self.named,
            files: self.files,
            options: self.options,
            generation: 0,
            tls,
        };
        let running = Running {
            mock,
            server,
            admin,
            watch: watch.flatten(),
            reload,
            enough,
        };
        running.until_signal(signals).await
    }

    fn refuse(&self, error: &io::Error) -> Exit {
        report::sentence(&bind::refusal(bind::MOCK, &self.host, self.port, error));
        Exit::Io
    }
}

/// The addresses that proxies must not call.
fn ports(mock: SocketAddr, admin: Option<&Admin>) -> Vec<SocketAddr> {
    let admin = admin.map(|admin| admin.server.address());
    [Some(mock), admin].into_iter().flatten().collect()
}

/// Opens the admin listener. One that nobody asked for may be missing.
fn open_admin(
    wanted: Option<Wanted>,
    mock: &Arc<Mock>,
    served: Served,
) -> Result<Option<Admin>, Exit> {
    let Some(wanted) = wanted else {
        return Ok(None);
    };
    let (host, port) = (wanted.host.clone(), wanted.port);
    let is_asked_for = wanted.is_asked_for;
    let operator = Operator::new(Arc::clone(mock));
    match admin::start(wanted, operator, served) {
        Ok(admin) => Ok(Some(admin)),
        Err(error) => {
            let sentence = bind::refusal(bind::ADMIN, &host, port, &error);
            if is_asked_for {
                report::sentence(&sentence);
                return Err(Exit::Io);
            }
            warn!("no admin listener: {sentence}");
            Ok(None)
        }
    }
}

/// An address that others can reach is said aloud.
fn warn_of_reach(address: SocketAddr) {
    if !address.ip().is_loopback() {
        warn!("everyone who can reach {address} can use this mock");
    }
}

/// Shares state with other processes; the exit if that must be and cannot.
fn share(mock: &Mock, shared: SharedState) -> Option<Exit> {
    let error = mock.join(shared.settings).err()?;
    if shared.may_miss {
        warn!("{error}; state is in memory, as `on_error: memory` wants");
        return None;
    }
    let remedy = match error {
        ClusterError::Refused { .. } => "look at user, password and number in `redis_url`",
        _ => "start Redis",
    };
    report::sentence(&format!(
        "{error}; {remedy}, or write `on_error: memory` under `shared_state`"
    ));
    Some(Exit::Io)
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

/// A server that runs, and what may happen to it.
struct Running {
    mock: Arc<Mock>,
    server: Server,
    admin: Option<Admin>,
    watch: Option<FileWatch>,
    reload: Reload,
    /// Told when a guest has enough.
    enough: Arc<Notify>,
}

impl Running {
    async fn until_signal(mut self, mut signals: Signals) -> Exit {
        loop {
            let asked = tokio::select! {
                () = changed(self.watch.as_mut()) => None,
                _ = signals.hangup.recv() => None,
                asked = asked(self.admin.as_mut()) => Some(asked),
                _ = signals.terminate.recv() => break,
                _ = signals.interrupt.recv() => break,
                () = self.enough.notified() => break,
            };
            let reloaded = self
                .reload
                .run(&self.mock, &self.server, self.watch.as_mut());
            if let Some(asked) = asked {
                // Whoever asked may be gone.
                let _ = asked.send(reloaded);
            }
        }
        if let Some(admin) = &self.admin {
            admin.draining.store(true, Relaxed);
        }
        let exit = end(&self.mock, self.server, signals).await;
        self.mock.finish_recordings();
        if let Some(admin) = self.admin {
            admin.server.drain().await;
        }
        exit
    }
}

async fn asked(admin: Option<&mut Admin>) -> ReloadRequest {
    if let Some(admin) = admin
        && let Some(request) = admin.reloads.recv().await
    {
        return request;
    }
    std::future::pending().await
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
