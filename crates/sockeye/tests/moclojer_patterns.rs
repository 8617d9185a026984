//! What a Moclojer `pattern` matches, which rule answers, and the Selmer words in its answer.

use crate::lab::{Client, Lab};

/// Each message in turn, with the one answer that it gets or none.
#[track_caller]
fn converse(client: &mut Client, table: &[(&str, Option<&str>)]) {
    for (message, answer) in table {
        client.send(message);
        assert_eq!(client.text_or_silence().as_deref(), *answer, "<- {message}");
    }
}

#[test]
fn json_patterns_compare_deeply() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-message:
      - pattern: '{"user":{"id":"{{json-params.user.id}}"}}'
        response: "id {{json-params.user.id}}"
      - pattern: '{"n": 1, "list": [1, "{{json-params.second}}"]}'
        response: "list"
      - pattern: '{"topic": "orders.{{json-params.rest}}"}'
        response: "orders"
      - pattern: '[true, null]'
        response: "array"
      - pattern: '{"deep": {"a": {"b": "c"}}}'
        response: "deep"
"#,
    )
    .start();
    let mut client = lab.connect("/ws");
    converse(
        &mut client,
        &[
            (r#"{"user":{"id":"u1","name":"x"}}"#, Some("id u1")),
            (r#"{"user":{"id":12}}"#, Some("id 12")),
            (r#"{"user":{"name":"x"}}"#, None),
            (r#"{"user":"u1"}"#, None),
            (r#"{"list":[1.0,"any"],"n":1.0}"#, Some("list")),
            (r#"{"n":1,"list":[1]}"#, None),
            (r#"{"n":1,"list":[1,2,3]}"#, None),
            (r#"{"n":"1","list":[1,2]}"#, None),
            (r#"{"topic":"orders.new"}"#, Some("orders")),
            (r#"{"topic":"users.new"}"#, None),
            ("[true,null]", Some("array")),
            ("[true]", None),
            (r#"{"deep":{"a":{"b":"c","more":0}}}"#, Some("deep")),
            (r#"{"deep":{"a":{"b":"d"}}}"#, None),
        ],
    );
}

#[test]
fn a_plain_word_is_the_whole_text_or_what_kind_of_message_it_is() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-message:
      - pattern: "join"
        response: "welcome {{json-params.user}}"
"#,
    )
    .start();
    let mut client = lab.connect("/ws");
    client.send("join").expect_text("welcome ");
    for field in ["type", "action", "event", "op", "method", "cmd"] {
        client
            .send(&format!(r#"{{"user":"Ann","{field}":"join"}}"#))
            .expect_text("welcome Ann");
    }
    for other in [
        " join",
        "join ",
        "JOIN",
        "joined",
        r#"{"type":"leave"}"#,
        r#"{"x":"join"}"#,
    ] {
        client.send(other).expect_silence();
    }
    client.send_binary(b"join").expect_silence();
}

#[test]
fn regular_expressions_match_the_whole_message() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-message:
      - { pattern: 'hi (?<name>.*)', response: "hello {{match.name}}" }
      - { pattern: '(?i)shout', response: "loud" }
      - { pattern: '(?=.*\d)(?=.*[a-z])[a-z\d]+', response: "mixed" }
      - { pattern: '(\w+)=\1', response: "twice" }
      - { pattern: 'x|y', response: "either" }
      - { pattern: 'dot.*all', response: "lines" }
"#,
    )
    .start();
    let mut client = lab.connect("/ws");
    converse(
        &mut client,
        &[
            ("hi bob", Some("hello bob")),
            ("oh hi bob", None),
            ("SHOUT", Some("loud")),
            ("abc1", Some("mixed")),
            ("abc", None),
            ("ab=ab", Some("twice")),
            ("ab=ac", None),
            ("x", Some("either")),
            ("xy", None),
            ("dot\nall", Some("lines")),
        ],
    );
}

#[test]
fn dot_star_matches_everything_that_is_text() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws
    on-message:
      - { pattern: '.*', response: "any" }
"#,
    )
    .start();
    let mut client = lab.connect("/ws");
    client.send("a\nb\r\nc").expect_text("any");
    client.send("").expect_text("any");
}

#[test]
fn the_first_rule_that_matches_answers_alone_unless_it_says_continue() {
    let rules = |more: &str| {
        format!(
            "
- websocket:
    path: /ws
    on-message:
      - {{ pattern: 'hi.*', response: one{more} }}
      - {{ pattern: 'hi bob', response: two }}
      - {{ pattern: '.*', response: three }}
"
        )
    };
    let lab = Lab::yaml(&rules("")).start();
    lab.connect("/ws")
        .send("hi bob")
        .expect_text("one")
        .expect_silence();
    let lab = Lab::yaml(&rules(", continue: true")).start();
    let mut client = lab.connect("/ws");
    client
        .send("hi bob")
        .expect_text("one")
        .expect_text("two")
        .expect_silence();
    client
        .send("hi ann")
        .expect_text("one")
        .expect_text("three")
        .expect_silence();
}

#[test]
fn selmer_filters_and_tags() {
    let lab = Lab::yaml(
        r#"
- websocket:
    path: /ws/:name
    on-message:
      - { pattern: upper, response: "{{path-params.name|upper}}" }
      - { pattern: capitalize, response: "{{path-params.name|capitalize}}" }
      - { pattern: default, response: '{{query-params.none|default:"nobody"}}' }
      - { pattern: safe, response: "{{path-params.name|safe}}" }
      - { pattern: if, response: '{% if query-params.token = "abc" %}yes{% else %}no{% endif %}' }
      - { pattern: ifequal, response: '{% ifequal query-params.token "abc" %}same{% endifequal %}' }
      - { pattern: plain comment, response: 'a{# not sent #}b' }
      - { pattern: '{"tags": "{{json-params.tags}}"}', response: '{% for x in json-params.tags %}{{x}};{% endfor %}{{json-params.tags.1}} {{json-params.tags|count}} {{json-params.tags|join:"+"}}' }
"#,
    )
    .start();
    let mut client = lab.connect("/ws/ann?token=abc");
    client.send("upper").expect_text("ANN");
    client.send("capitalize").expect_text("Ann");
    client.send("default").expect_text("nobody");
    client.send("safe").expect_text("ann");
    client.send("if").expect_text("yes");
    client.send("ifequal").expect_text("same");
    client.send("plain comment").expect_text("ab");
    client
        .send(r#"{"tags":["a","b"]}"#)
        .expect_text("a;b;b 2 a+b");
    lab.connect("/ws/ann?token=x").send("if").expect_text("no");
}

#[test]
fn holes_may_have_positions_and_stand_side_by_side() {
    let server = Lab::file(
        "mock.yml",
        r#"
- websocket:
    path: /x
    on-message:
      - { pattern: '{"list": ["{{json-params.list[0]}}", 2]}', response: 'first {{json-params.list[0]}}' }
      - { pattern: 'pair {{json-params.a}}{{json-params.b}}', response: '<{{json-params.a}}><{{json-params.b}}>' }
"#,
    )
    .start();
    let mut client = server.connect("/x");
    client
        .send(r#"{"list":["one",2]}"#)
        .expect_text("first one");
    client.send("pair three").expect_text("<><three>");
}
