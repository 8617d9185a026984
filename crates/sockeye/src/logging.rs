//! Events and messages to standard error, without ever waiting for whoever reads it.

use std::io::{self, Write as _, stderr};
use std::sync::OnceLock;

use tracing::level_filters::LevelFilter;
use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::fmt::MakeWriter;

use crate::cli::Level;
use crate::steering::is_steering;

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
        .with_writer(OneLine {
            writer: writer.clone(),
            color,
        })
        .with_ansi(color)
        .with_target(false)
        .init();
    WRITER.get_or_init(|| writer);
    guard
}

/// Writes each event as one line, whatever peers have put into it.
#[derive(Clone)]
struct OneLine {
    writer: NonBlocking,
    /// Whether escape sequences are our own colours; those in values are escaped before.
    color: bool,
}

impl OneLine {
    /// The event, with what would end its line or turn it around escaped.
    fn line(&self, event: &[u8]) -> String {
        let event = String::from_utf8_lossy(event);
        let event = event.strip_suffix('\n').unwrap_or(&event);
        let mut line = String::with_capacity(event.len() + 1);
        for letter in event.chars() {
            if is_steering(letter) && !(self.color && letter == '\u{1b}') {
                line.extend(letter.escape_default());
            } else {
                line.push(letter);
            }
        }
        line.push('\n');
        line
    }
}

impl io::Write for OneLine {
    /// Takes a whole event, as it is given.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.writer.write_all(self.line(event).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<'w> MakeWriter<'w> for OneLine {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

/// Writes lines that are no events, in order with those that are. Nobody may be there to read them.
pub(crate) fn say(lines: &str) {
    if let Some(writer) = WRITER.get() {
        let _ = writer.clone().write_all(format!("{lines}\n").as_bytes());
    }
}
