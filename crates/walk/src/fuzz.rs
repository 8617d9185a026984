//! Requests that no client makes: strict JSON, what the reference takes for JSON, and neither.

use serde_json::Value;
use sockeye_fuzz::{Target, texts};

use crate::lenient;
use crate::request::Request;

/// The whole input is a request.
fn request(input: &[u8]) -> String {
    let text = String::from_utf8_lossy(input);
    let strict = serde_json::from_str::<Value>(&text);
    let loose = lenient::read(&text);
    if let (Ok(Value::Object(strict)), Ok(loose)) = (&strict, &loose) {
        assert_eq!(strict.len(), loose.len(), "the same members");
    }
    let request = match Request::read(&text) {
        Ok(request) => request,
        Err(refusal) => {
            assert!(refusal.len() < 400 + 4 * text.len(), "{refusal}");
            return refusal;
        }
    };
    let mut found = format!("{request:?} {:?}", request.head());
    for name in ["command", "type", "model", "seed", "x"] {
        if let Some(raw) = request.raw(name) {
            let read = serde_json::from_str::<serde::de::IgnoredAny>(raw);
            assert!(read.is_ok(), "a member is JSON: {raw}");
        }
        let texts = (request.text(name), request.object(name));
        let numbers = (request.whole(name), request.maybe_text(name));
        found = format!("{found} {texts:?} {numbers:?}");
    }
    found
}

#[test]
fn walk_requests() {
    let corpus = texts(include_str!("fuzz/requests.txt"));
    Target::new("walk_requests", corpus, request)
        .text()
        .longest(2048)
        .few(10_000)
        .run();
}
