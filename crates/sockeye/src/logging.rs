//! Events and messages to standard error, without ever waiting for whoever reads it.

use std::io::{Write as _, stderr};
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

use crate::cli::Level;

/// Lines that wait for a slow reader. Further ones are dropped: a full pipe must not stop the server.
const WAITING_LINES: usize = 16_384;

/// The way to standard error, once it is open.
static WRITER: OnceLock<NonBlocking> = OnceLock::new();

/// Starts to log. Control characters in what peers send arrive escaped. What is still on its way is
/// written when the guard is dropped.
pub(crate) fn start(level: Level, color: bool) -> WorkerGuard {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(WAITING_LINES)
        .thread_name("log")
        .finish(stderr());
    let level = match level {
        Level::Off => LevelFilter::OFF,
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(writer.clone())
        .with_ansi(color)
        .with_target(false)
        .init();
    WRITER.get_or_init(|| writer);
    guard
}

/// Writes lines that are no events, in order with those that are. Nobody may be there to read them.
pub(crate) fn say(lines: &str) {
    if let Some(writer) = WRITER.get() {
        let _ = writer.clone().write_all(format!("{lines}\n").as_bytes());
    }
}
