//! A single step passes through here: where to, in which model, and what happens there.

use super::{Lane, Machine, Spot, Status, Verdict, WalkError};
use crate::condition::Sight;
use crate::generator::View;
use crate::topology::Node;

impl Machine {
    /// Moves to the next element of the walk, which may be in another model.
    pub(super) fn walk(&mut self) -> Result<Node, WalkError> {
        let place = &self.lanes[self.at].place;
        match (place.current, place.next) {
            (None, Some(next)) => self.lanes[self.at].place.set_current(Some(next)),
            (None, None) => self.begin_elsewhere()?,
            (Some(current), _) => self.go_on(current)?,
        }
        let place = &mut self.lanes[self.at].place;
        place.begin();
        place.current.ok_or(WalkError::NoStartElement)
    }

    /// Goes over to the first model that has more steps and knows where to begin. Its element is executed again.
    fn begin_elsewhere(&mut self) -> Result<(), WalkError> {
        for number in 0..self.lanes.len() {
            if self.lanes[number].place.is_startable() && self.model_has_next(number)? {
                self.switch_to(number)?;
                let place = &mut self.lanes[number].place;
                if let Some(next) = place.next {
                    place.set_current(Some(next));
                }
                return Ok(());
            }
        }
        Err(WalkError::NoStartElement)
    }

    fn go_on(&mut self, current: Node) -> Result<(), WalkError> {
        if self.lanes[self.at].place.shared(current).is_some() {
            self.cross(current)?;
        }
        let place = &self.lanes[self.at].place;
        let next = match (place.next, place.current) {
            (Some(next), _) => next,
            (None, Some(current)) => self.generate(current)?,
            (None, None) => return Err(WalkError::NoStartElement),
        };
        self.lanes[self.at].place.set_current(Some(next));
        Ok(())
    }

    fn generate(&mut self, current: Node) -> Result<Node, WalkError> {
        let scope = self.at;
        let Lane { place, drive } = &mut self.lanes[scope];
        let drive = drive.as_mut().ok_or(WalkError::NoGenerator)?;
        let mut view = View {
            place,
            scope,
            scripts: &mut self.scripts,
            random: &mut self.random,
            executions: self.executions,
            buffer: &mut self.open,
            all_open: None,
        };
        drive.next(&mut view, current)
    }

    /// Runs a model's own actions.
    pub(super) fn prepare(&mut self, scope: usize) -> Result<(), WalkError> {
        let model = &self.suite.models[scope];
        for action in &model.actions {
            let ran = self.scripts.run(scope, action);
            let spot = || Some(Spot::new(model, None, action).into());
            ran.map_err(|error| WalkError::Action(error, spot()))?;
        }
        Ok(())
    }

    /// Runs what hangs on an element and counts the visit. When an action fails the element was visited, but does not
    /// count, and the walk goes on from there.
    pub(super) fn execute(&mut self, node: Node) -> Result<(), WalkError> {
        self.executions += 1;
        let place = &mut self.lanes[self.at].place;
        place.mark(node, self.executions);
        let element = place.topology.element(node);
        let model = &self.suite.models[self.at];
        for action in model.actions_of(element) {
            let ran = self.scripts.run(self.at, action);
            let spot = || Some(Spot::new(model, Some(element), action).into());
            ran.map_err(|error| WalkError::Action(error, spot()))?;
        }
        self.total += 1;
        let visits = &mut self.lanes[self.at].place.visits[node as usize];
        *visits = visits.saturating_add(1);
        Ok(())
    }

    /// Whether a model has more steps. If not, it is completed and its own requirements have passed.
    pub(super) fn model_has_next(&mut self, number: usize) -> Result<bool, WalkError> {
        let Lane { place, drive } = &mut self.lanes[number];
        if matches!(place.status, Status::Completed | Status::Failed) {
            return Ok(false);
        }
        let drive = drive.as_mut().ok_or(WalkError::NoGenerator)?;
        let sight = Sight {
            place,
            total: self.total,
            elapsed: self.elapsed,
            tour: None,
        };
        let has_next = drive.has_next(sight);
        if !has_next {
            place.status = Status::Completed;
            place.model_verdict = Verdict::Passed;
        }
        Ok(has_next)
    }

    /// Leaves the current model for another one.
    pub(super) fn switch_to(&mut self, number: usize) -> Result<(), WalkError> {
        self.model_has_next(self.at)?;
        self.leave_for(number);
        Ok(())
    }

    pub(super) fn leave_for(&mut self, number: usize) {
        let place = &mut self.lanes[self.at].place;
        self.came_from = place.current.map(|node| (self.at, node));
        place.set_current(None);
        self.at = number;
    }
}
