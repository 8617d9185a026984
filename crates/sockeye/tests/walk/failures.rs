//! Whatever fails is told in the envelope of its generation, with a reason, and leaves what was there before.

use serde_json::{Value, json};

use super::{Walker, Walks, ring};

fn start(models: &Value) -> Value {
    json!({ "command": "start", "gw": models })
}

/// The ring with one change at a JSON pointer.
fn changed(pointer: &str, value: Value) -> Value {
    let mut models = ring("random(edge_coverage(100))");
    *models.pointer_mut(pointer).expect(pointer) = value;
    models
}

#[test]
fn a_start_that_fails_says_why_and_leaves_the_machine_before() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let not_started = client.ask(&json!({ "command": "getNext" }));
    let early = "The GraphWalker state machine is not initiated. Is a model loaded, and started?";
    let expected =
        json!({ "command": "getNext", "success": false, "message": early, "msg": early });
    assert_eq!(not_started, expected);
    client.begin(&ring("random(never)"));
    assert_eq!(client.step(), "e0");
    let generator = |text: &str| changed("/models/0/generator", json!(text));
    for (models, reason) in [
        (
            json!({}),
            "The json file is not a valid GraphWalker model(s) file",
        ),
        (json!({ "models": [] }), "No start context found"),
        (
            changed("/models/0/startElementId", json!("nope")),
            "No start context found",
        ),
        (
            generator("foo(never)"),
            "No suitable generator found with name: foo in classpath",
        ),
        (generator(""), "No valid generator found."),
        (generator("random(foo)"), "No valid stop condition found."),
        (
            generator("random(length(abc))"),
            "For input string: \"abc\"",
        ),
        (
            generator("random(edge_coverage(-5))"),
            "A coverage cannot be negative",
        ),
        (
            generator("random(reached_vertex(zz))"),
            "Vertex [zz] not found",
        ),
        (generator("random(reached_edge(zz))"), "Edge [zz] not found"),
        (
            generator("random(reached_shared_state(zz))"),
            "Shared state not found",
        ),
        (
            generator("random(never"),
            "The string 'random(never' did not conform to GraphWalker syntax rules.",
        ),
        (
            generator("predefined_path(never)"),
            "PredefinedPath generator can only work with a PredefinedPathStopCondition instance",
        ),
    ] {
        assert_eq!(client.fails(&start(&models)), reason, "{models}");
    }
    let said = r#"JSONObject["gw"] not found."#;
    assert_eq!(client.fails(&json!({ "command": "start" })), said);
    let said = r#"JSONObject["gw"] is not a JSONObject (class java.lang.String : x)."#;
    assert_eq!(
        client.fails(&json!({ "command": "start", "gw": "x" })),
        said
    );
    let wrong_seed = json!({ "command": "start", "gw": ring("random(never)"), "seed": 1.5 });
    assert!(client.fails(&wrong_seed).contains("whole number"));
    assert_eq!(client.step(), "a", "the machine before is still there");
}

#[test]
fn steps_that_fail_say_why_and_the_walk_can_go_on() {
    let walker = Walker::start();
    for (models, reason) in [
        (
            changed("/models/0/edges/1/sourceVertexId", json!("b")),
            "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: v_A (a)",
        ),
        (
            changed(
                "/models/0/edges/1",
                json!({ "id": "e1", "sourceVertexId": "a", "targetVertexId": "b",
                "guard": "nosuch" }),
            ),
            "org.graalvm.polyglot.PolyglotException: ReferenceError: nosuch is not defined",
        ),
        (
            changed(
                "/models/0/edges/1",
                json!({ "id": "e1", "sourceVertexId": "a", "targetVertexId": "b",
                "guard": "1 + 4" }),
            ),
            "java.lang.ClassCastException: a guard must be true or false, this one is 5",
        ),
    ] {
        let mut client = walker.connect("/");
        client.begin(&models);
        assert_eq!([client.step(), client.step()], ["e0", "a"]);
        assert_eq!(client.fails(&json!({ "command": "getNext" })), reason);
    }
    let failing = json!({ "id": "e1", "sourceVertexId": "a", "targetVertexId": "b", "actions": ["throw new Error('boom')"] });
    let mut client = walker.connect("/");
    client.begin(&changed("/models/0/edges/1", failing));
    assert_eq!([client.step(), client.step()], ["e0", "a"]);
    assert_eq!(
        client.fails(&json!({ "command": "getNext" })),
        "Error: boom"
    );
    assert_eq!(client.step(), "b", "it goes on from where it failed");
}

#[test]
fn scripts_of_set_data_fail_in_their_own_words() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    client.begin(&ring("random(never)"));
    let set = |script: Value| json!({ "command": "setData", "action": script });
    assert_eq!(
        client.fails(&set(json!("nosuch.foo"))),
        "ReferenceError: nosuch is not defined"
    );
    assert_eq!(client.fails(&set(json!("throw 5"))), "5");
    let said = r#"JSONObject["action"] is not a string (class java.lang.Integer : 7)."#;
    assert_eq!(client.fails(&set(json!(7))), said);
    let said = r#"JSONObject["action"] not found."#;
    assert_eq!(client.fails(&json!({ "command": "setData" })), said);
    assert_eq!(
        client.ask(&set(json!("x=1; f=function(){return 1}")))["success"],
        true
    );
    let data = client.ask(&json!({ "command": "getData" }));
    assert_eq!(
        data["data"],
        json!({ "x": "1", "f": "function(){return 1}" })
    );
    let said = "The file appears not to be valid yEd formatted.";
    let convert = json!({ "command": "convertGraphml", "graphml": "<xml/>" });
    assert_eq!(client.fails(&convert), said);
}

#[test]
fn nobody_is_left_without_an_answer() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    for text in ["{\"foo\":1}", "{\"command\":5}", "{\"type\":null}"] {
        client.send(text);
        let reply = client.json();
        assert_eq!(reply["success"], false, "{text}");
        let message = reply["message"].as_str().expect("a reason");
        assert!(
            message.starts_with("Unknown command: the message names none"),
            "{message}"
        );
    }
    client.send_binary(br#"{"command":"mode"}"#);
    assert_eq!(client.json()["mode"], "EDITOR", "binary is as good as text");
    client.send_binary(&[0xff, 0xfe]);
    assert_eq!(client.json()["success"], false);
    client.send("{\"command\":\"bogus\"}");
    client.expect_json(json!({ "success": false, "message": "Unknown command" }));
    let silent = Walker::with(&["--strict-silence"]);
    let mut client = silent.connect("/");
    client
        .send("{\"foo\":1}")
        .send_binary(br#"{"command":"mode"}"#);
    client.expect_silence();
}
