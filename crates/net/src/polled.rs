//! An open WebSocket from the client's end whose socket the caller polls: bytes in, bytes out, nothing awaited.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};

use sockeye_wire::{Decoder, Deflate, Encoder, FrameLimits};

use crate::dial::Opened;
use crate::stream::Stream;
use crate::tls::{Channel, is_pending};

/// An open WebSocket for callers with thousands of them on a thread and a poll of their own: it neither
/// waits nor wakes anybody. The socket does not block, and is closed when this is dropped.
///
/// Bytes that are read go through the [`Decoder`], frames come from the [`Encoder`] into a buffer of the caller
/// and leave by [`send`](Self::send).
#[derive(Debug)]
pub struct Polled {
    socket: TcpStream,
    channel: Option<Box<Channel>>,
    codec: Box<(Decoder, Encoder)>,
    /// Bytes that came behind the 101.
    early: Vec<u8>,
    /// What the socket had no room for, and how much of it is written.
    unsent: Vec<u8>,
    written: usize,
    deflate: Option<Deflate>,
}

impl Polled {
    /// Takes the socket from the runtime that has dialled.
    pub(crate) fn new(mut opened: Opened, limits: FrameLimits) -> io::Result<Self> {
        let early = std::mem::take(&mut opened.early);
        let codec = Box::new(opened.codec(limits));
        let deflate = opened.deflate;
        let (socket, channel) = match opened.stream {
            Stream::Plain(socket) => (socket, None),
            Stream::Tls(secured) => (secured.socket, Some(Box::new(secured.channel))),
        };
        Ok(Self {
            socket: socket.into_std()?,
            channel,
            codec,
            early,
            unsent: Vec::new(),
            written: 0,
            deflate,
        })
    }

    /// What was agreed about compression, if anything.
    pub fn deflate(&self) -> Option<Deflate> {
        self.deflate
    }

    /// What reads frames.
    pub fn decoder(&mut self) -> &mut Decoder {
        &mut self.codec.0
    }

    /// What writes frames.
    pub fn encoder(&mut self) -> &mut Encoder {
        &mut self.codec.1
    }

    /// The bytes that came with the answer to the handshake, once. To be decoded before anything is read.
    pub fn early(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.early)
    }

    /// Reads once into `room`: how many bytes came, 0 at the end; `None` if there is nothing now.
    pub fn read(&mut self, room: &mut [u8]) -> io::Result<Option<usize>> {
        let Self {
            socket, channel, ..
        } = self;
        let result = match channel {
            None => socket.read(room),
            Some(channel) => channel
                .read(room, |space| socket.read(space))
                .map(|helping| helping.count),
        };
        match result {
            Ok(count) => Ok(Some(count)),
            Err(error) if is_pending(&error) => Ok(None),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether there is something to read that the socket will not tell of.
    pub fn has_more(&self) -> bool {
        self.channel
            .as_ref()
            .is_some_and(|channel| channel.has_plain())
    }

    /// Writes frames behind those that are unsent; what finds no room is kept for [`flush`](Self::flush).
    pub fn send(&mut self, frames: &[u8]) -> io::Result<()> {
        if self.is_behind() {
            self.unsent.extend_from_slice(frames);
            return self.flush().map(drop);
        }
        let taken = self.write(frames)?;
        self.unsent
            .extend_from_slice(frames.get(taken..).unwrap_or_default());
        Ok(())
    }

    /// Writes what is unsent; whether nothing is left.
    pub fn flush(&mut self) -> io::Result<bool> {
        let unsent = std::mem::take(&mut self.unsent);
        let result = self.write(unsent.get(self.written..).unwrap_or_default());
        self.unsent = unsent;
        self.written += result?;
        if self.written >= self.unsent.len() {
            (self.unsent, self.written) = (Vec::new(), 0);
        }
        Ok(!self.is_behind())
    }

    /// Bytes of frames that the socket has not taken.
    pub fn unsent(&self) -> usize {
        self.unsent.len() - self.written
    }

    /// Whether the socket should be asked for room to write: something is unsent, or TLS has a word to say.
    pub fn is_behind(&self) -> bool {
        let channel = self.channel.as_ref();
        !self.unsent.is_empty() || channel.is_some_and(|channel| channel.is_behind())
    }

    /// Writes until there is no room, and gives the number of bytes that were taken.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self {
            socket, channel, ..
        } = self;
        let mut taken = 0;
        loop {
            let rest = bytes.get(taken..).unwrap_or_default();
            let is_behind = channel.as_ref().is_some_and(|channel| channel.is_behind());
            if rest.is_empty() && !is_behind {
                return Ok(taken);
            }
            let step = match channel {
                None => socket.write(rest),
                Some(channel) => channel.write(rest, |records| socket.write(records)),
            };
            match step {
                Ok(count) => taken += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if is_pending(&error) => return Ok(taken),
                Err(error) => return Err(error),
            }
        }
    }
}

impl AsFd for Polled {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

impl Drop for Polled {
    fn drop(&mut self) {
        let Self {
            socket, channel, ..
        } = self;
        if let Some(channel) = channel {
            channel.end(|records| socket.write(records));
        }
    }
}
