//! The bare graph passes through here: elements as numbers, and which follow which, without names or scripts.

use std::collections::VecDeque;

use crate::graph::count;
use crate::{Element, Model};

/// An element of a model as a number: vertices first, then edges.
pub(crate) type Node = u32;

/// The target of an edge that leads nowhere.
const NOWHERE: u32 = u32::MAX;
/// The distance to an element that cannot be reached.
pub(crate) const UNREACHABLE: u32 = u32::MAX;

/// Which elements follow which, in definition order.
#[derive(Debug)]
pub(crate) struct Topology {
    vertices: u32,
    /// For each vertex, where its edges begin in `out`, and one more.
    out_from: Vec<u32>,
    out: Vec<Node>,
    in_from: Vec<u32>,
    into: Vec<Node>,
    source: Vec<u32>,
    target: Vec<u32>,
}

impl Topology {
    pub(crate) fn new(model: &Model) -> Self {
        let vertices = count(model.vertices.len());
        let ends = |end: &crate::End| end.vertex().unwrap_or(NOWHERE);
        let source: Vec<u32> = model.edges.iter().map(|edge| ends(&edge.source)).collect();
        let target: Vec<u32> = model.edges.iter().map(|edge| ends(&edge.target)).collect();
        let (out_from, out) = grouped(vertices, vertices, &source);
        let (in_from, into) = grouped(vertices, vertices, &target);
        Self {
            vertices,
            out_from,
            out,
            in_from,
            into,
            source,
            target,
        }
    }

    /// The number of elements.
    pub(crate) fn len(&self) -> usize {
        self.vertices as usize + self.source.len()
    }

    pub(crate) fn vertices(&self) -> u32 {
        self.vertices
    }

    pub(crate) fn edges(&self) -> u32 {
        count(self.source.len())
    }

    pub(crate) fn is_vertex(&self, node: Node) -> bool {
        node < self.vertices
    }

    pub(crate) fn node(&self, element: Element) -> Node {
        match element {
            Element::Vertex(at) => at,
            Element::Edge(at) => self.vertices + at,
        }
    }

    pub(crate) fn element(&self, node: Node) -> Element {
        match node.checked_sub(self.vertices) {
            Some(edge) => Element::Edge(edge),
            None => Element::Vertex(node),
        }
    }

    /// What follows: the edges of a vertex in definition order, the target of an edge.
    pub(crate) fn successors(&self, node: Node) -> &[Node] {
        match self.element(node) {
            Element::Vertex(at) => slice(&self.out, &self.out_from, at),
            Element::Edge(at) => end(&self.target, at),
        }
    }

    /// What comes before.
    pub(crate) fn predecessors(&self, node: Node) -> &[Node] {
        match self.element(node) {
            Element::Vertex(at) => slice(&self.into, &self.in_from, at),
            Element::Edge(at) => end(&self.source, at),
        }
    }

    /// The vertex an edge leads to, if the node is an edge that leads somewhere.
    pub(crate) fn target(&self, edge: Node) -> Option<Node> {
        let at = edge.checked_sub(self.vertices)?;
        end(&self.target, at).first().copied()
    }

    /// The vertex an edge comes from, if the node is an edge that comes from one.
    pub(crate) fn source(&self, edge: Node) -> Option<Node> {
        let at = edge.checked_sub(self.vertices)?;
        end(&self.source, at).first().copied()
    }

    /// How many steps each element is away from `target`; guards are not looked at.
    pub(crate) fn distances_to(&self, target: Node) -> Vec<u32> {
        breadth_first(self.len(), &[target], |node| self.predecessors(node))
    }

    /// How many steps each element is away from the nearest of these; guards are not looked at.
    pub(crate) fn distances_to_any(&self, targets: &[Node]) -> Vec<u32> {
        breadth_first(self.len(), targets, |node| self.predecessors(node))
    }

    /// For each element whether a way leads to one of these; guards are not looked at.
    pub(crate) fn leads_to(&self, ends: impl Iterator<Item = Node>) -> Vec<bool> {
        let mut leads = vec![false; self.len()];
        let mut stack: Vec<Node> = ends.collect();
        for end in &stack {
            leads[*end as usize] = true;
        }
        while let Some(node) = stack.pop() {
            for before in self.predecessors(node) {
                if !std::mem::replace(&mut leads[*before as usize], true) {
                    stack.push(*before);
                }
            }
        }
        leads
    }

    /// How many steps each element is away from `start`; guards are not looked at.
    pub(crate) fn distances_from(&self, start: Node) -> Vec<u32> {
        breadth_first(self.len(), &[start], |node| self.successors(node))
    }
}

fn breadth_first<'a>(len: usize, starts: &[Node], next: impl Fn(Node) -> &'a [Node]) -> Vec<u32> {
    let mut distances = vec![UNREACHABLE; len];
    let mut queue: VecDeque<Node> = starts.iter().copied().collect();
    for start in starts {
        distances[*start as usize] = 0;
    }
    while let Some(node) = queue.pop_front() {
        let distance = distances[node as usize] + 1;
        for &other in next(node) {
            if distances[other as usize] == UNREACHABLE {
                distances[other as usize] = distance;
                queue.push_back(other);
            }
        }
    }
    distances
}

fn slice<'a>(nodes: &'a [Node], from: &[u32], at: u32) -> &'a [Node] {
    let (start, end) = (from[at as usize], from[at as usize + 1]);
    nodes.get(start as usize..end as usize).unwrap_or_default()
}

fn end(ends: &[u32], at: u32) -> &[Node] {
    match ends.get(at as usize) {
        Some(vertex) if *vertex != NOWHERE => std::slice::from_ref(vertex),
        _ => &[],
    }
}

/// The edges of each vertex, by their source or target, without changing their order; the first edge has the number
/// `first`.
pub(crate) fn grouped(vertices: u32, first: u32, ends: &[u32]) -> (Vec<u32>, Vec<Node>) {
    let mut from = vec![0_u32; vertices as usize + 1];
    let known = |vertex: &u32| *vertex != NOWHERE;
    for vertex in ends.iter().copied().filter(known) {
        from[vertex as usize + 1] += 1;
    }
    for at in 1..from.len() {
        from[at] += from[at - 1];
    }
    let mut next = from.clone();
    let mut nodes = vec![0; from.last().copied().unwrap_or_default() as usize];
    for (edge, vertex) in (first..).zip(ends).filter(|(_, vertex)| known(vertex)) {
        let slot = &mut next[*vertex as usize];
        nodes[*slot as usize] = edge;
        *slot += 1;
    }
    (from, nodes)
}
