//! The URL and the flags become a place to dial and a request to send; mistakes become one sentence.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, ORIGIN};
use http::uri::{Authority, Uri};
use percent_encoding::{CONTROLS, percent_decode_str, utf8_percent_encode};
use sockeye_net::{ClientTls, ClientTrust, Identity, Target};
use sockeye_wire::handshake::{ClientRequest, RequestError, fresh_key};
use sockeye_wire::{DeflateOffer, FrameLimits};

use super::DialArgs;

/// Headers that belong to one hop, or to the request itself.
const NOT_TO_BE_GIVEN: [&str; 12] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "expect",
];

/// Frames that a message may consist of, beside those that its length earns.
const FRAGMENTS: u32 = 4096;

/// Where to go and what to say there.
#[derive(Debug)]
pub(crate) struct Goal {
    pub(crate) target: Target,
    pub(crate) request: ClientRequest,
    pub(crate) limits: FrameLimits,
    pub(crate) within: Duration,
    /// The URL without what is secret in it.
    pub(crate) shown: String,
    asking: Asking,
}

/// What a request is made of.
#[derive(Debug)]
struct Asking {
    host: String,
    path: String,
    headers: HeaderMap,
    subprotocols: Vec<String>,
    offer: Option<DeflateOffer>,
}

impl Asking {
    fn request(&self) -> Result<ClientRequest, RequestError> {
        let Self {
            host,
            path,
            headers,
            subprotocols,
            offer,
        } = self;
        let request = ClientRequest::new(host, path, headers, subprotocols, fresh_key())?;
        Ok(request.offering(offer.as_slice()))
    }
}

/// What a URL says.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    is_secure: bool,
    /// Without brackets.
    host: String,
    port: u16,
    /// Value of the `Host` header.
    host_header: String,
    path: String,
    /// Value of the `Authorization` header.
    authorization: Option<String>,
}

impl Goal {
    /// Errors: a sentence for the user.
    pub(crate) fn new(url: &str, args: &DialArgs) -> Result<Self, String> {
        let place = place(url)?;
        let headers = headers(args, &place)?;
        let asking = Asking {
            host: place.host_header.clone(),
            path: place.path.clone(),
            headers,
            subprotocols: args.subprotocols.clone(),
            offer: (!args.no_compression).then(DeflateOffer::usual),
        };
        let tls = tls(args, place.is_secure)?;
        let scheme = if place.is_secure { "wss" } else { "ws" };
        Ok(Self {
            request: asking.request().map_err(|error| error.to_string())?,
            target: Target::new(place.host, place.port).over(tls),
            limits: FrameLimits {
                frame_bytes: args.max_message_size,
                message_bytes: args.max_message_size,
                fragments: FRAGMENTS,
                loose_text: false,
            },
            within: args.timeout,
            shown: format!("{scheme}://{}{}", place.host_header, place.path),
            asking,
        })
    }

    /// The request with a key of its own, for one more connection (RFC 6455 section 4.1).
    pub(crate) fn fresh_request(&self) -> ClientRequest {
        let request = self.asking.request();
        request.expect("the same parts have made a request before")
    }
}

fn place(url: &str) -> Result<Place, String> {
    let wrong = |why: &str| format!("{why}; write ws://HOST[:PORT]/PATH or wss://…");
    if url.contains('#') {
        return Err(wrong("a WebSocket's URL has no fragment, write # as %23"));
    }
    let Some((scheme, _)) = url.split_once("://") else {
        return Err(wrong(&format!("the URL {url:?} has no scheme")));
    };
    let (is_secure, usual) = match scheme.to_ascii_lowercase().as_str() {
        "ws" | "http" => (false, 80),
        "wss" | "https" => (true, 443),
        other => return Err(wrong(&format!("{other:?} is no scheme of WebSockets"))),
    };
    let encoded = utf8_percent_encode(url, CONTROLS).to_string();
    let uri: Uri = encoded
        .parse()
        .map_err(|error| wrong(&format!("the URL is wrong, {error}")))?;
    let no_host = || wrong("the URL has no host");
    let authority = uri.authority().ok_or_else(no_host)?;
    let host = authority.host();
    if host.is_empty() {
        return Err(no_host());
    }
    let (_, after_host) = authority.as_str().rsplit_once(host).unwrap_or_default();
    let port = match after_host.strip_prefix(':') {
        None | Some("") => usual,
        Some(digits) => digits
            .parse()
            .map_err(|_| wrong(&format!("{digits:?} is no port")))?,
    };
    let host_header = if port == usual {
        host.to_owned()
    } else {
        format!("{host}:{port}")
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let slash = if path.starts_with('/') { "" } else { "/" };
    Ok(Place {
        is_secure,
        host: host.trim_matches(['[', ']']).to_owned(),
        port,
        host_header,
        path: format!("{slash}{path}"),
        authorization: authorization(authority),
    })
}

/// Basic authorization (RFC 7617) of a name and password before the host.
fn authorization(authority: &Authority) -> Option<String> {
    let (user, _) = authority.as_str().rsplit_once('@')?;
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let mut pair: Vec<u8> = percent_decode_str(name).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(password));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

fn headers(args: &DialArgs, place: &Place) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for line in &args.headers {
        let (name, value) = header(line)?;
        headers.append(name, value);
    }
    if let Some(origin) = &args.origin {
        let value = HeaderValue::from_str(origin);
        let value = value.map_err(|_| format!("--origin {origin:?} cannot stand in a header"))?;
        headers.insert(ORIGIN, value);
    }
    if let Some(text) = &place.authorization
        && !headers.contains_key(AUTHORIZATION)
        && let Ok(mut value) = HeaderValue::from_str(text)
    {
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

fn header(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = || format!("--header {line:?} is no header; write 'Name: value'");
    let (name, value) = line.split_once(':').ok_or_else(wrong)?;
    let name: HeaderName = name.trim().parse().map_err(|_| wrong())?;
    let value = HeaderValue::from_str(value.trim()).map_err(|_| wrong())?;
    if name == "sec-websocket-protocol" {
        return Err("header sec-websocket-protocol is what --subprotocol sets".to_owned());
    }
    if name.as_str().starts_with("sec-websocket-") || NOT_TO_BE_GIVEN.contains(&name.as_str()) {
        return Err(format!(
            "header {name} cannot be given: the handshake sets it or does without it"
        ));
    }
    Ok((name, value))
}

fn tls(args: &DialArgs, is_secure: bool) -> Result<Option<ClientTls>, String> {
    let flags = [
        ("--ca", args.ca.is_some()),
        ("--insecure", args.insecure),
        ("--cert", args.cert.is_some()),
    ];
    if !is_secure {
        return match flags.iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(format!("{flag} is about TLS, which only wss:// speaks")),
            None => Ok(None),
        };
    }
    let identity = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => {
            Some(Identity::read(cert, key).map_err(|error| error.to_string())?)
        }
        _ => None,
    };
    let trust = ClientTrust {
        authorities: args.ca.clone(),
        insecure: args.insecure,
        identity,
        ..ClientTrust::default()
    };
    let tls = ClientTls::new(&trust);
    Ok(Some(tls.map_err(|error| error.to_string())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        for (url, host, port, header, path) in [
            ("ws://a", "a", 80, "a", "/"),
            ("http://a:80/b?c=d", "a", 80, "a", "/b?c=d"),
            ("WSS://a/", "a", 443, "a", "/"),
            ("https://a:80", "a", 80, "a:80", "/"),
            ("ws://a:a@a:/", "a", 80, "a", "/"),
            ("ws://[::1]:9/x", "::1", 9, "[::1]:9", "/x"),
            ("ws://u:p@a:1?q", "a", 1, "a:1", "/?q"),
            ("ws://a/é", "a", 80, "a", "/%C3%A9"),
        ] {
            let place = place(url).unwrap();
            let found = (place.host.as_str(), place.port, place.host_header.as_str());
            assert_eq!(found, (host, port, header), "{url}");
            assert_eq!(place.path, path, "{url}");
        }
        for url in [
            "a:80/b",
            "ftp://a",
            "ws://",
            "ws://a/#b",
            "ws://a b",
            "ws://a:x",
            "ws://a:65536",
            "ws:///b",
        ] {
            assert!(place(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_name_and_a_password_become_basic_authorization() {
        let place = place("ws://Aladdin:open%20sesame@a/").unwrap();
        let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        assert_eq!(place.authorization.as_deref(), Some(expected));
    }

    #[test]
    fn headers_of_the_handshake_are_refused() {
        for line in [
            "Upgrade: x",
            "sec-websocket-key: x",
            "no header",
            "a b: c",
            "Host: x",
            "a: b\nc",
        ] {
            assert!(header(line).is_err(), "{line}");
        }
        let (name, value) = header("X-A:  b: c ").unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap()), ("x-a", "b: c"));
    }
}
