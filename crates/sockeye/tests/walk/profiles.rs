//! Which generation a client is answered as, and what only that generation has.

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::Client;

pub(super) const NEVER: &str = "random(never)";

pub(super) fn start(member: &str, more: Value) -> Value {
    let mut request = more;
    request["command"] = json!("start");
    request[member] = ring(NEVER);
    request
}

/// The push and the reply of one step. Whoever has asked for sessions hears of them, too.
pub(super) fn step(client: &mut Client, key: &str) -> [Value; 2] {
    client.send(&json!({ key: "getNext" }).to_string());
    [(); 2].map(|()| {
        let mut message = client.json();
        while message["command"] == "sessionCreated" {
            message = client.json();
        }
        message
    })
}

/// Starts the ring over `type`.
fn start_legacy(client: &mut Client) {
    let mut model = ring(NEVER)["models"][0].clone();
    model["startElement"] = json!("true");
    for request in [
        json!({ "type": "loadModel", "model": model }),
        json!({ "type": "start" }),
    ] {
        let reply = client.ask(&request);
        assert_eq!(reply, json!({ "type": request["type"], "success": true }));
    }
}

#[test]
fn the_first_request_that_tells_decides() {
    let walker = Walker::start();
    let nothing = json!({});
    for (path, first, request, shape) in [
        ("/", None, start("gw3", nothing.clone()), "3.4"),
        ("/", None, start("gw", nothing.clone()), "4.3"),
        ("/", None, start("gw", json!({ "seed": 5 })), "rs"),
        ("/", None, start("gw", json!({ "name": "n" })), "rs"),
        ("/", None, start("gw", json!({ "globalData": "g=1" })), "rs"),
        ("/graphwalker", None, start("gw", nothing.clone()), "rs"),
        (
            "/",
            Some("listSessions"),
            start("gw", nothing.clone()),
            "rs",
        ),
        (
            "/?gw=4.3",
            Some("listSessions"),
            start("gw", nothing.clone()),
            "4.3",
        ),
        (
            "/graphwalker?gw=4.2",
            None,
            start("gw", nothing.clone()),
            "4.2",
        ),
        ("/", Some("mode"), start("gw", nothing), "4.3"),
    ] {
        let what = format!("{path} {first:?} {request}");
        let mut client = walker.connect(path);
        if let Some(first) = first {
            client.ask(&json!({ "command": first }));
        }
        let reply = client.ask(&request);
        assert_eq!(reply["command"], "start", "{what}: {reply}");
        assert_eq!(reply["success"], true, "{what}: {reply}");
        let [pushed, reply] = step(&mut client, "command");
        let is_rewrite = shape == "rs";
        assert_eq!(pushed["data"].is_string(), is_rewrite, "{what}: {pushed}");
        assert_eq!(
            pushed["success"].is_boolean(),
            is_rewrite,
            "{what}: {pushed}"
        );
        assert_eq!(pushed["name"].is_string(), is_rewrite, "{what}: {pushed}");
        let names_model = matches!(shape, "4.3" | "rs");
        assert_eq!(
            reply["modelName"].is_string(),
            names_model,
            "{what}: {reply}"
        );
        assert_eq!(
            (&reply["command"], &reply["name"]),
            (&json!("getNext"), &json!("e_In"))
        );
    }
}

#[test]
fn a_start_that_tells_nothing_is_answered_by_what_was_loaded() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    start_legacy(&mut client);
    let [pushed, reply] = step(&mut client, "type");
    assert_eq!(
        pushed,
        json!({ "type": "visitedElement", "id": "e0", "visitedCount": 1 })
    );
    let named = json!({ "type": "getNext", "success": true, "id": "e0", "name": "e_In" });
    assert_eq!(reply, named);
    let mut editor = walker.connect("/");
    editor.ask(&json!({ "command": "loadModel", "model": ring(NEVER)["models"][0] }));
    let reply = editor.ask(&json!({ "command": "start" }));
    assert_eq!(
        (&reply["command"], &reply["success"]),
        (&json!("start"), &json!(true))
    );
    let [pushed, reply] = step(&mut editor, "command");
    assert_eq!(
        pushed,
        json!({ "command": "visitedElement", "id": "e0", "visitedCount": 1 })
    );
    assert_eq!(reply["id"], "e0");
}

#[test]
fn events_have_the_key_of_the_request_and_command_counts_more_than_type() {
    let walker = Walker::start();
    let [mut client, mut other] = [walker.connect("/"), walker.connect("/")];
    client.begin(&ring(NEVER));
    other.begin(&ring(NEVER));
    let [pushed, reply] = step(&mut client, "type");
    assert_eq!(
        (&pushed["type"], &reply["type"]),
        (&json!("visitedElement"), &json!("getNext"))
    );
    let [pushed, reply] = step(&mut client, "command");
    assert_eq!(
        (&pushed["command"], &reply["command"]),
        (&json!("visitedElement"), &json!("getNext"))
    );
    let both = client.ask(&json!({ "type": "restart", "command": "mode" }));
    assert_eq!(
        (&both["command"], &both["mode"]),
        (&json!("mode"), &json!("EDITOR"))
    );
    assert_eq!(both.get("type"), None);
    other.expect_silence();
}

#[test]
fn names_of_commands_are_spelled_by_their_generation() {
    let walker = Walker::start();
    for (version, names) in [
        ("4.2", ["getmodel", "updateallelements", "convertGraphml"]),
        ("4.3", ["getmodel", "updateallelements", "convertGraphml"]),
        ("rs", ["getModel", "updateAllElements", "convertGraphml"]),
    ] {
        let mut client = walker.connect(&format!("/?gw={version}"));
        let reply = client.ask(&start("gw", json!({})));
        assert_eq!(reply["success"], true, "{reply}");
        let drawing = "<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>";
        for (asked, name) in ["GETMODEL", "UpdateAllElements", "convertgraphml"]
            .iter()
            .zip(names)
        {
            let reply = client.ask(&json!({ "command": asked, "graphml": drawing }));
            assert_eq!(
                (&reply["command"], &reply["success"]),
                (&json!(name), &json!(true))
            );
        }
    }
}

#[test]
fn models_stand_where_the_generation_has_them() {
    let walker = Walker::start();
    let mut newest = walker.connect("/?gw=4.3");
    assert_eq!(
        newest.fails(&start("gw3", json!({}))),
        r#"JSONObject["gw"] not found."#
    );
    let mut older = walker.connect("/?gw=3.4");
    assert_eq!(
        older.fails(&start("gw", json!({}))),
        r#"JSONObject["gw3"] not found."#
    );
    // In between the second is tried when the first is wrong, whatever is wrong with it.
    let mut between = walker.connect("/?gw=4.2");
    let mut both = start("gw3", json!({}));
    both["gw"] = json!({ "models": [] });
    assert_eq!(
        between.ask(&both),
        json!({ "command": "start", "success": true })
    );
    let wrong = json!({ "command": "start", "gw": { "models": [] } });
    assert_eq!(
        between.fails(&wrong),
        "No start context found",
        "what is wrong with it"
    );
    assert_eq!(
        between.ask(&json!({ "command": "hasNext" }))["success"],
        true
    );
    let faulty = Walker::with(&["--bug-compatible"]);
    let mut between = faulty.connect("/?gw=4.2");
    assert_eq!(between.fails(&wrong), r#"JSONObject["gw3"] not found."#);
}

/// Its clients are told by one message. Where it was not named, others get the reply that they wait for.
#[test]
fn the_rewrite_answers_a_step_with_the_step() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=rs");
    let mut request = start("gw", json!({ "seed": 5, "globalData": "g=1;" }));
    request["name"] = json!("nightly");
    let reply = client.ask(&request);
    assert_eq!(
        (&reply["seed"], &reply["success"]),
        (&json!(5), &json!(true)),
        "{reply}"
    );
    assert!(reply["sessionId"].is_string(), "{reply}");
    client.ask(&json!({ "command": "setData", "action": "x=1" }));
    let told = client.ask(&json!({ "command": "getNext" }));
    let expected = json!({ "command": "visitedElement", "success": true, "modelId": "m", "elementId": "e0", "name": "e_In",
        "visitedCount": 1, "totalCount": 1, "stopConditionFulfillment": 0, "data": "x=1" });
    assert_eq!(told, expected);
    client.expect_silence();
    let wrong = client.ask(&json!({ "command": "SetData" }));
    assert_eq!(wrong["command"], "issues");
    let wrong = client.json();
    assert_eq!(
        (&wrong["command"], &wrong["success"]),
        (&json!("setdata"), &json!(false))
    );
    assert!(wrong["message"].is_string(), "{wrong}");
    let unknown = client.ask(&json!({ "command": "Fly" }));
    let expected = json!({ "command": "fly", "success": false, "message": "Unknown command: FLY" });
    assert_eq!(unknown, expected);
}

#[test]
fn the_editor_s_failures_are_replies_alone() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let none = client.ask(&json!({ "command": "start" }));
    assert_eq!(
        (&none["success"], &none["message"]),
        (&json!(false), &json!("No start context found"))
    );
    let mut model = ring(NEVER)["models"][0].clone();
    model.as_object_mut().expect("a model").remove("generator");
    client.ask(&json!({ "command": "loadModel", "model": model }));
    assert_eq!(client.ask(&json!({ "command": "start" }))["success"], true);
    let more = client.ask(&json!({ "command": "hasNext" }));
    let expected = [
        &json!("hasNext"),
        &json!(false),
        &json!("No path generator is defined"),
    ];
    assert_eq!(
        [&more["command"], &more["success"], &more["message"]],
        expected
    );
    client.expect_silence();
}
