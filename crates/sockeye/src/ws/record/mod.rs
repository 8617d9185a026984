//! `sockeye ws record`: what passes a server, into a session file: a server that runs, or one of our own.
//!
//! | file | what happens there |
//! |---|---|
//! | `args` | the command line |
//! | `attach` | a running server, through its admin listener |
//! | `stream` | what that sends, as entries |
//! | `inside` | a server that is started for it, from a file or as a proxy |
//! | `tape` | the file |
//! | `progress` | the line on a terminal |

mod args;
mod attach;
mod inside;
mod progress;
mod stream;
mod tape;

use std::io::Write as _;

use serde_json::json;
use sockeye_mock::record::Choice;
use sockeye_mock::{Notation, PathPattern};

pub(crate) use args::RecordArgs;
use attach::Attached;
use tape::Done;

use crate::exit::Exit;
use crate::{report, runtime};

/// How a recording ended that has a file.
#[derive(Debug)]
struct Recorded {
    done: Done,
    millis: u128,
    /// Why it ended before it should have, as one sentence.
    early: Option<String>,
}

/// Records until it is told to stop.
pub(crate) fn run(args: RecordArgs) -> Exit {
    let choice = match choice(&args) {
        Ok(choice) => choice,
        Err(sentence) => {
            report::sentence(&sentence);
            return Exit::Usage;
        }
    };
    if args.config.is_some() || args.upstream.is_some() {
        return inside::run(args, choice);
    }
    let runtime = match runtime::here() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    match runtime.block_on(attach::record(&args)) {
        Attached::Ended(exit) => exit,
        Attached::NobodyThere => {
            drop(runtime);
            inside::run(args, choice)
        }
    }
}

/// What is to be recorded. What the flags say about it is checked before anything is opened.
fn choice(args: &RecordArgs) -> Result<Choice, String> {
    tape::redactor(args).map_err(|wrong| format!("--redact-pointer, --redact-pattern: {wrong}"))?;
    let mut paths = Vec::new();
    for path in &args.paths {
        let pattern = PathPattern::parse(path, Notation::Braces);
        paths.push(pattern.map_err(|wrong| format!("--path {path:?}: {}", wrong.message))?);
    }
    Ok(Choice {
        paths,
        without_pings: args.exclude_ping,
    })
}

/// Tells how it went.
fn told(args: &RecordArgs, recorded: Result<Recorded, String>) -> Exit {
    let Recorded {
        done,
        millis,
        early,
    } = match recorded {
        Ok(recorded) => recorded,
        Err(sentence) => {
            report::sentence(&sentence);
            return Exit::Io;
        }
    };
    let file = done.file.display();
    let text = if args.target.json {
        let summary = json!({
            "output": file.to_string(),
            "messages": done.messages,
            "duration_ms": u64::try_from(millis).unwrap_or(u64::MAX),
            "ended_early": early,
        });
        format!("{summary}\n")
    } else {
        let messages = report::counted(done.messages, "message");
        format!("recorded {messages} in {millis} ms: {file}\n")
    };
    if std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
        return Exit::Io;
    }
    match early {
        Some(why) => {
            report::sentence(&format!("{why}; what came before is in {file}"));
            Exit::NotAsAsked
        }
        None => Exit::Done,
    }
}
