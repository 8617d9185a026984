//! The bytes of one connection pass through here: whole requests out however little the socket takes, replies in.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::time::Instant;

use mio::net::TcpStream;

use crate::error::LoadError;
use crate::frames::ReplyCounter;
use crate::histogram::Histogram;

/// One connection and what is on its way.
pub(crate) struct Connection {
    /// From 0, for errors.
    number: usize,
    /// Registered with the poll of the load.
    pub(crate) stream: TcpStream,
    /// Messages not yet written whole.
    unwritten: u32,
    /// Bytes already written of the first of them.
    offset: usize,
    /// When messages without a reply were sent, and how many at a time.
    sent: VecDeque<(Instant, u32)>,
    /// How far the current reply has come.
    pub(crate) counter: ReplyCounter,
}

impl Connection {
    /// Nothing sent yet.
    pub(crate) fn new(number: usize, stream: TcpStream) -> Self {
        Self {
            number,
            stream,
            unwritten: 0,
            offset: 0,
            sent: VecDeque::new(),
            counter: ReplyCounter::default(),
        }
    }

    /// Notes `count` messages as sent at `now` and writes what the socket takes.
    pub(crate) fn send(
        &mut self,
        count: u32,
        now: Instant,
        request: &[u8],
        burst: &[u8],
    ) -> Result<(), LoadError> {
        self.unwritten += count;
        self.sent.push_back((now, count));
        self.write(request, burst)
    }

    /// `burst` is `request` as often as may be outstanding.
    ///
    /// Writes until nothing is left or the socket is full; its next writable event goes on from there.
    pub(crate) fn write(&mut self, request: &[u8], burst: &[u8]) -> Result<(), LoadError> {
        while self.unwritten > 0 {
            let end = usize::try_from(self.unwritten)
                .unwrap_or(usize::MAX)
                .saturating_mul(request.len());
            let bytes = burst
                .get(self.offset..end.min(burst.len()))
                .unwrap_or_default();
            let written = match self.stream.write(bytes) {
                Ok(written) => self.offset + written,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(self.failed(error)),
            };
            let whole = written / request.len();
            self.unwritten = self
                .unwritten
                .saturating_sub(u32::try_from(whole).unwrap_or(u32::MAX));
            self.offset = written % request.len();
        }
        Ok(())
    }

    /// One read. Readiness is edge-triggered, and a read that does not fill the buffer has emptied the
    /// socket (`epoll(7)`, question 9); the buffer is larger than all replies of a window.
    pub(crate) fn read(&mut self, buffer: &mut [u8]) -> Result<usize, LoadError> {
        match self.stream.read(buffer) {
            Ok(0) => Err(self.failed(io::ErrorKind::UnexpectedEof.into())),
            Ok(read) => Ok(read),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(self.failed(error)),
        }
    }

    /// Takes `completed` replies off the messages sent; false when there are more replies than those.
    pub(crate) fn settle(
        &mut self,
        mut completed: u32,
        now: Instant,
        latencies: &mut Histogram,
    ) -> bool {
        while completed > 0 {
            let Some((at, count)) = self.sent.front_mut() else {
                return false;
            };
            let part = completed.min(*count);
            latencies.record(now.saturating_duration_since(*at), part);
            *count -= part;
            completed -= part;
            if *count == 0 {
                self.sent.pop_front();
            }
        }
        true
    }

    fn failed(&self, source: io::Error) -> LoadError {
        let connection = self.number;
        match source.kind() {
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset => LoadError::Closed { connection },
            _ => LoadError::Socket { connection, source },
        }
    }
}
