//! A JSON value whose strings are templates: compiled to runs of bytes with holes between them.

use serde_json::Value;

use super::error::{OUTPUT_LIMIT, RenderError};
use super::expression::Expr;
use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::scope::{Scope, Step};
use super::text::{Parts, Segment, Template, finish};
use super::uses::Uses;
use super::write::{self, Place};

/// A JSON document with templates for strings. Keys are not templates; their order is kept; the text is compact.
#[derive(Debug)]
pub struct JsonTemplate {
    parts: Box<[Part]>,
    uses: Uses,
}

#[derive(Debug)]
enum Part {
    Bytes(Box<[u8]>),
    Hole(Expr, Place),
    /// A string that the short way cannot write: with tags or filters, or with JSON inside.
    Template(Box<Template>),
}

impl JsonTemplate {
    /// Compiles `value`. A mistake comes with the path of the string it is in.
    pub fn compile(value: &Value, dialect: Dialect) -> Result<Self, (Vec<Step>, TemplateMistake)> {
        let mut compiler = Compiler {
            dialect,
            bytes: Vec::new(),
            parts: Vec::new(),
            uses: Uses::default(),
        };
        let mut path = Vec::new();
        match compiler.value(value, &mut path) {
            Ok(()) => {
                compiler.flush();
                Ok(Self {
                    parts: compiler.parts.into(),
                    uses: compiler.uses,
                })
            }
            Err(mistake) => Err((path, mistake)),
        }
    }

    /// The bytes of a document that has nothing to fill in.
    pub fn literal(&self) -> Option<&[u8]> {
        match self.parts.as_ref() {
            [Part::Bytes(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// What the document's templates look at.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// Whether the answer depends on the message that is answered.
    pub fn uses_message(&self) -> bool {
        self.uses.message()
    }

    /// Appends the document, which is always valid JSON. On an error `out` is as it was.
    pub fn render(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let start = out.len();
        let result = self.append(scope, out);
        finish(result, start, out)
    }

    fn append(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let start = out.len();
        for part in &self.parts {
            match part {
                Part::Bytes(bytes) => out.extend_from_slice(bytes),
                Part::Hole(expr, place) => write::value(&expr.evaluate(scope)?, *place, out),
                Part::Template(template) => template.render_json(scope, out)?,
            }
            if out.len() - start > OUTPUT_LIMIT {
                return Err(RenderError::OutputTooLong);
            }
        }
        Ok(())
    }
}

struct Compiler {
    dialect: Dialect,
    bytes: Vec<u8>,
    parts: Vec<Part>,
    uses: Uses,
}

impl Compiler {
    /// Adds `value`; on a mistake `path` is left where it happened.
    fn value(&mut self, value: &Value, path: &mut Vec<Step>) -> Result<(), TemplateMistake> {
        match value {
            Value::String(text) => self.string(text)?,
            Value::Array(items) => {
                self.bytes.push(b'[');
                for (index, item) in items.iter().enumerate() {
                    self.separate(index);
                    path.push(Step::Index(index));
                    self.value(item, path)?;
                    path.pop();
                }
                self.bytes.push(b']');
            }
            Value::Object(fields) => {
                self.bytes.push(b'{');
                for (index, (key, field)) in fields.iter().enumerate() {
                    self.separate(index);
                    write::quoted(key, &mut self.bytes);
                    self.bytes.push(b':');
                    path.push(Step::Key(key.clone()));
                    self.value(field, path)?;
                    path.pop();
                }
                self.bytes.push(b'}');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {
                self.bytes.extend_from_slice(value.to_string().as_bytes());
            }
        }
        Ok(())
    }

    fn separate(&mut self, index: usize) {
        if index > 0 {
            self.bytes.push(b',');
        }
    }

    fn string(&mut self, text: &str) -> Result<(), TemplateMistake> {
        let template = Template::parse(text, self.dialect)?;
        self.uses.merge(template.uses());
        match template.into_parts() {
            Parts::Value(expr) => self.part(Part::Hole(expr, Place::Bare)),
            Parts::String(segments) => self.segments(segments),
            Parts::Whole(template) => self.part(Part::Template(template)),
        }
        Ok(())
    }

    fn segments(&mut self, segments: Box<[Segment]>) {
        self.bytes.push(b'"');
        for segment in segments {
            match segment {
                Segment::Text(text) => write::escaped(text.as_bytes(), &mut self.bytes),
                Segment::Hole(expr, _) => self.part(Part::Hole(expr, Place::InString)),
            }
        }
        self.bytes.push(b'"');
    }

    fn part(&mut self, part: Part) {
        self.flush();
        self.parts.push(part);
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.parts
                .push(Part::Bytes(std::mem::take(&mut self.bytes).into()));
        }
    }
}
