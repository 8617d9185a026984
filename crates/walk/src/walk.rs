//! One walk passes through here: a machine with its seed, and what of it is remembered between steps.

use std::sync::Arc;
use std::time::Instant;

use sockeye_model::machine::{Compat, Frozen, Machine, Options, Step, WalkError};
use sockeye_model::{Element, Suite};
use sockeye_script::js::ScopeLimits;

use crate::card::Card;
use crate::limits::LIGHT_SCRIPT_BYTES;

/// A machine that is being walked.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) machine: Machine,
    pub(crate) card: Arc<Card>,
    origin: Origin,
    began: Instant,
    data: Known,
}

/// What a walk began with, and begins with again.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) suite: Arc<Suite>,
    pub(crate) seed: i64,
    /// A script for the global scope.
    pub(crate) globals: Option<String>,
    /// Whether it runs on an I/O thread.
    pub(crate) is_light: bool,
    /// Whose habits it keeps.
    pub(crate) compat: Compat,
}

/// A walk on its way to another thread.
#[derive(Debug)]
pub(crate) struct PackedWalk {
    frozen: Frozen,
    card: Arc<Card>,
    origin: Origin,
    began: Instant,
}

/// Variables as they were last shown: of which model, and whether they may have changed since.
#[derive(Debug, Default)]
struct Known {
    model: Option<usize>,
    pairs: Vec<(String, String)>,
    /// Guards may change variables, too.
    has_guards: bool,
}

impl Origin {
    fn limits(&self) -> ScopeLimits {
        let mut limits = ScopeLimits::default();
        if self.is_light {
            limits.memory_bytes = LIGHT_SCRIPT_BYTES;
        }
        limits
    }

    /// A machine before its first step.
    pub(crate) fn machine(&self) -> Result<Machine, WalkError> {
        let options = Options {
            scripts: self.limits(),
            globals: self.globals.as_deref().map(Into::into),
            compat: self.compat,
            ..Options::default()
        };
        Machine::with_options(Arc::clone(&self.suite), self.seed, &options)
    }
}

impl Walk {
    pub(crate) fn new(machine: Machine, card: Arc<Card>, origin: Origin) -> Self {
        let mut edges = origin.suite.models.iter().flat_map(|model| &model.edges);
        let has_guards = edges.any(|edge| edge.guard.is_some());
        Self {
            machine,
            card,
            origin,
            began: Instant::now(),
            data: Known {
                has_guards,
                ..Known::default()
            },
        }
    }

    pub(crate) fn seed(&self) -> i64 {
        self.origin.seed
    }

    /// Begins anew with the same seed: variables, requirements and generators included.
    pub(crate) fn restart(&mut self) -> Result<(), WalkError> {
        self.machine = self.origin.machine()?;
        self.began = Instant::now();
        self.data.model = None;
        self.card.reset();
        Ok(())
    }

    pub(crate) fn has_next(&mut self) -> Result<bool, WalkError> {
        self.machine.set_elapsed(self.began.elapsed());
        let result = self.machine.has_next();
        if let Err(error) = &result {
            self.card.failed(&error.to_string());
        }
        for model in 0..self.origin.suite.models.len().min(MODELS_LOOKED_AT) {
            self.card.judged(model, &self.machine);
        }
        result
    }

    pub(crate) fn step(&mut self) -> Result<(Step, f64), WalkError> {
        self.machine.set_elapsed(self.began.elapsed());
        let result = self.machine.step();
        let step = match result {
            Ok(step) => step,
            Err(error) => {
                self.data.model = None;
                self.card.judged(self.machine.model(), &self.machine);
                self.card.failed(&error.to_string());
                return Err(error);
            }
        };
        let actions = self.origin.suite.models[step.model].actions_of(step.element);
        if self.data.has_guards || !actions.is_empty() {
            self.data.model = None;
        }
        let fulfilment = self.machine.fulfilment();
        self.card.stepped(step, &self.machine, fulfilment);
        Ok((step, fulfilment))
    }

    /// The variables of the current model.
    pub(crate) fn data(&mut self) -> Result<&[(String, String)], WalkError> {
        let model = self.machine.model();
        if self.data.model != Some(model) {
            self.data.pairs = self.machine.data()?;
            self.data.model = Some(model);
        }
        Ok(&self.data.pairs)
    }

    pub(crate) fn set_data(&mut self, script: &str) -> Result<(), WalkError> {
        self.data.model = None;
        self.machine.set_data(script)
    }

    /// Ids of a step's model and element, and the element's name.
    pub(crate) fn ids(&self, step: Step) -> (&str, &str, Option<&str>) {
        let model = &self.origin.suite.models[step.model];
        let element: Element = step.element;
        (&model.id, model.id_of(element), model.name_of(element))
    }

    pub(crate) fn suite(&self) -> &Arc<Suite> {
        &self.origin.suite
    }

    /// Adds models behind its own, which stay where they are.
    pub(crate) fn extend(&mut self, suite: Arc<Suite>) -> Result<(), WalkError> {
        self.machine.extend(Arc::clone(&suite))?;
        self.origin.suite = suite;
        self.data.model = None;
        Ok(())
    }

    /// Counts visits anew, from where the walk stands.
    pub(crate) fn recount(&mut self) {
        self.machine.forget_visits();
        self.card.reset();
        for model in 0..self.origin.suite.models.len() {
            self.card.judged(model, &self.machine);
        }
    }

    pub(crate) fn pack(self) -> Result<PackedWalk, WalkError> {
        Ok(PackedWalk {
            frozen: self.machine.freeze()?,
            card: self.card,
            origin: self.origin,
            began: self.began,
        })
    }
}

/// Models whose status is looked at with each question for more steps; the others are seen when they are stepped.
const MODELS_LOOKED_AT: usize = 16;

impl PackedWalk {
    pub(crate) fn card(&self) -> Arc<Card> {
        Arc::clone(&self.card)
    }

    /// The walk again, on this thread.
    pub(crate) fn unpack(mut self, is_light: bool) -> Result<Walk, WalkError> {
        self.origin.is_light = is_light;
        let machine = self.frozen.thaw(self.origin.limits())?;
        let mut walk = Walk::new(machine, self.card, self.origin);
        walk.began = self.began;
        Ok(walk)
    }
}
