//! The way to a server: names to addresses, from an address of ours if one is wanted, through a proxy, over TLS.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::{TcpSocket, TcpStream, lookup_host};

use crate::dial::{DialError, Target};
use crate::stream::{Secured, Stream};
use crate::tls::start_client;

/// Bytes that a proxy's answer may have before its empty line.
const ANSWER_BYTES: usize = 16 * 1024;

/// A proxy that makes a way to any server when it is asked with `CONNECT` (RFC 9110 section 9.3.6).
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// What the proxy gets to see as `Proxy-Authorization`, if anything.
    authorization: Option<String>,
}

impl fmt::Debug for Proxy {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({}:{})", self.host, self.port)
    }
}

impl Proxy {
    /// A proxy that asks nobody who they are.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            authorization: None,
        }
    }

    /// The same proxy with a user and a password (RFC 7617).
    #[must_use]
    pub fn with_user(mut self, user: &str, password: &str) -> Self {
        let words = STANDARD.encode(format!("{user}:{password}"));
        self.authorization = Some(format!("Basic {words}"));
        self
    }

    /// The request for a way to a server.
    fn request(&self, host: &str, port: u16) -> String {
        let bracketed;
        let host = if host.contains(':') {
            bracketed = format!("[{host}]");
            &bracketed
        } else {
            host
        };
        let words = self.authorization.as_ref();
        let words = words.map(|words| format!("Proxy-Authorization: {words}\r\n"));
        format!(
            "CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{}\r\n",
            words.unwrap_or_default()
        )
    }
}

/// A connected socket, over TLS if that is wanted.
pub(crate) async fn reach(target: &Target) -> Result<Stream, DialError> {
    let failed = |error| target.failed(error);
    let socket = match &target.proxy {
        None => {
            let name = (target.host.as_str(), target.port);
            let socket = open(name, target.address, target.source).await;
            socket.map_err(failed)?
        }
        Some(proxy) => through(proxy, target).await?,
    };
    Ok(match &target.tls {
        Some(tls) => {
            let channel = start_client(tls, target.name(), &socket).await;
            let channel = channel.map_err(failed)?;
            Stream::Tls(Box::new(Secured { socket, channel }))
        }
        None => Stream::Plain(socket),
    })
}

/// Connects to the first address that answers.
async fn open(
    name: (&str, u16),
    address: Option<SocketAddr>,
    source: Option<IpAddr>,
) -> io::Result<TcpStream> {
    let socket = match (address, source) {
        (Some(address), None) => TcpStream::connect(address).await,
        (None, None) => TcpStream::connect(name).await,
        (Some(address), Some(source)) => open_from(source, address).await,
        (None, Some(source)) => {
            let mut last = io::Error::other(format!("it has no address that {source} can reach"));
            for address in lookup_host(name).await? {
                if address.is_ipv4() != source.is_ipv4() {
                    continue;
                }
                match open_from(source, address).await {
                    Ok(socket) => return finish(socket),
                    Err(error) => last = error,
                }
            }
            Err(last)
        }
    }?;
    finish(socket)
}

fn finish(socket: TcpStream) -> io::Result<TcpStream> {
    socket.set_nodelay(true)?;
    Ok(socket)
}

async fn open_from(source: IpAddr, address: SocketAddr) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    socket.bind(SocketAddr::new(source, 0)).map_err(|error| {
        io::Error::new(error.kind(), format!("from the address {source}: {error}"))
    })?;
    socket.connect(address).await
}

/// Has a proxy make the way.
async fn through(proxy: &Proxy, target: &Target) -> Result<TcpStream, DialError> {
    let refused = |reason: String| DialError::Proxy {
        proxy: format!("{}:{}", proxy.host, proxy.port),
        host: target.host.clone(),
        port: target.port,
        reason,
    };
    let asked = async {
        let name = (proxy.host.as_str(), proxy.port);
        let socket = open(name, None, target.source).await?;
        let mut stream = Stream::Plain(socket);
        let request = proxy.request(&target.host, target.port);
        stream.write_all(request.as_bytes()).await?;
        let answer = answer(&mut stream).await?;
        Ok::<_, io::Error>((stream, answer))
    };
    let (stream, answer) = asked.await.map_err(|error| refused(error.to_string()))?;
    match (stream, status(&answer)) {
        (Stream::Plain(socket), Some(200..=299)) => Ok(socket),
        (_, Some(407)) => Err(refused("it wants a user and a password (407)".to_owned())),
        (_, Some(status)) => Err(refused(format!("it refused with {status}"))),
        _ => Err(refused("its answer is not HTTP".to_owned())),
    }
}

/// The head of the proxy's answer. Nothing may come behind it: it is on us to speak first.
async fn answer(stream: &mut Stream) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        if stream.read_some(&mut answer).await? == 0 {
            return Err(io::Error::other("it closed the connection"));
        }
        let is_refusal = !matches!(status(&answer), Some(200..=299) | None);
        if is_refusal {
            break;
        }
        if answer.len() > ANSWER_BYTES {
            return Err(io::Error::other("its answer does not end"));
        }
    }
    Ok(answer)
}

/// The status of an answer, once its first line is whole.
fn status(answer: &[u8]) -> Option<u16> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let line = std::str::from_utf8(answer.get(..end)?).ok()?;
    let mut words = line.split_ascii_whitespace();
    words.next().filter(|word| word.starts_with("HTTP/1."))?;
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_the_server_and_shows_words_only_if_there_are_any() {
        let proxy = Proxy::new("p", 8080);
        assert_eq!(
            proxy.request("::1", 80),
            "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"
        );
        let proxy = proxy.with_user("a", "b");
        assert_eq!(
            proxy.request("h", 9),
            "CONNECT h:9 HTTP/1.1\r\nHost: h:9\r\nProxy-Authorization: Basic YTpi\r\n\r\n"
        );
        assert_eq!(format!("{proxy:?}"), "Proxy(p:8080)");
    }

    #[test]
    fn the_status_is_that_of_a_whole_first_line() {
        assert_eq!(
            status(b"HTTP/1.1 200 Connection established\r\n"),
            Some(200)
        );
        assert_eq!(status(b"HTTP/1.1 20"), None);
        assert_eq!(status(b"SSH-2.0-x 200\r\n"), None);
        assert_eq!(status(b"HTTP/1.0 abc\r\n"), None);
    }
}
