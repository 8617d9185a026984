//! The server behind a link: a WebSocket on which we are the client, polled by the link that it belongs to.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use sockeye_wire::{CloseCode, Decoder, Encoder, FrameLimits};
use tokio::time::timeout;

use crate::Message;
use crate::buffers;
use crate::dial::Opened;
use crate::limits::{LINGER_BYTES, LINGER_TIME, UPSTREAM_HIGH};
use crate::outbox::Farewell;
use crate::stream::{Helping, Stream};

/// An open WebSocket to the server behind a link. What it says comes to the session
/// ([`crate::Session::upstream_message`]), what the session has for it goes through
/// [`crate::Outbox::upstream`].
///
/// The link reads neither side while the other does not take what is there for it.
#[derive(Debug)]
pub struct Upstream {
    pub(crate) stream: Stream,
    pub(crate) hearing: Hearing,
    pub(crate) speaking: Speaking,
    subprotocol: Option<String>,
}

/// What the server behind says.
#[derive(Debug)]
pub(crate) struct Hearing {
    pub(crate) decoder: Decoder,
    /// Input that waits until the link's peer has taken what was there before.
    pub(crate) unread: Vec<u8>,
    /// How it ended, once it has.
    pub(crate) end: Option<End>,
    /// Something came since the last ping.
    is_alive: bool,
}

/// How a server behind a link came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It sent Close.
    Close(Option<(CloseCode, String)>),
    /// Its connection ended or failed, it went silent, or it broke the protocol.
    Lost(String),
}

/// What is said to the server behind.
#[derive(Debug)]
pub(crate) struct Speaking {
    encoder: Encoder,
    unsent: Vec<u8>,
    written: usize,
    /// Our Close is said.
    is_over: bool,
    /// Nothing can be written any more.
    is_broken: bool,
}

impl Speaking {
    /// Says a message. False: our Close is said already.
    pub(crate) fn message(&mut self, message: Message<'_>) -> bool {
        if self.is_over {
            return false;
        }
        if self.unsent.capacity() == 0 {
            self.unsent = buffers::spare();
        }
        match message {
            Message::Text(text) => self.encoder.text(&mut self.unsent, text),
            Message::Binary(bytes) => self.encoder.binary(&mut self.unsent, bytes),
        }
        true
    }

    /// Says Close, once.
    pub(crate) fn close(&mut self, code: Option<CloseCode>, reason: &str) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.encoder.close(&mut self.unsent, code, reason);
        }
    }

    pub(crate) fn pong(&mut self, payload: &[u8]) {
        if !self.is_over {
            self.encoder.pong(&mut self.unsent, payload);
        }
    }

    /// Whether so much waits that it should be written before more is said.
    pub(crate) fn is_crowded(&self) -> bool {
        self.unsent.len() - self.written >= UPSTREAM_HIGH
    }
}

impl Upstream {
    pub(crate) fn new(opened: Opened, limits: FrameLimits) -> Self {
        let (decoder, encoder) = opened.codec(limits);
        Self {
            stream: opened.stream,
            hearing: Hearing {
                decoder,
                unread: opened.early,
                end: None,
                is_alive: true,
            },
            speaking: Speaking {
                encoder,
                unsent: Vec::new(),
                written: 0,
                is_over: false,
                is_broken: false,
            },
            subprotocol: opened.subprotocol,
        }
    }

    /// The subprotocol that was agreed.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Whether it may still say something.
    pub(crate) fn is_open(&self) -> bool {
        self.hearing.end.is_none()
    }

    /// It has ended; the first way counts.
    pub(crate) fn ended(&mut self, end: End) {
        self.hearing.end.get_or_insert(end);
    }

    /// Pings it. False: nothing came since the last ping. Not asked while it is not read.
    pub(crate) fn ping(&mut self, payload: &[u8]) -> bool {
        let was_alive = std::mem::replace(&mut self.hearing.is_alive, false);
        if was_alive && !self.speaking.is_over {
            let Speaking {
                encoder, unsent, ..
            } = &mut self.speaking;
            encoder.ping(unsent, payload);
        }
        was_alive
    }

    /// It is not read for now, so its silence means nothing.
    pub(crate) fn excuse(&mut self) {
        self.hearing.is_alive = true;
    }

    /// Whether it has not taken all that was said.
    pub(crate) fn is_behind(&self) -> bool {
        let is_behind = !self.speaking.unsent.is_empty() || self.stream.is_behind();
        is_behind && !self.speaking.is_broken
    }

    /// Writes what is unsent; ready when nothing is left, or nothing can be written: its last words may
    /// still be there to be read.
    pub(crate) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Speaking {
            unsent, written, ..
        } = &mut self.speaking;
        while *written < unsent.len() || self.stream.is_behind() {
            let rest = unsent.get(*written..).unwrap_or_default();
            let Ok(count) = ready!(self.stream.poll_write(cx, rest)) else {
                self.speaking.is_broken = true;
                self.speaking.is_over = true;
                break;
            };
            *written += count;
        }
        buffers::give_back(std::mem::take(&mut self.speaking.unsent));
        self.speaking.written = 0;
        Poll::Ready(())
    }

    /// Reads what is there into `room`: how much, and whether more may be there. Where there is nothing
    /// more to come it has ended.
    pub(crate) fn poll_helping(
        &mut self,
        cx: &mut Context<'_>,
        room: &mut [u8],
    ) -> Poll<(usize, bool)> {
        let Helping { count, is_full } = match ready!(self.stream.poll_read(cx, room)) {
            Ok(helping) => helping,
            Err(error) => {
                self.ended(End::Lost(format!("failed: {error}")));
                Helping::default()
            }
        };
        if count == 0 {
            self.ended(End::Lost("ended without a Close".to_owned()));
        }
        self.hearing.is_alive = true;
        Poll::Ready((count, is_full))
    }

    /// Ends it in order, with a Close of this kind unless one was said: what is unsent goes out, then
    /// FIN, and what it still says is thrown away for a moment, so that no reset overtakes our Close.
    pub(crate) async fn see_off(mut self: Box<Self>, farewell: Farewell) {
        self.speaking.close(farewell.code, &farewell.reason);
        let rest = async {
            poll_fn(|cx| self.poll_flush(cx)).await;
            if self.stream.shut_down_writes().is_err() {
                return;
            }
            let (mut ignored, mut left) = (Vec::new(), LINGER_BYTES);
            while let Ok(count @ 1..) = self.stream.read_some(&mut ignored).await {
                ignored.clear();
                left = left.saturating_sub(count);
                if left == 0 {
                    return;
                }
            }
        };
        // Whoever does not take our last words in this time is left without them.
        let _ = timeout(LINGER_TIME, rest).await;
    }
}
