//! `sockeye ws replay`: a recorded conversation is held again, with us as its server or as its client.
//!
//! | file | what happens there |
//! |---|---|
//! | `args` | the command line |
//! | `transform` | the script changes what will be said, before the first word |
//! | `server` | clients come, each gets a part |
//! | `client` | we go, one connection for each part |
//! | `tally` | what was said, what came, what was different |

mod args;
mod client;
mod server;
mod tally;
mod template;
mod transform;

use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::Duration;

use sockeye_tape::play::Score;

use args::As;
pub(crate) use args::ReplayArgs;
use tally::Tally;

use crate::exit::Exit;
use crate::{report, runtime};

/// How long somebody who listens may take to be noticed.
const LOOK: Duration = Duration::from_millis(500);

/// Reads the file and plays it.
pub(crate) fn run(args: &ReplayArgs) -> Exit {
    let role = role(args);
    if let Some(sentence) = args.contradiction(role) {
        report::sentence(sentence);
        return Exit::Usage;
    }
    let mut tape = match super::tape::read(&args.input) {
        Ok(tape) => tape,
        Err(exit) => return exit,
    };
    if let Some(script) = &args.transform
        && let Err(sentence) = transform::apply(script, &mut tape.session, role)
    {
        report::sentence(&sentence);
        return Exit::Usage;
    }
    let shown = args.input.display();
    let scores = match Score::of(&tape.session, role.into()) {
        Ok(scores) => scores,
        Err(wrong) => {
            report::sentence(&format!("{shown}: {wrong}"));
            return Exit::Usage;
        }
    };
    let scores: Vec<_> = scores.into_iter().map(Arc::new).collect();
    let runtime = match runtime::here() {
        Ok(runtime) => runtime,
        Err(exit) => return exit,
    };
    let tally = Arc::new(Tally::new(args.json, args.verify));
    match role {
        As::Server => runtime.block_on(server::serve(args, scores, tally)),
        As::Client => runtime.block_on(client::play(args, scores, tally)),
    }
}

/// Which side is wanted: the one that is missing if nobody said.
fn role(args: &ReplayArgs) -> As {
    if let Some(role) = args.role {
        return role;
    }
    if args.url.is_some() {
        return As::Client;
    }
    let host = args.host.trim_start_matches('[').trim_end_matches(']');
    let address = (host, args.port)
        .to_socket_addrs()
        .ok()
        .and_then(|mut found| found.next());
    let address = address.filter(|address| address.port() != 0);
    match address.map(|address| TcpStream::connect_timeout(&address, LOOK)) {
        Some(Ok(_)) => As::Client,
        _ => As::Server,
    }
}
