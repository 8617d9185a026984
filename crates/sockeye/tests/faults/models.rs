//! Rows 64 and 65: models that cannot be walked, and clients that walk at the same time and leave in the middle of a step.

use std::time::Duration;

use serde_json::{Value, json};

use crate::lab::{Client, eventually};
use crate::walk::{Walker, Walks as _, ring};

/// The row's bound for each case: of processor time, which does not depend on what else the machine has to do.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Reading a large model takes a loaded machine, and a binary that is not optimised, longer than anything else.
const WHILE_IT_IS_READ: Duration = Duration::from_mins(2);

/// Steps until one fails, and why.
fn reason(client: &mut Client, models: &Value) -> String {
    let mut first = client.ask(&json!({ "command": "start", "gw": models }));
    for _ in 0..400 {
        if first["command"] == "issues" {
            let reply = client.json();
            assert_eq!(reply["success"], false);
            return reply["message"].as_str().expect("a reason").to_owned();
        }
        if first["command"] == "visitedElement" {
            client.json();
        }
        first = client.ask(&json!({ "command": "getNext" }));
    }
    panic!("it walks for ever: {models}");
}

#[test]
fn f64_models_that_cannot_be_walked_give_a_reason_at_once() {
    let walker = Walker::start();
    let mut no_start = ring("random(never)");
    no_start["models"][0]["startElementId"] = json!("nobody");
    let with_island = |generator: &str| {
        let mut models = ring(generator);
        let vertices = models["models"][0]["vertices"].as_array_mut();
        vertices
            .expect("vertices")
            .push(json!({ "id": "c", "name": "v_C" }));
        models
    };
    let mut shut = ring("random(edge_coverage(100))");
    shut["models"][0]["edges"][1]["guard"] = json!("1 == 2");
    let mut not_eulerian = ring("shortest_all_paths(edge_coverage(100))");
    for id in ["e3", "e4"] {
        let edge = json!({ "id": id, "sourceVertexId": "a", "targetVertexId": "b" });
        not_eulerian["models"][0]["edges"]
            .as_array_mut()
            .expect("edges")
            .push(edge);
    }
    for (models, part) in [
        (no_start, "No start context found"),
        (
            with_island("a_star(reached_vertex(v_C))"),
            "none of the targets can be reached",
        ),
        (with_island("quick_random(vertex_coverage(100))"), "v_C"),
        (shut, "Could not find a valid path from element: v_A (a)"),
        (not_eulerian, "not eulerian"),
    ] {
        let mut client = walker.connect("/");
        let before = walker.busy();
        let said = reason(&mut client, &models);
        let took = walker.busy().saturating_sub(before);
        assert!(said.contains(part), "{said}");
        assert!(took < AT_ONCE, "{said} after {took:?}");
    }
}

#[test]
fn f64_the_checker_finds_what_a_random_walk_would_look_for_in_vain() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let mut models = ring("random(reached_vertex(v_C))");
    let vertices = models["models"][0]["vertices"]
        .as_array_mut()
        .expect("vertices");
    vertices.push(json!({ "id": "c", "name": "v_C" }));
    let reply = client.ask(&json!({ "command": "check", "gw": models }));
    assert!(reply["issues"].to_string().contains('c'), "{reply}");
    assert_ne!(reply["issues"], json!([]));
}

#[test]
fn f64_a_hundred_thousand_vertices_answer_step_by_step() {
    let walker = Walker::start();
    let count = 100_000;
    let vertices: Vec<Value> = (0..count)
        .map(|at| json!({ "id": format!("n{at}") }))
        .collect();
    let edges = (0..count).map(|at| {
        json!({ "id": format!("e{at}"), "sourceVertexId": format!("n{at}"),
                "targetVertexId": format!("n{}", (at + 1) % count) })
    });
    let edges: Vec<Value> = edges.collect();
    let mut models = json!({ "models": [{ "id": "m", "generator": "random(never)", "startElementId": "n0",
                                          "vertices": vertices, "edges": edges }] });
    for generator in ["random(never)", "quick_random(edge_coverage(100))"] {
        models["models"][0]["generator"] = json!(generator);
        let mut client = walker.connect("/");
        client.be_patient(WHILE_IT_IS_READ).begin(&models);
        let before = walker.busy();
        assert_eq!(
            [client.step(), client.step(), client.step()],
            ["n0", "e0", "n1"]
        );
        let took = walker.busy().saturating_sub(before);
        assert!(took < AT_ONCE, "{generator}: three steps took {took:?}");
    }
}

/// A walk of so many machines that are stepped in turn; some leave in the middle of a step.
fn crowd(walker: &Walker, models: &Value) -> u64 {
    let mut clients: Vec<Client> = (0..1000).map(|_| walker.connect("/")).collect();
    for client in &mut clients {
        client.begin(models);
    }
    for id in ["e0", "a", "e1", "b"] {
        for client in &mut clients {
            assert_eq!(client.step(), id);
        }
    }
    for client in clients.iter_mut().step_by(10) {
        client.send(r#"{"command":"getNext"}"#);
    }
    let mut at = 0;
    clients.retain(|_| {
        at += 1;
        at % 10 != 1
    });
    for client in &mut clients {
        assert_eq!(client.step(), "e2", "those who stay do not notice");
    }
    let sessions = clients[0].ask(&json!({ "command": "getSession", "sessionId": "none" }));
    assert_eq!(sessions["command"], "issues");
    walker.memory()
}

#[test]
fn f65_machines_are_independent_and_their_memory_comes_back() {
    let walker = Walker::start();
    let mut models = ring("random(never)");
    models["models"][0]["actions"] = json!(["value=54686327;"]);
    let before = walker.memory();
    let mut after = Vec::new();
    for _ in 0..3 {
        after.push(crowd(&walker, &models));
        eventually("all sessions are gone", || {
            let list = json!({ "command": "listSessions" });
            let reply = walker.connect("/").ask(&list);
            (reply["sessions"] == json!([])).then_some(())
        });
    }
    let first = after[0] - before;
    let last = after[2].saturating_sub(before);
    assert!(
        last < first + first / 4 + 4096,
        "from {before} KiB: {after:?} KiB"
    );
}
