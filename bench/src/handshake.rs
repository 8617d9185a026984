//! New connections pass through here: connected, upgraded, the answer checked (RFC 6455 section 4).

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use thiserror::Error;

use crate::secure::{Secure, SecureClient};

/// How long one connect, read or write may take.
const STEP_LIMIT: Duration = Duration::from_secs(10);
/// Connections opened at a time: below any backlog, so that none waits for a retransmitted SYN.
const BATCH: usize = 64;
/// Longest head of an answer, bytes.
const HEAD_BYTES: usize = 8 * 1024;
/// The key and the accept value of the example in RFC 6455 section 1.3.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A connection that could not be opened.
#[derive(Debug, Error)]
pub(crate) enum OpenError {
    /// Connect, read or write failed.
    #[error("cannot open a connection to {address}: {source}")]
    Io {
        /// The server.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The answer is not a `101` with the right `Sec-WebSocket-Accept`.
    #[error("{address} did not accept the upgrade at {path}, it answered: {answer:?}")]
    Refused {
        /// The server.
        address: SocketAddr,
        /// The requested path.
        path: String,
        /// The beginning of the answer.
        answer: String,
    },
}

impl OpenError {
    /// An answer that is not the one that was hoped for.
    pub(crate) fn refused(address: SocketAddr, path: &str, head: &str) -> Self {
        Self::Refused {
            address,
            path: path.to_owned(),
            answer: head.chars().take(300).collect(),
        }
    }
}

/// Opens one connection to a port of TLS, shakes hands and upgrades it.
pub(crate) fn open_secure(
    address: SocketAddr,
    path: &str,
    client: &SecureClient,
) -> Result<Secure, OpenError> {
    let failed = |source| OpenError::Io { address, source };
    let stream = connect(address).map_err(failed)?;
    let mut secure = client.over(stream).map_err(failed)?;
    secure
        .write_all(request(address, path).as_bytes())
        .map_err(failed)?;
    let head = read_head(&mut secure).map_err(failed)?;
    if !accepts(&head) {
        return Err(OpenError::refused(address, path, &head));
    }
    Ok(secure)
}

/// Opens `count` connections; with a `path` each is upgraded, without one they stay plain TCP.
///
/// When this returns, the server has accepted the upgrade of every connection and nothing that it
/// sent after its `101` has been read.
pub(crate) fn open(
    address: SocketAddr,
    path: Option<&str>,
    count: usize,
) -> Result<Vec<TcpStream>, OpenError> {
    open_offering(address, path, "", count)
}

/// The same, with `offer` among the lines of each request: empty, or whole lines.
pub(crate) fn open_offering(
    address: SocketAddr,
    path: Option<&str>,
    offer: &str,
    count: usize,
) -> Result<Vec<TcpStream>, OpenError> {
    let mut streams = Vec::with_capacity(count);
    while streams.len() < count {
        let size = BATCH.min(count - streams.len());
        streams.extend(open_batch(address, path, offer, size)?);
    }
    Ok(streams)
}

fn open_batch(
    address: SocketAddr,
    path: Option<&str>,
    offer: &str,
    size: usize,
) -> Result<Vec<TcpStream>, OpenError> {
    let failed = |source| OpenError::Io { address, source };
    let connected = (0..size)
        .map(|_| connect(address))
        .collect::<io::Result<Vec<_>>>();
    let mut streams = connected.map_err(failed)?;
    let Some(path) = path else { return Ok(streams) };
    let request = request_offering(address, path, offer);
    for stream in &mut streams {
        stream.write_all(request.as_bytes()).map_err(failed)?;
    }
    for stream in &mut streams {
        let head = read_head(stream).map_err(failed)?;
        if !accepts(&head) {
            return Err(OpenError::refused(address, path, &head));
        }
    }
    Ok(streams)
}

pub(crate) fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&address, STEP_LIMIT)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(STEP_LIMIT))?;
    stream.set_write_timeout(Some(STEP_LIMIT))?;
    Ok(stream)
}

pub(crate) fn request(address: SocketAddr, path: &str) -> String {
    request_offering(address, path, "")
}

fn request_offering(address: SocketAddr, path: &str, offer: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {KEY}\r\n{offer}\r\n"
    )
}

/// Reads up to the empty line, or as much as there is of an answer that has none.
///
/// Byte by byte after a peek would cost two calls; a server that waits for the first message sends
/// nothing after its head, so a read takes the head and no more.
pub(crate) fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_BYTES {
        match stream.read(&mut chunk)? {
            0 => break,
            read => head.extend_from_slice(&chunk[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

pub(crate) fn accepts(head: &str) -> bool {
    let accept_line = |line: &str| {
        line.split_once(':').is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("sec-websocket-accept") && value.trim() == ACCEPT
        })
    };
    head.starts_with("HTTP/1.1 101 ") && head.ends_with("\r\n\r\n") && head.lines().any(accept_line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "HTTP/1.1 101 Switching Protocols\r\n\
                        sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

    #[test]
    fn an_answer_needs_the_status_the_accept_value_and_the_end() {
        assert!(accepts(GOOD));
        assert!(!accepts(&GOOD.replace("101", "200")));
        assert!(!accepts(&GOOD.replace("xOo", "xOO")));
        assert!(!accepts(GOOD.trim_end()));
        assert!(!accepts(&format!("{GOOD}x")));
    }

    #[test]
    fn the_head_is_read_to_its_end_across_reads() {
        let (first, second) = GOOD.split_at(20);
        let mut pieces = first.as_bytes().chain(second.as_bytes());
        assert_eq!(read_head(&mut pieces).unwrap(), GOOD);
    }

    #[test]
    fn a_refusal_names_the_path_and_shows_the_answer() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let asked = read_head(&mut stream).unwrap();
            stream.write_all(b"HTTP/1.1 404 Not Found\r\n\r\n").unwrap();
            asked
        });
        let error = open(address, Some("/echo"), 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{address} did not accept the upgrade at /echo, it answered: \
                 \"HTTP/1.1 404 Not Found\\r\\n\\r\\n\""
            )
        );
        assert!(
            serving
                .join()
                .unwrap()
                .starts_with("GET /echo HTTP/1.1\r\n")
        );
    }
}
