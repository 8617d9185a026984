//! What a walk has covered passes through here, as numbers and lists.

use super::{Machine, Status, Verdict};
use crate::Element;
use crate::graph::count;

/// What was covered so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// All models.
    pub models: u32,
    /// Models whose stop condition was found fulfilled.
    pub completed: u32,
    /// Models on their way.
    pub incomplete: u32,
    /// Models in which a step could not be made.
    pub failed: u32,
    /// Models in which no step was made.
    pub not_executed: u32,
    /// All edges, those that lead into a model included.
    pub edges: u32,
    /// Edges whose execution was begun.
    pub visited_edges: u32,
    /// All vertices.
    pub vertices: u32,
    /// Vertices whose execution was begun.
    pub visited_vertices: u32,
    /// Edges that were not visited, in definition order.
    pub edges_not_visited: Vec<Missed>,
    /// Vertices that were not visited, in definition order.
    pub vertices_not_visited: Vec<Missed>,
    /// The requirements.
    pub requirements: Requirements,
}

/// An element that was not visited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// The model, as its number in the suite.
    pub model: usize,
    /// The element.
    pub element: Element,
}

/// Requirements by what became of them: number of the model and key, in definition order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Without a verdict.
    pub not_covered: Vec<(usize, Box<str>)>,
    /// Their element was visited.
    pub passed: Vec<(usize, Box<str>)>,
    /// A step from their element could not be made.
    pub failed: Vec<(usize, Box<str>)>,
}

impl Statistics {
    /// Percent of the edges, rounded down; 0 where there are none.
    pub fn edge_coverage(&self) -> u32 {
        percent(self.visited_edges, self.edges)
    }

    /// Percent of the vertices, rounded down; 0 where there are none.
    pub fn vertex_coverage(&self) -> u32 {
        percent(self.visited_vertices, self.vertices)
    }
}

impl Requirements {
    /// How many there are.
    pub fn total(&self) -> u32 {
        count(self.not_covered.len() + self.passed.len() + self.failed.len())
    }

    /// Percent with a verdict, rounded down; 0 where there are none.
    pub fn coverage(&self) -> u32 {
        percent(count(self.passed.len() + self.failed.len()), self.total())
    }
}

fn percent(part: u32, whole: u32) -> u32 {
    let share = u64::from(part) * 100;
    share
        .checked_div(u64::from(whole))
        .map_or(0, |percent| u32::try_from(percent).unwrap_or(100))
}

impl Machine {
    /// What was covered so far. Goes over all elements.
    pub fn statistics(&self) -> Statistics {
        let mut found = Statistics {
            models: count(self.lanes.len()),
            ..Statistics::default()
        };
        for (model, lane) in self.lanes.iter().enumerate() {
            let place = &lane.place;
            match place.status {
                Status::Completed => found.completed += 1,
                Status::Executing => found.incomplete += 1,
                Status::Failed => found.failed += 1,
                Status::NotExecuted => found.not_executed += 1,
            }
            found.edges += place.topology.edges();
            found.vertices += place.topology.vertices();
            found.visited_edges += place.visited_edges;
            found.visited_vertices += place.visited_vertices;
            for element in place
                .model()
                .elements()
                .filter(|element| !self.is_visited(model, *element))
            {
                match element {
                    Element::Vertex(_) => {
                        found.vertices_not_visited.push(Missed { model, element });
                    }
                    Element::Edge(_) => found.edges_not_visited.push(Missed { model, element }),
                }
            }
            for (key, verdict) in place.verdicts() {
                let list = match verdict {
                    Verdict::NotCovered => &mut found.requirements.not_covered,
                    Verdict::Passed => &mut found.requirements.passed,
                    Verdict::Failed => &mut found.requirements.failed,
                };
                list.push((model, key.into()));
            }
        }
        found
    }
}
