//! Webhooks of Moclojer files: who is called, when, with what, and that nobody else suffers from it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::lab::{Lab, Receiver, Server, eventually};

/// An endpoint with these lines under `webhook:`, and a WebSocket with the same.
fn serve(receiver: &Receiver, path: &str, lines: &str) -> Server {
    let url = receiver.url();
    Lab::yaml(&format!(
        r#"
- endpoint:
    method: POST
    path: /orders/:id
    response: {{ status: 201, body: "taken" }}
    webhook:
      url: "{url}{path}"
{lines}
- websocket:
    path: /orders/:id
    on-connect: {{ response: hello }}
    on-message:
      - {{ pattern: '{{"say": "{{{{json-params.say}}}}"}}', response: first, continue: true }}
      - {{ pattern: '{{"say": "{{{{json-params.say}}}}"}}', response: second }}
    webhook:
      url: "{url}{path}"
{lines}
"#
    ))
    .arg("--log=debug")
    .start()
}

fn order(server: &Server, id: &str, body: &str) {
    let headers = [("Content-Type", "application/json"), ("X-Who", "me")];
    let taken = server.http("POST", &format!("/orders/{id}"), &headers, body.as_bytes());
    assert_eq!(taken.expect_status(201).text(), "taken");
}

const ALL: &str = r#"
      method: put
      sleep-time: 0
      headers: { X-Id: "{{path-params.id}}", X-Two: [a, b] }
      body: { id: "{{path-params.id}}", all: "{{json-params}}", who: "{{header-params.x-who}}" }
"#;

#[test]
fn an_endpoint_calls_with_everything_filled_in() {
    let receiver = Receiver::start();
    let server = serve(
        &receiver,
        "/hook/{{path-params.id}}?n={{json-params.n}}&q={{query-params.q}}",
        ALL,
    );
    order(&server, "a%2Fb%3Fc?q=x%26y", r#"{"n": 7}"#);
    let got = receiver.next();
    assert_eq!(got.line, "PUT /hook/a%2Fb%3Fc?n=7&q=x%26y HTTP/1.1");
    assert_eq!(
        got.json(),
        json!({"id": "a/b?c", "all": {"n": 7}, "who": "me"})
    );
    assert_eq!(got.headers("x-id"), ["a/b?c"]);
    assert_eq!(got.headers("x-two"), ["a", "b"]);
    assert_eq!(got.headers("content-type"), ["application/json"]);
    let host = receiver.url();
    assert_eq!(got.headers("host"), [host.trim_start_matches("http://")]);
    receiver.expect_no_more();
}

#[test]
fn a_webhook_is_a_post_without_a_body_unless_it_says_more() {
    let receiver = Receiver::start();
    let server = serve(&receiver, "", "      sleep-time: 0");
    order(&server, "1", "");
    let got = receiver.next();
    assert_eq!(
        (got.line.as_str(), got.body.as_str()),
        ("POST / HTTP/1.1", "")
    );
    assert_eq!(got.headers("content-length"), ["0"]);
    assert!(got.headers("content-type").is_empty());
}

#[test]
fn a_text_is_sent_as_it_is_and_typed_by_what_it_holds() {
    for (body, sent, kind) in [
        (
            "'hi {{path-params.id}}'",
            "hi 1",
            "text/plain; charset=utf-8",
        ),
        (
            "'{\"id\": \"{{path-params.id}}\"}'",
            "{\"id\": \"1\"}",
            "application/json",
        ),
    ] {
        let receiver = Receiver::start();
        let lines = format!("      sleep-time: 0\n      body: {body}");
        let server = serve(&receiver, "/", &lines);
        order(&server, "1", "");
        let got = receiver.next();
        assert_eq!(
            (got.body.as_str(), got.headers("content-type")),
            (sent, vec![kind])
        );
    }
}

#[test]
fn it_comes_after_its_time_and_not_before() {
    let receiver = Receiver::start();
    let server = serve(&receiver, "/", "      sleep-time: 0.05");
    let asked = Instant::now();
    order(&server, "1", "");
    let waited = receiver.next().at - asked;
    assert!(waited >= Duration::from_millis(50), "{waited:?}");
    assert!(waited < Duration::from_secs(5), "{waited:?}");
}

#[test]
fn a_condition_decides_whether_it_is_made() {
    let receiver = Receiver::start();
    let lines = "      sleep-time: 0\n      body: '{{path-params.id}}'\n      if: json-params.n > 5 and path-params.id != 9";
    let server = serve(&receiver, "/", lines);
    order(&server, "1", r#"{"n": 5}"#);
    order(&server, "9", r#"{"n": 6}"#);
    order(&server, "2", r#"{"n": 6}"#);
    assert_eq!(receiver.next().body, "2");
    let mut client = server.connect("/orders/3?n=1");
    client.expect_text("hello").send(r#"{"say": "x"}"#);
    client.expect_text("first").expect_text("second");
    order(&server, "4", r#"{"n": 7}"#);
    assert_eq!(receiver.next().body, "4");
    receiver.expect_no_more();
}

#[test]
fn a_websocket_calls_once_for_each_message_that_was_answered() {
    let receiver = Receiver::start();
    let lines = "      sleep-time: 0\n      body: { id: '{{path-params.id}}', said: '{{json-params.say}}', raw: '{{message.say}}' }";
    let server = serve(&receiver, "/", lines);
    let mut client = server.connect("/orders/7");
    client.expect_text("hello").send("nobody answers this");
    client.send(r#"{"say": "a\"b"}"#);
    client.expect_text("first").expect_text("second");
    let expected = json!({"id": "7", "said": "a\"b", "raw": "a\"b"});
    assert_eq!(receiver.next().json(), expected);
    client.send(r#"{"say": "again"}"#);
    client.expect_text("first").expect_text("second");
    assert_eq!(receiver.next().json()["said"], "again");
    receiver.expect_no_more();
}

#[test]
fn a_header_with_a_line_break_is_not_sent() {
    let receiver = Receiver::start();
    let server = serve(&receiver, "/", ALL);
    order(&server, "x%0d%0aX-Evil:%20yes", "");
    until_logged(&server, "the value of the header `x-id` has a line break");
    order(&server, "good", "");
    assert_eq!(receiver.next().headers("x-id"), ["good"]);
    receiver.expect_no_more();
}

#[test]
fn a_value_cannot_lead_to_another_path() {
    let receiver = Receiver::start();
    let server = serve(&receiver, "/a/{{json-params.x}}/b", "      sleep-time: 0");
    order(&server, "1", r#"{"x": ".."}"#);
    until_logged(&server, "a segment `.` or `..`");
    order(&server, "1", r#"{"x": "../c"}"#);
    assert_eq!(receiver.next().line, "POST /a/..%2Fc/b HTTP/1.1");
}

#[track_caller]
fn until_logged(server: &Server, words: &str) {
    eventually(&format!("the log has `{words}`"), || {
        server.log().contains(words).then_some(())
    });
}

#[test]
fn what_goes_wrong_is_told_and_harms_nobody() {
    for (answer, words) in [
        (
            "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            "answered with 302 Found; redirects are not followed",
        ),
        (
            "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
            "answered with 500",
        ),
        ("nonsense\r\n\r\n", "the call broke off"),
    ] {
        let receiver = Receiver::answering(answer);
        let server = serve(&receiver, "/", "      sleep-time: 0");
        order(&server, "1", "");
        receiver.next();
        until_logged(&server, words);
        assert!(server.log().contains("mock.yml:7"), "{}", server.log());
        order(&server, "2", "");
        receiver.next();
        receiver.expect_no_more();
    }
}

#[test]
fn nobody_listens() {
    let receiver = Receiver::start();
    let url = receiver.url();
    let server = serve(&receiver, "/", "      sleep-time: 0");
    drop(receiver);
    eventually("the port is closed", || {
        let address = url.trim_start_matches("http://");
        std::net::TcpStream::connect(address).is_err().then_some(())
    });
    order(&server, "1", "");
    until_logged(&server, "a webhook failed: cannot connect to 127.0.0.1:");
    order(&server, "2", "");
}

#[test]
fn so_many_run_at_once_and_the_others_wait() {
    let receiver = Receiver::answering("");
    let server = serve(&receiver, "/", "      sleep-time: 0");
    for id in 0..70 {
        order(&server, &id.to_string(), "");
    }
    eventually("64 run", || (receiver.accepted() == 64).then_some(()));
    order(&server, "more", "");
    let mut client = server.connect("/orders/1");
    client.expect_text("hello").expect_silence();
    assert_eq!(receiver.accepted(), 64);
    eventually("the others run", || {
        receiver.let_go();
        (receiver.accepted() == 71).then_some(())
    });
}

#[test]
fn a_long_response_is_not_read_to_its_end() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n";
    let receiver = Receiver::answering(&(head.to_owned() + &"x".repeat(70_000)));
    let server = serve(&receiver, "/", "      sleep-time: 0");
    order(&server, "1", "");
    receiver.next();
    until_logged(&server, "a webhook arrived");
}

#[test]
fn what_waits_is_dropped_at_the_end() {
    let receiver = Receiver::start();
    let server = serve(&receiver, "/", "      sleep-time: 86400");
    order(&server, "1", "");
    let begun = Instant::now();
    server.terminate().expect_code(0);
    assert!(begun.elapsed() < Duration::from_secs(5));
    receiver.expect_no_more();
}

#[test]
fn check_tells_whom_it_will_call() {
    let exit = crate::lab::sockeye_in(
        Lab::yaml(
            r"
- endpoint: { path: /a, webhook: { url: 'http://a.example:81/b/{{path-params.x}}', if: json-params.a = 1 } }
- websocket: { path: /b, webhook: { url: 'http://a.example', method: get, sleep-time: 0.5 } }
",
        )
        .folder(),
        &["check", "mock.yml"],
    );
    for line in [
        "  calls POST http://a.example:81/b/{{…}} after 60s, under a condition\n",
        "  calls GET http://a.example/ after 500ms\n",
    ] {
        assert!(exit.stdout.contains(line), "{line} in {}", exit.stdout);
    }
}
