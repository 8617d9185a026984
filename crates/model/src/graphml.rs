//! Graphs drawn with yEd pass through here: `GraphML` in, with all that stands in its labels, and out again.

mod parts;
mod tree;
mod writer;

use std::collections::HashMap;

use sockeye_core::Random;

use crate::graph::{Properties, count, uuid};
use crate::label::{self, On};
use crate::{Edge, Element, End, FormatError, Model, Vertex};
use parts::{Keys, Part};
use tree::Tag;
pub use writer::write;

/// The text for anything that yEd has not written.
const NOT_YED: &str = "The file appears not to be valid yEd formatted.";

/// The name of the format. A document that has it may be without a graph.
const NAMESPACE: &str = "http://graphml.graphdrawing.org/xmlns";

/// Reads one model. Its name is the one given, most often that of the file; its id is drawn from `random`.
///
/// The kinds of nodes and edges of yEd that are read, and the grammar of labels, are in the manual. Elements of other
/// kinds are left out.
pub fn read(text: &str, name: &str, random: &mut Random) -> Result<Model, FormatError> {
    let root = tree::read(text).filter(|root| root.name == "graphml");
    let root = root.ok_or_else(|| FormatError::known(NOT_YED))?;
    if !root.children("graph").any(|_| true) && !root.names(NAMESPACE) {
        return Err(FormatError::known(NOT_YED));
    }
    let keys = Keys::new(&root);
    let mut drawing = Drawing::default();
    drawing.model.name = Some(name.into());
    drawing.model.id = uuid(random);
    for node in nodes(&root) {
        if let Some(part) = parts::node(node, &keys) {
            drawing.node(part)?;
        }
    }
    for edge in root
        .children("graph")
        .flat_map(|graph| graph.children("edge"))
    {
        if let Some(part) = parts::edge(edge, &keys) {
            drawing.edge(part, edge)?;
        }
    }
    Ok(drawing.model)
}

/// All nodes. A group is none itself; the nodes in it come after those beside it.
fn nodes(root: &Tag) -> Vec<&Tag> {
    let of = |tag| Tag::children(tag, "graph").flat_map(|graph| graph.children("node"));
    let mut queue: Vec<&Tag> = of(root).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(node) = queue.get(at).copied() {
        at += 1;
        if node.children("graph").any(|_| true) {
            queue.extend(of(node));
        } else {
            found.push(node);
        }
    }
    found
}

/// A model that is being put together.
#[derive(Default)]
struct Drawing {
    model: Model,
    numbers: HashMap<Box<str>, u32>,
    /// The node where walks begin: the last one of that label.
    start: Option<Box<str>>,
    /// All nodes of that label with their properties. As an end of an edge such a node is a vertex without a name.
    starts: HashMap<Box<str>, Properties>,
}

impl Drawing {
    fn node(&mut self, part: Part) -> Result<(), FormatError> {
        let id: Box<str> = part.id.into();
        if label::is_start(&part.label) {
            self.starts.insert(id.clone(), part.properties);
            self.start = Some(id);
            return Ok(());
        }
        let label = label::read(&part.label, On::Vertex)?;
        self.model.actions.extend(label.init);
        let mut vertex = Vertex {
            id: Some(id),
            name: label.name,
            shared: label.shared,
            requirements: label.requirements.unwrap_or_default(),
            properties: part.properties,
            ..Vertex::default()
        };
        if label.is_blocked {
            vertex.properties.set("blocked", true.into());
        }
        self.add(vertex);
        Ok(())
    }

    fn add(&mut self, vertex: Vertex) -> u32 {
        let number = count(self.model.vertices.len());
        let id = vertex.id.clone().unwrap_or_default();
        self.numbers.insert(id, number);
        self.model.vertices.push(vertex);
        number
    }

    fn edge(&mut self, part: Part, tag: &Tag) -> Result<(), FormatError> {
        let is_start = tag.attribute("source") == self.start.as_deref() && self.start.is_some();
        let label = label::read(&part.label, On::Edge)?;
        let Some(target) = self.end(tag.attribute("target")) else {
            return Ok(());
        };
        let source = match self.end(tag.attribute("source").filter(|_| !is_start)) {
            Some(source) => End::Vertex(source),
            None if is_start => End::None,
            None => return Ok(()),
        };
        if is_start {
            self.model.start = Some(Element::Edge(count(self.model.edges.len())));
        }
        let mut edge = Edge {
            id: part.id.into(),
            name: label.name,
            source,
            target: End::Vertex(target),
            guard: label.guard.filter(|guard| !guard.is_empty()),
            actions: label.actions.into_iter().collect(),
            requirements: label.requirements.unwrap_or_default(),
            properties: part.properties,
            weight: label.weight.unwrap_or_default(),
            dependency: label.dependency.unwrap_or_default(),
        };
        if label.is_blocked {
            edge.properties.set("blocked", true.into());
        }
        self.model.edges.push(edge);
        Ok(())
    }

    fn end(&mut self, id: Option<&str>) -> Option<u32> {
        let id = id?;
        if let Some(number) = self.numbers.get(id) {
            return Some(*number);
        }
        let properties = self.starts.get(id)?.clone();
        Some(self.add(Vertex {
            id: Some(id.into()),
            properties,
            ..Vertex::default()
        }))
    }
}
