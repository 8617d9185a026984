//! What a server of 4.3 was seen to say: whole walks with what goes wrong in them, and generators.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Walker, Walks, read};
use crate::lab::Client;

pub(super) const AS_THE_REFERENCE: [&str; 4] =
    ["--protocol", "4.3", "--strict-silence", "--bug-compatible"];

pub(super) fn cases(file: &str) -> Vec<Value> {
    serde_json::from_str(&read(&format!("transcripts/{file}"))).expect("a list")
}

/// Texts of a JVM tell of its classes. Ours tell the same kind of failure in their own words.
const JVM: [&str; 5] = [
    "Cannot invoke",
    "class org.",
    "java.lang.",
    "java.util.",
    "org.graphwalker.core.machine.MachineException: java.lang.reflect.",
];

fn is_jvm(message: &Value) -> bool {
    let text = message["issues"][0].as_str().unwrap_or_default();
    JVM.iter().any(|prefix| text.starts_with(prefix))
}

/// Whether the messages are the same; of a JVM's texts only that there is one.
#[track_caller]
fn expect(client: &mut Client, expected: &[Value], what: &str) {
    for wanted in expected {
        let mut found = client.json();
        if wanted.get("data").is_none() && wanted["command"] == "visitedElement" {
            let members = found.as_object_mut().expect("an object");
            members.remove("data").expect("variables");
            members.remove("modelName");
            members.remove("modelId").expect("a model");
        }
        if is_jvm(wanted) {
            let text = found["issues"][0].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{what}: {found}, not {wanted}");
            continue;
        }
        assert_eq!(&found, wanted, "{what}");
    }
}

/// Where the reference has nothing but a null in its hands: ours fails with a reason, at the step that cannot be made.
const CORRECTED: [&str; 3] = ["no generator", "target missing", "null target, quick"];

/// Where the reference breaks over a vertex without any edge, though a tour of all edges needs none of it.
const WALKED: &str = "isolated vertex shortest";

#[test]
fn walks_go_wrong_as_they_did_there() {
    let walker = Walker::with(&AS_THE_REFERENCE);
    let cases = cases("ws3.json");
    assert_eq!(cases.len(), 28);
    for case in &cases {
        let name = case["case"].as_str().expect("a name");
        let mut client = walker.connect("/");
        client
            .send(&json!({ "command": "start", "gw": { "models": [case["model"]] } }).to_string());
        expect(&mut client, case["start"].as_array().expect("a list"), name);
        if CORRECTED.contains(&name) || name == WALKED {
            continue;
        }
        for (at, turn) in case["turns"].as_array().expect("turns").iter().enumerate() {
            for command in ["hasNext", "getNext"] {
                client.send(&json!({ "command": command }).to_string());
                let expected = turn[command].as_array().expect("messages");
                expect(&mut client, expected, &format!("{name}, turn {at}"));
            }
        }
        client.expect_silence();
    }
}

#[test]
fn what_is_missing_fails_with_a_reason_where_it_is_needed() {
    let walker = Walker::start();
    for case in cases("ws3.json") {
        let name = case["case"].as_str().expect("a name");
        if !CORRECTED.contains(&name) {
            continue;
        }
        let mut client = walker.connect("/");
        client.begin(&json!({ "models": [case["model"]] }));
        assert_eq!(client.step(), "e0", "{name}");
        let reason = client.fails(&json!({ "command": "getNext" }));
        let said = match name {
            "no generator" => "No path generator is defined",
            "target missing" => "e0",
            _ => "AlgorithmException",
        };
        assert!(
            reason.contains(said) && !is_jvm(&json!({ "issues": [reason] })),
            "{name}: {reason}"
        );
    }
}

fn with_generator(text: &str) -> Value {
    json!({ "command": "start", "gw": { "models": [{
        "name": "M", "id": "m1", "generator": text, "startElementId": "e0",
        "vertices": [{ "id": "a", "name": "a", "sharedState": "S" }, { "id": "b", "name": "b" }],
        "edges": [{ "id": "e0", "name": "e0", "targetVertexId": "a" },
                  { "id": "e1", "name": "e1", "sourceVertexId": "a", "targetVertexId": "b" },
                  { "id": "e2", "name": "e2", "sourceVertexId": "b", "targetVertexId": "a" }],
        "predefinedPathEdgeIds": ["e1", "e2"],
    }]}})
}

#[test]
fn a_vertex_without_edges_does_not_break_a_tour() {
    let walker = Walker::start();
    let cases = cases("ws3.json");
    let case = cases.iter().find(|case| case["case"] == WALKED);
    let mut client = walker.connect("/");
    client.begin(&json!({ "models": [case.expect("the case")["model"]] }));
    let way = [(); 5].map(|()| client.step());
    assert_eq!(way, ["a", "e0", "b", "e1", "a"]);
    let reply = client.ask(&json!({ "command": "hasNext" }));
    assert_eq!(reply["hasNext"], false);
}

/// Generators that ours reads otherwise on purpose, and what it shows of them: canonical texts can be read again, a stage
/// that means nothing is refused also behind another one, and the street sweeper of earlier versions is there.
const READ_OTHERWISE: [(&str, Option<&str>); 4] = [
    ("random(never) random(foo)", None),
    (
        "predefinedpath(PredefinedPathStopCondition(PredefinedPath))",
        Some("PredefinedPath(PredefinedPathStopCondition(PredefinedPath))"),
    ),
    (
        "new_york_street_sweeper()",
        Some("DirectedChinesePostman(Tour(open))"),
    ),
    (
        "directed_chinese_postman(never)",
        Some("DirectedChinesePostman(Never())"),
    ),
];

#[test]
fn generators_are_read_and_shown_as_they_were_there() {
    let walker = Walker::with(&AS_THE_REFERENCE);
    let mut client = walker.connect("/");
    let mut wrong = String::new();
    for case in cases("ws5.json") {
        let text = case["generator"].as_str().expect("a text");
        let first = client.ask(&with_generator(text));
        if first["command"] == "issues" {
            assert_eq!(client.json()["success"], false, "{text}");
            let issue = first["issues"][0].as_str().expect("a reason");
            let otherwise = READ_OTHERWISE.contains(&(text, None));
            let wanted = case["issue"]
                .as_str()
                .or(otherwise.then_some("No valid stop condition found."));
            let is_jvm = wanted.is_some_and(|text| JVM.iter().any(|jvm| text.starts_with(jvm)));
            if wanted != Some(issue) && !is_jvm {
                let _ = writeln!(wrong, "{text}: {issue}, not {case}");
            }
            continue;
        }
        let model = client.ask(&json!({ "command": "getModel" }));
        let model: Value =
            serde_json::from_str(model["models"].as_str().unwrap_or_default()).unwrap_or_default();
        let shown = model["models"][0]["generator"].as_str();
        if shown != case["shown"].as_str() && !READ_OTHERWISE.contains(&(text, shown)) {
            let _ = writeln!(wrong, "{text}: {shown:?}, not {case}");
        }
    }
    assert_eq!(wrong, "");
}
