//! Every failure of a comparison passes through here on its way to stderr and to exit code 3.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::client::LoadError;
use crate::handshake::OpenError;
use crate::hostile::CheckError;
use crate::proc::ProcError;
use crate::server::StartError;

/// Why there is no result.
#[derive(Debug, Error)]
pub(crate) enum BenchError {
    /// There is nothing to measure.
    #[error(
        "no program at {}: build it with `cargo build --release`, or name one with --sockeye PATH",
        path.display()
    )]
    NoSockeye {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A server did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A figure of the kernel is missing.
    #[error(transparent)]
    Proc(#[from] ProcError),
    /// A connection could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A run failed.
    #[error("{case}: {source}")]
    Load {
        /// The case and the side of it.
        case: String,
        /// Why.
        source: LoadError,
    },
    /// A check of a file failed.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The raw echo did not answer.
    #[error("raw echo: {0}")]
    RawEcho(#[source] io::Error),
    /// Too few files may be open to hold enough connections.
    #[error("at most {limit} files may be open: {wanted} are needed, raise `ulimit -n`")]
    FewFiles {
        /// The soft limit.
        limit: usize,
        /// The least number.
        wanted: usize,
    },
    /// The result could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
