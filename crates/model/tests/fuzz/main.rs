//! Models that nobody has drawn: every notation, the labels of drawings, and the texts of generators.
//!
//! Corpora are files beside this one and the models of `conformance`; inputs that were found to break something stand
//! in them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sockeye_core::Random;
use sockeye_fuzz::{Target, files, texts};
use sockeye_model::json::Scope;
use sockeye_model::plan::Plan;
use sockeye_model::{FormatError, Model, Suite, dot, graphml, json};

/// The same ids in each run.
fn random() -> Random {
    Random::seeded(1)
}

/// What is wrong is said in a few lines, at a place of the text.
fn refused(text: &str, error: &FormatError) -> String {
    if let Some((line, column)) = error.place() {
        let lines = text.matches('\n').count() + 1;
        assert!(
            line <= lines && column <= text.len() + 1,
            "{line}:{column} lies beside the text"
        );
    }
    error.to_string()
}

/// What is written is read as the same, if nothing is left out.
fn round(suite: &Suite) {
    let whole = json::write(suite, Scope::Whole);
    let again = json::read(&whole, &mut random()).expect("what we write we read");
    assert_eq!(
        json::write(&again, Scope::Whole),
        whole,
        "writing again changes nothing"
    );
    let reference = json::write(suite, Scope::Reference);
    json::read(&reference, &mut random()).expect("what we write we read");
}

/// What is drawn is read as the same model, and what cannot be drawn is said. Vertices of one id are one in a drawing.
fn drawn(model: &Model) {
    let ids: BTreeSet<_> = model.vertices.iter().map(|vertex| &vertex.id).collect();
    let is_distinct = ids.len() == model.vertices.len();
    if let Ok(text) = graphml::write(model) {
        let again = graphml::read(&text, "again", &mut random()).expect("what we write we read");
        assert_eq!(again.edges.len(), model.edges.len());
        assert!(!is_distinct || again.vertices.len() == model.vertices.len());
    }
    if let Ok(text) = dot::write(model) {
        let again = dot::read(&text, "again", &mut random()).expect("what we write we read");
        assert_eq!(again.edges.len(), model.edges.len());
        assert!(!is_distinct || again.vertices.len() == model.vertices.len());
    }
}

fn one(text: &str, read: Result<Model, FormatError>) -> Result<Model, String> {
    let model = read.map_err(|error| refused(text, &error))?;
    assert!(model.edges.len() + model.vertices.len() <= text.len() * text.len());
    drawn(&model);
    let suite = Suite {
        models: vec![model.clone()],
        ..Suite::default()
    };
    round(&suite);
    Ok(model)
}

fn as_json(input: &[u8]) -> Result<Suite, String> {
    let text = String::from_utf8_lossy(input);
    let suite = json::read(&text, &mut random()).map_err(|error| refused(&text, &error))?;
    round(&suite);
    suite.models.iter().for_each(drawn);
    Ok(suite)
}

fn as_graphml(input: &[u8]) -> Result<Model, String> {
    let text = String::from_utf8_lossy(input);
    one(&text, graphml::read(&text, "file", &mut random()))
}

fn as_dot(input: &[u8]) -> Result<Model, String> {
    let text = String::from_utf8_lossy(input);
    one(&text, dot::read(&text, "file", &mut random()))
}

/// The whole input is the label of a vertex and of an edge.
fn as_label(input: &[u8]) -> Result<Model, String> {
    let text = String::from_utf8_lossy(input);
    let label = text.replace('\\', "\\\\").replace('"', "\\\"");
    let drawing = format!(
        "digraph {{ Start -> a [label=\"e\"]; a [label=\"{label}\"]; a -> b [label=\"{label}\"] }}"
    );
    one(&drawing, dot::read(&drawing, "file", &mut random()))
}

fn as_generator(input: &[u8]) -> Result<Plan, String> {
    let text = String::from_utf8_lossy(input);
    let plan = Plan::parse(&text).map_err(|error| error.to_string())?;
    let again = Plan::parse(&plan.to_string()).expect("what we write we read");
    assert_eq!(again.to_string(), plan.to_string());
    Ok(plan)
}

/// A folder of models that the repository has anyway.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/graphwalker")
}

#[test]
fn json_models() {
    let mut corpus = texts(include_str!("json.txt"));
    corpus.extend(files(
        &folder(),
        &[
            "d1.json",
            "g1.json",
            "multi.json",
            "nost.json",
            "dialect-a.json",
            "dead.json",
        ],
    ));
    corpus.extend(files(&folder().join("models"), &[".json"]));
    Target::new("json_models", corpus, as_json)
        .text()
        .few(1500)
        .run();
}

#[test]
fn graphml_models() {
    let corpus = texts(include_str!("graphml.txt"));
    Target::new("graphml_models", corpus, as_graphml)
        .text()
        .few(1500)
        .run();
}

#[test]
fn dot_models() {
    let corpus = texts(include_str!("dot.txt"));
    Target::new("dot_models", corpus, as_dot)
        .text()
        .few(1500)
        .run();
}

#[test]
fn labels() {
    let corpus = texts(include_str!("labels.txt"));
    Target::new("labels", corpus, as_label)
        .text()
        .longest(600)
        .few(1500)
        .run();
}

#[test]
fn generators() {
    let corpus = texts(include_str!("generators.txt"));
    Target::new("generators", corpus, as_generator)
        .text()
        .longest(600)
        .run();
}
