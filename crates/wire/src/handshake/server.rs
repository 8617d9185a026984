//! A request's head, read by an HTTP parser, is judged here: does it open a WebSocket (RFC 6455 section 4.2.1)?

use http::header::{self, HeaderMap, HeaderName};
use http::{Method, Version};

use super::fields::{BadSubprotocols, check_subprotocols, elements, has_token};
use super::key::{accept_key, is_key};
use super::refusal::Refusal;
use crate::deflate::{DeflateOffer, Malformed, read_offers};

/// The headers that take part in the handshake.
const HANDSHAKE_HEADERS: [HeaderName; 6] = [
    header::UPGRADE,
    header::CONNECTION,
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_EXTENSIONS,
];

/// The version of RFC 6455.
const VERSION: &str = "13";

/// What a good request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The value of `Sec-WebSocket-Accept` for the response.
    pub accept: String,
    /// The subprotocols on offer, in the client's order of preference; each is a token and
    /// stands once.
    pub subprotocols: Vec<String>,
    /// Its offers of `permessage-deflate` that can be accepted, in its order of preference, at most 8.
    /// [`DeflateTerms::answer`](crate::DeflateTerms::answer) chooses.
    pub deflate: Vec<DeflateOffer>,
}

/// Whether the request asks for a WebSocket at all, well or badly: `Upgrade` names `websocket`.
pub fn is_upgrade(headers: &HeaderMap) -> bool {
    names(headers, &header::UPGRADE, "websocket")
}

/// Judges the head of a request for a WebSocket.
///
/// # Errors
///
/// The first [`Refusal`] that applies, in the order of its variants.
pub fn check_request(
    method: &Method,
    version: Version,
    headers: &HeaderMap,
) -> Result<Request, Refusal> {
    check_request_of(&[VERSION], method, version, headers)
}

/// The same for these values of `Sec-WebSocket-Version`. What drafts 7 to 12 announce as 7 and 8 opens and frames like 13.
///
/// # Errors
///
/// As [`check_request`].
pub fn check_request_of(
    versions: &[&str],
    method: &Method,
    version: Version,
    headers: &HeaderMap,
) -> Result<Request, Refusal> {
    if method != Method::GET {
        return Err(Refusal::Method);
    }
    if version != Version::HTTP_11 {
        return Err(Refusal::HttpVersion);
    }
    if announces_body(headers) {
        return Err(Refusal::Body);
    }
    if let Some(header) = HANDSHAKE_HEADERS
        .into_iter()
        .find(|name| !is_ascii(headers, name))
    {
        return Err(Refusal::NotAscii { header });
    }
    if !is_upgrade(headers) || !names(headers, &header::CONNECTION, "upgrade") {
        return Err(Refusal::NotAnUpgrade);
    }
    let mut asked = values(headers, &header::SEC_WEBSOCKET_VERSION);
    let is_spoken = asked.next().is_some_and(|asked| versions.contains(&asked));
    if !is_spoken || asked.next().is_some() {
        return Err(Refusal::Version);
    }
    let accept = accept_of(headers)?;
    let offers = values(headers, &header::SEC_WEBSOCKET_EXTENSIONS);
    let deflate = read_offers(offers).map_err(|Malformed| Refusal::ExtensionsMalformed)?;
    let subprotocols = subprotocols_of(headers)?;
    Ok(Request {
        accept,
        subprotocols,
        deflate,
    })
}

fn announces_body(headers: &HeaderMap) -> bool {
    let is_zero = |length: &str| length.parse() == Ok(0_u64);
    headers.contains_key(header::TRANSFER_ENCODING)
        || !is_ascii(headers, &header::CONTENT_LENGTH)
        || !values(headers, &header::CONTENT_LENGTH).all(is_zero)
}

fn accept_of(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut keys = values(headers, &header::SEC_WEBSOCKET_KEY);
    let key = keys.next().ok_or(Refusal::KeyMissing)?.as_bytes();
    match keys.count() {
        0 if is_key(key) => Ok(accept_key(key)),
        0 => Err(Refusal::KeyMalformed),
        others => Err(Refusal::KeyRepeated { count: others + 1 }),
    }
}

fn subprotocols_of(headers: &HeaderMap) -> Result<Vec<String>, Refusal> {
    let offered: Vec<String> = values(headers, &header::SEC_WEBSOCKET_PROTOCOL)
        .flat_map(elements)
        .map(ToOwned::to_owned)
        .collect();
    match check_subprotocols(&offered) {
        Ok(()) => Ok(offered),
        Err(BadSubprotocols::NotAToken) => Err(Refusal::SubprotocolMalformed),
        Err(BadSubprotocols::Repeated) => Err(Refusal::SubprotocolRepeated),
    }
}

/// Whether one of the header's values has `token` in its list.
fn names(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    values(headers, name).any(|list| has_token(list, token))
}

/// The header's values; those that are not ASCII do not count.
fn values<'h>(headers: &'h HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'h str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .map(str::trim_ascii)
}

fn is_ascii(headers: &HeaderMap, name: &HeaderName) -> bool {
    headers
        .get_all(name)
        .iter()
        .all(|value| value.to_str().is_ok())
}
