//! What is wrong with a script's text, and where.

use sockeye_script::js::{Script, ScriptKind, ScriptMistake};

fn mistake(kind: ScriptKind, source: &str) -> ScriptMistake {
    match Script::new(kind, source) {
        Err(mistake) => mistake,
        Ok(_) => panic!("no mistake in {source}"),
    }
}

#[test]
fn a_mistake_has_its_place_in_the_users_text() {
    for (source, line, column, message) in [
        ("const a = ;", 1, 11, "unexpected token in expression: ';'"),
        (
            "const a = 1;\n  return a +;",
            2,
            13,
            "unexpected token in expression: ';'",
        ),
        (
            "const é = 'é', b = ;",
            1,
            20,
            "unexpected token in expression: ';'",
        ),
        ("if (x) {", 1, 9, "the script ends too early"),
        ("// nothing\nif (x) {\n", 2, 9, "the script ends too early"),
        (
            "let a; let a;",
            1,
            13,
            "invalid redefinition of lexical identifier",
        ),
        ("import fs from 'fs';", 1, 8, "Unexpected identifier 'fs'"),
    ] {
        let message = message.to_owned();
        let expected = ScriptMistake {
            message,
            line,
            column,
        };
        assert_eq!(mistake(ScriptKind::Handler, source), expected, "{source}");
    }
    let found = mistake(ScriptKind::When, "message.a ==");
    assert_eq!((found.line, found.column), (1, 13));
}

#[test]
fn a_text_that_leaves_its_body_is_a_mistake() {
    for source in [
        "}); globalThis.x = 1; (async function () {",
        "} , (() => { for (;;); })(), async function () {",
        "} [(() => 1)()] = function () {",
        "}",
        "}{",
        "})(); (function () {",
        "} + function () {",
        "} /* */ , function () {",
        "}) ; while (true); ({ a () {",
    ] {
        for kind in [
            ScriptKind::Script,
            ScriptKind::Handler,
            ScriptKind::When,
            ScriptKind::Transform,
        ] {
            mistake(kind, source);
        }
    }
}

#[test]
fn an_expression_is_not_a_body() {
    for source in ["", "  \n", "return 1", "let a = 1", "a; b"] {
        mistake(ScriptKind::When, source);
    }
}

#[test]
fn strict_mode_is_for_all_but_transforms() {
    let source = "with ({}) {}";
    assert!(Script::new(ScriptKind::Transform, source).is_ok());
    mistake(ScriptKind::Script, source);
    mistake(ScriptKind::Handler, source);
}

#[test]
fn a_nul_is_a_mistake() {
    let found = mistake(ScriptKind::Handler, "return 1\0");
    assert_eq!(found.message, "the script contains a NUL character");
}

#[test]
fn a_script_can_be_deep_and_long() {
    let deep = format!("return {}1{}", "(".repeat(200), ")".repeat(200));
    assert!(Script::new(ScriptKind::Handler, &deep).is_ok());
    let too_deep = format!("return {}1{}", "[".repeat(200_000), "]".repeat(200_000));
    mistake(ScriptKind::Handler, &too_deep);
    let long = format!("let a = 1;\n{}", "a += 1;\n".repeat(20_000));
    assert!(Script::new(ScriptKind::Handler, &long).is_ok());
}
