//! `a_star` passes through here: straight to the nearest target of the condition.

use std::collections::VecDeque;

use super::View;
use super::route::Route;
use crate::machine::WalkError;
use crate::topology::{Node, Topology, UNREACHABLE};

/// Which target is nearest to each element, and the way to the present one.
#[derive(Debug, Default)]
pub(super) struct Nearest {
    /// Which targets count: those whose own guard is open.
    open: Vec<bool>,
    field: Vec<Nearby>,
    route: Route,
}

/// The steps to the nearest target and the first such target in definition order.
#[derive(Clone, Copy, Debug)]
struct Nearby {
    steps: u32,
    target: Node,
}

const NOTHING: Nearby = Nearby {
    steps: UNREACHABLE,
    target: Node::MAX,
};

impl Nearest {
    pub(super) fn next(
        &mut self,
        view: &mut View<'_>,
        current: Node,
        targets: &[Node],
    ) -> Result<Node, WalkError> {
        view.look_ahead(current)?;
        self.refresh(view, targets)?;
        let near = self.field[current as usize];
        if near.steps != UNREACHABLE {
            return self.route.step(view, current, near.target);
        }
        // A guard may open, or another model may lead back in at a better place. That no way at all leads to a target has
        // been looked at before.
        Ok(view.open()[0])
    }

    fn refresh(&mut self, view: &mut View<'_>, targets: &[Node]) -> Result<(), WalkError> {
        let mut is_new = self.open.len() != targets.len();
        self.open.resize(targets.len(), true);
        for (at, target) in targets.iter().enumerate() {
            let is_open = view.is_open(*target)?;
            is_new |= std::mem::replace(&mut self.open[at], is_open) != is_open;
        }
        if is_new {
            let open = targets
                .iter()
                .zip(&self.open)
                .filter(|(_, is_open)| **is_open);
            self.field = field(&view.place.topology, open.map(|(target, _)| *target));
        }
        Ok(())
    }
}

/// The nearest target of every element, found from all targets at once.
fn field(topology: &Topology, targets: impl Iterator<Item = Node>) -> Vec<Nearby> {
    let mut field = vec![NOTHING; topology.len()];
    let mut queue = VecDeque::new();
    for target in targets {
        field[target as usize] = Nearby { steps: 0, target };
        queue.push_back(target);
    }
    // Elements leave the queue in the order of their steps, so the target of one is settled before it is passed on.
    while let Some(node) = queue.pop_front() {
        let near = field[node as usize];
        for &before in topology.predecessors(node) {
            let found = &mut field[before as usize];
            if found.steps == UNREACHABLE {
                *found = Nearby {
                    steps: near.steps + 1,
                    target: near.target,
                };
                queue.push_back(before);
            } else if found.steps == near.steps + 1 {
                found.target = found.target.min(near.target);
            }
        }
    }
    field
}
