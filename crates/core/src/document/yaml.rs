//! YAML and JSON text passes through here: the parser's events in, a tree of values out.
//!
//! The tree is built from events, not through serde, because serde has no place for the spans of
//! keys, for both places of a key that is there twice, or for where exactly a quoted text stands.

mod collection;
mod wording;

use std::collections::HashMap;
use std::sync::Arc;

pub(super) use self::collection::duplicates;
use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

use self::collection::Open;
use super::{MAX_DEPTH, Node, NodeValue, scalar};
use crate::{Mistake, Mistakes, Place, Source, quoted};

/// One YAML 1.2 document (JSON is one, too) as a tree: core schema, anchors, aliases and merge keys.
///
/// Refused, each with its place: what is not YAML, a second document, tags beyond YAML's own, keys
/// that are no scalars, a key twice in a map, an empty document, more than [`MAX_BYTES`](super::MAX_BYTES), deeper than
/// [`MAX_DEPTH`], more than [`MAX_NODES`](super::MAX_NODES) keys and values.
pub fn parse_yaml(source: &Arc<Source>) -> Result<Node, Mistakes> {
    super::file::check_size(source.name(), source.text().len() as u64)?;
    let limits = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(source);
    for event in Parser::new_from_str_with_options(source.text(), limits) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => Err(wording::mistake(source, &error)),
        };
        if let Err(mistake) = step {
            builder.mistakes.push(mistake);
            return Err(builder.mistakes);
        }
    }
    builder.finish()
}

/// What has been read so far.
struct Builder<'s> {
    source: &'s Arc<Source>,
    open: Vec<Open>,
    root: Option<Node>,
    /// The values with an anchor, by the parser's number.
    anchors: HashMap<usize, (Node, Size)>,
    budget: Budget,
    /// Where the last scalar, alias or closing bracket ended: the end of a block map or list.
    last_end: usize,
    documents: usize,
    mistakes: Mistakes,
}

/// Counts values against [`MAX_NODES`](super::MAX_NODES).
pub(super) struct Budget(usize);

impl Budget {
    /// Nothing used.
    pub(super) fn new() -> Self {
        Self(0)
    }

    /// `count` values more, the last of them at `place`.
    pub(super) fn spend(&mut self, count: usize, place: &Place) -> Result<(), Mistake> {
        self.0 = self.0.saturating_add(count);
        if self.0 <= super::MAX_NODES {
            return Ok(());
        }
        let message = format!(
            "the document holds more than {} keys and values",
            super::MAX_NODES
        );
        Err(Mistake::at(place, message)
            .label("this is one too many")
            .remedy("split the file; an alias counts as all it stands for"))
    }
}

/// The mistake of nesting deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(place: &Place) -> Mistake {
    Mistake::at(
        place,
        format!("lists and maps nest deeper than {MAX_DEPTH} levels"),
    )
    .label("one level too many")
    .remedy("nest less deeply")
}

impl<'s> Builder<'s> {
    fn new(source: &'s Arc<Source>) -> Self {
        Self {
            source,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            budget: Budget::new(),
            last_end: 0,
            documents: 0,
            mistakes: Mistakes::new(),
        }
    }

    fn finish(mut self) -> Result<Node, Mistakes> {
        let Some(root) = self.root else {
            self.mistakes.push(empty(self.source));
            return Err(self.mistakes);
        };
        self.mistakes.into_result(root)
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        match event {
            Event::DocumentStart(..) => self.begin_document(span),
            Event::Scalar(text, style, anchor, tag) => {
                let place = self.scalar_place(style, span);
                let tag = self.tag(tag.as_deref(), span);
                let value = typed(text.into_owned(), style, tag, &place)?;
                self.last_end = self.last_end.max(place.span().end);
                self.budget.spend(1, &place)?;
                self.add(Node { place, value }, style == ScalarStyle::Plain, anchor)
            }
            Event::Alias(anchor) => self.add_alias(anchor, span),
            Event::SequenceStart(style, anchor, tag) => self.begin(
                Open::list(self.place(span), style, anchor),
                self.tag(tag.as_deref(), span),
                "seq",
            ),
            Event::MappingStart(style, anchor, tag) => self.begin(
                Open::map(self.place(span), style, anchor),
                self.tag(tag.as_deref(), span),
                "map",
            ),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => Ok(()),
        }
    }

    fn begin_document(&mut self, span: Span) -> Result<(), Mistake> {
        self.documents += 1;
        if self.documents == 1 {
            return Ok(());
        }
        Err(Mistake::at(
            &self.place(span),
            "a file holds one YAML document, not several",
        )
        .label("a second document starts here")
        .remedy("remove this line, or put the second document into a file of its own"))
    }

    fn begin(&mut self, open: Open, tag: Option<(&Tag, Place)>, core: &str) -> Result<(), Mistake> {
        if let Some((_, place)) = tag.filter(|(tag, _)| tag.core_suffix() != Some(core)) {
            return Err(unknown_tag(&place));
        }
        self.budget.spend(1, &open.place)?;
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(&open.place));
        }
        self.open.push(open);
        Ok(())
    }

    fn end(&mut self, span: Span) -> Result<(), Mistake> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        if open.style == StructureStyle::Flow {
            self.last_end = self.place(span).span().end;
        }
        let anchor = open.anchor;
        let place = Place::new(self.source, open.place.span().start..self.last_end);
        let value = open.close(&mut self.mistakes);
        self.add(Node { place, value }, false, anchor)
    }

    fn add_alias(&mut self, anchor: usize, span: Span) -> Result<(), Mistake> {
        let place = self.place(span);
        self.last_end = place.span().end;
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(Mistake::at(
                &place,
                format!("{} stands inside the value it names", quoted(place.raw())),
            )
            .label("this would never end"));
        };
        self.budget.spend(size.values, &place)?;
        if self.open.len() + size.levels > MAX_DEPTH {
            return Err(too_deep(&place));
        }
        let node = node.clone();
        self.put(node, false, place)
    }

    /// Puts a finished value where it belongs; a value with an anchor is kept for its aliases as well.
    fn add(&mut self, node: Node, plain: bool, anchor: usize) -> Result<(), Mistake> {
        if anchor > 0 {
            let size = Size::of(&node);
            self.budget.spend(size.values, &node.place)?;
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let place = node.place.clone();
        self.put(node, plain, place)
    }

    fn put(&mut self, node: Node, plain: bool, place: Place) -> Result<(), Mistake> {
        if let Some(open) = self.open.last_mut() {
            return open.push(node, plain, place);
        }
        self.root = Some(node);
        Ok(())
    }

    /// A value's tag and where it stands.
    fn tag<'t>(&self, tag: Option<&'t Tag>, span: Span) -> Option<(&'t Tag, Place)> {
        Some((tag?, self.place(span.tag_span().unwrap_or(span))))
    }

    fn place(&self, span: Span) -> Place {
        let end = self.source.text().len();
        let start = span.start.byte_offset().unwrap_or(end);
        Place::new(self.source, start..span.end.byte_offset().unwrap_or(end))
    }

    /// The parser gives the lines of a block text; the place takes in its `|` or `>`, and leaves the
    /// line breaks behind the last line out.
    fn scalar_place(&self, style: ScalarStyle, span: Span) -> Place {
        let place = self.place(span);
        let sign = match style {
            ScalarStyle::Literal => '|',
            ScalarStyle::Folded => '>',
            _ => return place,
        };
        let before = self
            .source
            .text()
            .get(self.last_end..place.span().start)
            .unwrap_or_default();
        let is_header =
            |(at, _): &(usize, &str)| !before[..*at].ends_with(|c: char| !c.is_whitespace());
        let header = before
            .match_indices(sign)
            .find(is_header)
            .map(|(at, _)| self.last_end + at);
        let start = header.unwrap_or(place.span().start);
        let written = self
            .source
            .text()
            .get(start..place.span().end)
            .unwrap_or_default();
        Place::new(self.source, start..start + written.trim_end().len())
    }
}

/// The mistake of a text without any value.
pub(super) fn empty(source: &Arc<Source>) -> Mistake {
    Mistake::at(&Place::new(source, 0..0), "the file holds nothing")
        .label("nothing is written here")
        .remedy("write something into it, or leave it out")
}

/// The value of a scalar: plain ones by the core schema, quoted ones text, tagged ones as the tag says.
fn typed(
    text: String,
    style: ScalarStyle,
    tag: Option<(&Tag, Place)>,
    place: &Place,
) -> Result<NodeValue, Mistake> {
    let Some((tag, tag_place)) = tag else {
        return Ok(if style == ScalarStyle::Plain {
            scalar::resolve(&text)
        } else {
            NodeValue::Str(text)
        });
    };
    let is_plain_tag = tag.handle().is_empty() && tag.suffix() == "!";
    let value = match tag.core_suffix() {
        Some("str" | "timestamp") => return Ok(NodeValue::Str(text)),
        _ if is_plain_tag => return Ok(NodeValue::Str(text)),
        Some("null" | "bool" | "int") => scalar::resolve(&text),
        Some("float") => match scalar::number(&text) {
            Some(NodeValue::Int(_)) => text.parse().map_or(NodeValue::Null, NodeValue::Float),
            _ => scalar::resolve(&text),
        },
        _ => return Err(unknown_tag(&tag_place)),
    };
    let fits = match tag.core_suffix() {
        Some("null") => value == NodeValue::Null,
        Some("bool") => matches!(value, NodeValue::Bool(_)),
        Some("int") => matches!(value, NodeValue::Int(_)),
        _ => matches!(value, NodeValue::Float(_)),
    };
    let message = || {
        format!(
            "{} is not what its tag {} says",
            quoted(&text),
            quoted(&tag.original())
        )
    };
    if fits {
        Ok(value)
    } else {
        Err(Mistake::at(place, message()).remedy("remove the tag"))
    }
}

fn unknown_tag(place: &Place) -> Mistake {
    Mistake::at(
        place,
        format!("the tag {} is not known", quoted(place.raw())),
    )
    .label("here")
    .remedy("remove the tag, or put text that starts with `!` in quotes")
}

/// What a value costs wherever an alias brings it in.
struct Size {
    /// Itself and all values in it.
    values: usize,
    /// How deep it nests: 0 for a scalar.
    levels: usize,
}

impl Size {
    fn of(node: &Node) -> Self {
        let inner: Vec<Self> = match &node.value {
            NodeValue::Seq(items) => items.iter().map(Self::of).collect(),
            NodeValue::Map(entries) => entries.iter().map(|(_, node)| Self::of(node)).collect(),
            _ => {
                return Self {
                    values: 1,
                    levels: 0,
                };
            }
        };
        let deepest = inner.iter().map(|size| size.levels).max().unwrap_or(0);
        Self {
            values: 1 + inner.iter().map(|size| size.values).sum::<usize>(),
            levels: 1 + deepest,
        }
    }
}
