//! One text with holes: parsed when a configuration is loaded, rendered for every message.

use super::error::{OUTPUT_LIMIT, RenderError};
use super::expression::{Expr, Names};
use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::scan::{self, Piece};
use super::scope::{Root, Scope};
use super::selmer::{self, Program};
use super::shape;
use super::uses::Uses;
use super::value::Val;
use super::word::Word;
use super::write::{self, Place};

/// A parsed text template. See the [module](super) for the rules.
#[derive(Debug)]
pub struct Template {
    body: Body,
    uses: Uses,
}

#[derive(Debug)]
enum Body {
    Literal(Box<str>),
    /// The whole text is this hole.
    Lone(Expr),
    /// The whole text is a hole with filters.
    LoneProgram(Program),
    Segments(Box<[Segment]>),
    Program(Program),
}

/// A part of a template without tags and filters.
#[derive(Debug)]
pub(crate) enum Segment {
    Text(Box<str>),
    Hole(Expr, Place),
}

/// A template taken apart.
pub(crate) enum Parts {
    /// A lone hole: a value of any type.
    Value(Expr),
    /// The content of a string.
    String(Box<[Segment]>),
    /// A template with tags or filters, or whose text is itself JSON.
    Whole(Box<Template>),
}

impl Template {
    /// Parses `text`. The span of a mistake is in bytes of `text`.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, TemplateMistake> {
        let pieces = scan::split(text, dialect)?;
        let mut uses = Uses::default();
        let body = match holes(&pieces, text, dialect)? {
            Some(exprs) => {
                uses.add_all(&exprs);
                plain(&pieces, text, exprs)
            }
            None if is_lone(&pieces) => {
                Body::LoneProgram(selmer::value(&pieces, text, dialect, &mut uses)?)
            }
            None => Body::Program(selmer::text(&pieces, text, dialect, &mut uses)?),
        };
        Ok(Self { body, uses })
    }

    /// The text of a template that has nothing to fill in.
    pub fn literal(&self) -> Option<&str> {
        match &self.body {
            Body::Literal(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the text is exactly one hole, apart from blanks around it.
    pub fn is_lone_hole(&self) -> bool {
        matches!(self.body, Body::Lone(_) | Body::LoneProgram(_))
    }

    /// What the template looks at.
    pub fn uses(&self) -> &Uses {
        &self.uses
    }

    /// The roots of all paths, each once.
    pub fn roots(&self) -> &[Root] {
        &self.uses.roots
    }

    /// Whether the answer depends on the message that is answered.
    pub fn uses_message(&self) -> bool {
        self.uses.message()
    }

    /// Appends the text. A lone hole gives the text of its value. On an error `out` is as it was.
    pub fn render_text(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        if let Body::Literal(text) = &self.body {
            // Its length was the author's choice; the limit is for what a peer can make grow.
            out.extend_from_slice(text.as_bytes());
            return Ok(());
        }
        let start = out.len();
        let result = self.append_text(scope, out);
        finish(result, start, out)
    }

    /// Appends a JSON value: that of a lone hole with its type, otherwise the text as a JSON string. On an
    /// error `out` is as it was.
    pub fn render_json(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let start = out.len();
        let result = self.append_json(scope, out);
        finish(result, start, out)
    }

    /// What [`Template::render_json`] would write, as a value.
    pub fn value(&self, scope: &mut Scope<'_>) -> Result<serde_json::Value, RenderError> {
        match &self.body {
            Body::Lone(expr) => Ok(expr.evaluate(scope)?.into_json()),
            Body::LoneProgram(program) => program.value(scope),
            _ => Ok(serde_json::Value::String(self.string(scope)?)),
        }
    }

    /// The template as parts of a larger document, as far as it can be taken apart.
    pub(crate) fn into_parts(self) -> Parts {
        match self.body {
            Body::Lone(expr) => Parts::Value(expr),
            Body::Literal(text) => Parts::String(Box::new([Segment::Text(text)])),
            Body::Segments(segments) if segments.iter().all(Segment::is_plain) => {
                Parts::String(segments)
            }
            body => Parts::Whole(Box::new(Self { body, ..self })),
        }
    }

    fn append_text(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        match &self.body {
            Body::Literal(text) => out.extend_from_slice(text.as_bytes()),
            Body::Lone(expr) => write::value(&expr.evaluate(scope)?, Place::Text, out),
            Body::LoneProgram(program) => {
                let value = program.value(scope)?;
                write::value(&Val::Json(std::borrow::Cow::Owned(value)), Place::Text, out);
            }
            Body::Segments(segments) => append(segments, scope, out)?,
            Body::Program(program) => program.text(scope, out)?,
        }
        Ok(())
    }

    fn append_json(&self, scope: &mut Scope<'_>, out: &mut Vec<u8>) -> Result<(), RenderError> {
        match &self.body {
            Body::Lone(expr) => write::value(&expr.evaluate(scope)?, Place::Bare, out),
            Body::Literal(text) => write::quoted(text, out),
            _ => write::value(
                &Val::Json(std::borrow::Cow::Owned(self.value(scope)?)),
                Place::Bare,
                out,
            ),
        }
        Ok(())
    }

    fn string(&self, scope: &mut Scope<'_>) -> Result<String, RenderError> {
        let mut text = Vec::new();
        self.render_text(scope, &mut text)?;
        // Literal parts and values are UTF-8, and escaping keeps them so.
        Ok(String::from_utf8(text).unwrap_or_default())
    }
}

impl Segment {
    fn is_plain(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Hole(_, Place::Text))
    }
}

/// Appends one segment after the other.
pub(crate) fn append(
    segments: &[Segment],
    scope: &mut Scope<'_>,
    out: &mut Vec<u8>,
) -> Result<(), RenderError> {
    let start = out.len();
    for segment in segments {
        match segment {
            Segment::Text(text) => out.extend_from_slice(text.as_bytes()),
            Segment::Hole(expr, place) => write::value(&expr.evaluate(scope)?, *place, out),
        }
        // After each one, so that a thousand holes cannot pile up a thousand long values.
        if out.len() - start > OUTPUT_LIMIT {
            return Err(RenderError::OutputTooLong);
        }
    }
    Ok(())
}

/// Enforces the limit and takes back what a failed render has written.
pub(crate) fn finish(
    result: Result<(), RenderError>,
    start: usize,
    out: &mut Vec<u8>,
) -> Result<(), RenderError> {
    let result = match result {
        Ok(()) if out.len() - start > OUTPUT_LIMIT => Err(RenderError::OutputTooLong),
        other => other,
    };
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// The expressions of all holes, or nothing if a tag or filter needs the tag engine.
fn holes(
    pieces: &[Piece],
    text: &str,
    dialect: Dialect,
) -> Result<Option<Vec<Expr>>, TemplateMistake> {
    if pieces.iter().any(|piece| matches!(piece, Piece::Tag(_))) {
        return Ok(None);
    }
    let names = Names::new(dialect);
    let mut exprs = Vec::new();
    for piece in pieces {
        if let Piece::Hole(inner) = piece {
            let operand = selmer::operand(Word::of(text, inner), &names)?;
            let Some(expr) = operand.plain() else {
                return Ok(None);
            };
            exprs.push(expr);
        }
    }
    Ok(Some(exprs))
}

fn is_lone(pieces: &[Piece]) -> bool {
    let holes = pieces
        .iter()
        .filter(|piece| matches!(piece, Piece::Hole(_)))
        .count();
    holes == 1
        && pieces.iter().all(|piece| match piece {
            Piece::Text(text) => text.trim().is_empty(),
            Piece::Hole(_) => true,
            Piece::Tag(_) => false,
        })
}

fn plain(pieces: &[Piece], text: &str, mut exprs: Vec<Expr>) -> Body {
    if is_lone(pieces)
        && let Some(expr) = exprs.pop()
    {
        return Body::Lone(expr);
    }
    let places = shape::places(pieces, text);
    let mut exprs = exprs.into_iter();
    let segments: Box<[Segment]> = pieces
        .iter()
        .zip(places)
        .filter_map(|(piece, place)| match piece {
            Piece::Text(text) => Some(Segment::Text(text.as_str().into())),
            Piece::Hole(_) | Piece::Tag(_) => exprs.next().map(|expr| Segment::Hole(expr, place)),
        })
        .collect();
    match segments.as_ref() {
        [] => Body::Literal("".into()),
        [Segment::Text(text)] => Body::Literal(text.clone()),
        _ => Body::Segments(segments),
    }
}
