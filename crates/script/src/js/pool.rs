//! Connections get their script thread here, and their calls the way to it.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::facts::Opening;
use super::lane::{Call, Command, Lane, Waiter};
use super::worker::{Setup, spawn};
use super::{ConnectionFacts, Host, Input, Outcome, Script, ScriptError, ScriptLimits};

/// How many times the limit of one call a thread may be busy with it before it is replaced.
const PATIENCE: u32 = 3;

/// The script threads. Dropping the pool interrupts them and answers every call that has not ended.
pub struct ScriptPool {
    lanes: Vec<Arc<Lane>>,
    waiting: usize,
    next: AtomicUsize,
    /// Ends the watchdog when it is dropped.
    _watched: mpsc::Sender<()>,
}

impl ScriptPool {
    /// Starts `threads` script threads, at least one. An engine is made when its first call comes.
    pub fn start(threads: usize, limits: ScriptLimits, host: Arc<dyn Host>) -> io::Result<Self> {
        let limits = limits.clamped();
        let (watched, gone) = mpsc::channel();
        let setup = Setup { limits, host };
        let pool = Self {
            lanes: (0..threads.max(1)).map(|_| Arc::new(Lane::new())).collect(),
            waiting: setup.limits.waiting,
            next: AtomicUsize::new(0),
            _watched: watched,
        };
        for lane in &pool.lanes {
            spawn(setup.clone(), Arc::clone(lane), 0)?;
        }
        let lanes = pool.lanes.clone();
        let builder = thread::Builder::new().name("sockeye-watchdog".to_owned());
        builder.spawn(move || watch(&setup, &lanes, &gone))?;
        Ok(pool)
    }

    /// Binds a connection to one of the threads for its life. Its state starts as a copy of `initial_state`.
    pub fn open(&self, facts: ConnectionFacts, initial_state: Option<Value>) -> ScriptConnection {
        static KEY: AtomicU64 = AtomicU64::new(1);
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.lanes.len();
        let lane = self.lanes.get(turn).unwrap_or(&self.lanes[0]);
        ScriptConnection {
            lane: Arc::clone(lane),
            waiting: self.waiting,
            opening: Arc::new(Opening {
                key: KEY.fetch_add(1, Ordering::Relaxed),
                facts,
                start: Mutex::new(initial_state),
                touched: AtomicBool::new(false),
                outstanding: AtomicUsize::new(0),
            }),
        }
    }
}

impl fmt::Debug for ScriptPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let threads = self.lanes.len();
        f.debug_struct("ScriptPool")
            .field("threads", &threads)
            .finish_non_exhaustive()
    }
}

impl Drop for ScriptPool {
    fn drop(&mut self) {
        for lane in &self.lanes {
            lane.close();
        }
    }
}

/// Replaces threads that do not come back from the engine, until the pool is gone.
fn watch(setup: &Setup, lanes: &[Arc<Lane>], gone: &mpsc::Receiver<()>) {
    let wall = setup.limits.wall;
    let most = wall.saturating_mul(PATIENCE);
    let pause = wall.clamp(Duration::from_millis(10), Duration::from_secs(1));
    while gone.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
        for lane in lanes {
            if let Some(generation) = lane.replace(most, wall) {
                // Without a thread the lane stands still; the next round finds its calls unanswered.
                if spawn(setup.clone(), Arc::clone(lane), generation).is_err() {
                    lane.close();
                }
            }
        }
    }
}

/// A connection on its script thread. Dropping it frees its state and answers its calls that have not ended.
pub struct ScriptConnection {
    lane: Arc<Lane>,
    opening: Arc<Opening>,
    waiting: usize,
}

impl ScriptConnection {
    /// Runs a script on a message. The calls of a connection run one after another, in the order of this method's
    /// calls; while one waits, those of other connections run. `done` is called once, on a script thread, and
    /// must return at once.
    pub fn call(&self, script: &Script, input: Input, done: impl FnOnce(Outcome) + Send + 'static) {
        let limit = self.waiting;
        if self.opening.outstanding.fetch_add(1, Ordering::Relaxed) > limit {
            self.opening.outstanding.fetch_sub(1, Ordering::Relaxed);
            return done(Outcome::failed(ScriptError::TooManyWaiting { limit }));
        }
        let opening = Arc::clone(&self.opening);
        let waiter = Waiter::Call(Box::new(move |outcome| {
            opening.outstanding.fetch_sub(1, Ordering::Relaxed);
            done(outcome);
        }));
        let (opening, script) = (Arc::clone(&self.opening), script.clone());
        self.lane.push_for(waiter, |ticket| {
            Command::Call(Call {
                ticket,
                opening,
                script,
                input,
            })
        });
    }

    /// Asks for the connection's state as JSON: nothing while there is none, or if it cannot be written within
    /// the limits of a call. `done` is called once, on a script thread, and must return at once.
    pub fn state_json(&self, done: impl FnOnce(Option<Value>) + Send + 'static) {
        let opening = Arc::clone(&self.opening);
        let waiter = Waiter::State(Box::new(done));
        self.lane
            .push_for(waiter, |ticket| Command::State { ticket, opening });
    }
}

impl fmt::Debug for ScriptConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptConnection")
            .field("id", &self.opening.facts.id)
            .finish_non_exhaustive()
    }
}

impl Drop for ScriptConnection {
    fn drop(&mut self) {
        self.lane.push(Command::Forget(self.opening.key));
    }
}
