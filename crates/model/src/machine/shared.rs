//! The way from one model into another passes through here: vertices that share a state.

use super::{Machine, WalkError};
use crate::Element;
use crate::generator::View;
use crate::graph::count;
use crate::topology::Node;

impl Machine {
    /// At a vertex with a shared state: stays, or goes over to a vertex of another model with the same state.
    pub(super) fn cross(&mut self, current: Node) -> Result<(), WalkError> {
        let candidates = self.candidates(current)?;
        if candidates.is_empty() {
            return Ok(());
        }
        let drawn = self.random.below(count(candidates.len()));
        let (number, node) = candidates[drawn as usize];
        if number == self.at {
            self.came_from = None;
            return Ok(());
        }
        self.switch_to(number)?;
        self.lanes[number].place.set_next(node);
        Ok(())
    }

    fn candidates(&mut self, current: Node) -> Result<Vec<(usize, Node)>, WalkError> {
        let can_stay = self.has_open_edge(self.at, current)?;
        let mut found = Vec::new();
        for number in 0..self.lanes.len() {
            if number == self.at {
                found.extend(can_stay.then_some((number, current)));
                continue;
            }
            for at in 0..self.lanes[number].place.topology.vertices() {
                if self.shares(current, number, at)
                    && !(can_stay && self.is_way_back(number, at))
                    && self.can_enter(number, at)?
                {
                    found.push((number, at));
                }
            }
        }
        Ok(found)
    }

    pub(super) fn shares(&self, current: Node, number: usize, vertex: Node) -> bool {
        let wanted = self.lanes[self.at].place.shared(current);
        self.lanes[number].place.shared(vertex) == wanted
    }

    /// Whether it is the vertex from which the walk came over, or one that is equal to it.
    fn is_way_back(&self, number: usize, vertex: Node) -> bool {
        let Some((from, node)) = self.came_from else {
            return false;
        };
        let models = &self.suite.models;
        let of = |model: usize, node: Node| models[model].vertices.get(node as usize);
        (from, node) == (number, vertex) || of(from, node) == of(number, vertex)
    }

    fn can_enter(&mut self, number: usize, vertex: Node) -> Result<bool, WalkError> {
        let is_named = self.suite.models[number]
            .name_of(Element::Vertex(vertex))
            .is_some();
        Ok(is_named || self.has_open_edge(number, vertex)?)
    }

    fn has_open_edge(&mut self, number: usize, vertex: Node) -> Result<bool, WalkError> {
        self.view(number).look(vertex)
    }

    pub(super) fn is_open(&mut self, number: usize, node: Node) -> Result<bool, WalkError> {
        self.view(number).is_open(node)
    }

    fn view(&mut self, number: usize) -> View<'_> {
        View {
            place: &mut self.lanes[number].place,
            scope: number,
            scripts: &mut self.scripts,
            random: &mut self.random,
            executions: self.executions,
            buffer: &mut self.open,
            all_open: None,
        }
    }
}
