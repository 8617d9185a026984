//! The bytes of an XML document pass through here and become tags with attributes and text, without their prefixes.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// How deep tags may be nested.
const DEEPEST: usize = 256;

/// One element of the document.
#[derive(Debug, Default)]
pub(super) struct Tag {
    /// The name without its prefix.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Tag>,
    /// The text directly in it.
    pub(super) text: String,
}

impl Tag {
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Tag> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn all(&self) -> &[Tag] {
        &self.children
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether one of the attributes has this value.
    pub(super) fn names(&self, value: &str) -> bool {
        self.attributes.iter().any(|(_, known)| known == value)
    }
}

/// The root of a document, or nothing if it is not well-formed. Entities of its own are not expanded.
pub(super) fn read(text: &str) -> Option<Tag> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Tag> = Vec::new();
    let mut root = None;
    loop {
        let closed = match reader.read_event().ok()? {
            Event::Start(start) => {
                open.push(tag(&start)?);
                if open.len() > DEEPEST {
                    return None;
                }
                None
            }
            Event::Empty(start) => Some(tag(&start)?),
            Event::End(_) => Some(open.pop()?),
            Event::Text(text) => {
                add(&mut open, &text.xml10_content());
                None
            }
            Event::CData(text) => {
                add(&mut open, &text.xml10_content());
                None
            }
            Event::GeneralRef(name) => {
                let whole = format!("&{};", name.into_inner());
                add(&mut open, &quick_xml::escape::unescape(&whole).ok()?);
                None
            }
            Event::Eof => return root.filter(|_| open.is_empty()),
            _ => None,
        };
        if let Some(closed) = closed {
            match open.last_mut() {
                Some(parent) => parent.children.push(closed),
                None if root.is_none() => root = Some(closed),
                None => return None,
            }
        }
    }
}

fn add(open: &mut [Tag], text: &str) {
    if let Some(tag) = open.last_mut() {
        tag.text.push_str(text);
    }
}

fn tag(start: &BytesStart<'_>) -> Option<Tag> {
    let mut tag = Tag {
        name: start.local_name().into_inner().to_owned(),
        ..Tag::default()
    };
    for attribute in start.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.local_name().into_inner().to_owned();
        tag.attributes.push((
            name,
            attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .ok()?
                .into_owned(),
        ));
    }
    Some(tag)
}
