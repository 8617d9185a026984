//! Requests, good and bad, as a server judges them (RFC 6455 section 4.2.1).

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use sockeye_wire::handshake::{Refusal, Request, check_request, is_upgrade};

/// The request of RFC 6455 section 1.3.
const GOOD: [(&str, &str); 5] = [
    ("host", "server.example.com"),
    ("upgrade", "websocket"),
    ("connection", "Upgrade"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-version", "13"),
];

fn map(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        let name: HeaderName = name.parse().expect("a name");
        headers.append(
            name,
            HeaderValue::from_bytes(value.as_bytes()).expect("a value"),
        );
    }
    headers
}

/// The good request with these lines in place of those of the same names; an empty value removes.
fn with(lines: &[(&str, &str)]) -> HeaderMap {
    let kept = GOOD
        .iter()
        .filter(|(name, _)| lines.iter().all(|(other, _)| name != other));
    let added = lines.iter().filter(|(_, value)| !value.is_empty());
    map(&kept.chain(added).copied().collect::<Vec<_>>())
}

fn judge(headers: &HeaderMap) -> Result<Request, Refusal> {
    check_request(&Method::GET, Version::HTTP_11, headers)
}

#[test]
fn the_request_of_the_rfc_is_accepted() {
    let request = judge(&map(&GOOD)).unwrap();
    assert_eq!(request.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_eq!(request.subprotocols, Vec::<String>::new());
}

#[test]
fn other_spellings_are_accepted() {
    let rows: [&[(&str, &str)]; 8] = [
        &[("upgrade", "WebSocket")],
        &[("upgrade", "h2c, websocket")],
        &[("connection", "keep-alive, Upgrade")],
        &[("connection", "keep-alive"), ("connection", "UPGRADE")],
        &[("sec-websocket-version", " 13 ")],
        &[("content-length", "0")],
        &[(
            "sec-websocket-extensions",
            "permessage-deflate; client_max_window_bits",
        )],
        &[("sec-websocket-key", "abcdefghijklmnopqrstuv==")],
    ];
    for lines in rows {
        assert!(judge(&with(lines)).is_ok(), "{lines:?}");
    }
}

#[test]
fn subprotocols_keep_their_order_over_several_lines() {
    let headers = with(&[
        ("sec-websocket-protocol", "v2.chat ,\tv1.chat"),
        ("sec-websocket-protocol", "x"),
    ]);
    assert_eq!(
        judge(&headers).unwrap().subprotocols,
        ["v2.chat", "v1.chat", "x"]
    );
}

/// Lines of the request and the refusal.
type Row<'r> = (&'r [(&'r str, &'r str)], Refusal);

fn check(text: &str, rows: &[Row<'_>]) {
    for (lines, refusal) in rows {
        let got = judge(&with(lines)).expect_err("a refusal");
        assert_eq!(got, *refusal, "{lines:?}");
        assert_eq!(got.to_string(), text);
    }
}

#[test]
fn a_request_that_does_not_upgrade() {
    check(
        "this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade",
        &[
            (&[("upgrade", "")], Refusal::NotAnUpgrade),
            (&[("upgrade", "h2c")], Refusal::NotAnUpgrade),
            (&[("connection", "")], Refusal::NotAnUpgrade),
            (&[("connection", "close")], Refusal::NotAnUpgrade),
            (
                &[("upgrade", ""), ("connection", "")],
                Refusal::NotAnUpgrade,
            ),
        ],
    );
}

#[test]
fn another_version_of_the_protocol() {
    check(
        "Sec-WebSocket-Version must be 13",
        &[
            (&[("sec-websocket-version", "")], Refusal::Version),
            (&[("sec-websocket-version", "8")], Refusal::Version),
            (&[("sec-websocket-version", "013")], Refusal::Version),
            (&[("sec-websocket-version", "13, 8")], Refusal::Version),
            (
                &[
                    ("sec-websocket-version", "13"),
                    ("sec-websocket-version", "13"),
                ],
                Refusal::Version,
            ),
        ],
    );
}

#[test]
fn keys_that_are_none() {
    const KEY: &str = "sec-websocket-key";
    check(
        "Sec-WebSocket-Key is missing",
        &[(&[(KEY, "")], Refusal::KeyMissing)],
    );
    check(
        "Sec-WebSocket-Key must be 16 bytes in base64, which are 24 characters",
        &[
            (&[(KEY, "short")], Refusal::KeyMalformed),
            (&[(KEY, "dGhlIHNhbXBsZSBub25jZQ")], Refusal::KeyMalformed),
            (&[(KEY, "dGhlIHNhbXBsZSBub25jZWE=")], Refusal::KeyMalformed),
            (&[(KEY, "dGhlIHNhbXBsZSBub24!ZQ==")], Refusal::KeyMalformed),
        ],
    );
    let good = (KEY, "dGhlIHNhbXBsZSBub25jZQ==");
    check(
        "Sec-WebSocket-Key is sent 2 times; 1 is allowed",
        &[(&[good, good], Refusal::KeyRepeated { count: 2 })],
    );
}

#[test]
fn a_body_that_would_be_read_as_frames() {
    check(
        "a WebSocket request must not have a body",
        &[
            (&[("content-length", "1")], Refusal::Body),
            (&[("content-length", "99999999999999999999")], Refusal::Body),
            (
                &[("content-length", "0"), ("content-length", "5")],
                Refusal::Body,
            ),
            (&[("transfer-encoding", "chunked")], Refusal::Body),
        ],
    );
}

#[test]
fn subprotocols_that_are_none() {
    const PROTOCOL: &str = "sec-websocket-protocol";
    check(
        "Sec-WebSocket-Protocol must be a list of tokens",
        &[
            (&[(PROTOCOL, "a b")], Refusal::SubprotocolMalformed),
            (&[(PROTOCOL, "a,,b")], Refusal::SubprotocolMalformed),
            (&[(PROTOCOL, ",")], Refusal::SubprotocolMalformed),
            (&[(PROTOCOL, "a/b")], Refusal::SubprotocolMalformed),
        ],
    );
    check(
        "Sec-WebSocket-Protocol offers one name twice",
        &[
            (&[(PROTOCOL, "a, b, a")], Refusal::SubprotocolRepeated),
            (
                &[(PROTOCOL, "a"), (PROTOCOL, "a")],
                Refusal::SubprotocolRepeated,
            ),
        ],
    );
}

#[test]
fn the_method_and_the_version_of_http() {
    let headers = map(&GOOD);
    for method in [Method::POST, Method::HEAD, Method::CONNECT, Method::OPTIONS] {
        let refusal = check_request(&method, Version::HTTP_11, &headers).unwrap_err();
        assert_eq!(refusal, Refusal::Method, "{method}");
        assert_eq!(refusal.to_string(), "method must be GET");
    }
    for version in [Version::HTTP_09, Version::HTTP_10, Version::HTTP_2] {
        let refusal = check_request(&Method::GET, version, &headers).unwrap_err();
        assert_eq!(refusal, Refusal::HttpVersion, "{version:?}");
        assert_eq!(refusal.to_string(), "WebSocket needs HTTP/1.1");
    }
}

#[test]
fn each_refusal_has_its_status_and_headers() {
    let upgrade = "upgrade: websocket, connection: Upgrade";
    let rows = [
        (Refusal::Method, 405, "allow: GET".to_owned()),
        (Refusal::HttpVersion, 400, String::new()),
        (Refusal::Body, 400, String::new()),
        (
            Refusal::NotAscii {
                header: http::header::UPGRADE,
            },
            400,
            String::new(),
        ),
        (Refusal::NotAnUpgrade, 426, upgrade.to_owned()),
        (
            Refusal::Version,
            426,
            format!("{upgrade}, sec-websocket-version: 13"),
        ),
        (Refusal::KeyMissing, 400, String::new()),
        (Refusal::KeyRepeated { count: 2 }, 400, String::new()),
        (Refusal::KeyMalformed, 400, String::new()),
        (Refusal::SubprotocolMalformed, 400, String::new()),
        (Refusal::SubprotocolRepeated, 400, String::new()),
    ];
    for (refusal, status, wanted) in rows {
        assert_eq!(refusal.status().as_u16(), status, "{refusal:?}");
        let headers: Vec<String> = refusal
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        assert_eq!(headers.join(", "), wanted, "{refusal:?}");
    }
}

#[test]
fn a_request_may_ask_for_a_websocket_badly() {
    assert!(is_upgrade(&map(&GOOD)));
    assert!(is_upgrade(&map(&[("upgrade", "WEBSOCKET")])));
    assert!(is_upgrade(&with(&[("sec-websocket-key", "")])));
    assert!(!is_upgrade(&HeaderMap::new()));
    assert!(!is_upgrade(&map(&[
        ("upgrade", "h2c"),
        ("connection", "upgrade")
    ])));
    let mut headers = HeaderMap::new();
    headers.insert(
        "upgrade",
        HeaderValue::from_bytes(b"websocket\xff").unwrap(),
    );
    assert!(!is_upgrade(&headers));
}

/// All values of one byte in each header of the handshake: no panic, and 400 where it is not ASCII.
#[test]
fn every_byte_in_every_header() {
    let names = [
        "upgrade",
        "connection",
        "sec-websocket-key",
        "sec-websocket-version",
        "sec-websocket-protocol",
        "sec-websocket-extensions",
    ];
    let mut judged = 0;
    for name in names {
        for byte in 0..=u8::MAX {
            for value in [vec![byte], [b"13", &[byte][..], b"x"].concat()] {
                // What HTTP itself forbids never gets past its parser.
                let Ok(value) = HeaderValue::from_bytes(&value) else {
                    continue;
                };
                let mut headers = map(&GOOD);
                headers.insert(HeaderName::from_static(name), value);
                judged += 1;
                let verdict = judge(&headers);
                is_upgrade(&headers);
                if byte >= 0x80 {
                    let header = HeaderName::from_static(name);
                    let text = format!("header {name} has bytes that are not ASCII");
                    let refusal = verdict.unwrap_err();
                    assert_eq!(refusal, Refusal::NotAscii { header });
                    assert_eq!(refusal.to_string(), text);
                }
            }
        }
    }
    assert_eq!(
        judged,
        6 * 2 * 224,
        "224 of 256 bytes can stand in a header"
    );
}

#[test]
fn thousands_of_subprotocols_take_no_time_to_speak_of() {
    let list: Vec<String> = (0..4000).map(|n| format!("p{n}")).collect();
    let headers = with(&[("sec-websocket-protocol", &list.join(","))]);
    assert_eq!(judge(&headers).unwrap().subprotocols, list);
}
