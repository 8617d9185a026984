//! Instants of a run pass through here, as nanoseconds since it began; so does the CPU time of a thread.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Nanoseconds since the run began.
pub(crate) type Nanos = u64;

/// Tells the time of a run. All its threads have the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch(Instant);

impl Watch {
    /// A run begins.
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time now.
    #[inline]
    pub(crate) fn now(self) -> Nanos {
        nanos(self.0.elapsed())
    }
}

/// More than 584 years count as 584 years.
#[inline]
pub(crate) fn nanos(time: Duration) -> Nanos {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// CPU time of this thread so far, user and system.
pub(crate) fn thread_cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default())
}
