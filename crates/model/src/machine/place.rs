//! How far one model has been walked passes through here: where it stands, what was visited, what was fulfilled.

use std::sync::Arc;

use super::Compat;
use crate::graph::{Named, count};
use crate::topology::{Node, Topology};
use crate::{Element, Model, Suite};

/// How a model is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// No step was made in it.
    NotExecuted,
    /// It is on its way.
    Executing,
    /// Its stop condition was found fulfilled.
    Completed,
    /// A step could not be made.
    Failed,
}

/// What became of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing yet.
    NotCovered,
    /// Its element was visited.
    Passed,
    /// A step from its element could not be made.
    Failed,
}

/// Edges at least as important as a bound: how many there are and how many were visited.
#[derive(Debug)]
pub(crate) struct Important {
    pub(crate) least: u32,
    pub(crate) total: u32,
    pub(crate) visited: u32,
}

/// The state of one model.
#[derive(Debug)]
pub(crate) struct Place {
    suite: Arc<Suite>,
    number: usize,
    pub(crate) compat: Compat,
    pub(crate) topology: Topology,
    /// For each vertex whether one of its edges has a guard.
    guarded: Vec<bool>,
    pub(crate) current: Option<Node>,
    pub(crate) last: Option<Node>,
    pub(crate) next: Option<Node>,
    pub(crate) status: Status,
    pub(crate) visits: Vec<u32>,
    /// For each element, the number of the execution that was its first; 0 before.
    pub(crate) first_visit: Vec<u64>,
    pub(crate) visited_vertices: u32,
    pub(crate) visited_edges: u32,
    pub(crate) important: Vec<Important>,
    /// Verdicts of the elements' requirements, and for each element where its own begin.
    verdicts: Vec<Verdict>,
    verdicts_from: Vec<u32>,
    judged: u32,
    pub(crate) model_verdict: Verdict,
    /// How many edges of the predefined path were taken.
    pub(crate) path_at: usize,
}

impl Place {
    pub(crate) fn new(suite: &Arc<Suite>, number: usize, compat: Compat) -> Self {
        let model = &suite.models[number];
        let topology = Topology::new(model);
        let mut guarded = vec![false; model.vertices.len()];
        for edge in model.edges.iter().filter(|edge| edge.guard.is_some()) {
            if let Some(source) = edge.source.vertex() {
                guarded[source as usize] = true;
            }
        }
        let mut verdicts_from = vec![0];
        let mut verdicts = 0;
        for element in model.elements() {
            verdicts += model.requirements_of(element).len();
            verdicts_from.push(count(verdicts));
        }
        Self {
            suite: Arc::clone(suite),
            number,
            compat,
            current: None,
            last: None,
            next: model.start.map(|start| topology.node(start)),
            status: Status::NotExecuted,
            visits: vec![0; topology.len()],
            first_visit: vec![0; topology.len()],
            visited_vertices: 0,
            visited_edges: 0,
            important: Vec::new(),
            verdicts: vec![Verdict::NotCovered; verdicts],
            verdicts_from,
            judged: 0,
            model_verdict: Verdict::NotCovered,
            path_at: 0,
            guarded,
            topology,
        }
    }

    pub(crate) fn model(&self) -> &Model {
        &self.suite.models[self.number]
    }

    pub(crate) fn set_current(&mut self, node: Option<Node>) {
        self.last = self.current;
        self.next = None;
        self.current = node;
    }

    /// A step is made in it.
    pub(crate) fn begin(&mut self) {
        if self.status == Status::NotExecuted {
            self.status = Status::Executing;
        }
    }

    pub(crate) fn set_next(&mut self, node: Node) {
        self.next = Some(node);
        self.current = None;
    }

    /// Whether a walk could go on here at once.
    pub(crate) fn is_startable(&self) -> bool {
        self.current.is_some() || self.next.is_some()
    }

    pub(crate) fn at_vertex(&self) -> bool {
        self.current
            .is_some_and(|node| self.topology.is_vertex(node))
    }

    pub(crate) fn is_visited(&self, node: Node) -> bool {
        self.first_visit[node as usize] != 0
    }

    pub(crate) fn name(&self, node: Node) -> Named {
        self.model().named(self.topology.element(node))
    }

    /// Whether one of the successors may be closed.
    pub(crate) fn is_guarded(&self, node: Node) -> bool {
        self.guarded.get(node as usize).copied().unwrap_or_default()
    }

    /// The guard of an edge, if it has one.
    pub(crate) fn guard(&self, node: Node) -> Option<&str> {
        match self.topology.element(node) {
            Element::Vertex(_) => None,
            Element::Edge(at) => self.model().edges[at as usize].guard.as_deref(),
        }
    }

    /// The shared state of a vertex, if it has one.
    pub(crate) fn shared(&self, node: Node) -> Option<&str> {
        match self.topology.element(node) {
            Element::Vertex(at) => self.model().vertices[at as usize].shared.as_deref(),
            Element::Edge(_) => None,
        }
    }

    /// Marks an element as visited by the execution of this number.
    pub(crate) fn mark(&mut self, node: Node, execution: u64) {
        if self.is_visited(node) {
            return;
        }
        self.first_visit[node as usize] = execution;
        let Element::Edge(at) = self.topology.element(node) else {
            self.visited_vertices += 1;
            return;
        };
        self.visited_edges += 1;
        let dependency = self.model().edges[at as usize].dependency;
        for important in &mut self.important {
            important.visited += u32::from(i64::from(dependency) >= i64::from(important.least));
        }
    }

    /// Takes back that anything was visited. Where it stands and what was fulfilled stay.
    pub(super) fn forget_visits(&mut self) {
        self.visits.fill(0);
        self.first_visit.fill(0);
        self.visited_vertices = 0;
        self.visited_edges = 0;
        for important in &mut self.important {
            important.visited = 0;
        }
    }

    /// Counts edges of this importance from now on, those that were visited already included.
    pub(crate) fn watch(&mut self, least: u32) {
        if self
            .important
            .iter()
            .any(|important| important.least == least)
        {
            return;
        }
        let mut important = Important {
            least,
            total: 0,
            visited: 0,
        };
        for (edge, node) in self.model().edges.iter().zip(self.topology.vertices()..) {
            if i64::from(edge.dependency) >= i64::from(least) {
                important.total += 1;
                important.visited += u32::from(self.is_visited(node));
            }
        }
        self.important.push(important);
    }

    pub(crate) fn important(&self, least: u32) -> Option<&Important> {
        self.important
            .iter()
            .find(|important| important.least == least)
    }

    /// Gives all requirements of an element a verdict.
    pub(crate) fn judge(&mut self, node: Node, verdict: Verdict) {
        let from = self.verdicts_from[node as usize] as usize;
        let to = self.verdicts_from[node as usize + 1] as usize;
        for found in &mut self.verdicts[from..to] {
            self.judged += u32::from(*found == Verdict::NotCovered);
            *found = verdict;
        }
    }

    /// How many requirements of elements there are, and how many of them have a verdict.
    pub(crate) fn requirements(&self) -> (u32, u32) {
        (count(self.verdicts.len()), self.judged)
    }

    /// Every requirement with its verdict: the model's own, then those of the elements in definition order.
    pub(crate) fn verdicts(&self) -> impl Iterator<Item = (&str, Verdict)> {
        let model = self.model();
        // The reference does not read them.
        let own = match self.compat {
            Compat::Improved => model.requirements.as_slice(),
            Compat::Strict => &[],
        };
        let own = own.iter().map(|key| (&**key, self.model_verdict));
        let keys = model
            .elements()
            .flat_map(|element| model.requirements_of(element));
        let elements = keys
            .zip(&self.verdicts)
            .map(|(key, verdict)| (&**key, *verdict));
        own.chain(elements)
    }
}
