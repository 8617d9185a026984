//! The request that opens a connection, written by a client (RFC 6455 section 4.1).

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::uri::PathAndQuery;

use super::fields::{BadSubprotocols, check_subprotocols};
use super::key::{KEY_BYTES, accept_key, encode_key};
use super::response::{Response, ResponseError, ResponseJudge};

/// The headers that the request has of itself and nobody else may add.
const OWN_HEADERS: [HeaderName; 9] = [
    header::HOST,
    header::UPGRADE,
    header::CONNECTION,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_EXTENSIONS,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// An opening handshake as a client sees it: the bytes to send, and the judge of the response.
///
/// ```
/// use sockeye_wire::handshake::{ClientRequest, fresh_key};
///
/// let extra = http::HeaderMap::new();
/// let request = ClientRequest::new("localhost:9001", "/ws", &extra, &[], fresh_key())?;
/// assert!(request.bytes().starts_with(b"GET /ws HTTP/1.1\r\nHost: localhost:9001\r\n"));
/// assert_eq!(request.check_response(b"HTTP/1.1 101 Swit")?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct ClientRequest {
    bytes: Vec<u8>,
    response: ResponseJudge,
}

/// Why a request cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The host is empty or has bytes that cannot stand in a `Host` header.
    #[error("host {host:?} is not a host and port")]
    Host {
        /// The host as it was given.
        host: String,
    },
    /// The target does not begin with `/` or has bytes that cannot stand in a request line.
    #[error("request target {target:?} is not a path with an optional query")]
    Target {
        /// The target as it was given.
        target: String,
    },
    /// An extra header is one that the handshake sets itself.
    #[error("header {name} is set by the handshake itself")]
    OwnHeader {
        /// The header's name.
        name: HeaderName,
    },
    /// A subprotocol is not a token (RFC 6455 section 4.1).
    #[error("a subprotocol must be a token: letters, digits and !#$%&'*+-.^_`|~")]
    Subprotocol,
    /// A subprotocol stands twice (RFC 6455 section 4.1).
    #[error("a subprotocol is offered twice")]
    SubprotocolRepeated,
}

impl ClientRequest {
    /// Writes the request.
    ///
    /// `host` is the value of the `Host` header, with the port unless it is the scheme's own;
    /// `path_and_query` begins with `/`; `headers` are added as they are; `subprotocols` are in
    /// order of preference; `key` should be unpredictable ([`fresh_key`](super::fresh_key)).
    ///
    /// # Errors
    ///
    /// [`RequestError`] if the parts do not make a request; nothing that is given can add a line.
    pub fn new(
        host: &str,
        path_and_query: &str,
        headers: &HeaderMap,
        subprotocols: &[String],
        key: [u8; KEY_BYTES],
    ) -> Result<Self, RequestError> {
        if !is_host(host) {
            return Err(RequestError::Host {
                host: host.to_owned(),
            });
        }
        if !is_target(path_and_query) {
            return Err(RequestError::Target {
                target: path_and_query.to_owned(),
            });
        }
        if let Some(name) = OWN_HEADERS
            .into_iter()
            .find(|name| headers.contains_key(name))
        {
            return Err(RequestError::OwnHeader { name });
        }
        check_subprotocols(subprotocols).map_err(|bad| match bad {
            BadSubprotocols::NotAToken => RequestError::Subprotocol,
            BadSubprotocols::Repeated => RequestError::SubprotocolRepeated,
        })?;
        let key = encode_key(key);
        let bytes = write(host, path_and_query, headers, subprotocols, &key);
        let response = ResponseJudge::new(accept_key(key.as_bytes()), subprotocols.to_vec());
        Ok(Self { bytes, response })
    }

    /// A request that the caller has written, whole and with `key` in it: for requests that must be
    /// equal to those of another client, byte for byte. Nothing is checked but the answer, which has
    /// to be one for `key` and may choose one of `subprotocols`.
    pub fn written(bytes: Vec<u8>, key: &str, subprotocols: Vec<String>) -> Self {
        let response = ResponseJudge::new(accept_key(key.as_bytes()), subprotocols);
        Self { bytes, response }
    }

    /// The request, from the request line to the empty line.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Judges what has arrived: `head` is everything since the request was sent and may be longer
    /// each time. `None` until the response's head is complete; nothing is remembered between
    /// calls, so one request can be sent on one connection after another.
    ///
    /// # Errors
    ///
    /// [`ResponseError`] if the response does not open this connection.
    pub fn check_response(&self, head: &[u8]) -> Result<Option<Response>, ResponseError> {
        self.response.check(head)
    }
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_target(target: &str) -> bool {
    let is_graphic = target.bytes().all(|byte| byte.is_ascii_graphic());
    let has_fragment = target.contains('#');
    target.starts_with('/') && is_graphic && !has_fragment && PathAndQuery::try_from(target).is_ok()
}

fn write(
    host: &str,
    target: &str,
    headers: &HeaderMap,
    subprotocols: &[String],
    key: &str,
) -> Vec<u8> {
    let mut bytes = format!(
        "GET {target} HTTP/1.1\r\n\
         Host: {host}\r\n\
         Upgrade: websocket\r\n\
         Connection: Upgrade\r\n\
         Sec-WebSocket-Key: {key}\r\n\
         Sec-WebSocket-Version: 13\r\n"
    )
    .into_bytes();
    if !subprotocols.is_empty() {
        put_line(
            &mut bytes,
            "Sec-WebSocket-Protocol",
            subprotocols.join(", ").as_bytes(),
        );
    }
    for (name, value) in headers {
        put_line(&mut bytes, name.as_str(), HeaderValue::as_bytes(value));
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

fn put_line(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        bytes.extend_from_slice(part);
    }
}
