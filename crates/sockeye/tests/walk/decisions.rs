//! Where ours parts from the reference on purpose, row by row: what it does by default, and what it does where its users
//! want the reference's faults.

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::{Client, sockeye};

const FAULTS: [&str; 1] = ["--bug-compatible"];
/// With and without the reference's faults.
const BOTH: [(&[&str], bool); 2] = [(&[], false), (&FAULTS, true)];

fn step(client: &mut Client) -> Value {
    let pushed = client.ask(&json!({ "command": "getNext" }));
    client.json();
    pushed
}

#[test]
fn the_pseudo_variable_is_shown_on_demand_only() {
    for (words, is_shown) in BOTH {
        let walker = Walker::with(words);
        let mut client = walker.connect("/");
        client.begin(&ring("random(never)"));
        let data = client.ask(&json!({ "command": "getData" }))["data"].clone();
        assert_eq!(data.get("JsonContext").is_some(), is_shown, "{data}");
        let data = step(&mut client)["data"].clone();
        assert_eq!(data.get("JsonContext").is_some(), is_shown, "{data}");
    }
}

#[test]
fn start_tells_seed_and_session_unless_it_must_not() {
    let start = json!({ "command": "start", "gw": ring("random(never)") });
    let reply = Walker::start().connect("/").ask(&start);
    assert!(
        reply["seed"].is_i64() && reply["sessionId"].is_string(),
        "{reply}"
    );
    for words in [&["--strict-silence"][..], &["--protocol", "4.3"]] {
        let reply = Walker::with(words).connect("/").ask(&start);
        assert_eq!(reply, json!({ "command": "start", "success": true }));
    }
}

/// The REST service with a model, and a WebSocket to it.
fn rest(words: &[&str], models: &Value) -> (Walker, Client) {
    let words: Vec<&str> = ["--service", "RESTFUL"]
        .iter()
        .chain(words)
        .copied()
        .collect();
    let walker = Walker::with(&words);
    let watcher = walker.connect("/");
    let text = models.to_string();
    let loaded = walker
        .raw()
        .request("POST", "/graphwalker/load", &[], text.as_bytes());
    assert_eq!(
        loaded.text(),
        r#"{"result":"ok"}"#,
        "nothing more, at any time"
    );
    (walker, watcher)
}

#[test]
fn taking_blocked_elements_out_keeps_what_edges_depend_on() {
    let mut models = ring("random(dependency_edge_coverage(80))");
    models["models"][0]["edges"][1]["dependency"] = json!(80);
    for (words, kept) in [(&[][..], 80), (&FAULTS, 0)] {
        let (_walker, mut watcher) = rest(words, &models);
        let mut reply = watcher.ask(&json!({ "command": "getModel" }));
        while reply["command"] == "sessionCreated" {
            reply = watcher.json();
        }
        let text = reply["models"].as_str().expect("models in a text");
        let shown: Value = serde_json::from_str(text).expect("models");
        assert_eq!(
            shown["models"][0]["edges"][1]["dependency"], kept,
            "{shown}"
        );
    }
}

#[test]
fn requirements_of_models_count() {
    let mut models = ring("random(never)");
    models["models"][0]["requirements"] = json!(["R1"]);
    for (words, counted) in [(&[][..], 1), (&FAULTS, 0)] {
        let walker = Walker::with(words);
        let mut client = walker.connect("/");
        client.begin(&models);
        let statistics = client.ask(&json!({ "command": "getStatistics" }));
        // A walk without any does not speak of them.
        let found = statistics["totalNumberOfRequirement"]
            .as_u64()
            .unwrap_or_default();
        assert_eq!(found, counted, "{statistics}");
    }
}

#[test]
fn restart_forgets_variables_visits_and_place() {
    let mut models = ring("random(edge_coverage(100))");
    models["models"][0]["actions"] = json!(["n=1;"]);
    models["models"][0]["vertices"][0]["requirements"] = json!(["R1"]);
    let (walker, _watcher) = rest(&[], &models);
    let call = |method: &str, path: &str| {
        walker
            .http(method, &format!("/graphwalker/{path}"), &[])
            .text()
    };
    for _ in 0..3 {
        call("GET", "getNext");
    }
    call("PUT", "setData/n=7");
    call("PUT", "fail/x");
    call("PUT", "restart");
    let data: Value = serde_json::from_str(&call("GET", "getData")).expect("JSON");
    assert_eq!(data["data"], json!({ "n": "1" }));
    let text = call("GET", "getStatistics");
    let statistics: Value = serde_json::from_str(&text).expect("JSON");
    for name in [
        "totalNumberOfVisitedVertices",
        "totalNumberOfVisitedEdges",
        "totalFailedNumberOfModels",
    ] {
        assert_eq!(statistics[name], 0, "{name}: {statistics}");
    }
    assert_eq!(
        statistics["totalNumberOfUncoveredRequirement"], 1,
        "{statistics}"
    );
    let next: Value = serde_json::from_str(&call("GET", "getNext")).expect("JSON");
    assert_eq!(next["currentElementName"], "e_In");
}

/// The ring with a vertex `v_C` that nothing leads to.
fn with_island(generator: &str) -> Value {
    let mut models = ring(generator);
    let vertices = models["models"][0]["vertices"]
        .as_array_mut()
        .expect("vertices");
    vertices.push(json!({ "id": "c", "name": "v_C" }));
    models
}

#[test]
fn what_cannot_be_reached_is_not_reached() {
    for (words, has_more) in [(&[][..], true), (&FAULTS, false)] {
        let walker = Walker::with(words);
        let mut client = walker.connect("/");
        client.begin(&with_island("random(reached_vertex(v_C))"));
        let reached = step(&mut client)["stopConditionFulfillment"].clone();
        assert_eq!(reached.as_f64() < Some(1.0), has_more, "{reached}");
        let reply = client.ask(&json!({ "command": "hasNext" }));
        assert_eq!(reply["hasNext"], has_more, "{words:?}");
    }
}

#[test]
fn a_target_that_cannot_be_reached_ends_the_walk_with_a_reason() {
    for generator in [
        "quick_random(vertex_coverage(100))",
        "a_star(reached_vertex(v_C))",
    ] {
        for (words, ends) in [(&[][..], true), (&FAULTS, false)] {
            let walker = Walker::with(words);
            let mut client = walker.connect("/");
            client.begin(&with_island(generator));
            let failed = (0..400).find_map(|_| {
                let first = client.ask(&json!({ "command": "getNext" }));
                let reply = client.json();
                (first["command"] == "issues").then_some(reply)
            });
            assert_eq!(failed.is_some(), ends, "{generator} {words:?}: {failed:?}");
            let message = failed.map(|reply| reply["message"].to_string());
            assert!(message.is_none_or(|text| text.len() > 40), "it says why");
        }
    }
}

#[test]
fn a_fulfilment_is_a_number() {
    let walker = Walker::start();
    let faulty = Walker::with(&FAULTS);
    // No edges: 0 of 0. No percents: one of nothing.
    let mut none = json!({ "models": [{ "id": "m", "generator": "random(edge_coverage(100))", "startElementId": "a",
        "vertices": [{ "id": "a" }], "edges": [] }] });
    let mut zero = ring("random(edge_coverage(0))");
    for (models, shown) in [(&mut none, 0), (&mut zero, 1)] {
        let mut client = walker.connect("/");
        client.begin(models);
        assert_eq!(step(&mut client)["stopConditionFulfillment"], shown);
        let mut client = faulty.connect("/");
        client.begin(models);
        let reason = client.fails(&json!({ "command": "getNext" }));
        assert_eq!(reason, "JSON does not allow non-finite numbers.");
        let counts = client
            .ask(&json!({ "command": "updateAllElements" }))
            .to_string();
        assert!(
            counts.contains(r#""visitedCount":1"#),
            "the step was made: {counts}"
        );
    }
}

#[test]
fn a_script_in_a_path_is_kept_whole() {
    for (words, data) in [
        (&[][..], json!({ "a": "1", "b": "2" })),
        (&FAULTS, json!({ "a": "1" })),
    ] {
        let (walker, _watcher) = rest(words, &ring("random(never)"));
        let set = walker.http("PUT", "/graphwalker/setData/a=1;b=2", &[]);
        assert_eq!(set.text(), r#"{"result":"ok"}"#);
        let shown = walker.http("GET", "/graphwalker/getData", &[]).text();
        let mut shown: Value = serde_json::from_str(&shown).expect("JSON");
        if let Some(members) = shown["data"].as_object_mut() {
            members.remove("JsonContext");
        }
        assert_eq!(shown["data"], data, "{words:?}");
    }
}

#[test]
fn a_port_that_is_taken_ends_the_program() {
    let walker = Walker::start();
    let port = walker.address.port().to_string();
    for service in ["WEBSOCKET", "RESTFUL"] {
        let ended = sockeye(&["gw", "online", "--service", service, "--port", &port]);
        ended.expect_code(2).expect_words(&[&port]);
    }
}

/// A vertex with four ways back to itself.
fn flower() -> Value {
    let edges: Vec<Value> = (0..4)
        .map(|at| json!({ "id": format!("e{at}"), "sourceVertexId": "a", "targetVertexId": "a" }))
        .collect();
    json!({ "models": [{ "id": "m", "name": "Flower", "generator": "random(never)", "startElementId": "a",
                         "vertices": [{ "id": "a" }], "edges": edges }] })
}

#[test]
fn sessions_do_not_disturb_each_others_luck() {
    let walker = Walker::start();
    let start = json!({ "command": "start", "gw": flower(), "seed": 42 });
    let mut alone = walker.connect("/");
    alone.ask(&start);
    let expected: Vec<Value> = (0..60)
        .map(|_| step(&mut alone)["elementId"].clone())
        .collect();
    let mut pair = [walker.connect("/"), walker.connect("/")];
    for client in &mut pair {
        client.ask(&start);
    }
    for wanted in &expected {
        for client in &mut pair {
            assert_eq!(&step(client)["elementId"], wanted);
        }
    }
}

#[test]
fn of_targets_that_are_equally_near_the_first_is_chosen() {
    let walker = Walker::start();
    let mut models = ring("a_star(reached_vertex(v_T))");
    let model = &mut models["models"][0];
    for id in ["t1", "t2"] {
        let vertices = model["vertices"].as_array_mut().expect("vertices");
        vertices.push(json!({ "id": id, "name": "v_T" }));
    }
    for (id, target) in [("x2", "t2"), ("x1", "t1")] {
        let edges = model["edges"].as_array_mut().expect("edges");
        edges.push(json!({ "id": id, "sourceVertexId": "a", "targetVertexId": target }));
    }
    for _ in 0..3 {
        let mut client = walker.connect("/");
        client.begin(&models);
        let way = [(); 4].map(|()| client.step());
        assert_eq!(way, ["e0", "a", "x1", "t1"]);
    }
}

#[test]
fn the_rest_of_the_failures_that_services_tell() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let start = |models: &Value| json!({ "command": "start", "gw": models });
    let mut lost = ring("predefined_path(predefined_path)");
    lost["models"][0]["predefinedPathEdgeIds"] = json!(["nope"]);
    let said = r#"Edge with id "nope" could not be found in JsonModel"#;
    assert_eq!(client.fails(&start(&lost)), said);
    let mut wrong = ring("random(never)");
    wrong["models"][0]["edges"][0]["dependency"] = json!(5.5);
    let said = client.fails(&start(&wrong));
    assert!(
        said.contains("dependency") && said.contains("5.5"),
        "{said}"
    );
    let mut wrong = ring("random(never)");
    wrong["models"][0]["vertices"] = json!("x");
    let said = client.fails(&start(&wrong));
    assert!(said.contains("an array is expected"), "{said}");
    for text in [
        "length(-1)",
        "time_duration(-1)",
        "dependency_edge_coverage(-1)",
    ] {
        let said = client.fails(&start(&ring(&format!("random({text})"))));
        assert!(said.ends_with("cannot be negative"), "{said}");
    }
    let said = client.fails(&json!({ "command": "convertGraphml" }));
    assert_eq!(said, r#"JSONObject["graphml"] not found."#);
    let mut nameless = ring("random(never)");
    nameless["models"][0]["vertices"][1] = json!({ "id": "b" });
    nameless["models"][0]["edges"][2]["guard"] = json!("false");
    client.begin(&nameless);
    for id in ["e0", "a", "e1", "b"] {
        assert_eq!(client.step(), id);
    }
    let said = client.fails(&json!({ "command": "getNext" }));
    assert!(
        said.ends_with("Could not find a valid path from element: null (b)"),
        "{said}"
    );
    let mut absent = ring("random(never)");
    absent["models"][0]
        .as_object_mut()
        .expect("a model")
        .remove("generator");
    client.begin(&absent);
    let said = client.fails(&json!({ "command": "hasNext" }));
    assert_eq!(said, "No path generator is defined");
}
