//! The server's answer to an opening handshake, judged by the client that asked (RFC 6455 section 4.1).

use super::fields::has_token;
use crate::deflate::{AnswerFlaw, Deflate, DeflateOffer, check_answer, is_empty};
use crate::limits::{RESPONSE_HEAD_BYTES, RESPONSE_HEADERS};

/// What ends the head of a response.
const END: &[u8] = b"\r\n\r\n";

/// The status that opens a connection.
const SWITCHING_PROTOCOLS: u16 = 101;

/// The headers that take part in the handshake.
const HANDSHAKE_HEADERS: [&str; 5] = [UPGRADE, CONNECTION, ACCEPT, PROTOCOL, EXTENSIONS];
const UPGRADE: &str = "Upgrade";
const CONNECTION: &str = "Connection";
const ACCEPT: &str = "Sec-WebSocket-Accept";
const PROTOCOL: &str = "Sec-WebSocket-Protocol";
const EXTENSIONS: &str = "Sec-WebSocket-Extensions";

/// The connection is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The subprotocol that the server chose of those on offer.
    pub subprotocol: Option<String>,
    /// What was agreed about compression; `None`: nothing is compressed.
    pub deflate: Option<Deflate>,
    /// Length of the response's head, in bytes; what follows it are frames.
    pub header_bytes: usize,
}

/// Why a response does not open the connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// The head has no end within the limit of 16 KiB.
    #[error("response head exceeds the limit of {limit} bytes")]
    HeadTooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The head has more header lines than 100.
    #[error("response head exceeds the limit of {limit} header lines")]
    TooManyHeaders {
        /// The limit.
        limit: usize,
    },
    /// The bytes are not the head of an HTTP response.
    #[error("response is not HTTP: {reason}")]
    NotHttp {
        /// What the parser says.
        reason: httparse::Error,
    },
    /// The server answered, but not with 101.
    #[error("server answered {status}, not 101")]
    Status {
        /// The status it answered with.
        status: u16,
    },
    /// The response is not HTTP/1.1.
    #[error("server answered in HTTP/1.{minor}; WebSocket needs HTTP/1.1")]
    HttpVersion {
        /// The minor version.
        minor: u8,
    },
    /// A header of the handshake has a byte that is not visible ASCII, space or tab.
    #[error("response header {header} has bytes that are not ASCII")]
    NotAscii {
        /// The header's name.
        header: &'static str,
    },
    /// No `Upgrade: websocket` with `Connection: Upgrade`.
    #[error("response does not upgrade: it needs Upgrade: websocket and Connection: Upgrade")]
    NotAnUpgrade,
    /// `Sec-WebSocket-Accept` is missing, repeated or not the one for our key.
    #[error("Sec-WebSocket-Accept is not the one that answers the key; expected {expected}")]
    Accept {
        /// The value that answers our key.
        expected: String,
    },
    /// `Sec-WebSocket-Protocol` names a subprotocol that was not offered, or several.
    #[error("server chose a subprotocol that was not offered")]
    Subprotocol,
    /// `Sec-WebSocket-Extensions` names an extension; none was offered.
    #[error("server chose an extension; none was offered")]
    Extension,
    /// `Sec-WebSocket-Extensions` is no answer to the offers.
    #[error("the answer about compression is wrong: {flaw}")]
    Deflate {
        /// Why not.
        flaw: AnswerFlaw,
    },
}

/// What the response to one request must be.
#[derive(Debug)]
pub(crate) struct ResponseJudge {
    accept: String,
    offered: Vec<String>,
    deflate: Vec<DeflateOffer>,
}

impl ResponseJudge {
    pub(crate) fn new(accept: String, offered: Vec<String>) -> Self {
        Self {
            accept,
            offered,
            deflate: Vec::new(),
        }
    }

    /// These were offered, too.
    pub(crate) fn offers(&mut self, offers: Vec<DeflateOffer>) {
        self.deflate = offers;
    }

    /// Judges the head once its end has arrived. Until then the bytes are only searched, not parsed,
    /// and there are at most 16 KiB of them.
    pub(crate) fn check(&self, received: &[u8]) -> Result<Option<Response>, ResponseError> {
        let within_limit = received.get(..RESPONSE_HEAD_BYTES).unwrap_or(received);
        match within_limit
            .windows(END.len())
            .position(|window| window == END)
        {
            Some(at) => {
                let (head, _) = within_limit.split_at(at + END.len());
                self.judge(head).map(Some)
            }
            None if within_limit.len() < RESPONSE_HEAD_BYTES => Ok(None),
            None => Err(ResponseError::HeadTooLong {
                limit: RESPONSE_HEAD_BYTES,
            }),
        }
    }

    fn judge(&self, head: &[u8]) -> Result<Response, ResponseError> {
        let mut lines = [httparse::EMPTY_HEADER; RESPONSE_HEADERS];
        let mut parsed = httparse::Response::new(&mut lines);
        match parsed.parse(head) {
            Ok(httparse::Status::Complete(bytes)) if bytes == head.len() => {}
            // A bare line feed ended the head before its end, which only CRLF CRLF is.
            Ok(_) => {
                return Err(ResponseError::NotHttp {
                    reason: httparse::Error::NewLine,
                });
            }
            Err(httparse::Error::TooManyHeaders) => {
                return Err(ResponseError::TooManyHeaders {
                    limit: RESPONSE_HEADERS,
                });
            }
            Err(reason) => return Err(ResponseError::NotHttp { reason }),
        }
        let status = parsed.code.unwrap_or_default();
        if status != SWITCHING_PROTOCOLS {
            return Err(ResponseError::Status { status });
        }
        let minor = parsed.version.unwrap_or_default();
        if minor != 1 {
            return Err(ResponseError::HttpVersion { minor });
        }
        let lines = Lines(parsed.headers);
        self.judge_upgrade(&lines)?;
        Ok(Response {
            deflate: self.judge_extensions(&lines)?,
            subprotocol: self.judge_subprotocol(&lines)?,
            header_bytes: head.len(),
        })
    }

    /// Judges whether the headers of a 101 answer our key.
    fn judge_upgrade(&self, lines: &Lines<'_>) -> Result<(), ResponseError> {
        if let Some(header) = HANDSHAKE_HEADERS
            .into_iter()
            .find(|name| !lines.is_ascii(name))
        {
            return Err(ResponseError::NotAscii { header });
        }
        let upgrades = lines
            .values(UPGRADE)
            .any(|list| has_token(list, "websocket"))
            && lines
                .values(CONNECTION)
                .any(|list| has_token(list, "upgrade"));
        if !upgrades {
            return Err(ResponseError::NotAnUpgrade);
        }
        if !lines.values(ACCEPT).eq([self.accept.as_str()]) {
            return Err(ResponseError::Accept {
                expected: self.accept.clone(),
            });
        }
        Ok(())
    }

    fn judge_extensions(&self, lines: &Lines<'_>) -> Result<Option<Deflate>, ResponseError> {
        let chosen = lines.values(EXTENSIONS);
        if self.deflate.is_empty() && !lines.values(EXTENSIONS).all(is_empty) {
            return Err(ResponseError::Extension);
        }
        check_answer(chosen, &self.deflate).map_err(|flaw| ResponseError::Deflate { flaw })
    }

    /// The subprotocol that the server chose.
    fn judge_subprotocol(&self, lines: &Lines<'_>) -> Result<Option<String>, ResponseError> {
        let mut chosen = lines.values(PROTOCOL);
        match (chosen.next(), chosen.next()) {
            (None, _) => Ok(None),
            (Some(one), None) if self.offered.iter().any(|name| name == one) => {
                Ok(Some(one.to_owned()))
            }
            (Some(_), _) => Err(ResponseError::Subprotocol),
        }
    }
}

/// The header lines of a response.
struct Lines<'h>(&'h [httparse::Header<'h>]);

impl<'h> Lines<'h> {
    /// The values of a header; those that are not ASCII do not count.
    fn values(&self, name: &str) -> impl Iterator<Item = &'h str> {
        self.raw(name)
            .filter(|value| is_visible(value))
            .filter_map(|value| str::from_utf8(value).ok().map(str::trim_ascii))
    }

    fn is_ascii(&self, name: &str) -> bool {
        self.raw(name).all(is_visible)
    }

    fn raw(&self, name: &str) -> impl Iterator<Item = &'h [u8]> {
        self.0
            .iter()
            .filter(move |line| line.name.eq_ignore_ascii_case(name))
            .map(|line| line.value)
    }
}

fn is_visible(value: &[u8]) -> bool {
    value
        .iter()
        .all(|&byte| byte == b'\t' || byte == b' ' || byte.is_ascii_graphic())
}
