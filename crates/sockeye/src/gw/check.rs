//! `gw check`: models in, what is wrong with them out, the reference's findings first.

use std::io::{Write as _, stdout};

use serde_json::{Value, json};
use sockeye_model::Suite;
use sockeye_model::check::{Finding, check};

use super::failure::Failure;
use super::models;
use super::words::Values;

/// Prints the issues; whether there are none.
pub(super) fn run(values: &Values) -> Result<bool, Failure> {
    let suite = models::with_generators(values.texts("--model"), None)?;
    let suite = models::filtered(suite, values.is_blocked())?;
    let mut findings = check(&suite);
    // Stable: within each group the order of the models stays.
    findings.sort_by_key(|finding| !finding.is_known);
    let text = if values.flag("--json") {
        format!("{:#}\n", report(&suite, &findings))
    } else if findings.is_empty() {
        "No issues found with the model(s).\n".to_owned()
    } else {
        let lines = findings.iter().map(|finding| format!("{finding}\n"));
        lines.collect()
    };
    stdout().write_all(text.as_bytes())?;
    Ok(findings.is_empty())
}

fn report(suite: &Suite, findings: &[Finding]) -> Value {
    let issues = findings.iter().map(|finding| {
        let model = &suite.models[finding.model];
        let element = finding.element.map(|element| {
            let kind = match element {
                sockeye_model::Element::Vertex(_) => "vertex",
                sockeye_model::Element::Edge(_) => "edge",
            };
            json!({ "kind": kind, "id": model.id_of(element), "name": model.name_of(element) })
        });
        json!({
            "issue": finding.text,
            "model": { "number": finding.model, "id": model.id, "name": model.name },
            "element": element,
            "reference": finding.is_known,
        })
    });
    json!({ "issues": issues.collect::<Vec<_>>() })
}
