//! Attempts to leave the box, or to leave something behind in it.

use crate::world::{World, eval, handle, input, run, script, text, thrown, transform};

/// Each is run as a script, a handler and a transform. Afterwards everything must be as before.
const ATTEMPTS: &[&str] = &[
    "Object.prototype.polluted = 1",
    "Array.prototype.polluted = 1",
    "Function.prototype.polluted = 1",
    "String.prototype.polluted = 1",
    "Promise.prototype.polluted = 1",
    "({}).__proto__.polluted = 1",
    "[].__proto__.__proto__.polluted = 1",
    "Object.getPrototypeOf(async () => {}).polluted = 1",
    "Object.getPrototypeOf(function* () {}).prototype.polluted = 1",
    "Object.getPrototypeOf([][Symbol.iterator]()).polluted = 1",
    "Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())).polluted = 1",
    "Object.getPrototypeOf(Int8Array).prototype.polluted = 1",
    "Object.getPrototypeOf(message).polluted = 1",
    "connection.constructor.prototype.polluted = 1",
    "rooms.join.__proto__.polluted = 1",
    "Object.defineProperty(Object.prototype, 'polluted', {value: 1})",
    "Object.defineProperty(globalThis, 'polluted', {value: 1})",
    "Reflect.defineProperty(Object.prototype, 'polluted', {get() { return 1 }})",
    "Reflect.set(Object.prototype, 'polluted', 1)",
    "Reflect.setPrototypeOf(Object.prototype, {polluted: 1})",
    "Object.setPrototypeOf(Array.prototype, {polluted: 1})",
    "Object.setPrototypeOf(globalThis, {polluted: 1})",
    "Object.prototype.__proto__ = {polluted: 1}",
    "Object.prototype.__defineGetter__('polluted', () => 1)",
    "({}).__proto__.__defineSetter__('polluted', () => 1)",
    "Object.assign(Object.prototype, {polluted: 1})",
    "globalThis.polluted = 1",
    "polluted = 1",
    "var polluted = 1; globalThis['polluted'] = 1",
    "(function () { this.polluted = 1 })()",
    "(0, function () { return this })().polluted = 1",
    "this.polluted = 1",
    "new Function('globalThis.polluted = 1')()",
    "Function('return this')().polluted = 1",
    "(() => {}).constructor('return globalThis')().polluted = 1",
    "(async () => {}).constructor('polluted = 1')()",
    "(function* () {}).constructor('polluted = 1')().next()",
    "(async function* () {}).constructor('polluted = 1')().next()",
    "rooms.join.constructor('return globalThis')().polluted = 1",
    "connection.send.constructor.constructor('return globalThis')().polluted = 1",
    "shared.get.constructor('polluted = 1')()",
    "message.constructor.constructor('return globalThis')().polluted = 1",
    "Reflect.construct(Function, ['polluted = 1'])()",
    "new (Object.getPrototypeOf(async () => {}).constructor)('polluted = 1')()",
    "class X extends Function { constructor() { super('globalThis.polluted = 1') } } new X()()",
    "eval('globalThis.polluted = 1')",
    "(0, eval)('globalThis.polluted = 1')",
    "globalThis.eval('polluted = 1')",
    "await import('fs')",
    "await import('./lockdown.js')",
    "await import('std')",
    "await import('data:text/javascript,globalThis.polluted=1')",
    "import('os').then(() => { globalThis.polluted = 1 })",
    "require('fs')",
    "process.exit(1)",
    "std.exit(1)",
    "os.exec(['true'])",
    "new Worker('x')",
    "Error.prepareStackTrace = (e, frames) => { globalThis.polluted = frames; return 1 }; new Error().stack",
    "Object.defineProperty(Error, 'prepareStackTrace', {value: () => 1}); return new Error().stack",
    "Error.stackTraceLimit = 0",
    "Error.prototype.name = 'polluted'",
    "Error.prototype.toString = () => 'polluted'",
    "JSON.parse = () => 'polluted'",
    "JSON.stringify = () => 'polluted'",
    "JSON = {}",
    "Array.prototype.push = function () { return 'polluted' }",
    "Array.prototype[Symbol.iterator] = function* () { yield 'polluted' }",
    "Promise.prototype.then = () => 'polluted'",
    "Promise.resolve = () => 'polluted'",
    "Promise = class {}",
    "String.prototype.toWellFormed = () => 'polluted'",
    "Object.prototype.toJSON = () => 'polluted'",
    "Object.prototype.then = (f) => f('polluted')",
    "Object.prototype.get = () => 'polluted'",
    "Function.prototype.call = () => 'polluted'",
    "Function.prototype.toString = () => 'polluted'",
    "RegExp.prototype.exec = () => ['polluted']",
    "RegExp.prototype[Symbol.replace] = () => 'polluted'",
    "Symbol.prototype.description = 'polluted'",
    "Object.defineProperty(Symbol, 'iterator', {value: 'polluted'})",
    "Map.prototype.get = () => 'polluted'; Set.prototype.has = () => true",
    "Math.polluted = 1; Math.floor = () => 'polluted'",
    "Date.now = () => 'polluted'",
    "delete Object.prototype.toString",
    "delete globalThis.JSON; delete globalThis.connection",
    "connection.polluted = 1",
    "connection.id = 'polluted'",
    "connection.send = () => {}",
    "Object.defineProperty(connection, 'id', {value: 'polluted'})",
    "Object.setPrototypeOf(connection, {polluted: 1})",
    "delete connection.id",
    "connection = {id: 'polluted'}",
    "rooms.join = () => 'polluted'",
    "rooms = null",
    "broadcast = () => 'polluted'; broadcast.polluted = 1",
    "shared.get = async () => 'polluted'",
    "shared.__proto__ = {polluted: 1}",
    "console.log = () => 'polluted'",
    "env.polluted = 'polluted'; env.API_TOKEN = 'polluted'",
    "Object.defineProperty(env, 'polluted', {value: 1})",
    "Object.setPrototypeOf(env, {polluted: 1})",
    "new Proxy(connection, {get: () => 'polluted'}).polluted; connection.__proto__.polluted = 1",
    "Reflect.ownKeys(connection).forEach((key) => { connection[key] = 'polluted' })",
    "Object.getOwnPropertyDescriptor(connection, 'id').get.polluted = 1",
    "Object.getOwnPropertyDescriptor(globalThis, 'state').get.call(null).polluted = 1; state = undefined",
    "arguments.callee.caller.polluted = 1",
    "arguments.callee.polluted = 1",
    "new Error().constructor.polluted = 1",
    "try { null.x } catch (e) { e.constructor.prototype.polluted = 1 }",
    "Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})())).polluted = 1",
    "''.matchAll(/x/g).__proto__.polluted = 1",
    "Iterator.prototype.polluted = 1; Iterator.prototype.map = () => 'polluted'",
    "Iterator.from({next() {}}).__proto__.polluted = 1",
    "const o = []; o.constructor = {[Symbol.species]: class { constructor() { globalThis.polluted = 1 } }}; o.map((x) => x)",
    "Object.getOwnPropertyDescriptor(Object.prototype, '__proto__').set.call(Object.prototype, {polluted: 1})",
    "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(Object.prototype, () => 'polluted')",
    "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(Array.prototype, () => 'polluted')",
    "Object.getOwnPropertyDescriptor(Object.prototype, 'toString').set.call(globalThis, 1)",
    "Symbol.for('x').__proto__.polluted = 1",
    "(1).__proto__.polluted = 1; (1n).__proto__.polluted = 1; true.__proto__.polluted = 1",
    "structuredClone(globalThis)",
    "globalThis[Symbol.unscopables] = {JSON: true}",
    "`${{}.constructor.constructor('return 1')()}`",
    "((strings) => { strings.polluted = 1; strings.raw.polluted = 1 })`x`",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "new WeakRef({}).deref()",
];

/// What a later script sees if anything was left behind.
const LOOK: &str = r#"
const seen = [];
const look = (name, value, expected) => { if (value !== expected) seen.push(name); };
const all = {object: {}, array: [], text: '', number: 1, big: 1n, truth: true, symbol: Symbol.iterator,
  plain: function () {}, arrow: () => 1, async: async () => 1, generator: function* () {}, asyncGenerator: async function* () {},
  iterator: [][Symbol.iterator](), made: (function* () {})(), madeAsync: (async function* () {})(), error: new TypeError(),
  map: new Map(), set: new Set(), promise: Promise.resolve(), pattern: /x/, date: new Date(), bytes: new Uint8Array(1),
  matches: ''.matchAll(/x/g), global: globalThis, math: Math, json: JSON, connection, rooms, broadcast, shared, console,
  join: rooms.join, get: shared.get, template, message, iterators: Iterator.from({next() {}})};
for (const [name, value] of Object.entries(all)) look(name, value.polluted, undefined);
look('env', env.polluted, undefined);
look('token', env.API_TOKEN, 's3cret');
look('id', connection.id, 'conn-2');
look('send', typeof connection.send, 'function');
look('broadcast', broadcast('nobody', 1), 0);
look('parse', JSON.parse('[1]')[0], 1);
look('stringify', JSON.stringify({a: [1]}), '{"a":[1]}');
look('push', [].push(1), 1);
look('spread', [...[7]][0], 7);
look('await', await Promise.resolve(3), 3);
look('then', await Promise.resolve(3).then((x) => x + 1), 4);
look('shared', await shared.get('none'), null);
look('call', (function () { return this.x }).call({x: 1}), 1);
look('toString', String({}), '[object Object]');
look('array', String([1, 2]), '1,2');
look('source', String(function f() {}), 'function f() {}');
look('error', String(new Error('x')), 'Error: x');
look('stack', typeof new Error('x').stack, 'string');
look('replace', 'a'.replace(/a/, 'b'), 'b');
look('exec', /x/.exec('y'), null);
look('map', new Map([[1, 2]]).get(1), 2);
look('set', new Set().has(1), false);
look('floor', Math.floor(1.5), 1);
look('now', typeof Date.now(), 'number');
look('wellFormed', 'x'.toWellFormed(), 'x');
look('description', Symbol('d').description, 'd');
look('iterator', typeof Symbol.iterator, 'symbol');
look('each', [1].values().map((x) => x + 1).next().value, 2);
look('state', JSON.stringify(connection.state), undefined);
look('keys', Object.keys(globalThis).sort().join(' '), 'broadcast connection console env rooms shared template');
look('eval', typeof globalThis.eval, 'undefined');
for (const [name, value] of Object.entries(all)) {
  if (!name.startsWith('made')) look(name + ' constructor', typeof value.constructor, 'function');
}
return seen;
"#;

#[test]
fn attempts_leave_nothing_behind() {
    assert!(ATTEMPTS.len() >= 60);
    let world = World::new();
    let clean = eval(&world.open("conn-2"), LOOK);
    assert_eq!(clean, "[]", "the world as it should be");
    for attempt in ATTEMPTS {
        let connection = world.open("conn-1");
        let kinds = [
            script(attempt),
            crate::world::handler(attempt),
            transform(attempt),
        ];
        for script in kinds {
            let outcome = run(&connection, &script, input(r#"{"a":1}"#));
            let other = world.open("conn-2");
            assert_eq!(
                eval(&other, LOOK),
                "[]",
                "{attempt} ({:?}): {:?}",
                script.kind(),
                outcome.result
            );
        }
        assert_eq!(
            eval(&connection, "return connection.id"),
            "conn-1",
            "{attempt}"
        );
    }
}

#[test]
fn nothing_of_the_machine_can_be_reached() {
    let world = World::new();
    let connection = world.open("conn-1");
    for name in [
        "eval",
        "Atomics",
        "SharedArrayBuffer",
        "WeakRef",
        "FinalizationRegistry",
        "performance",
        "navigator",
        "std",
        "os",
        "process",
        "require",
        "module",
        "exports",
        "print",
        "load",
        "loadScript",
        "setTimeout",
        "setInterval",
        "fetch",
        "XMLHttpRequest",
        "WebSocket",
        "Worker",
        "Deno",
        "Bun",
        "global",
        "window",
        "self",
        "gc",
        "scriptArgs",
        "bjson",
    ] {
        assert_eq!(
            eval(&connection, &format!("return typeof {name}")),
            "undefined",
            "{name}"
        );
    }
    let names = eval(
        &connection,
        "return Object.getOwnPropertyNames(globalThis).filter((name) => /^[a-z]/.test(name)).sort().join(' ')",
    );
    let known = "broadcast connection console decodeURI decodeURIComponent encodeURI encodeURIComponent env escape globalThis \
      isFinite isNaN parseFloat parseInt queueMicrotask rooms shared state template undefined unescape";
    assert_eq!(names, known);
}

#[test]
fn text_does_not_become_code() {
    let world = World::new();
    let connection = world.open("conn-1");
    let denied = "TypeError: code cannot be made from text here";
    for source in [
        "return Function('return 1')()",
        "return new Function('return 1')()",
        "return (async () => {}).constructor('return 1')",
        "return (function* () {}).constructor('yield 1')",
        "return (async function* () {}).constructor('yield 1')",
        "return Reflect.construct(Function, ['return 1'])",
        "return connection.send.constructor('return 1')",
    ] {
        assert_eq!(
            thrown(&handle(&connection, source, "{}")),
            denied,
            "{source}"
        );
    }
    assert_eq!(
        thrown(&handle(&connection, "eval('1')", "{}")),
        "ReferenceError: eval is not defined"
    );
    for source in [
        "await import('fs')",
        "await import('/etc/passwd')",
        "await import('./x.js')",
    ] {
        let outcome = handle(&connection, source, "{}");
        assert!(outcome.result.is_err(), "{source}: {outcome:?}");
    }
}

#[test]
fn objects_of_a_script_may_have_members_of_any_name() {
    let world = World::new();
    let connection = world.open("conn-1");
    for (source, expected) in [
        (
            "const o = {}; o.toString = () => 'own'; o.constructor = 1; o.valueOf = 2; return [String(o), Object.keys(o)]",
            r#"["own",["toString","constructor","valueOf"]]"#,
        ),
        (
            "const e = new Error('x'); e.name = 'Mine'; e.message = 'y'; return String(e)",
            "Mine: y",
        ),
        (
            "class Mine extends Error { constructor(m) { super(m); this.name = 'Mine' } } return String(new Mine('z'))",
            "Mine: z",
        ),
        (
            "function F() {} F.prototype.toString = () => 'f'; F.prototype.constructor = F; return String(new F())",
            "f",
        ),
        (
            "const f = () => 1; f.toString = () => 'own'; return String(f)",
            "own",
        ),
        (
            "const a = [1]; a.toString = () => 'own'; return String(a)",
            "own",
        ),
        (
            "message.text = 'own'; message.toString = 1; return message",
            r#"{"a":1,"text":"own","toString":1}"#,
        ),
        (
            "const o = Object.create({toString() { return 'inherited' }}); return String(o)",
            "inherited",
        ),
        (
            "return (() => 1) instanceof Function && ({}) instanceof Object && (async () => 1) instanceof Function",
            "true",
        ),
    ] {
        assert_eq!(
            text(&handle(&connection, source, r#"{"a":1}"#)),
            expected,
            "{source}"
        );
    }
}

#[test]
fn a_script_cannot_keep_what_belongs_to_another_call() {
    let world = World::new();
    let (first, second) = (world.open("conn-1"), world.open("conn-2"));
    let keep =
        "state.send = connection.send; state.raw = message.text; state.old = message; return 1";
    handle(&first, keep, r#"{"n":1}"#);
    let outcome = handle(
        &first,
        "state.send(state.raw); return [state.old.text, message.text]",
        r#"{"n":2}"#,
    );
    assert_eq!(outcome.effects, [crate::world::send(r#"{"n":1}"#)]);
    assert_eq!(text(&outcome), r#"["{\"n\":1}","{\"n\":2}"]"#);
    assert_eq!(
        eval(&second, "return String(connection.state)"),
        "undefined"
    );
    let late = "let go; state.go = new Promise((r) => { go = r }); state.release = go;
      (async () => { await state.go; connection.send('late from ' + connection.id) })(); return 1";
    assert_eq!(handle(&first, late, "{}").effects, []);
    let released = handle(
        &first,
        "state.release(); await null; await null; return 1",
        "{}",
    );
    assert_eq!(released.effects, [crate::world::send("late from conn-1")]);
}
