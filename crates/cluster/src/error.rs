//! Why there is no cluster: one line with the address, its password masked.

use std::io;
use std::time::Duration;

use crate::RedisUrl;

/// Why a cluster does not start.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// Nobody listens there, or the connection broke.
    #[error("cannot connect to Redis at {url}: {why}")]
    Unreachable {
        /// The address.
        url: RedisUrl,
        /// What the system said.
        why: String,
    },
    /// Redis does not let us in: password, user, database, channel.
    #[error("Redis at {url} refuses: {why}")]
    Refused {
        /// The address.
        url: RedisUrl,
        /// What Redis said.
        why: String,
    },
    /// Nothing happened in time.
    #[error("Redis at {url} did not answer in {} s", within.as_secs())]
    Timeout {
        /// The address.
        url: RedisUrl,
        /// The time it had.
        within: Duration,
    },
    /// The system gives no thread or no runtime.
    #[error("cannot start the thread that talks to Redis: {0}")]
    Thread(#[from] io::Error),
}

impl ClusterError {
    /// What an error of the client library means for the address.
    pub(crate) fn of(url: &RedisUrl, error: &redis::RedisError) -> Self {
        let url = url.clone();
        let why = said(error);
        if error.is_io_error() {
            Self::Unreachable { url, why }
        } else {
            Self::Refused { url, why }
        }
    }
}

/// An error in the words of Redis or of the system.
pub(crate) fn said(error: &redis::RedisError) -> String {
    if error.kind() == redis::ErrorKind::RESP3NotSupported {
        return "it is older than Redis 6".to_owned();
    }
    match (error.code(), error.detail()) {
        (Some(code), Some(detail)) => format!("{code} {detail}"),
        _ => error.to_string(),
    }
}
