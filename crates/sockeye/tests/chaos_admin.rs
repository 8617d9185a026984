//! Chaos at run time: what an operator sees of it and wants, what is refused, what a reload changes.

use serde_json::{Value, json};

use crate::lab::{Lab, Response, Server, eventually};

const CHAOS: &str = "/__mockforge/ws/chaos";

const FILE: &str = "
websocket:
  chaos: { message_duplicate_rate: 1, delay: { min_ms: 1, max_ms: 2 } }
  handlers:
    - { path: /echo, type: echo }
    - { path: /own, type: echo, chaos: { message_duplicate_rate: 0, delay: { max_ms: 1 } } }
    - { path: /calm, type: echo, chaos: { enabled: false } }
";

fn server() -> Server {
    Lab::yaml(FILE).admin().start()
}

fn show(server: &Server) -> Value {
    server.ask("GET", CHAOS, &[], b"").expect_status(200).json()
}

fn put(server: &Server, settings: &str) -> Response {
    let kind = [("Content-Type", "application/json")];
    server.ask("PUT", CHAOS, &kind, settings.as_bytes())
}

#[test]
fn what_holds_is_shown_in_whole_and_for_each_route() {
    let lab = server();
    let shown = show(&lab);
    assert_eq!(
        (&shown["active"], &shown["source"]),
        (&json!(true), &json!("files"))
    );
    let all = json!({ "message_duplicate_rate": 1.0, "delay": { "min_ms": 1, "max_ms": 2 } });
    assert_eq!(shown["settings"], all);
    let own = json!({ "message_duplicate_rate": 0.0, "delay": { "min_ms": 1, "max_ms": 1 } });
    let routes = json!([
        { "path": "/echo", "active": true, "settings": all },
        { "path": "/own", "active": true, "settings": own },
        { "path": "/calm", "active": false, "settings": null },
        { "path": "/ws", "active": true, "settings": all },
    ]);
    assert_eq!(shown["routes"], routes);
    assert_eq!(shown["counts"]["duplicate"], 0);
    let none = Lab::yaml("websocket: {}\n").admin().start();
    let shown = show(&none);
    assert_eq!(
        (&shown["active"], &shown["settings"]),
        (&json!(false), &json!(null))
    );
}

#[test]
fn open_connections_follow_from_their_next_message() {
    let lab = Lab::yaml("websocket: { handlers: [{ path: /echo, type: echo }] }\n");
    let lab = lab.and_file(
        "m.yml",
        "- websocket:\n    path: /m\n    on-message: [{ pattern: x, response: y }]\n",
    );
    let lab = lab.admin().start();
    let mut echo = lab.connect("/echo");
    let mut other = lab.connect("/m");
    echo.send("1").expect_text("1");
    let set = put(&lab, r#"{"message_duplicate_rate": 1}"#);
    let shown = set.expect_status(200).json();
    assert_eq!(
        (&shown["active"], &shown["source"]),
        (&json!(true), &json!("operator"))
    );
    echo.send("2").expect_text("2").expect_text("2");
    other.send("x").expect_text("y").expect_text("y");
    lab.connect("/echo")
        .send("new")
        .expect_text("new")
        .expect_text("new");
    put(&lab, r#"{"message_drop_rate": 1}"#).expect_status(200);
    echo.send("3").expect_silence();
    put(&lab, r#"{"enabled": false}"#).expect_status(200);
    echo.send("4").expect_text("4").expect_silence();
    // A client that says nothing meets it, too.
    put(&lab, r#"{"message_duplicate_rate": 1}"#).expect_status(200);
    lab.ask("POST", "/__mockforge/ws/broadcast", &[], b"all")
        .expect_status(200);
    other.expect_text("all").expect_text("all");
}

#[test]
fn what_an_operator_wants_holds_for_all_until_it_is_forgotten() {
    let lab = server();
    let (mut calm, mut echo) = (lab.connect("/calm"), lab.connect("/echo"));
    put(&lab, r#"{"message_drop_rate": 1}"#).expect_status(200);
    calm.send("x").expect_silence();
    for (method, body) in [("PUT", "null"), ("DELETE", "")] {
        put(&lab, r#"{"message_drop_rate": 1}"#).expect_status(200);
        let kind = [("Content-Type", "application/json")];
        let answer = lab.ask(method, CHAOS, &kind, body.as_bytes());
        assert_eq!(answer.expect_status(200).json()["source"], "files");
        calm.send("x").expect_text("x");
        echo.send("y").expect_text("y").expect_text("y");
    }
    put(&lab, "{\n\t\"enabled\":\tfalse\n}").expect_status(200);
    put(
        &lab,
        r#"{"slow_consumer": {"delay_ms": 5.0}, "seed": 18446744073709551615}"#,
    )
    .expect_status(200);
    // What is shown can be sent back.
    let settings = show(&lab)["settings"].to_string();
    let shown = put(&lab, &settings).expect_status(200).json();
    assert_eq!(shown["settings"].to_string(), settings);
}

#[test]
fn what_is_held_goes_out_when_its_time_has_come_whatever_is_wanted_then() {
    let lab = Lab::yaml("websocket: {}\n").admin().start();
    let mut client = lab.connect("/ws");
    put(
        &lab,
        r#"{"slow_consumer": {"delay_ms": 60000, "buffer_size": 5}}"#,
    )
    .expect_status(200);
    client.send("1").send("2").send("3").expect_text("1");
    put(&lab, r#"{"enabled": false}"#).expect_status(200);
    client.expect_text("2").expect_text("3");
    client.send("4").expect_text("4");
}

#[test]
fn mistakes_are_told_in_the_words_of_files_and_change_nothing() {
    let lab = server();
    for (body, words) in [
        ("{", "the body is not JSON"),
        ("[]", "`chaos` must be a map, not a list"),
        (
            r#"{"message_drop_rat": 1}"#,
            "did you mean `message_drop_rate`?",
        ),
        (
            r#"{"message_drop_rate": 2}"#,
            "`message_drop_rate` must be between 0 and 1, not `2`",
        ),
        (
            r#"{"frames": {"splt_rate": 1}}"#,
            "did you mean `split_rate`?",
        ),
        (
            r#"{"disconnect_code": 1005}"#,
            "no Close frame may carry the code `1005`",
        ),
        (r#"{"close_codes": []}"#, "`close_codes` has no code"),
        (
            r#"{"handshake": {"status": 200}}"#,
            "`status` must be between 400 and 599",
        ),
    ] {
        let answer = put(&lab, body);
        let told = answer.expect_status(400).json()["error"].clone();
        let told = told.as_str().expect("a sentence");
        assert!(told.contains(words), "{body}: {told}");
    }
    for (body, words) in [
        (r#"{"delay": {"min_ms": 5, "max_ms": 1}}"#, "swap them"),
        (
            r#"{"disconnect_code": 1000, "close_codes": [1000]}"#,
            "exclude each other",
        ),
    ] {
        let told = put(&lab, body).expect_status(409).text();
        assert!(told.contains(words), "{body}: {told}");
    }
    let two = put(&lab, r#"{"a": 1, "message_drop_rate": -1}"#).json();
    assert_eq!(two["mistakes"].as_array().map(Vec::len), Some(2), "{two}");
    assert_eq!(two["mistakes"][0]["page"], "docs/chaos.md");
    let kind = [("Content-Type", "text/csv")];
    lab.ask("PUT", CHAOS, &kind, b"{}").expect_status(415);
    lab.ask("GET", &format!("{CHAOS}?x=1"), &[], b"")
        .expect_status(400);
    assert_eq!(show(&lab)["source"], "files");
}

#[test]
fn the_log_is_paged_and_filtered() {
    let lab = Lab::yaml("websocket: { chaos: { message_drop_rate: 1 } }\n");
    let lab = lab.arg("--log").arg("debug").admin().start();
    let (mut one, mut two) = (lab.connect("/ws"), lab.connect("/ws"));
    one.send("a").send("b").expect_silence();
    two.send("c").expect_silence();
    let log = |query: &str| {
        let target = format!("{CHAOS}/log{query}");
        lab.ask("GET", &target, &[], b"").expect_status(200).json()
    };
    let all = log("");
    assert_eq!((&all["count"], &all["next"]), (&json!(3), &json!(3)));
    let first = json!({
        "seq": 1, "connection": "conn-1", "direction": "out", "message": 1, "effect": "drop",
    });
    assert_eq!(all["faults"][0], first);
    assert_eq!(log("?connection=conn-2")["count"], 1);
    assert_eq!(log("?connection=nobody")["count"], 0);
    let page = log("?after=1&limit=1");
    assert_eq!(
        (&page["faults"][0]["seq"], &page["next"]),
        (&json!(2), &json!(2))
    );
    lab.expect_log(&["chaos", "effect=\"drop\"", "number=2"]);
}

#[test]
fn a_reload_changes_what_holds_for_open_connections() {
    let lab = Lab::yaml("websocket: { chaos: { message_drop_rate: 1 } }\n");
    let lab = lab.admin().start();
    let mut client = lab.connect("/ws");
    client.send("x").expect_silence();
    lab.edit("websocket: { chaos: { message_duplicate_rate: 1 } }\n");
    let reload = || lab.ask("POST", "/__mockforge/ws/reload", &[], b"");
    reload().expect_status(200);
    client.send("y").expect_text("y").expect_text("y");
    put(&lab, r#"{"message_drop_rate": 1}"#).expect_status(200);
    reload().expect_status(200);
    client.send("z").expect_silence();
    lab.edit("websocket: {}\n");
    reload().expect_status(200);
    lab.ask("DELETE", CHAOS, &[], b"").expect_status(200);
    eventually("peace is back", || {
        (show(&lab)["active"] == json!(false)).then_some(())
    });
    client.send("peace").expect_text("peace").expect_silence();
}
