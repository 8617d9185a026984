//! Models as they are written pass through here: vertices, edges and what hangs on them, in definition order.

use std::fmt;

use serde_json::{Map, Value};
use sockeye_core::Random;

/// What a file holds: models in their order, which decides where a walk begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suite {
    /// The name of the whole; nothing depends on it.
    pub name: Option<Box<str>>,
    /// The seed of the walk, if the file gives one.
    pub seed: Option<i64>,
    /// The models.
    pub models: Vec<Model>,
}

/// One graph with its generator.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    /// The name, which may be missing.
    pub name: Option<Box<str>>,
    /// The id; a random UUID where the file gives none.
    pub id: Box<str>,
    /// The text of the generator with its stop condition ([`crate::plan`]).
    pub generator: Option<Box<str>>,
    /// Where a walk of this model begins.
    pub start: Option<Element>,
    /// A start id that no element has. It is ignored, but not lost.
    pub unknown_start: Option<Box<str>>,
    /// Scripts that run once, when a machine is made.
    pub actions: Vec<Box<str>>,
    /// Requirements of the whole model.
    pub requirements: Vec<Box<str>>,
    /// Members that nothing here reads.
    pub properties: Properties,
    /// The vertices in definition order.
    pub vertices: Vec<Vertex>,
    /// The edges in definition order, which is the order in which a walk looks at them.
    pub edges: Vec<Edge>,
    /// The edges of the predefined path, as numbers of [`Self::edges`].
    pub path: Vec<u32>,
}

/// A state of the model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vertex {
    /// The id, unique in its model. May be missing, which the checker reports.
    pub id: Option<Box<str>>,
    /// The name.
    pub name: Option<Box<str>>,
    /// The name under which it is joined with vertices of other models.
    pub shared: Option<Box<str>>,
    /// Scripts that run at each visit.
    pub actions: Box<[Box<str>]>,
    /// Requirements that a visit fulfils.
    pub requirements: Box<[Box<str>]>,
    /// Members that nothing here reads, but for `blocked`.
    pub properties: Properties,
}

/// A way from one vertex to another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// The id, unique in its model; a random UUID where the file gives none.
    pub id: Box<str>,
    /// The name.
    pub name: Option<Box<str>>,
    /// Where it begins. An edge without a source is a way into the model.
    pub source: End,
    /// Where it ends.
    pub target: End,
    /// The script that says whether it is open; empty or missing is always open.
    pub guard: Option<Box<str>>,
    /// Scripts that run at each visit.
    pub actions: Box<[Box<str>]>,
    /// Requirements that a visit fulfils, one step later.
    pub requirements: Box<[Box<str>]>,
    /// Members that nothing here reads, but for `blocked`.
    pub properties: Properties,
    /// How often a weighted walk takes it, from 0 to 1; 0 is a share of the rest.
    pub weight: f64,
    /// How important it is, in percent.
    pub dependency: i32,
}

/// One end of an edge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// No vertex is named.
    #[default]
    None,
    /// The vertex of this number.
    Vertex(u32),
    /// An id is named that no vertex has.
    Unknown(Box<str>),
}

impl End {
    /// The vertex, if there is one.
    pub fn vertex(&self) -> Option<u32> {
        match self {
            Self::Vertex(vertex) => Some(*vertex),
            _ => None,
        }
    }
}

/// A vertex or an edge of a model by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Element {
    /// The vertex of this number.
    Vertex(u32),
    /// The edge of this number.
    Edge(u32),
}

/// Members of an object in their order; nothing where there are none, which is most often.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties(Option<Box<Map<String, Value>>>);

impl Properties {
    /// These members.
    pub fn new(members: Map<String, Value>) -> Self {
        Self((!members.is_empty()).then(|| Box::new(members)))
    }

    /// The member of this name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Sets a member.
    pub fn set(&mut self, name: &str, value: Value) {
        self.0
            .get_or_insert_default()
            .insert(name.to_owned(), value);
    }

    /// The members in their order.
    pub fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter().flat_map(|members| members.iter())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl Model {
    /// The id of an element; empty where it has none.
    pub fn id_of(&self, element: Element) -> &str {
        match element {
            Element::Vertex(at) => self.vertices.get(at as usize).and_then(|v| v.id.as_deref()),
            Element::Edge(at) => self.edges.get(at as usize).map(|edge| &*edge.id),
        }
        .unwrap_or_default()
    }

    /// The name of an element.
    pub fn name_of(&self, element: Element) -> Option<&str> {
        match element {
            Element::Vertex(at) => self.vertices.get(at as usize)?.name.as_deref(),
            Element::Edge(at) => self.edges.get(at as usize)?.name.as_deref(),
        }
    }

    /// The actions of an element.
    pub fn actions_of(&self, element: Element) -> &[Box<str>] {
        match element {
            Element::Vertex(at) => self.vertices.get(at as usize).map(|v| &*v.actions),
            Element::Edge(at) => self.edges.get(at as usize).map(|edge| &*edge.actions),
        }
        .unwrap_or_default()
    }

    /// The requirements of an element.
    pub fn requirements_of(&self, element: Element) -> &[Box<str>] {
        match element {
            Element::Vertex(at) => self.vertices.get(at as usize).map(|v| &*v.requirements),
            Element::Edge(at) => self.edges.get(at as usize).map(|edge| &*edge.requirements),
        }
        .unwrap_or_default()
    }

    /// An element as messages name it.
    pub fn named(&self, element: Element) -> Named {
        Named {
            name: self.name_of(element).map(Into::into),
            id: self.id_of(element).into(),
        }
    }

    /// Every element: the vertices, then the edges.
    pub fn elements(&self) -> impl Iterator<Item = Element> + use<> {
        let vertices = (0..count(self.vertices.len())).map(Element::Vertex);
        vertices.chain((0..count(self.edges.len())).map(Element::Edge))
    }

    /// The first element with this id, vertices before edges.
    pub fn find(&self, id: &str) -> Option<Element> {
        self.elements().find(|element| match element {
            Element::Vertex(at) => self.vertices[*at as usize].id.as_deref() == Some(id),
            Element::Edge(at) => &*self.edges[*at as usize].id == id,
        })
    }
}

/// A number of elements. Readers refuse texts of 4 GiB and more, so that it always fits.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A random UUID (version 4, RFC 9562 section 5.4).
pub(crate) fn uuid(random: &mut Random) -> Box<str> {
    let high = random.bits() & !0xF000 | 0x4000;
    let low = random.bits() & !(0b11 << 62) | (0b10 << 62);
    let digits = format!("{high:016x}{low:016x}");
    let groups = [0..8, 8..12, 12..16, 16..20, 20..32];
    let groups = groups.map(|group| digits.get(group).unwrap_or_default());
    groups.join("-").into()
}

/// A vertex or edge as messages name it: `v_A (n0)`, with `null` for a missing name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name, if it has one.
    pub name: Option<Box<str>>,
    /// The id.
    pub id: Box<str>,
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.name.as_deref().unwrap_or("null"),
            self.id
        )
    }
}
