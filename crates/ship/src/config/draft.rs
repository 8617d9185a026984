//! A section as it was written passes through here and becomes part of the plan, its variables replaced.

use sockeye_core::{Mistake, Mistakes, Place, quoted};

use super::address;
use super::variables::Variables;
use crate::plan::{Plan, Property, Section};

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Service,
    Input,
    Filter,
    Output,
    Parser,
}

/// A section as it was written.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) sort: Sort,
    pub(super) place: Place,
    pub(super) properties: Vec<Property>,
    /// The filters of a section in YAML.
    pub(super) processors: Vec<Self>,
}

impl Draft {
    pub(super) fn new(sort: Sort, place: Place) -> Self {
        Self {
            sort,
            place,
            properties: Vec::new(),
            processors: Vec::new(),
        }
    }

    /// Into the plan.
    pub(super) fn settle(
        self,
        plan: &mut Plan,
        variables: &mut Variables<'_>,
        mistakes: &mut Mistakes,
    ) {
        let sort = self.sort;
        match sort {
            Sort::Service => {
                let replaced = replaced(self.properties, variables, mistakes);
                plan.service.extend(replaced);
            }
            // A regular expression may have `${` in it.
            Sort::Parser => self.settle_parser(plan, mistakes),
            Sort::Input | Sort::Filter | Sort::Output => {
                let section = self.section(variables, mistakes);
                let sections = match sort {
                    Sort::Input => &mut plan.inputs,
                    Sort::Filter => &mut plan.filters,
                    _ => &mut plan.outputs,
                };
                sections.extend(section);
            }
        }
    }

    /// Into the plan, as one section of a file of parsers.
    pub(super) fn settle_parser(self, plan: &mut Plan, mistakes: &mut Mistakes) {
        if self.sort != Sort::Parser {
            let message = format!("a section for {} in a file of parsers", self.sort.noun());
            mistakes.push(
                Mistake::at(&self.place, message)
                    .label("ignored")
                    .remedy("move it to the main file")
                    .warning(),
            );
            return;
        }
        if let Some((name, place, properties)) = self.named(mistakes) {
            let mut section = Section::new(name, place);
            section.properties = properties;
            plan.parsers.push(section);
        }
    }

    fn section(
        mut self,
        variables: &mut Variables<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Section> {
        let processors = std::mem::take(&mut self.processors);
        let sort = self.sort;
        self.properties = replaced(self.properties, variables, mistakes);
        let (name, place, properties) = self.named(mistakes)?;
        let mut section = address::section(&name, place, properties, sort == Sort::Input)
            .map_err(|mistake| mistakes.push(mistake))
            .ok()?;
        section.processors = processors
            .into_iter()
            .filter_map(|processor| processor.section(variables, mistakes))
            .collect();
        Some(section)
    }

    /// The name of the plugin, and what else was said.
    fn named(self, mistakes: &mut Mistakes) -> Option<(String, Place, Vec<Property>)> {
        let mut names = Vec::new();
        let mut others = Vec::new();
        for property in self.properties {
            if property.key == "name" {
                names.push(property);
            } else {
                others.push(property);
            }
        }
        if let [first, second, ..] = names.as_slice() {
            mistakes.push(
                Mistake::at(&second.key_place, "two names in one section")
                    .also(&first.key_place, "the first one")
                    .label("the second one")
                    .remedy("give each plugin a section of its own"),
            );
            return None;
        }
        let Some(name) = names.pop().filter(|name| !name.value.is_empty()) else {
            let message = format!("a section for {} without `name`", self.sort.noun());
            let remedy = "add the name of the plugin, such as `name tcp`";
            mistakes.push(
                Mistake::at(&self.place, message)
                    .label("no name")
                    .remedy(remedy),
            );
            return None;
        };
        Some((name.value, name.place, others))
    }
}

impl Sort {
    fn noun(self) -> &'static str {
        match self {
            Self::Service => "the service",
            Self::Input => "an input",
            Self::Filter => "a filter",
            Self::Output => "an output",
            Self::Parser => "a parser",
        }
    }
}

fn replaced(
    properties: Vec<Property>,
    variables: &mut Variables<'_>,
    mistakes: &mut Mistakes,
) -> Vec<Property> {
    properties
        .into_iter()
        .map(|mut property| {
            let value = variables.replaced(&property.value, &property.place, mistakes);
            value.trim().clone_into(&mut property.value);
            property
        })
        .collect()
}

/// A key in lower case with underscores. One that starts with a small letter may be camelCase.
pub(super) fn key(written: &str) -> String {
    let is_camel = written.starts_with(|letter: char| letter.is_ascii_lowercase());
    let mut key = String::with_capacity(written.len() + 4);
    let mut before = '_';
    for letter in written.chars() {
        if is_camel && letter.is_ascii_uppercase() && before.is_ascii_lowercase() {
            key.push('_');
        }
        key.extend(letter.to_lowercase());
        before = letter;
    }
    key
}

/// What is said about a word where a section's name was expected.
pub(super) fn ignored_section(place: &Place, name: &str, remedy: String) -> Mistake {
    Mistake::at(place, format!("a section {} is not known", quoted(name)))
        .label("ignored")
        .remedy(remedy)
        .warning()
}
