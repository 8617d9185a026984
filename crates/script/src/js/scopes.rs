//! Guards and actions of models pass through here: script after script in scopes that remember, at once and in order.
//!
//! A walk asks and waits: there are no effects, no host and no promises to wait for. Each set of scopes is an engine of
//! its own, in the same box as everything else: bounded in time, memory and stack, without file, network or process.
//! Its built-in objects belong to the scripts, which may change them.

mod limits;
mod plain;
mod scope;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rquickjs::{Context, Ctx, Error, Persistent, Result, Runtime, Value};
use thiserror::Error as ThisError;

use super::deadline::Deadline;
use super::fault::thrown_text;
use super::lockdown::Intrinsics;
use super::reserve::Reserve;
pub use limits::ScopeLimits;
use plain::{Plain, Value as PlainValue};
use scope::{Ran, Scope};

/// Why a script of a scope has no result.
#[derive(Clone, Debug, PartialEq, Eq, ThisError)]
pub enum ScopeError {
    /// It threw: the error's name and message, or the thrown value as text.
    #[error("{0}")]
    Thrown(String),
    /// A guard gave something that is neither true nor false.
    #[error("a guard must be true or false, this one is {0}")]
    NotBoolean(String),
    /// It did not come to an end in time.
    #[error("the script did not end within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The scopes together filled their memory; none of their scripts runs any more.
    #[error("the scripts need more than {0} bytes of memory")]
    OutOfMemory(usize),
}

/// The scopes of one walk: a number of local ones, and a global one that all of them see.
///
/// A text with `global.` in it runs in the global scope, without these letters; other texts run in their own scope, where
/// `global` is the object of the global one. Engine and scopes are made when the first script runs that is more than sums and
/// comparisons of numbers and texts; until then variables are kept without one.
pub struct Scopes {
    // What belongs to the runtime is let go before the runtime, by the order of the fields.
    made: HashMap<usize, Scope>,
    deadline: Deadline,
    reserve: Reserve,
    runtime: Option<Runtime>,
    /// All variables until there is an engine.
    plain: Plain,
    /// When the first script of this step ran in the engine.
    began: Option<Instant>,
    limits: ScopeLimits,
    seed: u32,
    lost: bool,
}

/// Scopes on their way to another thread, where [`Self::unpack`] makes them again.
///
/// There was no engine, which cannot go: they are variables, and texts with what they mean.
#[derive(Debug)]
pub struct PackedScopes {
    plain: Plain,
    seed: u32,
}

/// The key of the global scope.
const GLOBAL: usize = usize::MAX;
/// So many scripts of a step may take all of their time.
const SCRIPTS_OF_A_STEP: u32 = 10;
/// What sends a text into the global scope.
const MARK: &str = "global.";

impl std::fmt::Debug for Scopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let made = self.made.len();
        f.debug_struct("Scopes")
            .field("made", &made)
            .finish_non_exhaustive()
    }
}

impl Scopes {
    /// No scopes yet. The same `seed` gives the same numbers of `Math.random`.
    pub fn new(limits: ScopeLimits, seed: u32) -> Self {
        Self {
            made: HashMap::new(),
            deadline: Deadline::new(),
            reserve: Reserve::default(),
            runtime: None,
            plain: Plain::default(),
            began: None,
            limits: limits.clamped(),
            seed,
            lost: false,
        }
    }

    /// Whether an engine has the variables: a script has run, or has failed, that was more than sums and comparisons.
    pub fn has_engine(&self) -> bool {
        self.runtime.is_some() || self.lost
    }

    /// Takes the scopes from their thread. None: an engine has the variables, and nothing has changed.
    pub fn pack(&mut self) -> Option<PackedScopes> {
        (!self.has_engine()).then(|| PackedScopes {
            plain: std::mem::take(&mut self.plain),
            seed: self.seed,
        })
    }

    /// A step begins: all scripts until the next one have ten times the time of a single one together.
    pub fn begin(&mut self) {
        self.began = None;
    }

    /// Runs a text for what it does.
    pub fn run(&mut self, scope: usize, text: &str) -> std::result::Result<(), ScopeError> {
        if self.plainly(scope, text).is_some() {
            return Ok(());
        }
        self.perform(scope, text, |scope, ctx, text| {
            scope.run(ctx, text).map(|_| Ran::Nothing)
        })
        .map(drop)
    }

    /// Runs a text for its value, which must be true or false.
    pub fn test(&mut self, scope: usize, text: &str) -> std::result::Result<bool, ScopeError> {
        match self.plainly(scope, text) {
            Some(PlainValue::Truth(truth)) => return Ok(truth),
            Some(other) => return Err(ScopeError::NotBoolean(other.show())),
            None => {}
        }
        let ran = self.perform(scope, text, |scope, ctx, text| {
            let value = scope.value(ctx, text)?;
            match value.as_bool() {
                Some(truth) => Ok(Ran::Truth(truth)),
                None => scope.show(ctx, value).map(Ran::Text),
            }
        })?;
        match ran {
            Ran::Truth(truth) => Ok(truth),
            Ran::Text(shown) => Err(ScopeError::NotBoolean(shown)),
            _ => Ok(false),
        }
    }

    /// Looks whether a text is a script, without running it.
    pub fn parse(&mut self, text: &str) -> std::result::Result<(), ScopeError> {
        self.perform(0, text, |_, ctx, text| {
            scope::parse(ctx, text).map(|()| Ran::Nothing)
        })
        .map(drop)
    }

    /// The variables of a scope with the texts that stand for their values, in the order they came to be.
    pub fn data(&mut self, scope: usize) -> std::result::Result<Vec<(String, String)>, ScopeError> {
        if self.runtime.is_none() {
            return Ok(self.plain.data(scope));
        }
        if !self.made.contains_key(&scope) {
            return Ok(Vec::new());
        }
        match self.perform(scope, "", |scope, ctx, _| scope.data(ctx).map(Ran::Data))? {
            Ran::Data(found) => Ok(found),
            _ => Ok(Vec::new()),
        }
    }

    /// Runs a text without an engine. None: it needs one, or there is one already.
    fn plainly(&mut self, scope: usize, text: &str) -> Option<PlainValue> {
        if self.has_engine() {
            return None;
        }
        if text.contains(MARK) {
            return self.plain.run(GLOBAL, &text.replace(MARK, ""));
        }
        self.plain.run(scope, text)
    }

    fn perform(
        &mut self,
        scope: usize,
        text: &str,
        act: impl for<'js> FnOnce(&mut Scope, &Ctx<'js>, &str) -> Result<Ran>,
    ) -> std::result::Result<Ran, ScopeError> {
        // From now on variables are the engine's.
        for (of, assignment) in self.plain.take() {
            self.engage(of, &assignment, |scope, ctx, text| {
                scope.run(ctx, text).map(|_| Ran::Nothing)
            })?;
        }
        self.engage(scope, text, act)
    }

    fn engage(
        &mut self,
        scope: usize,
        text: &str,
        act: impl for<'js> FnOnce(&mut Scope, &Ctx<'js>, &str) -> Result<Ran>,
    ) -> std::result::Result<Ran, ScopeError> {
        let full = ScopeError::OutOfMemory(self.limits.memory_bytes);
        if self.lost {
            return Err(full);
        }
        let bare = text.contains(MARK).then(|| text.replace(MARK, ""));
        let scope = if bare.is_some() { GLOBAL } else { scope };
        let Ok(context) = self.context(scope) else {
            self.lost = true;
            return Err(full);
        };
        let most = self.limits.wall * SCRIPTS_OF_A_STEP;
        let left = most.saturating_sub(self.began.get_or_insert_with(Instant::now).elapsed());
        if left.is_zero() {
            return Err(ScopeError::Timeout(most));
        }
        let Some(found) = self.made.get_mut(&scope) else {
            return Err(full);
        };
        let (deadline, reserve, limits) = (&self.deadline, &self.reserve, &self.limits);
        let result = context.with(|ctx| {
            deadline.set(limits.wall.min(left));
            let ran = reserve
                .fill(&ctx)
                .and_then(|()| act(found, &ctx, bare.as_deref().unwrap_or(text)));
            let mut result = ran.map_err(|error| error_of(&ctx, &error, limits));
            while !deadline.is_over() && ctx.execute_pending_job() {}
            ctx.catch();
            if deadline.is_over() {
                result = Err(ScopeError::Timeout(limits.wall));
            }
            deadline.clear();
            result
        });
        // A job that was cut off would go on in the middle of another script.
        let is_busy = self.runtime.as_ref().is_some_and(Runtime::is_job_pending);
        self.lost = is_busy || matches!(result, Err(ScopeError::OutOfMemory(_)));
        result
    }

    /// The context of a scope. The global one is made before the first local one.
    fn context(&mut self, scope: usize) -> Result<Context> {
        if let Some(found) = self.made.get(&scope) {
            return Ok(found.context());
        }
        if self.runtime.is_none() {
            self.runtime = Some(self.start()?);
        }
        if scope != GLOBAL {
            self.context(GLOBAL)?;
        }
        let Some(runtime) = &self.runtime else {
            return Err(Error::Allocation);
        };
        let context = Context::custom::<Intrinsics>(runtime)?;
        let global = self.made.get(&GLOBAL).map(Scope::context);
        let global = global
            .map(|global| global.with(|ctx| Persistent::save(&ctx, ctx.globals().into_value())));
        self.deadline.set(self.limits.wall);
        let made = Scope::new(&context, global, self.seed)?;
        self.made.insert(scope, made);
        Ok(context)
    }

    fn start(&self) -> Result<Runtime> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(self.limits.memory_bytes);
        runtime.set_max_stack_size(self.limits.stack_bytes);
        let (deadline, reserve) = (self.deadline.clone(), self.reserve.clone());
        let over = move || {
            let over = deadline.is_over();
            if over {
                reserve.release();
            }
            over
        };
        runtime.set_interrupt_handler(Some(Box::new(over)));
        Ok(runtime)
    }
}

impl PackedScopes {
    /// The scopes again, with these bounds for an engine that they may come to need.
    pub fn unpack(self, limits: ScopeLimits) -> Scopes {
        let mut scopes = Scopes::new(limits, self.seed);
        scopes.plain = self.plain;
        scopes
    }
}

impl Drop for Scopes {
    fn drop(&mut self) {
        self.reserve.release();
    }
}

fn error_of(ctx: &Ctx<'_>, error: &Error, limits: &ScopeLimits) -> ScopeError {
    let full = ScopeError::OutOfMemory(limits.memory_bytes);
    if matches!(error, Error::Allocation) {
        return full;
    }
    if !matches!(error, Error::Exception | Error::Unknown) {
        return ScopeError::Thrown(error.to_string());
    }
    let thrown: Value<'_> = ctx.catch();
    // At its limit the engine cannot always make the error that says so, and throws `null`.
    if thrown.is_null() {
        return full;
    }
    match thrown_text(ctx, &thrown) {
        text if text == "InternalError: out of memory" => full,
        text => ScopeError::Thrown(text),
    }
}
