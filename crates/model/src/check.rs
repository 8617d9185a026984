//! Models pass through here and leave a list of what is wrong with them, or will not work.

mod reach;
mod rules;
mod scripts;

use std::collections::HashMap;
use std::fmt;

use crate::plan::{Condition, Generator, Plan};
use crate::{Element, Model, Suite};

/// One thing to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The model, as its number in the suite.
    pub model: usize,
    /// The element, if it is about one.
    pub element: Option<Element>,
    /// What is wrong and, where it is not plain, what to do about it.
    pub text: String,
    /// Whether the reference's checker says it, too, in these words.
    pub is_known: bool,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The most elements that one finding names.
const NAMED: usize = 5;

/// Checks models: what the reference finds, in its order, and after that what it does not look at.
pub fn check(suite: &Suite) -> Vec<Finding> {
    let mut findings = Findings::default();
    for (number, model) in suite.models.iter().enumerate() {
        findings.model = number;
        findings.is_known = true;
        rules::model(&mut findings, model);
    }
    across(&mut findings, suite);
    let mut scripts = scripts::Scripts::default();
    for (number, model) in suite.models.iter().enumerate() {
        findings.model = number;
        findings.is_known = false;
        rules::ends(&mut findings, model);
        rules::weights(&mut findings, model);
        scripts.check(&mut findings, model);
        reach::check(&mut findings, suite, model);
    }
    findings.found
}

/// What was found, and what it will be about.
#[derive(Default)]
struct Findings {
    found: Vec<Finding>,
    model: usize,
    is_known: bool,
}

impl Findings {
    fn add(&mut self, element: Option<Element>, text: impl Into<String>) {
        self.found.push(Finding {
            model: self.model,
            element,
            text: text.into(),
            is_known: self.is_known,
        });
    }
}

/// The plan of a model, if its generator text has one.
fn plan_of(model: &Model) -> Option<Plan> {
    Plan::parse(model.generator.as_deref()?).ok()
}

/// Whether the generator is random until all edges are covered, and nothing else.
fn is_plain_random(plan: &Plan) -> bool {
    match plan.stages.as_slice() {
        [stage] => stage.generator == Generator::Random && stage.condition == Condition::Edges(100),
        _ => false,
    }
}

fn across(findings: &mut Findings, suite: &Suite) {
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut vertices: HashMap<&str, Vec<(usize, u32)>> = HashMap::new();
    for (number, model) in suite.models.iter().enumerate() {
        findings.model = number;
        if ids.insert(&model.id, number).is_some() {
            findings.add(None, format!("Id of the model is not unique: {}", model.id));
        }
        for (vertex, at) in model.vertices.iter().zip(0..) {
            let alike = vertices
                .entry(vertex.id.as_deref().unwrap_or_default())
                .or_default();
            let is_twin = |(other, twin): &(usize, u32)| {
                *other != number && suite.models[*other].vertices[*twin as usize] == *vertex
            };
            if alike.iter().any(is_twin) {
                let element = Element::Vertex(at);
                let named = model.named(element);
                let text = format!("Internal id of the element is not unique: {named}");
                findings.add(Some(element), text);
            }
            alike.push((number, at));
        }
    }
}

/// A few elements by name, and how many there are besides.
fn list(model: &Model, elements: &[Element]) -> String {
    let names = elements
        .iter()
        .take(NAMED)
        .map(|element| model.named(*element).to_string());
    let names: Vec<String> = names.collect();
    match elements.len().saturating_sub(NAMED) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}
