//! The limits of a render, and that a failed one leaves nothing behind.

use serde_json::{Value, json};
use sockeye_script::template::{
    Dialect, JsonTemplate, OUTPUT_LIMIT, RenderError, STEP_LIMIT, Template,
};

use crate::world::{World, with_scope};

/// Renders after some earlier output, which must stay.
fn failure(text: &str, message: Value) -> RenderError {
    let template = Template::parse(text, Dialect::Moclojer).unwrap();
    let mut out = b"before".to_vec();
    let error = with_scope(&World::of(message), |scope| {
        template.render_text(scope, &mut out)
    })
    .unwrap_err();
    assert_eq!(out, b"before");
    error
}

#[test]
fn a_text_has_a_greatest_length() {
    let half = json!({"half": "x".repeat(OUTPUT_LIMIT / 2 + 1)});
    assert_eq!(
        failure("{{message.half}}{{message.half}}", half.clone()),
        RenderError::OutputTooLong
    );
    assert_eq!(
        failure("{{message.half|upper}}{{message.half|upper}}", half.clone()),
        RenderError::OutputTooLong
    );
    assert_eq!(
        failure("{{json message}}{{upper message}}", half.clone()),
        RenderError::OutputTooLong
    );
    let document = json!(["{{message.half}}", "{{message.half}}"]);
    let template = JsonTemplate::compile(&document, Dialect::MockForge).unwrap();
    let mut out = b"before".to_vec();
    let result = with_scope(&World::of(half), |scope| template.render(scope, &mut out));
    assert_eq!(result, Err(RenderError::OutputTooLong));
    assert_eq!(out, b"before");
    assert_eq!(
        RenderError::OutputTooLong.to_string(),
        "the template's text is longer than 1048576 bytes"
    );
}

#[test]
fn exactly_the_limit_is_allowed_and_literals_have_none() {
    let message = json!({"all": "x".repeat(OUTPUT_LIMIT - 1)});
    let template = Template::parse("{{message.all}}!", Dialect::MockForge).unwrap();
    let mut out = Vec::new();
    with_scope(&World::of(message), |scope| {
        template.render_text(scope, &mut out)
    })
    .unwrap();
    assert_eq!(out.len(), OUTPUT_LIMIT);
    let literal = Template::parse(&"x".repeat(OUTPUT_LIMIT + 1), Dialect::MockForge).unwrap();
    let mut out = Vec::new();
    with_scope(&World::of(Value::Null), |scope| {
        literal.render_text(scope, &mut out)
    })
    .unwrap();
    assert_eq!(out.len(), OUTPUT_LIMIT + 1);
}

#[test]
fn nested_loops_over_a_message_end() {
    let message = json!({"l": vec![1; 30_000]});
    let loops = "{% for a in message.l %}{% for b in message.l %}{% for c in message.l %}{% endfor %}{% endfor %}{% endfor %}";
    assert_eq!(failure(loops, message), RenderError::TooManySteps);
    assert_eq!(
        RenderError::TooManySteps.to_string(),
        format!("the template takes more than {STEP_LIMIT} steps")
    );
}

#[test]
fn filters_cannot_make_a_text_grow_without_bound() {
    let message = json!({"s": "a".repeat(2_000), "long": "b".repeat(2_000), "l": vec!["a"; 2_000]});
    let expected = "the text is longer than 1048576 bytes";
    let replaced = failure(
        "{{message.s|replace:a:@message.long|count}}",
        message.clone(),
    );
    assert_eq!(
        replaced.to_string(),
        format!("filter `replace`: {expected}")
    );
    let joined = failure("{{message.l|join:@message.long|count}}", message.clone());
    assert_eq!(joined.to_string(), format!("filter `join`: {expected}"));
    let centered = failure("{{message.s|center:1000000000}}", message);
    assert_eq!(
        centered.to_string(),
        "filter `center`: `1000000000` is not a width from 0 to 1048576"
    );
}

#[test]
fn tags_nested_too_deeply_are_a_mistake() {
    let depth = 400;
    let text = format!(
        "{}{}",
        "{% if message %}".repeat(depth),
        "{% endif %}".repeat(depth)
    );
    let mistake = Template::parse(&text, Dialect::Moclojer).unwrap_err();
    assert!(
        mistake.message.starts_with("the tags cannot be compiled: "),
        "{mistake}"
    );
    assert_eq!(mistake.span, 0..text.len());
    let chain = format!("{{{{message{}}}}}", "|upper".repeat(2_000));
    let mistake = Template::parse(&chain, Dialect::Moclojer).unwrap_err();
    assert!(
        mistake.message.starts_with("the tags cannot be compiled: "),
        "{mistake}"
    );
}

#[test]
fn errors_are_small() {
    assert!(size_of::<RenderError>() <= 64);
}
