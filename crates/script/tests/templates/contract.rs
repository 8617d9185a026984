//! The snippets of the two documentations, and the rules of values.

use serde_json::{Value, json};
use sockeye_script::template::{Dialect, Root, Template};

use crate::world::{document, mockforge, moclojer, value};

const ECHO: &str = r#"{"echoed": "{{json-params.echo}}"}"#;

#[test]
fn moclojer_contract_echo() {
    assert_eq!(
        moclojer(ECHO, json!({"echo": "hello world"})),
        r#"{"echoed": "hello world"}"#
    );
}

#[test]
fn moclojer_contract_greeting_and_profile() {
    let greeting = r#"{"status": "connected", "message": "Welcome, {{path-params.username}}!"}"#;
    let text = moclojer(greeting, Value::Null);
    assert_eq!(
        text,
        r#"{"status": "connected", "message": "Welcome, Ann B!"}"#
    );
    let profile = r#"{"user": "{{path-params.username}}", "profile": {"joined": "2025-03-20"}}"#;
    let text = moclojer(profile, Value::Null);
    assert_eq!(
        text,
        r#"{"user": "Ann B", "profile": {"joined": "2025-03-20"}}"#
    );
}

#[test]
fn moclojer_a7_a_bare_message_is_embedded_as_json() {
    let message = json!({"action": "update", "n": [1, {"a": "\""}]});
    let text = moclojer(r#"{"data": {{message}}}"#, message.clone());
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({"data": message})
    );
    let text = moclojer(r#"{"data": "{{message}}"}"#, message.clone());
    let inner: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(inner["data"].as_str().unwrap()).unwrap(),
        message
    );
}

#[test]
fn moclojer_a8_quotes_and_angle_brackets_round_trip() {
    let text = moclojer(ECHO, json!({"echo": "a\"b<c>&d"}));
    assert_eq!(text, r#"{"echoed": "a\"b<c>&d"}"#);
}

#[test]
fn moclojer_a9_a_number_in_a_quoted_hole_is_its_digits() {
    assert_eq!(moclojer(ECHO, json!({"echo": 5})), r#"{"echoed": "5"}"#);
    assert_eq!(
        moclojer(ECHO, json!({"echo": {"a": "b"}})),
        r#"{"echoed": "{\"a\":\"b\"}"}"#
    );
    assert_eq!(moclojer(ECHO, json!({})), r#"{"echoed": ""}"#);
}

#[test]
fn moclojer_a10_and_a11_nested_paths_and_queries() {
    let text = moclojer("{{json-params.user.id}}", json!({"user": {"id": "u1"}}));
    assert_eq!(text, "u1");
    assert_eq!(moclojer("{{query-params.token}}", Value::Null), "abc");
    assert_eq!(moclojer("{{query-params.arr.1}}", Value::Null), "2");
    assert_eq!(
        moclojer("{{ header-params.x-request-id }}", Value::Null),
        "r1"
    );
    assert_eq!(moclojer("{{match.name}}", Value::Null), "matched");
}

#[test]
fn mockforge_contract_pattern_responses() {
    assert_eq!(
        document(
            &json!({"type": "pong", "timestamp": "{{now}}"}),
            Value::Null
        ),
        r#"{"type":"pong","timestamp":"2024-01-15T10:30:00.123Z"}"#
    );
    assert_eq!(
        document(
            &json!({"type": "ack", "id": "{{message.id}}", "processed": true}),
            json!({"id": 7})
        ),
        r#"{"type":"ack","id":7,"processed":true}"#
    );
    let text = document(
        &json!({"type": "subscribed", "channel": "{{message.channel}}", "id": "{{uuid}}"}),
        json!({"channel": "orders"}),
    );
    let reply: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(reply["channel"], "orders");
    assert_eq!(reply["id"].as_str().unwrap().len(), 36);
}

#[test]
fn mockforge_contract_timers_proxy_and_rpc() {
    assert_eq!(
        document(
            &json!({"timestamp": "{{now}}", "connections": "{{connection_count}}"}),
            Value::Null
        ),
        r#"{"timestamp":"2024-01-15T10:30:00.123Z","connections":5}"#
    );
    let text = document(
        &json!({"price": "{{random_float 40000 50000}}"}),
        Value::Null,
    );
    let price = serde_json::from_str::<Value>(&text).unwrap()["price"]
        .as_f64()
        .unwrap();
    assert!((40_000.0..50_000.0).contains(&price));
    let text = document(
        &json!({"volume": "{{random_int 1000000 5000000}}"}),
        Value::Null,
    );
    let volume = serde_json::from_str::<Value>(&text).unwrap()["volume"]
        .as_i64()
        .unwrap();
    assert!((1_000_000..=5_000_000).contains(&volume));
    assert_eq!(
        document(&json!({"id": "{{params.id}}"}), Value::Null),
        r#"{"id":9}"#
    );
    assert_eq!(
        mockforge("Bearer {{env.API_TOKEN}}", Value::Null),
        "Bearer s3cret"
    );
    assert_eq!(
        mockforge("./recordings/ws-{{date}}.json", Value::Null),
        "./recordings/ws-2024-01-15.json"
    );
}

#[test]
fn every_root_of_mockforge_is_found() {
    let table = [
        ("{{path.room}}", json!("lobby")),
        ("{{query.token}}", json!("abc")),
        ("{{headers.host}}", json!("localhost")),
        ("{{match.name}}", json!("matched")),
        ("{{connection.query.token}}", json!("abc")),
        ("{{state.count}}", json!(3)),
        ("{{id}}", json!("call-1")),
        ("{{method}}", json!("user.get")),
        ("{{sequence}}", json!(17)),
        ("{{message.items[0].id}}", json!("first")),
        ("{{message.items.1.id}}", json!(2)),
        ("{{message[\"odd key\"]}}", json!([true])),
        ("{{ message['odd key'][0] }}", json!(true)),
    ];
    let message = json!({"items": [{"id": "first"}, {"id": 2}], "odd key": [true]});
    for (text, expected) in table {
        assert_eq!(value(text, message.clone()), expected, "{text}");
    }
}

#[test]
fn a_lone_hole_keeps_its_type_and_blanks_around_it_do_not_count() {
    let message = json!({"id": 7, "big": u64::MAX, "f": 2.5, "t": true, "n": null, "o": {"b": 1, "a": 2}, "l": [1]});
    let table = [
        ("{{message.id}}", json!(7)),
        ("  {{message.id}}\n", json!(7)),
        ("{{message.big}}", json!(u64::MAX)),
        ("{{message.f}}", json!(2.5)),
        ("{{message.t}}", json!(true)),
        ("{{message.n}}", json!(null)),
        ("{{message.missing}}", json!(null)),
        ("{{message.l}}", json!([1])),
        ("{{string message.id}}", json!("7")),
        ("n={{message.id}}", json!("n=7")),
        ("{{message.id}}{{message.id}}", json!("77")),
    ];
    for (text, expected) in table {
        assert_eq!(value(text, message.clone()), expected, "{text}");
    }
    assert_eq!(
        document(&json!("{{message.o}}"), message),
        r#"{"b":1,"a":2}"#,
        "the order of keys stays"
    );
}

#[test]
fn missing_values_and_null_are_nothing_in_a_text() {
    assert_eq!(
        mockforge("[{{message.x}}|{{message.n}}]", json!({"n": null})),
        "[|]"
    );
    assert_eq!(mockforge("{{message.x}}", json!({})), "");
    assert_eq!(
        mockforge(r#"{"a":{{message.x}}}"#, json!({})),
        r#"{"a":null}"#
    );
    assert_eq!(mockforge("{{message.a.b.c}}!", json!({"a": 1})), "!");
}

#[test]
fn objects_in_a_text_are_compact_json() {
    assert_eq!(
        mockforge("got {{message}}", json!({"a": [1, "x"]})),
        r#"got {"a":[1,"x"]}"#
    );
}

#[test]
fn braces_can_be_escaped() {
    assert_eq!(mockforge(r"\{{now}} {{message}}", json!("x")), "{{now}} x");
    assert_eq!(mockforge(r"\{% if %}", Value::Null), "{% if %}");
    let template = Template::parse(r"a \{{b}}", Dialect::MockForge).unwrap();
    assert_eq!(template.literal(), Some("a {{b}}"));
}

#[test]
fn literal_text_of_a_document_stays_as_written() {
    let text = "{\n  \"a\" : \"{{message.x}}\" ,\t\"b\":[ {{message.y}} ]\n}";
    let rendered = mockforge(text, json!({"x": "1\n", "y": "q\"q"}));
    assert_eq!(rendered, "{\n  \"a\" : \"1\\n\" ,\t\"b\":[ \"q\\\"q\" ]\n}");
}

#[test]
fn templates_say_what_they_use() {
    let template = Template::parse(
        "{{state.a}} {{message.b}} {{state.c}} {{env.X}}",
        Dialect::MockForge,
    )
    .unwrap();
    assert_eq!(template.roots(), [Root::Message, Root::State]);
    assert!(template.uses_message());
    assert_eq!(template.uses().env, ["X"]);
    assert!(!template.uses().connection_count);
    assert!(!template.is_lone_hole());
    let template = Template::parse(
        "{% if path-params.x %}{{connection_count}}{% endif %}",
        Dialect::Moclojer,
    )
    .unwrap();
    assert_eq!(template.roots(), [Root::PathParams]);
    assert!(!template.uses_message());
    assert!(template.uses().connection_count);
    assert!(
        Template::parse(" {{now}} ", Dialect::MockForge)
            .unwrap()
            .is_lone_hole()
    );
    assert!(
        Template::parse("{{now|upper}}", Dialect::MockForge)
            .unwrap()
            .is_lone_hole()
    );
}

#[test]
fn templates_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Template>();
    shared::<sockeye_script::template::JsonTemplate>();
}
