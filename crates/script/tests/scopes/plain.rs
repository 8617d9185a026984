//! Scripts that need no engine mean the same as in one.

use sockeye_core::Random;
use sockeye_script::js::{ScopeLimits, Scopes};

/// Something that only an engine runs, and that leaves nothing behind.
const ENGINE: &str = "(function () {})()";

fn scopes() -> Scopes {
    Scopes::new(ScopeLimits::default(), 1)
}

/// A random script of few variables, so that they meet often.
fn script(random: &mut Random, depth: u32) -> String {
    let pick = |random: &mut Random, of: &[&str]| {
        let last = i64::try_from(of.len()).expect("few") - 1;
        let at = usize::try_from(random.between(0, last)).expect("within");
        of[at].to_owned()
    };
    let names = ["a", "b", "cc", "_d", "MAX"];
    if depth == 0 {
        let leaves = [
            "a",
            "b",
            "cc",
            "_d",
            "MAX",
            "0",
            "1",
            "2.5",
            "-3",
            "true",
            "false",
            "null",
            "'q'",
            "\"\"",
            "'7'",
            "1000000",
            "undefined",
            "NaN",
            "0.1",
            "a++",
            "--b",
            "-a",
            "!cc",
        ];
        return pick(random, &leaves);
    }
    let inner = |random: &mut Random| script(random, depth - 1);
    match random.between(0, 5) {
        0 => format!("({})", inner(random)),
        1 => format!("{} ? {} : {}", inner(random), inner(random), inner(random)),
        2 => {
            let operators = ["=", "+=", "-=", "*=", "/=", "%="];
            let (name, operator) = (pick(random, &names), pick(random, &operators));
            format!("{name} {operator} {}", inner(random))
        }
        3 => format!("!({})", inner(random)),
        _ => {
            let operators = [
                "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "===", "!==", "&&", "||",
            ];
            let (one, other) = (inner(random), inner(random));
            format!("{one} {} {other}", pick(random, &operators))
        }
    }
}

#[test]
fn random_scripts_have_the_same_results_with_and_without_an_engine() {
    let mut random = Random::seeded(20);
    let mut agreed = 0;
    for _ in 0..300 {
        let (mut with, mut without) = (scopes(), scopes());
        with.run(0, ENGINE).expect("the engine runs");
        for at in 0..12 {
            let depth = u32::try_from(random.between(0, 3)).expect("small");
            let text = match at {
                0 => "a = 1; b = 2; cc = 'x'; _d = true; MAX=5".to_owned(),
                _ => format!("{};", script(&mut random, depth)),
            };
            let results = [with.run(0, &text), without.run(0, &text)];
            assert_eq!(results[0], results[1], "{text}");
            let tests = [with.test(0, &text), without.test(0, &text)];
            assert_eq!(tests[0], tests[1], "{text}");
            assert_eq!(with.data(0), without.data(0), "{text}");
            agreed += 1;
        }
    }
    assert_eq!(agreed, 3600);
}

#[test]
fn variables_move_into_the_engine_when_it_is_needed() {
    let mut scopes = scopes();
    let set = "n = -0; t = 'a global' + '. \"b\"'; y = true; z = null; u = undefined; big = 12345678901234567890";
    scopes.run(0, set).expect("plain");
    scopes.run(1, "n = 3").expect("plain");
    scopes.run(0, "global.shared = 'g'").expect("plain");
    let before = [scopes.data(0), scopes.data(1)];
    scopes
        .run(0, "f = function () { return n }")
        .expect("a script");
    let mut after = scopes.data(0).expect("data");
    let function = after.pop();
    assert_eq!(function.map(|(name, _)| name).as_deref(), Some("f"));
    assert_eq!([Ok(after), scopes.data(1)], before);
    assert_eq!(
        scopes.test(0, "Object.is(n, -0) && t.length === 13 && u === undefined"),
        Ok(true)
    );
    assert_eq!(scopes.test(1, "global.shared === 'g'"), Ok(true));
    let unknown = scopes.run(1, "t").expect_err("its own scope only");
    assert_eq!(unknown.to_string(), "ReferenceError: t is not defined");
}
