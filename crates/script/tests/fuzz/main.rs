//! Templates that nobody would write, over messages that nobody would send.
//!
//! An input is a template, an empty line, and what the message says. Corpora are files beside this one; inputs that
//! were found to break something stand in them.

#![expect(clippy::unwrap_used, reason = "a failed expectation is a failed test")]
#![expect(
    clippy::format_push_string,
    reason = "what was found is only compared with what is found again"
)]

#[expect(dead_code, reason = "the tests of templates use all of it")]
#[path = "../templates/world.rs"]
mod world;

use serde_json::{Value, json};
use sockeye_fuzz::{Target, texts};
use sockeye_script::template::{
    Condition, Dialect, JsonTemplate, OUTPUT_LIMIT, Template, TemplateMistake, UrlTemplate,
};
use world::{World, with_scope};

const DIALECTS: [Dialect; 2] = [Dialect::MockForge, Dialect::Moclojer];

/// The template and the message of an input.
fn parts(input: &[u8]) -> (String, Value) {
    let text = String::from_utf8_lossy(input);
    let (template, message) = text.split_once("\n\n").unwrap_or((&text, ""));
    let value: Value = serde_json::from_str(message).unwrap_or_else(|_| message.into());
    (template.to_owned(), json!({ "v": value, "s": message }))
}

/// A mistake points into the text that it is about.
fn misread(text: &str, mistake: &TemplateMistake) -> String {
    let meant = text.get(mistake.span.clone());
    assert!(meant.is_some(), "{mistake:?} lies beside the text");
    format!("{mistake:?}")
}

fn judged(text: &str, message: &Value, dialect: Dialect) -> String {
    let template = match Template::parse(text, dialect) {
        Ok(template) => template,
        Err(mistake) => return misread(text, &mistake),
    };
    let world = World::of(message.clone());
    let (mut plain, mut json) = (Vec::new(), Vec::new());
    let rendered = with_scope(&world, |scope| template.render_text(scope, &mut plain));
    assert!(plain.len() <= OUTPUT_LIMIT, "a render has a bound");
    assert!(rendered.is_ok() || plain.is_empty(), "nothing is left over");
    let written = with_scope(&world, |scope| template.render_json(scope, &mut json));
    if written.is_ok() {
        let read = serde_json::from_slice::<Value>(&json);
        assert!(read.is_ok(), "no JSON: {}", String::from_utf8_lossy(&json));
    }
    if let (Some(literal), Ok(())) = (template.literal(), &rendered) {
        assert_eq!(literal.as_bytes(), plain, "what never changes is the text");
    }
    let value = with_scope(&world, |scope| template.value(scope));
    let plain = String::from_utf8(plain).expect("text stays text");
    format!("{rendered:?} {plain:?} {written:?} {json:?} {value:?}")
}

/// The template as a text and as JSON, over the message.
fn rendered(input: &[u8]) -> [String; 2] {
    let (text, message) = parts(input);
    DIALECTS.map(|dialect| judged(&text, &message, dialect))
}

/// What a message says stays what it says, in whichever way it is inserted.
fn inserted(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let message = json!({ "v": text, "list": [text] });
    for dialect in DIALECTS {
        for (template, wanted) in [
            ("<{{message.v}}>", format!("<{text}>")),
            ("{{message.v}}", text.to_string()),
        ] {
            let found = world::try_text(template, dialect, message.clone());
            assert_eq!(found.as_deref(), Ok(&*wanted), "{template}");
        }
    }
    let list = world::try_text(r#"["{{message.v}}"]"#, Dialect::Moclojer, message.clone());
    let list: Value = serde_json::from_str(&list.expect("a list")).expect("JSON");
    assert_eq!(list, json!([text]));
    let looped = "{% for x in message.list %}{{x}}{% endfor %}";
    let found = world::try_text(looped, Dialect::Moclojer, message);
    assert_eq!(found.as_deref(), Ok(&*text));
}

/// The template where a condition, a URL, and a document are wanted.
fn elsewhere(input: &[u8]) -> String {
    let (text, message) = parts(input);
    let world = World::of(message);
    let mut found = String::new();
    for dialect in DIALECTS {
        match Condition::parse(&text, dialect) {
            Ok(condition) => found += &format!("{:?}", with_scope(&world, |s| condition.holds(s))),
            Err(mistake) => found += &misread(&text, &mistake),
        }
        match UrlTemplate::parse(&text, dialect) {
            Ok(url) => {
                let said = with_scope(&world, |scope| url.render(scope));
                let stays = url.with("x").split('/').count();
                if let Ok(said) = &said {
                    assert_eq!(said.split('/').count(), stays, "a value adds no segment");
                }
                found += &format!("{said:?}");
            }
            Err(mistake) => found += &misread(&text, &mistake),
        }
        let document: Value =
            serde_json::from_str(&text).unwrap_or_else(|_| json!({ "a": [text] }));
        if let Ok(template) = JsonTemplate::compile(&document, dialect) {
            let mut out = Vec::new();
            let said = with_scope(&world, |scope| template.render(scope, &mut out));
            assert!(said.is_err() || serde_json::from_slice::<Value>(&out).is_ok());
            found += &format!("{said:?} {out:?}");
        }
    }
    found
}

fn corpus() -> Vec<Vec<u8>> {
    texts(include_str!("templates.txt"))
}

#[test]
fn templates() {
    let target = Target::new("templates", corpus(), rendered).text();
    target.longest(1024).few(3000).run();
}

#[test]
fn hostile_messages() {
    let target = Target::new("hostile_messages", corpus(), inserted).text();
    target.longest(1024).few(3000).run();
}

#[test]
fn conditions_and_urls() {
    let target = Target::new("conditions_and_urls", corpus(), elsewhere).text();
    target.longest(1024).few(3000).run();
}
