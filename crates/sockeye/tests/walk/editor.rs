//! The editor's commands of 2015: models are made, changed and taken apart piece by piece, then walked.

use serde_json::{Value, json};

use super::{Walker, Walks, read};
use crate::lab::Client;

/// What the checker said, and then the reply.
#[track_caller]
pub(super) fn change(client: &mut Client, command: &str, members: Value) -> Vec<String> {
    let mut request = members;
    request["command"] = json!(command);
    let event = client.ask(&request);
    let issues = match event["command"].as_str() {
        Some("noIssues") => Vec::new(),
        Some("issues") => {
            let issues = event["issues"].as_array().expect("a list").iter();
            issues
                .map(|issue| issue.as_str().expect("a text").to_owned())
                .collect()
        }
        _ => panic!("{request}: {event}"),
    };
    let mut reply = client.json();
    if matches!(command, "addModel" | "newModel") {
        let text = reply["model"].take();
        assert!(text.is_string(), "the new model, as a text: {reply}");
        reply.as_object_mut().expect("a reply").remove("model");
    }
    assert_eq!(reply, json!({ "command": command, "success": true }));
    issues
}

/// Why a command is refused.
#[track_caller]
pub(super) fn refused(client: &mut Client, command: &str, members: Value) -> String {
    let mut request = members;
    request["command"] = json!(command);
    let reply = client.ask(&request);
    assert_eq!(
        (&reply["command"], &reply["success"]),
        (&request["command"], &json!(false)),
        "{reply}"
    );
    client.expect_silence();
    reply["message"].as_str().expect("a reason").to_owned()
}

/// A model `m` of two vertices and the edges between them.
fn draw(client: &mut Client) {
    change(client, "addModel", json!({ "id": "m" }));
    for id in ["a", "b"] {
        change(
            client,
            "addVertex",
            json!({ "modelId": "m", "vertexId": id }),
        );
    }
    for (id, source, target) in [("there", "a", "b"), ("back", "b", "a")] {
        let edge = json!({ "modelId": "m", "edgeId": id, "sourceVertexId": source, "targetVertexId": target });
        change(client, "addEdge", edge);
    }
    change(
        client,
        "setGenerator",
        json!({ "modelId": "m", "generator": "random(edge_coverage(100))" }),
    );
}

pub(super) fn model(client: &mut Client, id: &str) -> Value {
    let reply = client.ask(&json!({ "command": "getModel", "modelId": id }));
    assert_eq!(
        (&reply["success"], &reply["modelId"]),
        (&json!(true), &json!(id)),
        "{reply}"
    );
    serde_json::from_str(reply["model"].as_str().expect("JSON in a text")).expect("a model")
}

#[test]
fn a_model_is_drawn_checked_and_walked() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let issues = change(&mut client, "addModel", json!({ "id": "m" }));
    assert!(!issues.is_empty(), "an empty model is found fault with");
    assert_eq!(
        client.ask(&json!({ "command": "removeModel", "id": "m" }))["command"],
        "noIssues"
    );
    client.json();
    draw(&mut client);
    let issues = change(
        &mut client,
        "setNextElement",
        json!({ "modelId": "m", "nextElementId": "a" }),
    );
    assert_eq!(issues, [""; 0], "nothing is missing");
    assert_eq!(
        model(&mut client, "m")["generator"],
        "RandomPath(EdgeCoverage(100))"
    );
    assert_eq!(model(&mut client, "m")["startElementId"], "a");
    let started = client.ask(&json!({ "command": "start" }));
    assert_eq!(started, json!({ "command": "start", "success": true }));
    for id in ["a", "there", "b", "back"] {
        let pushed = client.ask(&json!({ "command": "getNext" }));
        assert_eq!(
            pushed,
            json!({ "command": "visitedElement", "id": id, "visitedCount": 1 })
        );
        let reply = json!({ "command": "getNext", "success": true, "id": id, "name": id });
        client.expect_json(reply);
    }
    let data = json!({ "command": "getData", "success": true, "data": [] });
    assert_eq!(client.ask(&json!({ "command": "getData" })), data);
    let again = client.ask(&json!({ "command": "restart" }));
    assert_eq!(
        again,
        json!({ "command": "restart", "success": true }),
        "the models are kept"
    );
    client.ask(&json!({ "command": "start" }));
    assert_eq!(client.ask(&json!({ "command": "getNext" }))["id"], "a");
}

#[test]
fn updates_replace_members_and_append_scripts() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    draw(&mut client);
    for (name, action) in [("v_A", "x=1"), ("v_B", "x=2")] {
        let vertex =
            json!({ "id": "a", "name": name, "actions": [action], "requirements": [name] });
        change(
            &mut client,
            "updateVertex",
            json!({ "modelId": "m", "vertex": vertex }),
        );
        let edge = json!({ "id": "there", "name": name, "actions": [action], "guard": "x<9",
                           "sourceVertexId": "a", "targetVertexId": "b" });
        change(
            &mut client,
            "updateEdge",
            json!({ "modelId": "m", "edge": edge }),
        );
    }
    let shown = model(&mut client, "m");
    let (vertex, edge) = (&shown["vertices"][0], &shown["edges"][0]);
    assert_eq!(
        (&vertex["name"], &edge["name"]),
        (&json!("v_B"), &json!("v_B"))
    );
    assert_eq!(vertex["actions"], json!(["x=1", "x=2"]));
    assert_eq!(vertex["requirements"], json!(["v_A", "v_B"]));
    assert_eq!(
        (&edge["guard"], &edge["actions"]),
        (&json!("x<9"), &json!(["x=1", "x=2"]))
    );
    change(
        &mut client,
        "removeEdge",
        json!({ "modelId": "m", "edgeId": "there" }),
    );
    change(
        &mut client,
        "removeVertex",
        json!({ "modelId": "m", "vertexId": "a" }),
    );
    let shown = model(&mut client, "m");
    assert_eq!(
        shown["vertices"].as_array().map(Vec::len),
        Some(1),
        "{shown}"
    );
    assert_eq!(shown["edges"][0]["id"], "back");
    assert!(
        shown["edges"][0].get("targetVertexId").is_none(),
        "its target is gone: {shown}"
    );
}

#[test]
fn what_is_not_there_is_named() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let edge =
        json!({ "modelId": "m", "edgeId": "e", "sourceVertexId": "a", "targetVertexId": "b" });
    assert_eq!(
        refused(&mut client, "addEdge", edge),
        "No models. You need to call addModel first."
    );
    draw(&mut client);
    let edge =
        json!({ "modelId": "q", "edgeId": "e", "sourceVertexId": "a", "targetVertexId": "b" });
    assert_eq!(
        refused(&mut client, "addEdge", edge),
        "No models. You need to call addModel first."
    );
    let nowhere = "Did not find a model with id: q";
    for (command, members) in [
        ("removeModel", json!({ "id": "q" })),
        ("getModel", json!({ "modelId": "q" })),
        ("addVertex", json!({ "modelId": "q", "vertexId": "a" })),
        ("removeVertex", json!({ "modelId": "q", "vertexId": "a" })),
        (
            "setNextElement",
            json!({ "modelId": "q", "nextElementId": "a" }),
        ),
        (
            "setGenerator",
            json!({ "modelId": "q", "generator": "random(never)" }),
        ),
    ] {
        assert_eq!(refused(&mut client, command, members), nowhere, "{command}");
    }
    for (command, members) in [
        ("removeVertex", json!({ "modelId": "m", "vertexId": "q" })),
        ("removeEdge", json!({ "modelId": "m", "edgeId": "q" })),
        (
            "updateVertex",
            json!({ "modelId": "m", "vertex": { "id": "q" } }),
        ),
        (
            "setNextElement",
            json!({ "modelId": "m", "nextElementId": "q" }),
        ),
        (
            "addEdge",
            json!({ "modelId": "m", "edgeId": "e", "sourceVertexId": "q", "targetVertexId": "b" }),
        ),
    ] {
        assert!(
            refused(&mut client, command, members).ends_with(" with id: q"),
            "{command}"
        );
    }
    let wrong = json!({ "modelId": "m", "generator": "random(" });
    assert_eq!(
        refused(&mut client, "setGenerator", wrong),
        "Could not set the path generator: The string 'random(' did not conform to GraphWalker syntax rules."
    );
    let unloaded = refused(&mut client, "loadModel", json!({ "model": 5 }));
    assert!(
        unloaded.starts_with("Could not parse the model: "),
        "{unloaded}"
    );
    let half = refused(
        &mut client,
        "addEdge",
        json!({ "modelId": "m", "edgeId": "e" }),
    );
    assert!(half.contains("sourceVertexId"), "{half}");
}

#[test]
fn models_are_loaded_whole_and_the_first_days_names_are_known() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let suite: Value = serde_json::from_str(&read("models/Editor-2015-11.json")).expect("models");
    let loaded = client.ask(&json!({ "command": "loadGw3", "gw3": suite }));
    assert_eq!(loaded, json!({ "command": "loadgw3", "success": true }));
    assert_eq!(model(&mut client, "Editor-2015-11")["startElementId"], "n0");
    change(&mut client, "newModel", json!({ "id": "first" }));
    change(
        &mut client,
        "addVertex",
        json!({ "modelId": "first", "vertexId": "v" }),
    );
    let edge =
        json!({ "modelId": "first", "edgeId": "e", "sourceVertexId": "v", "targetVertexId": "v" });
    change(&mut client, "addEdge", edge);
    change(
        &mut client,
        "deleteEdge",
        json!({ "modelId": "first", "edgeId": "e" }),
    );
    change(
        &mut client,
        "deleteVertex",
        json!({ "modelId": "first", "vertexId": "v" }),
    );
    assert_eq!(model(&mut client, "first")["vertices"], json!([]));
}

#[test]
fn what_the_editor_left_without_an_answer_is_answered_unless_silence_is_wanted() {
    let silent = Walker::with(&["--strict-silence"]);
    let walker = Walker::start();
    let [mut quiet, mut client] = [&silent, &walker].map(|walker| walker.connect("/?gw=editor"));
    draw(&mut quiet);
    draw(&mut client);
    for (command, members) in [
        ("getModel", json!({ "modelId": "q" })),
        ("addEdge", json!({ "modelId": "m", "edgeId": "e" })),
        (
            "updateVertex",
            json!({ "modelId": "m", "vertex": { "id": "q" } }),
        ),
        (
            "updateEdge",
            json!({ "modelId": "m", "edge": { "id": "q" } }),
        ),
    ] {
        refused(&mut client, command, members.clone());
        let mut request = members;
        request["command"] = json!(command);
        quiet.send(&request.to_string()).expect_silence();
    }
    let request = json!({ "command": "removeEdge", "modelId": "m", "edgeId": "q" });
    let bare = json!({ "command": "removeEdge", "success": false });
    assert_eq!(quiet.ask(&request), bare, "without a reason");
    quiet.expect_silence();
    let request = json!({ "command": "hasNext" });
    let reply = quiet.ask(&request);
    assert!(
        reply["message"].is_string(),
        "this one has a reason: {reply}"
    );
}

#[test]
fn commands_of_the_editor_are_unknown_to_other_generations() {
    let walker = Walker::start();
    for version in ["3.2", "3.3", "3.4", "4.2", "4.3", "rs"] {
        let mut client = walker.connect(&format!("/?gw={version}"));
        let key = if version < "3.4" { "type" } else { "command" };
        for name in ["addModel", "loadGw3", "setGenerator", "deleteElement"] {
            let reply = client.ask(&json!({ key: name, "id": "m" }));
            assert_eq!(reply["success"], false, "{version}: {reply}");
            let message = reply["message"].as_str().unwrap_or_default();
            assert!(message.starts_with("Unknown command"), "{version}: {reply}");
        }
    }
}
