//! The choice of the next element passes through here: one file for each way to choose.

mod euler;
mod nearest;
mod plain;
mod postman;
mod quick;
mod route;

use crate::JavaRandom;
use crate::condition::{Gauge, Sight};
use crate::graph::Named;
use crate::machine::{Place, WalkError};
use crate::plan::{Generator, Plan, Stage};
use crate::topology::Node;
use euler::Trail;
pub(crate) use euler::imbalance;
use nearest::Nearest;
use postman::Postman;
use quick::Quick;
use sockeye_script::js::Scopes;

/// What a generator may look at and use for one choice.
pub(crate) struct View<'a> {
    pub(crate) place: &'a mut Place,
    /// The scope of the model's scripts.
    pub(crate) scope: usize,
    pub(crate) scripts: &'a mut Scopes,
    pub(crate) random: &'a mut JavaRandom,
    /// Executions of the whole machine so far.
    pub(crate) executions: u64,
    /// A buffer for the open successors; its content is nobody's.
    pub(crate) buffer: &'a mut Vec<Node>,
    /// The element whose successors are all open, so that they need not be copied.
    pub(crate) all_open: Option<Node>,
}

impl View<'_> {
    /// Whether an element may be entered.
    pub(crate) fn is_open(&mut self, node: Node) -> Result<bool, WalkError> {
        let Some(guard) = self.place.guard(node) else {
            return Ok(true);
        };
        let truth = self.scripts.test(self.scope, guard);
        truth.map_err(|error| WalkError::Guard(error, self.place.spot(node, guard).into()))
    }

    /// Looks what may follow, and says whether there is anything.
    pub(crate) fn look(&mut self, node: Node) -> Result<bool, WalkError> {
        if !self.place.is_guarded(node) {
            self.all_open = Some(node);
            return Ok(!self.place.topology.successors(node).is_empty());
        }
        self.all_open = None;
        self.buffer.clear();
        for at in 0..self.place.topology.successors(node).len() {
            let next = self.place.topology.successors(node)[at];
            if self.is_open(next)? {
                self.buffer.push(next);
            }
        }
        Ok(!self.buffer.is_empty())
    }

    /// What may follow, in definition order, after a look.
    pub(crate) fn open(&self) -> &[Node] {
        match self.all_open {
            Some(node) => self.place.topology.successors(node),
            None => self.buffer,
        }
    }

    /// A look, and a failure if there is nothing.
    pub(crate) fn look_ahead(&mut self, node: Node) -> Result<(), WalkError> {
        if self.look(node)? {
            Ok(())
        } else {
            Err(WalkError::NoPath(self.place.name(node)))
        }
    }

    pub(crate) fn name(&self, node: Node) -> Named {
        self.place.name(node)
    }
}

/// One way to choose, with what it has to remember.
#[derive(Debug)]
enum Driver {
    Random,
    Weighted,
    Quick(Box<Quick>),
    Nearest(Box<Nearest>),
    Trail(Trail),
    Postman(Box<Postman>),
    Predefined,
}

impl Driver {
    fn new(stage: &Stage) -> Self {
        match stage.generator {
            Generator::Random => Self::Random,
            Generator::Weighted => Self::Weighted,
            Generator::Quick => Self::Quick(Box::default()),
            Generator::AStar => Self::Nearest(Box::default()),
            Generator::Shortest => Self::Trail(Trail::new(euler::Order::Bridges)),
            Generator::NewShortest => Self::Trail(Trail::new(euler::Order::Once)),
            Generator::Postman => {
                Self::Postman(Box::new(Postman::new(stage.condition.tour() == Some(true))))
            }
            Generator::Predefined => Self::Predefined,
        }
    }

    fn tour(&mut self, sight: &Sight<'_>) -> Option<(u32, u32)> {
        match self {
            Self::Postman(postman) => postman.progress(sight.place),
            _ => None,
        }
    }
}

/// The stages of one model's generator.
#[derive(Debug)]
pub(crate) struct Drive {
    stages: Vec<(Driver, Gauge)>,
    at: usize,
}

impl Drive {
    pub(crate) fn new(plan: &Plan, place: &mut Place) -> Result<Self, WalkError> {
        let mut stages = Vec::with_capacity(plan.stages.len());
        for stage in &plan.stages {
            let gauge = Gauge::new(&stage.condition, place)?;
            stages.push((Driver::new(stage), gauge));
        }
        Ok(Self { stages, at: 0 })
    }

    /// Whether there are more steps. Goes on to the next stage where one has come to its end.
    pub(crate) fn has_next(&mut self, mut sight: Sight<'_>) -> bool {
        let is_single = self.stages.len() == 1;
        while let Some((driver, gauge)) = self.stages.get_mut(self.at) {
            sight.tour = driver.tour(&sight);
            if !gauge.is_fulfilled(&sight) {
                return true;
            }
            if is_single {
                return false;
            }
            self.at += 1;
        }
        false
    }

    /// How far the condition of the present stage is fulfilled, of the last one once all are over.
    pub(crate) fn fulfilment(&mut self, mut sight: Sight<'_>) -> f64 {
        let at = self.at.min(self.stages.len().saturating_sub(1));
        let Some((driver, gauge)) = self.stages.get_mut(at) else {
            return 0.0;
        };
        sight.tour = driver.tour(&sight);
        gauge.fulfilment(&sight)
    }

    /// Chooses what follows `current`.
    pub(crate) fn next(&mut self, view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
        let Some((driver, gauge)) = self.stages.get_mut(self.at) else {
            return Err(WalkError::NoPath(view.name(current)));
        };
        let next = match driver {
            Driver::Random => plain::random(view, current),
            Driver::Weighted => plain::weighted(view, current),
            Driver::Predefined => plain::predefined(view, current),
            Driver::Quick(quick) => quick.next(view, current),
            Driver::Nearest(nearest) => nearest.next(view, current, gauge.targets()),
            Driver::Trail(trail) => trail.next(view, current),
            Driver::Postman(postman) => postman.next(view, current),
        }?;
        if gauge.is_hopeless(view.place, current) {
            return Err(WalkError::Unreachable {
                from: view.name(current),
            });
        }
        Ok(next)
    }
}
