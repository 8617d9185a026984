//! `sockeye bench`: load on any WebSocket server, and what came of it.
//!
//! | file | what happens there |
//! |---|---|
//! | `args` | the command line becomes a load |
//! | `bound` | `--fail-if` |
//! | `report`, `words` | what came of it, as JSON and as text |

mod args;
mod bound;
mod report;
mod words;

use std::io::{self, IsTerminal as _, Write as _, stdout};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use sockeye_drive::{Load, Outcome, Site};

pub(crate) use args::BenchArgs;

use self::report::Report;
use crate::exit::Exit;
use crate::logging::say;
use crate::report::{counted, sentence};
use crate::runtime;
use crate::ws::{Goal, Signals, explain};

/// Open files beside the connections.
const OTHER_FILES: u64 = 64;

/// Runs a load and says what came of it.
pub(crate) fn run(args: &BenchArgs) -> Exit {
    let goal = Goal::new(&args.url, &args.dial());
    let asked = goal.and_then(|goal| Ok((goal, args.load()?)));
    let asked = asked.and_then(|asked| has_room_for(args.connections).map(|()| asked));
    let (goal, load) = match asked {
        Ok(asked) => asked,
        Err(mistake) => {
            sentence(&mistake);
            return Exit::Usage;
        }
    };
    match runtime::here() {
        Ok(runtime) => runtime.block_on(drive(args, goal, load)),
        Err(exit) => exit,
    }
}

async fn drive(args: &BenchArgs, goal: Goal, load: Load) -> Exit {
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => {
            sentence(&format!("cannot listen for signals: {error}"));
            return Exit::Internal;
        }
    };
    let (url, within) = (goal.shown.clone(), goal.within);
    let site = Site {
        target: goal.target.clone(),
        limits: goal.limits,
        within,
        request: Box::new(move || goal.fresh_request()),
    };
    let is_shown = args.progress || io::stderr().is_terminal();
    let outcome = sockeye_drive::run(load.clone(), &site, signals.next(), |progress| {
        if is_shown {
            say(&words::second(progress));
        }
    });
    match outcome.await {
        Ok(outcome) => tell(args, &url, &load, &outcome),
        Err(error) => {
            sentence(&error.to_string());
            Exit::Internal
        }
    }
}

/// Prints the report and gives the exit status.
fn tell(args: &BenchArgs, url: &str, load: &Load, outcome: &Outcome) -> Exit {
    let first = outcome.opened.refusals.first.as_ref();
    if outcome.opened.open == 0
        && let Some(error) = first
    {
        sentence(&explain(error, url));
        return Exit::Io;
    }
    let report = Report::new(url, load, outcome, &args.fail_if);
    let text = if args.json {
        report.json()
    } else {
        words::text(&report)
    };
    let mut out = stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        sentence(&format!("cannot write the report: {error}"));
        return Exit::Io;
    }
    if let Some(error) = first {
        let count = counted(outcome.opened.refusals.count(), "connection");
        sentence(&format!(
            "{count} did not open; the first: {}",
            explain(error, url)
        ));
    }
    if report.is_fine() {
        Exit::Done
    } else {
        Exit::NotAsAsked
    }
}

/// Raises the limit on open files where it is too low and may be raised. Errors: a sentence for the user.
fn has_room_for(connections: usize) -> Result<(), String> {
    let wanted = connections as u64 + OTHER_FILES;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    setrlimit(Resource::Nofile, raised).map_err(|_| {
        let most = maximum.unwrap_or(u64::MAX);
        format!(
            "{connections} connections need {wanted} open files, the system allows {most}; `ulimit -n` shows and \
             raises that, --connections takes fewer"
        )
    })
}
