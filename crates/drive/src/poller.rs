//! Which sockets are ready, and what time it is: one poll and one timer for all connections of a thread.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};

use crate::limits::EVENTS;
use crate::watch::{Nanos, nanos};

/// Stands for the timer among the numbers of connections.
const TIMER: u64 = u64::MAX;

/// What became ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ready {
    /// Number of the connection.
    pub(crate) number: usize,
    /// There is room to write.
    pub(crate) can_write: bool,
    /// There is something to read, or the end.
    pub(crate) can_read: bool,
}

/// A poll. The kernel's timeout has milliseconds, so a timer of its own wakes it for what is due.
pub(crate) struct Poller {
    epoll: OwnedFd,
    timer: OwnedFd,
    /// When the timer goes off.
    armed: Nanos,
    events: Vec<epoll::Event>,
}

impl fmt::Debug for Poller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("armed", &self.armed)
            .finish_non_exhaustive()
    }
}

impl Poller {
    pub(crate) fn new() -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let timer = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK,
        )?;
        // Edge-triggered, so that it need not be read.
        let flags = epoll::EventFlags::IN | epoll::EventFlags::ET;
        epoll::add(&epoll, &timer, epoll::EventData::new_u64(TIMER), flags)?;
        Ok(Self {
            epoll,
            timer,
            armed: 0,
            events: Vec::with_capacity(EVENTS),
        })
    }

    /// Looks at `socket` from now on.
    pub(crate) fn add(&self, socket: impl AsFd, number: usize) -> io::Result<()> {
        let flags = epoll::EventFlags::IN;
        Ok(epoll::add(&self.epoll, socket, data(number), flags)?)
    }

    /// Looks for room to write, or no longer.
    pub(crate) fn watch_room(
        &self,
        socket: impl AsFd,
        number: usize,
        is_wanted: bool,
    ) -> io::Result<()> {
        let mut flags = epoll::EventFlags::IN;
        flags.set(epoll::EventFlags::OUT, is_wanted);
        Ok(epoll::modify(&self.epoll, socket, data(number), flags)?)
    }

    /// Has the next wait end at `due`; `now` is the time. Nothing is to be done for it afterwards.
    pub(crate) fn wake_at(&mut self, due: Nanos, now: Nanos) -> io::Result<()> {
        if self.armed == due {
            return Ok(());
        }
        // Zero would disarm it.
        let rest = Duration::from_nanos(due.saturating_sub(now).max(1));
        let timer = Itimerspec {
            it_interval: Timespec::default(),
            it_value: timespec(rest),
        };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &timer)?;
        self.armed = due;
        Ok(())
    }

    /// Waits until a socket is ready, the timer goes off or `most` has passed; puts into `ready` what it is.
    pub(crate) fn wait(&mut self, most: Duration, ready: &mut Vec<Ready>) -> io::Result<()> {
        ready.clear();
        self.events.clear();
        let most = timespec(most);
        match epoll::wait(&self.epoll, spare_capacity(&mut self.events), Some(&most)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        ready.extend(self.events.iter().filter_map(seen));
        Ok(())
    }
}

fn seen(event: &epoll::Event) -> Option<Ready> {
    let (flags, data) = (event.flags, event.data);
    let number = Some(data.u64()).filter(|number| *number != TIMER)?;
    Some(Ready {
        number: usize::try_from(number).ok()?,
        can_write: flags.contains(epoll::EventFlags::OUT),
        // An end and a failure are told by reading.
        can_read: flags
            .intersects(epoll::EventFlags::IN | epoll::EventFlags::HUP | epoll::EventFlags::ERR),
    })
}

fn data(number: usize) -> epoll::EventData {
    epoll::EventData::new_u64(number as u64)
}

fn timespec(time: Duration) -> Timespec {
    // No wait is longer than a day.
    let time = time.min(Duration::from_hours(24));
    let time = nanos(time);
    Timespec {
        tv_sec: i64::try_from(time / 1_000_000_000).unwrap_or_default(),
        tv_nsec: i64::try_from(time % 1_000_000_000).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_timer_ends_a_wait_and_need_not_be_read() {
        let mut poller = Poller::new().unwrap();
        let (mut ready, most) = (Vec::new(), Duration::from_secs(10));
        let begun = Instant::now();
        for round in 1..=3 {
            let now = nanos(begun.elapsed());
            poller.wake_at(now + 2_000_000, now).unwrap();
            poller.wait(most, &mut ready).unwrap();
            assert!(ready.is_empty());
            assert!(begun.elapsed() >= Duration::from_millis(2 * round));
        }
        assert!(begun.elapsed() < most, "the timer went off");
    }
}
