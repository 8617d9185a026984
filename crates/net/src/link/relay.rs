//! A link with a server behind it: what that server says goes to the session, what the session has for it is
//! written, and the Closes of both sides find each other.

use std::task::{Context, Poll, ready};

use sockeye_wire::{CloseCode, Event};
use tokio::time::Instant;

use super::turn::{Turn, TurnClock, parts};
use super::{Ending, Link, Phase, Step};
use crate::buffers::Buffers;
use crate::counts::Batch;
use crate::limits::OUTPUT_HIGH;
use crate::outbox::Farewell;
use crate::upstream::{End, Upstream};
use crate::{Message, Pace, Session};

impl<S: Session> Link<S> {
    /// Writes what the server behind has not taken; then reads it, as long as the peer keeps up. Ready
    /// also if the peer's side may go on for that.
    pub(super) fn poll_upstream(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        let Some(upstream) = &mut self.upstream else {
            return Poll::Pending;
        };
        let was_behind = upstream.is_behind();
        if was_behind && upstream.poll_flush(cx).is_pending() {
            return Poll::Pending;
        }
        let step = if self.hears_upstream() {
            self.poll_upstream_input(cx)
        } else {
            Poll::Pending
        };
        let is_settled = self.settle();
        if step.is_pending() && (was_behind || is_settled) {
            return Poll::Ready(Step::On);
        }
        step
    }

    /// Whether the server behind has so much to take that its peer's messages must wait.
    pub(super) fn is_upstream_crowded(&self) -> bool {
        let upstream = self.upstream.as_ref();
        upstream.is_some_and(|upstream| upstream.speaking.is_crowded())
    }

    /// Whether what the server behind says can be passed on.
    fn hears_upstream(&self) -> bool {
        let is_open = self
            .upstream
            .as_ref()
            .is_some_and(|upstream| upstream.is_open());
        let is_free = !self.is_behind() && self.wishes.pace != Pace::Full && !self.is_shaped_full();
        self.phase == Phase::Open && is_open && is_free
    }

    /// Reads the server behind once, into the thread's buffer, and acts on it.
    fn poll_upstream_input(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        self.turn(|link, buffers, batch| {
            let Some(upstream) = &mut link.upstream else {
                return Poll::Pending;
            };
            let waiting = std::mem::take(&mut upstream.hearing.unread);
            let (count, is_full) = if waiting.is_empty() {
                ready!(upstream.poll_helping(cx, &mut buffers.input))
            } else {
                // What waits came out of a buffer of this size, behind a 101 at most.
                let (now, later) = waiting.split_at(waiting.len().min(buffers.input.len()));
                buffers.input[..now.len()].copy_from_slice(now);
                upstream.hearing.unread.extend_from_slice(later);
                (now.len(), false)
            };
            link.digest_upstream(count, buffers, batch);
            let upstream = link.upstream.as_ref();
            let is_left = upstream.is_some_and(|upstream| !upstream.hearing.unread.is_empty());
            Poll::Ready(if is_full || is_left {
                Step::LetOthers
            } else {
                Step::On
            })
        })
    }

    fn digest_upstream(&mut self, count: usize, buffers: &mut Buffers, batch: &mut Batch) {
        self.guarded(buffers, |link, buffers| {
            // The buffer leaves the set for as long as events borrow from it.
            let mut input = std::mem::take(&mut buffers.input);
            let rest = link.upstream_events(&mut input[..count], buffers, batch);
            if let Some(upstream) = &mut link.upstream {
                let later = std::mem::take(&mut upstream.hearing.unread);
                upstream
                    .hearing
                    .unread
                    .extend_from_slice(&input[count - rest..count]);
                upstream.hearing.unread.extend_from_slice(&later);
            }
            buffers.input = input;
        });
    }

    /// Gives the number of bytes at the end of `input` that have to wait.
    fn upstream_events(
        &mut self,
        input: &mut [u8],
        buffers: &mut Buffers,
        batch: &mut Batch,
    ) -> usize {
        let mut rest = input;
        let mut clock = TurnClock::default();
        while self.phase == Phase::Open && self.wishes.pace != Pace::Full && !self.is_shaped_full()
        {
            let Some(upstream) = self.upstream.as_mut().filter(|upstream| upstream.is_open())
            else {
                return 0;
            };
            let Upstream {
                hearing, speaking, ..
            } = &mut **upstream;
            let message = match hearing.decoder.next(&mut rest) {
                Ok(None) => return 0,
                Ok(Some(Event::Text(text))) => Message::Text(text),
                Ok(Some(Event::Binary(bytes) | Event::LooseText(bytes))) => Message::Binary(bytes),
                Ok(Some(Event::Ping(payload))) => {
                    speaking.pong(payload);
                    continue;
                }
                Ok(Some(Event::Pong(_))) => continue,
                Ok(Some(Event::Close(frame))) => {
                    let frame = frame.map(|frame| (frame.code, frame.reason.to_owned()));
                    speaking.close(frame.as_ref().map(|(code, _)| *code), "");
                    upstream.ended(End::Close(frame));
                    return 0;
                }
                Err(violation) => {
                    speaking.close(Some(violation.code), &violation.to_string());
                    upstream.ended(End::Lost(format!("broke the protocol: {violation}")));
                    return 0;
                }
            };
            let mut turn = parts!(self, Some(speaking), buffers, batch);
            let farewell = turn.upstream_message(message);
            self.heed_wake();
            self.close_if(farewell, buffers, batch);
            if buffers.output.len() >= OUTPUT_HIGH {
                self.write(&buffers.output);
                buffers.output.clear();
            }
            if self.is_behind() || self.is_upstream_crowded() || clock.is_over() {
                return rest.len();
            }
        }
        rest.len()
    }

    /// Ends what has waited for the last words of the session and of the server behind. True: it has.
    pub(super) fn settle(&mut self) -> bool {
        if self.phase != Phase::Open || self.wishes.pace != Pace::Ready {
            return false;
        }
        let end = self
            .upstream
            .as_ref()
            .map(|upstream| upstream.hearing.end.clone());
        match (end, self.late_close.is_some()) {
            (None | Some(Some(_)), true) => self.turn(Self::answer_late_close),
            (Some(None), true) => return self.pass_close_on(),
            (Some(Some(end)), false) => self.follow(end),
            (None | Some(None), false) => return false,
        }
        true
    }

    /// Tells the server behind that the peer closes. True: it has not been told before.
    fn pass_close_on(&mut self) -> bool {
        let (Some(late), Some(upstream)) = (&mut self.late_close, &mut self.upstream) else {
            return false;
        };
        if std::mem::replace(&mut late.is_passed_on, true) {
            return false;
        }
        upstream.speaking.close(late.code, &late.reason);
        self.timers
            .close_by(Instant::now() + self.settings.close_timeout);
        true
    }

    /// The server behind has ended: so does the link.
    fn follow(&mut self, end: End) {
        let (ending, farewell) = match end {
            End::Close(frame) => {
                let code = frame.as_ref().map(|(code, _)| *code);
                let reason = frame.map_or_else(String::new, |(_, reason)| reason);
                (Ending::Upstream(code), Farewell { code, reason })
            }
            End::Lost(why) => {
                let ending = Ending::UpstreamLost(why);
                let farewell = ending.farewell();
                (ending, farewell)
            }
        };
        self.close_with(ending, &farewell);
    }

    /// With what the peer's Close is answered: what the server behind said to it, else the same code.
    pub(super) fn upstream_answer(&self, code: Option<CloseCode>) -> (Option<CloseCode>, String) {
        let end = self
            .upstream
            .as_ref()
            .and_then(|upstream| upstream.hearing.end.clone());
        match end {
            Some(End::Close(Some((code, reason)))) => (Some(code), reason),
            Some(End::Close(None)) => (None, String::new()),
            Some(End::Lost(_)) | None => (code, String::new()),
        }
    }

    /// The server behind does not answer the peer's Close: we do. False: none waits.
    pub(super) fn close_without_upstream(&mut self) -> bool {
        if self.phase != Phase::Open || self.late_close.is_none() {
            return false;
        }
        self.timers.forget_close();
        if let Some(upstream) = &mut self.upstream {
            upstream.ended(End::Lost("did not answer the Close".to_owned()));
        }
        self.turn(Self::answer_late_close);
        true
    }

    /// Looks whether the server behind is alive.
    pub(super) fn ping_upstream(&mut self, payload: &[u8]) {
        let is_heard = self.hears_upstream();
        let Some(upstream) = self.upstream.as_mut().filter(|upstream| upstream.is_open()) else {
            return;
        };
        if !is_heard {
            upstream.excuse();
        } else if !upstream.ping(payload) {
            upstream.ended(End::Lost("answered no ping".to_owned()));
        }
    }

    /// What the server behind is told at the end, if nothing was before.
    pub(super) fn upstream_farewell(&self) -> Farewell {
        match &self.ending {
            Some(Ending::Peer(code)) => Farewell {
                code: *code,
                reason: String::new(),
            },
            None | Some(Ending::Lost | Ending::Cut) => Farewell {
                code: Some(CloseCode::GOING_AWAY),
                reason: "the client is gone".to_owned(),
            },
            Some(ending) => ending.farewell(),
        }
    }
}
