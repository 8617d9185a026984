//! The REST service: what a client that was written for the reference asks for, in its order.

use serde_json::{Value, json};

use super::{Walker, golden};
use crate::lab::Response;

#[track_caller]
fn body(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.text());
    assert_eq!(
        response.header("content-type"),
        Some("text/plain;charset=UTF-8")
    );
    serde_json::from_str(&response.text()).expect("JSON")
}

fn model() -> String {
    json!({ "models": [{
        "name": "folder/UC01.json", "id": "m", "generator": "random(edge_coverage(100))", "startElementId": "e0",
        "vertices": [{ "id": "a", "name": "v_A", "requirements": ["R1"], "properties": { "x": -5.5, "y": 100 } },
                     { "id": "b", "name": "v_B" }],
        "edges": [
            { "id": "e0", "name": "e_init", "targetVertexId": "a", "actions": [" num = 0;", "MAX=5"] },
            { "id": "e1", "name": "e_There", "sourceVertexId": "a", "targetVertexId": "b" },
            { "id": "e2", "name": "e_Back", "sourceVertexId": "b", "targetVertexId": "a" },
            { "id": "e3", "name": "e_Shut", "sourceVertexId": "a", "targetVertexId": "b", "properties": { "blocked": true } },
        ],
    }]})
    .to_string()
}

#[test]
fn a_run_goes_as_clients_of_the_reference_drive_it() {
    let file = golden("models/WebSocketFlow-4.3.json");
    let file = file.to_str().expect("a path");
    let walker = Walker::with(&[
        "--model",
        file,
        "random(edge_coverage(100))",
        "--service",
        "RESTFUL",
        "--verbose",
        "--unvisited",
        "--blocked",
        "False",
    ]);
    let log = crate::lab::eventually("the line that clients wait for is there", || {
        let log = walker.process.log();
        log.contains("[HttpServer] Started").then_some(log)
    });
    assert!(log.contains("Started listener bound to ["), "{log}");
    let call = |method: &str, path: &str| walker.http(method, &format!("/graphwalker/{path}"), &[]);
    assert_eq!(call("PUT", "restart").text(), r#"{"result":"ok"}"#);
    assert_eq!(
        call("GET", "hasNext").text(),
        r#"{"result":"ok","hasNext":"true"}"#
    );
    let step = body(&call("GET", "getNext"));
    assert_eq!(
        (&step["currentElementName"], &step["currentElementID"]),
        (&json!("e_Connect"), &json!("e0"))
    );
    assert_eq!(step["numberOfElements"], 9);
    assert_eq!(step["numberOfUnvisitedElements"], 8);
    assert_eq!(body(&call("GET", "getData"))["data"], json!({}));
    assert_eq!(
        call("PUT", "setData/x=%22a%2Fb%22").text(),
        r#"{"result":"ok"}"#
    );
    assert_eq!(body(&call("GET", "getData"))["data"], json!({ "x": "a/b" }));
    let failed = json!({ "result": "nok", "error": "java.lang.Throwable: it broke" });
    assert_eq!(body(&call("PUT", "fail/it%20broke")), failed);
    let statistics = body(&call("GET", "getStatistics"));
    assert_eq!(statistics["totalFailedNumberOfModels"], 1, "{statistics}");
    assert_eq!(statistics["edgeCoverage"], 14);
    assert_eq!(statistics["totalNumberOfUnvisitedVertices"], 2);
}

#[test]
fn models_are_loaded_walked_and_begun_again() {
    let walker = Walker::with(&[
        "--service",
        "RESTFUL",
        "--verbose",
        "--unvisited",
        "--blocked",
        "true",
    ]);
    let call = |method: &str, path: &str, body: &str| {
        let mut raw = walker.raw();
        raw.request(
            method,
            &format!("/graphwalker/{path}"),
            &[],
            body.as_bytes(),
        )
    };
    let none = json!({ "result": "nok", "error": "No model(s) are loaded." });
    for (method, path) in [
        ("PUT", "restart"),
        ("GET", "hasNext"),
        ("GET", "getNext"),
        ("PUT", "fail/x"),
    ] {
        assert_eq!(body(&call(method, path, "")), none, "{path}");
    }
    let empty = body(&call("POST", "load", ""));
    assert_eq!(
        empty["error"],
        "The json file is not a valid GraphWalker model(s) file"
    );
    assert_eq!(call("POST", "load", &model()).text(), r#"{"result":"ok"}"#);
    let early = body(&call("PUT", "fail/x", ""));
    assert_eq!(early["result"], "nok");
    let step = body(&call("GET", "getNext", ""));
    let expected = json!({
        "result": "ok", "currentElementName": "e_init", "modelName": "UC01", "currentElementID": "e0",
        "data": [{ "num": "0" }, { "MAX": "5" }], "properties": [],
        "actions": [{ "Action": " num = 0;" }, { "Action": "MAX=5" }],
        "numberOfElements": 5, "numberOfUnvisitedElements": 4,
        "unvisitedElements": [
            { "elementName": "v_A", "elementId": "a" }, { "elementName": "v_B", "elementId": "b" },
            { "elementName": "e_There", "elementId": "e1" }, { "elementName": "e_Back", "elementId": "e2" },
        ],
    });
    assert_eq!(step, expected);
    let step = body(&call("GET", "getNext", ""));
    assert_eq!(
        step["properties"],
        json!([{ "x": -5.5 }, { "y": 100 }]),
        "{step}"
    );
    assert_eq!(
        call("PUT", "setData/MAX=6;num=7", "").text(),
        r#"{"result":"ok"}"#
    );
    assert_eq!(
        body(&call("GET", "getData", ""))["data"],
        json!({ "num": "7", "MAX": "6" })
    );
    let wrong = body(&call("POST", "load", "{\"models\":[]}"));
    assert_eq!(wrong["error"], "No start context found");
    assert_eq!(
        body(&call("GET", "getNext", ""))["currentElementID"],
        "e1",
        "the machine before is still there"
    );
    assert_eq!(call("PUT", "restart", "").text(), r#"{"result":"ok"}"#);
    let statistics = body(&call("GET", "getStatistics", ""));
    assert_eq!(
        (
            &statistics["edgeCoverage"],
            &statistics["totalNumberOfEdges"]
        ),
        (&json!(0), &json!(3))
    );
    assert_eq!(
        statistics["requirementsNotCovered"],
        json!([{ "requirementKey": "R1", "modelName": "folder/UC01.json" }])
    );
}

#[test]
fn scripts_are_decoded_and_broken_models_are_told() {
    let walker = Walker::with(&["--service", "RESTFUL"]);
    let call = |method: &str, path: &str, text: &str| {
        let target = format!("/graphwalker/{path}");
        walker.raw().request(method, &target, &[], text.as_bytes())
    };
    assert_eq!(call("POST", "load", &model()).text(), r#"{"result":"ok"}"#);
    for script in ["MAX=1%3Bnum=2", "num=%22a+b%22"] {
        let set = call("PUT", &format!("setData/{script}"), "");
        assert_eq!(set.text(), r#"{"result":"ok"}"#, "{script}");
    }
    let data = json!({ "num": "a+b", "MAX": "1" });
    assert_eq!(body(&call("GET", "getData", ""))["data"], data);
    let broken = body(&call("POST", "load", "{\"models\":["));
    assert_eq!(broken["result"], "nok");
    assert!(broken["error"].is_string(), "{broken}");
    let kept = body(&call("GET", "getData", ""));
    assert_eq!(kept["data"], data, "the machine before is still there");
}

#[test]
fn paths_and_methods_that_are_none_are_told() {
    let walker = Walker::with(&["--service", "RESTFUL"]);
    let status = |method: &str, path: &str, headers: &[(&str, &str)]| {
        walker.http(method, path, headers).status
    };
    assert_eq!(status("GET", "/graphwalker/nope", &[]), 404);
    assert_eq!(status("GET", "/hasNext", &[]), 404);
    assert_eq!(status("GET", "/graphwalker//hasNext", &[]), 404);
    assert_eq!(status("GET", "/graphwalker/hasNext/", &[]), 200);
    assert_eq!(status("PUT", "/graphwalker/setData/a/b", &[]), 404);
    assert_eq!(status("PUT", "/graphwalker/setData/", &[]), 404);
    assert_eq!(status("PUT", "/graphwalker/fail/", &[]), 404);
    assert_eq!(status("HEAD", "/graphwalker/hasNext", &[]), 200);
    assert_eq!(status("OPTIONS", "/graphwalker/getNext", &[]), 200);
    assert_eq!(
        status(
            "GET",
            "/graphwalker/hasNext",
            &[("Accept", "application/json")]
        ),
        406
    );
    let other = walker.http("POST", "/graphwalker/hasNext", &[]);
    assert_eq!(
        (other.status, other.header("allow")),
        (405, Some("GET,OPTIONS"))
    );
    let json = [("Content-Type", "application/json")];
    assert_eq!(status("POST", "/graphwalker/load", &json), 415);
}

#[test]
fn a_websocket_to_it_watches_the_running_test() {
    let walker = Walker::with(&["--service", "RESTFUL"]);
    let mut watcher = walker.connect("/");
    watcher.send("{command: mode}");
    assert_eq!(watcher.json()["mode"], "PLAYBACK");
    let loaded = walker
        .raw()
        .request("POST", "/graphwalker/load", &[], model().as_bytes());
    assert_eq!(loaded.text(), r#"{"result":"ok"}"#);
    assert_eq!(watcher.json()["command"], "sessionCreated");
    walker.http("GET", "/graphwalker/getNext", &[]);
    let expected = json!({ "command": "visitedElement", "modelId": "m", "elementId": "e0", "visitedCount": 1,
        "totalCount": 1, "stopConditionFulfillment": 1.0 / 3.0, "data": { "num": "0", "MAX": "5" } });
    watcher.expect_json(expected);
    watcher.send("{command: updateAllElements}");
    let counts = watcher.json();
    assert_eq!(
        counts["elements"][2],
        json!({ "modelId": "m", "elementId": "e0", "visitedCount": 1 })
    );
    watcher.send("{command: getGW3}");
    let told = watcher.json();
    assert_eq!(
        (&told["command"], &told["gw3"]["name"]),
        (&json!("getGW3"), &json!("WebSocketListner"))
    );
    let text = told["gw3"]["models"][0]
        .as_str()
        .expect("a model in a text");
    let shown: Value = serde_json::from_str(text).expect("a model");
    assert_eq!(shown["vertices"][1]["name"], "v_B", "{told}");
    watcher.send("{command: getNext}");
    assert_eq!(watcher.json()["command"], "issues");
    let refused = watcher.json();
    assert!(
        refused["message"]
            .as_str()
            .is_some_and(|text| text.contains("REST")),
        "{refused}"
    );
}
