//! Endpoints as users write them, and the mistakes they make.

use sockeye_core::document::parse_yaml;
use sockeye_core::{Mistakes, Severity, Source};
use sockeye_script::template::Dialect;

use super::read;
use crate::dialect::Reading;
use crate::http::Endpoint;
use crate::load::Overrides;

fn read_all(name: &str, text: &str) -> (Option<(Option<String>, String, Endpoint)>, Mistakes) {
    let node = parse_yaml(&Source::new(name, text)).unwrap();
    let mut mistakes = Mistakes::new();
    let mut reading = Reading {
        dialect: Dialect::Moclojer,
        mistakes: &mut mistakes,
        lenient: false,
        serving: false,
        overrides: &Overrides::default(),
    };
    let read = read(&node, &mut reading);
    (
        read.map(|(host, path, endpoint)| (host, path.to_string(), endpoint)),
        mistakes,
    )
}

fn notes(text: &str) -> Vec<String> {
    let (read, mistakes) = read_all("t.yml", text);
    assert!(mistakes.is_empty(), "{mistakes}");
    read.unwrap().2.notes()
}

/// The only mistake of a text: what stands at its place, what is wrong, with its severity.
fn mistake(text: &str) -> (String, String, Severity) {
    let (_, mistakes) = read_all("t.yml", text);
    assert_eq!(mistakes.len(), 1, "{mistakes}");
    let mistake = mistakes.iter().next().unwrap();
    let place = mistake.place().unwrap().raw().to_owned();
    (place, mistake.message().to_owned(), mistake.severity())
}

#[test]
fn an_endpoint_is_a_get_that_answers_200_with_nothing() {
    let (read, mistakes) = read_all("t.yml", "path: /x/:id|int");
    assert!(mistakes.is_empty(), "{mistakes}");
    let (host, path, endpoint) = read.unwrap();
    assert_eq!((host, path.as_str()), (None, "/x/:id|int"));
    assert_eq!(
        (endpoint.method().as_str(), endpoint.status()),
        ("GET", 200)
    );
    assert_eq!(endpoint.notes(), ["answers 200 with nothing"]);
}

#[test]
fn everything_said_is_noted() {
    let text = r#"
method: post
host: a.example
path: /x
query: { amount: int, word: string }
body: '{"name": "x", "age": 1}'
response: { status: 201, headers: { X-A: "{{uuid}}", Set-Cookie: [a=1, b=2] }, body: { a: 1 } }
rate-limit: { window-ms: 60000, max-requests: 2 }
latency: { min-ms: 50, max-ms: 100, failure-rate: 0.5, timeout-rate: 1, timeout-ms: 9 }
tag: shop
router-name: x
"#;
    assert_eq!(
        notes(text),
        [
            "answers 201 with JSON",
            "demands the query parameter `amount`: a whole number",
            "demands the query parameter `word`: a string",
            "demands JSON: an object with `name`, `age`",
            "allows 2 requests in 60000 ms to an address",
            "waits 50 to 100 ms; fails at a rate of 0.5; times out after 9 ms at a rate of 1",
        ]
    );
    let (read, _) = read_all("t.yml", text);
    let (host, _, endpoint) = read.unwrap();
    assert_eq!(host.as_deref(), Some("a.example"));
    let names: Vec<&str> = endpoint
        .reply
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["x-a", "set-cookie", "set-cookie"]);
}

#[test]
fn defaults_of_limit_and_latency_are_moclojers() {
    assert_eq!(
        notes("{path: /x, rate-limit: {}, latency: {min-ms: 5, timeout-rate: 0.5}}"),
        [
            "answers 200 with nothing",
            "allows 100 requests in 900000 ms to an address",
            "waits 5 to 5 ms; times out after 30000 ms at a rate of 0.5",
        ]
    );
}

/// Each text has one mistake of this severity: what stands at its place, what is wrong.
#[track_caller]
fn expect_mistakes(severity: Severity, cases: &[(&str, &str, &str)]) {
    for (text, place, message) in cases {
        let expected = ((*place).to_owned(), (*message).to_owned(), severity);
        assert_eq!(mistake(text), expected, "{text}");
    }
}

#[test]
fn mistakes_in_what_is_demanded_are_told_at_their_place() {
    expect_mistakes(
        Severity::Error,
        &[
            (
                "{path: /x, method: GETT}",
                "GETT",
                "there is no method `GETT`",
            ),
            ("{path: '/x?a=1'}", "?a=1", "a path has no query"),
            (
                "{path: /x, pth: 1}",
                "pth",
                "unknown key `pth` in an endpoint",
            ),
            (
                "{path: /x, body: '{\"a\": }'}",
                "}",
                "the example of a body is not JSON: expected value at line 1 column 7",
            ),
        ],
    );
}

#[test]
fn mistakes_in_the_response_are_told_at_their_place() {
    expect_mistakes(
        Severity::Error,
        &[
            (
                "{path: /x, response: {status: 101}}",
                "101",
                "`status` must be between 200 and 599, not `101`",
            ),
            (
                "{path: /x, response: {headers: {'a b': c}}}",
                "'a b'",
                "`a b` is not a header name",
            ),
            (
                "{path: /x, response: {headers: {Content-Length: 3}}}",
                "Content-Length",
                "the server sets the header `content-length` itself",
            ),
            (
                "{path: /x, response: {headers: {X: \"a\\r\\nb\"}}}",
                "\"a\\r\\nb\"",
                "a header's value has no line breaks and no control characters",
            ),
            (
                "{path: /x, response: {headers: {X: }}}",
                "",
                "a header's value must be text, but is empty",
            ),
        ],
    );
}

#[test]
fn mistakes_in_an_external_body_are_told_at_their_place() {
    expect_mistakes(
        Severity::Error,
        &[
            (
                "{path: /x, response: {body: a, external-body: {provider: json, path: a}}}",
                "external-body",
                "a response has either `body` or `external-body`",
            ),
            (
                "{path: /x, response: {external-body: {provider: xlsx, path: Cargo.toml, sheet-name: a}}}",
                "xlsx",
                "the provider `xlsx` is not supported by this version",
            ),
            (
                "{path: /x, response: {external-body: {provider: xml, path: Cargo.toml}}}",
                "xml",
                "`provider` must be one of `json`, `text`, not `xml`",
            ),
            (
                "{path: /x, response: {external-body: {provider: json, path: ../a.json}}}",
                "../a.json",
                "the file `../a.json` is outside of the folder of the configuration file",
            ),
            (
                "{path: /x, response: {external-body: {provider: json, path: 'https://a.example'}}}",
                "'https://a.example'",
                "an external body is a file, not a URL",
            ),
        ],
    );
}

#[test]
fn mistakes_in_limits_are_told_at_their_place() {
    expect_mistakes(
        Severity::Error,
        &[
            (
                "{path: /x, rate-limit: {max-requests: many}}",
                "many",
                "`max-requests` must be a whole number, not `many`",
            ),
            (
                "{path: /x, latency: {failure-rate: 1.5}}",
                "1.5",
                "`failure-rate` must be between 0 and 1, not `1.5`",
            ),
            (
                "{path: /x, latency: {min-ms: 5, max-ms: 4}}",
                "{min-ms: 5, max-ms: 4}",
                "`max-ms` must be at least `min-ms`, but 4 is less than 5",
            ),
        ],
    );
}

#[test]
fn a_wrong_query_type_lists_the_right_ones() {
    let (place, message, _) = mistake("{path: /x, query: {a: integer}}");
    assert_eq!(place, "integer");
    assert!(
        message.starts_with("the type of `a` must be one of `string`, `int`"),
        "{message}"
    );
}

#[test]
fn what_may_be_cured_or_is_not_served_is_a_warning() {
    expect_mistakes(
        Severity::Warning,
        &[
            (
                "{path: /x, webhook: {url: 'http://a.example'}}",
                "webhook",
                "`webhook` is understood but not served by this version",
            ),
            (
                "{path: /x, rate-limit: {key-fn: api-key}}",
                "key-fn",
                "`key-fn` is understood but not served by this version",
            ),
            (
                "{path: /x, response: {external-body: {provider: json, path: none.json}}}",
                "none.json",
                "there is no file `none.json`",
            ),
            (
                "{path: /x, response: {status: 204, body: a}}",
                "{status: 204, body: a}",
                "a response with status 204 has no body",
            ),
        ],
    );
}

#[test]
fn an_external_body_lies_beside_the_file_that_names_it() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::write(folder.path().join("a.json"), "{}").unwrap();
    let file = folder.path().join("mock.yml").display().to_string();
    let text = "{path: /x, response: {external-body: {provider: json, path: a.json}}}";
    let (read, mistakes) = read_all(&file, text);
    assert!(mistakes.is_empty(), "{mistakes}");
    assert_eq!(read.unwrap().2.notes(), ["answers 200 with a file"]);
}

#[test]
fn an_empty_body_is_none() {
    for body in ["''", "", "null"] {
        let text = format!("{{path: /x, response: {{status: 204, body: {body} }}}}");
        assert_eq!(notes(&text), ["answers 204 with nothing"], "{text}");
    }
}
