//! What vertices and edges have in common passes through here, so that the same code draws both.

use sockeye_model::graph::Properties;
use sockeye_model::{Edge, Element, End, Model, Vertex};

use super::{Fault, missing};
use crate::request::Request;

/// A vertex or an edge of a model that is being drawn.
pub(in crate::commands) trait Part: Sized {
    /// The member in which requests describe it.
    const NAME: &'static str;
    /// The member in which requests give its id.
    const ID: &'static str;
    /// What it is called where it is missing.
    const A: &'static str;

    /// All of a model.
    fn all(model: &mut Model) -> &mut Vec<Self>;

    /// The element of this number.
    fn element(at: u32) -> Element;

    /// The number of an element, if it is of this kind.
    fn number(element: Element) -> Option<u32>;

    /// One with nothing but what a request says of it.
    fn bare(request: &Request<'_>) -> Result<Self, Fault>;

    /// One from the model in which it was described alone.
    fn described(alone: Model) -> Option<Self>;

    fn id(&self) -> Option<&str>;

    fn set_id(&mut self, id: &str);

    fn name(&mut self) -> &mut Option<Box<str>>;

    fn properties(&mut self) -> &mut Properties;

    /// Finds what it is tied to in the model that it belongs to.
    fn tie(&mut self, model: &Model) -> Result<(), Fault>;

    /// Takes over from what it was before: requirements and actions are appended, names and the like are kept.
    fn follow(&mut self, old: Self);

    /// The one of this number is gone from the model.
    fn gone(model: &mut Model, at: u32);
}

impl Part for Vertex {
    const NAME: &'static str = "vertex";
    const ID: &'static str = "vertexId";
    const A: &'static str = "a vertex";

    fn all(model: &mut Model) -> &mut Vec<Self> {
        &mut model.vertices
    }

    fn element(at: u32) -> Element {
        Element::Vertex(at)
    }

    fn number(element: Element) -> Option<u32> {
        match element {
            Element::Vertex(at) => Some(at),
            Element::Edge(_) => None,
        }
    }

    fn bare(request: &Request<'_>) -> Result<Self, Fault> {
        let id: Box<str> = request.text(Self::ID)?.as_ref().into();
        Ok(Self {
            name: Some(id.clone()),
            id: Some(id),
            ..Self::default()
        })
    }

    fn described(mut alone: Model) -> Option<Self> {
        alone.vertices.pop()
    }

    fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    fn set_id(&mut self, id: &str) {
        self.id = Some(id.into());
    }

    fn name(&mut self) -> &mut Option<Box<str>> {
        &mut self.name
    }

    fn properties(&mut self) -> &mut Properties {
        &mut self.properties
    }

    fn tie(&mut self, _: &Model) -> Result<(), Fault> {
        Ok(())
    }

    fn follow(&mut self, old: Self) {
        self.shared = self.shared.take().or(old.shared);
        append(&mut self.actions, old.actions);
        append(&mut self.requirements, old.requirements);
    }

    /// Edges lose that end.
    fn gone(model: &mut Model, gone: u32) {
        for edge in &mut model.edges {
            for end in [&mut edge.source, &mut edge.target] {
                match end {
                    End::Vertex(at) if *at == gone => *end = End::None,
                    End::Vertex(at) if *at > gone => *at -= 1,
                    _ => {}
                }
            }
        }
    }
}

impl Part for Edge {
    const NAME: &'static str = "edge";
    const ID: &'static str = "edgeId";
    const A: &'static str = "an edge";

    fn all(model: &mut Model) -> &mut Vec<Self> {
        &mut model.edges
    }

    fn element(at: u32) -> Element {
        Element::Edge(at)
    }

    fn number(element: Element) -> Option<u32> {
        match element {
            Element::Edge(at) => Some(at),
            Element::Vertex(_) => None,
        }
    }

    fn bare(request: &Request<'_>) -> Result<Self, Fault> {
        let id: Box<str> = request.text(Self::ID)?.as_ref().into();
        let source = request.text("sourceVertexId")?;
        let target = request.text("targetVertexId")?;
        Ok(Self {
            name: Some(id.clone()),
            id,
            source: End::Unknown(source.as_ref().into()),
            target: End::Unknown(target.as_ref().into()),
            ..Self::default()
        })
    }

    fn described(mut alone: Model) -> Option<Self> {
        alone.edges.pop()
    }

    fn id(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn set_id(&mut self, id: &str) {
        self.id = id.into();
    }

    fn name(&mut self) -> &mut Option<Box<str>> {
        &mut self.name
    }

    fn properties(&mut self) -> &mut Properties {
        &mut self.properties
    }

    fn tie(&mut self, model: &Model) -> Result<(), Fault> {
        for end in [&mut self.source, &mut self.target] {
            if let End::Unknown(id) = end {
                let mut vertices = (0..).zip(&model.vertices);
                let found = vertices.find(|(_, vertex)| vertex.id == Some(id.clone()));
                let (at, _) = found.ok_or_else(|| missing(Vertex::A, id))?;
                *end = End::Vertex(at);
            }
        }
        Ok(())
    }

    fn follow(&mut self, old: Self) {
        self.guard = self.guard.take().or(old.guard);
        for (end, before) in [
            (&mut self.source, old.source),
            (&mut self.target, old.target),
        ] {
            if *end == End::None {
                *end = before;
            }
        }
        append(&mut self.actions, old.actions);
        append(&mut self.requirements, old.requirements);
    }

    fn gone(model: &mut Model, gone: u32) {
        model.path.retain(|at| *at != gone);
        for at in &mut model.path {
            *at -= u32::from(*at > gone);
        }
    }
}

/// Puts texts behind those that were there before.
fn append(texts: &mut Box<[Box<str>]>, before: Box<[Box<str>]>) {
    let new = std::mem::replace(texts, before);
    *texts = [std::mem::take(texts), new].concat().into();
}
