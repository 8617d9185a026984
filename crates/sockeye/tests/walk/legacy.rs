//! The first generation, 3.2: its replies member by member, what it leaves open, and what ours says where it said nothing.

use serde_json::{Value, json};

use super::{Walker, Walks, read};
use crate::lab::Client;

const EARLY: &str =
    "The GraphWalker state machine is not initiated. Is a model loaded, and started?";

fn call(name: &str) -> Value {
    json!({ "type": name })
}

/// The example of the contract page, a request as it stands.
fn load() -> Value {
    serde_json::from_str(&read("models/json_graph_example.json")).expect("a request")
}

fn done(name: &str) -> Value {
    json!({ "type": name, "success": true })
}

#[track_caller]
fn step(client: &mut Client, id: &str, visits: u64) {
    let pushed = json!({ "type": "visitedElement", "id": id, "visitedCount": visits });
    assert_eq!(
        client.ask(&call("getNext")),
        pushed,
        "the event comes first"
    );
    assert_eq!(client.json(), done("getNext"), "3.2 names no element");
}

#[test]
fn a_run_of_3_2_goes_by_the_contract_page() {
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    assert_eq!(client.ask(&load()), done("loadModel"));
    assert_eq!(client.ask(&call("start")), done("start"));
    let more = json!({ "type": "hasNext", "success": true, "hasNext": true });
    assert_eq!(client.ask(&call("hasNext")), more);
    step(&mut client, "e0", 1);
    step(&mut client, "n0", 1);
    step(&mut client, "e1", 1);
    let data = json!({ "type": "getData", "success": true, "data": [{ "x": "0" }, { "y": "1" }] });
    assert_eq!(client.ask(&call("GETDATA")), data);
    assert_eq!(client.ask(&call("restart")), done("restart"));
    assert_eq!(
        client.ask(&call("getNext"))["message"],
        EARLY,
        "the machine is gone"
    );
    let nothing = client.ask(&call("start"));
    assert_eq!(
        nothing["message"], "No start context found",
        "and the models, too"
    );
}

#[test]
fn a_second_start_goes_on_and_steps_go_beyond_the_end() {
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    let mut models = load();
    models["model"]["generator"] = json!("random(edge_coverage(20))");
    client.ask(&models);
    client.ask(&call("start"));
    step(&mut client, "e0", 1);
    assert_eq!(client.ask(&call("start")), done("start"));
    assert_eq!(client.ask(&call("getNext"))["id"], "n0", "where it was");
    assert_eq!(client.json(), done("getNext"));
    let more = |client: &mut Client| client.ask(&call("hasNext"))["hasNext"].clone();
    assert_eq!(more(&mut client), true, "visits are counted anew");
    step(&mut client, "e1", 1);
    step(&mut client, "n1", 1);
    assert_eq!(more(&mut client), false);
    let beyond = client.ask(&call("getNext"));
    assert_eq!(beyond["type"], "visitedElement", "asked for all the same");
    assert_eq!(client.json(), done("getNext"));
    assert_eq!(client.ask(&call("start")), done("start"));
    let pushed = client.ask(&call("getNext"));
    assert_eq!(
        pushed["visitedCount"], 1,
        "it is the second visit: {pushed}"
    );
    client.json();
    assert_eq!(client.ask(&load()), done("loadModel"), "for the next start");
}

#[test]
fn commands_of_later_generations_are_unknown_to_3_2() {
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    let unknown = json!({ "success": false, "message": "Unknown command" });
    for name in [
        "setData",
        "mode",
        "getModel",
        "addModel",
        "loadGw3",
        "listSessions",
        "visitedElement",
        "",
    ] {
        assert_eq!(client.ask(&call(name)), unknown, "{name}");
    }
    let reply = client.ask(&json!({ "command": "hasNext" }));
    assert_eq!(
        reply["success"], false,
        "`command` is a key of later ones: {reply}"
    );
}

#[test]
fn models_that_cannot_be_read_say_which_member() {
    let walker = Walker::with(&["--protocol", "3.2", "--bug-compatible"]);
    let mut client = walker.connect("/");
    for pointer in [
        "/model",
        "/model/name",
        "/model/generator",
        "/model/vertices",
        "/model/edges",
    ] {
        let mut request = load();
        let (parent, name) = pointer.rsplit_once('/').expect("a path");
        let parent = request
            .pointer_mut(parent)
            .and_then(Value::as_object_mut)
            .expect(pointer);
        parent.remove(name);
        let reply = client.ask(&request);
        assert_eq!(
            (&reply["type"], &reply["success"]),
            (&json!("loadModel"), &json!(false)),
            "{reply}"
        );
        let message = reply["message"].as_str().expect("a reason");
        let said = format!("Could not parse the model: JSONObject[\"{name}\"] not found.");
        assert_eq!(message, said);
    }
    // Otherwise a model may lack what another generation does not ask for.
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    let mut nameless = load();
    nameless["model"]
        .as_object_mut()
        .expect("a model")
        .remove("name");
    assert_eq!(client.ask(&nameless), done("loadModel"));
}

#[test]
fn what_3_2_left_without_an_answer_is_answered_unless_silence_is_wanted() {
    let silent = Walker::with(&["--protocol", "3.2", "--strict-silence"]);
    let mut quiet = silent.connect("/");
    quiet.send(&call("start").to_string()).expect_silence();
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    let reason = "No start context found";
    let refused = json!({ "type": "start", "success": false, "message": reason, "msg": reason });
    assert_eq!(
        client.ask(&call("start")),
        refused,
        "a reply alone: this generation knows no issues"
    );
    let mut models = load();
    models["model"]["edges"][0]["actions"] = json!([{ "action": "nosuch.x" }]);
    for (client, is_quiet) in [(&mut client, false), (&mut quiet, true)] {
        assert_eq!(client.ask(&models), done("loadModel"));
        assert_eq!(client.ask(&call("start")), done("start"));
        client.send(&call("getNext").to_string());
        if !is_quiet {
            assert_eq!(
                client.json()["message"],
                "ReferenceError: nosuch is not defined"
            );
        }
        client.expect_silence();
        assert_eq!(
            client.ask(&call("getNext"))["id"],
            "n0",
            "the next step goes on from there"
        );
        client.json();
    }
}

#[test]
fn numbers_are_whole_only_where_faults_are_wanted() {
    for (words, shown) in [
        (&["--protocol", "3.2"][..], "1.5"),
        (&["--protocol", "3.2", "--bug-compatible"], "2"),
    ] {
        let walker = Walker::with(words);
        let mut client = walker.connect("/");
        let mut models = load();
        models["model"]["edges"][0]["actions"] = json!([{ "action": "b=1.5" }]);
        client.ask(&models);
        client.ask(&call("start"));
        step(&mut client, "e0", 1);
        assert_eq!(
            client.ask(&call("getData"))["data"][0],
            json!({ "b": shown })
        );
    }
}

/// The example with all that the first dialect has no place for.
fn embroidered() -> Value {
    let mut request = load();
    let model = &mut request["model"];
    model["actions"] = json!(["m=1"]);
    model["requirements"] = json!(["R0"]);
    model["vertices"][0]["actions"] = json!(["v=1"]);
    model["vertices"][0]["requirements"] = json!(["R1"]);
    let edge = &mut model["edges"][0];
    edge["actions"] = json!([{ "action": "a=1" }, { "action": "b=1" }, { "action": "c=1" }]);
    model["edges"][1]["guard"] = json!("false");
    model["edges"][1]["actions"] = json!(["text=1"]);
    request
}

#[test]
fn what_3_2_did_not_read_is_read_unless_faults_are_wanted() {
    for (words, first, last, goes_on) in [
        (
            &["--protocol", "3.2"][..],
            json!([{ "m": "1" }, { "a": "1" }, { "b": "1" }, { "c": "1" }]),
            "v",
            false,
        ),
        (
            &["--protocol", "3.2", "--bug-compatible"],
            json!([{ "a": "1" }, { "b": "1" }]),
            "b",
            true,
        ),
    ] {
        let walker = Walker::with(words);
        let mut client = walker.connect("/");
        assert_eq!(client.ask(&embroidered()), done("loadModel"));
        client.ask(&call("start"));
        step(&mut client, "e0", 1);
        assert_eq!(client.ask(&call("getData"))["data"], first, "{words:?}");
        step(&mut client, "n0", 1);
        let next = client.ask(&call("getNext"));
        assert_eq!(next["id"] == "e1", goes_on, "{words:?}: {next}");
        if goes_on {
            client.json();
        }
        let data = client.ask(&call("getData"))["data"].clone();
        let names = data.as_array().expect("a list").iter();
        let names: Vec<&String> = names
            .flat_map(|one| one.as_object().expect("an object").keys())
            .collect();
        assert_eq!(names.last().map(|name| name.as_str()), Some(last), "{data}");
    }
}

#[test]
fn members_of_elements_are_asked_for_as_there() {
    let walker = Walker::with(&["--protocol", "3.2", "--bug-compatible"]);
    let mut client = walker.connect("/");
    for (parent, name) in [
        ("/model/vertices/1", "id"),
        ("/model/vertices/1", "name"),
        ("/model/edges/2", "id"),
        ("/model/edges/2", "name"),
        ("/model/edges/2", "dstVertexId"),
    ] {
        let mut request = load();
        let object = request.pointer_mut(parent).and_then(Value::as_object_mut);
        object.expect(parent).remove(name);
        let said = format!("Could not parse the model: JSONObject[\"{name}\"] not found.");
        assert_eq!(client.ask(&request)["message"], said, "{parent}");
    }
    for (pointer, wrong, said) in [
        (
            "/model",
            json!(5),
            "is not a JSONObject (class java.lang.Integer : 5).",
        ),
        (
            "/model/vertices",
            json!("x"),
            "is not a JSONArray (class java.lang.String : x).",
        ),
        (
            "/model/edges/1/id",
            json!(1),
            "is not a string (class java.lang.Integer : 1).",
        ),
    ] {
        let mut request = load();
        *request.pointer_mut(pointer).expect(pointer) = wrong;
        let name = pointer.rsplit('/').next().expect("a name");
        let said = format!("Could not parse the model: JSONObject[\"{name}\"] {said}");
        assert_eq!(client.ask(&request)["message"], said, "{pointer}");
    }
    let mut empty = load();
    empty["model"]["generator"] = json!("");
    assert_eq!(
        client.ask(&empty),
        done("loadModel"),
        "an empty one is a text, too"
    );
    let mut dangling = load();
    dangling["model"]["edges"][2]["dstVertexId"] = json!("nowhere");
    assert_eq!(client.ask(&dangling), done("loadModel"));
}

#[test]
fn of_two_models_both_are_walked_and_the_walk_ends() {
    let walker = Walker::with(&["--protocol", "3.2"]);
    let mut client = walker.connect("/");
    let mut first = load();
    first["model"]["edges"][0]["startElement"] = json!(false);
    for request in [&first, &load(), &load()] {
        assert_eq!(client.ask(request), done("loadModel"));
    }
    // The first has no place to begin at: the walk begins in the one behind it.
    first["model"]["edges"][0]
        .as_object_mut()
        .expect("an edge")
        .remove("startElement");
    assert_eq!(client.ask(&call("restart")), done("restart"));
    client.ask(&load());
    client.ask(&load());
    assert_eq!(client.ask(&call("start")), done("start"));
    let mut begun = 0;
    for _ in 0..10_000 {
        if client.ask(&call("hasNext"))["hasNext"] == false {
            assert_eq!(begun, 2, "each model was begun");
            return;
        }
        let pushed = client.ask(&call("getNext"));
        begun += u32::from(pushed["id"] == "e0");
        client.json();
    }
    panic!("the walk does not end");
}
