//! Scripts that fail: clients are told where they hang, in words that the reference does not have.

use serde_json::{Value, json};

use super::{Walker, Walks, ring};
use crate::lab::Client;

/// A ring with these members in its edge from a to b.
fn with(members: &Value) -> Value {
    let mut models = ring("random(never)");
    let edge = models["models"][0]["edges"][1].as_object_mut();
    let members = members.as_object().expect("members").clone();
    edge.expect("an edge").extend(members);
    models
}

/// The texts of a step that fails: the event's and the reply's.
fn step_fails(client: &mut Client) -> [String; 2] {
    let event = client.ask(&json!({ "command": "getNext" }));
    let reply = client.json();
    assert_eq!(reply["success"], false, "{reply}");
    let text = |text: &Value| text.as_str().expect("a text").to_owned();
    [text(&event["issues"][0]), text(&reply["message"])]
}

#[test]
fn a_guard_or_an_action_that_fails_is_named_with_its_element_and_its_model() {
    let walker = Walker::start();
    let place = "of the edge e_There (e1) in the model Ring (m)";
    let long = format!("nosuch   +\n {}", "1".repeat(300));
    let shown = format!("nosuch + {}…", "1".repeat(200 - "nosuch   +\n ".len()));
    for (members, event, more) in [
        (
            json!({ "guard": "nosuch" }),
            "org.graalvm.polyglot.PolyglotException: ReferenceError: nosuch is not defined",
            format!("; it is the guard `nosuch` {place}"),
        ),
        (
            json!({ "guard": "1 + 4" }),
            "java.lang.ClassCastException: a guard must be true or false, this one is 5",
            format!("; it is the guard `1 + 4` {place}"),
        ),
        (
            json!({ "guard": long }),
            "org.graalvm.polyglot.PolyglotException: ReferenceError: nosuch is not defined",
            format!("; it is the guard `{shown}` {place}"),
        ),
        (
            json!({ "guard": "while(true){}" }),
            "the script did not end within 1000 ms",
            format!("; it is the guard `while(true){{}}` {place}"),
        ),
        (
            json!({ "actions": ["x = 1;", "throw new Error('boom')"] }),
            "Error: boom",
            format!("; it is the action `throw new Error('boom')` {place}"),
        ),
    ] {
        let mut client = walker.connect("/");
        client.begin(&with(&members));
        assert_eq!([client.step(), client.step()], ["e0", "a"]);
        let told = step_fails(&mut client);
        assert_eq!(told, [event.to_owned(), format!("{event}{more}")]);
    }
}

#[test]
fn an_action_of_a_model_or_of_a_vertex_without_a_name_is_named_too() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let mut models = ring("random(never)");
    models["models"][0]["vertices"][0] = json!({ "id": "a", "actions": ["nosuch.x = 1"] });
    client.begin(&models);
    client.step();
    let [event, reply] = step_fails(&mut client);
    assert_eq!(event, "ReferenceError: nosuch is not defined");
    let more = "; it is the action `nosuch.x = 1` of the vertex a in the model Ring (m)";
    assert_eq!(reply, format!("{event}{more}"));
    let mut models = ring("random(never)");
    models["models"][0]["actions"] = json!(["nosuch.x"]);
    let event = client.ask(&json!({ "command": "start", "gw": models }));
    let reply = client.json();
    assert_eq!(
        event["issues"],
        json!(["ReferenceError: nosuch is not defined"])
    );
    let more = "; it is the action `nosuch.x` of the model Ring (m)";
    let event = event["issues"][0].as_str().expect("a text");
    assert_eq!(reply["message"], format!("{event}{more}"));
}

#[test]
fn rest_has_it_beside_the_text_of_the_reference() {
    let walker = Walker::with(&["-s", "RESTFUL"]);
    let models = with(&json!({ "guard": "nosuch" })).to_string();
    let loaded = walker
        .raw()
        .request("POST", "/graphwalker/load", &[], models.as_bytes());
    assert!(loaded.text().contains("\"ok\""), "{}", loaded.text());
    for _ in 0..2 {
        walker.http("GET", "/graphwalker/getNext", &[]);
    }
    let failed = walker.http("GET", "/graphwalker/getNext", &[]).text();
    let failed: Value = serde_json::from_str(&failed).expect("JSON");
    let error = "org.graalvm.polyglot.PolyglotException: ReferenceError: nosuch is not defined";
    assert_eq!(failed["result"], "nok");
    assert_eq!(failed["error"], error);
    let more = "; it is the guard `nosuch` of the edge e_There (e1) in the model Ring (m)";
    assert_eq!(failed["details"], format!("{error}{more}"));
}
