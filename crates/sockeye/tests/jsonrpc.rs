//! `type: jsonrpc`: JSON-RPC 2.0 as its specification has it, batches and notifications included.

use serde_json::{Value, json};

use crate::lab::{Lab, Server};

const FILE: &str = r#"
websocket:
  handlers:
    - path: "/jsonrpc"
      type: jsonrpc
      methods:
        - name: "user.get"
          response:
            result:
              id: "{{params.id}}"
              name: "John Doe"
              email: "john@example.com"
        - name: sum
          response: {result: {first: "{{params.0}}", id: "{{id}}", method: "{{method}}"}}
        - name: nothing
          response: {}
        - name: broken
          response: {result: "{{upper message.none}}{{math 1 '/' params.zero}}"}
        - name: refuse
          error: {code: 7, message: 'no "{{params.who}}"', data: {who: "{{params.who}}"}}
        - name: "unknown"
          error:
            code: -32601
            message: "Method not found"
"#;

fn server() -> Server {
    Lab::yaml(FILE).start()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "`json!(…)` reads well as an argument"
)]
fn call(method: &str, params: Value, id: Value) -> String {
    json!({"jsonrpc": "2.0", "method": method, "params": params, "id": id}).to_string()
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "`json!(…)` reads well as an argument"
)]
fn error(code: i64, message: &str, id: Value) -> Value {
    json!({"jsonrpc": "2.0", "error": {"code": code, "message": message}, "id": id})
}

#[test]
fn calls_are_answered_with_their_ids() {
    let server = server();
    let mut client = server.connect("/jsonrpc");
    for id in [json!(7), json!("7"), json!(null), json!(1.5), json!(-1)] {
        let user = json!({"id": 42, "name": "John Doe", "email": "john@example.com"});
        client
            .send(&call("user.get", json!({"id": 42}), id.clone()))
            .expect_json(json!({"jsonrpc": "2.0", "result": user, "id": id}));
    }
    client
        .send(&call("sum", json!([5, 6]), json!("x")))
        .expect_text(r#"{"jsonrpc":"2.0","result":{"first":5,"id":"x","method":"sum"},"id":"x"}"#);
    client
        .send(r#"{"jsonrpc":"2.0","method":"user.get","id":1}"#)
        .expect_json(json!({"jsonrpc": "2.0", "id": 1,
            "result": {"id": null, "name": "John Doe", "email": "john@example.com"}}));
    client
        .send(&call("nothing", json!([]), json!(1)))
        .expect_json(json!({"jsonrpc": "2.0", "result": null, "id": 1}));
    client
        .send(&call("refuse", json!({"who": "\"me\""}), json!(1)))
        .expect_json(json!({
            "jsonrpc": "2.0",
            "error": {"code": 7, "message": "no \"\"me\"\"", "data": {"who": "\"me\""}},
            "id": 1,
        }));
}

#[test]
fn what_is_no_request_is_told_so() {
    let server = server();
    let mut client = server.connect("/jsonrpc");
    client
        .send("{nope")
        .expect_json(error(-32700, "Parse error", json!(null)));
    client
        .send_binary(b"\xff")
        .expect_json(error(-32700, "Parse error", json!(null)));
    for (request, id) in [
        ("[]", json!(null)),
        ("1", json!(null)),
        (r#""text""#, json!(null)),
        (r#"{"method":"user.get","id":1}"#, json!(1)),
        (
            r#"{"jsonrpc":"1.0","method":"user.get","id":"a"}"#,
            json!("a"),
        ),
        (r#"{"jsonrpc":"2.0","method":5,"id":2}"#, json!(2)),
        (r#"{"jsonrpc":"2.0","id":2}"#, json!(2)),
        (
            r#"{"jsonrpc":"2.0","method":"user.get","params":"x","id":3}"#,
            json!(3),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"user.get","id":true}"#,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"user.get","id":[1]}"#,
            json!(null),
        ),
        (
            r#"{"jsonrpc":"2.0","method":"user.get","id":{}}"#,
            json!(null),
        ),
    ] {
        client
            .send(request)
            .expect_json(error(-32600, "Invalid Request", id));
    }
    let missing = error(-32601, "Method not found", json!(9));
    client
        .send(&call("no.such", json!({}), json!(9)))
        .expect_json(missing);
    let broken = error(-32603, "Internal error", json!(4));
    client
        .send(&call("broken", json!({"zero": 0}), json!(4)))
        .expect_json(broken);
}

#[test]
fn notifications_are_never_answered() {
    let server = server();
    let mut client = server.connect("/jsonrpc");
    client
        .send(r#"{"jsonrpc":"2.0","method":"user.get","params":{"id":1}}"#)
        .send(r#"{"jsonrpc":"2.0","method":"no.such"}"#)
        .send(r#"[{"jsonrpc":"2.0","method":"user.get"},{"jsonrpc":"2.0","method":"refuse"}]"#)
        .expect_silence();
}

#[test]
fn a_batch_is_answered_in_its_order_without_its_notifications() {
    let server = server();
    let mut client = server.connect("/jsonrpc");
    let batch = format!(
        r#"[{},{{"jsonrpc":"2.0","method":"sum"}},1,{},{}]"#,
        call("nothing", json!([]), json!("a")),
        call("no.such", json!([]), json!("b")),
        call("nothing", json!([]), json!("c")),
    );
    client.send(&batch).expect_json(json!([
        {"jsonrpc": "2.0", "result": null, "id": "a"},
        error(-32600, "Invalid Request", json!(null)),
        error(-32601, "Method not found", json!("b")),
        {"jsonrpc": "2.0", "result": null, "id": "c"},
    ]));
    let invalid = error(-32600, "Invalid Request", json!(null));
    client.send("[1,2]").expect_json(json!([invalid, invalid]));
    client.send_binary(call("nothing", json!([]), json!(1)).as_bytes());
    client.expect_json(json!({"jsonrpc": "2.0", "result": null, "id": 1}));
}

#[test]
fn the_answer_to_a_batch_is_bounded() {
    let file = FILE.replace("websocket:\n", "websocket:\n  max_message_size: 4MiB\n");
    let server = Lab::yaml(&file).start();
    let mut client = server.connect("/jsonrpc");
    let batch = format!("[{}1]", "1,".repeat(200_000));
    let text = "The answer to the batch is too long";
    client
        .send(&batch)
        .expect_json(error(-32603, text, json!(null)));
    client.send(&call("nothing", json!([]), json!(1)));
    client.expect_json(json!({"jsonrpc": "2.0", "result": null, "id": 1}));
}
