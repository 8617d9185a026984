//! Moclojer's page on WebSockets as a contract: its snippets verbatim, its transcript, its promises.

use serde_json::json;

use crate::lab::{Lab, eventually, sockeye};

const ECHO: &str =
    include_str!("../../../conformance/contracts/moclojer/01-websocket-support.yaml");
const USER: &str =
    include_str!("../../../conformance/contracts/moclojer/02-using-templates-in-responses.yaml");

const GREETING: &str = r#"{"status": "connected", "message": "Welcome to WebSocket Echo!"}"#;

#[test]
fn the_transcript_of_the_page() {
    let lab = Lab::yaml(ECHO).start();
    let mut client = lab.connect("/ws/echo");
    client.expect_text(GREETING);
    client.send("ping").expect_text("pong");
    client
        .send(r#"{"echo": "hello world"}"#)
        .expect_text(r#"{"echoed": "hello world"}"#);
}

#[test]
fn the_page_is_understood_as_written() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/contracts/moclojer/01-websocket-support.yaml"
    );
    let shown = sockeye(&["check", file]);
    shown.expect_code(0);
    for part in ["/ws/echo", "ping", r#"{"echo": "{{json-params.echo}}"}"#] {
        assert!(
            shown.stdout.contains(part),
            "no `{part}` in:\n{}",
            shown.stdout
        );
    }
}

#[test]
fn a_hole_in_a_json_pattern_matches_the_structure_of_the_message() {
    let lab = Lab::yaml(ECHO).start();
    let mut client = lab.connect("/ws/echo");
    client.expect_text(GREETING);
    client
        .send(r#"{"echo":"hi","other":1}"#)
        .expect_text(r#"{"echoed": "hi"}"#);
    client
        .send(r#"{ "other": [1], "echo" : "hi" }"#)
        .expect_text(r#"{"echoed": "hi"}"#);
    client.send(r#"{"noecho":1}"#).expect_silence();
    client.send(r#"["echo"]"#).expect_silence();
    client.send("not json").expect_silence();
    client.send("ping").expect_text("pong");
}

#[test]
fn values_keep_their_meaning_on_the_way_back() {
    let lab = Lab::yaml(ECHO).start();
    let mut client = lab.connect("/ws/echo");
    client.expect_text(GREETING);
    client.send(r#"{"echo":"a\"b<c>&d\n'\\"}"#);
    client.expect_json(json!({"echoed": "a\"b<c>&d\n'\\"}));
    client
        .send(r#"{"echo":"ü☃𝄞"}"#)
        .expect_json(json!({"echoed": "ü☃𝄞"}));
    client
        .send(r#"{"echo": 5}"#)
        .expect_text(r#"{"echoed": "5"}"#);
    client
        .send(r#"{"echo": true}"#)
        .expect_text(r#"{"echoed": "true"}"#);
    client.send(r#"{"echo": "{{uuid}} {% if %}"}"#);
    client.expect_text(r#"{"echoed": "{{uuid}} {% if %}"}"#);
}

#[test]
fn a_path_parameter_is_decoded_and_reaches_the_greeting_and_the_answer() {
    let lab = Lab::yaml(USER).start();
    let mut client = lab.connect("/ws/user/Ann%20B");
    client.expect_text(r#"{"status": "connected", "message": "Welcome, Ann B!"}"#);
    let profile = r#"{"user": "Ann B", "profile": {"joined": "2025-03-20"}}"#;
    client
        .send(r#"{"action": "get-profile"}"#)
        .expect_text(profile);
    client
        .send(r#"{"x":0,  "action":"get-profile"}"#)
        .expect_text(profile);
    client
        .send(r#"{"action": "get-profiles"}"#)
        .expect_silence();
    assert_eq!(lab.upgrade("/ws/user", &[]).status, 404);
    assert_eq!(lab.upgrade("/ws/user/a/b", &[]).status, 404);
}

#[test]
fn a_parameter_cannot_break_out_of_the_json_around_it() {
    let lab = Lab::yaml(USER).start();
    let mut client = lab.connect("/ws/user/a%22%7D%0A");
    client.expect_json(json!({"status": "connected", "message": "Welcome, a\"}\n!"}));
}

#[test]
fn the_message_can_be_embedded_whole() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws/users/:user_id
    on-message:
      - pattern: '{"action":"update"}'
        response: '{"user": "{{path-params.user_id}}", "data": {{message}}}'
      - pattern: ".*"
        response: '{"said": "{{message}}"}'
"#,
    )
    .start();
    let mut client = lab.connect("/ws/users/7");
    let message = json!({"action": "update", "to": {"a": [1, 2.5, null, "x\"y"]}});
    client.send(&message.to_string());
    client.expect_json(json!({"user": "7", "data": message}));
    client
        .send("say \"hi\"")
        .expect_json(json!({"said": "say \"hi\""}));
}

#[test]
fn a_rule_with_a_wrong_regular_expression_is_refused_with_its_place() {
    let file = "- websocket:\n    path: /ws\n    on-message:\n      - pattern: 'a(b'\n        response: x\n";
    let exit = Lab::yaml(file).fails();
    exit.expect_code(2).expect_words(&["mock.yml:4:", "a(b"]);
}

#[test]
fn a_binary_message_is_no_text_and_hurts_nobody() {
    let lab = Lab::yaml(ECHO).start();
    let mut client = lab.connect("/ws/echo");
    client.expect_text(GREETING);
    client.send_binary(b"ping").expect_silence();
    client.send_binary(&[0xff, 0x00]).expect_silence();
    client.send("ping").expect_text("pong");
}

#[test]
fn there_is_no_hidden_quota() {
    let lab = Lab::yaml(ECHO).start();
    let mut clients: Vec<_> = (0..101).map(|_| lab.connect("/ws/echo")).collect();
    for client in &mut clients {
        client.expect_text(GREETING);
    }
}

#[test]
fn a_static_segment_beats_a_parameter_in_any_order() {
    let fixed = "- websocket: { path: /ws/echo, on-connect: { response: fixed } }\n";
    let open = "- websocket: { path: '/ws/:room', on-connect: { response: 'room {{path-params.room}}' } }\n";
    for file in [[fixed, open].concat(), [open, fixed].concat()] {
        let lab = Lab::yaml(&file).start();
        lab.connect("/ws/echo").expect_text("fixed");
        lab.connect("/ws/other").expect_text("room other");
    }
}

#[test]
fn path_types_are_checked_in_the_handshake() {
    let mut file = String::new();
    for kind in [
        "int", "string", "bool", "boolean", "float", "double", "uuid", "date",
    ] {
        file += &format!("- websocket:\n    path: '/{kind}/:v|{kind}'\n");
        file += "    on-connect: { response: '{{path-params.v}}' }\n";
    }
    let lab = Lab::yaml(&file).start();
    for (kind, good, bad) in [
        ("int", "42", Some("abc")),
        ("int", "-7", Some("4.2")),
        ("string", "abc", None),
        ("bool", "true", Some("maybe")),
        ("boolean", "false", Some("2")),
        ("float", "1.5", Some("abc")),
        ("double", "2.25", Some("1,5")),
        (
            "uuid",
            "6f9619ff-8b86-4011-b42d-00c04fc964ff",
            Some("6f9619ff"),
        ),
        ("date", "2025-03-20", Some("20.3.2025")),
        ("date", "2024-02-29", Some("2025-02-29")),
    ] {
        lab.connect(&format!("/{kind}/{good}")).expect_text(good);
        let Some(bad) = bad else { continue };
        assert_eq!(
            lab.upgrade(&format!("/{kind}/{bad}"), &[]).status,
            404,
            "{kind} {bad}"
        );
    }
}

#[test]
fn query_and_header_parameters_are_readable_everywhere() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-connect:
      response: "{{query-params.token}} {{query-params.arr.1}} {{header-params.x-who}}"
    on-message:
      - { pattern: q, response: "[{{query-params.token}}][{{query-params.none}}]" }
      - { pattern: h, response: "{{header-params.x-who}}" }
"#,
    )
    .start();
    let mut raw = lab.raw();
    let response = raw.upgrade("/ws?token=a%22b+c&arr=1&arr=2", &[("X-Who", "me")]);
    assert_eq!(response.status, 101);
    raw.expect_text("a\"b c 2 me");
    let mut client = lab.connect("/ws?token=abc");
    client.expect_text("abc  ");
    client.send("q").expect_text("[abc][]");
    client.send("h").expect_text("");
}

#[test]
fn now_uuid_and_random_have_values() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-message:
      - { pattern: values, response: "{{now}} {{uuid}} {{uuid}} {{random}}" }
"#,
    )
    .start();
    let text = lab.connect("/ws").send("values").text();
    let [now, one, two, random] = text.split(' ').collect::<Vec<_>>()[..] else {
        panic!("four values in `{text}`");
    };
    assert!(
        now.starts_with("20") && now.contains('T') && now.ends_with('Z'),
        "{now}"
    );
    assert!(
        one.len() == 36 && two.len() == 36 && one != two,
        "{one} {two}"
    );
    assert!(random.parse::<f64>().is_ok(), "{random}");
}

#[test]
fn one_path_on_two_hosts() {
    let lab = Lab::yaml(
        "
- websocket: { host: a.example, path: /ws, on-connect: { response: from a } }
- websocket: { host: b.example, path: /ws, on-connect: { response: from b } }
",
    )
    .start();
    for (host, greeting) in [
        ("a.example", "from a"),
        ("b.example", "from b"),
        ("A.Example:8000", "from a"),
    ] {
        let mut raw = lab.raw();
        assert_eq!(raw.upgrade("/ws", &[("Host", host)]).status, 101, "{host}");
        raw.expect_text(greeting);
    }
    assert_eq!(lab.upgrade("/ws", &[("Host", "c.example")]).status, 404);
    assert_eq!(lab.upgrade("/ws", &[]).status, 404);
}

#[test]
fn responses_may_be_written_as_yaml() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /room/:name
    on-connect: { response: { hello: "{{path-params.name}}", a: [1, true, null] } }
    on-message:
      - pattern: empty
        response: ""
      - pattern: list
        response: [1, "{{message}}"]
      - pattern: folded
        response: >
          two
          lines
"#,
    )
    .start();
    let mut client = lab.connect("/room/x%22y");
    client.expect_text(r#"{"hello":"x\"y","a":[1,true,null]}"#);
    client.send("empty").expect_text("");
    client.send("list").expect_text(r#"[1,"list"]"#);
    client.send("folded").expect_text("two lines\n");
}

#[test]
fn an_endpoint_without_rules_listens_in_silence() {
    let lab = Lab::yaml("- websocket: { path: /quiet }\n").start();
    lab.connect("/quiet")
        .expect_silence()
        .send("ping")
        .expect_silence();
}

#[test]
fn the_same_file_written_as_edn() {
    let lab = Lab::file(
        "mock.edn",
        r#"
; one item after the other, no vector around them
{:websocket {:path "/edn/:name"
             :on-connect {:response {:hello "{{path-params.name}}" :n [1 2.5 true nil]}}
             :on-message [{:pattern "ping" :response "pong"}
                          {:pattern "{\"echo\": \"{{json-params.echo}}\"}"
                           :response "{\"echoed\": \"{{json-params.echo}}\"}"}]}}
{:endpoint {:method "GET" :path "/hello" :response {:status 200 :body {:hi "there"}}}}
"#,
    )
    .start();
    let mut client = lab.connect("/edn/x");
    client.expect_text(r#"{"hello":"x","n":[1,2.5,true,null]}"#);
    client.send("ping").expect_text("pong");
    client
        .send(r#"{"echo":"hi"}"#)
        .expect_text(r#"{"echoed": "hi"}"#);
    assert_eq!(
        lab.get("/hello").expect_status(200).json(),
        json!({"hi": "there"})
    );
}

#[test]
fn why_a_message_got_no_answer_is_in_the_log() {
    let lab = Lab::yaml(ECHO).arg("--log").arg("debug").start();
    let mut client = lab.connect("/ws/echo");
    client.expect_text(GREETING);
    client.send(r#"{"noecho":1}"#).expect_silence();
    let line = eventually("the log explains the silence", || {
        let log = lab.log();
        log.lines()
            .find(|line| line.contains("no rule answered"))
            .map(str::to_owned)
    });
    assert!(
        line.contains("nearest") && line.contains("mock.yml:"),
        "rule and place: {line}"
    );
}
