//! The script of a replay: a body or a module, over a message and what is known of it.

use serde_json::{Value, json};
use sockeye_script::js::{Returned, Script, ScriptKind};

use super::world::{World, input, run};

fn play(source: &str, message: &Value) -> Returned {
    let script = Script::new(ScriptKind::Replay, source).expect("JavaScript");
    let world = World::new();
    let outcome = run(&world.open("conn-1"), &script, input(&message.to_string()));
    outcome.result.expect("it runs")
}

fn text(text: &str) -> Returned {
    Returned::Text(text.to_owned())
}

#[test]
fn a_body_and_a_module_do_the_same() {
    let message = json!({ "text": "{\"a\":1}", "ctx": { "index": 3 } });
    for source in [
        "msg.i = ctx.index; return msg;",
        "export default function (msg, ctx) { msg.i = ctx.index; return msg; }",
        "// a module\nconst key = 'i';\nexport default (msg, ctx) => ({ ...msg, [key]: ctx.index });",
        "export default async function change(msg, ctx) {\n  msg.i = ctx.index;\n  return msg;\n}\n// end",
        "function change(msg, ctx) { msg.i = ctx.index; return msg; }\nexport default change;",
    ] {
        assert_eq!(
            play(source, &message),
            text("{\"a\":1,\"i\":3}"),
            "{source}"
        );
    }
}

#[test]
fn texts_and_bytes_are_what_they_are() {
    let plain = json!({ "text": "plain", "ctx": {} });
    assert_eq!(play("msg.a = 1; return msg + '!';", &plain), text("plain!"));
    assert_eq!(play("return undefined;", &plain), Returned::Nothing);
    assert_eq!(play("", &plain), Returned::Nothing);
    let bytes = json!({ "bytes": [1, 2], "ctx": {} });
    assert_eq!(
        play("msg[0] = 9; return msg;", &bytes),
        Returned::Binary(vec![9, 2])
    );
}

#[test]
fn mistakes_have_their_own_place() {
    let mistake = Script::new(
        ScriptKind::Replay,
        "export default function (msg) {\n  return msg +;\n}",
    );
    let mistake = mistake.expect_err("it is none");
    assert_eq!((mistake.line, mistake.column), (2, 15));
    assert!(Script::new(ScriptKind::Replay, "import x from 'x'").is_err());
}
