//! What stands in the answers of a walk: which elements, names, variables and numbers.

use serde_json::{Value, json};

use super::profiles::{NEVER, start, step};
use super::{Walker, Walks, ring};
use crate::lab::Client;

#[test]
fn a_start_takes_the_place_of_the_walk_before() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=4.3");
    for _ in 0..2 {
        assert_eq!(client.ask(&start("gw", json!({})))["success"], true);
        client.ask(&json!({ "command": "setData", "action": "n=1" }));
        for id in ["e0", "a"] {
            let [pushed, reply] = step(&mut client, "command");
            assert_eq!(
                (&reply["elementId"], &pushed["visitedCount"]),
                (&json!(id), &json!(1))
            );
        }
    }
    assert_eq!(client.ask(&start("gw", json!({})))["success"], true);
    let data = client.ask(&json!({ "command": "getData" }));
    assert_eq!(data["data"], json!({}), "its variables are gone");
}

#[test]
fn the_seed_of_a_document_is_that_of_its_walk() {
    let walker = Walker::start();
    let mut models = ring(NEVER);
    let edges = models["models"][0]["edges"].as_array_mut().expect("edges");
    for id in ["x", "y", "z"] {
        edges.push(json!({ "id": id, "sourceVertexId": "a", "targetVertexId": "a" }));
    }
    models["seed"] = json!("12345");
    let ways = [(); 2].map(|()| {
        let mut client = walker.connect("/");
        let reply = client.ask(&json!({ "command": "start", "gw": models }));
        assert_eq!(reply["seed"], 12345, "{reply}");
        [(); 40].map(|()| client.step())
    });
    assert_eq!(ways[0], ways[1]);
}

#[test]
fn names_that_are_missing_are_left_out_and_empty_ones_are_told() {
    let walker = Walker::start();
    let mut models = ring(NEVER);
    let model = models["models"][0].as_object_mut().expect("a model");
    model.remove("name");
    model["edges"][0]["name"] = json!("");
    model["vertices"][0] = json!({ "id": "a" });
    let mut client = walker.connect("/?gw=4.3");
    client.ask(&json!({ "command": "start", "gw": models }));
    let [_, empty] = step(&mut client, "command");
    assert_eq!(
        (empty.get("name"), empty.get("modelName")),
        (Some(&json!("")), None)
    );
    let [_, missing] = step(&mut client, "command");
    assert_eq!(missing.get("name"), None, "{missing}");
}

#[test]
fn variables_are_those_of_the_current_model() {
    let walker = Walker::start();
    let model = |id: &str, actions: Value| {
        json!({ "id": id, "generator": "random(vertex_coverage(100))", "startElementId": id, "actions": actions,
                "vertices": [{ "id": id, "name": id }], "edges": [] })
    };
    let models = json!({ "models": [model("one", json!(["x=1", "global.g=5"])), model("two", json!(["y=2"]))] });
    let mut client = walker.connect("/?gw=4.3");
    assert_eq!(
        client.ask(&json!({ "command": "start", "gw": models }))["success"],
        true
    );
    let data = |client: &mut Client| client.ask(&json!({ "command": "getData" }))["data"].clone();
    assert_eq!(
        data(&mut client),
        json!({ "x": "1" }),
        "nothing of the scope of all"
    );
    client.ask(&json!({ "command": "setData", "action": "global.h=6" }));
    assert_eq!(data(&mut client), json!({ "x": "1" }));
    let [pushed, _] = step(&mut client, "command");
    assert_eq!(
        (&pushed["elementId"], &pushed["data"]),
        (&json!("one"), &json!({ "x": "1" }))
    );
    // To ask for more is what leads into the next model.
    assert_eq!(
        client.ask(&json!({ "command": "hasNext" }))["hasNext"],
        true
    );
    assert_eq!(data(&mut client), json!({ "y": "2" }));
    let [pushed, _] = step(&mut client, "command");
    assert_eq!(
        [
            &pushed["modelId"],
            &pushed["visitedCount"],
            &pushed["totalCount"]
        ],
        [&json!("two"), &json!(1), &json!(2)]
    );
    assert_eq!(
        client.ask(&json!({ "command": "hasNext" }))["hasNext"],
        false
    );
}

#[test]
fn a_fulfilment_may_be_more_than_one() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=4.3");
    client.ask(&json!({ "command": "start", "gw": ring("random(length(2))") }));
    let told =
        [(); 3].map(|()| step(&mut client, "command")[0]["stopConditionFulfillment"].clone());
    assert_eq!(
        told,
        [json!(0.5), json!(1), json!(1.5)],
        "whole ones without a fraction"
    );
}
