//! Texts of fixed parts with holes between them.

use std::borrow::Cow;

use sockeye_script::template::Step;

use crate::incoming::Incoming;
use crate::json::Tree;
use crate::matcher::{Captures, Matcher, Miss};

/// A part of a text pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These characters.
    Fixed(String),
    /// Any characters, as few as possible, kept under the name of the hole.
    Hole(Vec<Step>),
}

/// Fits fixed parts and holes to a text, each hole as short as the rest allows.
pub(super) fn fit_pieces<'m>(
    pieces: &'m [Piece],
    text: &'m str,
    captures: &mut Captures<'m>,
) -> bool {
    let mut rest = text;
    let mut open: Option<&'m [Step]> = None;
    for (index, piece) in pieces.iter().enumerate() {
        let last = index + 1 == pieces.len();
        match piece {
            Piece::Hole(name) => {
                // Of two holes side by side the first is as short as can be: empty.
                let before = open.replace(name);
                captures
                    .holes
                    .extend(before.map(|name| (name, text_capture(""))));
            }
            Piece::Fixed(part) => {
                let Some(at) = find(rest, part, open.is_some(), last) else {
                    return false;
                };
                if let Some(name) = open.take() {
                    captures.holes.push((name, text_capture(&rest[..at])));
                }
                rest = &rest[at + part.len()..];
            }
        }
    }
    match open {
        Some(name) => captures.holes.push((name, text_capture(rest))),
        None if !rest.is_empty() => return false,
        None => {}
    }
    true
}

/// Where `part` stands: behind a hole anywhere (at the very end, if it is the last), else at once.
fn find(rest: &str, part: &str, behind_hole: bool, last: bool) -> Option<usize> {
    match (behind_hole, last) {
        (true, true) => rest.ends_with(part).then(|| rest.len() - part.len()),
        (true, false) => rest.find(part),
        (false, _) => rest.starts_with(part).then_some(0),
    }
}

fn text_capture(text: &str) -> Cow<'_, Tree<'_>> {
    Cow::Owned(Tree::Text(Cow::Borrowed(text)))
}

/// Matches texts of fixed parts with holes between them.
#[derive(Debug)]
pub struct TextShape(Vec<Piece>);

impl TextShape {
    /// At least one piece is a hole.
    pub fn new(pieces: Vec<Piece>) -> Self {
        Self(pieces)
    }
}

impl Matcher for TextShape {
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, captures: &mut Captures<'m>) -> bool {
        incoming
            .text()
            .is_some_and(|text| fit_pieces(&self.0, text, captures))
    }

    fn why_not(&self, _: &Incoming<'_>) -> Miss {
        Miss::new(0, "the text is not like the pattern's")
    }

    fn kind(&self) -> &'static str {
        "text with holes"
    }

    fn wants_json(&self) -> bool {
        false
    }
}
