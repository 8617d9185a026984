//! Calls of others for a session pass through here, to the thread where it is walked.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Relaxed, Release};

use sockeye_net::Bell;

/// How others have a session look at what they want of it.
///
/// The bell of its link rings for answers, too: whoever heard it asks here what it rang for, so that a thread with answers is
/// not called to look for nothing, and rings again, for ever.
#[derive(Clone, Debug, Default)]
pub(crate) struct Summons {
    bell: Bell,
    is_wanted: Arc<AtomicBool>,
}

impl Summons {
    pub(crate) fn new(bell: Bell) -> Self {
        Self {
            bell,
            is_wanted: Arc::default(),
        }
    }

    /// Calls.
    pub(crate) fn call(&self) {
        self.is_wanted.store(true, Release);
        self.bell.ring();
    }

    /// Whether somebody has called since this was last asked.
    pub(crate) fn heard(&self) -> bool {
        self.is_wanted.load(Relaxed) && self.is_wanted.swap(false, AcqRel)
    }

    /// The bell, for answers.
    pub(crate) fn bell(&self) -> Bell {
        self.bell.clone()
    }
}
