//! Paths that are worked out before the first step pass through here: once over each edge of the model.

use super::View;
use crate::machine::{Place, WalkError};
use crate::topology::{Node, Topology};
use crate::tour::circuit;

/// From this many edges on, bridges are not looked for: each look goes over the whole graph.
const MANY_EDGES: u32 = 20_000;

/// How a path is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// Fleury's: never over a bridge while there is another way. The reference's order.
    Bridges,
    /// Hierholzer's: circles that are put into one another. In time proportional to the edges.
    Once,
}

/// A path and how far it has been walked. Guards are not asked.
#[derive(Debug)]
pub(super) struct Trail {
    order: Order,
    /// The elements that are left, the next one last.
    left: Option<Vec<Node>>,
}

impl Trail {
    pub(super) fn new(order: Order) -> Self {
        Self { order, left: None }
    }

    /// The next element, wherever the walk is: a shared state may have led it elsewhere.
    pub(super) fn next(&mut self, view: &View<'_>, current: Node) -> Result<Node, WalkError> {
        let left = match &mut self.left {
            Some(left) => left,
            none => {
                let mut path = path(self.order, view.place, current)?;
                path.reverse();
                none.insert(path)
            }
        };
        left.pop().ok_or(WalkError::UsedUp)
    }
}

/// The edge that a path begins with, if `current` is one, and the vertex at which it goes on.
pub(super) fn beginning(place: &Place, current: Node) -> Result<(Option<Node>, Node), WalkError> {
    let begun = (!place.topology.is_vertex(current)).then_some(current);
    let start = begun.map_or(Some(current), |edge| place.topology.target(edge));
    let start = start.ok_or_else(|| WalkError::Stuck(place.name(current)))?;
    Ok((begun, start))
}

fn path(order: Order, place: &Place, current: Node) -> Result<Vec<Node>, WalkError> {
    let topology = &place.topology;
    let (begun, start) = beginning(place, current)?;
    if !is_eulerian(topology) {
        return Err(WalkError::NotEulerian);
    }
    let mut walk = Walk::new(topology, vec![1; topology.edges() as usize]);
    begun.map(|edge| walk.take(edge));
    let path = match order {
        Order::Bridges if topology.edges() <= MANY_EDGES => walk.fleury(start),
        _ => walk.hierholzer(start),
    };
    let mut path = path.ok_or_else(|| WalkError::Stuck(place.name(current)))?;
    if begun.is_some() {
        path.insert(0, start);
    }
    Ok(path)
}

/// Whether a single path may go once over each edge, judged by the degrees alone, as the reference does. All edges
/// without a source come from one vertex that is outside.
fn is_eulerian(topology: &Topology) -> bool {
    matches!(imbalance(topology).len(), 0 | 2)
}

/// Vertices at which not as many edges end as begin, with both numbers; the outside is no vertex.
pub(crate) fn imbalance(topology: &Topology) -> Vec<(Option<Node>, u32, u32)> {
    let outside = topology.vertices();
    let mut ends = vec![(0_u32, 0_u32); outside as usize + 1];
    for edge in topology.vertices()..topology.vertices() + topology.edges() {
        ends[topology.source(edge).unwrap_or(outside) as usize].1 += 1;
        if let Some(target) = topology.target(edge) {
            ends[target as usize].0 += 1;
        }
    }
    let uneven = ends
        .into_iter()
        .zip(0..)
        .filter(|((incoming, outgoing), _)| incoming != outgoing);
    let named = uneven
        .map(|((incoming, outgoing), at)| ((at != outside).then_some(at), incoming, outgoing));
    named.collect()
}

/// How often each edge is still to be used.
pub(super) struct Walk<'a> {
    topology: &'a Topology,
    walks: Vec<u32>,
    left: u64,
}

impl<'a> Walk<'a> {
    pub(super) fn new(topology: &'a Topology, walks: Vec<u32>) -> Self {
        let left = walks.iter().copied().map(u64::from).sum();
        Self {
            topology,
            walks,
            left,
        }
    }

    fn slot(&self, edge: Node) -> usize {
        (edge - self.topology.vertices()) as usize
    }

    /// Uses an edge: the vertex it leads to.
    fn take(&mut self, edge: Node) -> Option<Node> {
        let slot = self.slot(edge);
        self.walks[slot] -= 1;
        self.left -= 1;
        self.topology.target(edge)
    }

    fn is_free(&self, edge: Node) -> bool {
        self.walks[self.slot(edge)] > 0
    }

    fn fleury(&mut self, start: Node) -> Option<Vec<Node>> {
        let mut path = Vec::with_capacity(2 * self.walks.len());
        let mut reach = Reach::new(self.topology);
        let mut vertex = start;
        while self.left > 0 {
            let edge = reach.choose(self, vertex)?;
            let next = self.take(edge)?;
            reach.arrive(vertex, next);
            path.extend([edge, next]);
            vertex = next;
        }
        Some(path)
    }

    /// Circles that are put into one another; nothing where they do not hang together.
    pub(super) fn hierholzer(&self, start: Node) -> Option<Vec<Node>> {
        let topology = self.topology;
        let ends = |edge| Some((topology.source(edge)?, topology.target(edge)?));
        let mut left = vec![0; topology.vertices() as usize];
        left.extend(&self.walks);
        let edges = circuit(start, |vertex| topology.successors(vertex), ends, left)?;
        let steps = edges
            .iter()
            .map(|edge| Some([*edge, topology.target(*edge)?]));
        Some(steps.collect::<Option<Vec<_>>>()?.concat())
    }
}

/// How many vertices can be reached, for the question whether an edge is a bridge.
struct Reach {
    full: Vec<Option<u32>>,
    seen: Vec<u32>,
    turn: u32,
    /// Something cannot be reached any more, whichever edge is taken: every edge counts as a bridge.
    is_broken: bool,
}

impl Reach {
    fn new(topology: &Topology) -> Self {
        let vertices = topology.vertices() as usize;
        Self {
            full: vec![None; vertices],
            seen: vec![0; vertices],
            turn: 0,
            is_broken: false,
        }
    }

    /// The first free edge that is no bridge, else the first free one.
    fn choose(&mut self, walk: &Walk<'_>, vertex: Node) -> Option<Node> {
        let free = |edge: &&Node| walk.is_free(**edge);
        let edges = walk.topology.successors(vertex).iter();
        let first = *edges.clone().find(free)?;
        if self.is_broken {
            return Some(first);
        }
        let full = match self.full[vertex as usize] {
            Some(full) => full,
            None => self.count(walk, vertex, |_| true),
        };
        self.full[vertex as usize] = Some(full);
        for edge in edges.filter(free) {
            if self.count(walk, vertex, |other| other != *edge && walk.is_free(other)) >= full {
                return Some(*edge);
            }
            if self.count(walk, vertex, |other| walk.is_free(other)) < full {
                self.is_broken = true;
                return Some(first);
            }
        }
        Some(first)
    }

    /// What was broken stays so only where as much could be reached in the beginning.
    fn arrive(&mut self, from: Node, to: Node) {
        let full = self.full[to as usize];
        self.is_broken &= full.is_some() && full == self.full[from as usize];
    }

    fn count(&mut self, walk: &Walk<'_>, start: Node, counts: impl Fn(Node) -> bool) -> u32 {
        self.turn += 1;
        self.seen[start as usize] = self.turn;
        let mut found = 1;
        let mut stack = vec![start];
        while let Some(vertex) = stack.pop() {
            for edge in walk
                .topology
                .successors(vertex)
                .iter()
                .filter(|edge| counts(**edge))
            {
                let Some(target) = walk.topology.target(*edge) else {
                    continue;
                };
                if self.seen[target as usize] != self.turn {
                    self.seen[target as usize] = self.turn;
                    found += 1;
                    stack.push(target);
                }
            }
        }
        found
    }
}
