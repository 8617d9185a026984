//! Measures the built `sockeye` as ratios to references that are measured in the same run.
//!
//! `compare` starts the servers, loads them on loopback and prints one table; `raw-echo` is the
//! reference server; `check` lets files be refused that are made to exhaust their reader. Linux only: CPU time and memory come from `/proc`.

mod capacity;
mod cases;
mod client;
mod cold_start;
mod connection;
mod crowd;
mod endless;
mod error;
mod frame_counter;
mod frames;
mod handshake;
mod held;
mod histogram;
mod hostile;
mod load;
mod machine;
mod memory;
mod mocks;
mod models;
mod operator;
mod parts;
mod peers;
mod placement;
mod proc;
mod proxy;
mod raw_echo;
mod raw_relay;
mod recording;
mod replay;
mod report;
mod room;
mod scripts;
mod secure;
mod server;
mod ship;
mod statistics;
mod table;
mod ticker;
mod watched;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::parts::Part;
use crate::placement::Placement;
use crate::raw_echo::Mode;
use crate::report::Report;

/// The program under test, unless another one is named.
const SOCKEYE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/sockeye");

/// A bar was missed and `--gate` was given. Usage errors end with 2, as clap does.
const EXIT_MISSED: u8 = 1;
/// There is no result.
const EXIT_FAILED: u8 = 3;

/// Measures sockeye against references on this machine.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The reference: a raw TCP echo on 127.0.0.1, until it is ended.
    RawEcho {
        /// Port; 0 lets the system choose. Printed on stderr.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// Writes what one connection sends to all of them.
        #[arg(long, conflicts_with = "tick")]
        to_all: bool,
        /// Writes a message to every connection each second, and reads nothing.
        #[arg(long)]
        tick: bool,
    },
    /// The reference of proxies: a raw TCP relay on 127.0.0.1, until it is ended.
    RawRelay {
        /// Port; 0 lets the system choose. Printed on stderr.
        #[arg(long, default_value_t = 0)]
        port: u16,
        /// The server behind it.
        #[arg(long, value_name = "ADDRESS")]
        to: SocketAddr,
    },
    /// Starts sockeye and the references, measures them in turn and prints one table.
    Compare(Compare),
    /// Lets sockeye check a YAML bomb, 100 000 levels and 100 MiB, and prints time and memory.
    Check(Check),
}

#[derive(Args, Debug)]
struct Check {
    /// The program under test, a path; started as `PATH check FILE --json`.
    #[arg(long, value_name = "PATH", default_value = SOCKEYE)]
    sockeye: PathBuf,
    /// Ends with exit code 1 when a bar is missed.
    #[arg(long)]
    gate: bool,
}

#[derive(Args, Debug)]
struct Compare {
    /// The program under test, a path; started as `PATH serve FILE --port 0`.
    #[arg(long, value_name = "PATH", default_value = SOCKEYE)]
    sockeye: PathBuf,
    /// Three rounds of 0.4 s instead of seven of 0.7 s: a look, not a result.
    #[arg(long)]
    quick: bool,
    /// Writes everything that was measured to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Measures these parts alone, separated by commas.
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    only: Vec<Part>,
    /// Ends with exit code 1 when a bar is missed.
    #[arg(long)]
    gate: bool,
}

impl Compare {
    /// Whether a part is asked for; tells that it begins.
    fn begins(&self, part: Part, what: &str) -> bool {
        let asked = self.only.is_empty() || self.only.contains(&part);
        if asked {
            progress(what);
        }
        asked
    }

    fn rounds(&self) -> Rounds {
        let (count, measured, long) = if self.quick {
            (3, 400, 3)
        } else {
            (7, 700, 10)
        };
        Rounds {
            count,
            warm_up: Duration::from_millis(150),
            measured: Duration::from_millis(measured),
            long: Duration::from_secs(long),
        }
    }
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::RawEcho { port, to_all, tick } => raw_echo::serve(port, mode(to_all, tick))
            .map(|()| ExitCode::SUCCESS)
            .map_err(BenchError::RawEcho),
        Command::RawRelay { port, to } => raw_relay::serve(port, to)
            .map(|()| ExitCode::SUCCESS)
            .map_err(BenchError::RawEcho),
        Command::Compare(options) => compare(&options),
        Command::Check(options) => check(&options),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("sockeye-bench: {error}");
        ExitCode::from(EXIT_FAILED)
    })
}

fn mode(to_all: bool, tick: bool) -> Mode {
    match (to_all, tick) {
        (true, _) => Mode::ToAll,
        (_, true) => Mode::Tick,
        _ => Mode::Echo,
    }
}

fn must_exist(sockeye: &Path) -> Result<(), BenchError> {
    if sockeye.is_file() {
        return Ok(());
    }
    let path = sockeye.to_owned();
    Err(BenchError::NoSockeye { path })
}

fn check(options: &Check) -> Result<ExitCode, BenchError> {
    must_exist(&options.sockeye)?;
    let rows = hostile::measure(&options.sockeye)?;
    println!("{}", table::render(&rows));
    let missed = options.gate && rows.iter().any(|row| row.met() == Some(false));
    Ok(exit(missed))
}

fn exit(missed: bool) -> ExitCode {
    if missed {
        ExitCode::from(EXIT_MISSED)
    } else {
        ExitCode::SUCCESS
    }
}

fn compare(options: &Compare) -> Result<ExitCode, BenchError> {
    must_exist(&options.sockeye)?;
    let placement = match Placement::of_this_process() {
        Some(placement) => placement,
        None => Placement::restart()?,
    };
    let report = parts::measure(options, placement)?;
    println!("{}", report.text());
    if let Some(path) = &options.json {
        write_json(path, &report)?;
    }
    Ok(exit(options.gate && !report.all_met()))
}

fn progress(what: &str) {
    eprintln!("measuring {what}");
}

fn write_json(path: &Path, report: &Report) -> Result<(), BenchError> {
    std::fs::write(path, report.json()).map_err(|source| BenchError::Write {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn parts_are_all_or_those_that_are_named() {
        let asked = |arguments: &[&str], part| match Cli::parse_from(arguments).command {
            Command::Compare(options) => options.begins(part, "nothing"),
            Command::RawEcho { .. } | Command::RawRelay { .. } | Command::Check(_) => {
                panic!("asked for compare")
            }
        };
        assert!(asked(&["sockeye-bench", "compare"], Part::Room));
        let only = ["sockeye-bench", "compare", "--only", "room,cold-start"];
        assert!(asked(&only, Part::Room) && asked(&only, Part::ColdStart));
        assert!(!asked(&only, Part::Memory));
    }

    #[test]
    fn quick_is_three_rounds_and_the_default_seven() {
        let rounds = |arguments: &[&str]| match Cli::parse_from(arguments).command {
            Command::Compare(options) => options.rounds(),
            Command::RawEcho { .. } | Command::RawRelay { .. } | Command::Check(_) => {
                panic!("asked for compare")
            }
        };
        let default = rounds(&["sockeye-bench", "compare"]);
        assert_eq!(
            (default.count, default.measured),
            (7, Duration::from_millis(700))
        );
        let quick = rounds(&["sockeye-bench", "compare", "--quick"]);
        assert_eq!(
            (quick.count, quick.measured),
            (3, Duration::from_millis(400))
        );
    }
}
