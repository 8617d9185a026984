//! A request's head -> an HTTP parser -> both judges: what a server lets in, and what a client would have to write
//! to be let in.

use http::{HeaderMap, HeaderName, HeaderValue, Method, Version};
use sockeye_wire::handshake::{
    ClientRequest, Refusal, accept_key, check_request, check_request_of, is_upgrade,
};

/// Lines of a head beyond this are refused before anybody judges them.
const LINES: usize = 100;

/// Method, version and headers, as an HTTP parser hands them over; none where it refuses.
fn parsed(input: &[u8]) -> Option<(Method, Version, HeaderMap)> {
    let mut lines = [httparse::EMPTY_HEADER; LINES];
    let mut head = httparse::Request::new(&mut lines);
    head.parse(input).ok()?;
    let method = Method::from_bytes(head.method?.as_bytes()).ok()?;
    let version = match head.version? {
        0 => Version::HTTP_10,
        _ => Version::HTTP_11,
    };
    let mut headers = HeaderMap::new();
    for line in &*head.headers {
        let name = HeaderName::from_bytes(line.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(line.value).ok()?);
    }
    Some((method, version, headers))
}

/// The whole input is a request's head.
pub(crate) fn requests(input: &[u8]) -> Option<String> {
    let (method, version, headers) = parsed(input)?;
    let found = check_request(&method, version, &headers);
    let older = check_request_of(&["13", "8", "7"], &method, version, &headers);
    match &found {
        Ok(request) => {
            assert!(is_upgrade(&headers), "it asked for one");
            assert_eq!(found, older, "what 13 opens, more versions open as well");
            let mut keys = headers.get_all("sec-websocket-key").iter();
            let key = keys.next().expect("a key").as_bytes().trim_ascii();
            assert_eq!(request.accept, accept_key(key));
            assert!(keys.next().is_none(), "one key");
            assert!(request.deflate.len() <= 8);
            let mut names = request.subprotocols.clone();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), request.subprotocols.len(), "each stands once");
            offered(&request.subprotocols);
        }
        Err(refusal) => refused(refusal),
    }
    Some(format!("{found:?} {older:?}"))
}

/// A client may offer what a server has read, and the server reads the same again.
fn offered(subprotocols: &[String]) {
    let none = HeaderMap::new();
    let request = ClientRequest::new("a", "/", &none, subprotocols, *b"the sample nonce");
    let request = request.expect("tokens, each once");
    let (method, version, headers) = parsed(request.bytes()).expect("a head");
    let again = check_request(&method, version, &headers).expect("a handshake");
    assert_eq!(again.subprotocols, subprotocols);
}

/// The answer to a refusal can be sent and quotes nothing that the client said.
fn refused(refusal: &Refusal) {
    assert!(refusal.status().is_client_error());
    let text = refusal.to_string();
    assert!(text.len() < 200 && text.is_ascii(), "{text}");
    let version = refusal.headers().contains_key("sec-websocket-version");
    assert!(!version || refusal.status() == 426);
}

/// Values of the handshake's headers, one a line: name, `:`, value, whatever it is made of.
pub(crate) fn values(input: &[u8]) -> Option<String> {
    let mut headers = HeaderMap::new();
    for line in input.split(|byte| *byte == b'\n') {
        let (name, value) = line.split_at(line.iter().position(|byte| *byte == b':')?);
        let name = HeaderName::from_bytes(name).ok()?;
        headers.append(name, HeaderValue::from_bytes(&value[1..]).ok()?);
    }
    let found = check_request(&Method::GET, Version::HTTP_11, &headers);
    match &found {
        Ok(request) => offered(&request.subprotocols),
        Err(refusal) => refused(refusal),
    }
    // Anything may be asked of a client as well: what it takes makes one request and not two.
    let host = String::from_utf8_lossy(input);
    let names: Vec<_> = host.split(',').map(ToOwned::to_owned).collect();
    let written = ClientRequest::new(&host, "/", &headers, &names, *b"the sample nonce");
    if let Ok(written) = &written {
        let ends = written.bytes().windows(4).filter(|end| end == b"\r\n\r\n");
        assert_eq!(ends.count(), 1, "one head");
    }
    Some(format!("{found:?} {written:?}"))
}
