//! `params_schema:` of a JSON-RPC method: calls with other parameters get -32602 and the reason.

use serde_json::{Value, json};

use crate::lab::{Client, Lab};

const FILE: &str = r#"
websocket:
  handlers:
    - path: "/jsonrpc"
      type: jsonrpc
      methods:
        - name: order
          response: { result: fine }
          params_schema:
            title: An order
            type: object
            required: [id, items]
            additionalProperties: false
            properties:
              id: { type: [integer, string], minimum: 1, pattern: "^[a-z]+$" }
              items: { type: array, minItems: 1, maxItems: 2, items: { enum: [a, b, 3] } }
              note: { type: string, minLength: 2, maxLength: 3 }
              share: { type: number, exclusiveMinimum: 0, exclusiveMaximum: 1, maximum: 0.5 }
              odd name!: { const: 1 }
        - name: add
          handler: "return params[0] + params[1]"
          params_schema: { type: array, minItems: 2, items: { type: number } }
        - name: anything
          response: { result: fine }
          params_schema: { additionalProperties: { type: boolean } }
"#;

/// Calls that are right.
const RIGHT: [(&str, &str); 7] = [
    ("order", r#"{"id":1,"items":["a"]}"#),
    (
        "order",
        r#"{"id":2.0,"items":["b",3.0],"note":"äöü","share":0.5}"#,
    ),
    ("order", r#"{"id":"abc","items":[3],"odd name!":1}"#),
    ("anything", ""),
    ("anything", "{}"),
    ("anything", r#"{"a":true}"#),
    ("anything", "[1,2]"),
];

/// Calls that are wrong, and how the reason begins.
const WRONG: [(&str, &str, &str); 18] = [
    ("order", "", "params has no `id`"),
    ("order", "[1]", "params is an array, not of type object"),
    ("order", r#"{"items":["a"]}"#, "params has no `id`"),
    (
        "order",
        r#"{"id":0,"items":["a"]}"#,
        "params.id is not at least 1",
    ),
    (
        "order",
        r#"{"id":1.5,"items":["a"]}"#,
        "params.id is a number, not of type integer or string",
    ),
    (
        "order",
        r#"{"id":null,"items":["a"]}"#,
        "params.id is null, not of type integer or string",
    ),
    ("order", r#"{"id":"ABC","items":["a"]}"#, "params.id is not"),
    (
        "order",
        r#"{"id":1,"items":[]}"#,
        "params.items has 0 items, not at least 1",
    ),
    (
        "order",
        r#"{"id":1,"items":["a","b","a"]}"#,
        "params.items has 3 items, not at most 2",
    ),
    (
        "order",
        r#"{"id":1,"items":["a","c"]}"#,
        "params.items[1] is not",
    ),
    (
        "order",
        r#"{"id":1,"items":["a"],"note":"x"}"#,
        "params.note has 1 characters, not at least 2",
    ),
    (
        "order",
        r#"{"id":1,"items":["a"],"share":0}"#,
        "params.share is not",
    ),
    (
        "order",
        r#"{"id":1,"items":["a"],"share":0.6}"#,
        "params.share is not",
    ),
    (
        "order",
        r#"{"id":1,"items":["a"],"odd name!":2}"#,
        "params[`odd name!`] is not",
    ),
    (
        "order",
        r#"{"id":1,"items":["a"],"x y\n":1}"#,
        "params has a member `x y",
    ),
    ("add", "[1]", "params has 1 items, not at least 2"),
    (
        "add",
        r#"[1,"2"]"#,
        "params[1] is a string, not of type number",
    ),
    (
        "anything",
        r#"{"a":1}"#,
        "params.a is a number, not of type boolean",
    ),
];

fn request(method: &str, params: &str, id: &str) -> String {
    let params = match params {
        "" => String::new(),
        params => format!(r#","params":{params}"#),
    };
    format!(r#"{{"jsonrpc":"2.0","method":"{method}"{params}{id}}}"#)
}

fn call(client: &mut Client, method: &str, params: &str) -> Value {
    client.send(&request(method, params, r#","id":9"#));
    client.json()
}

#[test]
fn calls_with_the_right_parameters_are_answered() {
    let server = Lab::yaml(FILE).start();
    let mut client = server.connect("/jsonrpc");
    for (method, params) in RIGHT {
        let answer = call(&mut client, method, params);
        assert_eq!(answer["result"], "fine", "{method} {params}: {answer}");
    }
    assert_eq!(call(&mut client, "add", "[1,2.5]")["result"], 3.5);
}

#[test]
fn calls_with_others_get_the_error_of_the_protocol_and_the_reason() {
    let server = Lab::yaml(FILE).start();
    let mut client = server.connect("/jsonrpc");
    for (method, params, reason) in WRONG {
        let answer = call(&mut client, method, params);
        assert_eq!(answer["id"], 9);
        let error = &answer["error"];
        assert_eq!(error["code"], -32602, "{method} {params}: {answer}");
        assert_eq!(error["message"], "Invalid params");
        let data = error["data"].as_str().expect("a text");
        assert!(data.starts_with(reason), "{method} {params}: {data}");
    }
}

#[test]
fn notifications_are_not_answered_and_batches_call_by_call() {
    let server = Lab::yaml(FILE).start();
    let mut client = server.connect("/jsonrpc");
    client.send(&request("order", "", "")).expect_silence();
    let calls = [
        request("anything", "", r#","id":1"#),
        request("add", "[]", r#","id":2"#),
        request("add", "[]", ""),
        request("add", "[1,2]", r#","id":3"#),
    ];
    client.send(&format!("[{}]", calls.join(",")));
    let answers = client.json();
    assert_eq!(answers.as_array().map(Vec::len), Some(3), "{answers}");
    assert_eq!(answers[0]["result"], "fine");
    assert_eq!(answers[1]["error"]["code"], -32602);
    assert_eq!(answers[2], json!({"jsonrpc": "2.0", "result": 3, "id": 3}));
}
