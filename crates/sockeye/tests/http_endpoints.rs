//! Moclojer's HTTP endpoints, which share the file, the port and even the path with WebSockets.

use serde_json::json;

use crate::lab::{Lab, Server};

const SHOP: &str = r#"
- endpoint:
    path: /plain
    response: { body: '{"ok": true}' }
- endpoint:
    method: post
    path: /plain
    response: { status: 201, body: '{"created": true}' }
- endpoint:
    method: GET
    path: /users/:id
    response:
      headers: { X-User: "{{path-params.id}}" }
      body: '{"user": "{{path-params.id}}"}'
- endpoint:
    path: /users/me
    response: { body: '{"user": "myself"}' }
- endpoint:
    path: /yaml/:name
    response:
      body:
        name: "{{path-params.name}}"
        list: [1, 2.5, null]
- endpoint:
    path: /text
    response:
      headers: { Content-Type: text/plain }
      body: just "text", {{query-params.name}}
- endpoint:
    path: /teapot
    response: { status: 418, headers: { X-Kind: short and stout }, body: "{}" }
- endpoint:
    path: /search
    query: { amount: int, word: string }
    response: { body: '{"amount": {{query-params.amount}}, "word": "{{query-params.word}}", "extra": "{{query-params.extra}}"}' }
- endpoint:
    method: POST
    path: /echo
    response: { body: '{"name": "{{json-params.name}}", "age": {{json-params.age}}, "who": "{{header-params.x-who}}"}' }
- endpoint:
    method: GET
    path: /both
    response: { body: '{"by": "http"}' }
- endpoint:
    method: POST
    path: /both
    response: { body: '{"by": "post"}' }
- websocket:
    path: /both
    on-connect: { response: by websocket }
"#;

fn shop() -> Server {
    Lab::yaml(SHOP).start()
}

#[test]
fn a_method_is_get_unless_given_and_its_case_does_not_matter() {
    let lab = shop();
    let got = lab.get("/plain");
    assert_eq!(got.expect_status(200).json(), json!({"ok": true}));
    let kind = got.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("application/json"), "{kind}");
    let posted = lab.http("POST", "/plain", &[], b"");
    assert_eq!(posted.expect_status(201).json(), json!({"created": true}));
}

#[test]
fn status_headers_and_body_come_from_the_file() {
    let lab = shop();
    assert_eq!(
        lab.get("/teapot").expect_status(418).header("x-kind"),
        Some("short and stout")
    );
    let user = lab.get("/users/Ann%20B");
    assert_eq!(user.header("x-user"), Some("Ann B"));
    assert_eq!(user.json(), json!({"user": "Ann B"}));
    let yaml = lab.get("/yaml/a%22b").json();
    assert_eq!(yaml, json!({"name": "a\"b", "list": [1, 2.5, null]}));
}

#[test]
fn text_is_sent_as_text() {
    let text = shop().get("/text?name=x%3Cy");
    let kind = text.header("content-type").unwrap_or_default();
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert_eq!(text.text(), r#"just "text", x<y"#);
}

#[test]
fn a_header_cannot_be_broken_by_what_a_client_sends() {
    let lab = shop();
    let answer = lab.get("/users/x%0d%0aX-Evil:%20yes");
    assert_eq!(answer.header("x-evil"), None);
    lab.get("/plain").expect_status(200);
}

#[test]
fn a_static_segment_beats_a_parameter() {
    let lab = shop();
    assert_eq!(lab.get("/users/me").json(), json!({"user": "myself"}));
    assert_eq!(lab.get("/users/you").json(), json!({"user": "you"}));
}

#[test]
fn path_types_refuse_what_does_not_fit_and_say_which_parameter() {
    let mut file = String::new();
    for kind in [
        "int", "string", "bool", "boolean", "float", "double", "uuid", "date",
    ] {
        file += &format!("- endpoint:\n    path: '/{kind}/:amount|{kind}'\n");
        file += "    response: { body: '{\"v\": \"{{path-params.amount}}\"}' }\n";
    }
    let lab = Lab::yaml(&file).start();
    for (kind, good, bad) in [
        ("int", "42", Some("abc")),
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
        ("date", "2025-03-20", Some("2025-02-30")),
    ] {
        let answer = lab.get(&format!("/{kind}/{good}"));
        assert_eq!(
            answer.expect_status(200).json(),
            json!({"v": good}),
            "{kind}"
        );
        let Some(bad) = bad else { continue };
        let refused = lab.get(&format!("/{kind}/{bad}"));
        let text = refused.expect_status(400).text();
        assert!(text.contains("amount"), "{kind}: {text}");
    }
}

#[test]
fn a_typed_parameter_without_quotes_is_a_number() {
    let lab = Lab::yaml(
        r#"
- endpoint:
    path: /n/:id|int
    response: { body: '{"id": {{path-params.id}}}' }
"#,
    )
    .start();
    assert_eq!(lab.get("/n/42").json(), json!({"id": 42}));
}

#[test]
fn declared_query_parameters_are_required_and_typed_and_others_readable() {
    let lab = shop();
    let answer = lab.get("/search?word=a+b&amount=3&extra=x");
    let expected = json!({"amount": 3, "word": "a b", "extra": "x"});
    assert_eq!(answer.expect_status(200).json(), expected);
    for target in [
        "/search?word=a",
        "/search?word=a&amount=many",
        "/search?word=a&amount=",
    ] {
        let text = lab.get(target).expect_status(400).text();
        assert!(text.contains("amount"), "{target}: {text}");
    }
}

#[test]
fn a_json_body_is_readable_field_by_field() {
    let lab = shop();
    let headers = [("Content-Type", "application/json"), ("X-Who", "me")];
    let answer = lab.http(
        "POST",
        "/echo",
        &headers,
        br#"{"name": "a\"<b>", "age": 7}"#,
    );
    let expected = json!({"name": "a\"<b>", "age": 7, "who": "me"});
    assert_eq!(answer.expect_status(200).json(), expected);
    lab.http("POST", "/echo", &headers, b"{oops")
        .expect_status(400);
    lab.http("POST", "/echo", &headers, b"\xff\xfe")
        .expect_status(400);
}

#[test]
fn a_body_has_at_most_one_mebibyte() {
    let lab = shop();
    let headers = [("Content-Type", "application/json")];
    let body_of = |bytes: usize| {
        let start = br#"{"age": 1, "name": "x", "pad": ""#;
        let mut body = start.to_vec();
        body.resize(bytes - 2, b'p');
        body.extend(b"\"}");
        body
    };
    lab.http("POST", "/echo", &headers, &body_of(1024 * 1024))
        .expect_status(200);
    // Only the head is sent: the announced length alone decides.
    let head = format!(
        "POST /echo HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n",
        lab.address(),
        1024 * 1024 + 1
    );
    lab.raw()
        .send(head.as_bytes())
        .response("POST")
        .expect_status(413);
    let chunk = format!("{:x}\r\n{}\r\n", 600_000, "p".repeat(600_000));
    let head = format!(
        "POST /echo HTTP/1.1\r\nHost: {}\r\nTransfer-Encoding: chunked\r\n\r\n",
        lab.address()
    );
    let mut raw = lab.raw();
    raw.send(head.as_bytes())
        .send(chunk.as_bytes())
        .send(chunk.as_bytes());
    raw.response("POST").expect_status(413);
}

#[test]
fn unknown_paths_and_methods() {
    let lab = shop();
    lab.get("/nowhere").expect_status(404);
    lab.get("/plain/more").expect_status(404);
    let refused = lab.http("DELETE", "/plain", &[], b"");
    let allowed = refused
        .expect_status(405)
        .header("allow")
        .unwrap_or_default();
    assert!(
        allowed.contains("GET") && allowed.contains("POST"),
        "Allow: {allowed}"
    );
}

#[test]
fn http_and_websocket_on_one_path() {
    let lab = shop();
    assert_eq!(lab.get("/both").json(), json!({"by": "http"}));
    assert_eq!(
        lab.http("POST", "/both", &[], b"").json(),
        json!({"by": "post"})
    );
    lab.connect("/both").expect_text("by websocket");
}

#[test]
fn one_path_on_two_hosts() {
    let lab = Lab::yaml(
        r#"
- endpoint: { host: a.example, path: /, response: { body: '{"host": "a"}' } }
- endpoint: { host: b.example, path: /, response: { body: '{"host": "b"}' } }
"#,
    )
    .start();
    let ask = |host: &str| lab.http("GET", "/", &[("Host", host)], b"");
    assert_eq!(ask("a.example").json(), json!({"host": "a"}));
    assert_eq!(ask("b.example:8000").json(), json!({"host": "b"}));
    ask("c.example").expect_status(404);
}

#[test]
fn head_answers_like_get_without_the_body() {
    let lab = shop();
    let length = lab.get("/plain").body.len().to_string();
    let mut raw = lab.raw();
    let head = raw.request("HEAD", "/plain", &[], b"");
    assert_eq!(
        head.expect_status(200).header("content-length"),
        Some(length.as_str())
    );
    // The next answer on this connection would begin with the body if there were one.
    assert_eq!(
        raw.request("GET", "/plain", &[], b"").json(),
        json!({"ok": true})
    );
}

#[test]
fn a_connection_carries_many_requests_one_by_one_or_at_once() {
    let lab = shop();
    let mut raw = lab.raw();
    assert_eq!(
        raw.request("GET", "/users/1", &[], b"").json(),
        json!({"user": "1"})
    );
    assert_eq!(
        raw.request("GET", "/users/2", &[], b"").json(),
        json!({"user": "2"})
    );
    let request = |user: u8| format!("GET /users/{user} HTTP/1.1\r\nHost: x\r\n\r\n");
    raw.send([request(3), request(4)].concat().as_bytes());
    assert_eq!(raw.response("GET").json(), json!({"user": "3"}));
    assert_eq!(raw.response("GET").json(), json!({"user": "4"}));
}

#[test]
fn a_connection_may_become_a_websocket_after_some_requests() {
    let lab = shop();
    let mut raw = lab.raw();
    raw.request("GET", "/plain", &[], b"").expect_status(200);
    assert_eq!(raw.upgrade("/both", &[]).status, 101);
    raw.expect_text("by websocket");
}

#[test]
fn a_refused_method_is_told_all_that_are_served() {
    let server = Lab::yaml(
        r"
- websocket: { path: /both }
- endpoint: { method: GET, path: /both, response: { body: here } }
- endpoint: { method: POST, path: /both, response: { status: 201 } }
- websocket: { path: /socket }
",
    )
    .start();
    let allow = |path: &str| {
        let response = server.http("DELETE", path, &[], b"");
        response.expect_status(405);
        let mut methods: Vec<String> = response
            .header("allow")
            .unwrap_or_default()
            .split(", ")
            .map(str::to_owned)
            .collect();
        methods.sort();
        methods.join(" ")
    };
    assert_eq!(allow("/both"), "GET HEAD POST");
    assert_eq!(allow("/socket"), "GET");
    server.get("/socket").expect_status(426);
    assert_eq!(server.get("/both").text(), "here");
    server.connect("/both").send("x").expect_silence();
}
