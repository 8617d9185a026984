//! Documents: JSON values whose strings are templates, and texts that are JSON.

use serde_json::{Value, json};
use sockeye_script::template::{Dialect, JsonTemplate, Step};

use crate::world::{document, moclojer};

#[test]
fn a_document_keeps_order_types_and_literals() {
    let template = json!({
        "z": 1.5, "a": [true, null, "x\"y", {}], "n": "{{message.n}}",
        "t": "n={{message.n}} \"{{message.s}}\"", "{{key}}": "\\{{x}}",
    });
    assert_eq!(
        document(&template, json!({"n": 7, "s": "q\"\\"})),
        r#"{"z":1.5,"a":[true,null,"x\"y",{}],"n":7,"t":"n=7 \"q\"\\\"","{{key}}":"{{x}}"}"#
    );
}

#[test]
fn a_document_without_holes_is_literal() {
    let value = json!({"type": "pong", "list": [1, "{ }"]});
    let template = JsonTemplate::compile(&value, Dialect::MockForge).unwrap();
    assert_eq!(
        template.literal(),
        Some(&br#"{"type":"pong","list":[1,"{ }"]}"#[..])
    );
    let holed = JsonTemplate::compile(&json!({"a": "{{message}}"}), Dialect::MockForge).unwrap();
    assert_eq!(holed.literal(), None);
    assert!(holed.uses_message());
}

#[test]
fn strings_with_tags_filters_or_json_inside_stay_strings() {
    let message = json!({"n": 7, "s": "a\"b"});
    let table = [
        (json!("{{message.s|upper}}"), json!("A\"B")),
        (json!("{{message.n|add:1}}"), json!(8)),
        (json!("{{message.n|safe}}"), json!(7)),
        (json!("x{{message.n|add:1}}"), json!("x8")),
        (
            json!("{% if message.n = 7 %}\"seven\"{% endif %}"),
            json!("\"seven\""),
        ),
        (
            json!(r#"{"inner": "{{message.s}}", "n": {{message.n}}}"#),
            json!(r#"{"inner": "a\"b", "n": 7}"#),
        ),
    ];
    for (template, expected) in table {
        let text = document(&json!({"v": template}), message.clone());
        assert_eq!(
            serde_json::from_str::<Value>(&text).unwrap(),
            json!({"v": expected}),
            "{template}"
        );
    }
}

#[test]
fn a_mistake_in_a_document_comes_with_its_path() {
    let value = json!({"a": [0, {"b": "x {{mesage}}"}]});
    let (path, mistake) = JsonTemplate::compile(&value, Dialect::MockForge).unwrap_err();
    assert_eq!(
        path,
        [Step::Key("a".into()), Step::Index(1), Step::Key("b".into())]
    );
    assert_eq!(mistake.message, "unknown name `mesage`");
    assert_eq!(mistake.span, 4..10);
}

#[test]
fn tags_in_a_json_text_escape_inside_literals_and_quote_outside() {
    let text = r#"{"items": [{% for x in message.l %}{"v": {{x}}, "s": "<{{x}}>"}{% if not forloop.last %},{% endif %}{% endfor %}]}"#;
    assert_eq!(
        moclojer(text, json!({"l": [1, "q\"", null, {"a": "\\"}]})),
        r#"{"items": [{"v": 1, "s": "<1>"},{"v": "q\"", "s": "<q\">"},{"v": null, "s": "<>"},{"v": {"a":"\\"}, "s": "<{\"a\":\"\\\\\"}>"}]}"#
    );
    let text = r#"{"a": "{% firstof message.x "b\"c" %}", "n": {% sum message.n 1 %}, "d": {% now yyyy %}}"#;
    assert_eq!(
        moclojer(text, json!({"n": 2})),
        r#"{"a": "b\"c", "n": 3, "d": "2024"}"#
    );
}

#[test]
fn filters_in_a_json_text_escape_too() {
    let text = r#"{"a": "{{message.s|upper}}", "b": {{message.s|default:"x"}}, "c": {{message.l|count}}, "d": {{message.no|upper}}}"#;
    assert_eq!(
        moclojer(text, json!({"s": "q\"q", "l": [1, 2]})),
        r#"{"a": "Q\"Q", "b": "q\"q", "c": 2, "d": null}"#
    );
}
