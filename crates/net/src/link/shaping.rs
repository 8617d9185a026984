//! A link with something between it and its wire: the shaper's time, cuts, and the silence after one.

use std::io;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::io::Interest;
use tokio::time::Instant;

use super::{Ending, Link, Phase, Step};
use crate::Session;
use crate::buffers::Buffers;
use crate::counts::Batch;
use crate::limits::{FROZEN_LOOK, LINGER_BYTES, LINGER_TIME};
use crate::outbox::Farewell;
use crate::shaper::{Cut, Shaper, Wire};
use crate::stream::Stream;

impl<S: Session> Link<S> {
    /// Calls the shaper with the link's wire, if there is one.
    pub(super) fn with_shaper<T>(
        &mut self,
        output: &mut Vec<u8>,
        batch: &mut Batch,
        act: impl FnOnce(&mut dyn Shaper, &mut Wire<'_>) -> T,
    ) -> Option<T> {
        let shaper = self.shaper.as_deref_mut()?;
        let mut wire = Wire {
            encoder: &mut self.encoder,
            output,
            batch,
            entry: &self.entry,
            cut: &mut self.wishes.cut,
        };
        Some(act(shaper, &mut wire))
    }

    /// Whether the link is cut or further input has to wait for the shaper.
    pub(super) fn is_shaped_full(&self) -> bool {
        let shaper = self.shaper.as_deref();
        self.wishes.cut.is_some() || shaper.is_some_and(Shaper::is_full)
    }

    /// Sets the timer to what the shaper wants, and cuts the link if it wants that. After every turn.
    pub(super) fn heed_shaper(&mut self) {
        if let Some(shaper) = &self.shaper {
            let next = shaper.next().filter(|_| self.phase == Phase::Open);
            self.timers.shape_at(next);
        }
        if let Some(cut) = self.wishes.cut.take() {
            self.cut_off(cut);
        }
    }

    /// The shaper's time has come.
    pub(super) fn release(&mut self) {
        self.turn(|link, buffers, batch| {
            link.guarded(buffers, |link, buffers| {
                link.with_shaper(&mut buffers.output, batch, |shaper, wire| {
                    shaper.release(wire);
                });
                link.hand_over_late(false, buffers, batch);
            });
        });
    }

    /// Gives the session what the shaper has held back of the peer's messages.
    pub(super) fn hand_over_late(&mut self, all: bool, buffers: &mut Buffers, batch: &mut Batch) {
        let Some(shaper) = &mut self.shaper else {
            return;
        };
        let late = shaper.late_arrivals(all);
        if !late.is_empty() {
            let next = self.parts(buffers, batch).hand_over_all(&late);
            self.heed_wake();
            self.go_on(next, buffers, batch);
        }
    }

    /// What is left of a link that was cut: its end, or nothing for ever.
    pub(super) fn after_cut(&self) -> Option<Poll<io::Result<Step>>> {
        match self.phase {
            Phase::Gone => Some(Poll::Ready(Ok(Step::End))),
            Phase::Frozen => Some(Poll::Pending),
            _ => None,
        }
    }

    fn cut_off(&mut self, cut: Cut) {
        if matches!(self.phase, Phase::Gone | Phase::Frozen) {
            return;
        }
        if let Cut::Close(code) = cut {
            if self.phase == Phase::Open {
                let farewell = Farewell {
                    code: Some(code),
                    reason: String::new(),
                };
                self.close_with(Ending::Session(code), &farewell);
            }
            return;
        }
        self.ending.get_or_insert(Ending::Cut);
        self.entry.retire();
        let now = Instant::now();
        match cut {
            Cut::Closed => {
                self.phase = Phase::Closing;
                self.timers.close_by(now + self.settings.close_timeout);
            }
            Cut::Drop => {
                // What the peer has no room for is lost, but a reset must not overtake the rest.
                self.unsent = Vec::new();
                self.written = 0;
                self.timers.written();
                self.unread = Vec::new();
                let ended = self.stream.end();
                self.phase = match ended {
                    Ok(()) => Phase::Lingering(LINGER_BYTES),
                    Err(_) => Phase::Gone,
                };
                self.timers.close_by(now + LINGER_TIME);
            }
            Cut::Reset => {
                // A socket that is gone already cannot be reset.
                let _ = self.stream.reset_when_dropped();
                self.phase = Phase::Gone;
            }
            Cut::Freeze | Cut::Close(_) => {
                self.phase = Phase::Frozen;
                self.timers.wake_by(now + FROZEN_LOOK);
            }
        }
    }

    /// A link that is silent for ever ends with its peer. False: now.
    pub(super) fn tick_frozen(&mut self, now: Instant) -> bool {
        self.timers.freeze(now + FROZEN_LOOK);
        !peer_has_left(&self.stream)
    }
}

/// Whether the peer has closed, though nothing it sent is read.
fn peer_has_left(stream: &Stream) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    let ready = pin!(stream.tcp().ready(Interest::READABLE));
    match ready.poll(&mut cx) {
        Poll::Ready(Ok(ready)) => ready.is_read_closed(),
        Poll::Ready(Err(_)) => true,
        Poll::Pending => false,
    }
}
