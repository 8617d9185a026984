//! Guards and actions pass through here: read as scripts, but not run.

use std::collections::HashMap;

use sockeye_script::js::{ScopeLimits, Scopes};

use super::Findings;
use crate::{Element, Model};

/// An engine that reads scripts, each text once.
#[derive(Default)]
pub(super) struct Scripts {
    engine: Option<Scopes>,
    known: HashMap<Box<str>, Option<String>>,
}

impl Scripts {
    pub(super) fn check(&mut self, findings: &mut Findings, model: &Model) {
        for action in &model.actions {
            self.script(findings, model, None, action, "an action of the model");
        }
        for element in model.elements() {
            for action in model.actions_of(element) {
                self.script(findings, model, Some(element), action, "an action");
            }
            if let Element::Edge(at) = element
                && let Some(guard) = &model.edges[at as usize].guard
            {
                self.script(findings, model, Some(element), guard, "the guard");
                if guard.trim().is_empty() {
                    let text = format!(
                        "the guard of {} is blank, which is neither true nor false: remove it",
                        model.named(element)
                    );
                    findings.add(Some(element), text);
                }
            }
        }
    }

    fn script(
        &mut self,
        findings: &mut Findings,
        model: &Model,
        at: Option<Element>,
        text: &str,
        what: &str,
    ) {
        let Some(message) = self.mistake(text) else {
            return;
        };
        let of = at
            .map(|element| format!(" of {}", model.named(element)))
            .unwrap_or_default();
        let text = sockeye_core::quoted(text);
        findings.add(
            at,
            format!("{what}{of} is no JavaScript, {text}: {message}"),
        );
    }

    fn mistake(&mut self, text: &str) -> Option<String> {
        if let Some(known) = self.known.get(text) {
            return known.clone();
        }
        let engine = self
            .engine
            .get_or_insert_with(|| Scopes::new(ScopeLimits::default(), 0));
        let mistake = engine.parse(text).err().map(|error| error.to_string());
        self.known.insert(text.into(), mistake.clone());
        mistake
    }
}
