//! The request that a client writes, and responses, good and bad, as it judges them (RFC 6455 section 4.1).

use http::{HeaderMap, HeaderValue};
use sockeye_wire::handshake::{
    ClientRequest, RequestError, Response, ResponseError, check_request, fresh_key,
};

const KEY: [u8; 16] = *b"the sample nonce";

const GOOD: &str = "HTTP/1.1 101 Switching Protocols\r\n\
    Upgrade: websocket\r\n\
    Connection: Upgrade\r\n\
    Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

fn request(subprotocols: &[&str]) -> ClientRequest {
    let subprotocols: Vec<String> = subprotocols.iter().map(ToString::to_string).collect();
    ClientRequest::new(
        "localhost:9001",
        "/ws?a=1",
        &HeaderMap::new(),
        &subprotocols,
        KEY,
    )
    .expect("good parts")
}

/// Judges a response whole, then byte by byte: both must agree.
fn judge(subprotocols: &[&str], response: &[u8]) -> Result<Option<Response>, ResponseError> {
    let whole = request(subprotocols).check_response(response);
    let growing = request(subprotocols);
    let mut verdict = Ok(None);
    for length in 0..=response.len() {
        verdict = growing.check_response(&response[..length]);
        if verdict != Ok(None) {
            break;
        }
    }
    assert_eq!(verdict, whole, "{}", response.escape_ascii());
    whole
}

#[test]
fn the_request_is_this() {
    let mut extra = HeaderMap::new();
    extra.insert("origin", HeaderValue::from_static("http://example.com"));
    extra.append("x-many", HeaderValue::from_static("1"));
    extra.append("x-many", HeaderValue::from_static("2"));
    let offered = ["chat".to_owned(), "superchat".to_owned()];
    let request = ClientRequest::new("server.example.com", "/chat", &extra, &offered, KEY).unwrap();
    assert_eq!(
        String::from_utf8_lossy(request.bytes()),
        "GET /chat HTTP/1.1\r\n\
         Host: server.example.com\r\n\
         Upgrade: websocket\r\n\
         Connection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Protocol: chat, superchat\r\n\
         origin: http://example.com\r\n\
         x-many: 1\r\n\
         x-many: 2\r\n\r\n"
    );
}

#[test]
fn our_server_accepts_our_client_and_the_client_its_answer() {
    let offered = ["a".to_owned(), "b".to_owned()];
    let client =
        ClientRequest::new("[::1]:80", "/", &HeaderMap::new(), &offered, fresh_key()).unwrap();
    let mut lines = [httparse::EMPTY_HEADER; 16];
    let mut parsed = httparse::Request::new(&mut lines);
    assert!(parsed.parse(client.bytes()).unwrap().is_complete());
    let headers: HeaderMap = parsed
        .headers
        .iter()
        .map(|line| {
            (
                line.name.parse().unwrap(),
                HeaderValue::from_bytes(line.value).unwrap(),
            )
        })
        .collect();
    let asked = check_request(&http::Method::GET, http::Version::HTTP_11, &headers).unwrap();
    assert_eq!(asked.subprotocols, offered);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: b\r\n\r\n",
        asked.accept
    );
    let response = client
        .check_response(answer.as_bytes())
        .unwrap()
        .expect("a whole head");
    assert_eq!(
        response,
        Response {
            deflate: None,
            subprotocol: Some("b".to_owned()),
            header_bytes: answer.len()
        }
    );
}

#[test]
fn a_request_cannot_be_made_of_these() {
    let new = |host: &str, target: &str, offered: &[&str]| {
        let offered: Vec<String> = offered.iter().map(ToString::to_string).collect();
        ClientRequest::new(host, target, &HeaderMap::new(), &offered, KEY)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    let rows = [
        (new("", "/", &[]), "host \"\" is not a host and port"),
        (new("a b", "/", &[]), "host \"a b\" is not a host and port"),
        (
            new("a\r\nX: y", "/", &[]),
            "host \"a\\r\\nX: y\" is not a host and port",
        ),
        (
            new("h", "", &[]),
            "request target \"\" is not a path with an optional query",
        ),
        (
            new("h", "ws", &[]),
            "request target \"ws\" is not a path with an optional query",
        ),
        (
            new("h", "/a b", &[]),
            "request target \"/a b\" is not a path with an optional query",
        ),
        (
            new("h", "/a\r\nX: y", &[]),
            "request target \"/a\\r\\nX: y\" is not a path with an optional query",
        ),
        (
            new("h", "/a#b", &[]),
            "request target \"/a#b\" is not a path with an optional query",
        ),
        (
            new("h", "/ü", &[]),
            "request target \"/ü\" is not a path with an optional query",
        ),
        (
            new("h", "/", &["a b"]),
            "a subprotocol must be a token: letters, digits and !#$%&'*+-.^_`|~",
        ),
        (
            new("h", "/", &["a\r\nX: y"]),
            "a subprotocol must be a token: letters, digits and !#$%&'*+-.^_`|~",
        ),
        (new("h", "/", &["a", "a"]), "a subprotocol is offered twice"),
    ];
    for (got, wanted) in rows {
        assert_eq!(got, Err(wanted.to_owned()));
    }
    let mut extra = HeaderMap::new();
    extra.insert("sec-websocket-key", HeaderValue::from_static("mine"));
    let error = ClientRequest::new("h", "/", &extra, &[], KEY).unwrap_err();
    assert_eq!(
        error,
        RequestError::OwnHeader {
            name: http::header::SEC_WEBSOCKET_KEY
        }
    );
    assert_eq!(
        error.to_string(),
        "header sec-websocket-key is set by the handshake itself"
    );
}

#[test]
fn good_responses() {
    let opened = |response: &str, subprotocol: Option<&str>| {
        let subprotocol = subprotocol.map(ToOwned::to_owned);
        Ok(Some(Response {
            deflate: None,
            subprotocol,
            header_bytes: response.len(),
        }))
    };
    assert_eq!(judge(&[], GOOD.as_bytes()), opened(GOOD, None));
    assert_eq!(
        judge(&["chat"], GOOD.as_bytes()),
        opened(GOOD, None),
        "none need be chosen"
    );
    let rows = [
        ("websocket\r\n", "WebSocket\r\n"),
        ("Upgrade: websocket", "uPGRADE: websocket"),
        ("Connection: Upgrade", "Connection: keep-alive, upgrade"),
        ("Switching Protocols", "Fine"),
        ("Connection", "Server: t\u{fc}rk\r\nConnection"),
        ("Connection", "Sec-WebSocket-Extensions: \r\nConnection"),
    ];
    for (from, to) in rows {
        let response = GOOD.replacen(from, to, 1);
        assert_eq!(
            judge(&[], response.as_bytes()),
            opened(&response, None),
            "{to}"
        );
    }
    let chosen = GOOD.replace("Connection", "Sec-WebSocket-Protocol: b\r\nConnection");
    assert_eq!(
        judge(&["a", "b"], chosen.as_bytes()),
        opened(&chosen, Some("b"))
    );
}

#[test]
fn frames_behind_the_head_are_left_alone() {
    let mut bytes = GOOD.as_bytes().to_vec();
    bytes.extend_from_slice(b"\x81\x04\r\n\r\n\xff");
    let response = request(&[])
        .check_response(&bytes)
        .unwrap()
        .expect("a whole head");
    assert_eq!(response.header_bytes, GOOD.len());
}

const ACCEPT: &str = "Sec-WebSocket-Accept is not the one that answers the key; \
                  expected s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const UPGRADE: &str =
    "response does not upgrade: it needs Upgrade: websocket and Connection: Upgrade";
const SUBPROTOCOL: &str = "server chose a subprotocol that was not offered";
const EXTENSION: &str = "server chose an extension; none was offered";

/// What is replaced in the good response, by what, and what is said.
const BAD: &[(&str, &str, &str)] = &[
    (
        "101 Switching Protocols",
        "200 OK",
        "server answered 200, not 101",
    ),
    (
        "101 Switching Protocols",
        "404 Not Found",
        "server answered 404, not 101",
    ),
    (
        "HTTP/1.1",
        "HTTP/1.0",
        "server answered in HTTP/1.0; WebSocket needs HTTP/1.1",
    ),
    ("Upgrade: websocket\r\n", "", UPGRADE),
    ("Upgrade: websocket", "Upgrade: h2c", UPGRADE),
    ("Connection: Upgrade\r\n", "", UPGRADE),
    ("Connection: Upgrade", "Connection: close", UPGRADE),
    ("s3pP", "S3pP", ACCEPT),
    ("xOo=", "xOo= , x", ACCEPT),
    ("Sec-WebSocket-Accept", "X-Accept", ACCEPT),
    (
        "Connection",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nConnection",
        ACCEPT,
    ),
    (
        "Connection",
        "Sec-WebSocket-Protocol: other\r\nConnection",
        SUBPROTOCOL,
    ),
    (
        "Connection",
        "Sec-WebSocket-Protocol: CHAT\r\nConnection",
        SUBPROTOCOL,
    ),
    (
        "Connection",
        "Sec-WebSocket-Protocol: chat, v2\r\nConnection",
        SUBPROTOCOL,
    ),
    (
        "Connection",
        "Sec-WebSocket-Protocol:\r\nConnection",
        SUBPROTOCOL,
    ),
    (
        "Connection",
        "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Protocol: chat\r\nConnection",
        SUBPROTOCOL,
    ),
    (
        "Connection",
        "Sec-WebSocket-Extensions: permessage-deflate\r\nConnection",
        EXTENSION,
    ),
    (
        "Connection: Upgrade",
        "Connection: Upgrade\u{e9}",
        "response header Connection has bytes that are not ASCII",
    ),
    (
        "HTTP/1.1",
        "SSH-2.0",
        "response is not HTTP: invalid HTTP version",
    ),
    (
        "Upgrade: websocket",
        "Upgrade",
        "response is not HTTP: invalid header name",
    ),
    (
        "Upgrade\r\nSec",
        "Upgrade\n\nSec",
        "response is not HTTP: invalid new line",
    ),
];

#[test]
fn bad_responses() {
    for (from, to, wanted) in BAD {
        assert!(GOOD.contains(from), "{from}");
        let response = GOOD.replacen(from, to, 1);
        let error = judge(&["chat"], response.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), *wanted, "{to}");
    }
    assert_eq!(
        judge(
            &[],
            GOOD.replace("101 Switching Protocols", "503 Full")
                .as_bytes()
        ),
        Err(ResponseError::Status { status: 503 })
    );
    let unasked = GOOD.replace("Connection", "Sec-WebSocket-Protocol: chat\r\nConnection");
    assert_eq!(
        judge(&[], unasked.as_bytes()),
        Err(ResponseError::Subprotocol)
    );
}

#[test]
fn a_head_without_end_stops_at_the_bound() {
    let endless = |bytes: usize| {
        let mut head = b"HTTP/1.1 101 Switching Protocols\r\nX: ".to_vec();
        head.resize(bytes, b'x');
        head
    };
    let too_long = ResponseError::HeadTooLong { limit: 16_384 };
    assert_eq!(request(&[]).check_response(&endless(16_383)), Ok(None));
    assert_eq!(judge(&[], &endless(16_384)), Err(too_long.clone()));
    let mut late = endless(16_384);
    late.extend_from_slice(b"\r\n\r\n");
    assert_eq!(judge(&[], &late), Err(too_long.clone()));
    assert_eq!(
        too_long.to_string(),
        "response head exceeds the limit of 16384 bytes"
    );
    let fitting = [&endless(16_380)[..], b"\r\n\r\n"].concat();
    assert_eq!(judge(&[], &fitting), Err(ResponseError::NotAnUpgrade));
}

#[test]
fn header_lines_are_counted() {
    let with = |lines: usize| {
        let filler = "X: y\r\n".repeat(lines - 3);
        GOOD.replacen(
            "Upgrade: websocket",
            &format!("{filler}Upgrade: websocket"),
            1,
        )
    };
    assert!(judge(&[], with(100).as_bytes()).is_ok_and(|response| response.is_some()));
    let error = judge(&[], with(101).as_bytes()).unwrap_err();
    assert_eq!(error, ResponseError::TooManyHeaders { limit: 100 });
    assert_eq!(
        error.to_string(),
        "response head exceeds the limit of 100 header lines"
    );
}

/// All values of one byte in each header of the handshake: no panic, and an error where it is not ASCII.
#[test]
fn every_byte_in_every_header() {
    let names = [
        "Upgrade",
        "Connection",
        "Sec-WebSocket-Accept",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions",
    ];
    for name in names {
        for byte in 0..=u8::MAX {
            let line = [b"\r\n", name.as_bytes(), b": x", &[byte], b"y\r\n\r\n"].concat();
            let head = [GOOD.trim_end().as_bytes(), &line].concat();
            let verdict = judge(&[], &head);
            if byte >= 0x80 {
                assert_eq!(
                    verdict,
                    Err(ResponseError::NotAscii { header: name }),
                    "{byte:02x}"
                );
            }
        }
    }
}
