//! Tags of yEd pass through here and become labels and properties.

use serde_json::{Map, Number, Value};

use super::tree::Tag;
use crate::graph::Properties;

/// The kinds of nodes that are vertices.
const NODES: &[&str] = &[
    "GenericNode",
    "ShapeNode",
    "GenericGroupNode",
    "GroupNode",
    "ImageNode",
    "TableNode",
];
/// The kinds of edges that are edges.
const EDGES: &[&str] = &[
    "PolyLineEdge",
    "GenericEdge",
    "ArcEdge",
    "QuadCurveEdge",
    "SplineEdge",
    "BezierEdge",
];

/// A node or an edge as it is drawn.
pub(super) struct Part {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) properties: Properties,
}

/// A property that the user has added: its key, its name, what it is without a value.
struct Key {
    id: String,
    name: String,
    default: Option<String>,
}

/// The properties that users have added to nodes and to edges.
pub(super) struct Keys {
    nodes: Vec<Key>,
    edges: Vec<Key>,
}

impl Keys {
    pub(super) fn new(root: &Tag) -> Self {
        let of = |what: &str| {
            let keys = root.children("key");
            let keys = keys.filter(|key| key.attribute("for") == Some(what));
            keys.filter_map(key).collect()
        };
        Self {
            nodes: of("node"),
            edges: of("edge"),
        }
    }
}

fn key(tag: &Tag) -> Option<Key> {
    if tag.attribute("yfiles.type").is_some() {
        return None;
    }
    let default = tag.children("default").next();
    Some(Key {
        id: tag.attribute("id")?.to_owned(),
        name: tag.attribute("attr.name")?.to_owned(),
        default: default.map(|default| default.text.trim().to_owned()),
    })
}

pub(super) fn node(tag: &Tag, keys: &Keys) -> Option<Part> {
    let shape = shape(tag, NODES)?;
    let mut properties = Map::new();
    let geometry = shape.children("Geometry").next();
    for name in ["x", "y"] {
        let place = geometry.and_then(|geometry| geometry.attribute(name)?.parse().ok());
        if let Some(place) = place.and_then(Number::from_f64) {
            properties.insert(name.to_owned(), Value::Number(place));
        }
    }
    part(tag, shape, "NodeLabel", &keys.nodes, properties)
}

pub(super) fn edge(tag: &Tag, keys: &Keys) -> Option<Part> {
    let shape = shape(tag, EDGES)?;
    part(tag, shape, "EdgeLabel", &keys.edges, Map::new())
}

fn shape<'a>(tag: &'a Tag, kinds: &[&str]) -> Option<&'a Tag> {
    let shapes = tag.children("data").flat_map(Tag::all);
    shapes
        .into_iter()
        .find(|shape| kinds.contains(&shape.name.as_str()))
}

fn part(
    tag: &Tag,
    shape: &Tag,
    label: &str,
    keys: &[Key],
    mut properties: Map<String, Value>,
) -> Option<Part> {
    for key in keys {
        let mut data = tag.children("data");
        let own = data.find(|data| data.attribute("key") == Some(&key.id));
        let own = own.map(|data| data.text.trim().to_owned());
        if let Some(text) = own.or_else(|| key.default.clone()) {
            properties.insert(key.name.clone(), Value::String(text));
        }
    }
    Some(Part {
        id: tag.attribute("id")?.to_owned(),
        label: shape
            .children(label)
            .map(|label| label.text.as_str())
            .collect(),
        properties: Properties::new(properties),
    })
}
