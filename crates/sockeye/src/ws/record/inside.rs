//! A server of our own is recorded: started from a file or as a proxy, heard from before its first
//! connection to after its last.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use sockeye_core::Source;
use sockeye_mock::operate::Operator;
use sockeye_mock::record::{Choice, Feed};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::progress::Progress;
use super::tape::Tape;
use super::{RecordArgs, Recorded, told};
use crate::cli::{AdminArgs, ServeArgs};
use crate::exit::Exit;
use crate::guest::Guest;
use crate::serve;
use crate::ws::ask::address_of;
use crate::ws::connect::until;
use crate::{report, runtime};

/// How long a disk that does not keep up is left alone.
const PAUSE: Duration = Duration::from_millis(5);

/// Bytes that are taken at once.
const PIECE: usize = 256 * 1024;

/// Serves and records until a signal, the time or the number of messages ends it.
pub(super) fn run(args: RecordArgs, choice: Choice) -> Exit {
    let job = match serve::prepare(serve_args(&args)) {
        Ok(job) => job,
        Err(exit) => return exit,
    };
    let runtime = match runtime::here() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    let args = Arc::new(args);
    let scribe: Slot = Arc::default();
    let finish = Arc::new(Notify::new());
    let guest = guest(&args, choice, &scribe, &finish);
    let exit = runtime.block_on(async {
        let exit = job.serve(Some(guest)).await;
        let Step::Writing(scribe) = take(&scribe) else {
            // The server did not come up, which was told.
            return exit;
        };
        finish.notify_one();
        match scribe.await {
            Ok(recorded) => worse(exit, told(&args, recorded)),
            Err(_) => Exit::Internal,
        }
    });
    runtime.shutdown_background();
    exit
}

/// How far the recording has come.
#[derive(Default)]
enum Step {
    #[default]
    Nothing,
    /// What passes is heard, and nothing is written yet.
    Heard(Feed, Arc<Notify>),
    Writing(JoinHandle<Result<Recorded, String>>),
}

type Slot = Arc<Mutex<Step>>;

fn take(slot: &Slot) -> Step {
    std::mem::take(&mut *slot.lock().unwrap_or_else(PoisonError::into_inner))
}

fn put(slot: &Slot, step: Step) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = step;
}

fn guest(args: &Arc<RecordArgs>, choice: Choice, scribe: &Slot, finish: &Arc<Notify>) -> Guest {
    let enough = Arc::new(Notify::new());
    let (heard, written) = (Arc::clone(scribe), Arc::clone(scribe));
    let mock_made = move |operator: Operator| {
        let news = Arc::new(Notify::new());
        let bell = Arc::clone(&news);
        let (feed, _) = operator.feed(choice, move || bell.notify_one());
        put(&heard, Step::Heard(feed, news));
    };
    let (args, finish, end) = (Arc::clone(args), Arc::clone(finish), Arc::clone(&enough));
    let listening = move || {
        let Step::Heard(feed, news) = take(&written) else {
            return Err(Exit::Internal);
        };
        // Only now: a server that cannot listen leaves the file of another day alone.
        let tape = Tape::create(&args).map_err(|sentence| {
            report::sentence(&sentence);
            Exit::Io
        })?;
        let scribe = Scribe {
            feed,
            news,
            tape,
            finish,
            enough: end,
        };
        let task = tokio::spawn(scribe.write(args.duration));
        put(&written, Step::Writing(task));
        Ok(())
    };
    Guest {
        mock_made: Box::new(mock_made),
        listening: Box::new(listening),
        enough,
    }
}

/// Writes down what is heard.
struct Scribe {
    feed: Feed,
    news: Arc<Notify>,
    tape: Tape,
    /// Told when the server has ended.
    finish: Arc<Notify>,
    /// Tells the server that it may end.
    enough: Arc<Notify>,
}

impl Scribe {
    async fn write(mut self, duration: Option<Duration>) -> Result<Recorded, String> {
        let end = duration.map(|duration| Instant::now() + duration);
        let mut progress = Progress::start();
        let mut ran = None;
        loop {
            tokio::select! {
                () = self.news.notified() => {}
                () = until(end), if ran.is_none() => {
                    self.feed.stop();
                    ran = Some(self.feed.elapsed());
                }
                () = progress.beat() => progress.show(self.tape.count()),
                () = self.finish.notified() => break,
            }
            self.take_all();
            if self.tape.is_over() {
                ran.get_or_insert_with(|| self.feed.elapsed());
            }
            if ran.is_some() {
                self.enough.notify_one();
            }
        }
        drop(progress);
        let ran = ran.unwrap_or_else(|| self.feed.elapsed());
        while !self.take_all() {
            sleep(PAUSE).await;
        }
        let early = self.feed.is_overrun();
        let early = early.then(|| "messages came faster than they could be written".to_owned());
        let done = self.tape.finish(ran)?;
        Ok(Recorded {
            done,
            millis: ran.as_millis(),
            early,
        })
    }

    /// Hands on what was heard. False: there is more than the disk takes now.
    fn take_all(&mut self) -> bool {
        // What does not fit into the tape's queue waits in the feed's.
        while self.tape.is_over() || !self.tape.is_behind() {
            let entries = self.feed.take(PIECE);
            if entries.is_empty() {
                return true;
            }
            for entry in entries {
                self.tape.add(entry);
            }
        }
        false
    }
}

fn serve_args(args: &RecordArgs) -> ServeArgs {
    let mut admin = AdminArgs {
        admin_token: args.target.token.clone(),
        ..AdminArgs::default()
    };
    if args.config.is_none()
        && args.upstream.is_none()
        && let Ok(address) = address_of(&args.target.admin)
        && let Some((host, port)) = address.rsplit_once(':')
    {
        // Nothing listens there: the next command finds this server there.
        admin.admin_host = Some(host.to_owned());
        admin.admin_port = port.parse().ok();
    }
    ServeArgs {
        config: args.config.clone(),
        written: args.upstream.as_deref().map(before),
        host: args.host.clone(),
        port: args.port,
        admin,
        ..ServeArgs::default()
    }
}

/// A proxy on all paths.
fn before(upstream: &str) -> Arc<Source> {
    let headers = ["authorization", "cookie", "origin", "user-agent"];
    let handler = json!({
        "path": "/**",
        "type": "proxy",
        "upstream": upstream,
        "forward_headers": headers,
        "forward_query": true,
    });
    // The default endpoint gives way where a handler has its path.
    let document = json!({ "websocket": { "path": "/**", "handlers": [handler] } });
    Source::new("--upstream", document.to_string())
}

/// The exit of both: the one that is not as it should be.
fn worse(server: Exit, recording: Exit) -> Exit {
    match recording {
        Exit::Done => server,
        _ => recording,
    }
}
