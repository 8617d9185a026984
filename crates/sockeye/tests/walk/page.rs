//! The page that draws sessions: who is given it, and what it asks the service for.

use serde_json::json;

use super::{Walker, Walks, ring};

/// What a browser says when somebody opens an address.
const BROWSER: (&str, &str) = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

#[test]
fn browsers_are_given_a_page_and_programs_what_they_know() {
    for words in [&[][..], &["--service", "RESTFUL"][..]] {
        let walker = Walker::with(words);
        let page = walker.http("GET", "/", &[BROWSER]);
        assert_eq!(page.status, 200);
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        let policy = page.header("content-security-policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
        let text = page.text();
        let script = text
            .split("src=\"")
            .nth(2)
            .and_then(|rest| rest.split('"').next());
        let script = script
            .expect("the page loads a script")
            .trim_start_matches('/');
        let script = walker.http("GET", &format!("/{script}"), &[]);
        assert_eq!(script.status, 200);
        let kind = script.header("content-type").unwrap_or_default();
        assert!(kind.starts_with("text/javascript"), "{kind}");
        for (method, path) in [
            ("GET", "/"),
            ("POST", "/"),
            ("GET", "/index.html"),
            ("GET", "/assets/none.js"),
            ("GET", "/graphwalker"),
        ] {
            let headers: &[_] = if path == "/" && method == "GET" {
                &[]
            } else {
                &[BROWSER]
            };
            assert_eq!(
                walker.http(method, path, headers).status,
                404,
                "{method} {path}"
            );
        }
        let foreign = [BROWSER, ("Sec-Fetch-Site", "cross-site")];
        assert_eq!(walker.http("GET", "/", &foreign).status, 403);
    }
}

#[test]
fn visits_are_asked_for_and_told_once() {
    let walker = Walker::with(&["--protocol", "4.3"]);
    let mut client = walker.connect("/?gw=auto");
    let id = client.begin(&ring("random(never)"));
    let mut page = walker.connect("/?gw=auto");
    let wanted = json!({ "command": "getVisits", "sessionId": id });
    let early = page.fails(&wanted);
    assert!(early.contains("is not watched"), "{early}");
    let quiet = json!({ "command": "subscribeSession", "sessionId": id, "steps": false });
    let found = page.ask(&quiet);
    assert_eq!(found["models"]["models"][0]["id"], "m");
    assert!(found.get("elements").is_none(), "visits are asked for");
    assert_eq!(page.json()["command"], "sessionState");
    let models = json!([{ "status": "NOT_EXECUTED", "stopConditionFulfillment": 0 }]);
    let first = page.ask(&wanted);
    let expected = json!({ "command": "getVisits", "success": true, "sessionId": id, "ended": false, "paused": false,
        "totalCount": 0, "stopConditionFulfillment": 0, "models": models, "changes": [] });
    assert_eq!(first, expected);
    client.step();
    client.step();
    // Steps are not pushed: the reply is what comes next. Vertices are numbered before edges.
    let told = page.ask(&wanted);
    assert_eq!(told["changes"], json!([0, 1, 2, 1]));
    assert_eq!(told["current"], 0);
    assert_eq!(told["totalCount"], 2);
    assert_eq!(told["models"][0]["status"], "EXECUTING");
    assert_eq!(page.ask(&wanted)["changes"], json!([]));
    client.step();
    drop(client);
    assert_eq!(
        page.json()["command"],
        "sessionState",
        "how it stood at its end"
    );
    assert_eq!(page.json()["command"], "sessionEnded");
    let last = page.ask(&wanted);
    assert_eq!(last["ended"], true);
    assert_eq!(last["changes"], json!([3, 1]));
}

#[test]
fn the_list_tells_how_sessions_are_doing_to_those_who_ask() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let id = client.begin(&ring("random(edge_coverage(100))"));
    client.step();
    let mut page = walker.connect("/");
    let plain = page.ask(&json!({ "command": "listSessions" }));
    assert_eq!(
        plain["sessions"][0].as_object().map(serde_json::Map::len),
        Some(2)
    );
    let list = page.ask(&json!({ "command": "listSessions", "details": true }));
    let session = &list["sessions"][0];
    assert_eq!(session["id"], json!(id));
    assert_eq!(session["totalCount"], 1);
    assert_eq!(session["paused"], false);
    assert_eq!(session["status"], "EXECUTING");
    assert!(
        session["stopConditionFulfillment"]
            .as_f64()
            .is_some_and(|part| part > 0.0)
    );
    assert!(session["seed"].is_i64() && session["started"].is_string());
}

#[test]
fn a_step_that_fails_leaves_its_reason() {
    let walker = Walker::start();
    let mut client = walker.connect("/");
    let mut model = ring("random(never)");
    model["models"][0]["edges"][1]["guard"] = json!("nobody.there == 1");
    let id = client.begin(&model);
    client.step();
    client.step();
    let reason = client.fails(&json!({ "command": "getNext" }));
    let mut page = walker.connect("/");
    page.ask(&json!({ "command": "subscribeSession", "sessionId": id, "steps": false }));
    assert_eq!(page.json()["command"], "sessionState");
    let told = page.ask(&json!({ "command": "getVisits", "sessionId": id }));
    assert_eq!(told["models"][0]["status"], "FAILED");
    let failure = told["failure"].as_str().expect("a reason");
    let place =
        "; it is the guard `nobody.there == 1` of the edge e_There (e1) in the model Ring (m)";
    assert_eq!(failure, format!("{reason}{place}"));
}
