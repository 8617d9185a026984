//! What becomes of a return value.

use sockeye_script::js::{Payload, Returned, ScriptError};

use crate::world::{World, eval, handle, input, run, thrown, when};

#[test]
fn each_kind_of_value_is_the_message_it_stands_for() {
    let world = World::new();
    let connection = world.open("conn-1");
    let text = |text: &str| Returned::Text(text.to_owned());
    let binary = |bytes: &[u8]| Returned::Binary(bytes.to_vec());
    for (source, returned) in [
        ("", Returned::Nothing),
        ("return", Returned::Nothing),
        ("return undefined", Returned::Nothing),
        ("return null", Returned::Nothing),
        ("return () => 1", Returned::Nothing),
        ("return Symbol('x')", Returned::Nothing),
        ("return 'as it is'", text("as it is")),
        ("return ''", text("")),
        ("return '\\u{1F600}é'", text("😀é")),
        ("return '<\\uD83D>'", text("<\u{FFFD}>")),
        (
            "return {b: 1, a: [true, null], c: undefined}",
            text(r#"{"b":1,"a":[true,null]}"#),
        ),
        ("return [1, 'x', {}]", text(r#"[1,"x",{}]"#)),
        ("return 0", text("0")),
        ("return 1.5", text("1.5")),
        ("return NaN", text("null")),
        ("return false", text("false")),
        ("return new Date(0)", text(r#""1970-01-01T00:00:00.000Z""#)),
        ("return {toJSON() { return 'short' }}", text(r#""short""#)),
        ("return new Map([[1, 2]])", text("{}")),
        ("return new Uint8Array([1, 2, 255])", binary(&[1, 2, 255])),
        (
            "return new Uint8Array([1, 2, 3]).subarray(1)",
            binary(&[2, 3]),
        ),
        ("return new Uint8Array([7, 8]).buffer", binary(&[7, 8])),
        ("return new Uint8Array(0)", binary(&[])),
        ("return Promise.resolve({a: 1})", text(r#"{"a":1}"#)),
        (
            "return {then(resolve) { resolve('thenable') }}",
            text("thenable"),
        ),
        ("return await (async () => 5)()", text("5")),
    ] {
        let outcome = handle(&connection, source, "{}");
        assert_eq!(outcome.result, Ok(returned), "{source}");
    }
}

#[test]
fn what_json_cannot_write_is_an_error() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, message) in [
        (
            "return 10n",
            "TypeError: BigInt are forbidden in JSON.stringify",
        ),
        (
            "const a = {}; a.a = a; return a",
            "TypeError: circular reference",
        ),
        ("return {toJSON() { throw new Error('no') }}", "Error: no"),
    ] {
        assert_eq!(
            thrown(&handle(&connection, source, "{}")),
            message,
            "{source}"
        );
    }
}

#[test]
fn when_asks_for_truth() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, truth) in [
        ("1", true),
        ("''", false),
        ("'0'", true),
        ("null", false),
        ("[]", true),
        ("message.n > 2 && connection.id === 'conn-1'", true),
        ("message.n > 2 // comment", true),
        ("{}", true),
        ("await shared.get('no such key')", false),
    ] {
        let outcome = run(&connection, &when(source), input(r#"{"n":3}"#));
        assert_eq!(outcome.result, Ok(Returned::Truth(truth)), "{source}");
    }
    let outcome = run(&connection, &when("message.a.b.c"), input("{}"));
    assert_eq!(
        thrown(&outcome),
        "TypeError: cannot read property 'b' of undefined"
    );
}

#[test]
fn an_exception_has_its_place_and_keeps_the_effects_before_it() {
    let world = World::new();
    let connection = world.open("conn-1");
    let source = "connection.send('before');\n\n  null.x;\nconnection.send('after');";
    let outcome = handle(&connection, source, "{}");
    assert_eq!(outcome.effects, [crate::world::send("before")]);
    let Err(error) = outcome.result else { panic!() };
    assert_eq!(
        error.to_string(),
        "TypeError: cannot read property 'x' of null (line 3, column 3)"
    );
    let after_await = "await shared.get('a');\nthrow new RangeError('late')";
    let Err(error) = handle(&connection, after_await, "{}").result else {
        panic!()
    };
    assert!(
        error.to_string().starts_with("RangeError: late (line 2"),
        "{error}"
    );
}

#[test]
fn the_output_is_limited_to_its_bytes() {
    let world = World::new();
    let connection = world.open("conn-1");
    let limit = 1024 * 1024;
    let fits = format!("return 'x'.repeat({limit})");
    assert_eq!(eval(&connection, &fits).len(), limit);
    for source in [
        format!("return 'x'.repeat({})", limit + 1),
        format!("return 'é'.repeat({})", limit / 2 + 1),
        format!("return new Uint8Array({})", limit + 1),
        format!("connection.send('x'); return 'x'.repeat({limit})"),
        format!(
            "try {{ connection.send('x'.repeat({})) }} catch {{}}",
            limit + 1
        ),
    ] {
        let error = handle(&connection, &source, "{}").result;
        let over = Err(ScriptError::OutputTooLong {
            limit,
            actual: limit + 1,
        });
        let over_even = Err(ScriptError::OutputTooLong {
            limit,
            actual: limit + 2,
        });
        assert!(error == over || error == over_even, "{source}: {error:?}");
    }
    let small = handle(&connection, "connection.send(new Uint8Array([1]))", "{}");
    assert_eq!(
        small.effects,
        [sockeye_script::js::Effect::Send(Payload::Binary(vec![1]))]
    );
}
