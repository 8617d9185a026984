//! Scripts that do not want to end, or want everything.

use std::time::{Duration, Instant};

use sockeye_script::js::{Outcome, ScriptError, ScriptLimits};

use crate::world::{World, eval, handle, run};

const WALL: Duration = Duration::from_millis(200);
const MEMORY: usize = 16 * 1024 * 1024;
/// One long operation of the engine may go over the budget, and a busy machine may be late.
const LATE: Duration = Duration::from_secs(3);

fn world() -> World {
    World::with(ScriptLimits {
        wall: WALL,
        memory_bytes: MEMORY,
        ..ScriptLimits::default()
    })
}

fn kind(outcome: &Outcome) -> &'static str {
    match &outcome.result {
        Ok(_) => "fine",
        Err(ScriptError::Thrown { .. }) => "thrown",
        Err(ScriptError::Timeout { .. }) => "timeout",
        Err(ScriptError::OutOfMemory { .. }) => "memory",
        Err(ScriptError::StackOverflow { .. }) => "stack",
        Err(ScriptError::TooManyEffects { .. }) => "effects",
        Err(ScriptError::OutputTooLong { .. }) => "output",
        Err(ScriptError::TooManyAwaits { .. }) => "awaits",
        Err(ScriptError::NeverSettles) => "never",
        Err(_) => "other",
    }
}

/// Runs each script, expects one of its kinds of end in time, and that the connection and another one still work.
fn all_end(scripts: &[(&str, &str)]) {
    let world = world();
    let (connection, other) = (world.open("conn-1"), world.open("conn-2"));
    for (source, kinds) in scripts {
        let script = crate::world::handler(source);
        let began = Instant::now();
        let outcome = run(&connection, &script, crate::world::input("{}"));
        let took = began.elapsed();
        let found = kind(&outcome);
        assert!(
            kinds.split('|').any(|kind| kind == found),
            "{source}: {:?}",
            outcome.result
        );
        assert!(took < 2 * WALL + LATE, "{source}: {took:?}");
        assert_eq!(eval(&connection, "return 1 + 1"), "2", "{source}");
        assert_eq!(eval(&other, "return 1 + 1"), "2", "{source}");
    }
}

#[test]
fn endless_loops_end() {
    all_end(&[
        ("while (true) {}", "timeout"),
        ("for (;;) {}", "timeout"),
        ("do {} while (1)", "timeout"),
        ("for (;;) { try { for (;;) {} } catch {} }", "timeout"),
        ("try { for (;;) {} } finally { for (;;) {} }", "timeout"),
        (
            "try { for (;;) {} } catch { return 'caught' } finally { return 'finally' }",
            "timeout",
        ),
        (
            "const f = () => { try { f() } finally { f() } }; f()",
            "timeout|stack",
        ),
        ("label: for (;;) continue label", "timeout"),
        ("return {get a() { for (;;) {} }}", "timeout"),
        ("return {toJSON() { for (;;) {} }}", "timeout"),
        ("return `${{toString() { for (;;) {} }}}`", "timeout"),
        ("return +{valueOf() { for (;;) {} }}", "timeout"),
        (
            "return new Proxy({}, {ownKeys() { for (;;) {} }})",
            "timeout",
        ),
        ("return {then() { for (;;) {} }}", "timeout"),
        ("connection.send({toJSON() { for (;;) {} }})", "timeout"),
        ("console.log({toJSON() { for (;;) {} }})", "timeout"),
        ("throw {toJSON() { for (;;) {} }}", "timeout"),
        (
            "throw new (class extends Error { get message() { for (;;) {} } })",
            "timeout",
        ),
        (
            "throw Object.defineProperty(new Error('x'), 'stack', {get() { for (;;) {} }})",
            "timeout",
        ),
        ("[3, 1, 2].sort(() => { for (;;) {} })", "timeout"),
        (
            "Array.from({length: 1e9}, (_, i) => i % 2)",
            "timeout|memory",
        ),
        (
            "function* f() { for (;;) yield 1 } for (const x of f()) {}",
            "timeout",
        ),
        (
            "function* f() { for (;;) yield 1 } [...f()]",
            "timeout|memory",
        ),
        (
            "const a = {length: 2 ** 53 - 1}; Array.prototype.indexOf.call(a, 'x')",
            "timeout",
        ),
        (
            "[].concat(Array(2 ** 31)).map(String).join()",
            "timeout|memory|thrown",
        ),
        ("Array(2 ** 32 - 1).fill(0)", "timeout|memory"),
        ("Array(2 ** 31).indexOf(1)", "timeout"),
        ("JSON.parse('[1]', () => { for (;;) {} })", "timeout"),
        ("new Date({valueOf() { for (;;) {} }})", "timeout"),
        ("let n = 2n; for (;;) n = n * n", "timeout|memory|thrown"),
    ]);
}

#[test]
fn catastrophic_patterns_end() {
    all_end(&[
        ("/^(a+)+$/.test('a'.repeat(40) + '!')", "timeout"),
        ("/(x+x+)+y/.exec('x'.repeat(60))", "timeout"),
        ("'a'.repeat(40).replace(/(a|aa)+$b/, '')", "timeout"),
        (
            "'x'.repeat(100000).split(/(?:x*)*y/)",
            "timeout|thrown|stack|memory",
        ),
        (
            "try { /^(\\w+\\s?)*$/.test('word '.repeat(30) + '!') } catch {} ; for (;;) {}",
            "timeout",
        ),
    ]);
}

#[test]
fn floods_of_jobs_end() {
    all_end(&[
        ("for (;;) await null", "timeout"),
        ("for (;;) await {then(f) { f() }}", "timeout"),
        (
            "const f = () => { Promise.resolve().then(f) }; f(); return 'returned'",
            "timeout",
        ),
        ("const f = () => queueMicrotask(f); f()", "timeout"),
        (
            "const f = () => { Promise.resolve().then(f); Promise.resolve().then(f) }; f()",
            "timeout|memory",
        ),
        (
            "const f = async () => { try { await f() } finally { await f() } }; await f()",
            "timeout|stack|memory|thrown",
        ),
        (
            "const f = async () => { for (;;) { try { await null } catch {} finally { await 1 } } }; await Promise.all([f(), f()])",
            "timeout",
        ),
        (
            "for (let i = 0; i < 1000; i++) (async () => { for (;;) await null })(); return 1",
            "timeout",
        ),
        (
            "async function* f() { for (;;) yield 1 } for await (const x of f()) {}",
            "timeout",
        ),
        ("await new Promise(() => {})", "never"),
        (
            "await Promise.all([new Promise(() => {}), Promise.resolve(1)])",
            "never",
        ),
        ("await Promise.race([])", "never"),
        ("for (;;) await shared.get('x')", "timeout"),
        ("for (;;) shared.get('x')", "awaits"),
        (
            "await Promise.all(Array.from({length: 65}, () => shared.get('x')))",
            "awaits",
        ),
        (
            "for (;;) { try { shared.get('later') } catch {} }",
            "awaits",
        ),
    ]);
}

#[test]
fn allocations_end() {
    all_end(&[
        (
            "const a = []; for (;;) a.push(new Array(1000).fill(1))",
            "memory|timeout",
        ),
        ("const a = []; for (;;) a.push({})", "memory|timeout"),
        ("let s = 'x'; for (;;) s += s", "memory|timeout|thrown"),
        ("'x'.repeat(2 ** 29)", "memory|thrown"),
        ("'x'.padEnd(2 ** 29, 'abc')", "memory|thrown|timeout"),
        (
            "const m = new Map(); for (let i = 0;; i++) m.set(i, i)",
            "memory|timeout",
        ),
        (
            "const m = new Set(); for (let i = 0;; i++) m.add('k' + i)",
            "memory|timeout",
        ),
        (
            "const a = []; for (;;) a.push(new Uint8Array(1e6))",
            "memory|timeout",
        ),
        ("new Uint8Array(1e9)", "memory|thrown"),
        (
            "new ArrayBuffer(8, {maxByteLength: 2 ** 40})",
            "memory|thrown",
        ),
        (
            "const o = {}; for (let i = 0;; i++) o['k' + i] = i",
            "memory|timeout",
        ),
        (
            "let f = () => 1; for (;;) { const g = f; f = () => g }",
            "memory|timeout",
        ),
        (
            "for (;;) { try { const a = []; for (;;) a.push(new Array(1e4).fill(0)) } catch {} }",
            "memory|timeout",
        ),
        (
            "state.a = []; for (;;) state.a.push(new Array(1000).fill(1))",
            "memory|timeout",
        ),
        (
            "let o = {}; for (let i = 0; i < 3e5; i++) o = {o}; return o",
            "stack|memory|timeout",
        ),
        (
            "return JSON.parse('['.repeat(1e5) + ']'.repeat(1e5))",
            "stack|thrown",
        ),
        (
            "return JSON.stringify(Array(1e6).fill('xxxxxxxxxxxxxxxx'))",
            "memory|timeout|output",
        ),
        ("let e = new Error('x'.repeat(1e6)); throw e", "thrown"),
        (
            "const a = [1]; for (;;) a.push(...a)",
            "memory|timeout|stack|thrown",
        ),
        (
            "String.fromCharCode(...new Array(1e7))",
            "memory|timeout|stack|thrown",
        ),
    ]);
}

#[test]
fn recursions_end() {
    all_end(&[
        ("const f = () => f(); f()", "stack"),
        ("const f = () => 1 + f(); return f()", "stack"),
        ("const f = async () => { await f() }; await f()", "stack"),
        ("const o = {get a() { return this.a }}; return o.a", "stack"),
        (
            "const o = {toJSON() { return JSON.stringify(o) }}; return o",
            "stack",
        ),
        (
            "const o = {toString() { return '' + o }}; return '' + o",
            "stack",
        ),
        ("class A { constructor() { new A() } } new A()", "stack"),
        (
            "let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x",
            "stack|timeout|memory",
        ),
        (
            "let f = () => 1; for (let i = 0; i < 1e5; i++) f = f.bind(null); return f()",
            "stack|timeout|memory|thrown",
        ),
        (
            "const a = []; a[0] = a; return a.flat(Infinity)",
            "stack|thrown|timeout|memory",
        ),
        (
            "try { (function f() { f() })() } catch { for (;;) {} }",
            "timeout",
        ),
        ("return eval.f()", "thrown"),
    ]);
}

#[test]
fn odd_values_are_thrown_as_text() {
    all_end(&[
        ("throw undefined", "thrown"),
        ("throw null", "memory"),
        ("throw 5", "thrown"),
        ("throw 'x'.repeat(100000)", "thrown"),
        ("throw Symbol('s')", "thrown"),
        ("throw 10n", "thrown"),
        ("throw {}", "thrown"),
        ("throw () => 1", "thrown"),
        ("throw new Proxy({}, {get() { throw 1 }})", "thrown"),
        (
            "throw {toString() { throw 1 }, toJSON() { throw 2 }}",
            "thrown",
        ),
        (
            "const e = new Error('x'); e.name = Symbol('s'); throw e",
            "thrown",
        ),
        (
            "const e = new Error('x'); e.message = {toString() { throw e }}; throw e",
            "thrown",
        ),
        ("await Promise.reject(new Error('rejected'))", "thrown"),
        ("Promise.reject(1); return 'nobody looks'", "fine"),
    ]);
    let world = world();
    let connection = world.open("conn-1");
    for (source, message) in [
        ("throw undefined", "undefined"),
        ("throw 5", "5"),
        ("throw 'text'", "text"),
        ("throw {a: 1}", r#"{"a":1}"#),
        ("throw Symbol('s')", "a value of type symbol was thrown"),
        ("throw new TypeError('x')", "TypeError: x"),
        ("throw new Error()", "Error"),
        (
            "throw new (class Mine extends Error { name = 'Mine' })('x')",
            "Mine: x",
        ),
    ] {
        assert_eq!(
            crate::world::thrown(&handle(&connection, source, "{}")),
            message
        );
    }
    let long = handle(&connection, "throw 'é'.repeat(5000)", "{}");
    assert_eq!(crate::world::thrown(&long).chars().count(), 1024);
}

#[test]
fn floods_of_effects_end_and_the_first_are_kept() {
    all_end(&[
        ("for (;;) connection.send('x')", "effects"),
        ("for (;;) broadcast('room', 'x')", "effects"),
        ("for (;;) rooms.join('room')", "effects"),
        ("for (;;) connection.close()", "effects"),
        ("for (;;) console.log('x')", "effects"),
        (
            "for (;;) { try { connection.send('x') } catch {} }",
            "effects|timeout",
        ),
        (
            "for (let i = 0; i < 65; i++) { try { connection.send('x') } catch {} } return 'fine'",
            "effects",
        ),
        ("for (;;) connection.send('x'.repeat(100000))", "output"),
        ("return 'x'.repeat(5e6)", "output"),
        ("return new Uint8Array(5e6)", "output"),
        ("return Array(1e5).fill('xxxxxxxxxxxxxxxxxxxx')", "output"),
    ]);
    let world = world();
    let outcome = handle(
        &world.open("conn-1"),
        "for (let i = 0; i < 70; i++) { try { connection.send(i) } catch {} }",
        "{}",
    );
    assert_eq!((outcome.effects.len(), outcome.refused), (64, 6));
    assert_eq!(
        outcome.result,
        Err(ScriptError::TooManyEffects { limit: 64 })
    );
}

#[test]
fn hostile_messages_do_no_harm() {
    let world = world();
    let connection = world.open("conn-1");
    let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(60_000));
    let outcome = handle(
        &connection,
        "return [typeof message, message.text.length]",
        &deep,
    );
    assert_eq!(crate::world::text(&outcome), r#"["object",120000]"#);
    for message in [
        r#"{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}"#,
        r#"{"toString":1,"valueOf":2,"then":"x","toJSON":3}"#,
        "\0",
        "\u{FEFF}{}",
        "{\"a\":\"\\ud800\"}",
    ] {
        let outcome = handle(
            &connection,
            "return String({}.polluted) + typeof message",
            message,
        );
        assert_eq!(crate::world::text(&outcome), "undefinedobject", "{message}");
    }
}
