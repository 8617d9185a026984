//! How a recording goes, on one line of a terminal; nothing where standard error is something else.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval};

/// Time between two looks.
const BEAT: Duration = Duration::from_millis(200);

/// The line.
#[derive(Debug)]
pub(super) struct Progress {
    is_shown: bool,
    began: Instant,
    beat: Interval,
}

impl Progress {
    pub(super) fn start() -> Self {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Self {
            is_shown: stderr().is_terminal(),
            began: Instant::now(),
            beat,
        }
    }

    /// Waits for the time to look again.
    pub(super) async fn beat(&mut self) {
        self.beat.tick().await;
    }

    pub(super) fn show(&self, messages: u64) {
        if self.is_shown {
            let seconds = self.began.elapsed().as_secs();
            let (minutes, seconds) = (seconds / 60, seconds % 60);
            // A terminal that is gone is no reason to stop.
            let _ = write!(
                stderr(),
                "\r\x1b[Krecording {minutes:02}:{seconds:02}, {messages} messages; Ctrl-C ends it"
            );
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
