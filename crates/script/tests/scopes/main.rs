//! Scripts of models go through scopes here: what they see of each other, what stops them, how their variables are shown.

mod plain;

use std::time::Duration;

use sockeye_script::js::{ScopeError, ScopeLimits, Scopes};

fn scopes() -> Scopes {
    Scopes::new(ScopeLimits::default(), 7)
}

fn shown(scopes: &mut Scopes, scope: usize) -> Vec<(String, String)> {
    scopes.data(scope).expect("data")
}

#[test]
fn a_scope_remembers_what_its_scripts_have_done() {
    let mut scopes = scopes();
    scopes.run(0, "x = 1; var y = 2").expect("runs");
    scopes
        .run(0, "function f() { return x + y }")
        .expect("runs");
    for expected in 2..10 {
        scopes.run(0, "x++").expect("runs");
        assert_eq!(scopes.test(0, &format!("f() === {expected} + 2")), Ok(true));
        assert_eq!(
            scopes.test(0, "x == 2;"),
            Ok(expected == 2),
            "the same text again"
        );
    }
    let unknown = ScopeError::Thrown("ReferenceError: x is not defined".to_owned());
    assert_eq!(scopes.test(1, "x > 1"), Err(unknown), "another scope");
}

#[test]
fn the_mark_sends_a_text_into_the_global_scope() {
    let mut scopes = scopes();
    scopes
        .run(0, "global.x = 5; global.y = x + 1")
        .expect("runs");
    assert_eq!(scopes.test(1, "global.x === 5 && y === 6"), Ok(true));
    assert_eq!(scopes.test(1, "typeof x === 'undefined'"), Ok(true));
    scopes
        .run(1, "z = 1; global['x'] = z + 1")
        .expect("both scopes in one script");
    assert_eq!(scopes.test(0, "global.x === 2"), Ok(true));
    assert_eq!(shown(&mut scopes, 1), [("z".to_owned(), "1".to_owned())]);
}

#[test]
fn variables_are_shown_as_the_reference_shows_them() {
    let mut scopes = scopes();
    let text = "n=12; d=1.5; t=1/3; e=1e21; b=12345678901234567890; s='abc'; z=-0; nan=NaN; a=[1,2,3]; o={a:1,b:[1,'x']}; \
        f=function(){return 1}; t2=true; nil=null; u=undefined; loop={}; loop.me=loop;";
    scopes.run(0, text).expect("runs");
    scopes
        .run(0, "let lx = 3, ly = 'q'; class C {} { let hidden = 1 }")
        .expect("runs");
    let found = shown(&mut scopes, 0);
    let expected = [
        ("n", "12"),
        ("d", "1.5"),
        ("t", "0.3333333333333333"),
        ("e", "1e+21"),
        ("b", "12345678901234567000"),
        ("s", "abc"),
        ("z", "-0"),
        ("nan", "NaN"),
        ("a", "(3)[1, 2, 3]"),
        ("o", "{a: 1, b: [1, \"x\"]}"),
        ("f", "function(){return 1}"),
        ("t2", "true"),
        ("nil", "null"),
        ("u", "undefined"),
        ("loop", "{me: (this)}"),
        ("C", "class C {}"),
        ("lx", "3"),
        ("ly", "q"),
    ];
    let expected: Vec<_> = expected
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
    assert_eq!(found, expected);
    let again = scopes.run(0, "let lx = 4").expect_err("declared twice");
    assert!(again.to_string().starts_with("SyntaxError: "), "{again}");
}

#[test]
fn a_guard_is_a_boolean_and_nothing_else() {
    let mut scopes = scopes();
    for (text, shown) in [
        ("5", "5"),
        ("'a'", "a"),
        ("null", "null"),
        (" ", "undefined"),
        ("{}", "undefined"),
        ("[]", "(0)[]"),
    ] {
        for _ in 0..2 {
            let expected = Err(ScopeError::NotBoolean(shown.to_owned()));
            assert_eq!(scopes.test(0, text), expected, "{text}");
        }
    }
    assert_eq!(scopes.test(0, "1 < 2 // why"), Ok(true));
    assert_eq!(scopes.test(0, "var g = 1; g === 1"), Ok(true));
    assert!(matches!(
        scopes.test(0, "1) || (2"),
        Err(ScopeError::Thrown(_))
    ));
}

#[test]
fn what_is_thrown_is_the_text() {
    let mut scopes = scopes();
    for (text, message) in [
        ("nosuch", "ReferenceError: nosuch is not defined"),
        ("throw new Error('boom')", "Error: boom"),
        ("throw 5", "5"),
    ] {
        assert_eq!(
            scopes.run(0, text),
            Err(ScopeError::Thrown(message.to_owned()))
        );
    }
}

#[test]
fn a_script_stays_in_its_box() {
    let limits = ScopeLimits {
        wall: Duration::from_millis(50),
        memory_bytes: 8 << 20,
        ..ScopeLimits::default()
    };
    let mut scopes = Scopes::new(limits, 1);
    let timeout = Err(ScopeError::Timeout(Duration::from_millis(50)));
    assert_eq!(scopes.run(0, "for (;;);"), timeout);
    assert_eq!(scopes.run(0, "x = 1"), Ok(()), "the next script runs");
    let deep = scopes
        .run(0, "(function f() { f() })()")
        .expect_err("too deep")
        .to_string();
    assert!(deep.contains("stack"), "{deep}");
    for name in [
        "require",
        "process",
        "Java",
        "fetch",
        "setTimeout",
        "console",
        "std",
        "os",
    ] {
        assert_eq!(
            scopes.test(0, &format!("typeof {name} === 'undefined'")),
            Ok(true),
            "{name}"
        );
    }
    let full = Err(ScopeError::OutOfMemory(8 << 20));
    let mut filled = scopes.run(
        0,
        "a = []; for (let i = 0; i < 1e6; i++) a.push('x'.repeat(1e5) + i)",
    );
    if filled == timeout {
        filled = scopes.run(0, "a.push('x'.repeat(1e7))");
    }
    assert_eq!(filled, full);
    assert_eq!(scopes.run(0, "x = 1"), full, "for good");
}

#[test]
fn the_same_seed_gives_the_same_numbers() {
    let draw = |seed| {
        let mut scopes = Scopes::new(ScopeLimits::default(), seed);
        scopes.run(0, "n = Math.random()").expect("runs");
        shown(&mut scopes, 0)
    };
    assert_eq!(draw(3), draw(3));
    assert_ne!(draw(3), draw(4));
}

#[test]
fn a_text_is_parsed_without_being_run() {
    let mut scopes = scopes();
    for text in [
        "x > 1",
        "x = 1; throw 5",
        "global.x++",
        "let a = 1",
        "// c",
        "for (;;);",
    ] {
        assert_eq!(scopes.parse(text), Ok(()), "{text}");
    }
    for text in ["if (", "x >", "a b", "}); ran = 1; (function () {", "'"] {
        let error = scopes.parse(text).expect_err(text).to_string();
        assert!(error.starts_with("SyntaxError: "), "{text}: {error}");
    }
    assert_eq!(scopes.test(0, "typeof x === 'undefined'"), Ok(true));
}
