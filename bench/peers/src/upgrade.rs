//! The request for an upgrade passes through here and is answered, for a library that leaves it to others (RFC 6455 section 4.2.2).

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest request, bytes. The bench's own is shorter.
const HEAD_BYTES: usize = 4 * 1024;
/// What is appended to the key (RFC 6455 section 1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Reads the request and sends the `101`. The bench sends nothing behind its request before it has the answer.
pub(crate) async fn accept(stream: &mut TcpStream) -> io::Result<()> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    while !head.ends_with(b"\r\n\r\n") {
        let is_over = head.len() >= HEAD_BYTES || stream.read_buf(&mut head).await? == 0;
        if is_over {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
    let head = String::from_utf8_lossy(&head);
    let key = head.lines().find_map(key_in);
    let accepted = accepted(key.ok_or(io::ErrorKind::InvalidData)?);
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {accepted}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await
}

fn key_in(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case("sec-websocket-key")
        .then_some(value.trim())
}

fn accepted(key: &str) -> String {
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    STANDARD.encode(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_accepted_as_it_says() {
        let key = key_in("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        assert_eq!(
            key.map(accepted).as_deref(),
            Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        );
    }
}
