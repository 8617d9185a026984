//! What a read brought, event by event: to the session, or to the rules of the protocol.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sockeye_wire::{CloseCode, CloseFrame, Encoder, Event};
use tokio::time::Instant;

use super::{Ending, LateClose, Link, Phase};
use crate::buffers::Buffers;
use crate::counts::Batch;
use crate::limits::{CONTROL_FRAMES, CONTROL_WINDOW, OUTPUT_HIGH, TURN_STRIDE, TURN_TIME};
use crate::outbox::{Farewell, Wishes};
use crate::roster::Entry;
use crate::shaper::{Arrival, OwnMessage, Shaper, Wire};
use crate::upstream::Speaking;
use crate::{Direction, Message, Outbox, Pace, Session, Sight};

/// A call of the session that may say something.
type Speech<S> = fn(&mut S, &mut Outbox<'_>);

/// What an event asks of the link.
pub(super) enum Next {
    /// Go on with the next event.
    On,
    /// The session wants to close.
    Close(Farewell),
    /// The peer's Close is answered when the session has caught up, and the server behind too.
    CloseLater(LateClose),
    /// Both Closes are out, or the peer is not worth another word: flush and end.
    Flush(Ending),
}

/// Counts control frames in a window, so that a flood of pings costs the peer its link.
#[derive(Debug, Default)]
pub(super) struct ControlRate {
    since: Option<Instant>,
    seen: u32,
}

impl ControlRate {
    /// Whether one more control frame is too many.
    fn exceeded(&mut self) -> bool {
        let now = Instant::now();
        if self.since.is_none_or(|since| now - since > CONTROL_WINDOW) {
            (self.since, self.seen) = (Some(now), 0);
        }
        self.seen += 1;
        self.seen > CONTROL_FRAMES
    }
}

/// Ends a turn that takes too long, so that one link's input does not hold up the others.
pub(super) struct TurnClock {
    until: Option<Instant>,
    events: u32,
    /// The clock is looked at where these bits of the number of events are zero.
    between: u32,
}

impl TurnClock {
    /// Where messages are `packed`, each of them may take as long as some hundred others.
    pub(super) fn new(packed: bool) -> Self {
        Self {
            until: None,
            events: 0,
            between: if packed { 0 } else { TURN_STRIDE - 1 },
        }
    }

    /// Asked after every event; looks at the clock only now and then, and not at all in short turns.
    pub(super) fn is_over(&mut self) -> bool {
        self.events += 1;
        if self.events & self.between != 0 {
            return false;
        }
        let now = Instant::now();
        now >= *self.until.get_or_insert(now + TURN_TIME)
    }
}

/// What an event may touch while a decoder lends it out: all of a link but its decoders, which a method of the
/// link could not promise.
macro_rules! parts {
    ($link:expr, $upstream:expr, $buffers:expr, $batch:expr) => {
        Turn {
            session: &mut $link.session,
            control: &mut $link.control,
            encoder: &mut $link.encoder,
            entry: &$link.entry,
            wishes: &mut $link.wishes,
            unsent: $link.unsent.len() - $link.written,
            shaper: &mut $link.shaper,
            buffers: $buffers,
            batch: $batch,
            upstream: $upstream,
        }
    };
}
pub(super) use parts;

impl<S: Session> Link<S> {
    /// Tells the session that the link is open.
    pub(super) fn open(&mut self, buffers: &mut Buffers, batch: &mut Batch) {
        self.call(buffers, batch, S::opened);
    }

    /// Tells the session that something it shares with others has changed.
    pub(super) fn nudge(&mut self, buffers: &mut Buffers, batch: &mut Batch) {
        self.call(buffers, batch, S::nudged);
    }

    /// The instant that the session asked for has come.
    pub(super) fn wake(&mut self, buffers: &mut Buffers, batch: &mut Batch) {
        self.call(buffers, batch, S::woken);
    }

    /// Lets the session say something without a message, and close.
    fn call(&mut self, buffers: &mut Buffers, batch: &mut Batch, speech: Speech<S>) {
        self.guarded(buffers, |link, buffers| {
            if let Some(farewell) = link.speak(buffers, batch, speech) {
                link.ending.get_or_insert(session_ending(&farewell));
                link.close(&farewell, buffers, batch);
            }
        });
    }

    /// Lets the session say something; gives the Close it asked for.
    pub(super) fn speak(
        &mut self,
        buffers: &mut Buffers,
        batch: &mut Batch,
        speech: Speech<S>,
    ) -> Option<Farewell> {
        let mut turn = self.parts(buffers, batch);
        let farewell = turn.speak(speech);
        self.heed_wake();
        farewell
    }

    /// What an event may touch while the decoder lends it out.
    pub(super) fn parts<'a>(
        &'a mut self,
        buffers: &'a mut Buffers,
        batch: &'a mut Batch,
    ) -> Turn<'a, S> {
        let upstream = self
            .upstream
            .as_mut()
            .map(|upstream| &mut upstream.speaking);
        parts!(self, upstream, buffers, batch)
    }

    /// Sets the timer to what the session asked for.
    pub(super) fn heed_wake(&mut self) {
        if let Some(instant) = self.wishes.wake.take() {
            self.timers.wake_by(instant);
        }
    }

    /// Acts on the first `count` bytes of the input buffer.
    pub(super) fn digest(&mut self, count: usize, buffers: &mut Buffers, batch: &mut Batch) {
        self.guarded(buffers, |link, buffers| {
            // The buffer leaves the set for as long as events borrow from it.
            let mut input = std::mem::take(&mut buffers.input);
            let rest = link.digest_events(&mut input[..count], buffers, batch);
            link.unread.extend_from_slice(&input[count - rest..count]);
            buffers.input = input;
        });
    }

    /// Gives the number of bytes at the end of `input` that have to wait.
    fn digest_events(
        &mut self,
        input: &mut [u8],
        buffers: &mut Buffers,
        batch: &mut Batch,
    ) -> usize {
        let mut rest = input;
        let mut clock = TurnClock::new(self.encoder.packs());
        while matches!(self.phase, Phase::Open | Phase::Closing) && !self.is_held() {
            let next = match self.decoder.next(&mut rest) {
                Ok(None) => return 0,
                Ok(Some(event)) if self.phase == Phase::Closing => {
                    after_our_close(event, &self.entry)
                }
                Ok(Some(event)) => {
                    let upstream = self.upstream.as_mut();
                    let upstream = upstream.map(|upstream| &mut upstream.speaking);
                    parts!(self, upstream, buffers, batch).take(event)
                }
                Err(violation) => Next::Flush(Ending::Violation(violation)),
            };
            self.heed_wake();
            self.go_on(next, buffers, batch);
            if buffers.output.len() >= OUTPUT_HIGH {
                self.write(&buffers.output);
                buffers.output.clear();
                if self.is_behind() {
                    return rest.len();
                }
            }
            if clock.is_over() || self.entry.others_are_behind() {
                return rest.len();
            }
        }
        if self.is_held() { rest.len() } else { 0 }
    }

    pub(super) fn close_if(
        &mut self,
        farewell: Option<Farewell>,
        buffers: &mut Buffers,
        batch: &mut Batch,
    ) {
        if let Some(farewell) = farewell {
            self.go_on(Next::Close(farewell), buffers, batch);
        }
    }

    pub(super) fn go_on(&mut self, next: Next, buffers: &mut Buffers, batch: &mut Batch) {
        match next {
            Next::On => {}
            Next::Close(farewell) => {
                self.ending.get_or_insert(session_ending(&farewell));
                self.close(&farewell, buffers, batch);
            }
            Next::CloseLater(close) => self.late_close = Some(Box::new(close)),
            Next::Flush(ending) => self.flush_and_end(ending, buffers, batch),
        }
    }

    /// Answers the Close that had to wait for answers to earlier messages.
    pub(super) fn answer_late_close(&mut self, buffers: &mut Buffers, batch: &mut Batch) {
        self.guarded(buffers, |link, buffers| {
            let Some(late) = link.late_close.take() else {
                return;
            };
            let (code, reason) = link.upstream_answer(late.code);
            let next = link.parts(buffers, batch).answer_close(code, &reason);
            link.go_on(next, buffers, batch);
        });
    }

    /// Ends without waiting for the peer. Its Close was answered already; a fault is told here.
    fn flush_and_end(&mut self, ending: Ending, buffers: &mut Buffers, batch: &mut Batch) {
        if self.phase == Phase::Open && !matches!(ending, Ending::Peer(_)) {
            if ending != Ending::Panicked {
                self.with_shaper(&mut buffers.output, batch, |shaper, wire| {
                    shaper.flush(wire);
                });
            }
            if self.wishes.cut.is_some() {
                return;
            }
            self.say_close(&ending.farewell(), buffers);
        }
        self.ending.get_or_insert(ending);
        self.entry.retire();
        self.phase = Phase::Flushing;
    }

    /// Runs code of the session. A panic in it ends this link, with 1011, and nothing else.
    pub(super) fn guarded(
        &mut self,
        buffers: &mut Buffers,
        act: impl FnOnce(&mut Self, &mut Buffers),
    ) {
        if catch_unwind(AssertUnwindSafe(|| act(self, buffers))).is_err() {
            self.ending = None;
            // What a session had asked for is void with it, and so is its shaper.
            (self.wishes.cut, self.shaper) = (None, None);
            self.flush_and_end(Ending::Panicked, buffers, &mut Batch::default());
            buffers.restore();
        }
    }
}

/// The parts of a link that an event may touch while the decoder lends it out.
pub(super) struct Turn<'a, S> {
    pub(super) session: &'a mut S,
    pub(super) control: &'a mut ControlRate,
    pub(super) encoder: &'a mut Encoder,
    pub(super) entry: &'a Entry,
    pub(super) wishes: &'a mut Wishes,
    pub(super) unsent: usize,
    pub(super) shaper: &'a mut Option<Box<dyn Shaper>>,
    pub(super) buffers: &'a mut Buffers,
    pub(super) batch: &'a mut Batch,
    pub(super) upstream: Option<&'a mut Speaking>,
}

impl<S: Session> Turn<'_, S> {
    fn take(&mut self, event: Event<'_>) -> Next {
        match event {
            Event::Text(text) => self.message(Message::Text(text)),
            Event::Binary(bytes) => self.message(Message::Binary(bytes)),
            Event::LooseText(bytes) => {
                self.wishes.is_loose_text = true;
                let next = self.message(Message::Binary(bytes));
                self.wishes.is_loose_text = false;
                next
            }
            Event::Ping(payload) => {
                if self.control.exceeded() {
                    return Next::Flush(Ending::ControlFlood);
                }
                self.entry.show(Direction::In, Sight::Ping(payload));
                if self
                    .shaper
                    .as_mut()
                    .is_none_or(|shaper| shaper.answers_ping())
                {
                    self.encoder.pong(&mut self.buffers.output, payload);
                    self.entry.show(Direction::Out, Sight::Pong(payload));
                }
                Next::On
            }
            Event::Pong(_) if self.control.exceeded() => Next::Flush(Ending::ControlFlood),
            Event::Pong(payload) => {
                self.entry.show(Direction::In, Sight::Pong(payload));
                Next::On
            }
            Event::Close(frame) => {
                self.let_late_arrive();
                self.entry.show(Direction::In, sight_of(frame));
                let code = frame.as_ref().map(|frame| frame.code);
                if self.wishes.pace == Pace::Ready && self.upstream.is_none() {
                    return self.answer_close(code, "");
                }
                Next::CloseLater(LateClose {
                    code,
                    reason: frame.map_or_else(String::new, |frame| frame.reason.to_owned()),
                    is_passed_on: false,
                })
            }
        }
    }

    fn message(&mut self, message: Message<'_>) -> Next {
        self.batch.received += 1;
        self.batch.bytes_received += message.bytes().len() as u64;
        self.entry.show(Direction::In, message);
        if self.shaper.is_none() {
            return self.hand_over(message);
        }
        match self.with_shaper(|shaper, wire| shaper.inbound(message, wire)) {
            Some(Arrival::Instead(others)) => self.hand_over_all(&others),
            Some(Arrival::Pass) | None => self.hand_over(message),
        }
    }

    /// Gives messages to the session, up to the end of the link.
    pub(super) fn hand_over_all(&mut self, messages: &[OwnMessage]) -> Next {
        for message in messages {
            match self.hand_over(message.as_message()) {
                Next::On if self.wishes.cut.is_none() => {}
                next => return next,
            }
        }
        Next::On
    }

    fn with_shaper<T>(
        &mut self,
        act: impl FnOnce(&mut dyn Shaper, &mut Wire<'_>) -> T,
    ) -> Option<T> {
        let mut wire = Wire {
            encoder: self.encoder,
            output: &mut self.buffers.output,
            batch: self.batch,
            entry: self.entry,
            cut: &mut self.wishes.cut,
        };
        Some(act(self.shaper.as_deref_mut()?, &mut wire))
    }

    fn hand_over(&mut self, message: Message<'_>) -> Next {
        let mut close = None;
        let (session, mut outbox) = self.outbox(&mut close);
        session.message(message, &mut outbox);
        close.map_or(Next::On, Next::Close)
    }

    /// Lets the session see a message of the server behind.
    pub(super) fn upstream_message(&mut self, message: Message<'_>) -> Option<Farewell> {
        let mut close = None;
        let (session, mut outbox) = self.outbox(&mut close);
        session.upstream_message(message, &mut outbox);
        close
    }

    fn speak(&mut self, speech: Speech<S>) -> Option<Farewell> {
        let mut close = None;
        let (session, mut outbox) = self.outbox(&mut close);
        speech(session, &mut outbox);
        close
    }

    fn outbox<'o>(&'o mut self, close: &'o mut Option<Farewell>) -> (&'o mut S, Outbox<'o>) {
        let outbox = Outbox {
            encoder: self.encoder,
            output: &mut self.buffers.output,
            scratch: &mut self.buffers.scratch,
            batch: self.batch,
            close,
            entry: self.entry,
            wishes: self.wishes,
            unsent: self.unsent,
            shaper: self.shaper,
            unprompted: false,
            upstream: self.upstream.as_deref_mut(),
        };
        (self.session, outbox)
    }

    /// The session's last words come before our Close, which repeats the peer's code
    /// (RFC 6455 section 5.5.1).
    fn answer_close(&mut self, code: Option<CloseCode>, reason: &str) -> Next {
        self.speak(S::goodbye);
        self.with_shaper(|shaper, wire| shaper.flush(wire));
        if self.wishes.cut.is_some() {
            return Next::On;
        }
        self.encoder.close(&mut self.buffers.output, code, reason);
        let sight = Sight::Close(code.map(|code| (code, reason)));
        self.entry.show(Direction::Out, sight);
        Next::Flush(Ending::Peer(code))
    }
}

impl<S: Session> Turn<'_, S> {
    /// What the shaper holds of the peer's messages came before its Close. A Close that the session asks
    /// for meanwhile is overtaken by the peer's.
    fn let_late_arrive(&mut self) {
        let late = self.shaper.as_mut();
        let late = late.map(|shaper| shaper.late_arrivals(true));
        let _ = self.hand_over_all(&late.unwrap_or_default());
    }
}

/// How a link ends that its session closes.
pub(super) fn session_ending(farewell: &Farewell) -> Ending {
    Ending::Session(farewell.code.unwrap_or(CloseCode::NORMAL))
}

/// Our Close is out: only the peer's matters.
fn after_our_close(event: Event<'_>, entry: &Entry) -> Next {
    match event {
        Event::Close(frame) => {
            entry.show(Direction::In, sight_of(frame));
            Next::Flush(Ending::Peer(frame.map(|frame| frame.code)))
        }
        _ => Next::On,
    }
}

fn sight_of(frame: Option<CloseFrame<'_>>) -> Sight<'_> {
    Sight::Close(frame.map(|frame| (frame.code, frame.reason)))
}
