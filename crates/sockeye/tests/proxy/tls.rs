//! TLS to the server behind.

use crate::lab::{Authority, Lab, Server};

fn secure(authority: &Authority) -> Server {
    let (certificate, key) = authority.issue("localhost");
    Lab::yaml("websocket: { tls: { cert_path: a.crt, key_path: a.key }, handlers: [{ path: /ws, type: echo }] }")
        .beside("a.crt", &certificate)
        .beside("a.key", &key)
        .start()
}

fn proxy(host: &str, server: &Server, keys: &str) -> Lab {
    let port = server.address().port();
    Lab::yaml(&format!(
        "websocket: {{ handlers: [{{ path: /p, type: proxy, upstream: \"wss://{host}:{port}/ws\"{keys} }}] }}"
    ))
}

#[test]
fn a_server_is_reached_over_tls_with_an_authority_of_the_file() {
    let authority = Authority::new("proxy test");
    let behind = secure(&authority);
    let server = proxy("localhost", &behind, ", tls: { ca_path: ca.pem }")
        .beside("ca.pem", &authority.pem())
        .start();
    let mut client = server.connect("/p");
    let long = "x".repeat(60_000);
    client
        .send("over TLS")
        .expect_text("over TLS")
        .send(&long)
        .expect_text(&long);
    client.close();
    client.expect_close_without_code();
}

#[test]
fn whom_nobody_vouches_for_is_502_with_the_reason() {
    let authority = Authority::new("proxy test");
    let behind = secure(&authority);
    let server = proxy("localhost", &behind, "").start();
    let refused = server.upgrade("/p", &[]);
    refused.expect_status(502);
    assert!(
        refused.text().contains("cannot speak TLS with localhost"),
        "{}",
        refused.text()
    );
    // The right authority and another name.
    let server = proxy("127.0.0.1", &behind, ", tls: { ca_path: ca.pem }")
        .beside("ca.pem", &authority.pem())
        .start();
    let refused = server.upgrade("/p", &[]);
    refused.expect_status(502);
    assert!(
        refused.text().contains("cannot speak TLS with 127.0.0.1"),
        "{}",
        refused.text()
    );
    let server = proxy("127.0.0.1", &behind, ", tls: { insecure: true }").start();
    server.connect("/p").send("any").expect_text("any");
}
