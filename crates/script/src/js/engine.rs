//! One QuickJS runtime and its one context pass through here: a call goes in, an outcome or a waiting flight comes out.
//!
//! A call runs in slices: the first when it begins, one more for each answer it waited for. Every slice ends with
//! an empty job queue, so what is in the queue always belongs to the call whose slice it is.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rquickjs::context::EvalOptions;
use rquickjs::{
    Coerced, Context, Ctx, Error, Exception, Function, Persistent, Promise, Result, Runtime, Value,
};

use super::deadline::Deadline;
use super::fault::error_of;
use super::lockdown::{Intrinsics, lock_down};
use super::message::arguments;
use super::outcome::Returned;
use super::reserve::Reserve;
use super::script::ScriptKind;
use super::turn::{Running, Seat, Turn};
use super::value::from_json;
use super::{Input, Outcome, Payload, Script, ScriptError, names};

/// Memory beyond the limit in which the states of an engine that has to go are written down.
const SAVING_BYTES: usize = 4 * 1024 * 1024;

/// What has become of a call after one of its slices.
pub(super) enum Progress {
    Done(Outcome),
    Waiting(Flight),
}

/// A call that waits for an answer.
pub(super) struct Flight {
    promise: Persistent<Promise<'static>>,
    script: Script,
    running: Running,
    pub(super) until: Instant,
}

impl Flight {
    pub(super) fn seat(&self) -> &Rc<Seat> {
        &self.running.seat
    }

    /// The outcome of a call that is given up while it waits.
    pub(super) fn abandon(self, error: ScriptError) -> Outcome {
        outcome(self.running, Err(error))
    }
}

/// An engine. Everything that belongs to its runtime is let go before the runtime, by the order of the fields.
pub(super) struct Engine {
    compiled: HashMap<u64, (Script, Persistent<Function<'static>>)>,
    turn: Rc<Turn>,
    deadline: Deadline,
    reserve: Reserve,
    spoiled: bool,
    context: Context,
    runtime: Runtime,
}

impl Engine {
    pub(super) fn new(turn: Turn, stop: Arc<AtomicBool>) -> Result<Self> {
        let turn = Rc::new(turn);
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(turn.limits.memory_bytes);
        runtime.set_max_stack_size(turn.limits.stack_bytes);
        let deadline = Deadline::new();
        let watched = deadline.clone();
        let reserve = Reserve::default();
        let held = reserve.clone();
        let over = move || {
            let over = watched.is_over() || stop.load(Ordering::Relaxed);
            if over {
                held.release();
            }
            over
        };
        runtime.set_interrupt_handler(Some(Box::new(over)));
        let context = Context::custom::<Intrinsics>(&runtime)?;
        context.with(|ctx| {
            names::define(&ctx, &turn)?;
            turn.equip(lock_down(&ctx)?);
            Ok::<_, Error>(())
        })?;
        Ok(Self {
            compiled: HashMap::new(),
            turn,
            deadline,
            reserve,
            spoiled: false,
            context,
            runtime,
        })
    }

    /// Whether the engine ran out of memory or cannot be stopped and has to be thrown away.
    pub(super) fn is_spoiled(&self) -> bool {
        self.spoiled
    }

    /// Runs the first slice of a call.
    pub(super) fn begin(&mut self, running: Running, script: &Script, input: Input) -> Progress {
        let until = Instant::now() + self.turn.limits.wall;
        let context = self.context.clone();
        let progress = context.with(|ctx| {
            self.turn.enter(running);
            self.deadline.set_at(until);
            let started = self
                .reserve
                .fill(&ctx)
                .and_then(|()| self.function(&ctx, script))
                .and_then(|function| {
                    function.call_arg(arguments(&ctx, &self.turn, script.kind(), input)?)
                });
            let promise: Promise = match started {
                Ok(promise) => promise,
                Err(error) => return self.end(&ctx, script, Err(error)),
            };
            self.proceed(&ctx, promise, script, until)
        });
        self.look_behind();
        progress
    }

    /// Runs the slice that follows an answer.
    pub(super) fn resume(
        &mut self,
        mut flight: Flight,
        wait: u64,
        answer: std::result::Result<serde_json::Value, String>,
    ) -> Progress {
        let Some(settle) = flight.running.waits.remove(&wait) else {
            return Progress::Waiting(flight);
        };
        let Flight {
            promise,
            script,
            running,
            until,
        } = flight;
        let context = self.context.clone();
        let progress = context.with(|ctx| {
            self.turn.enter(running);
            self.deadline.set_at(until);
            let filled = self.reserve.fill(&ctx);
            let settled = filled.and_then(|()| match answer {
                Ok(value) => from_json(&ctx, &value)
                    .and_then(|value| settle.resolve.restore(&ctx)?.call::<_, ()>((value,))),
                Err(text) => Exception::from_message(ctx.clone(), &text)
                    .and_then(|error| settle.reject.restore(&ctx)?.call::<_, ()>((error,))),
            });
            match settled.and_then(|()| promise.restore(&ctx)) {
                Ok(promise) => self.proceed(&ctx, promise, &script, until),
                Err(error) => self.end(&ctx, &script, Err(error)),
            }
        });
        self.look_behind();
        progress
    }

    /// Gives the engine a little more memory: enough to write down one state after the other when it is
    /// full. A state that does not fit is lost, which is that of whoever has filled it.
    pub(super) fn relax(&self) {
        let limit = self.turn.limits.memory_bytes.saturating_add(SAVING_BYTES);
        self.runtime.set_memory_limit(limit);
    }

    /// The state of a connection as JSON, if it can be written within `time` and has not more than `most` bytes.
    pub(super) fn state_json(
        &mut self,
        seat: &Seat,
        time: Duration,
        most: usize,
    ) -> Option<serde_json::Value> {
        let context = self.context.clone();
        let state = context.with(|ctx| {
            self.deadline.set(time);
            let write = || -> Result<Option<String>> {
                self.reserve.fill(&ctx)?;
                let json = ctx.json_stringify(seat.state(&ctx)?)?;
                let json = json.map(|json| self.turn.text_within(&ctx, json.into_value(), most));
                json.transpose()
            };
            let written = write();
            ctx.catch();
            self.run_jobs(&ctx);
            self.deadline.clear();
            written
                .ok()
                .flatten()
                .and_then(|json| serde_json::from_str(&json).ok())
        });
        self.look_behind();
        state
    }

    /// The compiled script. Scripts that no plan holds any more are forgotten when a new one comes.
    fn function<'js>(&mut self, ctx: &Ctx<'js>, script: &Script) -> Result<Function<'js>> {
        if let Some((_, function)) = self.compiled.get(&script.id()) {
            return function.clone().restore(ctx);
        }
        self.compiled.retain(|_, (script, _)| script.in_use());
        let mut options = EvalOptions::default();
        options.strict = script.kind().strict();
        options.filename = Some(script.file());
        let function: Function = ctx.eval_with_options(script.program(), options)?;
        let kept = Persistent::save(ctx, function.clone());
        self.compiled.insert(script.id(), (script.clone(), kept));
        Ok(function)
    }

    /// Runs what is to be run, then looks whether the call has come to its end.
    fn proceed<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        promise: Promise<'js>,
        script: &Script,
        until: Instant,
    ) -> Progress {
        self.run_jobs(ctx);
        if self.deadline.is_over() {
            return self.end(ctx, script, Err(Error::Exception));
        }
        match promise.result::<Value>() {
            Some(result) => {
                let returned = result.and_then(|value| self.returned(ctx, script, value));
                self.end(ctx, script, returned)
            }
            None => self.wait(ctx, promise, script, until),
        }
    }

    fn wait<'js>(
        &mut self,
        ctx: &Ctx<'js>,
        promise: Promise<'js>,
        script: &Script,
        until: Instant,
    ) -> Progress {
        self.deadline.clear();
        let Some(running) = self.turn.leave() else {
            return Progress::Done(Outcome::failed(ScriptError::EngineLost));
        };
        if running.waits.is_empty() {
            return Progress::Done(outcome(running, Err(ScriptError::NeverSettles)));
        }
        Progress::Waiting(Flight {
            promise: Persistent::save(ctx, promise),
            script: script.clone(),
            running,
            until,
        })
    }

    fn returned<'js>(
        &self,
        ctx: &Ctx<'js>,
        script: &Script,
        value: Value<'js>,
    ) -> Result<Returned> {
        if script.kind() == ScriptKind::When {
            return value
                .get::<Coerced<bool>>()
                .map(|truth| Returned::Truth(truth.0));
        }
        Ok(match self.turn.payload(ctx, value)? {
            None => Returned::Nothing,
            Some(Payload::Text(text)) => Returned::Text(text),
            Some(Payload::Binary(bytes)) => Returned::Binary(bytes),
        })
    }

    /// Ends the turn of a call with its result, or with the exception that is pending.
    fn end(&mut self, ctx: &Ctx<'_>, script: &Script, result: Result<Returned>) -> Progress {
        let limits = &self.turn.limits;
        let mut result = result.map_err(|error| match error {
            _ if self.deadline.is_over() => ScriptError::Timeout { limit: limits.wall },
            Error::Exception | Error::Unknown => error_of(ctx, &ctx.catch(), script, limits),
            Error::Allocation => ScriptError::OutOfMemory {
                limit: limits.memory_bytes,
            },
            other => ScriptError::Thrown {
                message: other.to_string(),
                line: None,
                column: None,
            },
        });
        ctx.catch();
        self.run_jobs(ctx);
        if self.deadline.is_over() {
            result = Err(ScriptError::Timeout {
                limit: self.turn.limits.wall,
            });
        }
        self.deadline.clear();
        let Some(running) = self.turn.leave() else {
            return Progress::Done(Outcome::failed(ScriptError::EngineLost));
        };
        self.spoiled |= matches!(result, Err(ScriptError::OutOfMemory { .. }));
        Progress::Done(outcome(running, result))
    }

    /// Runs jobs until there are none, or the time is over.
    fn run_jobs(&self, ctx: &Ctx<'_>) {
        while !self.deadline.is_over() && ctx.execute_pending_job() {}
    }

    /// Looks whether a slice that was stopped has left jobs behind. They cannot be taken from the engine, and would
    /// run in the turn of another call.
    fn look_behind(&mut self) {
        self.spoiled |= self.runtime.is_job_pending();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.turn.strip();
        self.reserve.release();
    }
}

fn outcome(running: Running, result: std::result::Result<Returned, ScriptError>) -> Outcome {
    Outcome {
        effects: running.effects,
        refused: running.refused,
        result: match running.over {
            Some(over) => Err(over),
            None => result,
        },
        state_lost: false,
    }
}
