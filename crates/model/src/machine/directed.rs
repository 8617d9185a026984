//! Steps that the caller chooses pass through here: along a path that was planned, or recorded.

use super::{Machine, Step, WalkError};
use crate::topology::Node;

impl Machine {
    /// Makes this step, if it can follow: the start element of a model that has not begun, something open behind the
    /// current element, or a vertex of another model with the same shared state. Nothing is drawn and no generator asked.
    ///
    /// # Errors
    ///
    /// [`WalkError::NotNext`] if it cannot follow, and what its guard throws: the walk then stands where it stood. What an
    /// action throws: the walk then stands at the element.
    pub fn step_to(&mut self, step: Step) -> Result<Step, WalkError> {
        self.choose_to(step)?;
        self.perform()?;
        Ok(step)
    }

    /// The first half of such a step: goes there, and runs nothing yet.
    pub fn choose_to(&mut self, step: Step) -> Result<Step, WalkError> {
        let Some(lane) = self.lanes.get(step.model) else {
            return Err(WalkError::NoStartElement);
        };
        let node = lane.place.topology.node(step.element);
        let begins = lane.place.next == Some(node);
        let follows = begins || self.follows(step.model, node)?;
        if !follows {
            let to = self.suite.models[step.model].named(step.element);
            return Err(WalkError::NotNext { to });
        }
        if step.model != self.at {
            self.leave_for(step.model);
        }
        let place = &mut self.lanes[self.at].place;
        place.set_current(Some(node));
        place.begin();
        Ok(step)
    }

    /// Counts an element as visited without a step: what other paths have covered need not be covered again.
    pub(crate) fn presume(&mut self, step: Step) {
        if let Some(lane) = self.lanes.get_mut(step.model) {
            let node = lane.place.topology.node(step.element);
            lane.place.mark(node, 1);
        }
    }

    fn follows(&mut self, model: usize, node: Node) -> Result<bool, WalkError> {
        let Some(current) = self.lanes[self.at].place.current else {
            return Ok(false);
        };
        if model != self.at {
            let is_vertex = self.lanes[model].place.topology.is_vertex(node);
            let shares = self.lanes[self.at].place.shared(current).is_some();
            return Ok(is_vertex && shares && self.shares(current, model, node));
        }
        let is_next = self.lanes[model]
            .place
            .topology
            .successors(current)
            .contains(&node);
        Ok(is_next && self.is_open(model, node)?)
    }
}
