//! The way to one script thread and back: its queue, and who waits for the answers of what it has taken.
//!
//! Whoever waits for an answer is written down here and not on the script thread, so that the watchdog can answer
//! in the place of a thread that does not come back.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::facts::Opening;
use super::{Input, Outcome, Script, ScriptError};

/// The number of a call; unique in its lane.
pub(super) type Ticket = u64;

/// One call on its way to its thread.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) ticket: Ticket,
    pub(super) opening: Arc<Opening>,
    pub(super) script: Script,
    pub(super) input: Input,
}

/// What a script thread is asked to do.
#[derive(Debug)]
pub(super) enum Command {
    Call(Call),
    /// An operation that a call waits for was answered.
    Answer {
        ticket: Ticket,
        wait: u64,
        answer: Result<Value, String>,
    },
    /// Somebody wants to see a connection's state.
    State {
        ticket: Ticket,
        opening: Arc<Opening>,
    },
    /// The connection with this key is gone.
    Forget(u64),
}

/// Who waits for an answer.
pub(super) enum Waiter {
    Call(Box<dyn FnOnce(Outcome) + Send>),
    State(Box<dyn FnOnce(Option<Value>) + Send>),
}

impl Waiter {
    pub(super) fn fail(self, error: ScriptError) {
        match self {
            Self::Call(done) => done(Outcome::failed(error)),
            Self::State(done) => done(None),
        }
    }
}

/// What a script thread does next.
pub(super) enum Next {
    Command(Command),
    /// The time it asked to be woken at has come.
    Timer,
    /// The pool is closed, or another thread has taken over.
    Leave,
}

/// One lane. A thread takes from it as long as its generation is the lane's.
pub(super) struct Lane {
    inner: Mutex<Inner>,
    ready: Condvar,
    /// Interrupts what is running; a new one for each generation.
    stop: Mutex<Arc<AtomicBool>>,
}

#[derive(Default)]
struct Inner {
    queue: VecDeque<Command>,
    waiters: HashMap<Ticket, Waiter>,
    /// Those of `waiters` whose command the thread has taken.
    taken: HashSet<Ticket>,
    last_ticket: Ticket,
    generation: u64,
    busy: Option<(Instant, Option<Ticket>)>,
    closed: bool,
}

impl Lane {
    pub(super) fn new() -> Self {
        Self {
            inner: Mutex::new(Inner::default()),
            ready: Condvar::new(),
            stop: Mutex::new(Arc::default()),
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Nothing under this lock can panic half way.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The flag that interrupts the thread of the present generation.
    pub(super) fn stop_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.stop.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hands in a command that nobody waits for.
    pub(super) fn push(&self, command: Command) {
        let mut inner = self.inner();
        if !inner.closed {
            inner.queue.push_back(command);
            drop(inner);
            self.ready.notify_one();
        }
    }

    /// Hands in a command that somebody waits for.
    pub(super) fn push_for(&self, waiter: Waiter, command: impl FnOnce(Ticket) -> Command) {
        let mut inner = self.inner();
        if inner.closed {
            drop(inner);
            return waiter.fail(ScriptError::Closed);
        }
        inner.last_ticket += 1;
        let ticket = inner.last_ticket;
        inner.waiters.insert(ticket, waiter);
        inner.queue.push_back(command(ticket));
        drop(inner);
        self.ready.notify_one();
    }

    /// Waits for the next command, at most until `wake`.
    pub(super) fn next(&self, generation: u64, wake: Option<Instant>) -> Next {
        let mut inner = self.inner();
        if inner.generation == generation {
            inner.busy = None;
        }
        loop {
            if inner.closed || inner.generation != generation {
                return Next::Leave;
            }
            if let Some(command) = inner.queue.pop_front() {
                let ticket = match &command {
                    Command::Call(Call { ticket, .. })
                    | Command::State { ticket, .. }
                    | Command::Answer { ticket, .. } => Some(*ticket),
                    Command::Forget(_) => None,
                };
                inner.start(ticket);
                return Next::Command(command);
            }
            let Some(wake) = wake else {
                inner = self
                    .ready
                    .wait(inner)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = wake.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Next::Timer;
            }
            let waited = self.ready.wait_timeout(inner, left);
            inner = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The thread turns to a call it had already taken.
    pub(super) fn turn_to(&self, generation: u64, ticket: Ticket) {
        let mut inner = self.inner();
        if inner.generation == generation {
            inner.start(Some(ticket));
        }
    }

    /// Who waits for this ticket, unless somebody else has answered.
    pub(super) fn waiter(&self, generation: u64, ticket: Ticket) -> Option<Waiter> {
        let mut inner = self.inner();
        if inner.generation != generation {
            return None;
        }
        inner.taken.remove(&ticket);
        inner.waiters.remove(&ticket)
    }

    /// Takes the lane from a thread that has been busy with one thing for longer than `most`: answers for it
    /// and gives the generation of the thread that is to follow.
    pub(super) fn replace(&self, most: Duration, wall: Duration) -> Option<u64> {
        let mut inner = self.inner();
        let (since, stuck) = inner.busy?;
        if inner.closed || since.elapsed() < most {
            return None;
        }
        let (generation, waiters) = self.take_over(&mut inner);
        drop(inner);
        for (ticket, waiter) in waiters {
            waiter.fail(if Some(ticket) == stuck {
                ScriptError::Timeout { limit: wall }
            } else {
                ScriptError::EngineLost
            });
        }
        Some(generation)
    }

    /// Answers for everything a thread had taken when it broke down, and gives the following generation.
    pub(super) fn broke_down(&self, generation: u64) -> Option<u64> {
        let mut inner = self.inner();
        if inner.closed || inner.generation != generation {
            return None;
        }
        let (generation, waiters) = self.take_over(&mut inner);
        drop(inner);
        for (_, waiter) in waiters {
            waiter.fail(ScriptError::EngineLost);
        }
        Some(generation)
    }

    fn take_over(&self, inner: &mut Inner) -> (u64, Vec<(Ticket, Waiter)>) {
        inner.generation += 1;
        inner.busy = None;
        let fresh = Arc::default();
        let mut stop = self.stop.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *stop, fresh).store(true, Ordering::Relaxed);
        let taken: Vec<Ticket> = inner.taken.drain().collect();
        let waiters = taken
            .into_iter()
            .filter_map(|ticket| Some((ticket, inner.waiters.remove(&ticket)?)))
            .collect();
        (inner.generation, waiters)
    }

    /// Interrupts the thread, answers for everything, takes nothing more.
    pub(super) fn close(&self) {
        let mut inner = self.inner();
        inner.closed = true;
        inner.queue.clear();
        inner.taken.clear();
        let waiters = std::mem::take(&mut inner.waiters);
        drop(inner);
        self.stop_flag().store(true, Ordering::Relaxed);
        self.ready.notify_all();
        for waiter in waiters.into_values() {
            waiter.fail(ScriptError::Closed);
        }
    }
}

impl Inner {
    fn start(&mut self, ticket: Option<Ticket>) {
        self.busy = Some((Instant::now(), ticket));
        if let Some(ticket) = ticket.filter(|ticket| self.waiters.contains_key(ticket)) {
            self.taken.insert(ticket);
        }
    }
}
