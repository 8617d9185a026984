//! `sockeye gw …`, or this program called `gw` or `graphwalker`: the reference's command line, its output, its statuses.

mod check;
mod convert;
mod failure;
mod models;
mod names;
mod offline;
mod online;
mod serving;
mod source;
mod table;
mod usage;
mod words;

use std::ffi::OsString;
use std::io::{Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use crate::cli::{Level, color};
use crate::logging;
use failure::Failure;
use words::Values;

/// Names of links under which the program is this command.
const LINKS: [&str; 2] = ["gw", "graphwalker"];

/// The version of the reference that is followed.
const FOLLOWED: &str = "4.3.4";

/// Whether the program was called by a link of ours, by the first word of its command line.
pub(crate) fn is_link(program: &OsString) -> bool {
    let name = Path::new(program).file_name().unwrap_or_default();
    LINKS.iter().any(|link| name == *link)
}

/// Runs the command that `args` ask for, the program's name left out.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    let args: Vec<String> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    dispatch(&args).unwrap_or_else(|failure| failure.tell(&args))
}

fn dispatch(args: &[String]) -> Result<ExitCode, Failure> {
    let line = words::read(args)?;
    let level = level(line.global.text("--debug").unwrap_or("OFF"))?;
    if line.global.flag("--help") {
        stdout().write_all(usage::usage().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    if line.global.flag("--version") {
        stdout().write_all(version().as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some((command, values)) = line.command else {
        return Err(Failure::alone(
            "Missing a command. Use the '--help' option to list all available commands.",
        ));
    };
    // A command that logs nothing and serves nothing needs no thread for it.
    let logs = level != Level::Off || command.name == "online";
    let _log = logs.then(|| logging::start(level, color()));
    perform(command.name, &values)
}

/// Runs a command of the table.
fn perform(name: &str, values: &Values) -> Result<ExitCode, Failure> {
    match name {
        "offline" => offline::run(values)?,
        "online" => online::run(&online::Options::new(values)?)?,
        "methods" => names::methods(values)?,
        "requirements" => names::requirements(values)?,
        "convert" => convert::run(values)?,
        "source" => source::run(values)?,
        _ if !check::run(values)? => return Ok(ExitCode::FAILURE),
        _ => {}
    }
    Ok(ExitCode::SUCCESS)
}

fn level(name: &str) -> Result<Level, Failure> {
    Ok(match name.to_ascii_uppercase().as_str() {
        "OFF" => Level::Off,
        "ERROR" => Level::Error,
        "WARN" => Level::Warn,
        "INFO" => Level::Info,
        "DEBUG" => Level::Debug,
        "TRACE" | "ALL" => Level::Trace,
        _ => {
            let failure = Failure::usage("Incorrect argument to --debug");
            return Err(failure.remedy("write OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL"));
        }
    })
}

/// Which version is followed, as programs read it, and whose program this is.
fn version() -> String {
    let own = env!("CARGO_PKG_VERSION");
    format!(
        "org.graphwalker version: {FOLLOWED}-sockeye-{own}\n\nThis is sockeye {own}, which follows the command line, \
         the output and the services of that version.\nIts licence is MIT.\n`sockeye --help` shows what else it does.\n\n"
    )
}
