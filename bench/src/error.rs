//! Every failure of a comparison passes through here on its way to stderr and to exit code 3.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::client::STALL_LIMIT;
use crate::frames::WrongReply;
use crate::handshake::OpenError;
use crate::hostile::CheckError;
use crate::load::ClientError;
use crate::models::ModelError;
use crate::peers::PeerError;
use crate::proc::ProcError;
use crate::server::StartError;
use crate::ship::ShipError;

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
    /// Walks through models were not measured.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// Other libraries were not measured.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// `sockeye bench` has no result.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Records were not shipped.
    #[error(transparent)]
    Ship(#[from] ShipError),
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

/// A run that could not be completed, or whose replies were wrong.
#[derive(Debug, Error)]
pub(crate) enum LoadError {
    /// A connection was not opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The kernel's figures of the server could not be read.
    #[error(transparent)]
    Proc(#[from] ProcError),
    /// A reply is not the expected one.
    #[error("connection {connection}: {source}")]
    WrongReply {
        /// Number of the connection, from 0.
        connection: usize,
        /// What differs.
        source: WrongReply,
    },
    /// More replies than messages.
    #[error("connection {connection}: a reply without a message")]
    Unasked {
        /// Number of the connection, from 0.
        connection: usize,
    },
    /// The server closed a connection.
    #[error("connection {connection}: closed by the server")]
    Closed {
        /// Number of the connection, from 0.
        connection: usize,
    },
    /// Messages are outstanding and nothing comes.
    #[error("no reply for {STALL_LIMIT:?} with {outstanding} messages outstanding")]
    Stalled {
        /// Messages without a reply.
        outstanding: u32,
    },
    /// Scheduled messages did not come.
    #[error("connection {connection}: {got} scheduled messages in {seconds:.1} s")]
    Missing {
        /// Number of the connection, from 0.
        connection: usize,
        /// Those that came.
        got: usize,
        /// The time they had.
        seconds: f64,
    },
    /// A call on a connection failed.
    #[error("connection {connection}: {source}")]
    Socket {
        /// Number of the connection, from 0.
        connection: usize,
        /// Why.
        source: io::Error,
    },
    /// Waiting for readiness failed.
    #[error("epoll: {0}")]
    Poll(#[from] io::Error),
}
