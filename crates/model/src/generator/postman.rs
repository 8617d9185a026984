//! The directed Chinese postman passes through here: over each edge that can be reached, repeating as few as possible.
//!
//! A path goes over each edge at least once. Where more edges end than begin, some must be repeated; which ones is a flow
//! of least cost from such vertices to those where more begin. The path may end anywhere, which takes one unit away.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::topology::{Node, Topology, UNREACHABLE};

/// How often each edge is to be walked from `start`, or nothing if no path goes over all that can be reached. `begun` is
/// an edge that has been walked already.
pub(super) fn repetitions(
    topology: &Topology,
    start: Node,
    begun: Option<Node>,
) -> Option<Vec<u32>> {
    let near = topology.distances_from(start);
    let first = topology.vertices();
    let mut walks = vec![0_u32; topology.edges() as usize];
    let mut flow = Flow::new(topology);
    flow.excess[start as usize] += 1;
    for edge in (first..first + topology.edges()).filter(|edge| Some(*edge) != begun) {
        if near[edge as usize] == UNREACHABLE {
            continue;
        }
        let (Some(source), Some(target)) = (topology.source(edge), topology.target(edge)) else {
            continue;
        };
        walks[(edge - first) as usize] = 1;
        flow.excess[target as usize] += 1;
        flow.excess[source as usize] -= 1;
    }
    flow.settle().then_some(())?;
    for (walks, repeated) in walks.iter_mut().zip(&flow.repeated) {
        *walks += repeated;
    }
    Some(walks)
}

/// What must flow, and what does. The last node is the end of the path, to which every vertex leads at no cost.
struct Flow<'a> {
    topology: &'a Topology,
    /// What still has to leave a node, or to come to it where it is negative.
    excess: Vec<i64>,
    /// For each edge how often it is repeated.
    repeated: Vec<u32>,
    /// The vertex at which the path ends.
    last: Option<Node>,
    price: Vec<i64>,
}

/// A step of the flow: over an edge, back over one that is repeated, or to the end of the path and back.
#[derive(Clone, Copy)]
enum Arc {
    Over(Node),
    Back(Node),
    End,
    Reopen,
}

impl<'a> Flow<'a> {
    fn new(topology: &'a Topology) -> Self {
        let nodes = topology.vertices() as usize + 1;
        let mut excess = vec![0; nodes];
        excess[nodes - 1] = -1;
        Self {
            topology,
            excess,
            repeated: vec![0; topology.edges() as usize],
            last: None,
            price: vec![0; nodes],
        }
    }

    /// Sends everything on its way, cheapest first: whether all of it arrives.
    fn settle(&mut self) -> bool {
        while self.excess.iter().any(|excess| *excess > 0) {
            if !self.reprice() {
                return false;
            }
            while self.round() {}
        }
        true
    }

    fn slot(&self, edge: Node) -> usize {
        (edge - self.topology.vertices()) as usize
    }

    /// How many arcs a node may have.
    fn arcs(&self, node: Node) -> usize {
        if node == self.topology.vertices() {
            return 1;
        }
        let edges = [
            self.topology.successors(node),
            self.topology.predecessors(node),
        ];
        edges.iter().map(|edges| edges.len()).sum::<usize>() + 1
    }

    /// The arc of this number from a node, where it leads, and its cost; nothing if it is closed.
    fn arc(&self, node: Node, number: usize) -> Option<(Arc, Node, i64)> {
        let end = self.topology.vertices();
        if node == end {
            return self.last.map(|last| (Arc::Reopen, last, 0));
        }
        let out = self.topology.successors(node);
        let into = self.topology.predecessors(node);
        if let Some(&edge) = out.get(number) {
            let target = self.topology.target(edge);
            return target.map(|target| (Arc::Over(edge), target, 1));
        }
        if let Some(&edge) = into.get(number - out.len()) {
            let source = self
                .topology
                .source(edge)
                .filter(|_| self.repeated[self.slot(edge)] > 0);
            return source.map(|source| (Arc::Back(edge), source, -1));
        }
        Some((Arc::End, end, 0))
    }

    /// Moves the prices so that the cheapest ways cost nothing: whether there are any.
    fn reprice(&mut self) -> bool {
        let nodes = self.price.len();
        let mut costs = vec![i64::MAX; nodes];
        let mut queue = BinaryHeap::new();
        for (node, _) in (0..).zip(&self.excess).filter(|(_, excess)| **excess > 0) {
            costs[node as usize] = 0;
            queue.push(Reverse((0, node)));
        }
        let mut dearest = 0;
        let mut arrives = false;
        while let Some(Reverse((cost, node))) = queue.pop() {
            if cost > costs[node as usize] {
                continue;
            }
            dearest = cost;
            arrives |= self.excess[node as usize] < 0;
            let arcs = (0..self.arcs(node)).filter_map(|number| self.arc(node, number));
            for (_, next, price) in arcs {
                let step = price + self.price[node as usize] - self.price[next as usize];
                if cost + step < costs[next as usize] {
                    costs[next as usize] = cost + step;
                    queue.push(Reverse((cost + step, next)));
                }
            }
        }
        for (price, cost) in self.price.iter_mut().zip(costs) {
            *price += cost.min(dearest);
        }
        arrives
    }

    /// Sends what it can over ways that cost nothing, each node on one way at most: whether anything was sent.
    fn round(&mut self) -> bool {
        let mut next = vec![0_usize; self.price.len()];
        let mut seen = vec![false; self.price.len()];
        let mut has_sent = false;
        for source in 0..self.topology.vertices() {
            while self.excess[source as usize] > 0 && !seen[source as usize] {
                let Some(way) = self.way(source, &mut next, &mut seen) else {
                    break;
                };
                self.send(source, &way);
                has_sent = true;
            }
        }
        has_sent
    }

    /// A way from a node to one that something has to come to.
    fn way(&self, source: Node, next: &mut [usize], seen: &mut [bool]) -> Option<Vec<Arc>> {
        let mut nodes = vec![source];
        let mut way = Vec::new();
        seen[source as usize] = true;
        while let Some(&node) = nodes.last() {
            if self.excess[node as usize] < 0 {
                return Some(way);
            }
            let number = next[node as usize];
            if number == self.arcs(node) {
                nodes.pop();
                way.pop();
                continue;
            }
            next[node as usize] += 1;
            if let Some((arc, other, price)) = self.arc(node, number) {
                let costs = price + self.price[node as usize] - self.price[other as usize];
                if costs == 0 && !std::mem::replace(&mut seen[other as usize], true) {
                    nodes.push(other);
                    way.push(arc);
                }
            }
        }
        None
    }

    /// Sends one unit.
    fn send(&mut self, source: Node, way: &[Arc]) {
        let mut node = source;
        for arc in way {
            match *arc {
                Arc::Over(edge) => {
                    let slot = self.slot(edge);
                    self.repeated[slot] += 1;
                    node = self.topology.target(edge).unwrap_or(node);
                }
                Arc::Back(edge) => {
                    let slot = self.slot(edge);
                    self.repeated[slot] -= 1;
                    node = self.topology.source(edge).unwrap_or(node);
                }
                Arc::End => {
                    self.last = Some(node);
                    node = self.topology.vertices();
                }
                Arc::Reopen => node = self.last.take().unwrap_or(node),
            }
        }
        self.excess[source as usize] -= 1;
        self.excess[node as usize] += 1;
    }
}
