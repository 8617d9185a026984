//! Models pass through here and leave as a few paths that go over all their edges, without a look at guards.
//!
//! As for a tour, edges are repeated where that is shortest. Besides, a path may end at any vertex, and a new one begin at
//! a start element, which costs more than any detour: so there are as few paths as can be, and these are short.

use std::collections::{HashMap, VecDeque};

use thiserror::Error;

use crate::graph::count;
use crate::machine::Step;
use crate::tour::Net;
use crate::{Element, Suite};

/// The most ways between vertices of the same shared state in all models together.
const MOST_LINKS: usize = 200_000;

/// Paths over all edges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cover {
    /// Each path, from a start element on.
    pub paths: Vec<Vec<Step>>,
    /// Edges that no path leads to.
    pub unreached: Vec<Step>,
}

/// Why there is no cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CoverError {
    /// No model has a start element.
    #[error(
        "no model has a start element: write \"startElementId\" into the one that paths begin in"
    )]
    NoStart,
    /// Too many vertices have the same shared states.
    #[error(
        "the models are joined by more than {MOST_LINKS} ways between vertices of the same shared state: give fewer \
         vertices the same one, or use `--paths`"
    )]
    Links,
    /// The paths did not come together, which is a fault of this program.
    #[error(
        "the paths over all edges could not be put together: use `--paths`, and report these models"
    )]
    Torn,
}

/// What walking an arc means.
#[derive(Clone, Copy)]
enum Arc {
    Edge(usize, u32),
    /// Over to another model.
    Link(usize, u32),
    /// A new path begins.
    Opening(usize, Element),
    /// The path ends.
    Ending,
}

/// The models in one net.
struct Joined<'a> {
    suite: &'a Suite,
    /// The node of each model's first vertex.
    first: Vec<u32>,
    /// The node where paths end, and from where they begin.
    end: u32,
    net: Net,
    arcs: Vec<Arc>,
}

/// Plans as few paths as cover all edges, and as short ones as there are of so many. Where models are joined by shared
/// states the plan may have more than the fewest.
pub fn cover(suite: &Suite) -> Result<Cover, CoverError> {
    let mut joined = Joined::new(suite);
    let near = joined.near()?;
    let unreached = joined.edges(&near);
    joined.links(&near)?;
    joined.endings(&near);
    joined.net.seal();
    let is_settled = joined.net.settle() && joined.connect();
    let tour = joined.net.circuit(joined.end).filter(|_| is_settled);
    let tour = tour.ok_or(CoverError::Torn)?;
    Ok(Cover {
        paths: joined.paths(&tour),
        unreached,
    })
}

impl<'a> Joined<'a> {
    fn new(suite: &'a Suite) -> Self {
        let mut first = Vec::new();
        let mut end = 0;
        for model in &suite.models {
            first.push(end);
            end += count(model.vertices.len());
        }
        Self {
            suite,
            first,
            end,
            net: Net::new(end + 1),
            arcs: Vec::new(),
        }
    }

    fn add(&mut self, arc: Arc, from: u32, to: u32, cost: i64, least: u32) {
        self.net.add(from, to, cost, least);
        self.arcs.push(arc);
    }

    fn ends(&self, model: usize, edge: u32) -> (Option<u32>, Option<u32>) {
        let edge = &self.suite.models[model].edges[edge as usize];
        let node = |end: &crate::End| end.vertex().map(|vertex| self.first[model] + vertex);
        (node(&edge.source), node(&edge.target))
    }

    /// The start elements as arcs that begin paths, and the nodes that can be reached from them.
    fn near(&mut self) -> Result<Vec<bool>, CoverError> {
        let dear = i64::from(self.end) + 2;
        let mut has_begun = false;
        let mut queue = VecDeque::new();
        for (model, start) in (0..).zip(self.suite.models.iter().map(|model| model.start)) {
            let Some(start) = start else { continue };
            let (is_needed, node) = match start {
                Element::Vertex(at) => (false, Some(self.first[model] + at)),
                // What comes from nowhere is only walked where a path begins.
                Element::Edge(at) => {
                    let (source, target) = self.ends(model, at);
                    (source.is_none(), target)
                }
            };
            let Some(node) = node else { continue };
            let least = u32::from(is_needed || !has_begun);
            self.add(Arc::Opening(model, start), self.end, node, dear, least);
            has_begun = true;
            queue.push_back((model, node - self.first[model]));
        }
        has_begun
            .then(|| self.reached(queue))
            .ok_or(CoverError::NoStart)
    }

    fn reached(&self, mut queue: VecDeque<(usize, u32)>) -> Vec<bool> {
        let mut next: HashMap<(usize, u32), Vec<u32>> = HashMap::new();
        for (number, model) in self.suite.models.iter().enumerate() {
            let ends = model
                .edges
                .iter()
                .map(|edge| (edge.source.vertex(), edge.target.vertex()));
            for (source, target) in ends {
                if let (Some(source), Some(target)) = (source, target) {
                    next.entry((number, source)).or_default().push(target);
                }
            }
        }
        let mut shared = self.shared();
        let mut near = vec![false; self.end as usize];
        while let Some((model, vertex)) = queue.pop_front() {
            if std::mem::replace(&mut near[(self.first[model] + vertex) as usize], true) {
                continue;
            }
            let targets = next.remove(&(model, vertex)).unwrap_or_default();
            queue.extend(targets.into_iter().map(|target| (model, target)));
            // Its state is reached in all other models, and once one of those comes up, in its own.
            let name = self.suite.models[model].vertices[vertex as usize]
                .shared
                .as_deref();
            if let Some(members) = name.and_then(|name| shared.get_mut(name)) {
                let (own, others) = members.iter().partition(|(other, _)| *other == model);
                *members = own;
                queue.extend(others);
            }
        }
        near
    }

    /// The vertices of each shared state.
    fn shared(&self) -> HashMap<&'a str, Vec<(usize, u32)>> {
        let mut shared: HashMap<&str, Vec<(usize, u32)>> = HashMap::new();
        for (number, model) in self.suite.models.iter().enumerate() {
            for (vertex, at) in model.vertices.iter().zip(0..) {
                if let Some(name) = vertex.shared.as_deref() {
                    shared.entry(name).or_default().push((number, at));
                }
            }
        }
        shared
    }

    /// The edges that have to be walked; those that cannot be.
    fn edges(&mut self, near: &[bool]) -> Vec<Step> {
        let mut unreached = Vec::new();
        for model in 0..self.suite.models.len() {
            let start = self.suite.models[model].start;
            for at in 0..count(self.suite.models[model].edges.len()) {
                let element = Element::Edge(at);
                match self.ends(model, at) {
                    (Some(source), Some(target)) if near[source as usize] => {
                        self.add(Arc::Edge(model, at), source, target, 1, 1);
                    }
                    (None, Some(_)) if start == Some(element) => {}
                    _ => unreached.push(Step { model, element }),
                }
            }
        }
        unreached
    }

    fn links(&mut self, near: &[bool]) -> Result<(), CoverError> {
        let shared = self.shared();
        let mut states: Vec<_> = shared.into_iter().collect();
        states.sort_unstable();
        let mut links = 0;
        for (_, members) in states {
            for (model, vertex) in &members {
                let from = self.first[*model] + vertex;
                let others = members
                    .iter()
                    .filter(|(other, _)| other != model && near[from as usize]);
                for (other, to) in others.take(MOST_LINKS + 1) {
                    links += 1;
                    let node = self.first[*other] + to;
                    self.add(Arc::Link(*other, *to), from, node, 1, 0);
                }
                if links > MOST_LINKS {
                    return Err(CoverError::Links);
                }
            }
        }
        Ok(())
    }

    fn endings(&mut self, near: &[bool]) {
        for node in (0..self.end).filter(|node| near[*node as usize]) {
            self.add(Arc::Ending, node, self.end, 0, 0);
        }
    }

    /// Asks for ways into what has closed circles of its own, one after the other.
    fn connect(&mut self) -> bool {
        while let Some(way) = self.way_in() {
            for arc in way {
                self.net.demand(arc, 1);
            }
            if !self.net.settle() {
                return false;
            }
        }
        true
    }

    /// The arcs from what hangs together with the beginning to something walked that does not.
    fn way_in(&self) -> Option<Vec<u32>> {
        let parts = self.parts();
        let mut is_walked = vec![false; parts.len()];
        for arc in (0..self.net.arcs()).filter(|arc| self.net.walks(*arc) > 0) {
            is_walked[self.net.ends(arc).0 as usize] = true;
        }
        let home = parts[self.end as usize];
        let mut came: Vec<Option<u32>> = vec![None; parts.len()];
        let all = 0..count(parts.len());
        let mut queue: VecDeque<u32> = all.filter(|node| parts[*node as usize] == home).collect();
        let mut seen: Vec<bool> = parts.iter().map(|part| *part == home).collect();
        while let Some(node) = queue.pop_front() {
            for &arc in self.net.leaving(node) {
                let (_, to) = self.net.ends(arc);
                if std::mem::replace(&mut seen[to as usize], true) {
                    continue;
                }
                came[to as usize] = Some(arc);
                if is_walked[to as usize] {
                    return Some(self.back(&came, to));
                }
                queue.push_back(to);
            }
        }
        None
    }

    fn back(&self, came: &[Option<u32>], mut node: u32) -> Vec<u32> {
        let mut way = Vec::new();
        while let Some(arc) = came[node as usize] {
            way.push(arc);
            node = self.net.ends(arc).0;
        }
        way
    }

    /// For each node one node that stands for all that hang together by walked arcs.
    fn parts(&self) -> Vec<u32> {
        let mut parts: Vec<u32> = (0..=self.end).collect();
        for arc in (0..self.net.arcs()).filter(|arc| self.net.walks(*arc) > 0) {
            let (from, to) = self.net.ends(arc);
            let (from, to) = (root(&mut parts, from), root(&mut parts, to));
            parts[from as usize] = to;
        }
        (0..=self.end).map(|node| root(&mut parts, node)).collect()
    }

    fn paths(&self, tour: &[u32]) -> Vec<Vec<Step>> {
        let mut paths: Vec<Vec<Step>> = Vec::new();
        for arc in tour {
            let (steps, is_new) = match self.arcs[*arc as usize] {
                Arc::Ending => continue,
                Arc::Opening(model, start) => (self.steps(model, start), true),
                Arc::Edge(model, at) => (self.steps(model, Element::Edge(at)), false),
                Arc::Link(model, at) => (self.steps(model, Element::Vertex(at)), false),
            };
            if is_new {
                paths.push(Vec::new());
            }
            if let Some(path) = paths.last_mut() {
                path.extend(steps);
            }
        }
        paths
    }

    /// An element, and the vertex behind it if it is an edge.
    fn steps(&self, model: usize, element: Element) -> impl Iterator<Item = Step> + use<> {
        let target = match element {
            Element::Edge(at) => self.suite.models[model].edges[at as usize].target.vertex(),
            Element::Vertex(_) => None,
        };
        let elements = std::iter::once(element).chain(target.map(Element::Vertex));
        elements.map(move |element| Step { model, element })
    }
}

fn root(parts: &mut [u32], mut node: u32) -> u32 {
    while parts[node as usize] != node {
        let above = parts[parts[node as usize] as usize];
        parts[node as usize] = above;
        node = above;
    }
    node
}
