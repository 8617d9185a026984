//! What the engine has to say passes through here: one line each, in the notation that users of the reference know.

use std::fmt::{self, Display, Write as _};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use jiff::tz::TimeZone;
use sockeye_core::Clock;

use crate::service::LogLevel;

/// Lines that wait for a slow reader. Beyond: dropped and counted, and the count is told.
const LINES: usize = 4096;

/// Writes log lines. Cheap to clone; nobody who logs waits for whoever reads the log.
#[derive(Clone)]
pub struct Log {
    shared: Arc<Shared>,
    level: LogLevel,
}

struct Shared {
    clock: Clock,
    lines: Mutex<Option<SyncSender<String>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
    dropped: Arc<AtomicU64>,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}

impl Log {
    /// A log on standard error.
    pub fn to_stderr(level: LogLevel) -> io::Result<Self> {
        Self::start(level, Clock::system(), Box::new(io::stderr()))
    }

    /// A log at the end of a file, which is made if it is not there.
    pub fn to_file(level: LogLevel, path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        Self::start(level, Clock::system(), Box::new(file))
    }

    /// A log whose lines go to `target`, on a thread of its own.
    pub fn start(level: LogLevel, clock: Clock, target: Box<dyn Write + Send>) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(LINES);
        let dropped = Arc::new(AtomicU64::new(0));
        let lost = Arc::clone(&dropped);
        let thread = thread::Builder::new().name("ship-log".to_owned());
        let writer = thread.spawn(move || write_all(&receiver, target, &lost))?;
        let shared = Arc::new(Shared {
            clock,
            lines: Mutex::new(Some(sender)),
            writer: Mutex::new(Some(writer)),
            dropped,
        });
        Ok(Self { shared, level })
    }

    /// The same log with a level of its own.
    #[must_use]
    pub fn at(&self, level: Option<LogLevel>) -> Self {
        let level = level.unwrap_or(self.level);
        let shared = Arc::clone(&self.shared);
        Self { shared, level }
    }

    /// Whether lines of this level are written.
    pub fn shows(&self, level: LogLevel) -> bool {
        level <= self.level
    }

    /// Something is wrong.
    pub fn error(&self, text: impl Display) {
        self.line(LogLevel::Error, &text);
    }

    /// Something a user should know.
    pub fn warn(&self, text: impl Display) {
        self.line(LogLevel::Warn, &text);
    }

    /// Something that happens.
    pub fn info(&self, text: impl Display) {
        self.line(LogLevel::Info, &text);
    }

    /// Something about connections.
    pub fn debug(&self, text: impl Display) {
        self.line(LogLevel::Debug, &text);
    }

    /// Anything.
    pub fn trace(&self, text: impl Display) {
        self.line(LogLevel::Trace, &text);
    }

    /// The line about a signal, which has neither milliseconds nor a level.
    pub fn signal(&self, name: &str) {
        let now = self.shared.clock.now().to_zoned(TimeZone::system());
        let date = now.strftime("%Y/%m/%d %H:%M:%S");
        self.send(format!("[{date}] [engine] caught signal ({name})\n"));
    }

    /// Waits until everything is written; what is said afterwards is not.
    pub fn finish(&self) {
        drop(lock(&self.shared.lines).take());
        if let Some(writer) = lock(&self.shared.writer).take() {
            // A writer that panicked has nothing left to write.
            let _ = writer.join();
        }
    }

    fn line(&self, level: LogLevel, text: &dyn Display) {
        if !self.shows(level) {
            return;
        }
        let now = self.shared.clock.now().to_zoned(TimeZone::system());
        let date = now.strftime("%Y/%m/%d %H:%M:%S");
        let millis = now.subsec_nanosecond() / 1_000_000;
        let mut line = format!("[{date}.{millis:03}] [{}] ", name(level));
        let _ = write!(OneLine(&mut line), "{text}");
        line.push('\n');
        self.send(line);
    }

    fn send(&self, line: String) {
        let lines = lock(&self.shared.lines);
        let Some(sender) = lines.as_ref() else {
            return;
        };
        if let Err(TrySendError::Full(_)) = sender.try_send(line) {
            self.shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// A text in which nothing ends the line: what peers and files bring may hold anything.
struct OneLine<'a>(&'a mut String);

impl fmt::Write for OneLine<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            if letter.is_control() {
                write!(self.0, "{}", letter.escape_default())?;
            } else {
                self.0.push(letter);
            }
        }
        Ok(())
    }
}

fn name(level: LogLevel) -> &'static str {
    match level {
        LogLevel::Off | LogLevel::Error => "error",
        LogLevel::Warn => " warn",
        LogLevel::Info => " info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    }
}

fn write_all(lines: &Receiver<String>, mut target: Box<dyn Write + Send>, dropped: &AtomicU64) {
    for line in lines {
        // A log that cannot be written has nowhere to say so.
        let _ = target.write_all(line.as_bytes());
        let lost = dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let _ = writeln!(
                target,
                "[ warn] [log] {lost} lines were dropped: nobody read them"
            );
        }
        let _ = target.flush();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a log has said so far: for tests.
#[derive(Clone, Debug, Default)]
pub struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    /// A log at this level that keeps what it says.
    pub fn log(level: LogLevel) -> (Log, Self) {
        let said = Self::default();
        let target = Box::new(said.clone());
        let log = Log::start(level, Clock::system(), target).expect("a thread can be started");
        (log, said)
    }

    /// Everything so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&lock(&self.0)).into_owned()
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Said;
    use crate::service::LogLevel;

    /// The line with its digits made zeros.
    fn shape(text: &str) -> String {
        let zero = |letter: char| if letter.is_ascii_digit() { '0' } else { letter };
        text.chars().map(zero).collect()
    }

    #[test]
    fn lines_look_as_users_know_them() {
        let (log, said) = Said::log(LogLevel::Info);
        log.info("[out_ws] handshake for ws");
        log.warn("[engine] x");
        log.error("two\nlines\u{1b}[31m");
        log.debug("not shown");
        log.at(Some(LogLevel::Debug)).debug("shown");
        log.signal("SIGTERM");
        log.finish();
        log.info("too late");
        assert_eq!(
            shape(&said.text()),
            "[0000/00/00 00:00:00.000] [ info] [out_ws] handshake for ws\n\
             [0000/00/00 00:00:00.000] [ warn] [engine] x\n\
             [0000/00/00 00:00:00.000] [error] two\\nlines\\u{0b}[00m\n\
             [0000/00/00 00:00:00.000] [debug] shown\n\
             [0000/00/00 00:00:00] [engine] caught signal (SIGTERM)\n"
        );
    }
}
