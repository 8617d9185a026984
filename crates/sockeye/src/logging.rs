//! Events to lines on standard error.

use std::io::stderr;

use tracing::level_filters::LevelFilter;

use crate::cli::Level;

/// Starts to log. Control characters in what peers send arrive escaped.
pub(crate) fn start(level: Level, color: bool) {
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
        .with_writer(stderr)
        .with_ansi(color)
        .with_target(false)
        .init();
}
