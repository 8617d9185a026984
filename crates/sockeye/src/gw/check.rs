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
        findings.iter().map(|found| line(&suite, found)).collect()
    };
    stdout().write_all(text.as_bytes())?;
    Ok(findings.is_empty())
}

/// What to do about issues whose text, which is the reference's, does not say it.
const REMEDIES: &[(&str, &str)] = &[
    ("Id cannot be null", "give it an `id`"),
    (
        "Requirement cannot be an empty",
        "name the requirement, or remove it",
    ),
    (
        "Script statement cannot be an empty",
        "write a script, or remove the action",
    ),
    ("Name of vertex cannot be", "give the vertex a `name`"),
    ("Name of vertex cannot have", "write `_` for each blank"),
    ("Name of edge cannot have", "write `_` for each blank"),
    (
        "Edge must have a target",
        "give the edge a `targetVertexId`",
    ),
    ("The weight must be", "write a number such as 0.5"),
    ("Id of the vertex is not", "give one of them another id"),
    ("Id of the edge is not", "give one of them another id"),
    ("Id of the model is not", "give one of them another id"),
    (
        "Internal id of the element",
        "give one of the two vertices another id",
    ),
    ("Vertex: ", "give the edge a `name`"),
    ("The model has neither", "give the model a `startElementId`"),
    (
        "The model has one cul-de-sacs",
        "add an edge that leads on from there, or stop earlier",
    ),
    (
        "The model has multiple cul-de-sacs",
        "add edges that lead on from there, or stop earlier",
    ),
];

/// An issue of the reference as it is; one of ours with its model, if there are several.
fn line(suite: &Suite, finding: &Finding) -> String {
    let model = &suite.models[finding.model];
    if finding.is_known || suite.models.len() == 1 {
        return format!("{finding}\n");
    }
    let name = model.name.as_ref().unwrap_or(&model.id);
    format!("model `{name}`: {finding}\n")
}

fn remedy(finding: &Finding) -> Option<&'static str> {
    let known = REMEDIES
        .iter()
        .find(|(begin, _)| finding.text.starts_with(begin));
    known
        .filter(|_| finding.is_known)
        .map(|(_, remedy)| *remedy)
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
            "remedy": remedy(finding),
            "model": { "number": finding.model, "id": model.id, "name": model.name },
            "element": element,
            "reference": finding.is_known,
        })
    });
    json!({ "issues": issues.collect::<Vec<_>>() })
}
