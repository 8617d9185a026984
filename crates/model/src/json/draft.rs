//! One model passes through here member by member, until its edges can be tied to its vertices.

use std::collections::HashMap;

use sockeye_core::Random;

use super::lexer::Lexer;
use crate::graph::{Properties, count, uuid};
use crate::{Edge, Element, End, FormatError, Model, Vertex};

type Result<T> = std::result::Result<T, FormatError>;

/// A model that is being read: ends of edges are ids of which nobody knows yet whether they exist.
#[derive(Default)]
pub(super) struct Draft {
    model: Model,
    start: Option<Box<str>>,
    /// The last element that calls itself the start, in the oldest dialect.
    marked: Option<Element>,
    path: Vec<Box<str>>,
    is_graph: bool,
}

impl Draft {
    pub(super) fn name(&mut self, name: Option<Box<str>>) {
        self.model.name = name;
    }

    /// Whether anything of a graph was read.
    pub(super) fn is_graph(&self) -> bool {
        self.is_graph
    }

    pub(super) fn read(&mut self, lexer: &mut Lexer<'_>, random: &mut Random) -> Result<()> {
        lexer.members(|lexer, key| self.member(lexer, key, random))
    }

    /// Takes the value of one member.
    pub(super) fn member(
        &mut self,
        lexer: &mut Lexer<'_>,
        key: &str,
        random: &mut Random,
    ) -> Result<()> {
        let model = &mut self.model;
        match key {
            "name" => model.name = lexer.text(key)?,
            "id" => model.id = lexer.text(key)?.unwrap_or_default(),
            "generator" => model.generator = lexer.text(key)?,
            "startElementId" => self.start = lexer.text(key)?,
            "actions" => model.actions = actions(lexer)?,
            "requirements" => model.requirements = texts(lexer, key)?,
            "properties" => model.properties = properties(lexer)?,
            "predefinedPathEdgeIds" => self.path = texts(lexer, key)?,
            "vertices" => {
                self.is_graph = true;
                self.vertices(lexer)?;
            }
            "edges" => {
                self.is_graph = true;
                self.edges(lexer, random)?;
            }
            _ => drop(lexer.value()?),
        }
        Ok(())
    }

    fn vertices(&mut self, lexer: &mut Lexer<'_>) -> Result<()> {
        self.model.vertices.clear();
        if lexer.skips_null()? {
            return Ok(());
        }
        lexer.items(|lexer| {
            let at = count(self.model.vertices.len());
            let (vertex, is_start) = vertex(lexer)?;
            self.model.vertices.push(vertex);
            self.marked = is_start.then_some(Element::Vertex(at)).or(self.marked);
            Ok(())
        })?;
        self.model.vertices.shrink_to_fit();
        Ok(())
    }

    fn edges(&mut self, lexer: &mut Lexer<'_>, random: &mut Random) -> Result<()> {
        self.model.edges.clear();
        if lexer.skips_null()? {
            return Ok(());
        }
        lexer.items(|lexer| {
            let at = count(self.model.edges.len());
            let (mut edge, is_start) = edge(lexer)?;
            if edge.id.is_empty() {
                edge.id = uuid(random);
            }
            self.model.edges.push(edge);
            self.marked = is_start.then_some(Element::Edge(at)).or(self.marked);
            Ok(())
        })?;
        self.model.edges.shrink_to_fit();
        Ok(())
    }

    /// The model, its edges tied to the last vertex of each id.
    pub(super) fn model(self, random: &mut Random) -> Result<Model> {
        let mut model = self.model;
        if model.id.is_empty() {
            model.id = uuid(random);
        }
        tie(&mut model);
        model.start = self.marked;
        if let Some(id) = self.start {
            model.start = model.find(&id);
            model.unknown_start = model.start.is_none().then_some(id);
        }
        model.path = path(&model, &self.path)?;
        Ok(model)
    }
}

fn tie(model: &mut Model) {
    let ids = model.vertices.iter().map(|vertex| vertex.id.as_deref());
    let numbers: HashMap<&str, u32> = ids
        .zip(0..)
        .filter_map(|(id, at)| Some((id?, at)))
        .collect();
    let tied = |end: &mut End| {
        if let End::Unknown(id) = end
            && let Some(vertex) = numbers.get(&**id)
        {
            *end = End::Vertex(*vertex);
        }
    };
    for edge in &mut model.edges {
        tied(&mut edge.source);
        tied(&mut edge.target);
    }
}

fn path(model: &Model, ids: &[Box<str>]) -> Result<Vec<u32>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    for (edge, at) in model.edges.iter().zip(0..) {
        numbers.entry(&edge.id).or_insert(at);
    }
    let unknown = |id: &str| format!("Edge with id \"{id}\" could not be found in JsonModel");
    let number = |id: &str| {
        let number = numbers.get(id).copied();
        number.ok_or_else(|| FormatError::known(unknown(id)))
    };
    ids.iter().map(|id| number(id)).collect()
}

fn vertex(lexer: &mut Lexer<'_>) -> Result<(Vertex, bool)> {
    let mut vertex = Vertex::default();
    let mut is_start = false;
    lexer.members(|lexer, key| {
        match key {
            "id" => vertex.id = lexer.text(key)?,
            "name" => vertex.name = lexer.text(key)?,
            "sharedState" => vertex.shared = lexer.text(key)?.filter(|name| !name.is_empty()),
            "actions" => vertex.actions = actions(lexer)?.into(),
            "requirements" => vertex.requirements = texts(lexer, key)?.into(),
            "properties" => vertex.properties = properties(lexer)?,
            "startElement" => is_start = truth(lexer)?,
            _ => drop(lexer.value()?),
        }
        Ok(())
    })?;
    Ok((vertex, is_start))
}

fn edge(lexer: &mut Lexer<'_>) -> Result<(Edge, bool)> {
    let mut edge = Edge::default();
    let mut is_start = false;
    lexer.members(|lexer, key| {
        match key {
            "id" => edge.id = lexer.text(key)?.unwrap_or_default(),
            "name" => edge.name = lexer.text(key)?,
            "sourceVertexId" | "srcVertexId" => edge.source = end(lexer, key)?,
            "targetVertexId" | "dstVertexId" => edge.target = end(lexer, key)?,
            "guard" => edge.guard = lexer.text(key)?.filter(|guard| !guard.is_empty()),
            "actions" => edge.actions = actions(lexer)?.into(),
            "requirements" => edge.requirements = texts(lexer, key)?.into(),
            "properties" => edge.properties = properties(lexer)?,
            "weight" => edge.weight = lexer.number(key)?.unwrap_or_default(),
            "dependency" => edge.dependency = dependency(lexer)?,
            "startElement" => is_start = truth(lexer)?,
            _ => drop(lexer.value()?),
        }
        Ok(())
    })?;
    Ok((edge, is_start))
}

fn end(lexer: &mut Lexer<'_>, key: &str) -> Result<End> {
    Ok(lexer.text(key)?.map_or(End::None, End::Unknown))
}

fn dependency(lexer: &mut Lexer<'_>) -> Result<i32> {
    let number = lexer.whole("dependency")?.unwrap_or_default();
    let message = || format!("`dependency` is {number}, which is too large");
    i32::try_from(number).map_err(|_| lexer.mistake(message(), "write a percentage"))
}

fn truth(lexer: &mut Lexer<'_>) -> Result<bool> {
    let text = lexer.text("startElement")?;
    Ok(text.is_some_and(|text| text.eq_ignore_ascii_case("true")))
}

fn texts(lexer: &mut Lexer<'_>, key: &str) -> Result<Vec<Box<str>>> {
    let mut texts = Vec::new();
    if lexer.skips_null()? {
        return Ok(texts);
    }
    lexer.items(|lexer| {
        texts.extend(lexer.text(key)?);
        Ok(())
    })?;
    Ok(texts)
}

/// Actions as texts, or as objects with one text each.
fn actions(lexer: &mut Lexer<'_>) -> Result<Vec<Box<str>>> {
    let mut actions = Vec::new();
    if lexer.skips_null()? {
        return Ok(actions);
    }
    lexer.items(|lexer| {
        if !lexer.opens_object()? {
            actions.extend(lexer.text("actions")?);
            return Ok(());
        }
        lexer.members(|lexer, key| {
            match key {
                "action" => actions.extend(lexer.text(key)?),
                _ => drop(lexer.value()?),
            }
            Ok(())
        })
    })?;
    Ok(actions)
}

/// An object; `null` and an empty array stand for one without members.
fn properties(lexer: &mut Lexer<'_>) -> Result<Properties> {
    let is_object = lexer.opens_object()?;
    match lexer.value()? {
        serde_json::Value::Object(members) if is_object => Ok(Properties::new(members)),
        serde_json::Value::Null => Ok(Properties::default()),
        serde_json::Value::Array(items) if items.is_empty() => Ok(Properties::default()),
        _ => Err(lexer.mistake(
            "`properties` must be an object",
            "write `{\"name\": value}`",
        )),
    }
}
