//! A TCP client that writes and reads bytes itself: HTTP/1.1 heads and bodies, WebSocket frames.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Frame, PATIENCE, Response, frame};

/// The key of RFC 6455 section 1.3 and the answer that belongs to it.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
const ACCEPT: &str = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// A connection whose bytes the test controls.
pub(crate) struct Raw {
    stream: TcpStream,
    address: SocketAddr,
    unread: Vec<u8>,
}

impl Raw {
    #[track_caller]
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("a TCP socket");
        let mut raw = Self {
            stream,
            address,
            unread: Vec::new(),
        };
        raw.be_patient(PATIENCE);
        raw
    }

    /// How long a read may wait.
    pub(crate) fn be_patient(&mut self, patience: Duration) {
        self.stream
            .set_read_timeout(Some(patience))
            .expect("a timeout above zero");
    }

    /// A second handle on the same connection, for a thread that only writes.
    pub(crate) fn writer(&self) -> TcpStream {
        self.stream.try_clone().expect("the socket is open")
    }

    /// Writes bytes; a server that has closed already does not matter.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> &mut Self {
        // What the server said before it closed is what the test reads next.
        let _ = self.stream.write_all(bytes);
        self
    }

    /// Ends the connection with a reset instead of an orderly end.
    pub(crate) fn reset(self) {
        let socket = socket2::SockRef::from(&self.stream);
        socket
            .set_linger(Some(Duration::ZERO))
            .expect("a TCP socket");
    }

    /// Sends a request and reads the answer. `Host` is added unless given.
    #[track_caller]
    pub(crate) fn request(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        let mut message = self.head(method, target, headers);
        if !body.is_empty() {
            message.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        message.push_str("\r\n");
        self.send(message.as_bytes()).send(body);
        self.response(method)
    }

    /// Sends an opening handshake; `headers` replace those of the same name, an empty value drops one.
    #[track_caller]
    pub(crate) fn upgrade(&mut self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = self.handshake(path, headers);
        self.send(request.as_bytes());
        let response = self.response("GET");
        if response.status == 101 {
            assert_eq!(response.header("sec-websocket-accept"), Some(ACCEPT));
        }
        response
    }

    /// The bytes of an opening handshake, see [`Raw::upgrade`].
    pub(crate) fn handshake(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let usual = [
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", KEY),
        ];
        let replaced = |name: &str| headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        let mut all: Vec<_> = usual
            .into_iter()
            .filter(|(name, _)| !replaced(name))
            .collect();
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        self.head("GET", path, &all) + "\r\n"
    }

    fn head(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!("{method} {target} HTTP/1.1\r\n");
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("host"))
        {
            head.push_str(&format!("Host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    /// Reads one HTTP answer to a request of this method.
    #[track_caller]
    pub(crate) fn response(&mut self, method: &str) -> Response {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let so_far = String::from_utf8_lossy(&head).into_owned();
            head.push(
                self.byte()
                    .unwrap_or_else(|| panic!("the head ends early: `{so_far}`")),
            );
        }
        let mut response = Response::from_head(&String::from_utf8_lossy(&head));
        if method != "HEAD" && response.status >= 200 && response.status != 204 {
            response.body = self.body(&response);
        }
        response
    }

    fn body(&mut self, response: &Response) -> Vec<u8> {
        if response
            .header("transfer-encoding")
            .is_some_and(|coding| coding.contains("chunked"))
        {
            return self.chunks();
        }
        match response.header("content-length") {
            Some(length) => self.exactly(length.parse().expect("a length in figures")),
            None => self.rest(),
        }
    }

    fn chunks(&mut self) -> Vec<u8> {
        let mut body = Vec::new();
        loop {
            let size = self.line();
            let size = usize::from_str_radix(size.trim(), 16).expect("a chunk size");
            body.extend(self.exactly(size));
            assert_eq!(self.line(), "\r\n", "the end of a chunk");
            if size == 0 {
                return body;
            }
        }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        while !line.ends_with('\n') {
            line.push(char::from(self.byte().expect("a line does not end early")));
        }
        line
    }

    /// So many bytes as they come.
    #[track_caller]
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        self.exactly(length)
    }

    fn exactly(&mut self, length: usize) -> Vec<u8> {
        (0..length)
            .map(|_| self.byte().expect("the peer sends all it announced"))
            .collect()
    }

    /// Everything up to the end of the connection.
    #[track_caller]
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        std::iter::from_fn(|| self.byte()).collect()
    }

    /// Fails unless the connection has ended.
    #[track_caller]
    pub(crate) fn expect_end(&mut self) {
        assert_eq!(self.byte(), None, "instead of the end of the connection");
    }

    /// The next byte; none at the end of the connection.
    #[track_caller]
    fn byte(&mut self) -> Option<u8> {
        if self.unread.is_empty() {
            let mut buffer = [0; 16 * 1024];
            let read = match self.stream.read(&mut buffer) {
                Ok(read) => read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("nothing came"),
                Err(error) => panic!("the connection did not end in order: {error}"),
            };
            self.unread.extend(buffer[..read].iter().rev());
        }
        self.unread.pop()
    }

    /// Waits for a byte no longer than `patience`; true once there is one or the connection ended.
    pub(crate) fn has_answer_within(&mut self, patience: Duration) -> bool {
        self.stream
            .set_read_timeout(Some(patience))
            .expect("a timeout above zero");
        let heard = self.stream.peek(&mut [0]).is_ok();
        self.be_patient(PATIENCE);
        heard || !self.unread.is_empty()
    }

    /// The next frame; none at the end of the connection.
    #[track_caller]
    pub(crate) fn frame(&mut self) -> Option<Frame> {
        let first = self.byte()?;
        let second = self.byte().expect("a frame head has two bytes");
        assert!(second & 0x80 == 0, "a server does not mask");
        let length = match second {
            126 => self
                .exactly(2)
                .iter()
                .fold(0, |n, byte| n << 8 | usize::from(*byte)),
            127 => self
                .exactly(8)
                .iter()
                .fold(0, |n, byte| n << 8 | usize::from(*byte)),
            short => usize::from(short),
        };
        Some(Frame {
            first,
            payload: self.exactly(length),
        })
    }

    /// Fails unless the next frame that is no ping is a whole text frame with this text.
    #[track_caller]
    pub(crate) fn expect_text(&mut self, text: &str) {
        let frame = self.frame_but(&[0x89]);
        assert_eq!(frame.first, 0x81, "{frame:?}");
        assert_eq!(String::from_utf8_lossy(&frame.payload), text);
    }

    /// Fails unless the next frame is a pong with this payload.
    #[track_caller]
    pub(crate) fn expect_pong(&mut self, payload: &[u8]) {
        let frame = self.frame_but(&[0x89]);
        assert_eq!((frame.first, frame.payload.as_slice()), (0x8a, payload));
    }

    /// The code of the Close that must come next, pings and pongs aside; none if it carries none.
    #[track_caller]
    pub(crate) fn close_code(&mut self) -> Option<u16> {
        let frame = self.frame_but(&[0x89, 0x8a]);
        assert_eq!(frame.first, 0x88, "instead of a Close: {frame:?}");
        let code = frame.payload.first_chunk::<2>();
        code.map(|bytes| u16::from_be_bytes(*bytes))
    }

    /// Answers pings until the server closes; fails unless it does so with this code and reason.
    #[track_caller]
    pub(crate) fn expect_farewell(&mut self, code: u16, reason: &str) {
        loop {
            let Frame { first, payload } = self.frame().expect("a Close before the end");
            if first == 0x89 {
                self.send(&frame(0x8a, &payload));
                continue;
            }
            assert_eq!(first, 0x88, "instead of a Close");
            let (number, text) = payload.split_at(2.min(payload.len()));
            let text = String::from_utf8_lossy(text);
            assert_eq!((number, &*text), (code.to_be_bytes().as_slice(), reason));
            return;
        }
    }

    /// Fails unless the server closes with this code and then ends the connection in order.
    #[track_caller]
    pub(crate) fn expect_close(&mut self, code: u16) {
        assert_eq!(self.close_code(), Some(code), "the code of the Close");
        self.expect_end();
    }

    #[track_caller]
    fn frame_but(&mut self, skipped: &[u8]) -> Frame {
        loop {
            let frame = self
                .frame()
                .expect("a frame before the end of the connection");
            if !skipped.contains(&frame.first) {
                return frame;
            }
        }
    }
}
