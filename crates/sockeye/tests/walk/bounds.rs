//! Hostile scripts, large models, many clients: each hurts nobody but itself.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Walker, Walks, ring};

/// A ring of so many vertices.
fn large(vertices: usize, generator: &str) -> Value {
    let all: Vec<Value> = (0..vertices)
        .map(|at| json!({ "id": format!("n{at}"), "name": format!("v_VertexNumber{at}") }))
        .collect();
    let edges = (0..vertices).map(|at| {
        let (source, target) = (format!("n{at}"), format!("n{}", (at + 1) % vertices));
        json!({ "id": format!("e{at}"), "name": format!("e_EdgeNumber{at}"), "sourceVertexId": source,
                "targetVertexId": target })
    });
    let edges: Vec<Value> = edges.collect();
    json!({ "models": [{ "id": "large", "name": "Large", "generator": generator, "startElementId": "n0",
                         "vertices": all, "edges": edges }] })
}

#[test]
fn endless_huge_and_deep_guards_hurt_their_own_session_only() {
    let walker = Walker::start();
    let mut victims: Vec<_> = (0..4).map(|_| walker.connect("/")).collect();
    for victim in &mut victims {
        victim.begin(&ring("random(never)"));
    }
    let guards = [
        "while(true){}",
        "(function f(){return f()})()",
        "(function(){var s='x'; for(;;) s+=s; })()",
        "new Array(1e9).fill(1).length > 0",
        "/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')",
    ];
    for guard in guards {
        let mut models = ring("random(never)");
        models["models"][0]["edges"][1]["guard"] = json!(guard);
        let mut hostile = walker.connect("/");
        hostile.begin(&models);
        assert_eq!([hostile.step(), hostile.step()], ["e0", "a"]);
        hostile.send(r#"{"command":"getNext"}"#);
        // While it runs, everybody else walks.
        let began = Instant::now();
        for _ in 0..50 {
            for victim in &mut victims {
                victim.step();
            }
        }
        let took = began.elapsed();
        let event = hostile.json();
        assert_eq!(event["command"], "issues", "{guard}: {event}");
        assert_eq!(hostile.json()["success"], false);
        assert!(
            took.as_secs() < 5,
            "{guard}: 200 steps of others took {took:?}"
        );
        assert_eq!(
            hostile.ask(&json!({ "command": "mode" }))["success"],
            true,
            "{guard}"
        );
    }
}

#[test]
fn a_hostile_set_data_moves_away_with_its_machine() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    client.begin(&ring("random(never)"));
    assert_eq!([client.step(), client.step()], ["e0", "a"]);
    client
        .ask(&json!({ "command": "setData", "action": "n=1.5;t='a global'+'. b\"';z=-0;y=true" }));
    let before = client.ask(&json!({ "command": "getData" }))["data"].clone();
    let endless = json!({ "command": "setData", "action": "for(;;);" });
    assert_eq!(
        client.fails(&endless),
        "the script did not end within 1000 ms"
    );
    assert_eq!(client.ask(&json!({ "command": "getData" }))["data"], before);
    assert_eq!(
        [client.step(), client.step()],
        ["e1", "b"],
        "the walk went on where it was"
    );
    let counts = client.ask(&json!({ "command": "updateAllElements" }));
    assert_eq!(counts["elements"][0]["visitedCount"], 1, "{counts}");
}

#[test]
fn five_megabytes_start_and_a_hundred_thousand_elements_walk() {
    let walker = Walker::start();
    for generator in [
        "random(never)",
        "quick_random(edge_coverage(100))",
        "a_star(reached_vertex(v_VertexNumber40000))",
    ] {
        let models = large(50_000, generator);
        let request = json!({ "command": "start", "gw": models }).to_string();
        assert!(request.len() > 5_000_000, "{} bytes", request.len());
        let mut client = walker.connect("/");
        client.be_patient(Duration::from_mins(2)).send(&request);
        // Others are served meanwhile.
        let mut other = walker.connect("/");
        assert_eq!(other.ask(&json!({ "command": "mode" }))["success"], true);
        assert_eq!(client.json()["success"], true, "{generator}");
        assert_eq!(
            [client.step(), client.step(), client.step()],
            ["n0", "e0", "n1"],
            "{generator}"
        );
    }
}

#[test]
fn what_waits_is_answered_in_order() {
    let walker = Walker::start();
    for script in ["", "x=Math.abs(1);"] {
        let mut models = ring("random(never)");
        models["models"][0]["actions"] = json!([script]);
        let mut client = walker.connect("/");
        client.begin(&models);
        for _ in 0..1000 {
            client
                .send(r#"{"command":"getNext"}"#)
                .send(r#"{"command":"hasNext"}"#);
        }
        for at in 0..1000 {
            for expected in ["visitedElement", "getNext", "hasNext"] {
                assert_eq!(client.json()["command"], expected, "request {at}");
            }
        }
    }
}

#[test]
fn a_thousand_machines_are_independent_and_freed() {
    let walker = Walker::start();
    let before = walker.process.memory("VmRSS");
    let mut models = ring("random(never)");
    models["models"][0]["actions"] = json!(["value=54686327;"]);
    let mut clients: Vec<_> = (0..1000).map(|_| walker.connect("/")).collect();
    for client in &mut clients {
        client.begin(&models);
    }
    for (at, client) in clients.iter_mut().enumerate() {
        for step in 0..at % 4 {
            assert_eq!(client.step(), ["e0", "a", "e1"][step]);
        }
    }
    // One leaves in the middle of its step.
    clients[500].send(r#"{"command":"getNext"}"#);
    drop(clients.remove(500));
    let grown = walker.process.memory("VmRSS") - before;
    assert!(grown < 100 * 1024, "1,000 sessions took {grown} KiB");
    let sessions = clients[0].ask(&json!({ "command": "listSessions" }));
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(999));
    drop(clients);
    crate::lab::eventually("all sessions are gone", || {
        let reply = walker
            .connect("/")
            .ask(&json!({ "command": "listSessions" }));
        (reply["sessions"] == json!([])).then_some(())
    });
}

#[test]
fn models_that_cannot_be_walked_say_so_at_once() {
    let walker = Walker::start();
    let mut closed = ring("random(edge_coverage(100))");
    closed["models"][0]["edges"][1]["guard"] = json!("false");
    let mut unreachable = ring("a_star(reached_vertex(v_C))");
    unreachable["models"][0]["vertices"]
        .as_array_mut()
        .expect("vertices")
        .push(json!({ "id": "c", "name": "v_C" }));
    let not_eulerian = {
        let mut models = ring("shortest_all_paths(edge_coverage(100))");
        let more = json!({ "id": "e3", "sourceVertexId": "a", "targetVertexId": "b" });
        let twice = json!({ "id": "e4", "sourceVertexId": "a", "targetVertexId": "b" });
        models["models"][0]["edges"]
            .as_array_mut()
            .expect("edges")
            .extend([more, twice]);
        models
    };
    for models in [closed, unreachable, not_eulerian] {
        let mut client = walker.connect("/");
        client.begin(&models);
        let began = Instant::now();
        let mut steps = 0;
        loop {
            let message = client.ask(&json!({ "command": "getNext" }));
            let reply = client.json();
            if message["command"] == "issues" {
                assert_eq!(reply["success"], false);
                break;
            }
            steps += 1;
            assert!(steps < 100, "it walks and walks: {message}");
        }
        assert!(
            began.elapsed().as_secs() < 2,
            "a reason came after {:?}",
            began.elapsed()
        );
    }
}
