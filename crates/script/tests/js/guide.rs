//! Every script of the guide, word for word.

use serde_json::{Value, json};
use sockeye_script::js::{Effect, Returned};

use crate::world::{
    World, broadcast, handle, handler, input, run, script, send, state, text, transform, when,
};

const CUSTOM: &str = r#"// Access connection state
const state = connection.state || { messageCount: 0 };
state.messageCount++;
connection.state = state;

// Parse incoming message
const msg = JSON.parse(message.text);

// Generate response
return {
  type: "response",
  request_id: msg.id,
  message_number: state.messageCount,
  timestamp: Date.now()
};
"#;

const JOIN: &str = r#"rooms.join(message.room);
broadcast(message.room, {
  type: "user_joined",
  user: connection.id
});
"#;

const LEAVE: &str = r#"broadcast(message.room, {
  type: "user_left",
  user: connection.id
});
rooms.leave(message.room);
"#;

const CHAT: &str = r#"broadcast(message.room, {
  type: "chat",
  from: connection.id,
  text: message.text,
  timestamp: Date.now()
});
"#;

const AUTH: &str = r#"if (message.token === "valid-token") {
  state.authenticated = true;
  return { type: "auth_success" };
}
return { type: "auth_failed" };
"#;

const SUBSCRIBE: &str = r#"state.subscriptions.push(message.channel);
return { type: "subscribed", channel: message.channel };
"#;

const GET_COUNTER: &str = r#"const count = await shared.get("counter") || 0;
return { type: "counter", value: count };
"#;

const INCREMENT: &str = r#"const count = await shared.incr("counter");
broadcast("/shared", { type: "counter_updated", value: count });
return { type: "incremented", value: count };
"#;

const INCOMING: &str = r"// Modify messages from client before forwarding
msg.client_id = connection.id;
return msg;
";

const OUTGOING: &str = r"// Modify messages from upstream before sending to client
delete msg.internal_id;
return msg;
";

#[test]
fn the_custom_handler_counts_the_messages_of_each_connection() {
    let world = World::new();
    let custom = script(CUSTOM);
    let (first, second) = (world.open("conn-1"), world.open("conn-2"));
    for (connection, id, number) in [
        (&first, 7, 1),
        (&first, 8, 2),
        (&second, 9, 1),
        (&first, 10, 3),
    ] {
        let outcome = run(connection, &custom, input(&json!({ "id": id }).to_string()));
        let mut answer: Value = serde_json::from_str(text(&outcome)).unwrap();
        let timestamp = answer.as_object_mut().unwrap().remove("timestamp").unwrap();
        assert!(timestamp.as_i64().unwrap() > 1_600_000_000_000);
        let expected = json!({"type": "response", "request_id": id, "message_number": number});
        assert_eq!(answer, expected);
        assert_eq!(outcome.effects, []);
    }
    assert_eq!(state(&first), Some(json!({"messageCount": 3})));
}

#[test]
fn the_chat_handlers_join_broadcast_and_leave() {
    let world = World::new();
    let connection = world.open("conn-7");
    let joined = handle(&connection, JOIN, r#"{"action":"join","room":"lobby"}"#);
    assert_eq!(joined.result, Ok(Returned::Nothing));
    let event = r#"{"type":"user_joined","user":"conn-7"}"#;
    assert_eq!(
        joined.effects,
        [Effect::Join("lobby".to_owned()), broadcast("lobby", event)]
    );

    let left = handle(&connection, LEAVE, r#"{"action":"leave","room":"lobby"}"#);
    let event = r#"{"type":"user_left","user":"conn-7"}"#;
    assert_eq!(
        left.effects,
        [broadcast("lobby", event), Effect::Leave("lobby".to_owned())]
    );

    let said = handle(
        &connection,
        CHAT,
        r#"{"action":"message","room":"lobby","text":"hi"}"#,
    );
    let [
        Effect::Broadcast {
            target,
            payload: sockeye_script::js::Payload::Text(event),
        },
    ] = &said.effects[..]
    else {
        panic!("{said:?}");
    };
    assert_eq!(target.as_deref(), Some("lobby"));
    let event: Value = serde_json::from_str(event).unwrap();
    assert_eq!(
        (&event["text"], &event["from"]),
        (&json!("hi"), &json!("conn-7"))
    );
}

#[test]
fn the_stateful_handler_subscribes_only_after_auth() {
    let world = World::new();
    let initial = json!({"authenticated": false, "subscriptions": []});
    let connection = world.open_with("conn-1", Some(initial.clone()));
    let other = world.open_with("conn-2", Some(initial.clone()));
    let authenticated = when("state.authenticated");
    let subscribe = r#"{"type":"subscribe","channel":"news"}"#;
    let may = |connection| run(connection, &authenticated, input(subscribe)).result;
    assert_eq!(may(&connection), Ok(Returned::Truth(false)));

    let wrong = handle(&connection, AUTH, r#"{"type":"auth","token":"x"}"#);
    assert_eq!(text(&wrong), r#"{"type":"auth_failed"}"#);
    let right = handle(
        &connection,
        AUTH,
        r#"{"type":"auth","token":"valid-token"}"#,
    );
    assert_eq!(text(&right), r#"{"type":"auth_success"}"#);
    assert_eq!(may(&connection), Ok(Returned::Truth(true)));
    assert_eq!(may(&other), Ok(Returned::Truth(false)));

    let subscribed = handle(&connection, SUBSCRIBE, subscribe);
    assert_eq!(
        text(&subscribed),
        r#"{"type":"subscribed","channel":"news"}"#
    );
    let now = json!({"authenticated": true, "subscriptions": ["news"]});
    assert_eq!(state(&connection), Some(now));
    assert_eq!(state(&other), Some(initial));
}

#[test]
fn the_shared_counter_is_null_then_counts_for_everyone() {
    let world = World::new();
    let (first, second) = (world.open("conn-1"), world.open("conn-2"));
    let get = handler(GET_COUNTER);
    let increment = handler(INCREMENT);
    let ask = |connection| text(&run(connection, &get, input("{}"))).to_owned();
    assert_eq!(ask(&first), r#"{"type":"counter","value":0}"#);
    for (connection, count) in [(&first, 1), (&second, 2)] {
        let outcome = run(connection, &increment, input("{}"));
        let answer = json!({"type": "incremented", "value": count}).to_string();
        assert_eq!(text(&outcome), answer);
        let event = json!({"type": "counter_updated", "value": count}).to_string();
        assert_eq!(outcome.effects, [broadcast("/shared", &event)]);
    }
    assert_eq!(ask(&first), r#"{"type":"counter","value":2}"#);
}

#[test]
fn the_transforms_change_json_and_leave_text_alone() {
    let world = World::new();
    let connection = world.open("conn-3");
    let (incoming, outgoing) = (transform(INCOMING), transform(OUTGOING));
    for (script, message, expected) in [
        (&incoming, r#"{"a":1}"#, r#"{"a":1,"client_id":"conn-3"}"#),
        (&incoming, "not json", "not json"),
        (&outgoing, r#"{"internal_id":5,"a":[1]}"#, r#"{"a":[1]}"#),
        (&outgoing, "not json", "not json"),
    ] {
        assert_eq!(text(&run(&connection, script, input(message))), expected);
    }
}

#[test]
fn the_message_of_a_handler_falls_back_to_its_frame() {
    let world = World::new();
    let connection = world.open("conn-1");
    let outcome = handle(
        &connection,
        "connection.send(message.text); return message",
        r#"{"a":1}"#,
    );
    assert_eq!(outcome.effects, [send(r#"{"a":1}"#)]);
    assert_eq!(
        text(&outcome),
        r#"{"a":1}"#,
        "the fallback never leaks into output"
    );
    let own = handle(
        &connection,
        "return message.text + message.$raw.length",
        r#"{"text":"own"}"#,
    );
    assert_eq!(text(&own), "own14");
    let plain = handle(
        &connection,
        "return message.text + Object.keys(message).length",
        "plain",
    );
    assert_eq!(text(&plain), "plain0");
    let list = handle(
        &connection,
        "return [Array.isArray(message), message.length, message.text]",
        "[1,2]",
    );
    assert_eq!(text(&list), r#"[true,2,"[1,2]"]"#);
}
