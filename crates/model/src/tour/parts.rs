//! Graphs pass through here that no tour goes over, and leave with the edges at which it would be torn.

use crate::topology::{Node, Topology, UNREACHABLE};

/// Why no single path goes over all edges that can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Torn {
    /// Both lead out of a part that no way leads back to: after one of them the other is out of reach.
    Both(Node, Node),
    /// It leads away from where a closed tour has to end.
    Away(Node),
}

/// The first edges in definition order at which every path from `start` is torn. With a `home`, the path has to end there.
///
/// Two edges that lead out of the same part are the only reason there is without a home: where each part is left by one
/// edge at most, the parts are a chain.
pub(crate) fn torn(
    topology: &Topology,
    start: Node,
    near: &[u32],
    home: Option<Node>,
) -> Option<Torn> {
    let parts = parts(topology, start);
    let part = |vertex: Node| parts[vertex as usize];
    let mut out = vec![None; topology.vertices() as usize + 1];
    let first = topology.vertices();
    let reached =
        (first..first + topology.edges()).filter(|edge| near[*edge as usize] != UNREACHABLE);
    for edge in reached {
        let (Some(source), Some(target)) = (topology.source(edge), topology.target(edge)) else {
            continue;
        };
        if part(source) == part(target) {
            continue;
        }
        if home.is_some() {
            return Some(Torn::Away(edge));
        }
        if let Some(other) = out[part(source) as usize].replace(edge) {
            return Some(Torn::Both(other, edge));
        }
    }
    None
}

/// No part yet.
const NONE: u32 = u32::MAX;

/// What a search that goes on its own stack has seen (R. Tarjan, Depth-first search and linear graph algorithms, 1972).
struct Search<'a> {
    topology: &'a Topology,
    part: Vec<u32>,
    number: Vec<u32>,
    low: Vec<u32>,
    open: Vec<Node>,
    numbers: u32,
    parts: u32,
}

/// For each vertex that can be reached, its part: from each vertex of a part, ways lead to every other.
fn parts(topology: &Topology, start: Node) -> Vec<u32> {
    let vertices = topology.vertices() as usize;
    let mut search = Search {
        topology,
        part: vec![NONE; vertices],
        number: vec![NONE; vertices],
        low: vec![NONE; vertices],
        open: Vec::new(),
        numbers: 0,
        parts: 0,
    };
    let mut way = vec![(start, 0_usize)];
    search.arrive(start);
    while let Some((vertex, at)) = way.last_mut() {
        let vertex = *vertex;
        let edges = search.topology.successors(vertex);
        if let Some(edge) = edges.get(*at) {
            *at += 1;
            if let Some(target) = search.topology.target(*edge) {
                if search.number[target as usize] == NONE {
                    search.arrive(target);
                    way.push((target, 0));
                } else if search.part[target as usize] == NONE {
                    search.lower(vertex, search.number[target as usize]);
                }
            }
        } else {
            search.leave(vertex);
            way.pop();
            if let Some((before, _)) = way.last() {
                search.lower(*before, search.low[vertex as usize]);
            }
        }
    }
    search.part
}

impl Search<'_> {
    fn arrive(&mut self, vertex: Node) {
        self.number[vertex as usize] = self.numbers;
        self.low[vertex as usize] = self.numbers;
        self.numbers += 1;
        self.open.push(vertex);
    }

    fn lower(&mut self, vertex: Node, to: u32) {
        let low = &mut self.low[vertex as usize];
        *low = (*low).min(to);
    }

    /// Closes the part that was first entered at the vertex, if it was.
    fn leave(&mut self, vertex: Node) {
        if self.low[vertex as usize] != self.number[vertex as usize] {
            return;
        }
        while let Some(member) = self.open.pop() {
            self.part[member as usize] = self.parts;
            if member == vertex {
                break;
            }
        }
        self.parts += 1;
    }
}
