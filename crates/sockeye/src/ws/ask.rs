//! One request to an admin listener and its answer.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::cli::AdminTarget;
use crate::exit::Exit;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest answer, in bytes.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A request.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) method: Method,
    /// Below the listener's root, with its query.
    pub(crate) path: String,
    /// The body and its media type.
    pub(crate) body: Option<(&'static str, Vec<u8>)>,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub(crate) enum NoAnswer {
    #[error("{0:?} is no address of an admin listener; write http://HOST:PORT")]
    Address(String),
    #[error("cannot reach the admin listener at {address}: {why}; is `sockeye serve` running?")]
    Unreachable { address: String, why: String },
    #[error("the admin listener at {address} did not answer in 10 s")]
    Late { address: String },
    #[error("{error}")]
    Refused { status: StatusCode, error: String },
    #[error("what answers at {address} is no admin listener of sockeye")]
    Foreign { address: String },
}

impl NoAnswer {
    /// The exit status it makes.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Address(_) => Exit::Usage,
            Self::Refused { .. } => Exit::NotAsAsked,
            _ => Exit::Io,
        }
    }
}

/// Asks, and gives the JSON of a good answer.
pub(crate) fn ask(target: &AdminTarget, question: Question) -> Result<Value, NoAnswer> {
    let address = address_of(&target.admin)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| unreachable_at(&address, &error))?;
    let exchange = exchange(&address, target.token.as_deref(), question);
    let answered = runtime.block_on(async { timeout(PATIENCE, exchange).await });
    let late = |_| NoAnswer::Late {
        address: address.clone(),
    };
    let (status, body) = answered.map_err(late)??;
    let value: Option<Value> = serde_json::from_slice(&body).ok();
    let error = value.as_ref().and_then(|value| value["error"].as_str());
    match (value.as_ref(), error) {
        (Some(value), _) if status.is_success() => Ok(value.clone()),
        (_, Some(error)) => Err(NoAnswer::Refused {
            status,
            error: error.to_owned(),
        }),
        _ => Err(NoAnswer::Foreign { address }),
    }
}

/// `HOST:PORT` of `http://HOST:PORT`.
pub(super) fn address_of(url: &str) -> Result<String, NoAnswer> {
    let wrong = || NoAnswer::Address(url.to_owned());
    let uri: Uri = url.parse().map_err(|_| wrong())?;
    let is_root = matches!(uri.path(), "" | "/") && uri.query().is_none();
    let authority = uri.authority().filter(|_| is_root);
    let authority = authority.filter(|_| uri.scheme_str() == Some("http"));
    let authority = authority.ok_or_else(wrong)?;
    let port = authority.port_u16().unwrap_or(80);
    Ok(format!("{}:{port}", authority.host()))
}

async fn exchange(
    address: &str,
    token: Option<&str>,
    question: Question,
) -> Result<(StatusCode, Bytes), NoAnswer> {
    let broken = |error: &dyn std::fmt::Display| unreachable_at(address, error);
    let stream = TcpStream::connect(address);
    let stream = stream.await.map_err(|error| broken(&error))?;
    let handshake = http1::handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|error| broken(&error))?;
    tokio::spawn(connection);
    let mut request = Request::builder()
        .method(question.method)
        .uri(format!("/__mockforge/ws{}", question.path))
        .header(header::HOST, address);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let mut body = Vec::new();
    if let Some((kind, bytes)) = question.body {
        request = request.header(header::CONTENT_TYPE, kind);
        body = bytes;
    }
    let request = request.body(Full::new(Bytes::from(body)));
    let request = request.map_err(|error| broken(&error))?;
    let response = sender.send_request(request).await;
    let response = response.map_err(|error| broken(&error))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), MOST_BYTES)
        .collect()
        .await;
    let body = body.map_err(|error| broken(&error))?;
    Ok((status, body.to_bytes()))
}

pub(super) fn unreachable_at(address: &str, why: &dyn std::fmt::Display) -> NoAnswer {
    NoAnswer::Unreachable {
        address: address.to_owned(),
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_from_its_url() {
        for (url, address) in [
            ("http://127.0.0.1:3000", "127.0.0.1:3000"),
            ("http://localhost:3000/", "localhost:3000"),
            ("http://[::1]:3000", "[::1]:3000"),
            ("http://admin.example", "admin.example:80"),
        ] {
            assert_eq!(address_of(url).unwrap(), address);
        }
        for url in ["127.0.0.1:3000", "https://a", "http://a/b", "ws://a:1", ""] {
            assert!(address_of(url).is_err(), "{url}");
        }
    }
}
