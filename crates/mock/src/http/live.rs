//! Endpoints as a client on a real socket sees them: what only the whole journey can show.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde_json::{Value, json};
use sockeye_core::Clock;
use sockeye_net::{Limits, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::load::{LoadOptions, load};
use crate::mock::Mock;

/// A response: head in lower case, and body.
struct Got {
    head: String,
    body: String,
}

impl Got {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }
}

/// Serves `file`, beside which a file `beside.json` lies, and runs `client` against it.
fn serve<F: Future<Output = ()>>(file: &str, client: impl FnOnce(SocketAddr, Arc<Mock>) -> F) {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("mock.yml");
    std::fs::write(&path, file).unwrap();
    std::fs::write(folder.path().join("beside.json"), "{\"a\": [1.50]}\n").unwrap();
    let loaded = load(&[path], &LoadOptions::default(), 1).unwrap();
    let mock = Arc::new(Mock::new(loaded.plan, Some(1), Clock::system()));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let listener = sockeye_net::listen((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let server = Server::start(listener, Arc::clone(&mock), Limits::default(), 1).unwrap();
        client(server.address(), mock).await;
    });
}

async fn send(address: SocketAddr, request: &[u8]) -> Got {
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request).await.unwrap();
    receive(&mut socket).await.unwrap()
}

/// Reads one response, whose length its head tells.
async fn receive(socket: &mut TcpStream) -> io::Result<Got> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let mut got = Got {
        head,
        body: String::new(),
    };
    let length = got.header("content-length").unwrap_or("0").parse().unwrap();
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await?;
    got.body = String::from_utf8(body).unwrap();
    Ok(got)
}

async fn get(address: SocketAddr, path: &str) -> Got {
    send(
        address,
        format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes(),
    )
    .await
}

async fn post(address: SocketAddr, path: &str, kind: &str, body: &str) -> Got {
    let length = body.len();
    let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: {kind}\r\n");
    send(
        address,
        format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes(),
    )
    .await
}

#[test]
fn a_quota_is_told_with_every_response_and_enforced() {
    let file = "[endpoint: {path: /x, rate-limit: {max-requests: 2}, response: {body: ok}}]";
    serve(file, |address, _| async move {
        for (status, remaining) in [("200", "1"), ("200", "0"), ("429", "0"), ("429", "0")] {
            let got = get(address, "/x").await;
            assert_eq!(
                (got.status(), got.header("x-ratelimit-remaining")),
                (status, Some(remaining))
            );
            assert_eq!(got.header("x-ratelimit-limit"), Some("2"));
            assert!(got.header("x-ratelimit-reset").is_some());
        }
        let got = get(address, "/x").await;
        assert_eq!(got.json()["error"], "more than 2 requests in 900000 ms");
        assert!(got.header("retry-after").is_some());
    });
}

#[test]
fn simulated_failures_and_timeouts_are_500_and_504() {
    let file = "
- endpoint: {path: /fails, latency: {failure-rate: 1.0}}
- endpoint: {path: /late, latency: {timeout-rate: 1.0, timeout-ms: 1}}
- endpoint: {path: /slow, latency: {min-ms: 1, max-ms: 2}, response: {body: ok}}
";
    serve(file, |address, _| async move {
        for (path, status) in [("/fails", "500"), ("/late", "504"), ("/slow", "200")] {
            assert_eq!(get(address, path).await.status(), status, "{path}");
        }
    });
}

#[test]
fn a_demanded_body_is_checked_and_read() {
    let file = r#"
- endpoint:
    method: POST
    path: /x
    body: '{"user": {"name": "x"}}'
    response: { body: { hello: "{{json-params.user.name}}", all: "{{json-params}}" } }
"#;
    serve(file, |address, _| async move {
        let sent = json!({"user": {"name": "a\"b"}, "more": 1});
        let got = post(address, "/x", "application/json", &sent.to_string()).await;
        assert_eq!(got.json(), json!({"hello": "a\"b", "all": sent}));
        let got = post(address, "/x", "application/json", r#"{"user": {}}"#).await;
        assert_eq!(got.status(), "400");
        let expected = json!({
            "error": "`user.name` of the body must be a string, but is missing",
            "at": "user.name",
            "expected": "a string",
            "found": null,
        });
        assert_eq!(got.json(), expected);
        assert_eq!(
            post(address, "/x", "text/plain", &sent.to_string())
                .await
                .status(),
            "400"
        );
        assert_eq!(
            post(address, "/x", "application/json", "{oops")
                .await
                .status(),
            "400"
        );
    });
}

#[test]
fn declared_types_reach_the_template() {
    let file = r#"
- endpoint:
    path: /x/:id|int
    query: { ok: bool }
    response: { body: '{"id": {{path-params.id}}, "ok": {{query-params.ok}}}' }
"#;
    serve(file, |address, _| async move {
        assert_eq!(
            get(address, "/x/42?ok=true").await.json(),
            json!({"id": 42, "ok": true})
        );
        assert_eq!(get(address, "/x/a?ok=true").await.status(), "400");
        assert_eq!(get(address, "/x/42").await.json()["parameter"], "ok");
    });
}

#[test]
fn files_are_served_as_they_are_and_none_from_outside() {
    let file = r#"
- endpoint:
    path: /file/:name
    response: { external-body: { provider: json, path: "{{path-params.name}}.json" } }
"#;
    serve(file, |address, _| async move {
        let got = get(address, "/file/beside").await;
        assert_eq!(got.body, "{\"a\": [1.50]}\n");
        assert_eq!(got.header("content-type"), Some("application/json"));
        for name in ["none", "..%2Fbeside", "%2Fetc%2Fpasswd", "a%00"] {
            assert_eq!(
                get(address, &format!("/file/{name}")).await.status(),
                "500",
                "{name}"
            );
        }
    });
}

#[test]
fn what_cannot_be_rendered_is_a_500_that_says_why() {
    let file = r#"
- endpoint:
    path: /long
    response: { body: "{% for i in query-params.n %}{{message}}{{message}}{% endfor %}" }
- endpoint:
    path: /header/:x
    response: { headers: { X-A: "{{path-params.x}}" } }
"#;
    serve(file, |address, mock| async move {
        let got = get(address, "/header/a%0Ab").await;
        assert_eq!(got.status(), "500");
        assert!(
            got.json()["error"].as_str().unwrap().contains("x-a"),
            "{}",
            got.body
        );
        let query = "n=1&".repeat(10);
        let body = "x".repeat(100_000);
        let head = format!("GET /long?{query} HTTP/1.1\r\nHost: a\r\n");
        let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
        let got = send(address, request.as_bytes()).await;
        assert_eq!((got.status(), mock.counts().template_errors), ("500", 1));
        assert!(
            got.json()["error"].as_str().unwrap().contains("1048576"),
            "{}",
            got.body
        );
    });
}

#[test]
fn a_413_reaches_a_client_that_is_still_sending() {
    let file = "[endpoint: {method: PUT, path: /x, response: {body: ok}}]";
    serve(file, |address, _| async move {
        let chunk = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
        let head = "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        for _ in 0..30 {
            socket.write_all(chunk.as_bytes()).await.unwrap();
        }
        let got = receive(&mut socket).await.unwrap();
        assert_eq!(
            (got.status(), got.header("connection")),
            ("413", Some("close"))
        );
    });
}

#[test]
fn a_client_that_expects_100_is_told_413_instead() {
    let file = "[endpoint: {method: PUT, path: /x, response: {body: ok}}]";
    serve(file, |address, _| async move {
        let head = |length| {
            format!(
                "PUT /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n"
            )
        };
        assert_eq!(
            send(address, head(4_000_000).as_bytes()).await.status(),
            "413"
        );
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(head(2).as_bytes()).await.unwrap();
        assert_eq!(receive(&mut socket).await.unwrap().status(), "100");
        socket.write_all(b"{}").await.unwrap();
        assert_eq!(receive(&mut socket).await.unwrap().status(), "200");
    });
}
