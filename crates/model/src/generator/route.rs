//! The shortest way to one element passes through here, element by element, worked out no further than needed.

use super::View;
use crate::machine::WalkError;
use crate::topology::{Node, Topology, UNREACHABLE};

/// The way to a target. At each element the first successor on a shortest way is taken, as far as it is open.
#[derive(Debug, Default)]
pub(super) struct Route {
    target: Option<Node>,
    /// The elements of the way, the last one first.
    way: Vec<Node>,
    /// Steps to the target from everywhere: needed once the way is closed by a guard, or does not exist.
    distances: Option<Vec<u32>>,
    search: Search,
}

impl Route {
    /// The next element on the way from `current` to `target`.
    pub(super) fn step(
        &mut self,
        view: &mut View<'_>,
        current: Node,
        target: Node,
    ) -> Result<Node, WalkError> {
        if current == target {
            return Ok(current);
        }
        if self.target != Some(target) {
            self.target = Some(target);
            self.way.clear();
            self.distances = None;
        }
        if !view.look(current)? {
            return Err(WalkError::Stuck(view.name(current)));
        }
        let topology = &view.place.topology;
        if self.distances.is_none() {
            if self.way.pop() != Some(current) {
                self.search.way(topology, current, target, &mut self.way);
                self.way.pop();
            }
            match self.way.last() {
                Some(next) if view.open().contains(next) => return Ok(*next),
                _ => self.distances = Some(topology.distances_to(target)),
            }
        }
        let distances = self.distances.as_deref().unwrap_or_default();
        let away = |node: &&Node| {
            distances
                .get(**node as usize)
                .copied()
                .unwrap_or(UNREACHABLE)
        };
        // The first of equals, in definition order.
        let best = view.open().iter().min_by_key(away).copied();
        best.ok_or_else(|| WalkError::Stuck(view.name(current)))
    }
}

/// A search from both ends, level by level, over vertices. Its memory is kept from one search to the next.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// The number of the search; entries of others do not count.
    turn: u32,
    ahead: Vec<Seen>,
    back: Vec<Seen>,
    /// Vertices of the first half that lie on a shortest way.
    on_way: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    turn: u32,
    depth: u32,
}

impl Search {
    /// Puts the way from one element to another into `way`, the last element first; nothing if there is none.
    pub(super) fn way(&mut self, topology: &Topology, from: Node, to: Node, way: &mut Vec<Node>) {
        way.clear();
        let first = if topology.is_vertex(from) {
            Some(from)
        } else {
            topology.target(from)
        };
        let last = if topology.is_vertex(to) {
            Some(to)
        } else {
            topology.source(to)
        };
        let (Some(first), Some(last)) = (first, last) else {
            return;
        };
        self.begin(topology.vertices() as usize);
        let Some((ahead, back, meeting)) = self.meet(topology, first, last) else {
            return;
        };
        self.mark(topology, &meeting, ahead);
        if first != from {
            way.push(from);
        }
        way.push(first);
        let mut vertex = first;
        for depth in 0..ahead + back {
            let is_next = |node: u32| {
                if depth < ahead {
                    self.on_way[node as usize] == self.turn
                        && self.ahead[node as usize].depth == depth + 1
                } else {
                    let seen = self.back[node as usize];
                    seen.turn == self.turn && seen.depth == ahead + back - depth - 1
                }
            };
            let edges = topology.successors(vertex).iter();
            let edge = edges
                .copied()
                .find(|edge| topology.target(*edge).is_some_and(is_next));
            let Some((edge, next)) = edge.and_then(|edge| Some((edge, topology.target(edge)?)))
            else {
                return;
            };
            way.extend([edge, next]);
            vertex = next;
        }
        if last != to {
            way.push(to);
        }
        way.reverse();
    }

    fn begin(&mut self, vertices: usize) {
        if self.turn == u32::MAX || self.ahead.len() != vertices {
            *self = Self::default();
        }
        self.turn += 1;
        self.ahead.resize(vertices, Seen::default());
        self.back.resize(vertices, Seen::default());
        self.on_way.resize(vertices, 0);
    }

    /// Widens the side with fewer edges until both meet: how deep each is then, and the vertices where they meet.
    fn meet(&mut self, topology: &Topology, first: u32, last: u32) -> Option<(u32, u32, Vec<u32>)> {
        let turn = self.turn;
        self.ahead[first as usize] = Seen { turn, depth: 0 };
        self.back[last as usize] = Seen { turn, depth: 0 };
        let (mut outer, mut inner) = (vec![first], vec![last]);
        let edges_ahead = |level: &[u32]| -> usize {
            level
                .iter()
                .map(|vertex| topology.successors(*vertex).len())
                .sum()
        };
        let edges_back = |level: &[u32]| -> usize {
            level
                .iter()
                .map(|vertex| topology.predecessors(*vertex).len())
                .sum()
        };
        let (mut ahead, mut back) = (0, 0);
        if first == last {
            return Some((0, 0, outer));
        }
        loop {
            if outer.is_empty() || inner.is_empty() {
                return None;
            }
            let goes_ahead = edges_ahead(&outer) <= edges_back(&inner);
            let (level, seen, others) = if goes_ahead {
                ahead += 1;
                outer = widened(
                    &outer,
                    &mut self.ahead,
                    Seen { turn, depth: ahead },
                    |vertex| {
                        topology
                            .successors(vertex)
                            .iter()
                            .filter_map(|edge| topology.target(*edge))
                    },
                );
                (&outer, &self.ahead, &self.back)
            } else {
                back += 1;
                inner = widened(
                    &inner,
                    &mut self.back,
                    Seen { turn, depth: back },
                    |vertex| {
                        topology
                            .predecessors(vertex)
                            .iter()
                            .filter_map(|edge| topology.source(*edge))
                    },
                );
                (&inner, &self.back, &self.ahead)
            };
            debug_assert!(
                level
                    .iter()
                    .all(|vertex| seen[*vertex as usize].turn == turn)
            );
            let meeting = level.iter().copied();
            let meeting: Vec<u32> = meeting
                .filter(|vertex| others[*vertex as usize].turn == turn)
                .collect();
            if !meeting.is_empty() {
                return Some((ahead, back, meeting));
            }
        }
    }

    /// Marks the vertices of the first half from which a meeting point is on a shortest way.
    fn mark(&mut self, topology: &Topology, meeting: &[u32], ahead: u32) {
        let mut level = meeting.to_vec();
        for vertex in &level {
            self.on_way[*vertex as usize] = self.turn;
        }
        for depth in (0..ahead).rev() {
            let mut before = Vec::new();
            let edges = level
                .iter()
                .flat_map(|vertex| topology.predecessors(*vertex));
            for source in edges.filter_map(|edge| topology.source(*edge)) {
                let seen = self.ahead[source as usize];
                let is_new = self.on_way[source as usize] != self.turn;
                if is_new && seen.turn == self.turn && seen.depth == depth {
                    self.on_way[source as usize] = self.turn;
                    before.push(source);
                }
            }
            level = before;
        }
    }
}

fn widened<I: Iterator<Item = u32>>(
    level: &[u32],
    seen: &mut [Seen],
    mark: Seen,
    next: impl Fn(u32) -> I,
) -> Vec<u32> {
    let mut found = Vec::new();
    for vertex in level {
        for other in next(*vertex) {
            if seen[other as usize].turn != mark.turn {
                seen[other as usize] = mark;
                found.push(other);
            }
        }
    }
    found
}
