//! `auth:` of a handler: who does not bring the value is refused, and the value is shown to nobody.

use crate::lab::{Lab, Server, eventually};

const FILE: &str = r#"
websocket:
  handlers:
    - path: /header
      type: echo
      auth: { header: X-Door, equals: "{{env.DOOR}}" }
    - path: /query
      type: echo
      auth: { query: door, equals: "open sesame", status: 403 }
    - path: /basic
      type: echo
      auth: { header: Authorization, equals: "Basic dXNlcjpwYXNz" }
    - path: /unset
      type: echo
      auth: { header: x-door, equals: "{{env.NOBODY_SET_THIS}}" }
    - path: /free
      type: echo
"#;

fn server() -> Server {
    let lab = Lab::yaml(FILE).env("DOOR", "canary-7");
    lab.arg("--log").arg("debug").admin().start()
}

/// The status of a handshake.
fn status(server: &Server, path: &str, headers: &[(&str, &str)]) -> u16 {
    server.upgrade(path, headers).status
}

#[test]
fn a_header_must_have_the_value() {
    let server = server();
    assert_eq!(status(&server, "/header", &[("x-door", "canary-7")]), 101);
    for wrong in [
        &[][..],
        &[("x-door", "canary-8")],
        &[("x-door", "canary-")],
        &[("x-door", "canary-77")],
        &[("x-door", "CANARY-7")],
        &[("x-other", "canary-7")],
        // Two of them say two things, whatever they say.
        &[("x-door", "canary-7"), ("X-Door", "canary-7")],
    ] {
        let refused = server.upgrade("/header", wrong);
        refused.expect_status(401);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        let error = refused.json()["error"].to_string();
        assert!(error.contains("`x-door`"), "{error}");
        assert!(!error.contains("canary"), "{error}");
    }
    let other = server.upgrade("/basic", &[("authorization", "Basic bm9ib2R5")]);
    assert_eq!(
        other.expect_status(401).header("www-authenticate"),
        Some("Basic")
    );
    let right = [("authorization", "Basic dXNlcjpwYXNz")];
    assert_eq!(status(&server, "/basic", &right), 101);
    server.connect("/free").send("x").expect_text("x");
}

#[test]
fn a_parameter_of_the_query_must_have_the_value_and_the_status_is_the_files() {
    let server = server();
    for right in ["?door=open%20sesame", "?a=1&door=open+sesame&b=2"] {
        assert_eq!(status(&server, &format!("/query{right}"), &[]), 101);
    }
    for wrong in [
        "",
        "?door=",
        "?door=open",
        "?Door=open+sesame",
        "?door=open+sesame&door=x",
    ] {
        let refused = server.upgrade(&format!("/query{wrong}"), &[]);
        refused.expect_status(403);
        assert_eq!(refused.header("www-authenticate"), None);
    }
}

#[test]
fn a_variable_that_is_not_set_lets_nobody_in() {
    let server = server();
    for headers in [
        &[][..],
        &[("x-door", "")],
        &[("x-door", "{{env.NOBODY_SET_THIS}}")],
    ] {
        assert_eq!(status(&server, "/unset", headers), 401);
    }
    // An empty value in so many words.
    let mut raw = server.raw();
    let head = raw.handshake("/unset", &[]);
    let head = head.trim_end().to_owned() + "\r\nX-Door:\r\n\r\n";
    raw.send(head.as_bytes());
    raw.response("GET").expect_status(401);
}

#[test]
fn the_value_is_in_nothing_that_operators_see() {
    let server = server();
    let mut raw = server.raw();
    let opened = raw.upgrade("/header", &[("x-door", "canary-7")]);
    assert_eq!(opened.status, 101);
    let mut query = server.connect("/query?door=open%20sesame");
    query.send("x").expect_text("x");
    let _ = server.upgrade("/header?door=open%20sesame", &[("x-door", "canary-8")]);
    eventually("both are open", || {
        let list = server.ask("GET", "/__mockforge/ws/connections", &[], b"");
        (list.json()["count"] == 2).then_some(())
    });
    for target in [
        "connections",
        "connections/conn-1",
        "connections/conn-2",
        "handlers",
    ] {
        let target = format!("/__mockforge/ws/{target}");
        let shown = server.ask("GET", &target, &[], b"").text();
        for secret in ["canary-7", "open sesame"] {
            assert!(!shown.contains(secret), "{target}: {shown}");
        }
    }
    let log = server.log();
    assert!(!log.contains("canary-7"), "{log}");
    let rejected = server.ask("GET", "/metrics", &[], b"").text();
    assert!(
        rejected.contains("\nws_connections_rejected 1\n"),
        "{rejected}"
    );
}
