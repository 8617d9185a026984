//! The program: command line in, exit status out. One file per sub-command.

mod admin;
mod bench;
mod bind;
mod check;
mod cli;
mod environment;
mod exit;
mod files;
mod guest;
mod gw;
mod logging;
mod pages;
mod reload;
mod report;
mod runtime;
mod serve;
mod settled;
mod ship;
mod steering;
mod tls;
mod watch;
mod ws;

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Command};

fn main() -> ExitCode {
    // Fluent Bit's command line has flags of its own from the first word on.
    if let Some(words) =
        ship::words(std::env::args_os().map(|word| word.to_string_lossy().into_owned()))
    {
        return ship::run(&words);
    }
    let mut args = std::env::args_os();
    if args.next().is_some_and(|program| gw::is_link(&program)) {
        return gw::run(args);
    }
    let cli = Cli::parse();
    // These two log by their own flags.
    let command = match cli.command {
        Command::Gw { args } => return gw::run(args.into_iter()),
        Command::Ship { words } => return ship::run(&words),
        command => command,
    };
    // Dropped last: it writes what is still to be said.
    let _log = logging::start(cli.log, cli::color());
    let exit = match command {
        Command::Serve(args) => serve::run(args),
        Command::Check(args) => check::run(&args),
        Command::Ws(command) => ws::run(command),
        Command::Bench(args) => bench::run(&args),
        Command::Gw { .. } | Command::Ship { .. } => exit::Exit::Done,
    };
    exit.into()
}
