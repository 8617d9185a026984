//! JavaScript in files: the guide's scripted snippets, what scripts can cause, and how they fail.

use serde_json::{Value, json};

use crate::lab::{Client, Lab, Server};

fn guide(number: &str) -> Server {
    Lab::existing(&crate::lab::snippet(number)).start()
}

/// A handler of type `script`.
fn script(body: &str) -> Server {
    let body = body.replace('\n', "\n        ");
    Lab::yaml(&format!(
        "websocket:\n  handlers:\n    - path: /s\n      type: script\n      script: |\n        {body}\n"
    ))
    .start()
}

#[test]
fn the_scripted_handler_of_the_guide_counts_the_messages_of_each_connection() {
    let server = guide("06");
    let mut client = server.connect("/custom");
    for number in 1..=3 {
        client.send(&json!({"id": number * 10}).to_string());
        let answer = client.json();
        assert_eq!(answer["type"], "response");
        assert_eq!(answer["request_id"], number * 10);
        assert_eq!(answer["message_number"], number);
        assert!(answer["timestamp"].as_i64() > Some(1_600_000_000_000));
    }
    // Not JSON: the script throws, nothing is said, the connection and its state stay.
    client.send("not JSON").send(r#"{"id":"x"}"#);
    let answer = client.json();
    assert_eq!(
        (&answer["request_id"], &answer["message_number"]),
        (&json!("x"), &json!(5))
    );
    let mut other = server.connect("/custom");
    assert_eq!(other.send("{}").json()["message_number"], 1);
    server.expect_log(&[
        "06-scripted-handler.yaml:12",
        "a script failed",
        "SyntaxError",
    ]);
}

fn joined(client: &mut Client, room: &str) -> Value {
    client
        .send(&json!({"action": "join", "room": room}).to_string())
        .json()
}

#[test]
fn the_chat_of_the_guide() {
    let server = guide("07");
    let mut ann = server.connect("/chat");
    let mut bob = server.connect("/chat");
    let mut cid = server.connect("/chat");
    let own = joined(&mut ann, "a");
    assert_eq!(own["type"], "user_joined", "the sender is included");
    assert_eq!(joined(&mut cid, "b")["type"], "user_joined");
    let bobs = joined(&mut bob, "a");
    assert_eq!(ann.json(), bobs, "both members of the room get the same");
    assert_ne!(own["user"], bobs["user"]);
    bob.send(r#"{"action":"message","room":"a","text":"hello"}"#);
    for client in [&mut ann, &mut bob] {
        let chat = client.json();
        assert_eq!(chat["type"], "chat");
        assert_eq!(chat["from"], bobs["user"]);
        assert_eq!(
            chat["text"], "hello",
            "the field of the message, not its raw text"
        );
    }
    bob.send(r#"{"action":"leave","room":"a"}"#);
    for client in [&mut ann, &mut bob] {
        assert_eq!(
            client.json(),
            json!({"type": "user_left", "user": bobs["user"]})
        );
    }
    // Who has left hears nothing more, and neither does another room.
    ann.send(r#"{"action":"message","room":"a","text":"alone"}"#);
    assert_eq!(ann.json()["text"], "alone");
    for (client, room) in [(&mut bob, "z"), (&mut cid, "z")] {
        assert_eq!(joined(client, room)["type"], "user_joined");
    }
}

#[test]
fn a_connection_that_ends_leaves_its_rooms() {
    let server = script(
        "const room = JSON.parse(message.text).room;\n\
         if (room) { rooms.join(room); return 'in ' + room; }\n\
         return { size: rooms.size('a'), members: rooms.members('a'), own: rooms.list() };",
    );
    let mut first = server.connect("/s");
    let mut second = server.connect("/s");
    first.send(r#"{"room":"a"}"#).expect_text("in a");
    second.send(r#"{"room":"a"}"#).expect_text("in a");
    first
        .send("{}")
        .expect_json(json!({"size": 2, "members": ["conn-1", "conn-2"], "own": ["a"]}));
    drop(second);
    let alone = json!({"size": 1, "members": ["conn-1"], "own": ["a"]});
    crate::lab::eventually("the other one has left", || {
        (first.send("{}").json() == alone).then_some(())
    });
}

#[test]
fn the_stateful_handler_of_the_guide() {
    let server = guide("17");
    let mut client = server.connect("/stateful");
    // Not logged in: the condition is false, no other rule, no answer.
    client.send(r#"{"type":"subscribe","channel":"early"}"#);
    client.send(r#"{"type":"auth","token":"wrong"}"#);
    client.expect_json(json!({"type": "auth_failed"}));
    client.send(r#"{"type":"subscribe","channel":"still early"}"#);
    client.send(r#"{"type":"auth","token":"valid-token"}"#);
    client.expect_json(json!({"type": "auth_success"}));
    client.send(r#"{"type":"subscribe","channel":"news"}"#);
    client.expect_json(json!({"type": "subscribed", "channel": "news"}));
    // The initial state is each connection's own.
    let mut other = server.connect("/stateful");
    other.send(r#"{"type":"subscribe","channel":"news"}"#);
    other.send(r#"{"type":"auth"}"#);
    other.expect_json(json!({"type": "auth_failed"}));
}

#[test]
fn state_without_redis_is_shared_by_all_connections_of_a_server() {
    let text = std::fs::read_to_string(crate::lab::snippet("18")).expect("the snippet");
    let local = text.replace("    redis_url: \"redis://localhost:6379\"\n", "");
    assert_ne!(local, text);
    let server = Lab::yaml(&local).start();
    let mut client = server.connect("/shared");
    client.send(r#"{"type":"get_counter"}"#);
    client.expect_json(json!({"type": "counter", "value": 0}));
    client.send(r#"{"type":"increment"}"#);
    client.expect_json(json!({"type": "counter_updated", "value": 1}));
    client.expect_json(json!({"type": "incremented", "value": 1}));
    drop(client);
    let mut clients: Vec<_> = (0..10).map(|_| server.connect("/shared")).collect();
    for client in &mut clients {
        for _ in 0..10 {
            client.send(r#"{"type":"increment"}"#);
        }
    }
    let mut seen: Vec<i64> = Vec::new();
    for client in &mut clients {
        let mut own = 0;
        // Every increment of anyone is told to all, and each one's own to itself.
        for _ in 0..110 {
            let message = client.json();
            if message["type"] == "incremented" {
                seen.extend(message["value"].as_i64());
                own += 1;
            }
        }
        assert_eq!(own, 10);
    }
    seen.sort_unstable();
    assert_eq!(seen, (2..=101).collect::<Vec<i64>>());
}

#[test]
fn return_values_become_messages() {
    let server = script(
        "switch (message.text) {\n\
         \x20 case 'object': return { b: 1, a: [true, null], no: undefined, at: new Date(0) };\n\
         \x20 case 'array': return [1, 'two'];\n\
         \x20 case 'number': return 1.5;\n\
         \x20 case 'text': return 'as \"it\" is';\n\
         \x20 case 'bytes': return new Uint8Array([0, 255]);\n\
         \x20 case 'promise': return Promise.resolve('later');\n\
         \x20 case 'null': return null;\n\
         \x20 case 'send': connection.send('first'); connection.send({ n: 2 }); return 'third';\n\
         \x20 default: return message.type + ' ' + message.size;\n\
         }",
    );
    let mut client = server.connect("/s");
    client
        .send("object")
        .expect_text(r#"{"b":1,"a":[true,null],"at":"1970-01-01T00:00:00.000Z"}"#);
    client.send("array").expect_text(r#"[1,"two"]"#);
    client.send("number").expect_text("1.5");
    client.send("text").expect_text("as \"it\" is");
    client.send("bytes").expect_binary(&[0, 255]);
    client.send("promise").expect_text("later");
    client.send("null").send("send").expect_text("first");
    client.expect_text(r#"{"n":2}"#).expect_text("third");
    client.send_binary(&[1, 2, 3]).expect_text("binary 3");
}

#[test]
fn answers_keep_the_order_of_the_messages() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /s
      rules:
        - match: { type: slow }
          handler: |
            for (let i = 0; i < 20; i++) await shared.incr("n");
            return { slow: message.n };
        - match: { type: "if" }
          when: "message.n % 2 == 0"
          response: { even: "{{message.n}}" }
        - match: { type: quick }
          response: { quick: "{{message.n}}" }
"#,
    )
    .start();
    let mut raw = server.raw_socket("/s");
    let kinds = ["slow", "quick", "if", "quick"];
    let kind = |n: usize| kinds[n % kinds.len()];
    let frames: Vec<u8> = (0..400)
        .map(|n| json!({"type": kind(n), "n": n}).to_string())
        .flat_map(|text| crate::lab::frame(0x81, text.as_bytes()))
        .collect();
    raw.send(&frames);
    raw.send(&crate::lab::frame(0x88, &1000_u16.to_be_bytes()));
    for n in 0..400 {
        let wanted = match kind(n) {
            "slow" => json!({"slow": n}),
            "quick" => json!({"quick": n}),
            _ if n % 2 == 0 => json!({"even": n}),
            _ => continue,
        };
        let frame = raw.frame().expect("an answer");
        assert_eq!(String::from_utf8_lossy(&frame.payload), wanted.to_string());
    }
    assert_eq!(
        raw.close_code(),
        Some(1000),
        "the Close waits for all answers"
    );
}

#[test]
fn rules_with_conditions_are_tried_in_order() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /s
      state: { initial: { seen: 0 } }
      rules:
        - match: { op: count }
          when: "++state.seen > 2"
          continue: true
          response: "more than two"
        - match: { op: count }
          when: "no.such.name"
          response: never
        - match: { op: count }
          handler: "return state.seen"
          then:
            - handler: "return 'then ' + message.op + ' ' + state.seen"
            - response: "and last {{message.op}}"
        - response: other
"#,
    )
    .start();
    let mut client = server.connect("/s");
    let then = |client: &mut Client, n: u8| {
        client.expect_text(&n.to_string());
        client.expect_text(&format!("then count {n}"));
        client.expect_text("and last count");
    };
    for n in [1, 2] {
        client.send(r#"{"op":"count"}"#);
        then(&mut client, n);
    }
    client
        .send(r#"{"op":"count"}"#)
        .expect_text("more than two");
    then(&mut client, 3);
    client.send("x").expect_text("other");
    server.expect_log(&["mock.yml:12", "a script failed", "ReferenceError"]);
}

#[test]
fn a_rule_can_be_used_up_tell_a_room_and_close() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /s
      rules:
        - match: { op: join }
          handler: "rooms.join('r'); return 'in'"
        - match: { op: twice }
          times: 2
          response: "still"
        - match: { op: twice }
          response: "used up"
        - match: { op: tell }
          response: "told"
          broadcast: { room: "{{message.to}}", message: { from: "{{connection.id}}" } }
        - match: { op: bye }
          response: "going"
          close: { code: 4001, reason: "{{message.why}}" }
"#,
    )
    .start();
    let mut one = server.connect("/s");
    let mut two = server.connect("/s");
    two.send(r#"{"op":"join"}"#).expect_text("in");
    for text in ["still", "still", "used up", "used up"] {
        one.send(r#"{"op":"twice"}"#).expect_text(text);
    }
    two.send(r#"{"op":"twice"}"#).expect_text("still");
    one.send(r#"{"op":"tell","to":"r"}"#).expect_text("told");
    two.expect_json(json!({"from": "conn-1"}));
    one.send(r#"{"op":"bye","why":"done"}"#)
        .expect_text("going");
    one.expect_farewell(4001, "done");
}

#[test]
fn scripts_run_when_a_connection_opens_and_when_it_has_ended() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: "/room/{name}"
      on_connect:
        handler: |
          rooms.join(connection.params.name);
          broadcast(connection.params.name, connection.id + " came");
          return "welcome " + connection.query.as;
      on_close:
        handler: |
          broadcast(connection.params.name, connection.id + " went");
"#,
    )
    .start();
    let mut one = server.connect("/room/x?as=ann");
    one.expect_text("conn-1 came").expect_text("welcome ann");
    let mut two = server.connect("/room/x?as=bob");
    two.expect_text("conn-2 came").expect_text("welcome bob");
    one.expect_text("conn-2 came");
    drop(two);
    one.expect_text("conn-2 went");
    let mut three = server.connect("/room/x?as=eve");
    three.expect_text("conn-3 came").close();
    three.expect_text("welcome eve");
    one.expect_text("conn-3 came").expect_text("conn-3 went");
}

#[test]
fn broadcasts_reach_paths_rooms_and_everyone() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /a
      type: script
      script: |
        const { to, text } = message.json;
        return "reached " + (to === undefined ? broadcast(text) : broadcast(to, text));
    - path: "/b/{id}"
"#,
    )
    .start();
    let mut one = server.connect("/a");
    let mut two = server.connect("/a");
    let mut three = server.connect("/b/3");
    let mut four = server.connect("/b/4");
    one.send(r#"{"text":"here"}"#)
        .expect_text("here")
        .expect_text("reached 2");
    two.expect_text("here");
    one.send(r#"{"to":"/b/{id}","text":"route"}"#)
        .expect_text("reached 2");
    three.expect_text("route");
    four.expect_text("route");
    one.send(r#"{"to":"/b/3","text":"path"}"#)
        .expect_text("reached 1");
    three.expect_text("path");
    one.send(r#"{"to":"*","text":"all"}"#)
        .expect_text("all")
        .expect_text("reached 4");
    for client in [&mut two, &mut three, &mut four] {
        client.expect_text("all");
    }
    one.send(r#"{"to":"nobody","text":"x"}"#)
        .expect_text("reached 0");
}

#[test]
fn a_scheduled_message_can_have_a_condition() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /s
      scheduled:
        - interval_ms: 10
          jitter_ms: 5
          when: "state.on"
          message: "tick {{sequence}}"
      rules:
        - handler: "state.on = message.on; return 'set'"
"#,
    )
    .start();
    let mut client = server.connect("/s");
    client.send(r#"{"on":false}"#).expect_text("set");
    client.send(r#"{"on":true}"#).expect_text("set");
    client.expect_text("tick 1").expect_text("tick 2");
    client.send(r#"{"on":false}"#);
    let ticks = std::iter::from_fn(|| Some(client.text()).filter(|text| text != "set"));
    assert!(ticks.count() < 1_000);
    client.send(r#"{"on":false}"#).expect_text("set");
}

#[test]
fn an_endless_script_holds_up_nobody_else() {
    let server = Lab::yaml(
        r#"
websocket:
  script: { timeout_ms: 300 }
  handlers:
    - path: /s
      type: script
      script: |
        if (message.text === "hang") for (;;) {}
        return message.text;
    - path: /echo
      type: echo
"#,
    )
    .start();
    let mut bad = server.connect("/s");
    let mut echo = server.connect("/echo");
    bad.send("hang").send("alive");
    for _ in 0..50 {
        echo.send("x").expect_text("x");
    }
    bad.expect_text("alive");
    server.expect_log(&["conn-1", "mock.yml:", "did not end within 300 ms"]);
}

#[test]
fn only_named_environment_variables_are_seen() {
    let server = Lab::yaml(
        r#"
websocket:
  script: { env_allow: [PUBLIC] }
  handlers:
    - path: /s
      type: script
      script: |
        const text = template("{{connection.path}} {{env.PUBLIC}}" + message.text);
        return { public: env.PUBLIC, secret: env.SECRET, text };
"#,
    )
    .env("PUBLIC", "yes")
    .env("SECRET", "no")
    .start();
    let mut client = server.connect("/s");
    client
        .send("")
        .expect_json(json!({"public": "yes", "text": "/s yes"}));
    // Not even if a script takes a peer's text for a template.
    client
        .send(" {{env.SECRET}}")
        .expect_json(json!({"public": "yes", "text": "/s yes "}));
}

#[test]
fn state_survives_a_reload_and_the_new_rules_are_used() {
    let file = |answer: &str| {
        format!(
            "websocket:\n  hot_reload: true\n  handlers:\n    - path: /s\n      state: {{ initial: {{ n: 0 }} }}\n      \
             rules:\n        - handler: \"return '{answer} ' + ++state.n\"\n"
        )
    };
    let server = Lab::yaml(&file("old")).start();
    let mut client = server.connect("/s");
    client.send("").expect_text("old 1");
    server.edit(&file("new"));
    let mut n = 1;
    crate::lab::eventually("the new script answers", || {
        n += 1;
        (client.send("").text() == format!("new {n}")).then_some(())
    });
    // A mistake changes nothing.
    server.edit(&file("'"));
    server.expect_log(&["not reloaded"]);
    client.send("").expect_text(&format!("new {}", n + 1));
}

#[test]
fn what_scripts_log_tells_the_connection() {
    let server = script("console.warn('careful', { n: 1 });\nreturn 'ok'");
    server.connect("/s").send("").expect_text("ok");
    server.expect_log(&["WARN", "conn-1", "careful"]);
}

#[test]
fn methods_of_json_rpc_can_be_scripts_and_late() {
    let server = Lab::yaml(
        r#"
websocket:
  handlers:
    - path: /rpc
      type: jsonrpc
      methods:
        - name: add
          handler: "return params.a + params.b"
        - name: fail
          handler: "throw { code: 403, message: 'not ' + method, data: { id } }"
        - name: broken
          handler: "no.such.name"
        - name: note
          handler: "state.noted = (state.noted || 0) + 1"
        - name: noted
          handler: "return { noted: state.noted }"
        - name: late
          delay_ms: 50
          response: { result: "late {{params.0}}" }
        - name: plain
          response: { result: true }
"#,
    )
    .start();
    let mut client = server.connect("/rpc");
    let call = |method: &str, params: Value, id: Value| json!({"jsonrpc": "2.0", "method": method, "params": params, "id": id});
    let ok = |result: Value, id: Value| json!({"jsonrpc": "2.0", "result": result, "id": id});
    client.send(&call("add", json!({"a": 1, "b": 2}), json!("x")).to_string());
    client.expect_json(ok(json!(3), json!("x")));
    client.send(&call("fail", json!([]), json!(7)).to_string());
    client.expect_json(json!({
        "jsonrpc": "2.0",
        "error": {"code": 403, "message": "not fail", "data": {"id": 7}},
        "id": 7,
    }));
    client.send(&call("broken", json!([]), json!(null)).to_string());
    client.expect_json(json!({
        "jsonrpc": "2.0",
        "error": {"code": -32603, "message": "Internal error"},
        "id": null,
    }));
    let note = json!({"jsonrpc": "2.0", "method": "note"});
    let batch = json!([
        note,
        call("add", json!({"a": "a", "b": "b"}), json!(1)),
        call("plain", json!([]), json!(2)),
        note,
        17,
        call("noted", json!([]), json!(3)),
    ]);
    client.send(&batch.to_string());
    client.expect_json(json!([
        ok(json!("ab"), json!(1)),
        ok(json!(true), json!(2)),
        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
        ok(json!({"noted": 2}), json!(3)),
    ]));
    // Nothing but notifications: no answer at all.
    client.send(&json!([note, note]).to_string());
    client.send(&call("noted", json!([]), json!(4)).to_string());
    client.expect_json(ok(json!({"noted": 4}), json!(4)));
    // A late answer does not hold up the next call.
    client.send(&call("late", json!(["a"]), json!(5)).to_string());
    client.send(&call("plain", json!([]), json!(6)).to_string());
    client.expect_json(ok(json!(true), json!(6)));
    client.expect_json(ok(json!("late a"), json!(5)));
    let late = json!([
        call("plain", json!([]), json!(7)),
        call("late", json!(["b"]), json!(8))
    ]);
    client.send(&late.to_string());
    client.expect_json(json!([
        ok(json!(true), json!(7)),
        ok(json!("late b"), json!(8))
    ]));
}

#[test]
fn what_peers_send_cannot_forge_or_steer_the_log() {
    let server = script("console.log(message.text);\nreturn 'ok'");
    let mut client = server.connect("/s");
    let payloads = [
        "a\n2026-01-01 WARN forged",
        "a\r\nb",
        "a\rb",
        "\u{1b}[31mred",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "bell \u{7}",
        "back \u{8}\u{8}",
        "\0nul",
        "\u{202e}turned",
        "\u{2066}isolated\u{2069}",
        "\u{200f}mark",
        "\u{2028}line",
        "\u{feff}bom",
        "\u{e0041}tag",
    ];
    for payload in payloads {
        client.send(payload).expect_text("ok");
    }
    client.send("the last one").expect_text("ok");
    server.expect_log(&["the last one"]);
    let log = server.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("conn-1")).collect();
    assert_eq!(lines.len(), payloads.len() + 1, "one line each:\n{log}");
    assert!(lines.iter().all(|line| line.contains(" INFO ")), "{log}");
    let steers = |letter: char| letter.is_control() || !letter.is_ascii();
    assert!(!lines.iter().any(|line| line.contains(steers)), "{log}");
}

#[test]
fn greedy_scripts_get_their_budget_and_no_more() {
    let server = Lab::yaml(
        r#"
websocket:
  script: { memory_mb: 16 }
  handlers:
    - path: /s
      type: script
      script: |
        switch (message.text) {
          case "objects": { const all = []; for (;;) all.push({}); }
          case "text": { let text = "x"; for (;;) text += text; }
          case "bytes": return new Uint8Array(1e9);
          case "nested": { let deep = []; for (;;) deep = [deep]; }
          case "state": { state.all = []; for (;;) state.all.push("a text of some length"); }
          default: return "alive";
        }
"#,
    )
    .start();
    // One connection is on one script thread.
    let mut client = server.connect("/s");
    client.send("").expect_text("alive");
    let before = server.memory("VmRSS");
    for greedy in [
        "objects", "text", "bytes", "nested", "state", "objects", "state",
    ] {
        client.send(greedy).send("").expect_text("alive");
    }
    let rise = server.memory("VmHWM").saturating_sub(before);
    assert!(rise <= (16 + 8) * 1024, "{rise} KiB more");
}
