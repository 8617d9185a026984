//! A hostile hour in small: garbage, depth, size, endless guards, clients that vanish. Others walk on, and nothing is left.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::{Client, eventually, frame};

/// Those whose guards never end.
const ENDLESS: usize = 20;

#[track_caller]
fn expect_empty(walker: &Walker) {
    eventually("all sessions are gone", || {
        let list = json!({ "command": "listSessions" });
        let reply = walker.connect("/").ask(&list);
        (reply["sessions"] == json!([])).then_some(())
    });
}

#[test]
fn garbage_is_answered_text_by_text() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    client.begin(&ring("random(never)"));
    let lenient = "{a:1,\"command\":\"mode\"}";
    let members: Vec<String> = (0..1000).map(|at| format!("\"m{at}\":{at}")).collect();
    let crowded = format!("{{{},\"command\":\"mode\"}}", members.join(","));
    for text in [
        "",
        " ",
        "{",
        "}",
        "{}}",
        "[]",
        "null",
        "\u{0}",
        "{\"command\":",
        "{\"command\":\"getNext\"",
        "{:}",
        "{,}",
        "{\"command\":\"getNext\",\"command\":\"mode\"}",
        "{command:=mode}",
        "{\"a\":\"\\ud800\"}",
        "{'command':'mode",
        "\u{feff}{\"command\":\"mode\"}",
        "{command:/*mode*/}",
        "{\"command\":{\"command\":\"mode\"}}",
        &crowded,
    ] {
        let reply = client.send(text).json();
        assert_eq!(reply["success"], false, "{text}: {reply}");
    }
    assert_eq!(client.send(lenient).json()["success"], true);
    assert_eq!(client.step(), "e0", "its own walk has seen nothing of it");
}

#[test]
fn depth_is_refused_and_costs_nobody_the_process() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let deep = 200_000;
    let objects = format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep));
    let lists = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
    let lenient = format!("{}1{}", "{a:".repeat(deep), "}".repeat(deep));
    for inner in [&objects, &lists, &lenient] {
        let text = format!("{{\"command\":\"start\",\"gw\":{inner}}}");
        let mut reply = client.send(&text).json();
        if reply["command"] == "issues" {
            reply = client.json();
        }
        assert_eq!(reply["success"], false, "{reply}");
    }
    for text in [&objects, &lists, &lenient] {
        assert_eq!(client.send(text).json()["success"], false);
    }
    let scripts = format!("x={}1{}", "(".repeat(deep), ")".repeat(deep));
    client.begin(&ring("random(never)"));
    client.fails(&json!({ "command": "setData", "action": scripts }));
    assert_eq!(client.ask(&json!({ "command": "mode" }))["success"], true);
}

/// The time in which half of so many steps are answered.
fn median_step(client: &mut Client, steps: usize) -> Duration {
    let mut times: Vec<Duration> = (0..steps)
        .map(|_| {
            let began = Instant::now();
            client.step();
            began.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

#[test]
fn twenty_endless_guards_keep_nobody_waiting() {
    let walker = Walker::start();
    let mut other = walker.connect("/");
    other.begin(&ring("random(never)"));
    let mut models = ring("random(never)");
    models["models"][0]["edges"][1]["guard"] = json!("(function(){while(true){}})()");
    let mut hostile: Vec<Client> = (0..ENDLESS).map(|_| walker.connect("/")).collect();
    for client in &mut hostile {
        client.begin(&models);
        assert_eq!([client.step(), client.step()], ["e0", "a"]);
    }
    let began = Instant::now();
    for client in &mut hostile {
        client.send(r#"{"command":"getNext"}"#);
    }
    let step = median_step(&mut other, 101);
    assert_eq!(hostile[0].json()["command"], "issues");
    let endless = began.elapsed();
    assert!(
        step * 20 < endless,
        "a step took {step:?}, an endless guard {endless:?}"
    );
    for client in &mut hostile[1..] {
        assert_eq!(client.json()["command"], "issues");
        assert_eq!(client.json()["success"], false);
    }
    drop((hostile, other));
    expect_empty(&walker);
}

/// A `start` of more than five megabytes and 100,000 elements.
fn huge() -> String {
    let vertices: Vec<Value> = (0..50_000)
        .map(|at| json!({ "id": format!("n{at}"), "name": format!("v_VertexNumber{at}") }))
        .collect();
    let edges = (0..50_000).map(|at| {
        json!({ "id": format!("e{at}"), "name": format!("e_EdgeNumber{at}"), "sourceVertexId": format!("n{at}"),
                "targetVertexId": format!("n{}", (at + 1) % 50_000) })
    });
    let edges: Vec<Value> = edges.collect();
    let models = json!({ "models": [{ "id": "m", "generator": "random(never)", "startElementId": "n0",
                                      "vertices": vertices, "edges": edges }] });
    json!({ "command": "start", "gw": models }).to_string()
}

#[test]
fn clients_that_vanish_in_the_middle_of_start_leave_nothing() {
    let walker = Walker::start();
    let start = huge();
    assert!(start.len() > 5_000_000);
    let whole = frame(0x81, start.as_bytes());
    let mut other = walker.connect("/");
    other.begin(&ring("random(never)"));
    for part in [1, 10, whole.len() / 2, whole.len() - 1, whole.len()] {
        let mut raw = walker.raw();
        assert_eq!(raw.upgrade("/", &[]).status, 101);
        raw.send(&whole[..part]);
        raw.reset();
        other.step();
    }
    // Some vanish while their model's actions run.
    let mut slow = ring("random(never)");
    slow["models"][0]["actions"] = json!(["for(;;);"]);
    for _ in 0..5 {
        let mut raw = walker.raw();
        assert_eq!(raw.upgrade("/", &[]).status, 101);
        let text = json!({ "command": "start", "gw": slow }).to_string();
        raw.send(&frame(0x81, text.as_bytes()));
        raw.reset();
    }
    for _ in 0..11 {
        other.step();
    }
    drop(other);
    expect_empty(&walker);
}
