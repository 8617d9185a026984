//! Threads of sessions: who needs one for a moment gives it back, and who keeps one leaves the processor alone.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::{Client, eventually, frame};

/// Requests of more bytes are read on a thread of their own.
const LONG: usize = 64 * 1024;

/// A ring of so many vertices; each edge counts, and is open as long as that works.
fn counting(vertices: usize) -> Value {
    let all: Vec<Value> = (0..vertices)
        .map(|at| json!({ "id": format!("n{at}"), "name": format!("v_VertexNumber{at}") }))
        .collect();
    let edges = (0..vertices).map(|at| {
        json!({ "id": format!("e{at}"), "name": format!("e_EdgeNumber{at}"), "sourceVertexId": format!("n{at}"),
                "targetVertexId": format!("n{}", (at + 1) % vertices), "guard": "x >= 0", "actions": ["x++;"] })
    });
    let edges: Vec<Value> = edges.collect();
    json!({ "models": [{ "id": "m", "name": "Ring", "generator": "random(never)", "startElementId": "n0",
                         "actions": ["x = 0; text = 'a / b'; part = 1 / 0;"], "vertices": all, "edges": edges }] })
}

/// The folders of the threads that sessions have for themselves.
fn threads(walker: &Walker) -> Vec<std::path::PathBuf> {
    let all = fs::read_dir(format!("/proc/{}/task", walker.process.id())).expect("it runs");
    let all = all.filter_map(|task| Some(task.ok()?.path()));
    // One may end meanwhile.
    let is_ours = |path: &std::path::PathBuf| {
        fs::read_to_string(path.join("comm")).is_ok_and(|name| name.trim() == "walk")
    };
    all.filter(is_ours).collect()
}

#[track_caller]
fn expect_threads(walker: &Walker, wanted: usize) {
    eventually(&format!("{wanted} sessions have a thread"), || {
        (threads(walker).len() == wanted).then_some(())
    });
}

/// How often a thread has gone to sleep.
fn sleeps(thread: &std::path::Path) -> String {
    let status = fs::read_to_string(thread.join("status")).expect("the thread lives");
    let mut lines = status.lines();
    let line = lines.find(|line| line.starts_with("voluntary_ctxt_switches"));
    line.expect("a figure").to_owned()
}

/// Waits until the one thread has nothing to do while another client makes steps.
#[track_caller]
fn expect_rest(walker: &Walker, other: &mut Client) {
    let thread = threads(walker).remove(0);
    eventually("the thread rests", || {
        let before = (sleeps(&thread), is_idle(&thread));
        for _ in 0..50 {
            other.step();
        }
        (before == (sleeps(&thread), true)).then_some(())
    });
}

/// Whether a thread sleeps.
fn is_idle(thread: &std::path::Path) -> bool {
    let status = fs::read_to_string(thread.join("status")).expect("the thread lives");
    status.contains("\nState:\tS")
}

fn long_start(models: &Value) -> String {
    let text = json!({ "command": "start", "gw": models, "seed": 7 }).to_string();
    assert!(text.len() > LONG, "{} bytes", text.len());
    text
}

fn data(client: &mut Client) -> Value {
    client.ask(&json!({ "command": "getData" }))["data"].clone()
}

#[test]
fn a_long_start_is_walked_without_a_thread() {
    let walker = Walker::start();
    let mut clients: Vec<Client> = (0..4).map(|_| walker.connect("/")).collect();
    for client in &mut clients {
        assert_eq!(
            client.send(&long_start(&counting(500))).json()["success"],
            true
        );
    }
    expect_threads(&walker, 0);
    for client in &mut clients {
        assert_eq!(
            [client.step(), client.step(), client.step()],
            ["n0", "e0", "n1"]
        );
        assert_eq!(data(client), "x=1;text=a / b;part=Infinity");
    }
    expect_threads(&walker, 0);
}

#[test]
fn a_walk_goes_on_behind_a_long_request_as_if_there_had_been_none() {
    let walker = Walker::start();
    let models = counting(450);
    let mut plain = walker.connect("/");
    let mut moved = walker.connect("/");
    for client in [&mut plain, &mut moved] {
        assert_eq!(client.send(&long_start(&models)).json()["success"], true);
    }
    let check = json!({ "command": "check", "gw": models }).to_string();
    assert!(check.len() > LONG);
    for _ in 0..3 {
        for _ in 0..20 {
            assert_eq!(plain.step(), moved.step());
        }
        assert_eq!(moved.send(&check).json()["success"], true);
        // What cannot be read goes there and comes back as well.
        let garbage = "{".repeat(LONG + 1);
        assert_eq!(moved.send(&garbage).json()["success"], false);
        assert_eq!(data(&mut plain), data(&mut moved));
    }
    expect_threads(&walker, 0);
}

#[test]
fn requests_behind_a_long_one_are_answered_in_their_order() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let models = counting(450);
    let check = json!({ "command": "check", "gw": models }).to_string();
    for _ in 0..3 {
        client.send(&long_start(&models));
        for _ in 0..100 {
            client
                .send(r#"{"command":"getNext"}"#)
                .send(r#"{"command":"hasNext"}"#);
        }
        client.send(&check);
        client.send(r#"{"command":"getNext"}"#);
    }
    for _ in 0..3 {
        assert_eq!(client.json()["command"], "start");
        for at in 0..100 {
            for expected in ["visitedElement", "getNext", "hasNext"] {
                assert_eq!(client.json()["command"], expected, "request {at}");
            }
        }
        assert_eq!(client.json()["command"], "check");
        assert_eq!(client.json()["totalCount"], 101);
        assert_eq!(client.json()["command"], "getNext");
    }
    expect_threads(&walker, 0);
}

#[test]
fn who_needs_an_engine_keeps_a_thread_which_rests_while_nobody_asks() {
    let walker = Walker::start();
    let mut models = ring("random(never)");
    models["models"][0]["actions"] = json!(["list = [1, 2];"]);
    let mut client = walker.connect("/");
    let session = client.begin(&models);
    assert_eq!([client.step(), client.step()], ["e0", "a"]);
    expect_threads(&walker, 1);
    let mut other = walker.connect("/");
    other.begin(&ring("random(never)"));
    expect_rest(&walker, &mut other);
    // It is there all the same for those who steer it.
    let of_it = |command: &str| json!({ "command": command, "sessionId": session });
    assert_eq!(other.ask(&of_it("pauseSession"))["success"], true);
    client.send(r#"{"command":"getNext"}"#);
    assert_eq!(client.ask(&of_it("getSession"))["paused"], true);
    assert_eq!(other.ask(&of_it("resumeSession"))["success"], true);
    assert_eq!(client.json()["elementId"], "e1");
    assert_eq!(client.json()["command"], "getNext");
    // A model without scripts needs it no longer.
    client.begin(&ring("random(never)"));
    expect_threads(&walker, 0);
}

#[test]
fn an_answer_of_megabytes_comes_from_a_thread_as_well() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let mut models = counting(12_000);
    models["models"][0]["generator"] = json!("quick_random(never)");
    client.be_patient(Duration::from_mins(2));
    assert_eq!(client.send(&long_start(&models)).json()["success"], true);
    expect_threads(&walker, 1);
    let model = r#"{"command":"getModel"}"#;
    for _ in 0..5 {
        client.send(model);
    }
    // Nobody reads until all are there: more than sockets hold.
    let mut other = walker.connect("/");
    other.begin(&ring("random(never)"));
    expect_rest(&walker, &mut other);
    for _ in 0..5 {
        let answer = client.text();
        assert!(answer.len() > 2 << 20, "{} bytes", answer.len());
    }
    assert_eq!(client.step(), "n0");
}

#[test]
fn clients_that_vanish_behind_a_long_start_leave_neither_session_nor_thread() {
    let walker = Walker::start();
    let start = long_start(&counting(2_000));
    let start = frame(0x81, start.as_bytes());
    let step = frame(0x81, br#"{"command":"getNext"}"#);
    for at in 0..20 {
        let mut raw = walker.raw();
        assert_eq!(raw.upgrade("/", &[]).status, 101);
        raw.send(&start);
        for _ in 0..at {
            raw.send(&step);
        }
        raw.reset();
    }
    expect_threads(&walker, 0);
    eventually("all sessions are gone", || {
        let list = json!({ "command": "listSessions" });
        let reply = walker.connect("/").ask(&list);
        (reply["sessions"] == json!([])).then_some(())
    });
}
