//! What an operator may send: settings of chaos, a message to try, a message for everybody.

use std::sync::{Arc, LazyLock};

use sockeye_core::{Clock, Source};
use sockeye_mock::chaos::ChaosError;
use sockeye_mock::operate::Operator;
use sockeye_mock::{LoadOptions, Mock, load};

/// A mock with every kind of rule, whose connections nobody opens.
const FILE: &str = r#"
websocket:
  handlers:
    - { path: /echo, type: echo }
    - path: /rules/{room}
      type: pattern
      rules:
        - { match: { type: jsonpath, path: "$.type", value: "ping" }, response: { type: pong, v: "{{message.v}}" } }
        - { match: { type: regex, pattern: "^(?<a>a+)+b$" }, response: "{{match.a}}" }
        - { match: { type: exact, value: "hello" }, response: "hi {{message}}" }
    - path: /rpc
      type: jsonrpc
      methods: [{ name: add, response: { result: "{{params.a}}" } }]
"#;

fn operator() -> Operator {
    static MOCK: LazyLock<Arc<Mock>> = LazyLock::new(|| {
        let options = LoadOptions {
            lenient: true,
            written: Some(Source::new("mock.yaml", FILE)),
            ..LoadOptions::default()
        };
        let loaded =
            load(&[], &options, 1).unwrap_or_else(|wrong| panic!("{}", wrong.draw(false, 80)));
        let clock = Clock::fixed("2024-01-15T10:30:00Z".parse().expect("a time"));
        Arc::new(Mock::new(loaded.plan, Some(1), clock))
    });
    Operator::new(Arc::clone(&MOCK))
}

/// The whole input is a body; as a question its first line is the path.
pub(crate) fn asked(input: &[u8]) -> String {
    let operator = operator();
    let mut found = String::new();
    if let Ok(value) = serde_json::from_slice(input) {
        match operator.set_chaos(value) {
            Ok(()) => found += &serde_json::json!(operator.chaos()).to_string(),
            Err(ChaosError::Wrong(wrong) | ChaosError::Contradiction(wrong)) => {
                assert!(wrong.has_errors(), "a refusal has its reason");
                found += &serde_json::json!(wrong).to_string();
            }
        }
        operator.forget_chaos();
    }
    let text = String::from_utf8_lossy(input);
    let (path, message) = text.split_once('\n').unwrap_or(("/rules/a", &text));
    for path in [path, "/echo", "/rules/a", "/rpc"] {
        let tryout = operator.try_out(path, message);
        found += &serde_json::json!(tryout).to_string();
    }
    found
}
