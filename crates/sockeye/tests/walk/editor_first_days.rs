//! The editor's first two months: requests have `type`, replies of its own commands `command`, and show what was drawn.

use serde_json::{Value, json};

use super::{Walker, Walks};
use crate::lab::Client;

/// The reply to a command that succeeds, which nothing precedes and nothing follows.
#[track_caller]
fn drawn(client: &mut Client, request: &Value) -> Value {
    let mut reply = client.ask(request);
    client.expect_silence();
    let members = reply.as_object_mut().expect("a reply");
    assert_eq!(members.remove("success"), Some(json!(true)), "{members:?}");
    // The key that the first days used for editing, and that of the request.
    for key in ["command", "type"] {
        assert_eq!(members.remove(key).as_ref(), Some(&request["type"]));
    }
    reply
}

/// The JSON in a member that is a text.
#[track_caller]
fn inside(reply: &Value, name: &str) -> Value {
    let text = reply[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} is no text in {reply}"));
    serde_json::from_str(text).expect("JSON in a text")
}

fn end(id: &str, source: &str, target: &str) -> Value {
    json!({ "id": id, "name": id, "weight": 0.0, "dependency": 0,
            "sourceVertexId": source, "targetVertexId": target })
}

/// A model `m` of two vertices and two edges.
fn draw(client: &mut Client) {
    let model = drawn(client, &json!({ "type": "addModel", "id": "m" }));
    let empty = json!({ "id": "m", "vertices": [], "edges": [] });
    assert_eq!(inside(&model, "model"), empty);
    for id in ["a", "b"] {
        let request = json!({ "type": "addVertex", "modelId": "m", "vertexId": id });
        let reply = drawn(client, &request);
        assert_eq!(
            (&reply["modelId"], &reply["vertexId"]),
            (&json!("m"), &json!(id))
        );
        assert_eq!(inside(&reply, "vertex"), json!({ "id": id, "name": id }));
    }
    for (id, source, target) in [("there", "a", "b"), ("back", "b", "a")] {
        let request = json!({ "type": "addEdge", "modelId": "m", "edgeId": id,
                              "sourceVertexId": source, "targetVertexId": target });
        let reply = drawn(client, &request);
        assert_eq!(
            (&reply["modelId"], &reply["edgeId"]),
            (&json!("m"), &json!(id))
        );
        assert_eq!(inside(&reply, "edge"), end(id, source, target));
    }
}

#[test]
fn what_is_added_is_shown() {
    for path in ["/", "/?gw=editor"] {
        let walker = Walker::start();
        let mut client = walker.connect(path);
        draw(&mut client);
        let reply = drawn(&mut client, &json!({ "type": "getModel", "modelId": "m" }));
        assert_eq!(reply["modelId"], "m");
        assert_eq!(inside(&reply, "model")["edges"][1], end("back", "b", "a"));
    }
}

#[test]
fn an_id_and_properties_change_an_element() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    draw(&mut client);
    let request = json!({ "type": "updateVertex", "modelId": "m", "vertexId": "a",
                          "properties": { "name": "v_A", "x": 1.5, "color": "red", "blocked": true } });
    let reply = drawn(&mut client, &request);
    assert_eq!(
        (&reply["modelId"], &reply["vertexId"]),
        (&json!("m"), &json!("a"))
    );
    let shown = json!({ "id": "a", "name": "v_A", "properties": { "x": 1.5, "color": "red", "blocked": true } });
    assert_eq!(inside(&reply, "vertex"), shown);
    // What is not named again stays, and a name is a text whatever it was.
    let request = json!({ "type": "updateVertex", "modelId": "m", "vertexId": "a",
                          "properties": { "name": 7, "x": 2.5 } });
    let reply = drawn(&mut client, &request);
    let shown = json!({ "id": "a", "name": "7", "properties": { "x": 2.5, "color": "red", "blocked": true } });
    assert_eq!(inside(&reply, "vertex"), shown);
    let request = json!({ "type": "updateEdge", "modelId": "m", "edgeId": "back",
                          "properties": { "name": "e_Back", "note": null } });
    let reply = drawn(&mut client, &request);
    assert_eq!(
        (&reply["modelId"], &reply["edgeId"]),
        (&json!("m"), &json!("back"))
    );
    let mut shown = end("back", "b", "a");
    shown["name"] = json!("e_Back");
    shown["properties"] = json!({ "note": null });
    assert_eq!(inside(&reply, "edge"), shown);
}

#[test]
fn models_and_elements_may_come_described() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let model =
        json!({ "id": "m", "name": "M", "vertices": [{ "id": "a", "name": "v_A" }], "edges": [] });
    let reply = drawn(&mut client, &json!({ "type": "newModel", "model": model }));
    assert_eq!(reply["modelId"], "m");
    assert_eq!(inside(&reply, "model"), model);
    let vertex = json!({ "id": "b", "name": "v_B", "sharedState": "S" });
    let request = json!({ "type": "addVertex", "modelId": "m", "vertex": vertex });
    let reply = drawn(&mut client, &request);
    assert_eq!(
        (&reply["vertexId"], inside(&reply, "vertex")),
        (&json!("b"), vertex)
    );
    let edge = json!({ "id": "e", "name": "e_E", "sourceVertexId": "a", "targetVertexId": "b" });
    let reply = drawn(
        &mut client,
        &json!({ "type": "addEdge", "modelId": "m", "edge": edge }),
    );
    assert_eq!(reply["edgeId"], "e");
    // The id stands beside the description.
    let request = json!({ "type": "updateVertex", "modelId": "m", "vertexId": "b", "vertex": { "name": "v_C" } });
    let reply = drawn(&mut client, &request);
    let shown = json!({ "id": "b", "name": "v_C", "sharedState": "S" });
    assert_eq!(
        (&reply["vertexId"], inside(&reply, "vertex")),
        (&json!("b"), shown)
    );
    let request =
        json!({ "type": "updateEdge", "modelId": "m", "edgeId": "e", "edge": { "guard": "x>1" } });
    let shown = inside(&drawn(&mut client, &request), "edge");
    let found = [
        &shown["name"],
        &shown["guard"],
        &shown["sourceVertexId"],
        &shown["targetVertexId"],
    ];
    assert_eq!(found, ["e_E", "x>1", "a", "b"]);
}

#[test]
fn elements_are_deleted_by_their_id_alone() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    draw(&mut client);
    let nothing = json!({});
    for (id, vertices, edges) in [("there", 2, 1), ("a", 1, 1)] {
        let request = json!({ "type": "deleteElement", "modelId": "m", "id": id });
        assert_eq!(drawn(&mut client, &request), nothing);
        let reply = drawn(&mut client, &json!({ "type": "getModel", "modelId": "m" }));
        let model = inside(&reply, "model");
        let count = |name: &str| model[name].as_array().map(Vec::len);
        assert_eq!(
            (count("vertices"), count("edges")),
            (Some(vertices), Some(edges)),
            "{model}"
        );
    }
    for (command, id_name, id) in [
        ("deleteEdge", "edgeId", "back"),
        ("deleteVertex", "vertexId", "b"),
    ] {
        let request = json!({ "type": command, "modelId": "m", id_name: id });
        assert_eq!(drawn(&mut client, &request), nothing);
    }
    let reply = drawn(&mut client, &json!({ "type": "getModel", "modelId": "m" }));
    assert_eq!(
        inside(&reply, "model"),
        json!({ "id": "m", "vertices": [], "edges": [] })
    );
}

#[test]
fn where_a_walk_begins_survives_what_is_deleted_before_it() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    draw(&mut client);
    let next = json!({ "type": "setNextElement", "modelId": "m", "nextElementId": "b" });
    assert_eq!(drawn(&mut client, &next), json!({}));
    let start = |client: &mut Client| {
        let reply = drawn(client, &json!({ "type": "getModel", "modelId": "m" }));
        inside(&reply, "model")["startElementId"].clone()
    };
    assert_eq!(start(&mut client), "b");
    drawn(
        &mut client,
        &json!({ "type": "deleteElement", "modelId": "m", "id": "a" }),
    );
    assert_eq!(start(&mut client), "b");
    drawn(
        &mut client,
        &json!({ "type": "deleteElement", "modelId": "m", "id": "b" }),
    );
    assert_eq!(start(&mut client), Value::Null);
}

#[test]
fn what_is_missing_is_named_in_the_words_of_the_first_days() {
    let walker = Walker::with(&["--strict-silence"]);
    let mut client = walker.connect("/");
    let edge = json!({ "type": "addEdge", "modelId": "m", "edgeId": "e", "sourceVertexId": "a", "targetVertexId": "b" });
    let expected = json!({ "type": "addEdge", "command": "addEdge", "success": false,
                           "message": "No models. You need to call newModel first." });
    assert_eq!(client.ask(&edge), expected);
    draw(&mut client);
    for (request, message) in [
        (
            json!({ "type": "addVertex", "modelId": "q", "vertexId": "v" }),
            "Did not find a model with id: q",
        ),
        (
            json!({ "type": "updateVertex", "modelId": "m", "vertexId": "q", "properties": {} }),
            "Did not find a vertex with id: q",
        ),
        (
            json!({ "type": "updateEdge", "modelId": "m", "edgeId": "q", "properties": {} }),
            "Did not find an edge with id: q",
        ),
        (
            json!({ "type": "deleteElement", "modelId": "m", "id": "q" }),
            "Did not find an element with id: q",
        ),
        (
            json!({ "type": "updateEdge", "modelId": "m", "edgeId": "there", "properties": 5 }),
            "JSONObject[\"properties\"] is not a JSONObject (class java.lang.Integer : 5).",
        ),
    ] {
        let reply = client.ask(&request);
        assert_eq!(reply["message"], message, "{request}");
        let [command, success] = [&reply["command"], &reply["success"]];
        assert_eq!(
            (command, success),
            (&request["type"], &json!(false)),
            "{reply}"
        );
        client.expect_silence();
    }
}

/// Commands that 3.3 had are answered as there, and what was drawn can be walked.
#[test]
fn what_was_drawn_is_walked() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    draw(&mut client);
    let generator = json!({ "type": "setGenerator", "modelId": "m", "generator": "random(edge_coverage(100))" });
    drawn(&mut client, &generator);
    drawn(
        &mut client,
        &json!({ "type": "setNextElement", "modelId": "m", "nextElementId": "a" }),
    );
    let started = client.ask(&json!({ "type": "start" }));
    assert_eq!(started, json!({ "type": "start", "success": true }));
    let more = json!({ "type": "hasNext", "success": true, "hasNext": true });
    assert_eq!(client.ask(&json!({ "type": "hasNext" })), more);
    let pushed = client.ask(&json!({ "type": "getNext" }));
    assert_eq!(
        pushed,
        json!({ "type": "visitedElement", "id": "a", "visitedCount": 1 })
    );
    client.expect_json(json!({ "type": "getNext", "success": true, "id": "a", "name": "a" }));
    let restarted = client.ask(&json!({ "type": "restart" }));
    assert_eq!(restarted, json!({ "type": "restart", "success": true }));
    let reply = client.ask(&json!({ "type": "start" }));
    assert_eq!(
        reply["message"], "No start context found",
        "the models are gone"
    );
}
