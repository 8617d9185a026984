//! Sessions that others watch and steer: what they hear, and what ends when they leave.

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::Client;

fn watch(walker: &Walker, id: &str) -> Client {
    let mut watcher = walker.connect("/");
    let found = watcher.ask(&json!({ "command": "subscribeSession", "sessionId": id }));
    assert_eq!(found["success"], true, "{found}");
    assert_eq!(
        found["models"]["models"][0]["id"], "m",
        "models are an object"
    );
    assert_eq!(
        found["elements"][2],
        json!({ "modelId": "m", "elementId": "e0", "visitedCount": 0 })
    );
    let state = watcher.json();
    assert_eq!(state["command"], "sessionState", "{state}");
    watcher
}

fn order(client: &mut Client, command: &str, id: &str, more: Value) {
    let mut request = more;
    request["command"] = json!(command);
    request["sessionId"] = json!(id);
    let reply = client.ask(&request);
    assert_eq!(reply, json!({ "command": command, "success": true }));
}

#[test]
fn steps_are_told_to_whoever_watches() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(never)"));
    let mut watcher = watch(&walker, &id);
    client.ask(&json!({ "command": "setData", "action": "x=1;y='q'" }));
    client.step();
    let expected = json!({ "command": "visitedElement", "sessionId": id, "modelId": "m", "elementId": "e0",
        "name": "e_In", "visitedCount": 1, "totalCount": 1, "stopConditionFulfillment": 0,
        "success": true, "data": "x=1;y=q" });
    watcher.expect_json(expected);
    let stop = watcher.ask(&json!({ "command": "unsubscribeSession" }));
    assert_eq!(stop["success"], true);
    client.step();
    watcher.expect_silence();
    let unknown =
        watcher.fails(&json!({ "command": "subscribeSession", "sessionId": "session-99" }));
    assert!(unknown.contains("no session `session-99`"), "{unknown}");
}

#[test]
fn a_paused_session_waits_and_its_own_client_can_go_on() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(never)"));
    let mut watcher = watch(&walker, &id);
    order(&mut watcher, "pauseSession", &id, json!({}));
    watcher.expect_json(json!({ "command": "sessionPaused", "sessionId": id }));
    client
        .send(r#"{"command":"getNext"}"#)
        .send(r#"{"command":"hasNext"}"#);
    client.expect_silence();
    order(&mut watcher, "stepSession", &id, json!({}));
    assert_eq!(watcher.json()["elementId"], "e0");
    assert_eq!(client.json()["command"], "visitedElement");
    assert_eq!(client.json()["command"], "getNext");
    assert_eq!(
        client.json()["command"],
        "hasNext",
        "in the order in which they were asked"
    );
    client.send(r#"{"command":"getNext"}"#);
    client.expect_silence();
    client.send(&json!({ "command": "resumeSession", "sessionId": id }).to_string());
    assert_eq!(
        client.json(),
        json!({ "command": "resumeSession", "success": true })
    );
    assert_eq!(client.json()["elementId"], "a");
    assert_eq!(client.json()["command"], "getNext");
    watcher.expect_json(json!({ "command": "sessionResumed", "sessionId": id }));
    assert_eq!(watcher.json()["elementId"], "a");
    let reason = watcher.fails(&json!({ "command": "stepSession", "sessionId": id }));
    assert!(reason.contains("not paused"), "{reason}");
}

#[test]
fn what_an_observer_wanted_ends_when_it_leaves_and_no_more() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(never)"));
    let mut stays = watch(&walker, &id);
    let mut leaves = watch(&walker, &id);
    assert_eq!(
        stays.json()["command"],
        "sessionState",
        "asked for by the other, told to both"
    );
    order(
        &mut stays,
        "setBreakpoints",
        &id,
        json!({ "breakpoints": ["m,a"] }),
    );
    order(&mut leaves, "pauseSession", &id, json!({}));
    stays.expect_json(json!({ "command": "sessionPaused", "sessionId": id }));
    client.send(r#"{"command":"getNext"}"#);
    client.expect_silence();
    drop(leaves);
    stays.expect_json(json!({ "command": "sessionResumed", "sessionId": id }));
    assert_eq!(client.json()["elementId"], "e0");
    assert_eq!(client.json()["command"], "getNext");
    assert_eq!(stays.json()["elementId"], "e0");
    assert_eq!(client.step(), "a");
    assert_eq!(stays.json()["elementId"], "a");
    let met = json!({ "command": "sessionPaused", "sessionId": id, "reason": "breakpoint", "modelId": "m",
        "elementId": "a" });
    stays.expect_json(met);
    client.send(r#"{"command":"getNext"}"#);
    client.expect_silence();
    drop(stays);
    assert_eq!(
        client.json()["elementId"],
        "e1",
        "its breakpoint and its pause ended with it"
    );
    assert_eq!(client.json()["command"], "getNext");
}

#[test]
fn a_delay_holds_steps_back_and_can_be_ended() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(never)"));
    let mut watcher = watch(&walker, &id);
    order(&mut watcher, "setDelay", &id, json!({ "value": 60_000 }));
    client.send(r#"{"command":"getNext"}"#);
    client.expect_silence();
    order(&mut watcher, "setDelay", &id, json!({ "value": 0 }));
    assert_eq!(client.json()["elementId"], "e0");
    order_fails(&mut watcher, &id, 60_001);
    order_fails(&mut watcher, &id, -1);
}

#[track_caller]
fn order_fails(watcher: &mut Client, id: &str, value: i32) {
    let request = json!({ "command": "setDelay", "sessionId": id, "value": value });
    // Steps may be told before.
    let mut message = watcher.ask(&request);
    while message["command"] == "visitedElement" {
        message = watcher.json();
    }
    assert_eq!(message["command"], "issues", "{message}");
    assert_eq!(watcher.json()["success"], false);
}

#[test]
fn a_session_tells_variables_requirements_and_coverage() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let mut models = ring("random(edge_coverage(100))");
    models["models"][0]["vertices"][0]["requirements"] = json!(["R1"]);
    models["models"][0]["vertices"][1]["requirements"] = json!(["R2"]);
    let start = json!({ "command": "start", "gw": models, "name": "nightly", "globalData": "g=7;", "seed": 3 });
    let reply = client.ask(&start);
    let id = reply["sessionId"].as_str().expect("an id").to_owned();
    let mut other = walker.connect("/");
    let sessions = other.ask(&json!({ "command": "listSessions" }));
    assert_eq!(
        sessions["sessions"],
        json!([{ "id": id, "name": "nightly" }])
    );
    let global = client.ask(&json!({ "command": "setData", "action": "x = global.g + 1" }));
    assert_eq!(global["success"], true, "{global}");
    for _ in 0..2 {
        client.send(r#"{"command":"getNext"}"#);
        assert_eq!(client.json()["command"], "visitedElement");
        assert_eq!(client.json()["command"], "getNext");
    }
    let ask = json!({ "command": "getSession", "sessionId": id });
    let state = crate::lab::eventually("the session tells its state", || {
        let found = other.ask(&ask);
        found["state"].is_object().then_some(found)
    });
    assert_eq!(
        (&state["seed"], &state["elementId"]),
        (&json!(3), &json!("a"))
    );
    let told = &state["state"];
    let passed = json!([{ "requirementKey": "R1", "modelName": "Ring" }]);
    assert_eq!(told["requirements"]["passed"], passed, "{told}");
    assert_eq!(told["edgeCoverage"], 33);
    assert_eq!(told["models"][0]["status"], "EXECUTING");
    let statistics = client.ask(&json!({ "command": "getStatistics" }));
    assert_eq!(
        statistics["totalNumberOfVisitedVertices"], 1,
        "{statistics}"
    );
    assert_eq!(statistics["edgesNotVisited"][0]["edgeName"], "e_There");
    let check = client.ask(&json!({ "command": "check", "gw": { "models": [{ "id": "m", "vertices": [], "edges": [] }] } }));
    assert!(
        !check["issues"].as_array().expect("findings").is_empty(),
        "{check}"
    );
}
