//! The program: command line in, exit status out. One file per sub-command.

mod admin;
mod bind;
mod check;
mod cli;
mod environment;
mod exit;
mod files;
mod guest;
mod gw;
mod logging;
mod reload;
mod report;
mod runtime;
mod serve;
mod settled;
mod steering;
mod tls;
mod watch;
mod ws;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    let mut args = std::env::args_os();
    if args.next().is_some_and(|program| gw::is_link(&program)) {
        return gw::run(args);
    }
    let cli = Cli::parse();
    if let Command::Gw { args } = cli.command {
        return gw::run(args.into_iter());
    }
    // Dropped last: it writes what is still to be said.
    let _log = logging::start(cli.log, cli::color());
    let exit = match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(&args),
        Command::Ws(command) => ws::run(command),
        // It logs by its own flags, and has ended above.
        Command::Gw { .. } => exit::Exit::Done,
    };
    exit.into()
}
