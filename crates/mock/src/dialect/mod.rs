//! The notations in which a mock can be written, and what their readers share.
//!
//! A reader turns the nodes of a file into routes and settings, and every mistake it meets into one
//! message with a place and a remedy. It goes on after a mistake, so that a user sees all at once.

pub(crate) mod compression;
mod field;
pub mod mockforge;
pub mod moclojer;
mod script;
pub(crate) mod url;

use std::path::PathBuf;
use std::sync::Arc;

use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_core::{Mistake, Mistakes, Place};
use sockeye_script::template::{Dialect, JsonTemplate, Step, Template, TemplateMistake};

use crate::answer::Answer;
use crate::beside::Beside;
use crate::load::Overrides;
use crate::path::{KINDS, Notation, PathPattern};
use crate::plan::{Route, Settings, SocketRoute};

/// What a file contributes to the plan.
#[derive(Debug, Default)]
pub struct Part {
    /// Its routes, in order.
    pub routes: Vec<Route>,
    /// What it says about the server.
    pub settings: Settings,
    /// What answers where no route does.
    pub fallback: Option<Arc<SocketRoute>>,
}

/// A file being read: which notation, and what was wrong so far.
#[derive(Debug)]
pub(crate) struct Reading<'m> {
    pub(crate) dialect: Dialect,
    pub(crate) mistakes: &'m mut Mistakes,
    /// Unknown keys are warnings instead of errors.
    pub(crate) lenient: bool,
    /// Files that are named for serving must be there.
    pub(crate) serving: bool,
    pub(crate) overrides: &'m Overrides,
    /// Files that it names and that are read now.
    pub(crate) files: Vec<PathBuf>,
    /// Files that it names and that are read after it.
    pub(crate) includes: Vec<Include>,
}

/// A file whose routes are added.
#[derive(Debug)]
pub(crate) struct Include {
    pub(crate) file: Beside,
    /// Where it is named.
    pub(crate) place: Place,
}

impl<'m> Reading<'m> {
    /// Nothing is read yet.
    pub(crate) fn new(
        dialect: Dialect,
        mistakes: &'m mut Mistakes,
        lenient: bool,
        overrides: &'m Overrides,
    ) -> Self {
        Self {
            dialect,
            mistakes,
            lenient,
            serving: false,
            overrides,
            files: Vec::new(),
            includes: Vec::new(),
        }
    }
}

impl Reading<'_> {
    /// One more file that has a say in the plan; it is watched with the others.
    pub(crate) fn note_file(&mut self, path: PathBuf) {
        if !self.files.contains(&path) {
            self.files.push(path);
        }
    }

    pub(crate) fn mistake(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// The fields of a map, or a mistake.
    pub(crate) fn fields<'n>(&mut self, node: &'n Node, what: &'static str) -> Option<Fields<'n>> {
        Fields::of(node, what, self.mistakes)
    }

    /// Every key that was not asked for is a mistake.
    pub(crate) fn finish(&mut self, fields: Fields<'_>) {
        fields.finish(self.mistakes, self.lenient);
    }

    /// The path of a route.
    pub(crate) fn path(&mut self, node: &Node) -> Option<PathPattern> {
        let notation = match self.dialect {
            Dialect::Moclojer => Notation::Colon,
            Dialect::MockForge => Notation::Braces,
        };
        let written = node.as_text("`path`", self.mistakes)?;
        match PathPattern::parse(written, notation) {
            Ok(path) => Some(path),
            Err(wrong) => {
                let mistake = Mistake::at(&node.place_within(wrong.at.clone()), wrong.message);
                let word = written.get(wrong.at).unwrap_or_default();
                self.mistake(match wrong.remedy {
                    Some(remedy) => mistake.remedy(remedy),
                    None => mistake.did_you_mean(word, KINDS.iter().map(|(name, _)| *name)),
                });
                None
            }
        }
    }

    /// A text with holes.
    pub(crate) fn template(&mut self, node: &Node) -> Option<Template> {
        let text = match &node.value {
            NodeValue::Str(text) => text.clone(),
            _ => node.to_json().to_string(),
        };
        match Template::parse(&text, self.dialect) {
            Ok(template) => Some(template),
            Err(wrong) => {
                self.template_mistake(node, wrong);
                None
            }
        }
    }

    /// A value whose strings have holes.
    pub(crate) fn json(&mut self, node: &Node) -> Option<JsonTemplate> {
        match JsonTemplate::compile(&node.to_json(), self.dialect) {
            Ok(template) => Some(template),
            Err((path, wrong)) => {
                let place = path.iter().try_fold(node, |node, step| child(node, step));
                self.template_mistake(place.unwrap_or(node), wrong);
                None
            }
        }
    }

    /// One message: a string is sent as it is, everything else as compact JSON, null not at all.
    pub(crate) fn answer(&mut self, node: &Node) -> Option<Answer> {
        match node.value {
            NodeValue::Null => None,
            NodeValue::Str(_) => self.template(node).map(Answer::text),
            _ => self.json(node).map(Answer::json),
        }
    }

    /// A mistake in the template that `node` is.
    pub(crate) fn template_mistake(&mut self, node: &Node, wrong: TemplateMistake) {
        let place = match node.value {
            NodeValue::Str(_) => node.place_within(wrong.span),
            _ => node.place.clone(),
        };
        let mistake = Mistake::at(&place, wrong.message).page(TEMPLATES_PAGE);
        self.mistake(match wrong.remedy {
            Some(remedy) => mistake.remedy(remedy),
            None => mistake,
        });
    }

    /// A part that is read, so that the file loads, but not served by this version.
    pub(crate) fn unserved(&mut self, place: &Place, part: &str) {
        let text = format!("{part} is understood but not served by this version");
        self.mistake(Mistake::at(place, text).minor());
    }
}

const TEMPLATES_PAGE: &str = "docs/templates.md";

/// A value in the words of the file, for explanations.
pub(crate) fn written(node: &Node) -> String {
    node.text()
        .map_or_else(|| node.to_json().to_string(), ToOwned::to_owned)
}

fn child<'n>(node: &'n Node, step: &Step) -> Option<&'n Node> {
    match (step, &node.value) {
        (Step::Key(key), _) => node.get(key),
        (Step::Index(index), NodeValue::Seq(items)) => items.get(*index),
        _ => None,
    }
}
