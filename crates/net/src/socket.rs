//! A connection lent to hyper: the requests and responses pass through here until the upgrade.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};

use crate::buffers;
use crate::limits::{LINGER_BYTES, LINGER_TIME};
use crate::stream::Stream;

/// What one read for hyper takes at most, in bytes: most heads fit.
const READ: usize = 4 * 1024;

/// A stream that hyper reads and writes, while its owner can still reach it. All users are on one
/// thread, so nobody ever waits for the lock: it is there because hyper wants to be `Send`.
pub(crate) type Shared = Arc<Mutex<Stream>>;

/// The stream, for this moment.
pub(crate) fn lock(stream: &Mutex<Stream>) -> MutexGuard<'_, Stream> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The stream, if nobody else has it any more.
pub(crate) fn take(stream: Shared) -> Option<Stream> {
    let stream = Arc::into_inner(stream)?;
    Some(stream.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// A stream that hyper reads and writes, while its owner can still reach it: to answer 408 when
/// hyper gives up, and to take it over after the upgrade.
#[derive(Debug)]
pub(crate) struct LentSocket {
    pub(crate) stream: Shared,
    write_timeout: Duration,
    /// When a write that waits has waited too long.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl LentSocket {
    /// Lends `stream`; a write that makes no progress for `write_timeout` fails.
    pub(crate) fn new(stream: Shared, write_timeout: Duration) -> Self {
        Self {
            stream,
            write_timeout,
            stalled: None,
        }
    }

    /// Waits for room, but not for ever: hyper itself would, and keep the socket's permit.
    fn poll_stalled<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        let limit = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// One write; over TLS none of `bytes` may be taken by it.
    fn poll_step(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let step = lock(&self.stream).poll_write(cx, bytes);
        if step.is_pending() {
            return self.poll_stalled(cx);
        }
        self.stalled = None;
        step
    }

    /// Writes what was taken before.
    fn poll_catch_up(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while lock(&self.stream).is_behind() {
            ready!(self.poll_step(cx, &[]))?;
        }
        Poll::Ready(Ok(()))
    }
}

impl Read for LentSocket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; READ];
        let most = buffer.remaining().min(READ);
        let helping = ready!(lock(&self.stream).poll_read(cx, &mut bytes[..most]))?;
        buffer.put_slice(&bytes[..helping.count]);
        Poll::Ready(Ok(()))
    }
}

impl Write for LentSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_catch_up(cx))?;
        self.poll_step(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_catch_up(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_catch_up(cx))?;
        Poll::Ready(lock(&self.stream).shut_down_writes())
    }
}

/// Sends FIN, then throws away what the peer still sends until it closes too: a reset, which answers
/// bytes that nobody reads, would overtake what was said last.
pub(crate) async fn linger(stream: &mut Stream) {
    if stream.shut_down_writes().is_err() {
        return;
    }
    // Closed, failed or out of time: each is the end.
    let _ = timeout(LINGER_TIME, discard(stream.tcp())).await;
}

async fn discard(socket: &TcpStream) -> io::Result<()> {
    let mut left = LINGER_BYTES;
    while left > 0 {
        socket.readable().await?;
        match buffers::with(|buffers| socket.try_read(&mut buffers.input)) {
            Ok(0) => return Ok(()),
            Ok(count) => left = left.saturating_sub(count),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
