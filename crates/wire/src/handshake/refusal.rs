//! The reasons for which a server refuses an opening handshake, and the HTTP answer to each.

use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

/// Why a request does not become a WebSocket connection. The text fits into a response's body
/// and quotes nothing that the client sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The method is not GET (RFC 6455 section 4.1): 405.
    #[error("method must be GET")]
    Method,
    /// The request is not HTTP/1.1 (RFC 6455 section 4.1): 400.
    #[error("WebSocket needs HTTP/1.1")]
    HttpVersion,
    /// The request announces a body: 400. Its bytes would be read as frames.
    #[error("a WebSocket request must not have a body")]
    Body,
    /// A header of the handshake has a byte that is not visible ASCII, space or tab: 400.
    #[error("header {header} has bytes that are not ASCII")]
    NotAscii {
        /// The header's name.
        header: HeaderName,
    },
    /// No `Upgrade: websocket` with `Connection: Upgrade` (RFC 6455 section 4.2.1): 426.
    #[error("this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade")]
    NotAnUpgrade,
    /// `Sec-WebSocket-Version` is missing, repeated or not 13 (RFC 6455 section 4.4): 426.
    #[error("Sec-WebSocket-Version must be 13")]
    Version,
    /// No `Sec-WebSocket-Key`: 400.
    #[error("Sec-WebSocket-Key is missing")]
    KeyMissing,
    /// More than one `Sec-WebSocket-Key` (RFC 6455 section 11.3.1): 400.
    #[error("Sec-WebSocket-Key is sent {count} times; 1 is allowed")]
    KeyRepeated {
        /// How many there are.
        count: usize,
    },
    /// `Sec-WebSocket-Key` is not 16 bytes in base64: 400.
    #[error("Sec-WebSocket-Key must be 16 bytes in base64, which are 24 characters")]
    KeyMalformed,
    /// An element of `Sec-WebSocket-Protocol` is empty or not a token (RFC 6455 section 4.1): 400.
    #[error("Sec-WebSocket-Protocol must be a list of tokens")]
    SubprotocolMalformed,
    /// `Sec-WebSocket-Extensions` does not follow its grammar (RFC 6455 section 9.1): 400.
    #[error("Sec-WebSocket-Extensions must be a list of extensions with parameters")]
    ExtensionsMalformed,
    /// `Sec-WebSocket-Protocol` offers one name twice (RFC 6455 section 4.1): 400.
    #[error("Sec-WebSocket-Protocol offers one name twice")]
    SubprotocolRepeated,
}

impl Refusal {
    /// The status of the response.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAnUpgrade | Self::Version => StatusCode::UPGRADE_REQUIRED,
            Self::HttpVersion
            | Self::Body
            | Self::NotAscii { .. }
            | Self::KeyMissing
            | Self::KeyRepeated { .. }
            | Self::KeyMalformed
            | Self::ExtensionsMalformed
            | Self::SubprotocolMalformed
            | Self::SubprotocolRepeated => StatusCode::BAD_REQUEST,
        }
    }

    /// The headers that the status obliges the response to have: `Allow` with 405 (RFC 9110
    /// section 15.5.6), `Upgrade` and `Connection` with 426 (section 15.5.22), and
    /// `Sec-WebSocket-Version` where another version was asked for (RFC 6455 section 4.4).
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        match self.status() {
            StatusCode::METHOD_NOT_ALLOWED => {
                headers.insert(
                    header::ALLOW,
                    HeaderValue::from_static(Method::GET.as_str()),
                );
            }
            StatusCode::UPGRADE_REQUIRED => {
                headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
                headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
            }
            _ => {}
        }
        if *self == Self::Version {
            headers.insert(
                header::SEC_WEBSOCKET_VERSION,
                HeaderValue::from_static("13"),
            );
        }
        headers
    }
}
