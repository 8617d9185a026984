//! One open WebSocket: bytes in, session calls, frames out, timers, the closing handshake.
//!
//! A link owns no buffers while it is idle. It reads into the thread's buffer, lets the session
//! answer into the thread's output, and writes that in one system call. Only what the peer has not
//! taken yet (`unsent`) and what was not looked at because of that (`unread`) belongs to the link.

mod ending;
mod relay;
mod shaping;
mod timers;
mod turn;

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, ready};

use sockeye_wire::{CloseCode, Decoder, Deflate, Encoder, Role};
use tokio::task::yield_now;
use tokio::time::Instant;

use crate::buffers::{self, Buffers};
use crate::counts::{Batch, LinkCounts, ThreadCounts};
use crate::fanout::Frame;
use crate::limits::{LINGER_BYTES, LINGER_TIME};
use crate::outbox::{Farewell, Wishes};
use crate::roster::{Entry, Word};
use crate::shaper::Shaper;
use crate::slots::Slot;
use crate::stream::{Helping, Stream};
use crate::{Direction, LinkSettings, Pace, Session, Upstream, Written};

pub use ending::Ending;
use timers::Timers;
use turn::ControlRate;

/// What the accepted socket and the request brought to a link.
pub(crate) struct Opening<S> {
    pub(crate) stream: Stream,
    /// Bytes that came behind the request's head.
    pub(crate) early: Vec<u8>,
    pub(crate) session: S,
    pub(crate) settings: Arc<LinkSettings>,
    /// What was agreed about compression.
    pub(crate) deflate: Option<Deflate>,
    pub(crate) entry: Entry,
    pub(crate) slot: Slot,
    pub(crate) counts: Arc<ThreadCounts>,
    pub(crate) own_counts: Arc<LinkCounts>,
    pub(crate) upstream: Option<Box<Upstream>>,
}

/// How far a link's life has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Both sides may speak.
    Open,
    /// Our Close is said, the peer's is awaited; data that is still on its way is ignored.
    Closing,
    /// Nothing more will be said: what is unsent goes out, then FIN.
    Flushing,
    /// FIN is out; what still comes in is thrown away, at most this many bytes.
    Lingering(usize),
    /// Cut, and silent for ever: nothing is read or written.
    Frozen,
    /// Cut: the socket is to be closed.
    Gone,
}

/// What a link does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Goes on at once.
    On,
    /// Goes on when the other links of the thread had their turn.
    LetOthers,
    /// Nothing: it is over.
    End,
}

/// A Close of the peer that is not answered yet.
struct LateClose {
    code: Option<CloseCode>,
    reason: String,
    /// The server behind has been told.
    is_passed_on: bool,
}

pub(crate) struct Link<S: Session> {
    stream: Stream,
    decoder: Decoder,
    encoder: Encoder,
    session: S,
    settings: Arc<LinkSettings>,
    entry: Entry,
    counts: Arc<ThreadCounts>,
    own_counts: Arc<LinkCounts>,
    timers: Timers,
    control: ControlRate,
    phase: Phase,
    /// Frames that the peer's window had no room for.
    unsent: Vec<u8>,
    /// How much of `unsent` is written already.
    written: usize,
    /// Input that waits until `unsent` is written.
    unread: Vec<u8>,
    /// When the last input was read, or when the peer had taken what held it up.
    read_at: Instant,
    /// What the session has asked for.
    wishes: Wishes,
    /// What its messages pass, if anything.
    shaper: Option<Box<dyn Shaper>>,
    /// The server behind, if there is one.
    upstream: Option<Box<Upstream>>,
    /// The peer's Close, while it waits for the last answers of the session or the server behind.
    late_close: Option<Box<LateClose>>,
    /// The first reason wins.
    ending: Option<Ending>,
    slot: Option<Slot>,
}

impl<S: Session> Link<S> {
    pub(crate) fn new(opening: Opening<S>) -> Self {
        opening.counts.opened.fetch_add(1, Relaxed);
        let now = Instant::now();
        let mut decoder = Decoder::new(Role::Server, opening.settings.frames);
        let mut encoder = Encoder::server();
        if let Some(agreed) = opening.deflate {
            let compression = opening.settings.compression.unwrap_or_default();
            decoder = decoder.with_deflate(agreed);
            encoder = encoder.with_deflate(agreed, compression.packing);
        }
        Self {
            decoder,
            encoder,
            timers: Timers::new(&opening.settings, now),
            control: ControlRate::default(),
            phase: Phase::Open,
            unsent: Vec::new(),
            written: 0,
            unread: opening.early,
            read_at: now,
            wishes: Wishes::default(),
            shaper: None,
            upstream: opening.upstream,
            late_close: None,
            ending: None,
            stream: opening.stream,
            session: opening.session,
            settings: opening.settings,
            entry: opening.entry,
            counts: opening.counts,
            own_counts: opening.own_counts,
            slot: Some(opening.slot),
        }
    }

    /// Serves the link until it is gone.
    pub(crate) async fn run(mut self: Box<Self>) {
        self.turn(Self::open);
        while poll_fn(|cx| self.poll(cx)).await == Step::LetOthers {
            yield_now().await;
        }
        let (upstream, farewell) = (self.upstream.take(), self.upstream_farewell());
        drop(self);
        if let Some(upstream) = upstream {
            // In a box: nobody else needs room for it.
            Box::pin(upstream.see_off(farewell)).await;
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        if self.phase == Phase::Open {
            match self.entry.word(cx) {
                Word::Nothing => {}
                Word::Nudge => self.turn(Self::nudge),
                Word::Overflow => self.say_goodbye(Ending::SlowConsumer),
                Word::Drain => self.say_goodbye(Ending::Drained),
            }
        } else if self.phase == Phase::Frozen && self.entry.word(cx) == Word::Drain {
            self.phase = Phase::Gone;
        }
        loop {
            self.listen_for_bell(cx);
            // An error says only that the socket is gone; how the link ended is in `ending`.
            let step = self.poll_socket(cx).map(|step| step.unwrap_or(Step::End));
            // Behind the peer's messages: all of them go on in one write.
            let step = match (step, self.poll_upstream(cx)) {
                (Poll::Pending, Poll::Ready(Step::On)) => continue,
                (Poll::Pending, step) | (step, _) => step,
            };
            // The bell may be new, or have been rung meanwhile.
            if step.is_pending() && self.listen_for_bell(cx) {
                continue;
            }
            // The timers come last: what has arrived counts before what is late.
            if step == Poll::Ready(Step::End) || self.timers.poll(cx).is_pending() {
                return step;
            }
            if !self.tick(Instant::now()) {
                return Poll::Ready(Step::End);
            }
        }
    }

    /// Writes what is unsent; then, and only then, looks at further input: a peer that does not
    /// read is not read.
    fn poll_socket(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Step>> {
        loop {
            if let Some(outcome) = self.after_cut() {
                return outcome;
            }
            if self.is_behind() {
                ready!(self.poll_flush(cx))?;
            }
            if self.phase == Phase::Open {
                self.pass_on();
            }
            if let Some(outcome) = self.after_cut() {
                return outcome;
            }
            if self.phase == Phase::Flushing {
                self.stream.shut_down_writes()?;
                self.phase = Phase::Lingering(LINGER_BYTES);
                self.unread = Vec::new();
                self.timers.close_by(Instant::now() + LINGER_TIME);
            }
            if self.is_held() {
                return Poll::Pending;
            }
            let step = if self.unread.is_empty() {
                ready!(self.poll_input(cx))?
            } else {
                self.catch_up()
            };
            if step != Step::On {
                return Poll::Ready(Ok(step));
            }
        }
    }

    /// Calls the session if somebody rang for it; true if so.
    fn listen_for_bell(&mut self, cx: &Context<'_>) -> bool {
        let bell = self.wishes.bell.as_ref();
        let rung = bell.is_some_and(|bell| bell.heard(cx)) && self.phase == Phase::Open;
        if rung {
            self.turn(Self::wake);
            self.check_backlog();
        }
        if rung {
            self.settle();
        }
        rung
    }

    /// Whether further input has to wait for the session.
    fn is_held(&self) -> bool {
        let is_full = self.wishes.pace == Pace::Full || self.late_close.is_some();
        let is_full = is_full || self.is_upstream_crowded() || self.is_shaped_full();
        self.phase == Phase::Open && is_full
    }

    /// Writes what others have sent to this link. What they send while it is busy waits, bounded.
    fn pass_on(&mut self) {
        let frames = self.entry.take_frames();
        if !frames.is_empty() {
            self.turn(|link, buffers, batch| link.write_frames(&frames, buffers, batch));
        }
    }

    /// Reads once, into the thread's buffer, and acts on it.
    fn poll_input(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Step>> {
        self.turn(|link, buffers, batch| {
            let Helping { count, is_full } = ready!(link.stream.poll_read(cx, &mut buffers.input))?;
            if count == 0 {
                return Poll::Ready(Ok(Step::End));
            }
            link.timers.heard();
            link.read_at = Instant::now();
            batch.read_at = Some(link.read_at);
            match link.phase {
                Phase::Lingering(left) if count >= left => return Poll::Ready(Ok(Step::End)),
                Phase::Lingering(left) => link.phase = Phase::Lingering(left - count),
                Phase::Open | Phase::Closing => link.digest(count, buffers, batch),
                Phase::Flushing | Phase::Frozen | Phase::Gone => {}
            }
            Poll::Ready(Ok(link.after_a_helping(is_full)))
        })
    }

    /// Acts on input that had to wait.
    fn catch_up(&mut self) -> Step {
        let waiting = std::mem::take(&mut self.unread);
        self.turn(|link, buffers, batch| {
            // What waits came out of a buffer of this size, behind a request's head at most.
            let (now, later) = waiting.split_at(waiting.len().min(buffers.input.len()));
            buffers.input[..now.len()].copy_from_slice(now);
            batch.read_at = Some(link.read_at);
            link.digest(now.len(), buffers, batch);
            link.unread.extend_from_slice(later);
            link.after_a_helping(false)
        })
    }

    /// A link that has more to do than fits into one turn does it later.
    fn after_a_helping(&self, is_full: bool) -> Step {
        if is_full || !self.unread.is_empty() {
            Step::LetOthers
        } else {
            Step::On
        }
    }

    /// Lends the thread's buffers to `act`, then writes what it said and counts it.
    fn turn<T>(&mut self, act: impl FnOnce(&mut Self, &mut Buffers, &mut Batch) -> T) -> T {
        let result = buffers::with(|buffers| {
            let mut batch = Batch::default();
            let result = act(self, buffers, &mut batch);
            if !buffers.output.is_empty() {
                self.write(&buffers.output);
            }
            if batch.received | batch.sent != 0 || batch.is_awaited {
                self.account(&batch, buffers);
            }
            result
        });
        self.heed_shaper();
        result
    }

    /// Counts what passed, and tells the session that it is written.
    fn account(&mut self, batch: &Batch, buffers: &mut Buffers) {
        let now = Instant::now();
        if batch.received | batch.sent != 0 {
            self.timers.data_moved(&self.settings, now);
            self.counts.add(batch);
            self.own_counts.add(batch, now);
        }
        let turn = Written {
            messages: batch.received,
            read_at: batch.read_at.unwrap_or(now),
            at: now,
        };
        // What the turn said is on its way; a panic adds its Close to that.
        buffers.output.clear();
        self.guarded(buffers, |link, _| link.session.written(turn));
        if !buffers.output.is_empty() {
            self.write(&buffers.output);
        }
    }

    /// Says goodbye and sends Close: the server wants to end.
    fn say_goodbye(&mut self, ending: Ending) {
        let farewell = ending.farewell();
        self.close_with(ending, &farewell);
    }

    pub(super) fn close_with(&mut self, ending: Ending, farewell: &Farewell) {
        self.ending.get_or_insert(ending);
        self.turn(|link, buffers, batch| {
            link.guarded(buffers, |link, buffers| {
                link.close(farewell, buffers, batch);
            });
        });
    }

    /// The session's last words, our Close frame, and a limit to the wait for the peer's.
    fn close(&mut self, farewell: &Farewell, buffers: &mut Buffers, batch: &mut Batch) {
        // What was sent to this link before is not lost by its end.
        let frames = self.entry.take_frames();
        self.write_frames(&frames, buffers, batch);
        self.entry.retire();
        self.speak(buffers, batch, S::goodbye);
        self.with_shaper(&mut buffers.output, batch, |shaper, wire| {
            shaper.flush(wire);
        });
        if self.wishes.cut.is_some() {
            return;
        }
        self.say_close(farewell, buffers);
        if let Some(upstream) = &mut self.upstream {
            upstream.speaking.close(farewell.code, &farewell.reason);
        }
        // A Close of the peer that waits is answered by this one.
        self.phase = if self.late_close.take().is_some() {
            Phase::Flushing
        } else {
            Phase::Closing
        };
        self.timers
            .close_by(Instant::now() + self.settings.close_timeout);
    }

    /// Our Close frame.
    fn say_close(&mut self, farewell: &Farewell, buffers: &mut Buffers) {
        let Farewell { code, reason } = farewell;
        self.encoder.close(&mut buffers.output, *code, reason);
        self.entry.show(Direction::Out, farewell);
    }

    /// Writes what others have sent to this link.
    fn write_frames(&mut self, frames: &VecDeque<Frame>, buffers: &mut Buffers, batch: &mut Batch) {
        for frame in frames {
            let output = &mut buffers.output;
            let is_shaped = self.with_shaper(output, batch, |shaper, wire| {
                shaper.outbound(frame.message(), true, wire);
            });
            if is_shaped.is_none() {
                self.entry.show_out(|| Some(frame.message()));
                frame.write(&mut self.encoder, output);
                batch.sent += 1;
                batch.bytes_sent += frame.payload() as u64;
            }
        }
    }

    /// Writes `bytes` or keeps what the peer has no room for.
    fn write(&mut self, bytes: &[u8]) {
        let was_behind = self.is_behind();
        let mut rest = bytes;
        while self.unsent.is_empty() && !rest.is_empty() {
            match self.stream.try_write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // The next read or flush reports what happened to the socket.
                Err(_) => return,
            }
        }
        if self.unsent.capacity() == 0 && !rest.is_empty() {
            self.unsent = buffers::spare();
        }
        self.unsent.extend_from_slice(rest);
        // More to write behind a stalled write is no progress.
        if self.is_behind() && !was_behind {
            self.timers
                .write_by(Instant::now() + self.settings.write_timeout);
        }
    }

    /// Whether the peer has not taken all that was said.
    fn is_behind(&self) -> bool {
        !self.unsent.is_empty() || self.stream.is_behind()
    }

    /// Writes what is unsent; ready when nothing is left.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.unsent.len() || self.stream.is_behind() {
            let rest = &self.unsent[self.written..];
            self.written += ready!(self.stream.poll_write(cx, rest))?;
            // A peer that takes bytes is alive, though its pong is not read meanwhile.
            self.timers.heard();
            self.timers
                .write_by(Instant::now() + self.settings.write_timeout);
        }
        buffers::give_back(std::mem::take(&mut self.unsent));
        self.written = 0;
        // The time that input waited for a slow peer is the peer's.
        self.read_at = Instant::now();
        self.timers.written();
        Poll::Ready(Ok(()))
    }
}

impl<S: Session> Drop for Link<S> {
    /// Also reached when the thread ends with the link still open: a session always hears of its end.
    fn drop(&mut self) {
        let ending = self.ending.take().unwrap_or(Ending::Lost);
        drop(self.slot.take());
        self.entry.depart();
        self.counts.ended.fetch_add(1, Relaxed);
        // The link is gone; a panic has nobody left to tell and must not get past here.
        let _ = catch_unwind(AssertUnwindSafe(|| self.session.ended(&ending)));
    }
}

/// Tells the peer that there is no session to talk to.
pub(crate) fn say_fault(stream: &mut Stream) {
    let Farewell { code, reason } = Ending::Panicked.farewell();
    let mut close = Vec::new();
    Encoder::server().close(&mut close, code, &reason);
    // The socket is closed next, whether the peer takes these bytes or not.
    let _ = stream.try_write(&close);
}
