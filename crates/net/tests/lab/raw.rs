//! A client that sends whatever bytes a test wants and takes frames apart itself.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::soon;

/// A frame from the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// FIN, reserved bits and opcode.
    pub(crate) first: u8,
    pub(crate) payload: Vec<u8>,
}

impl Frame {
    pub(crate) fn text(text: &str) -> Self {
        Self {
            first: 0x81,
            payload: text.into(),
        }
    }

    pub(crate) fn binary(payload: &[u8]) -> Self {
        Self {
            first: 0x82,
            payload: payload.into(),
        }
    }

    pub(crate) fn ping(payload: &[u8]) -> Self {
        Self {
            first: 0x89,
            payload: payload.into(),
        }
    }

    pub(crate) fn pong(payload: &[u8]) -> Self {
        Self {
            first: 0x8A,
            payload: payload.into(),
        }
    }

    pub(crate) fn close(code: u16, reason: &str) -> Self {
        Self {
            first: 0x88,
            payload: [&code.to_be_bytes(), reason.as_bytes()].concat(),
        }
    }
}

/// A client's frame: `first` as it is, the payload masked.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASK: [u8; 4] = [0x11, 0x22, 0x33, 0x44];
    let mut bytes = vec![first];
    match payload.len() {
        length @ 0..=125 => bytes.push(0x80 | u8::try_from(length).unwrap()),
        length @ 126..=0xFFFF => {
            bytes.push(0xFE);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(0xFF);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    bytes.extend(MASK);
    bytes.extend(
        payload
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// A client's Close.
pub(crate) fn close_frame(code: u16) -> Vec<u8> {
    frame(0x88, &code.to_be_bytes())
}

/// A socket and what it brought that nobody has looked at.
pub(crate) struct Raw {
    pub(crate) socket: TcpStream,
    input: Vec<u8>,
}

impl Raw {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let socket = soon("a connection", TcpStream::connect(address))
            .await
            .unwrap();
        socket.set_nodelay(true).unwrap();
        Self {
            socket,
            input: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        soon("a write", self.socket.write_all(bytes)).await.unwrap();
    }

    /// The request of the RFC's example.
    pub(crate) fn request(path: &str, lines: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
             {lines}\r\n"
        )
    }

    pub(crate) async fn upgrade(&mut self, path: &str) {
        self.send(Self::request(path, "").as_bytes()).await;
        self.switched().await;
    }

    /// Reads a right 101.
    pub(crate) async fn switched(&mut self) {
        let head = self.head().await;
        assert!(
            head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"),
            "{head}"
        );
        let head = head.to_lowercase();
        for line in ["connection: upgrade", "upgrade: websocket"] {
            assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
        }
        let accept = "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=";
        assert!(head.contains(accept), "{head}");
    }

    /// Reads a response's head, its empty line included.
    pub(crate) async fn head(&mut self) -> String {
        loop {
            let end = self
                .input
                .windows(4)
                .position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let head = self.input.drain(..end + 4).collect();
                return String::from_utf8(head).unwrap();
            }
            let count = self.read().await;
            assert!(count > 0, "no head but {:?}", self.input);
        }
    }

    /// Reads a response: its head and as many bytes as its `Content-Length` says.
    pub(crate) async fn response(&mut self) -> (String, String) {
        let head = self.head().await;
        let lower = head.to_lowercase();
        let (_, length) = lower.split_once("content-length: ").unwrap();
        let (length, _) = length.split_once("\r\n").unwrap();
        let body = self.take(length.parse().unwrap()).await;
        (head, String::from_utf8(body).unwrap())
    }

    pub(crate) async fn frame(&mut self) -> Frame {
        let start = self.take(2).await;
        assert_eq!(start[1] & 0x80, 0, "a server does not mask");
        let length = match start[1] {
            126 => u64::from(u16::from_be_bytes(self.take(2).await.try_into().unwrap())),
            127 => u64::from_be_bytes(self.take(8).await.try_into().unwrap()),
            length => length.into(),
        };
        let payload = self.take(usize::try_from(length).unwrap()).await;
        Frame {
            first: start[0],
            payload,
        }
    }

    /// Expects the end of what the server says: FIN, not a reset.
    pub(crate) async fn end(&mut self) {
        let count = self.read().await;
        assert_eq!(count, 0, "more came: {:?}", self.input);
        assert!(self.input.is_empty(), "more came: {:?}", self.input);
    }

    /// Expects that the connection is gone, with a FIN or a reset; throws away what comes before.
    pub(crate) async fn gone(&mut self) {
        let mut rest = Vec::new();
        // The count does not matter, and neither does whether it was a reset.
        let _ = soon("the end", self.socket.read_to_end(&mut rest)).await;
    }

    async fn take(&mut self, count: usize) -> Vec<u8> {
        while self.input.len() < count {
            let read = self.read().await;
            assert!(read > 0, "the connection ended behind {:?}", self.input);
        }
        let rest = self.input.split_off(count);
        std::mem::replace(&mut self.input, rest)
    }

    async fn read(&mut self) -> usize {
        soon("a read", self.socket.read_buf(&mut self.input))
            .await
            .unwrap()
    }
}
