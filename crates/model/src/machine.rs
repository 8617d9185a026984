//! The walk passes through here: one machine, its models one after another or joined, step by step.

mod directed;
mod error;
mod frozen;
mod options;
mod place;
mod shared;
mod statistics;
mod step;

use std::sync::Arc;
use std::time::Duration;

use sockeye_script::js::{ScopeLimits, Scopes};

use crate::condition::Sight;
use crate::generator::Drive;
use crate::graph::Named;
use crate::plan::Plan;
use crate::topology::Node;
use crate::{Element, JavaRandom, Suite};
pub use error::{LeftOut, TornError, WalkError};
pub use frozen::Frozen;
pub use options::{Bound, Bounds, Compat, Options};
pub(crate) use place::Place;
pub use place::{Status, Verdict};
pub use statistics::{Missed, Requirements, Statistics};

/// A model with its state and its generator.
#[derive(Debug)]
struct Lane {
    place: Place,
    drive: Option<Drive>,
}

/// Walks through models.
///
/// The same models, seed and calls give the same elements. Time passes only when [`Self::set_elapsed`] says so.
#[derive(Debug)]
pub struct Machine {
    suite: Arc<Suite>,
    lanes: Vec<Lane>,
    /// The current model.
    at: usize,
    /// The vertex from which the walk came over from another model.
    came_from: Option<(usize, Node)>,
    random: JavaRandom,
    scripts: Scopes,
    /// What the numbers of `Math.random` come from.
    script_seed: u32,
    /// Executions that were begun, and those that came to their end: visits.
    executions: u64,
    total: u64,
    elapsed: Duration,
    bounds: Bounds,
    open: Vec<Node>,
}

/// One step of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The model, as its number in the suite.
    pub model: usize,
    /// The element that was executed.
    pub element: Element,
}

impl Machine {
    /// A machine that stands before the first step. Runs the models' own actions.
    pub fn new(suite: Arc<Suite>, seed: i64) -> Result<Self, WalkError> {
        Self::with_options(suite, seed, &Options::default())
    }

    /// The same with other bounds for guards and actions.
    pub fn with_limits(
        suite: Arc<Suite>,
        seed: i64,
        limits: ScopeLimits,
    ) -> Result<Self, WalkError> {
        Self::with_globals(suite, seed, limits, None)
    }

    /// The same with a script that runs in the global scope before the models' own actions.
    pub fn with_globals(
        suite: Arc<Suite>,
        seed: i64,
        limits: ScopeLimits,
        globals: Option<&str>,
    ) -> Result<Self, WalkError> {
        let options = Options {
            scripts: limits,
            globals: globals.map(Into::into),
            ..Options::default()
        };
        Self::with_options(suite, seed, &options)
    }

    /// The same with everything that can be chosen.
    pub fn with_options(
        suite: Arc<Suite>,
        seed: i64,
        options: &Options,
    ) -> Result<Self, WalkError> {
        let lanes = (0..suite.models.len()).map(|number| lane(&suite, number, options.compat));
        let lanes = lanes.collect::<Result<Vec<_>, _>>()?;
        let at = lanes.iter().position(|lane| lane.place.is_startable());
        let bytes = seed.to_le_bytes();
        let [a, b, c, d, ..] = bytes;
        let script_seed = u32::from_le_bytes([a, b, c, d]);
        let mut machine = Self {
            at: at.ok_or(WalkError::NoStartModel)?,
            lanes,
            came_from: None,
            random: JavaRandom::new(seed),
            scripts: Scopes::new(options.scripts.clone(), script_seed),
            script_seed,
            executions: 0,
            total: 0,
            elapsed: Duration::ZERO,
            bounds: options.bounds,
            open: Vec::new(),
            suite,
        };
        if let Some(globals) = &options.globals {
            let ran = machine.scripts.run(usize::MAX, globals);
            ran.map_err(WalkError::Action)?;
        }
        for (scope, model) in machine.suite.models.iter().enumerate() {
            for action in &model.actions {
                machine
                    .scripts
                    .run(scope, action)
                    .map_err(WalkError::Action)?;
            }
        }
        Ok(machine)
    }

    /// Tells the machine how much time has passed since it was made.
    pub fn set_elapsed(&mut self, elapsed: Duration) {
        self.elapsed = elapsed;
    }

    /// Sets when the walk ends at the latest.
    pub fn set_bounds(&mut self, bounds: Bounds) {
        self.bounds = bounds;
    }

    /// The bound at which the walk has come to its end, if it is over for that.
    pub fn bound(&self) -> Option<Bound> {
        let steps = self.bounds.steps.filter(|steps| self.executions >= *steps);
        let time = self.bounds.time.filter(|time| self.elapsed >= *time);
        steps.map(Bound::Steps).or(time.map(Bound::Time))
    }

    /// The generator of random numbers as it stands: for machines that go on with the numbers of the one before.
    pub fn random(&self) -> &JavaRandom {
        &self.random
    }

    /// Goes on with other random numbers.
    pub fn set_random(&mut self, random: JavaRandom) {
        self.random = random;
    }

    /// Whether there is a model with more steps, and no bound is reached. Marks models as completed, and may go on to
    /// another one.
    pub fn has_next(&mut self) -> Result<bool, WalkError> {
        self.scripts.begin();
        if self.bound().is_some() {
            return Ok(false);
        }
        for number in 0..self.lanes.len() {
            if !self.model_has_next(number)? {
                continue;
            }
            if number != self.at && self.lanes[number].place.is_startable() {
                self.switch_to(number)?;
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Makes one step. It does not ask whether there should be one.
    pub fn step(&mut self) -> Result<Step, WalkError> {
        self.scripts.begin();
        let step = self.choose()?;
        self.perform()?;
        Ok(step)
    }

    /// The first half of a step: goes to the next element, on which nothing is run yet and which does not count as visited.
    pub fn choose(&mut self) -> Result<Step, WalkError> {
        let chosen = self.walk();
        if chosen.is_err() {
            self.fail();
        }
        let node = chosen?;
        Ok(Step {
            model: self.at,
            element: self.lanes[self.at].place.topology.element(node),
        })
    }

    /// The second half: runs what hangs on the element where the walk stands, and counts the visit.
    pub fn perform(&mut self) -> Result<(), WalkError> {
        let place = &self.lanes[self.at].place;
        let node = place.current.ok_or(WalkError::NoStartElement)?;
        self.execute(node)?;
        let place = &mut self.lanes[self.at].place;
        if let Some(last) = place.last.filter(|last| !place.topology.is_vertex(*last)) {
            place.judge(last, Verdict::Passed);
        }
        if place.topology.is_vertex(node) {
            place.judge(node, Verdict::Passed);
        }
        Ok(())
    }

    /// The models that are walked.
    pub fn suite(&self) -> &Arc<Suite> {
        &self.suite
    }

    /// The current model as its number in the suite.
    pub fn model(&self) -> usize {
        self.at
    }

    /// The element the current model stands at.
    pub fn current(&self) -> Option<Element> {
        let place = &self.lanes[self.at].place;
        place.current.map(|node| place.topology.element(node))
    }

    /// The start element of a model that still lies before it.
    pub fn pending(&self, model: usize) -> Option<Element> {
        let place = &self.lanes.get(model)?.place;
        place.next.map(|node| place.topology.element(node))
    }

    /// How a model is doing.
    pub fn status(&self, model: usize) -> Option<Status> {
        self.lanes.get(model).map(|lane| lane.place.status)
    }

    /// How often an element was visited.
    pub fn visits(&self, model: usize, element: Element) -> u32 {
        let place = self.lanes.get(model).map(|lane| &lane.place);
        let visits =
            place.and_then(|place| place.visits.get(place.topology.node(element) as usize));
        visits.copied().unwrap_or_default()
    }

    /// Whether an execution of the element was begun.
    pub fn is_visited(&self, model: usize, element: Element) -> bool {
        let place = self.lanes.get(model).map(|lane| &lane.place);
        place.is_some_and(|place| place.is_visited(place.topology.node(element)))
    }

    /// Visits of all elements of all models.
    pub fn total_visits(&self) -> u64 {
        self.total
    }

    /// How far the present stop condition of the current model is fulfilled; may be more than 1, and is always a number,
    /// unless the reference's faults are wanted ([`Compat::Strict`]).
    pub fn fulfilment(&mut self) -> f64 {
        let Lane { place, drive } = &mut self.lanes[self.at];
        let sight = Sight {
            place,
            total: self.total,
            elapsed: self.elapsed,
            tour: None,
        };
        drive.as_mut().map_or(0.0, |drive| drive.fulfilment(sight))
    }

    /// The variables of the current model with the texts that stand for their values.
    pub fn data(&mut self) -> Result<Vec<(String, String)>, WalkError> {
        self.scripts.begin();
        self.scripts.data(self.at).map_err(WalkError::Action)
    }

    /// Runs a script as an action of the current model.
    pub fn set_data(&mut self, script: &str) -> Result<(), WalkError> {
        self.scripts.begin();
        self.scripts.run(self.at, script).map_err(WalkError::Action)
    }

    /// Gives the requirements of the current step up, and its model with them: what a client calls a failure.
    pub fn fail(&mut self) {
        let place = &mut self.lanes[self.at].place;
        if let Some(current) = place.current {
            place.judge(current, Verdict::Failed);
        }
        if let Some(last) = place.last.filter(|last| !place.topology.is_vertex(*last)) {
            place.judge(last, Verdict::Failed);
        }
        place.status = Status::Failed;
    }

    /// Counts visits anew. The walk stays where it is, and variables, requirements and statuses are kept.
    pub fn forget_visits(&mut self) {
        for lane in &mut self.lanes {
            lane.place.forget_visits();
        }
        self.total = 0;
    }

    /// An element as messages name it.
    pub fn name(&self, step: Step) -> Named {
        self.suite.models[step.model].named(step.element)
    }

    /// The models as they stand: start elements that were passed are gone, generators are in canonical form.
    pub fn models(&self) -> Suite {
        let mut suite = Suite::clone(&self.suite);
        for (model, lane) in suite.models.iter_mut().zip(&self.lanes) {
            let place = &lane.place;
            model.start = place.next.map(|node| place.topology.element(node));
            if place.compat.is_strict() {
                model.requirements.clear();
            }
            let plan = model.generator.as_deref().map(Plan::parse);
            if let Some(Ok(plan)) = plan {
                model.generator = Some(plan.to_string().into());
            }
        }
        suite
    }
}

fn lane(suite: &Arc<Suite>, number: usize, compat: Compat) -> Result<Lane, WalkError> {
    let mut place = Place::new(suite, number, compat);
    let drive = match &suite.models[number].generator {
        Some(text) => Some(Drive::new(&Plan::parse(text)?, &mut place)?),
        None => None,
    };
    Ok(Lane { place, drive })
}
