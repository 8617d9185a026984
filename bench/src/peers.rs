//! Echoes of other libraries pass through here, beside raw TCP and what `sockeye` does to a message.
//!
//! Everything gets the same bytes on the same core, and so stands in one table.

mod compressed;
mod contestants;
mod installed;
mod matrix;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::server::Programs;
use crate::table::Row;

pub(crate) use matrix::Matrix;

/// Rounds of this part, and what each takes: with eight servers, seconds add up.
const ROUNDS: usize = 5;
const WARM_UP: Duration = Duration::from_millis(100);
const MEASURED: Duration = Duration::from_millis(300);

/// Why other libraries were not measured.
#[derive(Debug, Error)]
pub(crate) enum PeerError {
    /// Something could not be installed.
    #[error(
        "cannot install the peers, `{0}`: {1}; it needs {2}, or leave this part out with --only"
    )]
    Install(String, String, &'static str),
    /// A file could not be written where they are installed.
    #[error("cannot write {0}: {1}")]
    Write(String, #[source] std::io::Error),
    /// A compressed echo is not what was sent.
    #[error("{0}: {1}")]
    Answer(String, String),
}

/// An echo of another library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// tokio-tungstenite.
    Tungstenite,
    /// fastwebsockets.
    Fastwebsockets,
    /// `ws` on Node.
    Ws(Compression),
}

/// How an echo compresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Not at all.
    Off,
    /// Level 1, each message by itself.
    Fresh,
    /// Level 6, with the window that earlier messages left.
    Kept,
}

impl Peer {
    /// The program and its arguments.
    pub(crate) fn command(self) -> (PathBuf, Vec<OsString>) {
        let library = |name: &str| (installed::rust_program(), vec![name.into()]);
        let compression = match self {
            Self::Tungstenite => return library("tungstenite"),
            Self::Fastwebsockets => return library("fastwebsockets"),
            Self::Ws(Compression::Off) => "off",
            Self::Ws(Compression::Fresh) => "1",
            Self::Ws(Compression::Kept) => "6+takeover",
        };
        let arguments = vec![installed::node_program().into(), compression.into()];
        (PathBuf::from("node"), arguments)
    }
}

/// Installs the others, measures all of them in turn, and then the echoes that compress.
pub(crate) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<(Matrix, Vec<Row>), BenchError> {
    report("installing the peers, if they are not there");
    installed::install()?;
    let rounds = Rounds {
        count: rounds.count.min(ROUNDS),
        warm_up: WARM_UP,
        measured: MEASURED,
        ..rounds
    };
    let matrix = matrix::measure(programs, connections, rounds, &mut report)?;
    let compressed = compressed::measure(programs, rounds, &mut report)?;
    Ok((matrix, compressed))
}
