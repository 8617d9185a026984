//! The names scripts see.

use serde_json::json;
use sockeye_script::js::{Effect, LogLevel, Payload, Returned};

use crate::world::{World, broadcast, eval, handle, log, send, state, text, thrown};

#[test]
fn connection_tells_the_facts() {
    let world = World::new();
    let connection = world.open("conn-7");
    world
        .server
        .rooms
        .lock()
        .unwrap()
        .insert("lobby".to_owned(), vec!["conn-7".to_owned()]);
    let told: serde_json::Value =
        serde_json::from_str(&eval(&connection, "return connection")).unwrap();
    let expected = json!({
        "id": "conn-7", "path": "/chat", "query": {"token": "abc", "tag": ["a", "b"]},
        "params": {"room": "lobby"}, "headers": {"host": "localhost", "x-a": "1, 2"},
        "remote_addr": "127.0.0.1:5000", "connected_at": 1_699_999_999_123_i64, "rooms": ["lobby"],
    });
    assert_eq!(told, expected);
    assert_eq!(
        eval(&connection, "return String(connection.subprotocol)"),
        "undefined"
    );
}

#[test]
fn send_encodes_like_a_return_value_and_nothing_is_nothing() {
    let world = World::new();
    let source =
        "connection.send({a: 1}); connection.send('x'); connection.send(null); connection.send();
      connection.send(new Uint8Array([9])); return 'last'";
    let outcome = handle(&world.open("conn-1"), source, "{}");
    let bytes = Effect::Send(Payload::Binary(vec![9]));
    assert_eq!(outcome.effects, [send(r#"{"a":1}"#), send("x"), bytes]);
    assert_eq!(text(&outcome), "last");
}

#[test]
fn close_checks_its_code_and_reason() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, code, reason) in [
        ("connection.close()", 1000, ""),
        ("connection.close(4001, 'bye')", 4001, "bye"),
        ("connection.close(undefined, 'x')", 1000, "x"),
    ] {
        let close = Effect::Close {
            code,
            reason: reason.to_owned(),
        };
        assert_eq!(handle(&connection, source, "{}").effects, [close]);
    }
    for code in [
        "999", "1005", "1006", "1015", "2000", "5000", "1000.5", "'1000'", "NaN",
    ] {
        let outcome = handle(&connection, &format!("connection.close({code})"), "{}");
        assert_eq!(outcome.effects, []);
        let expected = "RangeError: connection.close: the code must be 1000 to 1003, 1007 to 1014 or 3000 to 4999";
        assert_eq!(thrown(&outcome), expected);
    }
    let long = handle(&connection, "connection.close(1000, 'x'.repeat(124))", "{}");
    let expected =
        "RangeError: connection.close: the reason is 124 bytes long, the limit is 123 bytes";
    assert_eq!(thrown(&long), expected);
}

#[test]
fn rooms_show_what_the_call_has_done_so_far() {
    let world = World::new();
    let connection = world.open("conn-1");
    world.server.rooms.lock().unwrap().insert(
        "a".to_owned(),
        vec!["conn-1".to_owned(), "conn-2".to_owned()],
    );
    let source = "const before = [rooms.list(), rooms.size('a'), rooms.members('b')];
      rooms.join('b'); rooms.leave('a'); rooms.join('b');
      return [before, rooms.list(), connection.rooms, rooms.members('a'), rooms.size('b'),
        broadcast('a', 1), broadcast('b', 1), broadcast('c', 1)]";
    let outcome = handle(&connection, source, "{}");
    assert_eq!(
        text(&outcome),
        r#"[[["a"],2,[]],["b"],["b"],["conn-2"],1,1,1,0]"#
    );
    assert_eq!(outcome.effects.len(), 6);
}

#[test]
fn a_room_has_a_proper_name() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, message) in [
        (
            "rooms.join('/x')",
            "RangeError: rooms.join: a room cannot be called `/x`",
        ),
        (
            "rooms.join('')",
            "RangeError: rooms.join: a room cannot be called ``",
        ),
        (
            "rooms.leave('*')",
            "RangeError: rooms.leave: a room cannot be called `*`",
        ),
        (
            "rooms.join(message.room)",
            "TypeError: rooms.join: the room's name must be a string, it is undefined",
        ),
        (
            "rooms.size(5)",
            "TypeError: rooms.size: the room's name must be a string, it is a number",
        ),
        (
            "rooms.join('x'.repeat(2000))",
            "RangeError: a text of 2000 units is too long, the limit is 1024 bytes",
        ),
        (
            "broadcast(5, 'x')",
            "TypeError: broadcast: the target must be a string, it is a number",
        ),
    ] {
        let outcome = handle(&connection, source, "{}");
        assert_eq!(thrown(&outcome), message);
        assert_eq!(outcome.effects, []);
    }
}

#[test]
fn broadcast_has_one_or_two_arguments() {
    let world = World::new();
    let outcome = handle(
        &world.open("conn-1"),
        "return [broadcast({a: 1}), broadcast('*', 'x'), broadcast('r', null), broadcast()]",
        "{}",
    );
    assert_eq!(text(&outcome), "[3,9,0,0]");
    let here = Effect::Broadcast {
        target: None,
        payload: Payload::Text(r#"{"a":1}"#.to_owned()),
    };
    assert_eq!(outcome.effects, [here, broadcast("*", "x")]);
}

#[test]
fn shared_has_all_its_operations() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, expected) in [
        ("return await shared.set('k', {a: [1]})", "true"),
        ("return await shared.get('k')", r#"{"a":[1]}"#),
        (
            "return [await shared.exists('k'), await shared.del('k'), await shared.exists('k')]",
            "[true,true,false]",
        ),
        (
            "return [await shared.incr('n', 5), await shared.decr('n'), await shared.decr('n', 2)]",
            "[5,4,2]",
        ),
        ("return await shared.keys()", r#"["n"]"#),
        (
            "await shared.set('gone', 1, {ttl_ms: 0}); return [await shared.get('gone')]",
            "[null]",
        ),
        (
            "return await Promise.all([shared.incr('m'), shared.incr('m'), shared.incr('m')])",
            "[1,2,3]",
        ),
        (
            "try { await shared.set('t', 'x'); await shared.incr('t') } catch (e) { return e.message }",
            "the value of `t` is not an integer",
        ),
    ] {
        assert_eq!(eval(&connection, source), expected, "{source}");
    }
    for (source, message) in [
        (
            "await shared.incr('t')",
            "Error: the value of `t` is not an integer",
        ),
        (
            "await shared.get(5)",
            "TypeError: shared.get: the key must be a string, it is a number",
        ),
        (
            "await shared.incr('n', 0.5)",
            "RangeError: shared.incr: the amount must be a whole number",
        ),
        (
            "await shared.set('n', 1, {ttl_ms: -1})",
            "RangeError: shared.set: ttl_ms must be a number of milliseconds",
        ),
    ] {
        assert_eq!(
            thrown(&handle(&connection, source, "{}")),
            message,
            "{source}"
        );
    }
}

#[test]
fn env_template_and_console() {
    let world = World::new();
    let connection = world.open("conn-7");
    assert_eq!(
        eval(
            &connection,
            "return [env.API_TOKEN, String(env.HOME), template('I am {{me}}')]"
        ),
        r#"["s3cret","undefined","I am conn-7"]"#
    );
    let bad = handle(&connection, "template('{{bad}}')", "{}");
    assert_eq!(thrown(&bad), "Error: template: `bad` is not known");
    let source = "console.log('a', 1, {b: 2}); console.info(); console.warn(undefined, null);
      console.error(new TypeError('no')); console.debug([1])";
    let logged = handle(&connection, source, "{}");
    let expected = [
        log(LogLevel::Info, r#"a 1 {"b":2}"#),
        log(LogLevel::Info, ""),
        log(LogLevel::Warn, "undefined null"),
        log(LogLevel::Error, "TypeError: no"),
        log(LogLevel::Debug, "[1]"),
    ];
    assert_eq!(logged.effects, expected);
    assert_eq!(logged.result, Ok(Returned::Nothing));
}

#[test]
fn the_state_is_seen_from_outside() {
    let world = World::new();
    let connection = world.open("conn-1");
    assert_eq!(state(&connection), None);
    handle(&connection, "state.list = [1]; state.list.push(2)", "{}");
    assert_eq!(state(&connection), Some(json!({"list": [1, 2]})));
    handle(&connection, "state.self = state", "{}");
    assert_eq!(state(&connection), None, "what is not JSON cannot be shown");
}
