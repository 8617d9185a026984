//! One script thread passes commands through here: calls, the answers they wait for, questions about a state.

use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;
use std::{io, thread};

use serde_json::Value;

use super::engine::{Engine, Flight, Progress};
use super::facts::Opening;
use super::lane::{Call, Command, Lane, Next, Ticket, Waiter};
use super::turn::{Running, Seat, Turn};
use super::{Host, Outcome, ScriptError, ScriptLimits};

/// Stack of a script thread besides what scripts may use: the engine's own frames and the host's.
const OWN_STACK: usize = 2 * 1024 * 1024;

/// The part of an engine's memory that a state's JSON may have to be carried over to the next engine. In memory a
/// state can be some thirty times as long, and one that fills the engine must not fill the next one as well.
const STATE_SHARE: usize = 256;

/// What every script thread of a pool is given.
#[derive(Clone)]
pub(super) struct Setup {
    pub(super) limits: ScriptLimits,
    pub(super) host: Arc<dyn Host>,
}

/// Starts a thread that serves the lane as the given generation.
pub(super) fn spawn(setup: Setup, lane: Arc<Lane>, generation: u64) -> io::Result<()> {
    let stack = setup.limits.stack_bytes + OWN_STACK;
    let serve = move || {
        let mut generation = Some(generation);
        while let Some(present) = generation {
            let mut worker = Worker::new(setup.clone(), Arc::clone(&lane), present);
            let served = catch_unwind(AssertUnwindSafe(|| worker.serve()));
            drop(worker);
            // A panic of the host or of a callback must not take the lane's other connections with it.
            generation = served.err().and_then(|_| lane.broke_down(present));
        }
    };
    let builder = thread::Builder::new().name("sockeye-script".to_owned());
    builder.stack_size(stack).spawn(serve).map(drop)
}

/// A connection on its thread.
struct Bench {
    seat: Rc<Seat>,
    /// The call that waits for an answer, and keeps the next ones waiting.
    active: Option<Ticket>,
    waiting: VecDeque<Call>,
    state_lost: bool,
}

struct Worker {
    setup: Setup,
    lane: Arc<Lane>,
    generation: u64,
    flights: HashMap<Ticket, Flight>,
    benches: HashMap<u64, Bench>,
    /// When waiting calls run out of time, the earliest first: all have the same time.
    timers: VecDeque<(Instant, Ticket)>,
    /// Calls whose turn has come.
    ready: VecDeque<Call>,
    engine: Option<Engine>,
}

impl Worker {
    fn new(setup: Setup, lane: Arc<Lane>, generation: u64) -> Self {
        Self {
            setup,
            lane,
            generation,
            flights: HashMap::new(),
            benches: HashMap::new(),
            timers: VecDeque::new(),
            ready: VecDeque::new(),
            engine: None,
        }
    }

    fn serve(&mut self) {
        loop {
            while let Some(call) = self.ready.pop_front() {
                self.lane.turn_to(self.generation, call.ticket);
                self.run(call);
            }
            let wake = self.timers.front().map(|(until, _)| *until);
            match self.lane.next(self.generation, wake) {
                Next::Command(command) => self.obey(command),
                Next::Timer => {}
                Next::Leave => return,
            }
            self.expire();
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Call(call) => {
                let bench = self.bench(&call.opening);
                if bench.active.is_some() || !bench.waiting.is_empty() {
                    bench.waiting.push_back(call);
                } else {
                    self.ready.push_back(call);
                }
            }
            Command::Answer {
                ticket,
                wait,
                answer,
            } => self.resume(ticket, wait, answer),
            Command::State { ticket, opening } => self.show_state(ticket, &opening),
            Command::Forget(key) => self.forget(key),
        }
    }

    /// The connection's place on this thread, made when its first command comes.
    fn bench(&mut self, opening: &Arc<Opening>) -> &mut Bench {
        self.benches.entry(opening.key).or_insert_with(|| {
            // A script had the state in its hands, and neither it nor a copy is here.
            let state_lost = opening.touched.swap(false, Ordering::Relaxed);
            Bench {
                seat: Rc::new(Seat::new(Arc::clone(opening))),
                active: None,
                waiting: VecDeque::new(),
                state_lost,
            }
        })
    }

    fn engine(&mut self) -> Option<&mut Engine> {
        if self.engine.is_none() {
            let Setup { limits, host } = self.setup.clone();
            let turn = Turn::new(host, limits, Arc::clone(&self.lane));
            self.engine = Engine::new(turn, self.lane.stop_flag()).ok();
        }
        self.engine.as_mut()
    }

    fn run(&mut self, call: Call) {
        let Call {
            ticket,
            opening,
            script,
            input,
        } = call;
        let seat = Rc::clone(&self.bench(&opening).seat);
        let limit = self.setup.limits.memory_bytes;
        let progress = match self.engine() {
            Some(engine) => engine.begin(Running::new(ticket, seat), &script, input),
            None => Progress::Done(Outcome::failed(ScriptError::OutOfMemory { limit })),
        };
        self.note(ticket, opening.key, progress);
    }

    fn resume(&mut self, ticket: Ticket, wait: u64, answer: Result<Value, String>) {
        // The call may have run out of time meanwhile.
        let Some(flight) = self.flights.remove(&ticket) else {
            return;
        };
        let key = flight.seat().opening.key;
        if let Some(engine) = self.engine.as_mut() {
            let progress = engine.resume(flight, wait, answer);
            self.note(ticket, key, progress);
        }
    }

    fn note(&mut self, ticket: Ticket, key: u64, progress: Progress) {
        match progress {
            Progress::Done(outcome) => self.finish(ticket, key, outcome),
            Progress::Waiting(flight) => {
                if let Some(bench) = self.benches.get_mut(&key) {
                    if bench.active.replace(ticket).is_none() {
                        self.timers.push_back((flight.until, ticket));
                    }
                    self.flights.insert(ticket, flight);
                }
            }
        }
        if self.engine.as_ref().is_some_and(Engine::is_spoiled) {
            self.renew();
        }
    }

    /// Answers for a call and lets the connection's next one begin.
    fn finish(&mut self, ticket: Ticket, key: u64, mut outcome: Outcome) {
        if let Some(bench) = self.benches.get_mut(&key) {
            outcome.state_lost = std::mem::take(&mut bench.state_lost);
            bench.active = None;
            self.ready.extend(bench.waiting.pop_front());
        }
        if let Some(Waiter::Call(done)) = self.lane.waiter(self.generation, ticket) {
            done(outcome);
        }
    }

    /// Gives up the calls whose time is over.
    fn expire(&mut self) {
        let limit = self.setup.limits.wall;
        while let Some((until, ticket)) = self.timers.front().copied() {
            if !self.flights.contains_key(&ticket) {
                self.timers.pop_front();
                continue;
            }
            if until > Instant::now() {
                return;
            }
            self.timers.pop_front();
            self.give_up(ticket, ScriptError::Timeout { limit });
        }
    }

    fn give_up(&mut self, ticket: Ticket, error: ScriptError) {
        if let Some(flight) = self.flights.remove(&ticket) {
            let key = flight.seat().opening.key;
            self.finish(ticket, key, flight.abandon(error));
        }
    }

    fn show_state(&mut self, ticket: Ticket, opening: &Arc<Opening>) {
        let seat = Rc::clone(&self.bench(opening).seat);
        let limits = self.setup.limits.clone();
        let state = if seat.is_touched() {
            self.engine()
                .and_then(|engine| engine.state_json(&seat, limits.wall, limits.output_bytes))
        } else {
            opening
                .start
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        };
        if let Some(Waiter::State(done)) = self.lane.waiter(self.generation, ticket) {
            done(state);
        }
        if self.engine.as_ref().is_some_and(Engine::is_spoiled) {
            self.renew();
        }
    }

    fn forget(&mut self, key: u64) {
        let Some(bench) = self.benches.remove(&key) else {
            return;
        };
        let waiting = bench.waiting.iter().map(|call| call.ticket);
        for ticket in bench.active.into_iter().chain(waiting) {
            self.flights.remove(&ticket);
            if let Some(waiter) = self.lane.waiter(self.generation, ticket) {
                waiter.fail(ScriptError::Closed);
            }
        }
    }

    /// Throws the engine away. The states of its connections go over to the next one as JSON, as far as they can
    /// be written; the calls that wait for an answer are lost.
    fn renew(&mut self) {
        let tickets: Vec<Ticket> = self.flights.keys().copied().collect();
        for ticket in tickets {
            self.give_up(ticket, ScriptError::EngineLost);
        }
        self.timers.clear();
        if let Some(mut engine) = self.engine.take() {
            engine.relax();
            let until = Instant::now() + self.setup.limits.wall;
            let most = self.setup.limits.memory_bytes / STATE_SHARE;
            for bench in self.benches.values_mut() {
                save(&mut engine, bench, until, most);
                bench.seat = Rc::new(Seat::new(Arc::clone(&bench.seat.opening)));
            }
        }
    }
}

fn save(engine: &mut Engine, bench: &mut Bench, until: Instant, most: usize) {
    if !bench.seat.is_touched() {
        return;
    }
    let opening = &bench.seat.opening;
    opening.touched.store(false, Ordering::Relaxed);
    let left = until.saturating_duration_since(Instant::now());
    match engine.state_json(&bench.seat, left, most) {
        Some(state) => {
            *opening.start.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
        }
        None => bench.state_lost = true,
    }
}
