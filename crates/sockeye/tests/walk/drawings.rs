//! What a server of 4.3 was seen to make of yEd drawings: of every label, and of drawings as a whole.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::observed::{AS_THE_REFERENCE, cases};
use super::{Walker, Walks};
use crate::lab::Client;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A node of a kind, at the place where all nodes of the transcript are.
fn node(kind: &str, id: &str, label: &str, more: &str) -> String {
    let label = escaped(label);
    format!(
        "<node id='{id}'><data key='d6'><y:{kind}><y:Geometry x='1.5' y='2.0'/><y:NodeLabel>{label}</y:NodeLabel>\
         </y:{kind}></data>{more}</node>"
    )
}

/// An edge of a kind, with or without a label.
fn edge(kind: &str, id: &str, [source, target]: [&str; 2], label: Option<&str>) -> String {
    let label = label.map(|label| format!("<y:EdgeLabel>{}</y:EdgeLabel>", escaped(label)));
    let label = label.unwrap_or_default();
    format!(
        "<edge id='{id}' source='{source}' target='{target}'><data key='d10'><y:{kind}>{label}</y:{kind}></data></edge>"
    )
}

/// A document around what it draws.
fn document(inner: &str) -> String {
    format!(
        "<?xml version='1.0'?><graphml xmlns='http://graphml.graphdrawing.org/xmlns' \
         xmlns:y='http://www.yworks.com/xml/graphml'><key for='node' id='d6' yfiles.type='nodegraphics'/>\
         <key for='edge' id='d10' yfiles.type='edgegraphics'/>{inner}</graphml>"
    )
}

fn graph(parts: &[String]) -> String {
    let inner = parts.concat();
    document(&format!(
        "<graph id='G' edgedefault='directed'>{inner}</graph>"
    ))
}

/// A drawing with one vertex of this label, or two and an edge of it.
fn labelled(on: &str, label: Option<&str>) -> String {
    let shape = |id: &str, label: &str| node("ShapeNode", id, label, "");
    if on == "vertex" {
        return graph(&[shape("n0", label.unwrap_or_default())]);
    }
    let edge = edge("PolyLineEdge", "e0", ["n0", "n1"], label);
    graph(&[shape("n0", "v0"), shape("n1", "v1"), edge])
}

/// The drawing that the transcript calls by this name. It tells what was made of it and not how it was drawn.
fn drawn(name: &str) -> String {
    let shape = |id: &str, label: &str| node("ShapeNode", id, label, "");
    let line = |id: &str, ends: [&str; 2]| edge("PolyLineEdge", id, ends, Some(id));
    match name {
        "start" => graph(&[
            shape("n0", "Start"),
            shape("n1", "v1"),
            line("e0", ["n0", "n1"]),
        ]),
        "two start edges" => graph(&[
            shape("n0", "Start"),
            shape("n1", "v1"),
            shape("n2", "v2"),
            line("e0", ["n0", "n1"]),
            line("e1", ["n0", "n2"]),
        ]),
        "two start nodes" => graph(&[
            shape("n0", "Start"),
            shape("n1", "v1"),
            shape("n2", "Start"),
            line("e0", ["n0", "n1"]),
            line("e1", ["n2", "n1"]),
        ]),
        "start as target" => graph(&[
            shape("n0", "Start"),
            shape("n1", "v1"),
            line("e0", ["n0", "n1"]),
            line("e1", ["n1", "n0"]),
        ]),
        "no graph" => document(""),
        "props" => {
            let key = "<key for='node' id='d3' attr.name='color' attr.type='string'><default>red</default></key>";
            let red = "<data key='d3'>red</data>";
            let parts = [
                node("ShapeNode", "n0", "v0", red),
                shape("n1", "v1"),
                line("e0", ["n0", "n1"]),
            ];
            graph(&parts).replacen("<key", &format!("{key}<key"), 1)
        }
        "dup ids" => graph(&[
            shape("n0", "v0"),
            shape("n0", "v1"),
            line("e0", ["n0", "n0"]),
        ]),
        kind if kind.ends_with("Node") => graph(&[node(kind, "n0", "v0", "")]),
        kind => {
            let edge = edge(kind, "e0", ["n0", "n1"], Some("e0"));
            graph(&[shape("n0", "v0"), shape("n1", "v1"), edge])
        }
    }
}

/// Requirements have no order there, and ids of models are random.
fn sorted(mut model: Value) -> Value {
    let members = model.as_object_mut().expect("a model");
    members.remove("id");
    for part in ["vertices", "edges"] {
        for element in members[part].as_array_mut().expect("a list") {
            let requirements = element.get_mut("requirements");
            if let Some(requirements) = requirements.and_then(Value::as_array_mut) {
                requirements.sort_by_key(ToString::to_string);
            }
        }
    }
    model
}

/// What is made of a document, and whether that is what it was there.
fn convert(client: &mut Client, document: &str, case: &Value) -> (Value, bool) {
    let first = client.ask(&json!({ "command": "convertGraphml", "graphml": document }));
    if first["command"] == "issues" {
        assert_eq!(client.json()["success"], false);
        let is_same = first["issues"][0] == case["issue"];
        return (first, is_same);
    }
    let text = first["models"].as_str().expect("a text");
    let found: Value = serde_json::from_str(text).expect("models");
    let found = sorted(found["models"][0].clone());
    let wanted = case.get("model").cloned();
    let is_same = wanted.is_some_and(|wanted| found == sorted(wanted));
    (found, is_same)
}

#[test]
fn labels_and_drawings_are_read_as_they_were_there() {
    let walker = Walker::with(&AS_THE_REFERENCE);
    let mut client = walker.connect("/");
    let (mut wrong, mut labels, mut drawings) = (String::new(), 0, 0);
    for case in cases("ws6.json") {
        let document = if let Some(name) = case["drawing"].as_str() {
            drawings += 1;
            drawn(name)
        } else {
            labels += 1;
            labelled(case["on"].as_str().expect("a kind"), case["label"].as_str())
        };
        let (found, is_same) = convert(&mut client, &document, &case);
        if !is_same {
            let _ = writeln!(wrong, "{found}, not {case}");
        }
    }
    assert_eq!(wrong, "");
    assert_eq!((labels, drawings), (67, 21));
}
