//! Shipping: an engine is started, runs until a signal or its inputs end it, and begins anew on a reload.

use std::io;
use std::pin::pin;
use std::time::Duration;

use sockeye_core::Clock;
use sockeye_ship::ending::Patience;
use sockeye_ship::engine::{Engine, Summary};
use sockeye_ship::input::LastWork;
use sockeye_ship::report::Log;
use sockeye_ship::service::{LogLevel, Service};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::load::{Loaded, Ready, load};
use super::{ABORTING, Exit, refused, wrong};
use crate::{logging, report, runtime};

/// Ships until something ends it.
pub(super) fn run(words: &[String]) -> Exit {
    let ready = match load(words).and_then(Loaded::build) {
        Ok(ready) => ready,
        Err(mistakes) => {
            let exit = wrong(mistakes);
            report::sentence(ABORTING);
            return exit;
        }
    };
    let log = match log(&ready.service) {
        Ok(log) => log,
        Err(exit) => return exit,
    };
    let Ok(runtime) = runtime::here() else {
        return Exit::Refused;
    };
    let exit = runtime.block_on(ship(words, ready, &log));
    log.finish();
    // A file that hangs, or a name that is looked up, may take the system for ever.
    runtime.shutdown_background();
    exit
}

fn log(service: &Service) -> Result<Log, Exit> {
    let level = service.log_level.unwrap_or_default();
    let log = match &service.log_file {
        None => Log::to_stderr(level),
        Some(path) => Log::to_file(level, path),
    };
    log.map_err(|error| {
        let path = service
            .log_file
            .as_ref()
            .map(|path| path.display().to_string());
        let what = path.unwrap_or_else(|| "standard error".to_owned());
        wrong(refused(
            format!("cannot log to {what}: {error}"),
            "name another file with `log_file`",
        ))
    })
}

/// Why an engine ends.
enum End {
    Signal(&'static str),
    /// Its inputs want it.
    Finished,
    Reload,
}

async fn ship(words: &[String], ready: Ready, log: &Log) -> Exit {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            log.error(format_args!("[engine] cannot listen for signals: {error}"));
            return Exit::Refused;
        }
    };
    banner(&ready, log);
    let mut next = ready;
    let mut lost_before = 0;
    loop {
        let (service, last_work) = (next.service.clone(), next.last_work.clone());
        let log = log.at(service.log_level);
        let engine = match start(next, &log) {
            Ok(engine) => engine,
            Err(exit) => return exit,
        };
        let reloaded = loop {
            match signals.end(&engine).await {
                End::Reload => {}
                end => {
                    let summary = stop(end, engine, &last_work, &mut signals, &log).await;
                    return status(lost_before + summary.lost, &service);
                }
            }
            if let Some(ready) = reload(words, &service, &log) {
                break ready;
            }
        };
        next = reloaded;
        // Without a limit of time, so that nothing is lost; a signal sets one.
        let (patience, chance) = (engine.patience(), Chance::Grace(engine.grace()));
        let ending = engine.drain();
        let (summary, is_called_off) = ended(ending, &patience, chance, &mut signals, &log).await;
        finish(&last_work, &mut signals, &log).await;
        tell(summary, &log);
        lost_before += summary.lost;
        if is_called_off {
            log.error("[engine] ended in the middle of a reload");
            return status(lost_before, &service);
        }
        log.info("[engine] the files were read again");
    }
}

/// What users see first.
fn banner(ready: &Ready, log: &Log) {
    if !log.shows(LogLevel::Error) {
        return;
    }
    if ready.service.log_file.is_none() {
        logging::say(&format!("sockeye ship v{}", env!("CARGO_PKG_VERSION")));
    }
    report::mistakes(&ready.warnings);
}

fn start(ready: Ready, log: &Log) -> Result<Engine, Exit> {
    let path = ready.service.storage.path.as_ref();
    let place = path.map_or_else(
        || "in-memory".to_owned(),
        |path| format!("on disk, in {}", path.display()),
    );
    log.info(format_args!("[storage] {place}"));
    if !ready.has_inputs {
        log.warn("[engine] there is no input: nothing will be shipped");
    }
    if !ready.has_outputs {
        log.warn("[engine] there is no output: records go nowhere");
    }
    let started = Engine::start(ready.parts, &ready.service, log.clone(), Clock::system());
    match started {
        Ok(engine) => {
            log.info(format_args!(
                "[engine] started (pid={})",
                std::process::id()
            ));
            Ok(engine)
        }
        Err(error) => {
            log.error(format_args!("[engine] {error}"));
            Err(if error.is_storage_owned() {
                Exit::Owned
            } else {
                Exit::Refused
            })
        }
    }
}

/// Reads the files again; a mistake in them changes nothing.
fn reload(words: &[String], service: &Service, log: &Log) -> Option<Ready> {
    if !service.hot_reload {
        log.warn("[engine] a reload was asked for and is not enabled: `hot_reload on`, or `-Y`");
        return None;
    }
    match load(words).and_then(Loaded::build) {
        Ok(ready) => {
            report::mistakes(&ready.warnings);
            log.info("[engine] reloading");
            Some(ready)
        }
        Err(mistakes) => {
            wrong(mistakes);
            log.error("[engine] the files were not read again: there are mistakes in them");
            None
        }
    }
}

/// Delivers what is pending, within the grace; a second signal ends at once.
async fn stop(
    end: End,
    engine: Engine,
    last_work: &LastWork,
    signals: &mut Signals,
    log: &Log,
) -> Summary {
    if let End::Signal(name) = end {
        caught(name, log);
    }
    let patience = engine.patience();
    let (summary, _) = ended(engine.stop(), &patience, Chance::Last, signals, log).await;
    finish(last_work, signals, log).await;
    tell(summary, log);
    summary
}

/// What the next signal means.
enum Chance {
    /// Whatever is pending has the grace of the service; none is no limit.
    Grace(Option<Duration>),
    /// Nothing is waited for any more.
    Last,
}

/// Waits for the end, and acts on signals meanwhile; whether there was one.
async fn ended(
    ending: impl Future<Output = Summary>,
    patience: &Patience,
    mut chance: Chance,
    signals: &mut Signals,
    log: &Log,
) -> (Summary, bool) {
    let mut ending = pin!(ending);
    let mut is_called_off = false;
    loop {
        let name = tokio::select! {
            summary = &mut ending => return (summary, is_called_off),
            name = signals.stop() => name,
        };
        is_called_off = true;
        caught(name, log);
        match std::mem::replace(&mut chance, Chance::Last) {
            Chance::Grace(Some(grace)) => patience.within(grace),
            // As long as it takes; the next signal is the last.
            Chance::Grace(None) => {}
            Chance::Last => {
                log.error("[engine] ends at once: what is pending is lost, unless it is on disk");
                patience.at_once();
            }
        }
    }
}

/// Offsets and the like are written; a signal does not wait for a file that hangs.
async fn finish(last_work: &LastWork, signals: &mut Signals, log: &Log) {
    tokio::select! {
        () = last_work.finish() => {}
        name = signals.stop() => caught(name, log),
    }
}

/// The exit status after so many lost records, those before reloads among them.
fn status(lost: u64, service: &Service) -> Exit {
    match service.loss_exit_code {
        0 => Exit::Done,
        _ if lost == 0 => Exit::Done,
        status => Exit::Lost(status),
    }
}

fn tell(summary: Summary, log: &Log) {
    let Summary { lost, kept } = summary;
    if lost > 0 {
        log.error(format_args!("[engine] {lost} records were lost"));
    }
    if kept > 0 {
        log.warn(format_args!(
            "[engine] {kept} records are kept on disk for the next run"
        ));
    }
}

/// The line about a signal, unless nothing is to be logged.
fn caught(signal: &str, log: &Log) {
    if log.shows(LogLevel::Error) {
        log.signal(signal);
    }
}

/// The signals that shipping acts on.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for a reason to end, or to read the files again.
    async fn end(&mut self, engine: &Engine) -> End {
        tokio::select! {
            _ = self.terminate.recv() => End::Signal("SIGTERM"),
            _ = self.interrupt.recv() => End::Signal("SIGINT"),
            _ = self.hangup.recv() => End::Reload,
            () = engine.reload_wanted() => End::Reload,
            () = engine.finished() => End::Finished,
        }
    }

    async fn stop(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
