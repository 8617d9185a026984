//! The page of the contract, word by word: paste the example, start, hasNext, getNext.

use serde_json::json;

use super::{Walker, Walks, read, ring};
use crate::lab::Client;

#[test]
fn the_page_s_example_is_pasted_started_and_walked() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    client.send(&read("models/json_graph_example.json"));
    client.expect_json(json!({ "type": "loadModel", "success": true }));
    client.send(r#"{"type": "start"}"#);
    client.expect_json(json!({ "type": "start", "success": true }));
    client.send(r#"{"type": "hasNext"}"#);
    client.expect_json(json!({ "type": "hasNext", "success": true, "hasNext": true }));
    client.send(r#"{"type": "getNext" }"#);
    client.expect_json(json!({ "type": "visitedElement", "id": "e0", "visitedCount": 1 }));
    let reply = json!({ "type": "getNext", "success": true, "id": "e0", "name": "e_FirstAction" });
    client.expect_json(reply);
    client.send(r#"{"type": "getData"}"#);
    let data = json!([{ "x": "0" }, { "y": "0" }]);
    client.expect_json(json!({ "type": "getData", "success": true, "data": data }));
}

#[test]
fn when_disconnected_the_machine_is_destroyed() {
    let walker = Walker::start();
    let mut watcher = walker.connect("/");
    let none = json!({ "command": "sessions", "success": true, "sessions": [] });
    assert_eq!(watcher.ask(&json!({ "command": "listSessions" })), none);
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(never)"));
    let created = json!({ "command": "sessionCreated", "sessionId": id, "name": "Ring" });
    watcher.expect_json(created);
    drop(client);
    watcher.expect_json(json!({ "command": "sessionEnded", "sessionId": id }));
    assert_eq!(watcher.ask(&json!({ "command": "listSessions" })), none);
    let mut again = walker.connect("/");
    let reply = again.ask(&json!({ "command": "hasNext" }));
    assert_eq!(reply["success"], false, "a new machine for each client");
}

#[test]
fn versions_13_8_and_7_are_spoken_and_others_are_not() {
    let walker = Walker::start();
    for (version, status) in [("13", 101), ("8", 101), ("7", 101), ("6", 426), ("0", 426)] {
        let request = format!(
            "GET /any/path?x=1 HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: {version}\r\n\r\n",
            walker.address
        );
        let mut raw = walker.raw();
        raw.send(request.as_bytes());
        assert_eq!(raw.response("GET").status, status, "version {version}");
    }
}

/// The vendor's own clients send what is no JSON, and wait for the reply behind the push.
#[test]
fn the_vendor_s_client_is_understood() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let start = format!(
        "{{ command: \"start\", gw: {}}}",
        ring("random(edge_coverage(100))")
    );
    client.send(&start);
    let reply = client.json();
    assert_eq!(
        (&reply["command"], &reply["success"]),
        (&json!("start"), &json!(true))
    );
    client.send("{ command: \"getNext\"}");
    assert_eq!(client.json()["command"], "visitedElement");
    let reply = json!({ "command": "getNext", "success": true, "modelId": "m", "elementId": "e0",
                        "name": "e_In", "modelName": "Ring" });
    client.expect_json(reply);
    client.send("{ command: \"setData\", action: \"value=-17\"}");
    assert_eq!(client.json()["success"], true);
    client.send("{ command: \"getData\"}");
    assert_eq!(client.json()["data"]["value"], "-17");
}

#[test]
fn the_same_seed_gives_the_same_walk() {
    let walker = Walker::start();
    let walked = |client: &mut Client| -> Vec<String> { (0..60).map(|_| client.step()).collect() };
    let mut models = ring("random(never)");
    let more = json!({ "id": "e3", "sourceVertexId": "a", "targetVertexId": "a" });
    models["models"][0]["edges"]
        .as_array_mut()
        .expect("edges")
        .push(more);
    let mut walks = Vec::new();
    for _ in 0..2 {
        let mut client = walker.connect("/");
        let start = json!({ "command": "start", "gw": models, "seed": 42 });
        let reply = client.ask(&start);
        assert_eq!(reply["seed"], 42, "{reply}");
        walks.push(walked(&mut client));
        assert_eq!(
            client.ask(&json!({ "command": "restart" }))["success"],
            true
        );
        walks.push(walked(&mut client));
    }
    assert!(walks.iter().all(|walk| *walk == walks[0]), "{walks:#?}");
}
