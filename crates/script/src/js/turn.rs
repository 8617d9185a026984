//! The call that is running right now: host functions ask here whose they are and leave their effects here.
//!
//! Every name a script sees is one frozen object for all connections of a thread. Which connection it speaks for
//! is decided by the turn: the worker enters a call before any of its code runs and leaves it when the engine
//! has nothing more to do for it, so code of one call never runs in the turn of another.

use std::cell::{Ref, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use rquickjs::{Ctx, Error, Exception, Function, Object, Persistent, Result, Value};

use super::facts::Opening;
use super::lane::{Lane, Ticket};
use super::lockdown::Tools;
use super::outcome::Effect;
use super::value::{Refused, from_json, payload, text_of};
use super::{Host, Payload, ScriptError, ScriptLimits};

/// A connection as its script thread knows it.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) opening: Arc<Opening>,
    /// The state, once something has been assigned to it.
    state: RefCell<Option<Persistent<Value<'static>>>>,
}

/// How a waiting promise is settled.
#[derive(Debug)]
pub(super) struct Settle {
    pub(super) resolve: Persistent<Function<'static>>,
    pub(super) reject: Persistent<Function<'static>>,
}

/// A call with what it has caused so far.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) ticket: Ticket,
    pub(super) seat: Rc<Seat>,
    pub(super) effects: Vec<Effect>,
    pub(super) refused: usize,
    pub(super) bytes: usize,
    /// The limit it ran into. Decides the outcome, even if the script catches the exception.
    pub(super) over: Option<ScriptError>,
    pub(super) waits: HashMap<u64, Settle>,
    next_wait: u64,
}

impl Running {
    pub(super) fn new(ticket: Ticket, seat: Rc<Seat>) -> Self {
        Self {
            ticket,
            seat,
            effects: Vec::new(),
            refused: 0,
            bytes: 0,
            over: None,
            waits: HashMap::new(),
            next_wait: 0,
        }
    }
}

/// The turn of one engine.
pub(super) struct Turn {
    pub(super) host: Arc<dyn Host>,
    pub(super) limits: ScriptLimits,
    pub(super) lane: Arc<Lane>,
    running: RefCell<Option<Running>>,
    tools: RefCell<Option<Tools>>,
}

impl Turn {
    pub(super) fn new(host: Arc<dyn Host>, limits: ScriptLimits, lane: Arc<Lane>) -> Self {
        Self {
            host,
            limits,
            lane,
            running: RefCell::new(None),
            tools: RefCell::new(None),
        }
    }

    pub(super) fn enter(&self, running: Running) {
        self.running.replace(Some(running));
    }

    pub(super) fn leave(&self) -> Option<Running> {
        self.running.take()
    }

    pub(super) fn equip(&self, tools: Tools) {
        self.tools.replace(Some(tools));
    }

    /// Lets go of everything that belongs to the engine.
    pub(super) fn strip(&self) {
        self.running.take();
        self.tools.take();
    }

    pub(super) fn tools(&self, ctx: &Ctx<'_>) -> Result<Tools> {
        self.tools.borrow().clone().ok_or_else(|| nobody(ctx))
    }

    /// The connection that is running.
    pub(super) fn seat(&self, ctx: &Ctx<'_>) -> Result<Rc<Seat>> {
        let running = self.running.borrow();
        running
            .as_ref()
            .map(|running| Rc::clone(&running.seat))
            .ok_or_else(|| nobody(ctx))
    }

    /// What the call has caused so far.
    pub(super) fn effects(&self) -> Ref<'_, [Effect]> {
        Ref::map(self.running.borrow(), |running| {
            running.as_ref().map_or(&[][..], |running| &running.effects)
        })
    }

    /// Adds an effect, or throws because the call has had its share.
    pub(super) fn push(&self, ctx: &Ctx<'_>, effect: Effect) -> Result<()> {
        let mut running = self.running.borrow_mut();
        let running = running.as_mut().ok_or_else(|| nobody(ctx))?;
        let actual = running.bytes + effect.bytes();
        let over = if running.effects.len() >= self.limits.effects {
            Some(ScriptError::TooManyEffects {
                limit: self.limits.effects,
            })
        } else if actual > self.limits.output_bytes {
            Some(ScriptError::OutputTooLong {
                limit: self.limits.output_bytes,
                actual,
            })
        } else {
            None
        };
        if let Some(over) = over {
            running.refused += 1;
            return Err(refuse(ctx, running, over));
        }
        running.bytes = actual;
        running.effects.push(effect);
        Ok(())
    }

    /// A value as a message that still fits, or an exception.
    pub(super) fn payload<'js>(
        &self,
        ctx: &Ctx<'js>,
        value: Value<'js>,
    ) -> Result<Option<Payload>> {
        let found = payload(ctx, &self.tools(ctx)?, value, self.room());
        found.map_err(|refused| self.thrown(ctx, refused))
    }

    /// A string that still fits as text, or an exception.
    pub(super) fn text<'js>(&self, ctx: &Ctx<'js>, text: Value<'js>) -> Result<String> {
        let found = text_of(ctx, &self.tools(ctx)?, text, self.room());
        found.map_err(|refused| self.thrown(ctx, refused))
    }

    /// A string of at most `most` bytes as text, for the host's own use.
    pub(super) fn text_within<'js>(
        &self,
        ctx: &Ctx<'js>,
        text: Value<'js>,
        most: usize,
    ) -> Result<String> {
        text_of(ctx, &self.tools(ctx)?, text, most).map_err(|refused| match refused {
            Refused::Threw(error) => error,
            Refused::TooLong(actual) => {
                let text =
                    format!("a text of {actual} units is too long, the limit is {most} bytes");
                Exception::throw_range(ctx, &text)
            }
        })
    }

    /// The bytes the call may still put out.
    fn room(&self) -> usize {
        let running = self.running.borrow();
        let used = running.as_ref().map_or(0, |running| running.bytes);
        self.limits.output_bytes.saturating_sub(used)
    }

    fn thrown(&self, ctx: &Ctx<'_>, refused: Refused) -> Error {
        match refused {
            Refused::Threw(error) => error,
            Refused::TooLong(more) => {
                let mut running = self.running.borrow_mut();
                let Some(running) = running.as_mut() else {
                    return nobody(ctx);
                };
                running.refused += 1;
                let limit = self.limits.output_bytes;
                let actual = running.bytes.saturating_add(more);
                refuse(ctx, running, ScriptError::OutputTooLong { limit, actual })
            }
        }
    }

    /// Registers a promise that the host will settle; its number comes back with the answer.
    pub(super) fn wait(&self, ctx: &Ctx<'_>, settle: Settle) -> Result<(Ticket, u64)> {
        let mut running = self.running.borrow_mut();
        let running = running.as_mut().ok_or_else(|| nobody(ctx))?;
        let limit = self.limits.awaits;
        if running.waits.len() >= limit {
            return Err(refuse(ctx, running, ScriptError::TooManyAwaits { limit }));
        }
        running.next_wait += 1;
        running.waits.insert(running.next_wait, settle);
        Ok((running.ticket, running.next_wait))
    }
}

fn refuse(ctx: &Ctx<'_>, running: &mut Running, over: ScriptError) -> Error {
    let text = over.to_string();
    running.over.get_or_insert(over);
    Exception::throw_range(ctx, &text)
}

fn nobody(ctx: &Ctx<'_>) -> Error {
    Exception::throw_type(ctx, "there is no connection to speak for")
}

impl Seat {
    pub(super) fn new(opening: Arc<Opening>) -> Self {
        Self {
            opening,
            state: RefCell::new(None),
        }
    }

    /// `connection.state`: `undefined` until something was assigned, unless the connection started with a state.
    pub(super) fn state<'js>(&self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        let held = self.state.borrow().clone();
        if let Some(state) = held {
            return state.restore(ctx);
        }
        let start = self
            .opening
            .start
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(start) = start else {
            return Ok(Value::new_undefined(ctx.clone()));
        };
        let state = from_json(ctx, &start)?;
        self.set_state(ctx, state.clone());
        Ok(state)
    }

    /// `state`: an empty object on first touch.
    pub(super) fn state_object<'js>(&self, ctx: &Ctx<'js>) -> Result<Value<'js>> {
        let state = self.state(ctx)?;
        if !state.is_undefined() {
            return Ok(state);
        }
        let state = Object::new(ctx.clone())?.into_value();
        self.set_state(ctx, state.clone());
        Ok(state)
    }

    pub(super) fn set_state<'js>(&self, ctx: &Ctx<'js>, state: Value<'js>) {
        self.opening.touched.store(true, Ordering::Relaxed);
        self.state.replace(Some(Persistent::save(ctx, state)));
    }

    /// Whether a script holds the state in its engine.
    pub(super) fn is_touched(&self) -> bool {
        self.state.borrow().is_some()
    }
}
