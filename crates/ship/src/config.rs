//! Configuration files and the command line pass through here and become one plan.

mod address;
mod classic;
pub mod command_line;
mod draft;
mod files;
mod variables;
mod yaml;

use std::path::{Path, PathBuf};

use sockeye_core::Mistakes;

use crate::plan::Plan;
use draft::Draft;
use files::Files;
pub use variables::Environment;
use variables::Variables;

/// What was read, and what is to be said about it.
#[derive(Debug)]
pub struct Reading<'e> {
    /// What all files said, variables replaced.
    pub plan: Plan,
    /// What is wrong with them. The plan is to be used only if nothing of it is an error.
    pub mistakes: Mistakes,
    variables: Variables<'e>,
    files: Files,
    drafts: Vec<Draft>,
}

impl<'e> Reading<'e> {
    /// Nothing yet; variables that no file sets come from `environment`.
    pub fn new(environment: Environment<'e>) -> Self {
        Self {
            plan: Plan::default(),
            mistakes: Mistakes::new(),
            variables: Variables::new(environment),
            files: Files::default(),
            drafts: Vec::new(),
        }
    }

    /// Reads a main file and all that it includes: YAML from `.yaml` and `.yml`, the classic notation
    /// from every other one.
    pub fn main_file(&mut self, path: &Path) {
        self.files.start_beside(path);
        self.file(path);
        self.settle();
        let named: Vec<_> = self
            .plan
            .service
            .iter()
            .filter(|property| property.key == "parsers_file")
            .map(|property| (property.value.clone(), property.place.clone()))
            .collect();
        for (name, place) in named {
            let path = self.files.beside_or_here(&name);
            self.parsers(&path, Some(&place));
        }
    }

    /// Reads a file of parsers, as `-R` names it.
    pub fn parsers_file(&mut self, path: &Path) {
        self.parsers(path, None);
    }

    /// The files that were read, in order.
    pub fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.read()
    }

    fn parsers(&mut self, path: &Path, named: Option<&sockeye_core::Place>) {
        let Some(text) = self.files.open(path, named, &mut self.mistakes) else {
            return;
        };
        if files::is_yaml(path) {
            yaml::read(self, &text);
        } else {
            classic::read(self, &text);
        }
        for draft in std::mem::take(&mut self.drafts) {
            draft.settle_parser(&mut self.plan, &mut self.mistakes);
        }
    }

    fn file(&mut self, path: &Path) {
        if let Some(text) = self.files.open(path, None, &mut self.mistakes) {
            self.text(path, &text);
        }
    }

    fn text(&mut self, path: &Path, text: &std::sync::Arc<sockeye_core::Source>) {
        if files::is_yaml(path) {
            yaml::read(self, text);
        } else {
            classic::read(self, text);
        }
    }

    /// Turns what was read into the plan, once every variable is known.
    fn settle(&mut self) {
        for draft in std::mem::take(&mut self.drafts) {
            draft.settle(&mut self.plan, &mut self.variables, &mut self.mistakes);
        }
    }
}

#[cfg(test)]
mod tests;
