//! Several servers on one Redis: values, broadcasts, rooms and counts span them, and Redis may go away.

use serde_json::{Value, json};

use crate::lab::{Client, Lab, Redis, Server, eventually, snippet};

/// A snippet of the guide, with the state of this Redis.
fn on(redis: &Redis, number: &str) -> String {
    let text = std::fs::read_to_string(snippet(number)).expect("the snippet");
    let url = redis.url();
    if text.contains("redis_url") {
        text.replace("redis://localhost:6379", &url)
    } else {
        let section = format!("websocket:\n  shared_state: {{ redis_url: \"{url}\" }}\n");
        text.replacen("websocket:\n", &section, 1)
    }
}

fn two(text: &str) -> [Server; 2] {
    [Lab::yaml(text).start(), Lab::yaml(text).start()]
}

fn value(client: &mut Client) -> i64 {
    client.send(r#"{"type":"get_counter"}"#);
    loop {
        let message = client.json();
        if message["type"] == "counter" {
            return message["value"].as_i64().expect("a whole number");
        }
    }
}

#[test]
fn the_shared_counter_of_the_guide_spans_two_servers() {
    let redis = Redis::start();
    let [one, two] = two(&on(&redis, "18"));
    let (mut ann, mut bob) = (one.connect("/shared"), two.connect("/shared"));
    assert_eq!((value(&mut ann), value(&mut bob)), (0, 0));
    ann.send(r#"{"type":"increment"}"#);
    ann.expect_json(json!({"type": "counter_updated", "value": 1}));
    ann.expect_json(json!({"type": "incremented", "value": 1}));
    bob.expect_json(json!({"type": "counter_updated", "value": 1}));
    bob.send(r#"{"type":"increment"}"#);
    bob.expect_json(json!({"type": "counter_updated", "value": 2}));
    bob.expect_json(json!({"type": "incremented", "value": 2}));
    ann.expect_json(json!({"type": "counter_updated", "value": 2}));
    for _ in 0..50 {
        ann.send(r#"{"type":"increment"}"#);
        bob.send(r#"{"type":"increment"}"#);
    }
    eventually("both see all", || {
        (value(&mut ann) == 102 && value(&mut bob) == 102).then_some(())
    });
    // It survives the servers.
    drop((ann, bob, one, two));
    let again = Lab::yaml(&on(&redis, "18")).start();
    assert_eq!(value(&mut again.connect("/shared")), 102);
}

#[test]
fn rooms_span_two_servers() {
    let redis = Redis::start();
    let [one, two] = two(&on(&redis, "07"));
    let (mut ann, mut bob) = (one.connect("/chat"), two.connect("/chat"));
    let join = r#"{"action":"join","room":"r"}"#;
    ann.send(join);
    assert_eq!(ann.json()["type"], "user_joined");
    bob.send(join);
    assert_eq!(bob.json()["type"], "user_joined");
    assert_eq!(ann.json()["type"], "user_joined");
    for number in 0..100 {
        let text = json!({"action": "message", "room": "r", "text": number});
        ann.send(&text.to_string());
    }
    for number in 0..100 {
        for client in [&mut ann, &mut bob] {
            assert_eq!(client.json()["text"], number, "in order on both servers");
        }
    }
}

/// Tells who is in room `r`, how many are connected, and how many a broadcast would reach.
const CENSUS: &str = r#"
  handlers:
    - path: /s
      type: script
      script: |
        if (message.text === "join") rooms.join("r");
        return { size: rooms.size("r"), reached: broadcast("r", new Uint8Array([7])), count: +template("{{connection_count}}") };
"#;

fn census(client: &mut Client, text: &str) -> Value {
    client.send(text);
    loop {
        // Members of the room also get its broadcasts, which are binary.
        if let Some(text) = client.text_if_text() {
            return serde_json::from_str(&text).expect("JSON");
        }
    }
}

#[test]
fn who_is_there_is_known_on_all_servers_and_forgotten_when_one_ends() {
    let redis = Redis::start();
    let url = redis.url();
    let text = format!("websocket:\n  shared_state: {{ redis_url: \"{url}\" }}{CENSUS}");
    let [one, two] = two(&text);
    let (mut ann, mut bob) = (one.connect("/s"), two.connect("/s"));
    census(&mut bob, "join");
    let both = json!({"size": 2, "reached": 2, "count": 2});
    census(&mut ann, "join");
    eventually("both know both", || {
        (census(&mut ann, "") == both && census(&mut bob, "") == both).then_some(())
    });
    two.terminate().expect_code(0);
    let alone = json!({"size": 1, "reached": 1, "count": 1});
    eventually("the goodbye is heard", || {
        (census(&mut ann, "") == alone).then_some(())
    });
}

#[test]
fn redis_may_go_away_and_come_back() {
    let mut redis = Redis::start();
    let server = Lab::yaml(&on(&redis, "18")).start();
    let mut client = server.connect("/shared");
    assert_eq!(value(&mut client), 0);
    redis.kill();
    client.send(r#"{"type":"get_counter"}"#);
    server.expect_log(&["a script failed", "is not reachable"]);
    redis.restart();
    // The connection is the same, and Redis came back empty.
    eventually("the state is back", || {
        client.send(r#"{"type":"increment"}"#);
        client.send(r#"{"type":"no such"}"#);
        client
            .answered_within(std::time::Duration::from_millis(300))
            .then_some(())
    });
    server.expect_log(&["Redis", "back"]);
}

#[test]
fn a_redis_that_refuses_says_what_to_look_at() {
    let redis = Redis::start();
    redis.wants("right");
    let exit = Lab::yaml(&on(&redis, "18")).fails();
    exit.expect_code(3);
    exit.expect_words(&["NOAUTH", "look at user, password and number in `redis_url`"]);
}

#[test]
fn without_its_redis_a_server_does_not_start_unless_it_may() {
    let file = |extra: &str| {
        let url = "redis://user:hidden@127.0.0.1:1/0";
        format!("websocket:\n  shared_state: {{ redis_url: \"{url}\"{extra} }}{CENSUS}")
    };
    let exit = Lab::yaml(&file("")).fails();
    exit.expect_code(3);
    exit.expect_words(&[
        "cannot connect to Redis at redis://user:",
        "127.0.0.1:1",
        "on_error",
    ]);
    assert!(!exit.stderr.contains("hidden"), "{}", exit.stderr);
    let server = Lab::yaml(&file(", on_error: memory")).start();
    server.expect_log(&["WARN", "cannot connect to Redis", "in memory"]);
    let mut client = server.connect("/s");
    assert_eq!(census(&mut client, "join")["size"], 1);
}
