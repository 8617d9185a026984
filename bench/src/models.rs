//! Walks through models pass through here: `sockeye gw` against the crate `graphwalker` 1.0.4, the same models on both sides.

mod graphs;
mod offline;
mod online;
mod rival;
mod talk;

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use thiserror::Error;

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::placement::Placement;
use crate::proc::ProcError;
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Why walks were not measured.
#[derive(Debug, Error)]
pub(crate) enum ModelError {
    /// The reference could not be installed.
    #[error(
        "cannot install the reference, `cargo {0}`: {1}; it needs a way to crates.io, or leave this part out with --only"
    )]
    Install(String, String),
    /// A program could not be started, or a socket not be used.
    #[error("{0}: {1}")]
    Io(String, #[source] std::io::Error),
    /// A walk ended with a failure.
    #[error("{0} ended with {1}")]
    Ended(String, String),
    /// A walk or an answer took too long.
    #[error("{0} took longer than {1} s")]
    Slow(String, u64),
    /// An answer is not what was asked for.
    #[error("{0} answered {1}")]
    Answer(String, String),
    /// The kernel's figures could not be read.
    #[error(transparent)]
    Proc(#[from] ProcError),
}

/// The two programs, and the models that both read.
struct Sides {
    placement: Placement,
    sockeye: PathBuf,
    rival: PathBuf,
    folder: TempDir,
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Rival,
    Sockeye,
}

/// Both, in the order in which they are measured.
const BOTH: [Side; 2] = [Side::Rival, Side::Sockeye];

/// Measures walks of the command line, then those of the service.
pub(crate) fn measure(
    sockeye: &std::path::Path,
    placement: Placement,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Row>, BenchError> {
    report("installing the reference, if it is not there");
    let rival = rival::installed()?;
    let io = |error| ModelError::Io("a folder for models".to_owned(), error);
    let sides = Sides {
        placement,
        sockeye: sockeye.to_owned(),
        rival,
        folder: TempDir::with_prefix("sockeye-bench-models-").map_err(io)?,
    };
    let mut rows = offline::measure(&sides, rounds, &mut report)?;
    rows.extend(online::measure(&sides, rounds, &mut report)?);
    Ok(rows)
}

/// Waits for what nobody tells: that a process has ended, that a port is open, that memory is given back.
#[expect(
    clippy::disallowed_methods,
    reason = "there is no event to wait for, and no connection that may close meanwhile"
)]
fn rest(time: Duration) {
    std::thread::sleep(time);
}

/// A row of what was measured round after round, the reference first.
fn row(case: impl Into<String>, unit: Unit, figures: [Vec<f64>; 2], bar: Option<Bar>) -> Row {
    let summary = |figures: Vec<f64>| Summary::of(figures).unwrap_or(Summary::once(f64::NAN));
    let [reference, sockeye] = figures.map(summary);
    Row {
        case: case.into(),
        unit,
        reference,
        sockeye,
        bar,
        pace: None,
    }
}
