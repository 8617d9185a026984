//! A well-behaved WebSocket client: messages out, expected messages in, silence proved by a ping.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, WebSocket, client};

use super::PATIENCE;

/// One open WebSocket.
pub(crate) struct Client {
    socket: WebSocket<TcpStream>,
}

impl From<WebSocket<TcpStream>> for Client {
    fn from(socket: WebSocket<TcpStream>) -> Self {
        Self { socket }
    }
}

impl Client {
    #[track_caller]
    pub(crate) fn connect(address: SocketAddr, path: &str) -> Self {
        Self::connect_with(address, path, &[])
    }

    /// The same with further headers.
    #[track_caller]
    pub(crate) fn connect_with(
        address: SocketAddr,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> Self {
        let request = format!("ws://{address}{path}").into_client_request();
        let mut request = request.expect("an address");
        for (name, value) in headers {
            let value = value.parse().expect("a header's value");
            request.headers_mut().insert(*name, value);
        }
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout above zero");
        stream.set_nodelay(true).expect("a TCP socket");
        match client(request, stream) {
            Ok((socket, _)) => Self { socket },
            Err(error) => panic!("no WebSocket on {path}: {error}"),
        }
    }

    /// Sends a text message.
    #[track_caller]
    pub(crate) fn send(&mut self, text: &str) -> &mut Self {
        self.socket
            .send(Message::Text(text.to_owned()))
            .expect("the socket is open");
        self
    }

    /// Sends a binary message.
    #[track_caller]
    pub(crate) fn send_binary(&mut self, bytes: &[u8]) -> &mut Self {
        self.socket
            .send(Message::Binary(bytes.to_owned()))
            .expect("the socket is open");
        self
    }

    /// Starts the closing handshake.
    #[track_caller]
    pub(crate) fn close(&mut self) -> &mut Self {
        self.socket.close(None).expect("the socket is open");
        self
    }

    /// The same with a code and a reason.
    #[track_caller]
    pub(crate) fn close_with(&mut self, code: u16, reason: &str) -> &mut Self {
        let reason = reason.to_owned().into();
        let frame = CloseFrame {
            code: code.into(),
            reason,
        };
        self.socket.close(Some(frame)).expect("the socket is open");
        self
    }

    /// Sends bytes past the protocol.
    #[track_caller]
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) -> &mut Self {
        let sent = self.socket.get_mut().write_all(bytes);
        sent.expect("the socket is open");
        self
    }

    /// Waits so long for each message from now on.
    pub(crate) fn be_patient(&mut self, patience: Duration) -> &mut Self {
        let socket = self.socket.get_ref();
        socket
            .set_read_timeout(Some(patience))
            .expect("a timeout above zero");
        self
    }

    /// The next message that is no ping.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Message {
        loop {
            match self.socket.read() {
                Ok(Message::Ping(_)) => {}
                Ok(message) => return message,
                Err(error) => panic!("instead of a message: {error}"),
            }
        }
    }

    /// The next message, which must be text.
    #[track_caller]
    pub(crate) fn text(&mut self) -> String {
        match self.next() {
            Message::Text(text) => text,
            other => panic!("instead of a text message: {other:?}"),
        }
    }

    /// The next message, if it is text; none if it is binary.
    #[track_caller]
    pub(crate) fn text_if_text(&mut self) -> Option<String> {
        match self.next() {
            Message::Text(text) => Some(text),
            Message::Binary(_) => None,
            other => panic!("instead of a message: {other:?}"),
        }
    }

    /// Whether a message comes within `patience`.
    pub(crate) fn answered_within(&mut self, patience: Duration) -> bool {
        let wait = |socket: &TcpStream, time| socket.set_read_timeout(Some(time));
        wait(self.socket.get_ref(), patience).expect("a timeout above zero");
        let answered = self.socket.read().is_ok();
        wait(self.socket.get_ref(), PATIENCE).expect("a timeout above zero");
        answered
    }

    /// The next message, which must be JSON text.
    #[track_caller]
    pub(crate) fn json(&mut self) -> Value {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} in `{text}`"))
    }

    /// Fails unless the next message is this text, byte for byte.
    #[track_caller]
    pub(crate) fn expect_text(&mut self, text: &str) -> &mut Self {
        assert_eq!(self.text(), text);
        self
    }

    /// Fails unless the next message is JSON of this value.
    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`expect_json(json!(..))` reads well"
    )]
    pub(crate) fn expect_json(&mut self, value: Value) -> &mut Self {
        assert_eq!(self.json(), value);
        self
    }

    /// Fails unless the next message is binary with these bytes.
    #[track_caller]
    pub(crate) fn expect_binary(&mut self, bytes: &[u8]) -> &mut Self {
        assert_eq!(self.next(), Message::Binary(bytes.to_owned()));
        self
    }

    /// The one text that is under way, or none; anything more fails.
    ///
    /// Two pings prove it without waiting. The first pong says that all earlier messages were
    /// handled; a pong may overtake queued messages, so the second says that the queue is empty.
    #[track_caller]
    pub(crate) fn text_or_silence(&mut self) -> Option<String> {
        let mut text = None;
        for _ in 0..2 {
            let payload = unique().to_be_bytes().to_vec();
            self.socket
                .send(Message::Ping(payload.clone()))
                .expect("the socket is open");
            loop {
                match self.next() {
                    Message::Text(came) if text.is_none() => text = Some(came),
                    Message::Pong(echoed) if echoed == payload => break,
                    other => panic!("after {text:?} came {other:?}"),
                }
            }
        }
        text
    }

    /// Proves that nothing is under way.
    #[track_caller]
    pub(crate) fn expect_silence(&mut self) -> &mut Self {
        assert_eq!(self.text_or_silence(), None, "silence was expected");
        self
    }

    /// Fails unless the server closes with this code as its next word.
    #[track_caller]
    pub(crate) fn expect_close(&mut self, code: u16) {
        match self.next() {
            Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), code, "{frame:?}"),
            other => panic!("instead of a Close with {code}: {other:?}"),
        }
    }

    /// Fails unless the server closes with this code and reason as its next word.
    #[track_caller]
    pub(crate) fn expect_farewell(&mut self, code: u16, reason: &str) {
        match self.next() {
            Message::Close(Some(frame)) => {
                assert_eq!((u16::from(frame.code), &*frame.reason), (code, reason));
            }
            other => panic!("instead of a Close with {code}: {other:?}"),
        }
    }

    /// Answers a Close and waits for the end of the connection.
    pub(crate) fn finish(&mut self) {
        while self.socket.read().is_ok() {}
    }

    /// Fails unless the server closes, with or without 1000, as its next word.
    #[track_caller]
    pub(crate) fn expect_close_without_code(&mut self) {
        match self.next() {
            Message::Close(None) => {}
            Message::Close(Some(frame)) => assert_eq!(u16::from(frame.code), 1000, "{frame:?}"),
            other => panic!("instead of a Close: {other:?}"),
        }
    }
}

fn unique() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
