//! `quick_random` passes through here: all elements in random order, each reached by a shortest way.

use super::View;
use super::route::Route;
use crate::graph::count;
use crate::machine::WalkError;
use crate::topology::Node;

/// The steps per element, and besides, that may bring nothing new before a target is put off.
const PATIENCE: (u64, u64) = (4, 100);

/// A list of elements to go for, and the one it is going for.
///
/// The reference sorts its list before each choice: what was not visited first, otherwise as it was. The same choice is
/// made here without sorting, from the shuffled list and the times of first visits.
#[derive(Debug, Default)]
pub(super) struct Quick {
    /// The shuffled list.
    order: Vec<Node>,
    /// Whether an element is still in the list.
    is_listed: Vec<bool>,
    listed: usize,
    /// Everything before was visited or taken off.
    from: usize,
    /// The executions there had been at each choice.
    choices: Vec<u64>,
    /// Visited elements in the order of the reference's list, once nothing else is left in it; the next one last.
    late: Option<Vec<Node>>,
    target: Option<Node>,
    route: Route,
    /// Steps since an element was first visited or a target was put off.
    fruitless: u64,
    visited: u32,
    /// Targets that were put off, one after the other, without anything new in between.
    put_off: usize,
}

impl Quick {
    pub(super) fn next(&mut self, view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
        self.be_patient(view)?;
        if self.listed == 0 {
            self.fill(view, current);
        }
        let target = match self.target.filter(|target| *target != current) {
            Some(target) => target,
            None => self.choose(view, current)?,
        };
        let next = self.route.step(view, current, target)?;
        self.take_off(next);
        Ok(next)
    }

    /// Puts the target off when nothing new has come for long, or gives up when none is left to try.
    fn be_patient(&mut self, view: &View<'_>) -> Result<(), WalkError> {
        let place = &view.place;
        if place.compat.is_strict() {
            return Ok(());
        }
        let visited = place.visited_edges + place.visited_vertices;
        if visited != self.visited {
            self.visited = visited;
            self.fruitless = 0;
            self.put_off = 0;
        }
        self.fruitless += 1;
        let limit = PATIENCE.0 * place.topology.len() as u64 + PATIENCE.1;
        let Some(target) = self.target.filter(|_| self.fruitless > limit) else {
            return Ok(());
        };
        self.fruitless = 0;
        self.target = None;
        if place.is_visited(target) {
            self.take_off(target);
            return Ok(());
        }
        let missing = || self.order.iter().filter(|node| !place.is_visited(**node));
        self.put_off += 1;
        if self.put_off < missing().count() {
            self.move_back(target);
            return Ok(());
        }
        Err(WalkError::Livelock {
            missing: view.name(target),
            others: missing().count() - 1,
            steps: limit,
        })
    }

    /// Moves an element to the end of the list.
    fn move_back(&mut self, node: Node) {
        if let Some(at) = self.order.iter().position(|other| *other == node) {
            self.order.remove(at);
            self.order.push(node);
            self.from = 0;
        }
    }

    fn fill(&mut self, view: &mut View<'_>, current: Node) {
        let all = count(view.place.topology.len());
        self.order = (0..all).filter(|node| *node != current).collect();
        view.random.shuffle(&mut self.order);
        self.is_listed = vec![true; all as usize];
        self.is_listed[current as usize] = false;
        self.listed = self.order.len();
        self.from = 0;
        self.choices.clear();
        self.late = None;
    }

    fn take_off(&mut self, node: Node) {
        if std::mem::take(&mut self.is_listed[node as usize]) {
            self.listed -= 1;
        }
    }

    /// Chooses the element that would be first in the sorted list.
    fn choose(&mut self, view: &View<'_>, current: Node) -> Result<Node, WalkError> {
        self.choices.push(view.executions);
        let is_next = |node: &Node| self.is_listed[*node as usize] && !view.place.is_visited(*node);
        let rest = self.order.get(self.from..).unwrap_or_default();
        let target = match rest.iter().position(is_next) {
            Some(at) => {
                self.from += at;
                self.order[self.from]
            }
            None => self
                .first_late(view)
                .ok_or_else(|| WalkError::NoPath(view.name(current)))?,
        };
        self.target = Some(target);
        Ok(target)
    }

    /// The first of the visited elements. What was visited since the last choice but one stands before what was visited
    /// earlier, because each sorting moves it only behind what was not visited.
    fn first_late(&mut self, view: &View<'_>) -> Option<Node> {
        let late = self.late.get_or_insert_with(|| {
            let mut late: Vec<Node> = self.order.clone();
            late.retain(|node| self.is_listed[*node as usize]);
            let choice = |node: &Node| {
                let visit = view.place.first_visit[*node as usize];
                self.choices
                    .partition_point(|executions| *executions < visit)
            };
            late.sort_by_key(|node| std::cmp::Reverse(choice(node)));
            late.reverse();
            late
        });
        while late
            .last()
            .is_some_and(|node| !self.is_listed[*node as usize])
        {
            late.pop();
        }
        late.last().copied()
    }
}
