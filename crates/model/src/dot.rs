//! Graphs in Graphviz's language pass through here: statements become vertices and edges, and models become statements.

mod lexer;
mod parser;
mod writer;

use std::collections::HashMap;

use sockeye_core::Random;

use crate::graph::{count, uuid};
use crate::label::{self, On};
use crate::{Edge, Element, End, FormatError, Model, Vertex};
use parser::{Attributes, Statement};
pub use writer::write;

/// Reads one model. Its name is that of the graph, or the one given.
///
/// A node is a vertex, an arrow an edge, `--` is an arrow, too. The attribute `label` gives the name, with guard, actions
/// and the other fields of labels; an edge's `id` is its id, or else its name. A vertex `start` is none: the arrows from it
/// are ways into the model, and the last of them is the start.
pub fn read(text: &str, name: &str, random: &mut Random) -> Result<Model, FormatError> {
    let graph = parser::parse(text)?;
    let mut drawing = Drawing::default();
    drawing.model.name = Some(graph.name.unwrap_or_else(|| name.to_owned()).into());
    drawing.model.id = uuid(random);
    // Labels decide which node is the start, wherever they stand.
    for statement in &graph.statements {
        if let Statement::Node(id, attributes) = statement {
            drawing.node(id, attributes);
        }
    }
    for statement in graph.statements {
        if let Statement::Arrow(from, to, attributes) = statement {
            drawing.arrow(&from, &to, &attributes, random);
        }
    }
    Ok(drawing.model)
}

#[derive(Default)]
struct Drawing {
    model: Model,
    /// The vertex of each node; nothing for the start.
    numbers: HashMap<String, Option<u32>>,
}

impl Drawing {
    fn node(&mut self, id: &str, attributes: &Attributes) {
        let text = attributes.get("label").map(String::as_str);
        if self.numbers.get(id).is_some_and(|_| text.is_none()) {
            return;
        }
        if label::is_start(id) || text.is_some_and(label::is_start) {
            self.numbers.insert(id.to_owned(), None);
            return;
        }
        let known = self.numbers.get(id).copied().flatten();
        let number = known.unwrap_or_else(|| {
            self.model.vertices.push(Vertex::default());
            count(self.model.vertices.len() - 1)
        });
        self.numbers.insert(id.to_owned(), Some(number));
        let vertex = &mut self.model.vertices[number as usize];
        vertex.id = Some(id.into());
        let Some(text) = text else {
            vertex.name = Some(id.into());
            return;
        };
        // A label that is none of ours is a name as it stands.
        let Ok(label) = label::read(text, On::Vertex) else {
            vertex.name = Some(text.into());
            return;
        };
        self.model.actions.extend(label.init);
        vertex.name = label.name;
        vertex.shared = label.shared;
        vertex.requirements = label.requirements.unwrap_or_default();
        if label.is_blocked {
            vertex.properties.set("blocked", true.into());
        }
    }

    fn arrow(&mut self, from: &str, to: &str, attributes: &Attributes, random: &mut Random) {
        let end = |number: Option<u32>| number.map_or(End::None, End::Vertex);
        let source = self.numbers.get(from).copied().flatten();
        let target = self.numbers.get(to).copied().flatten();
        let mut edge = Edge {
            source: end(source),
            target: end(target),
            ..Edge::default()
        };
        if let Some(text) = attributes.get("label") {
            fill(&mut edge, text);
        }
        let id = attributes.get("id").map(|id| id.as_str().into());
        edge.id = id
            .or_else(|| edge.name.clone())
            .unwrap_or_else(|| uuid(random));
        if source.is_none() {
            self.model.start = Some(Element::Edge(count(self.model.edges.len())));
        }
        self.model.edges.push(edge);
    }
}

fn fill(edge: &mut Edge, text: &str) {
    let Ok(label) = label::read(text, On::Edge) else {
        edge.name = Some(text.into());
        return;
    };
    edge.name = label.name;
    edge.guard = label.guard.filter(|guard| !guard.is_empty());
    edge.actions = label.actions.into_iter().collect();
    edge.requirements = label.requirements.unwrap_or_default();
    edge.weight = label.weight.unwrap_or_default();
    edge.dependency = label.dependency.unwrap_or_default();
    if label.is_blocked {
        edge.properties.set("blocked", true.into());
    }
}
