//! The request that opens the connection: as RFC 6455 wants it, or byte for byte as the reference sends it.

use std::fmt::Write as _;

use sockeye_wire::handshake::{ClientRequest, encode_key, fresh_key};

/// The key of RFC 6455 section 1.3, which the reference always sends.
const SAMPLE_KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";

/// The mask that the reference always lays over its frames.
pub(super) const SAMPLE_MASK: [u8; 4] = [0x12, 0x34, 0x56, 0x78];

/// The header by which subprotocols are offered.
const SUBPROTOCOL: &str = "sec-websocket-protocol";

/// What a request says.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    /// Value of the `Host` header.
    pub(super) host: String,
    /// Path and query, beginning with `/`.
    pub(super) uri: String,
    /// Further headers in their order.
    pub(super) headers: Vec<(String, String)>,
    /// Whether the bytes are to be those of the reference.
    pub(super) is_reference: bool,
    /// Whether the reference would say that the connection stays.
    pub(super) keepalive: bool,
}

impl Asking {
    /// A fresh request, with a fresh key unless the reference's is wanted.
    pub(super) fn request(&self) -> ClientRequest {
        let key = if self.is_reference {
            SAMPLE_KEY.to_owned()
        } else {
            encode_key(fresh_key())
        };
        ClientRequest::written(self.bytes(&key), &key, self.subprotocols())
    }

    fn bytes(&self, key: &str) -> Vec<u8> {
        let Self { host, uri, .. } = self;
        let mut text = format!("GET {uri} HTTP/1.1\r\nHost: {host}\r\n");
        if self.is_reference {
            text.push_str("Content-Length: 0\r\n");
        }
        text.push_str("Upgrade: websocket\r\nConnection: Upgrade\r\n");
        // Writing into a text cannot fail.
        let _ = write!(
            text,
            "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        );
        for (name, value) in &self.headers {
            let _ = write!(text, "{name}: {value}\r\n");
        }
        if self.is_reference && self.keepalive {
            text.push_str("Connection: keep-alive\r\n");
        }
        text.push_str("\r\n");
        text.into_bytes()
    }

    /// The subprotocols on offer: the server may choose one of them.
    fn subprotocols(&self) -> Vec<String> {
        let offers = self
            .headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(SUBPROTOCOL));
        let names = offers.flat_map(|(_, value)| value.split(','));
        names.map(|name| name.trim().to_owned()).collect()
    }
}

/// The `Host` header: the port is left out where TLS has it anyway, addresses of IPv6 are in brackets.
pub(super) fn host_header(host: &str, port: u16, is_tls: bool) -> String {
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    if is_tls && port == 443 {
        host
    } else {
        format!("{host}:{port}")
    }
}

/// Name and value of a header: up to the first run of blanks, and behind it. A quoted name loses its
/// quotes; with no value the name is the value too.
pub(super) fn header(text: &str) -> (String, String) {
    let text = text.trim();
    let (name, value) = match text.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
        Some((name, rest)) => (name, rest.trim_start()),
        None => match text.split_once(char::is_whitespace) {
            Some((name, rest)) => (name, rest.trim_start()),
            None => (text, ""),
        },
    };
    let value = if value.is_empty() { name } else { value };
    (name.to_owned(), value.to_owned())
}

/// Whether a header can stand in a request: a token, and nothing that ends the line.
pub(super) fn is_sendable(name: &str, value: &str) -> bool {
    http::HeaderName::from_bytes(name.as_bytes()).is_ok()
        && http::HeaderValue::from_str(value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{Asking, header, host_header, is_sendable};

    #[test]
    fn b6_the_key_is_random_unless_the_references_bytes_are_wanted() {
        let mut asking = Asking {
            host: "127.0.0.1:21003".to_owned(),
            uri: "/a/b%20c?x=1&y=2".to_owned(),
            headers: vec![("X-Token".to_owned(), "a b".to_owned())],
            is_reference: true,
            keepalive: true,
        };
        assert_eq!(
            String::from_utf8_lossy(asking.request().bytes()),
            "GET /a/b%20c?x=1&y=2 HTTP/1.1\r\nHost: 127.0.0.1:21003\r\nContent-Length: 0\r\n\
             Upgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
             X-Token: a b\r\nConnection: keep-alive\r\n\r\n"
        );
        asking.is_reference = false;
        let first = asking.request().bytes().to_vec();
        assert_ne!(first, asking.request().bytes());
        let text = String::from_utf8(first).unwrap();
        assert!(!text.contains("Content-Length") && !text.contains("keep-alive"));
    }

    #[test]
    fn headers_are_split_as_files_write_them() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        for (text, name, value) in [
            ("Authorization Basic abc", "Authorization", "Basic abc"),
            ("X-Two   spaces  kept", "X-Two", "spaces  kept"),
            ("X-Empty", "X-Empty", "X-Empty"),
            ("\"X-Quoted\" \"a\"", "X-Quoted", "\"a\""),
        ] {
            assert_eq!(header(text), pair(name, value), "{text}");
        }
        assert!(is_sendable("X-A", "b c"));
        assert!(!is_sendable("X A", "b") && !is_sendable("X", "b\r\nY: c"));
    }

    #[test]
    fn the_host_names_the_port_unless_tls_does() {
        assert_eq!(host_header("h", 80, false), "h:80");
        assert_eq!(host_header("h", 443, true), "h");
        assert_eq!(host_header("::1", 9000, false), "[::1]:9000");
    }
}
