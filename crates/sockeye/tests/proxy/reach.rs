//! Whom a proxy calls: row 40 of the fault table, and TLS.

use super::proxy;
use crate::lab::{Lab, Upstream};

fn to(url: &str, section: &str) -> Lab {
    Lab::yaml(&format!(
        "websocket:\n  {section}\n  handlers:\n    - {{ path: /p, type: proxy, upstream: \"{url}\", connect_timeout_ms: 2000 }}\n"
    ))
}

#[test]
fn f40_addresses_that_no_server_has_are_403_and_not_called() {
    for host in [
        "169.254.169.254",
        "0.0.0.0",
        "[::]",
        "[::ffff:169.254.169.254]",
        "[fe80::1]",
        "224.0.0.1",
        "255.255.255.255",
    ] {
        let server = to(&format!("ws://{host}:80/latest/meta-data"), "").start();
        let refused = server.upgrade("/p", &[]);
        refused.expect_status(403);
        let text = refused.text();
        assert!(
            text.contains("it may not be called") && text.contains("is no address of a server"),
            "{host}: {text}"
        );
        server.expect_log(&["the upstream is not reached", "it may not be called"]);
    }
}

#[test]
fn f40_a_proxy_does_not_call_its_own_process() {
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.0.0.2"] {
        let server = to(&format!("ws://{host}:1/"), "host: 0.0.0.0")
            .admin()
            .start();
        let (own, admin) = (server.address().port(), server.admin().port());
        server.edit_and_reload(&format!("websocket:\n  host: 0.0.0.0\n  handlers:\n    - {{ path: /p, type: proxy, upstream: \"ws://{host}:{own}/q\" }}\n    - {{ path: /a, type: proxy, upstream: \"ws://{host}:{admin}/__mockforge/ws\" }}\n    - {{ path: /q, type: echo }}\n"));
        let refused = server.upgrade("/p", &[]);
        refused.expect_status(403);
        assert!(
            refused.text().contains("is a port of this very process"),
            "{}",
            refused.text()
        );
        if host != "127.0.0.2" {
            server.upgrade("/a", &[]).expect_status(403);
        }
    }
}

/// A name that a stranger's DNS answers with an address in here. `localtest.example` stands for it in the
/// unit tests of `ground`; the system's own names are all that can be resolved without a network.
#[test]
fn a_server_on_this_machine_is_called_by_its_plain_names() {
    let upstream = Upstream::start();
    let port = upstream.address().port();
    for host in ["127.0.0.1", "localhost"] {
        let server = to(&format!("ws://{host}:{port}/"), "").start();
        let mut client = server.connect("/p");
        upstream.next().socket.send("hello");
        client.expect_text("hello");
    }
    let server = proxy(
        &upstream,
        "/",
        "",
        "upstream_allow: [\"*.example.com\", \"a.example:443\"]",
    )
    .start();
    server.connect("/p");
}

#[test]
fn a_name_that_does_not_exist_is_502() {
    let server = to("ws://no-such-host.invalid/", "").start();
    let refused = server.upgrade("/p", &[]);
    assert!(matches!(refused.status, 502 | 504), "{}", refused.status);
    assert!(
        refused.text().contains("no-such-host.invalid"),
        "{}",
        refused.text()
    );
}

#[test]
fn the_upstream_may_come_from_the_environment() {
    let upstream = Upstream::start();
    let server = to("{{env.PROXY_UPSTREAM}}", "")
        .env("PROXY_UPSTREAM", upstream.url("/from/env"))
        .start();
    let _client = server.connect("/p");
    assert_eq!(upstream.next().target, "/from/env");
    let host = upstream.address().to_string();
    let server = to("ws://{{ env.PROXY_HOST }}/x/{{env.PROXY_PATH}}", "");
    let server = server
        .env("PROXY_HOST", host)
        .env("PROXY_PATH", "a b")
        .start();
    let _client = server.connect("/p");
    assert_eq!(upstream.next().target, "/x/a%20b");
}
