//! The editor's commands of 2015: models are made, changed and taken apart piece by piece, then walked.

use std::sync::Arc;

use serde_json::{Value, json};
use sockeye_core::Random;
use sockeye_model::json as model_json;
use sockeye_model::machine::Machine;

use super::{Walker, Walks, read};
use crate::lab::Client;

/// What the checker said, and then the reply.
#[track_caller]
fn change(client: &mut Client, command: &str, members: Value) -> Vec<String> {
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
    let spelling = request["command"].clone();
    assert_eq!(
        client.json(),
        json!({ "command": spelling, "success": true })
    );
    issues
}

/// Why a command is refused.
#[track_caller]
fn refused(client: &mut Client, command: &str, members: Value) -> String {
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

fn model(client: &mut Client, id: &str) -> Value {
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
    // Requests of the first days have `type`, and so have their replies and events.
    let mut early = walker.connect("/");
    let event = early.ask(&json!({ "type": "addModel", "id": "m" }));
    assert_eq!(event["type"], "issues", "{event}");
    early.expect_json(json!({ "type": "addModel", "success": true }));
}

/// What the test of the editor knows of the service.
#[derive(Default)]
struct Drawn {
    models: Vec<String>,
    vertices: Vec<String>,
    edges: Vec<String>,
    made: usize,
}

impl Drawn {
    fn fresh(&mut self) -> String {
        self.made += 1;
        format!("x{}", self.made)
    }

    /// Does what an edge of the editor's own model stands for. Vertices and edges are all in the oldest model.
    fn act(&mut self, client: &mut Client, name: &str) {
        let at = self.models.first().cloned().unwrap_or_default();
        let id = self.fresh();
        match name {
            "e_AddModel" => {
                change(client, "addModel", json!({ "id": id }));
                self.models.push(id);
            }
            "e_RemoveModel" => {
                let gone = self.models.pop().expect("the guard says that there is one");
                change(client, "removeModel", json!({ "id": gone }));
            }
            "e_SelectModel" => {
                model(client, &at);
            }
            "e_AddVertex" => {
                change(
                    client,
                    "addVertex",
                    json!({ "modelId": at, "vertexId": id }),
                );
                self.vertices.push(id);
            }
            "e_RemoveVertex" => {
                let gone = self.vertices.pop().expect("the guard says so");
                change(
                    client,
                    "removeVertex",
                    json!({ "modelId": at, "vertexId": gone }),
                );
            }
            "e_AddEdge" => {
                let [source, target] = [&self.vertices[0], &self.vertices[1]];
                let edge = json!({ "modelId": at, "edgeId": id, "sourceVertexId": source, "targetVertexId": target });
                change(client, "addEdge", edge);
                self.edges.push(id);
            }
            "e_RemoveEdge" => {
                let gone = self.edges.pop().expect("the guard says so");
                change(
                    client,
                    "removeEdge",
                    json!({ "modelId": at, "edgeId": gone }),
                );
            }
            "e_ChangeVertex" => {
                let vertex = json!({ "id": self.vertices[0], "name": id });
                change(
                    client,
                    "updateVertex",
                    json!({ "modelId": at, "vertex": vertex }),
                );
            }
            "e_ChangeEdge" => {
                let edge = json!({ "id": self.edges[0], "name": id });
                change(client, "updateEdge", json!({ "modelId": at, "edge": edge }));
            }
            "e_SetNextElement" => {
                let next = json!({ "modelId": at, "nextElementId": self.vertices[0] });
                change(client, "setNextElement", next);
            }
            other => panic!("what is {other}?"),
        }
    }
}

#[test]
fn the_editor_follows_the_model_of_its_own_test() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let suite = model_json::read(&read("models/Editor-2015-11.json"), &mut Random::seeded(1));
    let mut machine =
        Machine::new(Arc::new(suite.expect("a model")), 20_151_113).expect("it starts");
    let mut drawn = Drawn::default();
    let mut steps = 0;
    while machine.has_next().expect("a walk") {
        let step = machine.step().expect("a step");
        let name = machine.name(step).name.unwrap_or_default();
        if name.starts_with("e_") {
            drawn.act(&mut client, &name);
        }
        if drawn.models.is_empty() {
            // With its model an element is gone.
            drawn.vertices.clear();
            drawn.edges.clear();
            machine
                .set_data("num_of_vertices=0;num_of_edges=0;")
                .expect("numbers");
        }
        steps += 1;
        assert!(steps < 100_000, "it does not come to its end");
        if machine.statistics().edge_coverage() >= 91 {
            machine
                .set_data("allDone=true;")
                .expect("the last edge opens");
        }
    }
    assert_eq!(machine.statistics().edge_coverage(), 100);
    let shown = drawn.models.first().map(|id| model(&mut client, id));
    let count = |shown: &Value, part: &str| shown[part].as_array().map(Vec::len);
    if let Some(shown) = shown {
        assert_eq!(
            count(&shown, "vertices"),
            Some(drawn.vertices.len()),
            "{shown}"
        );
        assert_eq!(count(&shown, "edges"), Some(drawn.edges.len()), "{shown}");
    }
}
