//! The deadlines of a link: one timer for all of them, moved only when it fires or must fire sooner.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

use super::{Ending, Link, Phase};
use crate::{Direction, LinkSettings, Session, Sight};

/// Deadlines that are not set lie this far away.
const FAR: std::time::Duration = std::time::Duration::from_hours(24);

pub(super) struct Timers {
    sleep: Pin<Box<Sleep>>,
    ping: Option<Instant>,
    /// When something must have come since the first ping after which nothing came.
    pong: Option<Instant>,
    write: Option<Instant>,
    close: Option<Instant>,
    /// What the session asked for.
    wake: Option<Instant>,
    /// What the shaper asked for.
    shape: Option<Instant>,
    /// The last data message, when there is an idle timeout.
    data: Option<Instant>,
    pings: u64,
}

impl Timers {
    pub(super) fn new(settings: &LinkSettings, now: Instant) -> Self {
        let mut timers = Self {
            sleep: Box::pin(sleep_until(now + FAR)),
            ping: settings.ping_interval.map(|interval| now + interval),
            pong: None,
            write: None,
            close: None,
            wake: None,
            shape: None,
            data: settings.idle_timeout.map(|_| now),
            pings: 0,
        };
        timers.arm(settings, now);
        timers
    }

    /// Ready when a deadline may have passed.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.sleep.as_mut().poll(cx)
    }

    /// The peer is alive.
    pub(super) fn heard(&mut self) {
        self.pong = None;
    }

    pub(super) fn data_moved(&mut self, settings: &LinkSettings, now: Instant) {
        if settings.idle_timeout.is_some() {
            self.data = Some(now);
        }
    }

    pub(super) fn write_by(&mut self, deadline: Instant) {
        self.write = Some(deadline);
        self.fire_by(deadline);
    }

    pub(super) fn written(&mut self) {
        self.write = None;
    }

    pub(super) fn close_by(&mut self, deadline: Instant) {
        self.close = Some(deadline);
        self.fire_by(deadline);
    }

    /// The peer's Close no longer waits.
    pub(super) fn forget_close(&mut self) {
        self.close = None;
    }

    pub(super) fn wake_by(&mut self, instant: Instant) {
        let sooner = self.wake.map_or(instant, |known| known.min(instant));
        self.wake = Some(sooner);
        self.fire_by(sooner);
    }

    /// The shaper's time; unlike the others it may also move away.
    pub(super) fn shape_at(&mut self, instant: Option<Instant>) {
        self.shape = instant;
        if let Some(instant) = instant {
            self.fire_by(instant);
        }
    }

    /// Nothing is waited for but `look`.
    pub(super) fn freeze(&mut self, look: Instant) {
        self.rest();
        (self.write, self.close) = (None, None);
        self.sleep.as_mut().reset(look);
    }

    fn fire_by(&mut self, deadline: Instant) {
        if deadline < self.sleep.deadline() {
            self.sleep.as_mut().reset(deadline);
        }
    }

    /// A ping goes out; gives its number.
    fn pinged(&mut self, settings: &LinkSettings, now: Instant) -> u64 {
        self.ping = settings.ping_interval.map(|interval| now + interval);
        self.pong.get_or_insert(now + settings.pong_timeout);
        self.pings += 1;
        self.pings
    }

    /// Forgets what only an open link keeps up.
    fn rest(&mut self) {
        (self.ping, self.pong, self.wake) = (None, None, None);
        (self.shape, self.data) = (None, None);
    }

    /// Sets the timer to the next deadline.
    fn arm(&mut self, settings: &LinkSettings, now: Instant) {
        let idle = settings
            .idle_timeout
            .zip(self.data)
            .map(|(most, since)| since + most);
        let next = [
            self.ping, self.pong, self.write, self.close, self.wake, self.shape, idle,
        ]
        .into_iter()
        .flatten()
        .min();
        self.sleep.as_mut().reset(next.unwrap_or(now + FAR));
    }
}

impl<S: Session> Link<S> {
    /// Acts on the deadlines that have passed. False: the link is over.
    pub(super) fn tick(&mut self, now: Instant) -> bool {
        if self.phase == Phase::Frozen {
            return self.tick_frozen(now);
        }
        let due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= now);
        if due(self.timers.close) && !self.close_without_upstream() {
            return false;
        }
        if due(self.timers.write) {
            self.ending.get_or_insert(Ending::SlowConsumer);
            return false;
        }
        if self.phase == Phase::Open {
            self.check_life(now);
        } else {
            self.timers.rest();
        }
        self.timers.arm(&self.settings, now);
        true
    }

    fn check_life(&mut self, now: Instant) {
        let due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= now);
        // A pong that came may lie behind input that has to wait.
        if due(self.timers.pong) && self.is_held() {
            self.timers.heard();
        }
        if due(self.timers.pong) {
            return self.say_goodbye(Ending::PingTimeout);
        }
        let idle = self.settings.idle_timeout.zip(self.timers.data);
        if due(idle.map(|(most, since)| since + most)) {
            return self.say_goodbye(Ending::Idle);
        }
        if due(self.timers.ping) {
            self.ping(now);
        }
        if due(self.timers.shape) {
            self.timers.shape = None;
            self.release();
        }
        if self.phase == Phase::Open && due(self.timers.wake) {
            self.timers.wake = None;
            self.turn(Self::wake);
            self.check_backlog();
        }
    }

    /// A peer that takes nothing must not make what nobody asked for pile up.
    pub(super) fn check_backlog(&mut self) {
        let is_open = self.phase == Phase::Open;
        if is_open && self.unsent.len() - self.written > self.settings.backlog_bytes {
            self.say_goodbye(Ending::SlowConsumer);
        }
    }

    /// Sends a ping; its payload counts up.
    fn ping(&mut self, now: Instant) {
        let payload = self.timers.pinged(&self.settings, now).to_be_bytes();
        self.turn(|link, buffers, _| {
            link.encoder.ping(&mut buffers.output, &payload);
            link.entry.show(Direction::Out, Sight::Ping(&payload));
        });
        self.ping_upstream(&payload);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn settings() -> LinkSettings {
        LinkSettings {
            ping_interval: Some(3 * SECOND),
            pong_timeout: 4 * SECOND,
            idle_timeout: Some(20 * SECOND),
            ..LinkSettings::default()
        }
    }

    #[tokio::test]
    async fn the_pong_is_due_after_the_first_ping_that_nothing_followed() {
        let (settings, start) = (settings(), Instant::now());
        let mut timers = Timers::new(&settings, start);
        assert_eq!(timers.pinged(&settings, start), 1);
        assert_eq!(timers.pinged(&settings, start + 3 * SECOND), 2);
        assert_eq!(timers.pong, Some(start + 4 * SECOND));
        timers.heard();
        assert_eq!(timers.pong, None, "an older ping is no longer waited for");
        assert_eq!(timers.pinged(&settings, start + 6 * SECOND), 3);
        assert_eq!(timers.pong, Some(start + 10 * SECOND));
    }

    /// A deadline that has passed and that nobody acts on would fire for ever.
    #[tokio::test]
    async fn a_link_that_closes_waits_for_nothing_else() {
        let (settings, start) = (settings(), Instant::now());
        let mut timers = Timers::new(&settings, start);
        timers.pinged(&settings, start);
        timers.close_by(start + 2 * SECOND);
        assert_eq!(timers.sleep.deadline(), start + 2 * SECOND);
        let late = start + 30 * SECOND;
        timers.close_by(late + 5 * SECOND);
        timers.rest();
        timers.arm(&settings, late);
        assert_eq!(timers.sleep.deadline(), late + 5 * SECOND);
    }

    #[tokio::test]
    async fn the_timer_moves_only_when_it_must_fire_sooner() {
        let (settings, start) = (settings(), Instant::now());
        let mut timers = Timers::new(&settings, start);
        assert_eq!(timers.sleep.deadline(), start + 3 * SECOND, "the ping");
        timers.write_by(start + 10 * SECOND);
        assert_eq!(timers.sleep.deadline(), start + 3 * SECOND);
        timers.write_by(start + SECOND);
        assert_eq!(timers.sleep.deadline(), start + SECOND);
        timers.written();
        timers.arm(&settings, start + SECOND);
        assert_eq!(timers.sleep.deadline(), start + 3 * SECOND);
    }
}
