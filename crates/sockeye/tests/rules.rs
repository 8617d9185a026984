//! How `match` compares and what a `response` becomes on the wire.

use crate::lab::{Lab, Server};

/// A pattern as YAML, messages that it matches, messages that it does not.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const VALUES: &[Case] = &[
    (
        "{ a: 1 }",
        &[
            r#"{"a":1}"#,
            r#"{"a":1.0}"#,
            r#"{"a":1e0}"#,
            r#"{"b":{},"a":1}"#,
        ],
        &[
            r#"{"a":"1"}"#,
            r#"{"a":2}"#,
            r#"{"a":true}"#,
            "{}",
            "[1]",
            "1",
            "not json",
            "",
        ],
    ),
    (
        "{ a: 1.5 }",
        &[r#"{"a":1.5}"#, r#"{"a":15e-1}"#],
        &[r#"{"a":1}"#, r#"{"a":"1.5"}"#],
    ),
    (
        "{ a: 9007199254740993 }",
        &[r#"{"a":9007199254740993}"#],
        &[r#"{"a":9007199254740992}"#, r#"{"a":9007199254740994}"#],
    ),
    (
        "{ a: 18446744073709551615 }",
        &[r#"{"a":18446744073709551615}"#],
        &[r#"{"a":18446744073709551614}"#, r#"{"a":-1}"#],
    ),
    (
        r#"{ a: "*" }"#,
        &[
            r#"{"a":null}"#,
            r#"{"a":[]}"#,
            r#"{"a":"x"}"#,
            r#"{"a":false}"#,
        ],
        &["{}", r#"{"b":1}"#, r#"["a"]"#],
    ),
    (
        "{ a: x }",
        &[r#"{"a":"x"}"#],
        &[r#"{"a":"X"}"#, r#"{"a":"x "}"#, r#"{"a":["x"]}"#],
    ),
    (r#"{ a: "1" }"#, &[r#"{"a":"1"}"#], &[r#"{"a":1}"#]),
    (
        "{ a: true }",
        &[r#"{"a":true}"#],
        &[r#"{"a":"true"}"#, r#"{"a":1}"#, r#"{"a":false}"#],
    ),
    (
        "{ a: null }",
        &[r#"{"a":null}"#],
        &["{}", r#"{"a":0}"#, r#"{"a":""}"#, r#"{"a":false}"#],
    ),
    (
        "{ a: { b: 1 } }",
        &[r#"{"a":{"b":1}}"#, r#"{"a":{"c":2,"b":1}}"#],
        &[
            r#"{"a":1}"#,
            r#"{"a":{"c":1}}"#,
            r#"{"a":[{"b":1}]}"#,
            r#"{"b":1}"#,
        ],
    ),
    (
        r#"{ a: [1, "*", { b: 2 }] }"#,
        &[r#"{"a":[1,null,{"b":2,"c":3}]}"#],
        &[
            r#"{"a":[1,null]}"#,
            r#"{"a":[1,0,{"b":2},4]}"#,
            r#"{"a":[0,1,{"b":2}]}"#,
            r#"{"a":1}"#,
        ],
    ),
    (
        "{ a: {} }",
        &[r#"{"a":{}}"#, r#"{"a":{"b":1}}"#],
        &[r#"{"a":[]}"#, r#"{"a":null}"#],
    ),
    (
        "{ a: 1, b: 2 }",
        &[r#"{"b":2,"a":1}"#],
        &[r#"{"a":1}"#, r#"{"b":2}"#],
    ),
    (
        "{}",
        &["{}", r#"{"a":1}"#, " {} "],
        &["[]", "1", "null", "text", r#""{}""#, "{", ""],
    ),
    (r#""*""#, &["", "text", "{}", "[1]", "null"], &[]),
    (
        "some text",
        &["some text"],
        &["some text ", "Some text", r#""some text""#, "{}"],
    ),
];

const OPERATORS: &[Case] = &[
    (
        r#"{ a: { $eq: "*" } }"#,
        &[r#"{"a":"*"}"#],
        &[r#"{"a":"x"}"#, "{}"],
    ),
    (
        r#"{ a: { $regex: "^ord-" } }"#,
        &[r#"{"a":"ord-1"}"#],
        &[r#"{"a":"x ord-1"}"#, r#"{"a":1}"#, "{}"],
    ),
    (
        r#"{ a: { $glob: "orders.*" } }"#,
        &[r#"{"a":"orders.new"}"#],
        &[
            r#"{"a":"order.new"}"#,
            r#"{"a":"x.orders.new"}"#,
            r#"{"a":"ordersxnew"}"#,
        ],
    ),
    (
        r#"{ a: { $in: [1, "x"] } }"#,
        &[r#"{"a":1.0}"#, r#"{"a":"x"}"#],
        &[r#"{"a":2}"#, "{}"],
    ),
    (
        "{ a: { $gt: 1, $lte: 2 } }",
        &[r#"{"a":1.5}"#, r#"{"a":2}"#],
        &[r#"{"a":1}"#, r#"{"a":2.5}"#, r#"{"a":"2"}"#, "{}"],
    ),
    (
        "{ a: { $gte: 1, $lt: 2 } }",
        &[r#"{"a":1}"#, r#"{"a":1.99}"#],
        &[r#"{"a":0.99}"#, r#"{"a":2}"#, r#"{"a":null}"#],
    ),
    (
        "{ a: { $exists: false } }",
        &["{}", r#"{"b":1}"#],
        &[r#"{"a":null}"#, r#"{"a":1}"#, "[]"],
    ),
    ("{ a: { $exists: true } }", &[r#"{"a":null}"#], &["{}"]),
    (
        "{ a: { $contains: x } }",
        &[r#"{"a":["y","x"]}"#, r#"{"a":"axb"}"#],
        &[r#"{"a":["y"]}"#, r#"{"a":"ab"}"#, r#"{"a":1}"#],
    ),
    (
        "{ a: { $not: x } }",
        &[r#"{"a":"y"}"#, r#"{"a":1}"#],
        &[r#"{"a":"x"}"#],
    ),
    (
        "{ a: { $not: { $gt: 1 } } }",
        &[r#"{"a":1}"#],
        &[r#"{"a":2}"#],
    ),
    (
        "{ a: { $type: string } }",
        &[r#"{"a":""}"#],
        &[r#"{"a":1}"#, r#"{"a":null}"#, r#"{"a":["x"]}"#],
    ),
    (
        "{ a: { $type: number } }",
        &[r#"{"a":1}"#, r#"{"a":1.5}"#],
        &[r#"{"a":"1"}"#],
    ),
    (
        "{ $text: hello }",
        &["hello"],
        &["hello you", r#""hello""#, "{}"],
    ),
    (
        r#"{ $jsonpath: "$.user.id" }"#,
        &[r#"{"user":{"id":0}}"#],
        &[r#"{"user":{}}"#, r#"{"id":0}"#, "text"],
    ),
    ("{ $binary: true }", &[], &["text", "{}"]),
];

fn serve(cases: &[Case]) -> Server {
    let mut file = "websocket:\n  handlers:\n".to_owned();
    for (number, (pattern, _, _)) in cases.iter().enumerate() {
        file += &format!("    - path: /case-{number}\n");
        file += &format!("      rules: [{{ match: {pattern}, response: hit }}]\n");
    }
    Lab::yaml(&file).start()
}

fn compare(cases: &[Case]) {
    let lab = serve(cases);
    for (number, (pattern, hits, misses)) in cases.iter().enumerate() {
        let mut client = lab.connect(&format!("/case-{number}"));
        for message in *hits {
            client.send(message);
            assert_eq!(
                client.text_or_silence().as_deref(),
                Some("hit"),
                "{pattern} <- {message}"
            );
        }
        for message in *misses {
            client.send(message);
            assert_eq!(client.text_or_silence(), None, "{pattern} <- {message}");
        }
    }
}

#[test]
fn match_compares_values() {
    compare(VALUES);
}

#[test]
fn match_operators() {
    compare(OPERATORS);
}

#[test]
fn binary_messages_meet_rules_without_match_or_for_binary() {
    let lab = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /all
      rules: [{ response: hit }]
    - path: /star
      rules: [{ match: "*", response: hit }]
    - path: /binary
      rules: [{ match: { $binary: true }, response: hit }]
    - path: /json
      rules: [{ match: {}, response: hit }]
"#,
    )
    .start();
    for path in ["/all", "/star", "/binary"] {
        lab.connect(path)
            .send_binary(&[0xff, 0])
            .expect_text("hit")
            .expect_silence();
    }
    lab.connect("/json")
        .send_binary(&[0xff, 0])
        .expect_silence()
        .send("{}")
        .expect_text("hit");
}

#[test]
fn the_first_rule_that_matches_answers() {
    let lab = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /order
      rules:
        - { match: { a: 1, b: 2 }, response: both }
        - { match: { a: 1 }, response: first }
        - { match: { a: "*" }, response: any }
        - { match: { b: 2 }, response: null }
        - { response: rest }
"#,
    )
    .start();
    let mut client = lab.connect("/order");
    client
        .send(r#"{"b":2,"a":1}"#)
        .expect_text("both")
        .expect_silence();
    client
        .send(r#"{"a":1}"#)
        .expect_text("first")
        .expect_silence();
    client
        .send(r#"{"a":2,"b":2}"#)
        .expect_text("any")
        .expect_silence();
    client.send(r#"{"b":2}"#).expect_silence();
    client.send("text").expect_text("rest").expect_silence();
}

#[test]
fn a_response_is_sent_as_it_was_written() {
    let responses = [
        (
            "{ z: 1, a: { y: 2, b: 3 }, m: x }",
            Some(r#"{"z":1,"a":{"y":2,"b":3},"m":"x"}"#),
        ),
        (
            r#"[1, "x", null, true, {}]"#,
            Some(r#"[1,"x",null,true,{}]"#),
        ),
        ("42", Some("42")),
        ("9007199254740993", Some("9007199254740993")),
        ("true", Some("true")),
        (r#"'say "hi"'"#, Some(r#"say "hi""#)),
        (r#"'{"a":   1}'"#, Some(r#"{"a":   1}"#)),
        (r#""""#, Some("")),
        (r#"{ "{{now}}": 1 }"#, Some(r#"{"{{now}}":1}"#)),
        ("null", None),
    ];
    let mut file = "websocket:\n  handlers:\n".to_owned();
    for (number, (response, _)) in responses.iter().enumerate() {
        file += &format!("    - path: /r{number}\n      rules: [{{ response: {response} }}]\n");
    }
    file += "    - path: /absent\n      rules: [{ match: { a: 1 } }]\n";
    let lab = Lab::yaml(&file).start();
    for (number, (response, expected)) in responses.iter().enumerate() {
        let mut client = lab.connect(&format!("/r{number}"));
        client.send("go");
        assert_eq!(client.text_or_silence().as_deref(), *expected, "{response}");
    }
    lab.connect("/absent").send(r#"{"a":1}"#).expect_silence();
}

#[test]
fn answers_come_in_the_order_of_the_messages() {
    let file = "websocket: { handlers: [{ path: /e, rules: [{ response: '{{message}}' }] }] }";
    let lab = Lab::yaml(file).start();
    let mut client = lab.connect("/e");
    for number in 0..500 {
        client.send(&format!("message {number}"));
    }
    for number in 0..500 {
        client.expect_text(&format!("message {number}"));
    }
}
