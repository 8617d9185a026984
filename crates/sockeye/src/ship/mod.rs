//! `sockeye ship`: Fluent Bit's command line in, records over WebSocket out.

mod asked;
mod load;
mod serve;

use std::process::ExitCode;

use sockeye_core::{Mistake, Mistakes};
use sockeye_ship::config::command_line::{self, Action};

use crate::{logging, report};

/// Words behind which a message about a wrong configuration ends, as users of the reference know them.
const ABORTING: &str = "configuration file contains errors, aborting.";
/// What a dry run says when nothing is wrong.
const SUCCESSFUL: &str = "configuration test is successful";
/// The page of the manual.
const PAGE: &str = "docs/ship.md";

/// How shipping ended; the reference's statuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or ended by a signal.
    Done,
    /// The command line or a file is wrong.
    Wrong,
    /// The folder for chunks belongs to another process.
    Owned,
    /// Something could not be opened.
    Refused,
    /// A status that the configuration asks for, as records were lost.
    Lost(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Wrong => 1,
            Exit::Owned => 3,
            Exit::Refused => 255,
            Exit::Lost(status) => status,
        })
    }
}

/// The words behind `ship`, or behind the program's name where that is `fluent-bit`; none if another
/// command is meant.
pub(crate) fn words(mut all: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let program = all.next()?;
    let name = program.rsplit('/').next().unwrap_or_default();
    if name == "fluent-bit" {
        return Some(all.collect());
    }
    (all.next().as_deref() == Some("ship")).then(|| all.collect())
}

/// Ships, or does what else the words ask for.
pub(crate) fn run(words: &[String]) -> ExitCode {
    // Dropped last: it writes what is still to be said.
    let _log = logging::start(crate::cli::Level::Error, crate::cli::color());
    let exit = match command_line::parse(words) {
        Ok(request) => match &request.action {
            Action::Run => serve::run(words),
            Action::DryRun => dry_run(words),
            other => asked::answer(other),
        },
        Err(mistakes) => wrong(mistakes),
    };
    exit.into()
}

/// Draws what is wrong.
fn wrong(mut mistakes: Mistakes) -> Exit {
    mistakes.explained_on(PAGE);
    report::mistakes(&mistakes);
    Exit::Wrong
}

/// Everything is read and built, nothing opened.
fn dry_run(words: &[String]) -> Exit {
    let built = load::load(words).and_then(load::Loaded::build);
    match built {
        Ok(ready) => {
            report::mistakes(&ready.warnings);
            logging::say(SUCCESSFUL);
            Exit::Done
        }
        Err(mistakes) => {
            let exit = wrong(mistakes);
            report::sentence(ABORTING);
            exit
        }
    }
}

/// A folder that cannot be worked in, a log that cannot be written.
fn refused(message: String, remedy: &str) -> Mistakes {
    Mistake::nowhere(message).remedy(remedy).into()
}
