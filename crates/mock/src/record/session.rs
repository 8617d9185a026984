//! The file of one connection: entries with their time since it opened, on their way to the disk's thread.

use std::time::Instant;

use sockeye_net::{Hold, Passing};
use sockeye_tape::Recorder;

use super::entry;

/// A connection that is being recorded.
#[derive(Debug)]
pub(super) struct SessionTape {
    recorder: Recorder,
    began: Instant,
    /// The tap stays open for it.
    _hold: Option<Hold>,
}

impl SessionTape {
    pub(super) fn new(recorder: Recorder, hold: Option<Hold>) -> Self {
        Self {
            recorder,
            began: Instant::now(),
            _hold: hold,
        }
    }

    /// Takes in what passes. Never waits.
    pub(super) fn see(&self, passing: &Passing<'_>) {
        if self.recorder.is_recording() {
            self.recorder.record(entry(self.began.elapsed(), passing));
        }
    }

    /// The connection has ended: its file is made.
    pub(super) fn finish(self) {
        let ran = self.began.elapsed();
        self.recorder.finish(ran);
    }
}
