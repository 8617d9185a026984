//! The reference's handshakes and frames, byte for byte, where they are asked for.

use super::act::Act;
use super::lab::{Setup, eventually};
use super::server::Server;

/// The first request of a capture, lines ended as on the wire.
fn captured(name: &str) -> String {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/fluentbit/cases"
    );
    let text = std::fs::read_to_string(format!("{folder}/{name}/handshake.txt")).unwrap();
    let lines = text.lines().skip_while(|line| !line.starts_with("GET "));
    let lines = lines.take_while(|line| !line.is_empty());
    let lines: Vec<&str> = lines.chain(["", ""]).collect();
    lines.join("\r\n")
}

/// The request with another port.
fn at_port(request: &str, port: u16) -> String {
    let (before, rest) = request.split_once("Host: 127.0.0.1:").unwrap();
    let (_, behind) = rest.split_once("\r\n").unwrap();
    format!("{before}Host: 127.0.0.1:{port}\r\n{behind}")
}

#[tokio::test]
async fn b6_the_references_request_comes_byte_for_byte_where_it_is_wanted() {
    for (name, uri) in [
        ("hs-no-uri", ""),
        ("hs-uri-query", "/a/b%20c?x=1&y=2"),
        ("hs-uri-prop-noslash", "something/x"),
    ] {
        let server = Server::start(vec![Act::default()]);
        let lab = Setup::to(&server, &[("compat", "fluentbit"), ("uri", uri)]).start();
        lab.bring(1).await;
        eventually("a request", || !server.seen().requests.is_empty()).await;
        lab.stop().await;
        let expected = at_port(&captured(name), server.address.port());
        assert_eq!(server.seen().requests[0], expected, "{name}");
    }
}
