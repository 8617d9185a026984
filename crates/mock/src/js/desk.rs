//! A connection's scripts, one after another: the call that runs, and what waits for its end.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use sockeye_net::{Bell, Message, Outbox, Pace};
use sockeye_script::js::{Input, Outcome, Payload, ScriptConnection, ScriptError};
use tokio::time::Instant;

use super::course::{Ask, Cursor};
use super::effects::{payload_of, spoken};
use super::handler::Handler;
use crate::agenda::Job;
use crate::jsonrpc::JsonRpc;
use crate::operate::Report;
use crate::plan::SocketRoute;
use crate::times::RouteTimes;

/// Messages of a connection that may wait for its scripts. Beyond, and beyond the bytes, no more of
/// them are read from the socket.
const MOST_WAITING: usize = 64;
const MOST_BYTES: usize = 256 * 1024;

/// The scripts of one connection.
#[derive(Debug)]
pub(crate) struct Desk {
    connection: ScriptConnection,
    tray: Arc<Tray>,
    running: Option<Task>,
    waiting: VecDeque<Waiting>,
    /// Messages among what waits, and their bytes.
    messages: usize,
    bytes: usize,
    /// Messages of this turn whose answers come later.
    put_off: u64,
    /// When the messages were read with which scripts have ended in this turn.
    settled: Vec<Instant>,
}

/// What a call is for.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) route: Arc<SocketRoute>,
    pub(crate) handler: Arc<Handler>,
    /// The message that it is about.
    pub(crate) message: Option<Payload>,
    /// When that was read.
    pub(crate) read_at: Option<Instant>,
    pub(crate) cursor: Cursor,
}

/// The message that a script is run on.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) message: Payload,
    /// When it was read; none for steps, whose time is the file's.
    pub(crate) read_at: Option<Instant>,
}

/// What waits for the end of the call.
#[derive(Debug)]
pub(crate) enum Waiting {
    /// A message, and when it was read.
    Message(Payload, Instant),
    /// A message of the server behind.
    FromUpstream(Payload),
    /// A step or a scheduled message, and when it was due.
    Job(Instant, Job),
}

/// Where a script thread leaves what came out of a call.
#[derive(Debug)]
struct Tray {
    outcome: Mutex<Option<Outcome>>,
    bell: Bell,
}

impl Tray {
    fn outcome(&self) -> std::sync::MutexGuard<'_, Option<Outcome>> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    pub(crate) fn new(connection: ScriptConnection, out: &mut Outbox<'_>) -> Self {
        let tray = Tray {
            outcome: Mutex::default(),
            bell: out.bell(),
        };
        Self {
            connection,
            tray: Arc::new(tray),
            running: None,
            waiting: VecDeque::new(),
            messages: 0,
            bytes: 0,
            put_off: 0,
            settled: Vec::new(),
        }
    }

    /// Whether a call runs.
    pub(crate) fn is_busy(&self) -> bool {
        self.running.is_some()
    }

    /// Runs a script; `now` is in milliseconds since 1970, and its time is counted in `times`.
    pub(crate) fn run(
        &mut self,
        route: Arc<SocketRoute>,
        ask: Ask,
        subject: Option<Subject>,
        now: i64,
        times: &Arc<RouteTimes>,
    ) {
        let read_at = subject.as_ref().and_then(|subject| subject.read_at);
        let message = subject.map(|subject| subject.message);
        let Ask { handler, cursor } = ask;
        let (payload, message) = match (&cursor, message) {
            (Cursor::End, message) => (message, None),
            (Cursor::Call(progress), Some(message)) => {
                let request = JsonRpc::request(spoken(&message), progress);
                (Some(Payload::Text(request)), Some(message))
            }
            (_, message) => (message.clone(), message),
        };
        let input = Input {
            payload,
            received_at: now,
        };
        let (tray, times) = (Arc::clone(&self.tray), Arc::clone(times));
        let called_at = Instant::now();
        self.connection
            .call(&handler.script, input, move |outcome| {
                if has_run(&outcome) {
                    times.scripts.record(called_at.elapsed(), 1);
                }
                *tray.outcome() = Some(outcome);
                tray.bell.ring();
            });
        self.running = Some(Task {
            route,
            handler,
            message,
            read_at,
            cursor,
        });
    }

    /// The call that has ended, if one has, and what came out of it.
    pub(crate) fn take_ended(&mut self) -> Option<(Task, Outcome)> {
        // The outcome is there before the bell rings, and the next call begins after this.
        let outcome = self.tray.outcome().take()?;
        Some((self.running.take()?, outcome))
    }

    /// Keeps something until it is its turn.
    pub(crate) fn keep(&mut self, waiting: Waiting) {
        if let Waiting::Message(message, _) | Waiting::FromUpstream(message) = &waiting {
            self.messages += 1;
            self.bytes += message.len();
        }
        self.waiting.push_back(waiting);
    }

    /// Keeps a message until it is its turn.
    pub(crate) fn keep_message(&mut self, message: Message<'_>, read_at: Instant) {
        self.put_off();
        self.keep(Waiting::Message(payload_of(message), read_at));
    }

    /// What was kept first, unless a call runs.
    pub(crate) fn next(&mut self) -> Option<Waiting> {
        if self.is_busy() {
            return None;
        }
        let next = self.waiting.pop_front();
        if let Some(Waiting::Message(message, _) | Waiting::FromUpstream(message)) = &next {
            self.messages -= 1;
            self.bytes -= message.len();
        }
        next
    }

    /// A message of this turn is answered in a later one.
    pub(crate) fn put_off(&mut self) {
        self.put_off += 1;
    }

    /// The messages of this turn that were put off.
    pub(crate) fn take_put_off(&mut self) -> u64 {
        std::mem::take(&mut self.put_off)
    }

    /// Nothing more will be said about the message that was read at `read_at`.
    pub(crate) fn settle(&mut self, read_at: Instant, out: &mut Outbox<'_>) {
        self.settled.push(read_at);
        out.await_end();
    }

    /// When the messages were read about which nothing more will be said.
    pub(crate) fn take_settled(&mut self) -> std::vec::Drain<'_, Instant> {
        self.settled.drain(..)
    }

    /// How the connection keeps up.
    pub(crate) fn pace(&self) -> Pace {
        if self.messages >= MOST_WAITING || self.bytes >= MOST_BYTES {
            Pace::Full
        } else if self.is_busy() {
            Pace::Busy
        } else {
            Pace::Ready
        }
    }

    /// Tells the state of the scripts and how many messages wait for them.
    pub(crate) fn report(&self, hear: impl FnOnce(Report) + Send + 'static) {
        let waiting = self.messages;
        self.connection
            .state_json(move |state| hear(Report { state, waiting }));
    }

    /// The connection on its script thread, for a last call.
    pub(crate) fn into_connection(self) -> ScriptConnection {
        self.connection
    }
}

/// Whether there was a call at all: some are refused, and some are for connections that have gone.
fn has_run(outcome: &Outcome) -> bool {
    !matches!(
        outcome.result,
        Err(ScriptError::TooManyWaiting { .. } | ScriptError::Closed)
    )
}
