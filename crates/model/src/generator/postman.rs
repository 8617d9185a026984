//! The directed Chinese postman passes through here: over each edge that can be reached, repeating as few as possible.

use super::View;
use super::euler::{Walk, beginning};
use super::route::Search;
use crate::graph::count;
use crate::machine::{LeftOut, Place, TornError, WalkError};
use crate::topology::{Node, Topology, UNREACHABLE};
use crate::tour::{Net, Torn, torn};

/// A shortest tour and how far it has been walked.
#[derive(Debug)]
pub(super) struct Postman {
    /// Whether it ends where it has begun.
    closed: bool,
    /// The elements that are left, the next one last.
    left: Option<Vec<Node>>,
    /// How many elements it has in all.
    all: u32,
    /// Where it has come to.
    at: Node,
    /// Edges that cannot be reached.
    missed: Vec<Node>,
    search: Search,
}

impl Postman {
    pub(super) fn new(closed: bool) -> Self {
        Self {
            closed,
            left: None,
            all: 0,
            at: Node::MAX,
            missed: Vec::new(),
            search: Search::default(),
        }
    }

    /// How many elements of the tour have been walked, and of how many, as soon as that is known.
    pub(super) fn progress(&mut self, place: &Place) -> Option<(u32, u32)> {
        if self.left.is_none() {
            // What is wrong is said when the next element is asked for.
            self.plan(place, place.current?).ok()?;
        }
        let left = self.left.as_ref()?.len();
        let done = self.all.saturating_sub(count(left));
        // A tour that leaves edges out never comes to its end.
        Some((done, self.all + u32::from(!self.missed.is_empty())))
    }

    pub(super) fn next(&mut self, view: &mut View<'_>, current: Node) -> Result<Node, WalkError> {
        if self.left.is_some() && current != self.at {
            self.come_back(view.place, current);
        }
        if self.left.is_none() {
            self.plan(view.place, current)?;
        }
        let Some(next) = self.left.as_ref().and_then(|left| left.last().copied()) else {
            return Err(self.over(view.place, current));
        };
        if !view.is_open(next)? {
            return Err(WalkError::ClosedOnTour(view.name(next)));
        }
        self.left.as_mut().and_then(Vec::pop);
        self.at = next;
        Ok(next)
    }

    fn plan(&mut self, place: &Place, current: Node) -> Result<(), WalkError> {
        let (begun, start) = beginning(place, current)?;
        let walks = repetitions(place, start, begun, self.closed)?;
        let path = Walk::new(&place.topology, walks).hierholzer(start);
        let mut path = path.ok_or_else(|| WalkError::Stuck(place.name(current)))?;
        path.reverse();
        path.extend(begun.map(|_| start));
        self.missed = left_out(&place.topology, start, begun);
        self.all = count(path.len());
        self.left = Some(path);
        self.at = current;
        Ok(())
    }

    /// Another model has brought the walk back at a different place: goes to where the tour was left, or begins a new one
    /// where no way leads there.
    fn come_back(&mut self, place: &Place, current: Node) {
        let mut way = Vec::new();
        self.search.way(&place.topology, current, self.at, &mut way);
        // The last one is where the walk is now.
        if way.pop().is_none() {
            self.left = None;
            return;
        }
        self.all = self.all.saturating_add(count(way.len()));
        self.left.get_or_insert_default().extend(way);
        self.at = current;
    }

    fn over(&self, place: &Place, current: Node) -> WalkError {
        WalkError::TourOver(Box::new(LeftOut {
            at: place.name(current),
            first: self.missed.first().map(|edge| place.name(*edge)),
            others: self.missed.len().saturating_sub(1),
        }))
    }
}

/// How often each edge is to be walked from `start`. `begun` is an edge that has been walked already. A path that is
/// `closed` ends where it has begun, any other wherever that is shortest.
fn repetitions(
    place: &Place,
    start: Node,
    begun: Option<Node>,
    closed: bool,
) -> Result<Vec<u32>, WalkError> {
    let topology = &place.topology;
    let near = topology.distances_from(start);
    let first = begun
        .and_then(|edge| topology.source(edge))
        .unwrap_or(start);
    let home = closed.then_some(first);
    let torn = torn(topology, start, &near, home);
    let is_cut_off = home.is_some_and(|home| near[home as usize] == UNREACHABLE);
    if let Some(torn) = torn.or(begun.filter(|_| is_cut_off).map(Torn::Away)) {
        return Err(error(place, first, torn));
    }
    let mut net = net(topology, start, begun, &near, home);
    if !net.settle() {
        return Err(WalkError::Stuck(place.name(start)));
    }
    Ok((0..topology.edges()).map(|edge| net.walks(edge)).collect())
}

/// The edges as arcs of the same numbers. A path that may end anywhere ends at a node besides, to which every vertex leads
/// at no cost.
fn net(
    topology: &Topology,
    start: Node,
    begun: Option<Node>,
    near: &[u32],
    home: Option<Node>,
) -> Net {
    let end = topology.vertices();
    let mut net = Net::new(end + 1);
    for edge in end..end + topology.edges() {
        let is_near = near[edge as usize] != UNREACHABLE;
        match (topology.source(edge), topology.target(edge)) {
            (Some(source), Some(target)) if is_near => {
                net.add(source, target, 1, u32::from(Some(edge) != begun));
            }
            // Nobody gets there; it only keeps its number.
            _ => {
                net.add(end, end, 0, 0);
            }
        }
    }
    if home.is_none() {
        for vertex in (0..end).filter(|vertex| near[*vertex as usize] != UNREACHABLE) {
            net.add(vertex, end, 0, 0);
        }
    }
    net.join(start, home.unwrap_or(end));
    net.seal();
    net
}

fn error(place: &Place, from: Node, torn: Torn) -> WalkError {
    let topology = &place.topology;
    let end = |node: Option<Node>| place.name(node.unwrap_or(from));
    WalkError::Torn(Box::new(match torn {
        Torn::Both(first, second) => TornError {
            from: place.name(from),
            first: place.name(first),
            second: Some(place.name(second)),
            bridge: [end(topology.target(first)), end(topology.source(second))],
        },
        Torn::Away(edge) => TornError {
            from: place.name(from),
            first: place.name(edge),
            second: None,
            bridge: [end(topology.target(edge)), place.name(from)],
        },
    }))
}

/// The edges that no way from `start` leads to, but for the one that was begun.
fn left_out(topology: &Topology, start: Node, begun: Option<Node>) -> Vec<Node> {
    let near = topology.distances_from(start);
    let first = topology.vertices();
    let edges = first..first + topology.edges();
    edges
        .filter(|edge| near[*edge as usize] == UNREACHABLE && Some(*edge) != begun)
        .collect()
}
