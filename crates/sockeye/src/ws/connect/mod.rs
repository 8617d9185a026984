//! `sockeye ws connect`: a conversation with any server, by hand on a terminal or line by line in a pipe.
//!
//! | file | what happens there |
//! |---|---|
//! | `args` | the command line |
//! | `target` | URL and flags become a place and a request |
//! | `refused` | why there is no connection, in words |
//! | `talk` | the open connection: what is sent, what comes, how it ends |
//! | `pipe` | lines in, lines out |
//! | `terminal`, `command` | a prompt, and what is typed there |

mod args;
mod command;
mod pipe;
mod refused;
mod talk;
mod target;
mod terminal;

use std::io::{IsTerminal as _, stdin, stdout};

use sockeye_net::dial;

pub(crate) use args::{ConnectArgs, DialArgs, seconds};
pub(crate) use refused::explain;
pub(crate) use talk::Signals;
pub(super) use talk::until;
pub(crate) use target::Goal;

use crate::exit::Exit;
use crate::{report, runtime};

/// Connects and talks until one side closes.
pub(crate) fn run(args: &ConnectArgs) -> Exit {
    let goal = match Goal::new(&args.url, &args.dial) {
        Ok(goal) => goal,
        Err(sentence) => {
            report::sentence(&sentence);
            return Exit::Usage;
        }
    };
    match runtime::here() {
        Ok(runtime) => runtime.block_on(connect(args, &goal)),
        Err(exit) => exit,
    }
}

async fn connect(args: &ConnectArgs, goal: &Goal) -> Exit {
    let conversation = dial(&goal.target, &goal.request, goal.limits, goal.within).await;
    let conversation = match conversation {
        Ok(conversation) => conversation,
        Err(error) => {
            report::sentence(&explain(&error, &goal.shown));
            return Exit::Io;
        }
    };
    let is_by_hand = stdin().is_terminal() && stdout().is_terminal() && !args.json;
    let prompt = is_by_hand.then(terminal::Prompt::open).flatten();
    let result = match prompt {
        Some(prompt) => terminal::converse(conversation, prompt, &goal.shown).await,
        None => pipe::converse(conversation, args).await,
    };
    result.unwrap_or_else(|error| {
        report::sentence(&format!("cannot go on: {error}"));
        Exit::Io
    })
}
