//! The client's end: an address and a request become a conversation.

use std::io;
use std::time::Duration;

use sockeye_wire::handshake::{self, ClientRequest};
use sockeye_wire::{CloseCode, Decoder, Encoder, Event, FrameLimits, Role, Violation};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, Interest};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Where to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Host name or address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
}

/// Why there is no conversation.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The address cannot be resolved, reached or spoken to.
    #[error("cannot connect to {host}:{port}: {error}")]
    Socket {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// What the system said.
        error: io::Error,
    },
    /// Nothing happened in time.
    #[error("{host}:{port} did not finish the handshake in {within:?}")]
    Timeout {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// The time it had.
        within: Duration,
    },
    /// The peer ended the connection before its answer was complete.
    #[error("{host}:{port} closed the connection during the handshake")]
    Closed {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
    },
    /// The answer was not a right 101.
    #[error("{host}:{port} refused the upgrade: {error}")]
    Handshake {
        /// Host asked for.
        host: String,
        /// Port asked for.
        port: u16,
        /// What was wrong with the answer.
        error: handshake::ResponseError,
    },
}

/// Connects to `target`, sends `request` and checks the answer, all within `within`.
pub async fn dial(
    target: &Target,
    request: &ClientRequest,
    limits: FrameLimits,
    within: Duration,
) -> Result<Conversation, DialError> {
    let Target { host, port } = target.clone();
    match timeout(within, connect(target, request, limits)).await {
        Ok(result) => result,
        Err(_) => Err(DialError::Timeout { host, port, within }),
    }
}

async fn connect(
    target: &Target,
    request: &ClientRequest,
    limits: FrameLimits,
) -> Result<Conversation, DialError> {
    let Target { host, port } = target.clone();
    let failed = |error| DialError::Socket {
        host: host.clone(),
        port,
        error,
    };
    let mut socket = TcpStream::connect((host.as_str(), port))
        .await
        .map_err(failed)?;
    socket.set_nodelay(true).map_err(failed)?;
    socket.write_all(request.bytes()).await.map_err(failed)?;
    let mut received = Vec::new();
    loop {
        if socket.read_buf(&mut received).await.map_err(failed)? == 0 {
            return Err(DialError::Closed { host, port });
        }
        let response = request
            .check_response(&received)
            .map_err(|error| DialError::Handshake {
                host: host.clone(),
                port,
                error,
            })?;
        if let Some(response) = response {
            let early = received.split_off(response.header_bytes);
            return Ok(Conversation {
                socket,
                decoder: Decoder::new(Role::Client, limits),
                encoder: Encoder::client(),
                subprotocol: response.subprotocol,
                input: early,
                used: 0,
                output: Vec::new(),
                written: 0,
                closed: false,
            });
        }
    }
}

/// An open WebSocket, seen from the client.
#[derive(Debug)]
pub struct Conversation {
    socket: TcpStream,
    decoder: Decoder,
    encoder: Encoder,
    subprotocol: Option<String>,
    /// What the last read brought, and how much of it is decoded.
    input: Vec<u8>,
    used: usize,
    /// Frames that are not written yet, and how many of their bytes are.
    output: Vec<u8>,
    written: usize,
    /// Whether our Close is said.
    closed: bool,
}

/// What a [`Conversation`] received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// A ping; its pong is on its way.
    Ping(Vec<u8>),
    /// A pong.
    Pong(Vec<u8>),
    /// A Close with its code and reason; the answer is on its way unless ours came first.
    Close(Option<(CloseCode, String)>),
    /// The peer broke the protocol; word of it is on its way unless we had closed before.
    Broken(Violation),
    /// The connection is gone.
    End,
}

/// Bytes that one read of a conversation takes at most.
const READ: usize = 16 * 1024;

impl Conversation {
    /// The subprotocol that was agreed.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Sends a text message: waits until the system has taken it. Nothing is read meanwhile.
    pub async fn send_text(&mut self, text: &str) -> io::Result<()> {
        self.encoder.text(&mut self.output, text);
        self.flush().await
    }

    /// Sends a binary message, as [`Self::send_text`].
    pub async fn send_binary(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.encoder.binary(&mut self.output, bytes);
        self.flush().await
    }

    /// Sends a ping with at most 125 bytes.
    pub async fn ping(&mut self, payload: &[u8]) -> io::Result<()> {
        self.encoder.ping(&mut self.output, payload);
        self.flush().await
    }

    /// Sends Close, unless one was sent. The peer's answer comes from [`Self::receive`].
    pub async fn close(&mut self, code: CloseCode, reason: &str) -> io::Result<()> {
        self.say_close(Some(code), reason);
        self.flush().await
    }

    /// Waits for the next event. Pings and the peer's Close are answered on the way: what does not
    /// fit into the socket at once is written by the next call.
    ///
    /// Nothing is lost when the call is dropped before it is done. Errors: the socket failed.
    pub async fn receive(&mut self) -> io::Result<Received> {
        loop {
            if let Some(received) = self.decode() {
                // A socket that fails now says so after what it brought: what was received counts.
                let _ = self.try_flush();
                return Ok(received);
            }
            let interest = if self.output.is_empty() {
                Interest::READABLE
            } else {
                Interest::READABLE | Interest::WRITABLE
            };
            self.socket.ready(interest).await?;
            // Reading goes on where writing fails: the peer's last words may still be there.
            let _ = self.try_flush();
            if self.try_read()? == Some(0) {
                return Ok(Received::End);
            }
        }
    }

    /// Reads what is there; `None` if nothing is.
    fn try_read(&mut self) -> io::Result<Option<usize>> {
        self.input.resize(READ, 0);
        let result = self.socket.try_read(&mut self.input);
        self.input.truncate(*result.as_ref().unwrap_or(&0));
        self.used = 0;
        match result {
            Ok(count) => Ok(Some(count)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn decode(&mut self) -> Option<Received> {
        let mut rest = self.input.get_mut(self.used..)?;
        let result = self.decoder.next(&mut rest);
        let received = match result {
            Ok(None) => None,
            Ok(Some(event)) => Some(own(event)),
            Err(violation) => Some(Received::Broken(violation)),
        };
        let left = rest.len();
        self.used = self.input.len() - left;
        self.answer(received.as_ref()?);
        received
    }

    fn answer(&mut self, received: &Received) {
        match received {
            Received::Ping(payload) if !self.closed => {
                self.encoder.pong(&mut self.output, payload);
            }
            Received::Close(frame) => self.say_close(frame.as_ref().map(|(code, _)| *code), ""),
            Received::Broken(violation) => {
                self.say_close(Some(violation.code), &violation.to_string());
            }
            _ => {}
        }
    }

    /// A connection has one Close each way (RFC 6455 section 5.5.1).
    fn say_close(&mut self, code: Option<CloseCode>, reason: &str) {
        if !std::mem::replace(&mut self.closed, true) {
            self.encoder.close(&mut self.output, code, reason);
        }
    }

    /// Writes until nothing is left. What is written is remembered, should the call be dropped.
    async fn flush(&mut self) -> io::Result<()> {
        while !self.try_flush()? {
            self.socket.writable().await?;
        }
        Ok(())
    }

    /// Writes what the socket takes at once; whether nothing is left.
    fn try_flush(&mut self) -> io::Result<bool> {
        while let Some(rest @ [_, ..]) = self.output.get(self.written..) {
            match self.socket.try_write(rest) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) => {
                    self.forget_output();
                    return Err(error);
                }
            }
        }
        self.forget_output();
        Ok(true)
    }

    fn forget_output(&mut self) {
        self.output.clear();
        self.written = 0;
    }
}

fn own(event: Event<'_>) -> Received {
    match event {
        Event::Text(text) => Received::Text(text.to_owned()),
        Event::Binary(bytes) => Received::Binary(bytes.to_vec()),
        Event::Ping(payload) => Received::Ping(payload.to_vec()),
        Event::Pong(payload) => Received::Pong(payload.to_vec()),
        Event::Close(frame) => {
            Received::Close(frame.map(|frame| (frame.code, frame.reason.to_owned())))
        }
    }
}
