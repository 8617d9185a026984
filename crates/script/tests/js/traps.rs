//! The four traps of the guide's scripts.

use sockeye_script::js::Returned;

use crate::world::{World, bytes, eval, handle, input, run, script, state, text, transform};

#[test]
fn trap_1_a_script_may_declare_the_names_of_the_host() {
    let world = World::new();
    let connection = world.open("conn-1");
    for name in [
        "message",
        "msg",
        "connection",
        "state",
        "rooms",
        "broadcast",
        "shared",
        "env",
        "console",
    ] {
        assert_eq!(
            eval(
                &connection,
                &format!("const {name} = 'own'; return {name};")
            ),
            "own"
        );
        let outcome = run(
            &connection,
            &transform(&format!("const {name} = 1; return {name}")),
            input("{}"),
        );
        assert_eq!(text(&outcome), "1");
    }
}

#[test]
fn trap_1_a_script_may_end_in_a_comment() {
    let world = World::new();
    assert_eq!(eval(&world.open("conn-1"), "return 1 // the end"), "1");
}

#[test]
fn trap_2_the_state_is_undefined_until_it_is_assigned() {
    let world = World::new();
    let connection = world.open("conn-1");
    assert_eq!(
        eval(&connection, "return String(connection.state)"),
        "undefined"
    );
    assert_eq!(state(&connection), None);
    assert_eq!(
        eval(&connection, "state.n = 1; return connection.state"),
        r#"{"n":1}"#
    );
    assert_eq!(
        eval(
            &connection,
            "connection.state = {m: 2}; return [state, state === connection.state]"
        ),
        r#"[{"m":2},true]"#
    );
    assert_eq!(
        eval(&connection, "state = {k: 3}; return connection.state"),
        r#"{"k":3}"#
    );
}

#[test]
fn trap_3_message_is_the_envelope_in_scripts_and_the_json_in_handlers() {
    let world = World::new();
    let connection = world.open("conn-1");
    let both = "return [message.text, message.type ?? null, message.json ?? null]";
    let message = r#"{"text":"hi"}"#;
    let outcome = run(&connection, &script(both), input(message));
    assert_eq!(
        text(&outcome),
        r#"["{\"text\":\"hi\"}","text",{"text":"hi"}]"#
    );
    assert_eq!(
        text(&handle(&connection, both, message)),
        r#"["hi",null,null]"#
    );
}

#[test]
fn the_envelope_of_a_binary_message_has_its_bytes() {
    let world = World::new();
    let connection = world.open("conn-1");
    let all = script(
        "return [String(message.text), [...message.binary], message.type, message.size, message.timestamp]",
    );
    let outcome = run(&connection, &all, bytes(&[1, 255]));
    assert_eq!(
        text(&outcome),
        r#"["undefined",[1,255],"binary",2,1700000000123]"#
    );
    let back = script("return message.binary");
    let all_bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let outcome = run(&connection, &back, bytes(&all_bytes));
    assert_eq!(outcome.result, Ok(Returned::Binary(all_bytes)));
}

#[test]
fn trap_4_transforms_are_sloppy() {
    let world = World::new();
    let connection = world.open("conn-1");
    let outcome = run(
        &connection,
        &transform("msg.client_id = 1; return msg"),
        input("plain"),
    );
    assert_eq!(text(&outcome), "plain");
    let outcome = run(
        &connection,
        &transform("return [msg, message.text]"),
        input("[1]"),
    );
    assert_eq!(text(&outcome), r#"[[1],"[1]"]"#);
}
