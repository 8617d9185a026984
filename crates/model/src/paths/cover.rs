//! Paths over all edges pass through here while they are walked: guards may close them, and then others are looked for.

use std::sync::Arc;

use super::plan::{CoverError, cover};
use super::seeds;
use crate::graph::count;
use crate::machine::{Machine, Missed, Options, Step, WalkError};
use crate::{Element, Suite};

/// The paths in a row that may bring nothing new before the rest is given up.
const TRIES: u32 = 8;
/// How paths look for what is left.
const SEARCH: &str = "quick_random(edge_coverage(100))";

/// Few paths over all edges, one machine after another.
#[derive(Debug)]
pub struct Covering {
    suite: Arc<Suite>,
    /// The same models with the generator that looks for what is left.
    search: Arc<Suite>,
    options: Options,
    seed: i64,
    /// Seeds of further paths.
    number: usize,
    /// Planned paths, the next one last.
    planned: Vec<Vec<Step>>,
    /// For each model, which edges were walked.
    walked: Vec<Vec<bool>>,
    unreached: Vec<Step>,
    left: usize,
    fruitless: u32,
}

/// One path on its way.
#[derive(Debug)]
pub struct Path<'a> {
    covering: &'a mut Covering,
    machine: Machine,
    /// The steps of a planned path, the next one last; a path that looks for the rest has none.
    planned: Option<Vec<Step>>,
}

impl Covering {
    /// Plans the paths. The same seed gives the same ones.
    pub fn new(suite: Arc<Suite>, seed: i64, options: Options) -> Result<Self, CoverError> {
        let mut plan = cover(&suite)?;
        plan.paths.iter_mut().for_each(|path| path.reverse());
        plan.paths.reverse();
        let mut search = Suite::clone(&suite);
        for model in &mut search.models {
            model.generator = Some(SEARCH.into());
        }
        let mut walked: Vec<Vec<bool>> = Vec::new();
        walked.extend(
            suite
                .models
                .iter()
                .map(|model| vec![false; model.edges.len()]),
        );
        let edges: usize = walked.iter().map(Vec::len).sum();
        for step in &plan.unreached {
            if let Element::Edge(at) = step.element {
                walked[step.model][at as usize] = true;
            }
        }
        Ok(Self {
            search: Arc::new(search),
            options,
            seed,
            number: 0,
            planned: plan.paths,
            left: edges - plan.unreached.len(),
            walked,
            unreached: plan.unreached,
            fruitless: 0,
            suite,
        })
    }

    /// The next path, if something is left that may be covered.
    pub fn next_path(&mut self) -> Result<Option<Path<'_>>, WalkError> {
        if self.left == 0 && self.number > 0 || self.fruitless == TRIES {
            return Ok(None);
        }
        let planned = self.planned.pop();
        let suite = match planned {
            Some(_) => &self.suite,
            None => &self.search,
        };
        let seed = seeds(self.seed).nth(self.number).unwrap_or(self.seed);
        let mut machine = Machine::with_options(Arc::clone(suite), seed, &self.options)?;
        if planned.is_none() {
            for step in self.known() {
                machine.presume(step);
            }
            self.fruitless += 1;
        }
        self.number += 1;
        Ok(Some(Path {
            covering: self,
            machine,
            planned,
        }))
    }

    /// Edges that need not be walked any more.
    fn known(&self) -> impl Iterator<Item = Step> {
        let models = self.walked.iter().enumerate();
        models.flat_map(|(model, walked)| {
            let known = (0..count(walked.len())).filter(|at| walked[*at as usize]);
            known.map(move |at| Step {
                model,
                element: Element::Edge(at),
            })
        })
    }

    /// Edges that no way leads to, whatever the guards say.
    pub fn unreached(&self) -> &[Step] {
        &self.unreached
    }

    /// Edges that were not walked, though ways lead to them: those whose guards kept closed, until now or for good.
    pub fn missed(&self) -> Vec<Missed> {
        let models = self.walked.iter().enumerate();
        let missed = models.flat_map(|(model, walked)| {
            let missed = (0..count(walked.len())).filter(|at| !walked[*at as usize]);
            missed.map(move |at| Missed {
                model,
                element: Element::Edge(at),
            })
        });
        missed.collect()
    }

    fn count(&mut self, step: Step) {
        let Element::Edge(at) = step.element else {
            return;
        };
        if !std::mem::replace(&mut self.walked[step.model][at as usize], true) {
            self.left -= 1;
            self.fruitless = 0;
        }
    }
}

impl Path<'_> {
    /// Makes the next step of the path; nothing at its end, which may come before the plan's where a guard is closed.
    ///
    /// # Errors
    ///
    /// What guards and actions throw.
    pub fn step(&mut self) -> Result<Option<Step>, WalkError> {
        let step = self.choose()?;
        if let Some(step) = step {
            self.perform(step)?;
        }
        Ok(step)
    }

    /// The first half of a step: goes there, and runs nothing yet.
    pub fn choose(&mut self) -> Result<Option<Step>, WalkError> {
        let step = match &mut self.planned {
            Some(planned) => match planned.pop() {
                Some(step) if self.machine.bound().is_none() => self.machine.choose_to(step),
                _ => return Ok(None),
            },
            None if self.covering.left > 0 && self.machine.has_next()? => self.machine.choose(),
            None => return Ok(None),
        };
        match step {
            Ok(step) => Ok(Some(step)),
            Err(error @ WalkError::Guard(..)) => Err(error),
            // A closed guard, a dead end, or nothing new for long.
            Err(_) => Ok(None),
        }
    }

    /// The second half: runs what hangs on the element that was chosen.
    pub fn perform(&mut self, step: Step) -> Result<(), WalkError> {
        self.machine.perform()?;
        self.covering.count(step);
        Ok(())
    }

    /// The machine that walks it.
    pub fn machine(&mut self) -> &mut Machine {
        &mut self.machine
    }
}
