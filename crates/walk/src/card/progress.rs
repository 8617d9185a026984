//! Steps pass through here into a card, where everybody may read how far a session has come.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use sockeye_model::Element;
use sockeye_model::machine::{Machine, Status, Step};

use super::{Card, locked};

impl Card {
    fn place(&self, model: usize, element: Element) -> Option<usize> {
        let vertices = self.suite.models.get(model)?.vertices.len();
        let within = match element {
            Element::Vertex(at) => at as usize,
            Element::Edge(at) => vertices + at as usize,
        };
        Some(self.offsets.get(model)? + within)
    }

    /// A step was made.
    pub(crate) fn stepped(&self, step: Step, machine: &Machine, fulfilment: f64) {
        if let Some(place) = self.place(step.model, step.element) {
            let visits = machine.visits(step.model, step.element);
            self.visits[place].store(visits, Relaxed);
            self.at.store(place as u64 + 1, Relaxed);
        }
        let last = self.suite.models.len();
        for model in [step.model, last] {
            if let Some(known) = self.fulfilments.get(model) {
                known.store(fulfilment.to_bits(), Relaxed);
            }
        }
        self.steps.store(machine.total_visits(), Relaxed);
        self.judged(step.model, machine);
    }

    /// A model's status may have changed.
    pub(crate) fn judged(&self, model: usize, machine: &Machine) {
        let status = match machine.status(model) {
            None | Some(Status::NotExecuted) => 0,
            Some(Status::Executing) => 1,
            Some(Status::Completed) => 2,
            Some(Status::Failed) => 3,
        };
        if let Some(known) = self.statuses.get(model) {
            known.store(status, Relaxed);
        }
    }

    /// The walk begins anew.
    pub(crate) fn reset(&self) {
        for visits in &self.visits {
            visits.store(0, Relaxed);
        }
        for status in &self.statuses {
            status.store(0, Relaxed);
        }
        self.at.store(0, Relaxed);
        self.steps.store(0, Relaxed);
        for fulfilment in &self.fulfilments {
            fulfilment.store(0, Relaxed);
        }
        *locked(&self.failure) = None;
    }

    pub(crate) fn visits(&self, model: usize, element: Element) -> u32 {
        let visits = self.place(model, element).map(|at| &self.visits[at]);
        visits.map_or(0, |visits| visits.load(Relaxed))
    }

    pub(crate) fn status(&self, model: usize) -> Status {
        let status = self.statuses.get(model);
        match status.map_or(0, |status| status.load(Relaxed)) {
            1 => Status::Executing,
            2 => Status::Completed,
            3 => Status::Failed,
            _ => Status::NotExecuted,
        }
    }

    pub(crate) fn steps(&self) -> u64 {
        self.steps.load(Relaxed)
    }

    pub(crate) fn fulfilment(&self) -> f64 {
        self.fulfilment_of(self.suite.models.len())
    }

    /// How far a model's stop condition was fulfilled when it was last stepped.
    pub(crate) fn fulfilment_of(&self, model: usize) -> f64 {
        let known = self.fulfilments.get(model);
        known.map_or(0.0, |known| f64::from_bits(known.load(Relaxed)))
    }

    /// How many elements all models have.
    pub(crate) fn places(&self) -> usize {
        self.visits.len()
    }

    /// Visits of an element by its place among those of all models.
    pub(crate) fn visits_at(&self, place: usize) -> u32 {
        let visits = self.visits.get(place);
        visits.map_or(0, |visits| visits.load(Relaxed))
    }

    /// The place where the walk is; none before its first step.
    pub(crate) fn place_of_current(&self) -> Option<usize> {
        usize::try_from(self.at.load(Relaxed).checked_sub(1)?).ok()
    }

    /// A step could not be made, for this reason.
    pub(crate) fn failed(&self, reason: &str) {
        *locked(&self.failure) = Some(reason.into());
    }

    /// Why the last step that failed did.
    pub(crate) fn failure(&self) -> Option<Arc<str>> {
        locked(&self.failure).clone()
    }

    /// Where the walk is; none before its first step.
    pub(crate) fn current(&self) -> Option<Step> {
        let place = self.place_of_current()?;
        let model = self.offsets.iter().rposition(|offset| *offset <= place)?;
        let within = u32::try_from(place - self.offsets[model]).ok()?;
        let vertices = u32::try_from(self.suite.models[model].vertices.len()).ok()?;
        let element = match within.checked_sub(vertices) {
            None => Element::Vertex(within),
            Some(edge) => Element::Edge(edge),
        };
        Some(Step { model, element })
    }
}
