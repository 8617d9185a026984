//! An open WebSocket from the client's end: messages out, messages and control frames in, by one task
//! or by two.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sockeye_wire::{CloseCode, Decoder, Encoder, Event, FrameLimits, Kind, Role, Violation};
use tokio::io::Interest;
use tokio::net::TcpStream;

use crate::stream::Stream;
use crate::tls::{Channel, is_pending};

/// Bytes that one read of a conversation takes at most.
const READ: usize = 16 * 1024;

/// Bytes of the output buffer that are kept for the next message; what a larger one took is given back.
const KEPT: usize = 256 * 1024;

/// An open WebSocket, seen from the client.
#[derive(Debug)]
pub struct Conversation {
    reader: ConversationReader,
    writer: ConversationWriter,
    subprotocol: Option<String>,
}

/// The half of a [`Conversation`] that hears. What it must say, pongs and the answer to a Close, goes
/// out between what the other half says.
#[derive(Debug)]
pub struct ConversationReader(Arc<Line>);

/// The half of a [`Conversation`] that speaks.
#[derive(Debug)]
pub struct ConversationWriter(Arc<Line>);

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

impl Conversation {
    pub(crate) fn new(
        stream: Stream,
        limits: FrameLimits,
        subprotocol: Option<String>,
        early: Vec<u8>,
    ) -> Self {
        let line = Arc::new(Line::new(stream, limits, early));
        Self {
            reader: ConversationReader(Arc::clone(&line)),
            writer: ConversationWriter(line),
            subprotocol,
        }
    }

    /// The subprotocol that was agreed.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// The same with one mask for every frame of ours: for bytes that are compared with those of
    /// another client. To be called before anything is said.
    #[must_use]
    pub fn with_mask(self, mask: [u8; 4]) -> Self {
        self.writer.0.state().encoder = Encoder::client_with_mask(mask);
        self
    }

    /// Two halves that can be used at the same time, in one task or in two. The connection ends when
    /// both are dropped.
    pub fn split(self) -> (ConversationReader, ConversationWriter) {
        (self.reader, self.writer)
    }

    /// See [`ConversationWriter::send_text`]. Nothing is read meanwhile.
    pub async fn send_text(&mut self, text: &str) -> io::Result<()> {
        self.writer.send_text(text).await
    }

    /// See [`ConversationWriter::send_binary`]. Nothing is read meanwhile.
    pub async fn send_binary(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.send_binary(bytes).await
    }

    /// See [`ConversationWriter::ping`].
    pub async fn ping(&mut self, payload: &[u8]) -> io::Result<()> {
        self.writer.ping(payload).await
    }

    /// See [`ConversationWriter::close`].
    pub async fn close(&mut self, code: CloseCode, reason: &str) -> io::Result<()> {
        self.writer.close(code, reason).await
    }

    /// See [`ConversationReader::receive`].
    pub async fn receive(&mut self) -> io::Result<Received> {
        self.reader.receive().await
    }
}

impl ConversationWriter {
    /// Sends a text message: waits until the system has taken it. When the call is dropped before it is
    /// done, the rest of the message goes out with the next call.
    pub async fn send_text(&mut self, text: &str) -> io::Result<()> {
        self.say(|encoder, output| encoder.text(output, text)).await
    }

    /// Sends a binary message, as [`Self::send_text`].
    pub async fn send_binary(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.say(|encoder, output| encoder.binary(output, bytes))
            .await
    }

    /// Puts a message of either kind behind what is not written yet; nothing is sent before
    /// [`Self::flush`]. The bytes of a text are sent as they are.
    pub fn put(&mut self, kind: Kind, bytes: &[u8]) {
        let State {
            encoder, output, ..
        } = &mut *self.0.state();
        encoder.message(output, kind, bytes);
    }

    /// Puts a ping with at most 125 bytes behind what is not written yet, as [`Self::put`].
    pub fn put_ping(&mut self, payload: &[u8]) {
        let State {
            encoder, output, ..
        } = &mut *self.0.state();
        encoder.ping(output, payload);
    }

    /// Waits until the system has taken everything. When the call is dropped before, the next one
    /// goes on where it was.
    pub async fn flush(&mut self) -> io::Result<()> {
        self.0.flush().await
    }

    /// How many bytes the system has not taken yet; none if it will never take them, because writing
    /// has failed.
    pub fn unsent(&self) -> Option<usize> {
        let state = self.0.state();
        (!state.is_broken).then(|| state.output.len() - state.written)
    }

    /// Sends a ping with at most 125 bytes.
    pub async fn ping(&mut self, payload: &[u8]) -> io::Result<()> {
        self.say(|encoder, output| encoder.ping(output, payload))
            .await
    }

    /// Sends Close, unless one was sent. The peer's answer comes from [`ConversationReader::receive`].
    pub async fn close(&mut self, code: CloseCode, reason: &str) -> io::Result<()> {
        self.0.state().say_close(Some(code), reason);
        self.0.flush().await
    }

    async fn say(&mut self, frame: impl FnOnce(&mut Encoder, &mut Vec<u8>)) -> io::Result<()> {
        {
            let State {
                encoder, output, ..
            } = &mut *self.0.state();
            frame(encoder, output);
        }
        self.0.flush().await
    }
}

impl ConversationReader {
    /// Waits for the next event. Pings and the peer's Close are answered on the way: what does not
    /// fit into the socket at once is written by the next call of either half.
    ///
    /// Nothing is lost when the call is dropped before it is done. Errors: the socket failed.
    pub async fn receive(&mut self) -> io::Result<Received> {
        loop {
            let interest = {
                let mut state = self.0.state();
                if let Some(received) = state.decode() {
                    // A socket that fails now says so after what it brought: what was received counts.
                    let _ = state.try_flush(&self.0.socket);
                    return Ok(received);
                }
                state.interest()
            };
            if let Some(interest) = interest {
                self.0.socket.ready(interest).await?;
            }
            let mut state = self.0.state();
            // Reading goes on where writing fails: the peer's last words may still be there.
            let _ = state.try_flush(&self.0.socket);
            if state.try_read(&self.0.socket)? == Some(0) {
                return Ok(Received::End);
            }
        }
    }
}

/// A socket and the state of what is said on it.
#[derive(Debug)]
struct Line {
    socket: TcpStream,
    /// Locked for as long as a system call takes, never while somebody waits.
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    channel: Option<Box<Channel>>,
    decoder: Decoder,
    encoder: Encoder,
    /// What the last read brought, and how much of it is decoded.
    input: Vec<u8>,
    used: usize,
    /// Frames that are not written yet, and how many of their bytes are.
    output: Vec<u8>,
    written: usize,
    /// Whether our Close is said.
    closed: bool,
    /// Whether writing has failed: what was unsent then is gone.
    is_broken: bool,
}

impl Line {
    /// A connection on which nothing is said yet.
    fn new(stream: Stream, limits: FrameLimits, early: Vec<u8>) -> Self {
        let (socket, channel) = match stream {
            Stream::Plain(socket) => (socket, None),
            Stream::Tls(secured) => (secured.socket, Some(Box::new(secured.channel))),
        };
        let state = Mutex::new(State {
            channel,
            decoder: Decoder::new(Role::Client, limits),
            encoder: Encoder::client(),
            input: early,
            used: 0,
            output: Vec::new(),
            written: 0,
            closed: false,
            is_broken: false,
        });
        Self { socket, state }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes until nothing is left. What is written is remembered, should the call be dropped.
    async fn flush(&self) -> io::Result<()> {
        loop {
            let is_done = self.state().try_flush(&self.socket)?;
            if is_done {
                return Ok(());
            }
            self.socket.writable().await?;
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let Self { socket, state } = self;
        let state = state.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = &mut state.channel {
            channel.end(|records| socket.try_write(records));
        }
    }
}

impl State {
    /// What the socket must be ready for; none if there is something to read already.
    fn interest(&self) -> Option<Interest> {
        let channel = self.channel.as_ref();
        if channel.is_some_and(|channel| channel.has_plain()) {
            return None;
        }
        let is_behind = channel.is_some_and(|channel| channel.is_behind());
        Some(if self.output.is_empty() && !is_behind {
            Interest::READABLE
        } else {
            Interest::READABLE | Interest::WRITABLE
        })
    }

    /// Reads what is there; `None` if nothing is.
    fn try_read(&mut self, socket: &TcpStream) -> io::Result<Option<usize>> {
        self.input.resize(READ, 0);
        let result = match &mut self.channel {
            None => socket.try_read(&mut self.input),
            Some(channel) => channel
                .read(&mut self.input, |space| socket.try_read(space))
                .map(|helping| helping.count),
        };
        self.input.truncate(*result.as_ref().unwrap_or(&0));
        self.used = 0;
        match result {
            Ok(count) => Ok(Some(count)),
            Err(error) if is_pending(&error) => Ok(None),
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

    /// Writes what the socket takes at once; whether nothing is left.
    fn try_flush(&mut self, socket: &TcpStream) -> io::Result<bool> {
        loop {
            let rest = self.output.get(self.written..).unwrap_or_default();
            let write = |bytes: &[u8]| socket.try_write(bytes);
            let step = match &mut self.channel {
                Some(channel) if channel.is_behind() => channel.flush(write).map(|_| 0),
                _ if rest.is_empty() => break,
                Some(channel) => channel.write(rest, write),
                None => write(rest),
            };
            match step {
                Ok(count) => self.written += count,
                Err(error) if is_pending(&error) => return Ok(false),
                Err(error) => {
                    self.forget_output();
                    self.is_broken = true;
                    return Err(error);
                }
            }
        }
        self.forget_output();
        Ok(true)
    }

    fn forget_output(&mut self) {
        self.output.clear();
        if self.output.capacity() > KEPT {
            self.output = Vec::new();
        }
        self.written = 0;
    }
}

fn own(event: Event<'_>) -> Received {
    match event {
        Event::Text(text) => Received::Text(text.to_owned()),
        Event::Binary(bytes) | Event::LooseText(bytes) => Received::Binary(bytes.to_vec()),
        Event::Ping(payload) => Received::Ping(payload.to_vec()),
        Event::Pong(payload) => Received::Pong(payload.to_vec()),
        Event::Close(frame) => {
            Received::Close(frame.map(|frame| (frame.code, frame.reason.to_owned())))
        }
    }
}
