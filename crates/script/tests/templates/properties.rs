//! What holds for every input: inserted text stays text, JSON stays JSON, nothing panics.

use proptest::prelude::*;
use serde_json::{Value, json};
use sockeye_script::template::{Dialect, Template};

use crate::world::{World, mockforge, moclojer, with_scope};

/// Text that would mean something if it were ever parsed.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "\\PC{0,6}",
        Just("{{env.API_TOKEN}}".to_owned()),
        Just("{{message}}".to_owned()),
        Just("{% if message %}".to_owned()),
        Just("{% endif %}".to_owned()),
        Just("${now}".to_owned()),
        Just("#(x)".to_owned()),
        Just("\\{{x}}".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\u{0}\u{1f}\n".to_owned()),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// Any JSON value with hostile texts in it.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Quarters: their digits read back exactly.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        hostile().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((hostile(), inner), 0..4)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// Fragments from which templates, valid and invalid, are put together.
fn template() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        3 => "\\PC{0,4}",
        2 => prop::sample::select(vec![
            "{{", "}}", "{%", "%}", "{#", "#}", "\\", "\"", "'", "|", ":", ".", "[", "]", "[0]", "(", "=", " ", "-",
            "now", "+2h", "message", "json-params", "random_int", "env.X", "faker.name", "1", "999999999999999999999",
            "upper", "default", "count", "abbreviate:5", "if", "elif", "else", "endif", "for", "x", "in", "empty",
            "endfor", "with", "a=message", "endwith", "cycle", "sum", "firstof", "ifequal", "endifequal", "not",
            "and", "comment", "endcomment", "verbatim", "endverbatim", "forloop.counter", "@message",
        ]).prop_map(str::to_owned),
        2 => prop::sample::select(vec![
            "{{message.v}}", "{{message.v|upper}}", "{% if message.v %}", "{% else %}", "{% endif %}",
            "{% for x in message.v %}", "{{x}}", "{% empty %}", "{% endfor %}", "{\"a\": \"", "\"}", "[", "]", ",",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inserted_text_is_never_evaluated(text in hostile()) {
        let message = json!({"v": text});
        prop_assert_eq!(&mockforge("{{message.v}}", message.clone()), &text);
        prop_assert_eq!(mockforge("<{{message.v}}>", message.clone()), format!("<{text}>"));
        prop_assert_eq!(mockforge("{{default message.v 'x'}}!", message), format!("{text}!"));
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parsing_and_rendering_never_panic(text in template(), message in json_value()) {
        for dialect in [Dialect::MockForge, Dialect::Moclojer] {
            match Template::parse(&text, dialect) {
                Ok(template) => {
                    let world = World::of(json!({"v": message}));
                    let mut out = Vec::new();
                    let result = with_scope(&world, |scope| template.render_json(scope, &mut out));
                    if result.is_ok() {
                        prop_assert!(serde_json::from_slice::<Value>(&out).is_ok());
                    }
                }
                Err(mistake) => {
                    prop_assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len());
                    prop_assert!(text.get(mistake.span.clone()).is_some(), "{:?} {:?}", text, mistake);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tags_and_filters_never_evaluate_inserted_text(text in hostile()) {
        let message = json!({"v": text});
        prop_assert_eq!(&moclojer("{{message.v|safe|default:x}}", message.clone()), &text);
        let looped = "{% with a=message.v %}{% if a %}{{a}}{% endif %}{% endwith %}";
        let expected = if text == "false" { "" } else { &text };
        prop_assert_eq!(moclojer(looped, message), expected);
    }

    #[test]
    fn a_json_text_stays_json_and_round_trips_its_values(value in json_value()) {
        let message = json!({"v": value, "s": value.to_string()});
        let plain = r#"{"bare": {{message.v}}, "in": "{{message.s}}", "list": [{{message.v}}, "-{{message.s}}-"]}"#;
        let tags = r#"{% if message %}{"bare": {{message.v}}, "in": "{{message.s}}", "list": [{% for x in message.no %}{% empty %}{{message.v}}{% endfor %}, "-{{message.s}}-"]}{% endif %}"#;
        let text = value.to_string();
        for template in [plain, tags] {
            let rendered: Value = serde_json::from_str(&moclojer(template, message.clone())).unwrap();
            prop_assert_eq!(&rendered, &json!({"bare": value, "in": text, "list": [value, format!("-{text}-")]}));
        }
    }

    #[test]
    fn a_json_text_without_tags_is_always_json(parts in prop::collection::vec(prop::sample::select(vec![
        "{{message.v}}", "\"", "{", "}", "[", "]", ":", ",", "a", "1", "\\", "\\u00", " ", "{{message.v|json}}",
    ]), 0..10), value in json_value()) {
        // Whatever is judged to be JSON before the value is known is JSON with it.
        let inner = parts.concat();
        for text in [format!("[{inner}]"), format!("[\"{inner}\"]"), format!("{{\"k\":{inner}}}")] {
            let skeleton = text.replace("{{message.v}}", "null").replace("{{message.v|json}}", "null");
            let Ok(template) = Template::parse(&text, Dialect::Moclojer) else { continue };
            if serde_json::from_str::<Value>(&skeleton).is_err() || text.contains("\\{{") {
                continue;
            }
            let mut out = Vec::new();
            with_scope(&World::of(json!({"v": value})), |scope| template.render_text(scope, &mut out)).unwrap();
            prop_assert!(serde_json::from_slice::<Value>(&out).is_ok(), "{} -> {}", text, String::from_utf8_lossy(&out));
        }
    }
}
